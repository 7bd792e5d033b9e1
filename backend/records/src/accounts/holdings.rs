//! What somebody holds: their own accounts, and those of others that they may use now.
//!
//! An account of an owner out of the caller's reach is named, because the cardholder in reach uses it, but its figures are the
//! owner's and stay withheld; names of people out of reach stay blank.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Conn, DbResult,
    ids::{AccountId, CardholderId},
};
use trust::calendars;
use web::{Reach, Sight};

use super::{
    model::{Access, Account, AccountParty, AccountView, Party, Usable},
    repo::{self, Person},
};
use crate::cardholders::members::Members;

/// Who looks, and when.
pub(super) struct Viewer {
    pub reach: Reach,
    pub sight: Sight,
    pub now: DateTime<Utc>,
}

/// The accounts a cardholder (with everybody merged into them) owns or may use, own ones first; with `only`, that one.
pub(super) async fn holdings(
    conn: &Conn,
    viewer: &Viewer,
    members: &Members,
    only: Option<AccountId>,
) -> DbResult<Vec<AccountView>> {
    let (owned, usable) = futures_util::try_join!(
        repo::owned(conn, members.all(), only),
        usable_now(conn, viewer.now, members, only),
    )?;
    let used = accounts_used(conn, &usable).await?;
    let accounts: Vec<Account> = owned.into_iter().chain(used).collect();
    let (owners, ids) = keys_of(accounts.iter().map(|a| (a.facts.cardholder_id, a.facts.account_id)));
    let parties = if ids.is_empty() { Vec::new() } else { repo::parties_of(conn, &owners, &ids).await? };
    let people = known_people(conn, viewer, &owners, &parties).await?;
    let roles: HashMap<AccountId, Access> = usable.iter().map(|u| (u.account_id, u.role)).collect();
    let mut by_account: HashMap<AccountId, Vec<AccountParty>> = HashMap::new();
    for party in parties {
        let name = people.get(&party.party_cardholder_id).cloned().flatten();
        by_account.entry(party.account_id).or_default().push(AccountParty {
            party_cardholder_id: party.party_cardholder_id,
            name,
            role: party.role,
            since_on: party.since_on,
            until_on: party.until_on,
        });
    }
    let view = |account: Account| {
        let owner = account.facts.cardholder_id;
        let is_own = members.include(owner);
        let access = if is_own { Access::Owner } else { role_in(&roles, &account) };
        let sight = if is_own || people.contains_key(&owner) { viewer.sight } else { Sight::OPEN };
        let parties = by_account.remove(&account.facts.account_id).unwrap_or_default();
        account.view(access, parties, sight)
    };
    Ok(accounts.into_iter().map(view).collect())
}

/// The rights that hold on the bank's present day, each account once. What they own themselves needs no right.
pub(super) async fn usable_now(
    conn: &Conn,
    now: DateTime<Utc>,
    members: &Members,
    only: Option<AccountId>,
) -> DbResult<Vec<Usable>> {
    let (rights, today) =
        futures_util::try_join!(repo::usable(conn, members.all(), only), calendars::business_on(conn, now))?;
    let mut seen = HashSet::new();
    let holds = |right: &Usable| {
        is_current(right.until_on, today)
            && !members.include(right.owner_cardholder_id)
            && seen.insert(right.account_id)
    };
    Ok(rights.into_iter().filter(holds).collect())
}

fn is_current(until_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    until_on.is_none_or(|until_on| today <= until_on)
}

/// The owners and the accounts, each once, for one `= ANY` per column.
pub(super) fn keys_of(
    keys: impl Iterator<Item = (CardholderId, AccountId)>,
) -> (Vec<CardholderId>, Vec<AccountId>) {
    let (owners, ids): (HashSet<_>, HashSet<_>) = keys.unzip();
    (owners.into_iter().collect(), ids.into_iter().collect())
}

async fn accounts_used(conn: &Conn, usable: &[Usable]) -> DbResult<Vec<Account>> {
    if usable.is_empty() {
        return Ok(Vec::new());
    }
    let (owners, ids) = keys_of(usable.iter().map(|u| (u.owner_cardholder_id, u.account_id)));
    repo::accounts_of(conn, &owners, &ids).await
}

/// The owners and parties within the viewer's reach, with their names.
async fn known_people(
    conn: &Conn,
    viewer: &Viewer,
    owners: &[CardholderId],
    parties: &[Party],
) -> DbResult<HashMap<CardholderId, Option<String>>> {
    let ids: HashSet<CardholderId> =
        owners.iter().copied().chain(parties.iter().map(|p| p.party_cardholder_id)).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let people = repo::people(conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    let known =
        |person: &Person| viewer.reach.covers(person.cardholder_id, person.branch_id, person.manager_id);
    Ok(people.into_iter().filter(known).map(|person| (person.cardholder_id, person.name)).collect())
}

fn role_in(roles: &HashMap<AccountId, Access>, account: &Account) -> Access {
    roles.get(&account.facts.account_id).copied().unwrap_or(Access::AuthorisedUser)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_holds_through_its_last_day() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d);
        let today = day(2).unwrap();
        assert!(is_current(None, today));
        assert!(is_current(day(2), today));
        assert!(!is_current(day(1), today));
    }
}

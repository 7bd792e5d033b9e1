use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult,
    ids::{AccountId, BranchId, CardholderId, StaffId},
    schema::{account_parties, accounts, cardholders, usable_accounts},
};

use super::model::{Account, Party, Usable};

/// Accounts that one cardholder's answer holds at most, and accounts of others beside them.
pub(super) const ACCOUNTS_MAX: i64 = 200;

/// The accounts that these own, oldest first; with `only`, that one.
pub(super) async fn owned(
    mut conn: &Conn,
    owners: &[CardholderId],
    only: Option<AccountId>,
) -> DbResult<Vec<Account>> {
    let mut query = Account::query().filter(accounts::cardholder_id.eq_any(owners)).into_boxed();
    if let Some(account_id) = only {
        query = query.filter(accounts::account_id.eq(account_id));
    }
    let ordered = query.order((accounts::opened_on, accounts::account_id));
    Ok(ordered.limit(ACCOUNTS_MAX).load(&mut conn).await?)
}

/// What these may use of others; with `only`, that one.
pub(super) async fn usable(
    mut conn: &Conn,
    users: &[CardholderId],
    only: Option<AccountId>,
) -> DbResult<Vec<Usable>> {
    let mut query = Usable::query().filter(usable_accounts::cardholder_id.eq_any(users)).into_boxed();
    if let Some(account_id) = only {
        query = query.filter(usable_accounts::account_id.eq(account_id));
    }
    let ordered = query.order((usable_accounts::since_on, usable_accounts::account_id));
    Ok(ordered.limit(ACCOUNTS_MAX).load(&mut conn).await?)
}

/// The named accounts of the named owners.
pub(super) async fn accounts_of(
    mut conn: &Conn,
    owners: &[CardholderId],
    ids: &[AccountId],
) -> DbResult<Vec<Account>> {
    let query = Account::query()
        .filter(accounts::cardholder_id.eq_any(owners))
        .filter(accounts::account_id.eq_any(ids))
        .order((accounts::opened_on, accounts::account_id));
    Ok(query.load(&mut conn).await?)
}

/// Who may use the named accounts of the named owners.
pub(super) async fn parties_of(
    mut conn: &Conn,
    owners: &[CardholderId],
    ids: &[AccountId],
) -> DbResult<Vec<Party>> {
    let query = Party::query()
        .filter(account_parties::cardholder_id.eq_any(owners))
        .filter(account_parties::account_id.eq_any(ids))
        .order((account_parties::since_on, account_parties::party_cardholder_id))
        .limit(ACCOUNTS_MAX * ACCOUNTS_MAX);
    Ok(query.load(&mut conn).await?)
}

/// Somebody who owns or uses an account, with what decides whether the caller knows them.
#[derive(Debug, HasQuery)]
#[diesel(table_name = cardholders)]
pub(super) struct Person {
    pub cardholder_id: CardholderId,
    pub name: Option<String>,
    pub branch_id: BranchId,
    pub manager_id: Option<StaffId>,
}

pub(super) async fn people(mut conn: &Conn, ids: &[CardholderId]) -> DbResult<Vec<Person>> {
    Ok(Person::query().filter(cardholders::cardholder_id.eq_any(ids)).load(&mut conn).await?)
}

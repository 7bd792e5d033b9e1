//! Staff and branches, in memory: small, read by every request, refreshed every two seconds. Because the caller's role, scope
//! and activity are read here and not from the token, a change bites within seconds although tokens live for minutes.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl,
};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, Db, DbError, DbResult, Role, Scope,
    ids::{BranchId, CardholderId, GrantId, SessionId, StaffId},
    schema::{branches, break_glass_grants, business_days, staff, staff_sessions},
};

use crate::{Activity, Reach, access::Span};

const REFRESH: Duration = Duration::from_secs(2);
/// Sessions that ended or ran out are remembered for longer than any access token lives.
const ENDED_MEMORY: TimeDelta = TimeDelta::hours(1);
/// Branch trees deeper than this are cut: a cycle must not hang the refresh.
const TREE_DEPTH_MAX: usize = 16;

#[derive(Debug, Clone)]
pub struct StaffEntry {
    pub staff_no: String,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    pub branch_id: BranchId,
    pub is_active: bool,
    pub must_change_password: bool,
    pub second_factor_due_at: Option<DateTime<Utc>>,
    pub second_factor_enrolled_at: Option<DateTime<Utc>>,
}

impl StaffEntry {
    /// Whether the second factor is overdue: until it is set up, nothing else is allowed.
    pub fn owes_second_factor(&self, now: DateTime<Utc>) -> bool {
        self.second_factor_enrolled_at.is_none() && self.second_factor_due_at.is_some_and(|due| due <= now)
    }
}

#[derive(Debug, Clone)]
pub struct BranchEntry {
    pub code: String,
    pub name: String,
    pub parent_id: Option<BranchId>,
    /// This branch and all below it, sorted.
    pub sub_tree: Arc<[BranchId]>,
}

/// One record opened by break-glass.
#[derive(Debug, Clone, Copy)]
pub struct Opened {
    pub grant_id: GrantId,
    pub cardholder_id: CardholderId,
    pub ends_at: DateTime<Utc>,
}

/// The bank's people and places at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub staff: HashMap<StaffId, StaffEntry>,
    pub branches: HashMap<BranchId, BranchEntry>,
    pub ended_sessions: HashSet<SessionId>,
    /// Whom each member of staff has opened by break-glass, and until when.
    pub opened: HashMap<StaffId, Vec<Opened>>,
    /// The day that is open; absent before the first.
    pub business_on: Option<NaiveDate>,
}

impl Snapshot {
    pub fn reach_of(&self, staff_id: StaffId, scope: Scope, branch_id: BranchId) -> Reach {
        let span = match scope {
            Scope::Bank => Span::Bank,
            Scope::Own => Span::Managed(staff_id),
            Scope::Branch => Span::Branches(Arc::from([branch_id])),
            Scope::SubTree => Span::Branches(
                self.branches.get(&branch_id).map_or_else(|| Arc::from([]), |b| b.sub_tree.clone()),
            ),
        };
        span.into()
    }

    /// The cardholders whom this member of staff has opened by break-glass, sorted.
    pub fn opened_by(&self, staff_id: StaffId, now: DateTime<Utc>) -> Arc<[CardholderId]> {
        let grants = self.opened.get(&staff_id).into_iter().flatten();
        let mut opened: Vec<CardholderId> =
            grants.filter(|grant| grant.ends_at > now).map(|grant| grant.cardholder_id).collect();
        opened.sort_unstable();
        opened.into()
    }

    /// The grant under which this member of staff may look at that cardholder.
    pub fn grant_for(
        &self,
        staff_id: StaffId,
        cardholder_id: CardholderId,
        now: DateTime<Utc>,
    ) -> Option<GrantId> {
        let mut grants = self.opened.get(&staff_id)?.iter();
        let grant = grants.find(|grant| grant.cardholder_id == cardholder_id && grant.ends_at > now)?;
        Some(grant.grant_id)
    }

    pub fn branch_name(&self, branch_id: BranchId) -> Option<&str> {
        self.branches.get(&branch_id).map(|branch| branch.name.as_str())
    }

    pub fn staff_name(&self, staff_id: StaffId) -> Option<&str> {
        self.staff.get(&staff_id).map(|staff| staff.name.as_str())
    }
}

/// The current snapshot, shared by all workers, and when each session was last at work.
#[derive(Clone, Default)]
pub struct Directory {
    current: Arc<RwLock<Arc<Snapshot>>>,
    activity: Activity,
}

impl Directory {
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Reads staff and branches anew. Handlers that changed them call this before they answer.
    ///
    /// Never through the pool: a change of powers must bite also while every connection of it is taken.
    pub async fn refresh(&self, db: &Db) -> DbResult<()> {
        let now = db.clock().now();
        let conn = db.shared_connection().await?;
        let fresh = match load(&conn, now).await {
            Err(DbError::Unavailable(_)) => {
                db.forget_shared(&conn).await;
                load(&*db.shared_connection().await?, now).await?
            }
            answer => answer?,
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    /// Refreshes for as long as the process lives.
    pub async fn keep_fresh(self, db: Db) {
        loop {
            tokio::time::sleep(REFRESH).await;
            if let Err(error) = self.refresh(&db).await {
                tracing::warn!(error = %error, "the directory of staff and branches can't be refreshed");
            }
        }
    }
}

type Moment = Option<DateTime<Utc>>;
type StaffRow = (StaffId, String, String, Role, Scope, BranchId, (bool, bool), (Moment, Moment));

async fn load(mut conn: &Conn, now: DateTime<Utc>) -> DbResult<Snapshot> {
    let rows: Vec<StaffRow> = staff::table
        .select((
            staff::staff_id,
            staff::staff_no,
            staff::name,
            staff::role,
            staff::scope,
            staff::branch_id,
            (staff::is_active, staff::must_change_password),
            (staff::second_factor_due_at, staff::second_factor_enrolled_at),
        ))
        .load(&mut conn)
        .await?;
    let staff = rows.into_iter().map(|(id, staff_no, name, role, scope, branch_id, may, second_factor)| {
        let (is_active, must_change_password) = may;
        let (second_factor_due_at, second_factor_enrolled_at) = second_factor;
        let entry = StaffEntry {
            staff_no,
            name,
            role,
            scope,
            branch_id,
            is_active,
            must_change_password,
            second_factor_due_at,
            second_factor_enrolled_at,
        };
        (id, entry)
    });
    let places: Vec<(BranchId, String, String, Option<BranchId>)> = branches::table
        .select((branches::branch_id, branches::code, branches::name, branches::parent_id))
        .load(&mut conn)
        .await?;
    let since = now - ENDED_MEMORY;
    let ended: Vec<SessionId> = staff_sessions::table
        .filter(
            staff_sessions::ended_at.gt(since).or(staff_sessions::expires_at.between(since, now).nullable()),
        )
        .select(staff_sessions::session_id)
        .load(&mut conn)
        .await
        .map_err(DbError::from)?;
    let grants: Vec<(StaffId, GrantId, CardholderId, DateTime<Utc>)> = break_glass_grants::table
        .filter(break_glass_grants::ends_at.gt(now))
        .select((
            break_glass_grants::staff_id,
            break_glass_grants::grant_id,
            break_glass_grants::cardholder_id,
            break_glass_grants::ends_at,
        ))
        .load(&mut conn)
        .await?;
    let mut opened: HashMap<StaffId, Vec<_>> = HashMap::new();
    for (staff_id, grant_id, cardholder_id, ends_at) in grants {
        opened.entry(staff_id).or_default().push(Opened { grant_id, cardholder_id, ends_at });
    }
    let business_on =
        business_days::table.select(business_days::business_on).first(&mut conn).await.optional()?;
    Ok(Snapshot {
        opened,
        business_on,
        staff: staff.collect(),
        branches: tree_of(places),
        ended_sessions: ended.into_iter().collect(),
    })
}

fn tree_of(places: Vec<(BranchId, String, String, Option<BranchId>)>) -> HashMap<BranchId, BranchEntry> {
    let parents: HashMap<BranchId, Option<BranchId>> =
        places.iter().map(|(id, _, _, parent)| (*id, *parent)).collect();
    let mut below: HashMap<BranchId, Vec<BranchId>> = HashMap::new();
    for id in parents.keys() {
        let mut at = Some(*id);
        for _ in 0..TREE_DEPTH_MAX {
            let Some(place) = at else { break };
            below.entry(place).or_default().push(*id);
            at = parents.get(&place).copied().flatten();
        }
    }
    let entry = |(id, code, name, parent_id): (BranchId, String, String, Option<BranchId>)| {
        let mut sub_tree = below.remove(&id).unwrap_or_default();
        sub_tree.sort_unstable();
        sub_tree.dedup();
        (id, BranchEntry { code, name, parent_id, sub_tree: sub_tree.into() })
    };
    places.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_sub_tree_holds_everything_below_and_nothing_beside() {
        let id = |n: u128| BranchId(Uuid::from_u128(n));
        let place =
            |n: u128, parent: Option<u128>| (id(n), format!("{n}"), format!("branch {n}"), parent.map(id));
        let tree = tree_of(vec![place(1, None), place(2, Some(1)), place(3, Some(1)), place(4, Some(2))]);
        assert_eq!(&*tree[&id(1)].sub_tree, [id(1), id(2), id(3), id(4)]);
        assert_eq!(&*tree[&id(2)].sub_tree, [id(2), id(4)]);
        assert_eq!(&*tree[&id(3)].sub_tree, [id(3)]);
    }
}

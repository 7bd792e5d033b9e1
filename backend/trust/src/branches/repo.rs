use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::BranchId,
    schema::{branches, staff},
};

use super::model::Branch;

/// Branches that one answer holds at most.
const BRANCHES_MAX: i64 = 2_000;

pub(super) async fn list(mut conn: &Conn) -> DbResult<Vec<Branch>> {
    Ok(Branch::query().order(branches::code).limit(BRANCHES_MAX).load(&mut conn).await?)
}

pub(super) async fn find(mut conn: &Conn, branch_id: BranchId) -> DbResult<Option<Branch>> {
    Ok(Branch::query().filter(branches::branch_id.eq(branch_id)).first(&mut conn).await.optional()?)
}

pub(super) async fn lock(tx: &mut Tx<'_>, branch_id: BranchId) -> DbResult<Option<Branch>> {
    Ok(Branch::query()
        .filter(branches::branch_id.eq(branch_id))
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, branch: &Branch) -> DbResult<()> {
    diesel::insert_into(branches::table).values(branch.clone()).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx<'_>, branch: &Branch) -> DbResult<()> {
    diesel::update(branches::table.find(branch.branch_id))
        .set((
            branches::name.eq(&branch.name),
            branches::city.eq(&branch.city),
            branches::is_open.eq(branch.is_open),
            branches::parent_id.eq(branch.parent_id),
            branches::version.eq(branch.version),
            branches::updated_at.eq(branch.updated_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Whether something open still hangs below the branch: a branch, or somebody who works there.
pub(super) async fn is_in_use(mut conn: &Conn, branch_id: BranchId) -> DbResult<bool> {
    let below = branches::table.filter(branches::parent_id.eq(branch_id)).filter(branches::is_open.eq(true));
    let people = staff::table.filter(staff::branch_id.eq(branch_id)).filter(staff::is_active.eq(true));
    let has_branches: bool = diesel::select(diesel::dsl::exists(below)).get_result(&mut conn).await?;
    let has_staff: bool = diesel::select(diesel::dsl::exists(people)).get_result(&mut conn).await?;
    Ok(has_branches || has_staff)
}

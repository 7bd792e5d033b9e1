use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Role, Tx,
    ids::{BranchId, StaffId},
    schema::{staff, staff_sessions},
};
use web::{Reach, Span};

use super::model::{Manager, Staff, StaffFilter};

/// Managers that one picker shows at most.
const MANAGERS_MAX: i64 = 500;

/// By staff number, within the caller's branches.
pub(super) async fn list(
    mut conn: &Conn,
    filter: &StaffFilter,
    reach: &Reach,
    limit: PageLimit,
    after: Option<String>,
) -> DbResult<Vec<Staff>> {
    let mut query = Staff::query().into_boxed();
    if let Span::Branches(branches) = &reach.span {
        query = query.filter(staff::branch_id.eq_any(branches.to_vec()));
    }
    if let Some(branch_id) = filter.branch_id {
        query = query.filter(staff::branch_id.eq(branch_id));
    }
    if let Some(role) = filter.role {
        query = query.filter(staff::role.eq(role));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(staff::is_active.eq(is_active));
    }
    if let Some(q) = &filter.q {
        let literal = q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(
            staff::staff_no
                .like(format!("{}%", literal.to_uppercase()))
                .or(staff::name.like(format!("%{literal}%"))),
        );
    }
    if let Some(staff_no) = after {
        query = query.filter(staff::staff_no.gt(staff_no));
    }
    Ok(query.order(staff::staff_no).limit(limit.fetch()).load(&mut conn).await?)
}

pub(super) async fn is_anybody_here(mut conn: &Conn) -> DbResult<bool> {
    Ok(diesel::select(diesel::dsl::exists(staff::table.select(staff::staff_id)))
        .get_result(&mut conn)
        .await?)
}

pub(super) async fn find(mut conn: &Conn, staff_id: StaffId) -> DbResult<Option<Staff>> {
    Ok(Staff::query().filter(staff::staff_id.eq(staff_id)).first(&mut conn).await.optional()?)
}

pub(super) async fn lock(tx: &mut Tx<'_>, staff_id: StaffId) -> DbResult<Option<Staff>> {
    Ok(Staff::query()
        .filter(staff::staff_id.eq(staff_id))
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Sign-ins that are still open.
pub(super) async fn open_sessions(tx: &mut Tx<'_>, staff_id: StaffId) -> DbResult<i64> {
    Ok(staff_sessions::table
        .filter(staff_sessions::staff_id.eq(staff_id))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(tx.now))
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

pub(super) async fn managers(mut conn: &Conn, branches: Option<Vec<BranchId>>) -> DbResult<Vec<Manager>> {
    let mut query = Manager::query()
        .filter(staff::role.eq(Role::RelationshipManager))
        .filter(staff::is_active.eq(true))
        .into_boxed();
    if let Some(branches) = branches {
        query = query.filter(staff::branch_id.eq_any(branches));
    }
    Ok(query.order(staff::staff_no).limit(MANAGERS_MAX).load(&mut conn).await?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, new: &Staff, password_hash: &str) -> DbResult<()> {
    diesel::insert_into(staff::table)
        .values((
            (staff::staff_id.eq(new.staff_id), staff::staff_no.eq(&new.staff_no), staff::name.eq(&new.name)),
            (staff::role.eq(new.role), staff::scope.eq(new.scope), staff::branch_id.eq(new.branch_id)),
            (
                staff::is_active.eq(new.is_active),
                staff::password_hash.eq(password_hash),
                staff::must_change_password.eq(true),
            ),
            (
                staff::failed_sign_ins.eq(0),
                staff::password_changed_at.eq(tx.now),
                staff::version.eq(new.version),
                staff::second_factor_due_at.eq(new.second_factor_due_at),
            ),
            (staff::created_at.eq(tx.now), staff::updated_at.eq(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx<'_>, after: &Staff) -> DbResult<()> {
    diesel::update(staff::table.find(after.staff_id))
        .set((
            staff::name.eq(&after.name),
            staff::role.eq(after.role),
            staff::scope.eq(after.scope),
            staff::branch_id.eq(after.branch_id),
            staff::is_active.eq(after.is_active),
            staff::second_factor_due_at.eq(after.second_factor_due_at),
            staff::version.eq(after.version),
            staff::updated_at.eq(after.updated_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn set_initial_password(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    password_hash: &str,
) -> DbResult<()> {
    diesel::update(staff::table.find(staff_id))
        .set((
            staff::password_hash.eq(password_hash),
            staff::must_change_password.eq(true),
            staff::password_changed_at.eq(tx.now),
            staff::failed_sign_ins.eq(0),
            staff::locked_until.eq(None::<DateTime<Utc>>),
            staff::version.eq(staff::version + 1),
            staff::updated_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn unlock(tx: &mut Tx<'_>, staff_id: StaffId) -> DbResult<()> {
    diesel::update(staff::table.find(staff_id))
        .set((staff::failed_sign_ins.eq(0), staff::locked_until.eq(None::<DateTime<Utc>>)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

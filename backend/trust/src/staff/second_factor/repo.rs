use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Role, Tx,
    ids::StaffId,
    schema::{staff, staff_recovery_codes, staff_second_factors},
    vault::Sealed,
};

use super::model::SecondFactor;

/// When it is due and since when it is there, of one person.
pub(super) async fn moments(
    mut conn: &Conn,
    staff_id: StaffId,
) -> DbResult<(Option<DateTime<Utc>>, Option<DateTime<Utc>>)> {
    let columns = (staff::second_factor_due_at, staff::second_factor_enrolled_at);
    Ok(staff::table.find(staff_id).select(columns).first(&mut conn).await?)
}

pub(super) async fn recovery_codes_left(mut conn: &Conn, staff_id: StaffId) -> DbResult<i64> {
    let unused = staff_recovery_codes::table
        .filter(staff_recovery_codes::staff_id.eq(staff_id))
        .filter(staff_recovery_codes::used_at.is_null());
    Ok(unused.select(count_star()).first(&mut conn).await?)
}

/// The row of this person, locked.
pub(super) async fn lock(tx: &mut Tx<'_>, staff_id: StaffId) -> DbResult<Option<SecondFactor>> {
    Ok(SecondFactor::query()
        .filter(staff_second_factors::staff_id.eq(staff_id))
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Keeps a secret that is not confirmed yet, in place of any before it.
pub(super) async fn begin(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    master_key_id: &str,
    secret: &Sealed,
) -> DbResult<()> {
    diesel::insert_into(staff_second_factors::table)
        .values((
            staff_second_factors::staff_id.eq(staff_id),
            staff_second_factors::sealed_secret.eq(secret),
            staff_second_factors::master_key_id.eq(master_key_id),
            staff_second_factors::created_at.eq(tx.now),
        ))
        .on_conflict(staff_second_factors::staff_id)
        .do_update()
        .set((
            staff_second_factors::sealed_secret.eq(secret),
            staff_second_factors::master_key_id.eq(master_key_id),
            staff_second_factors::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn confirm(tx: &mut Tx<'_>, staff_id: StaffId, step: i64) -> DbResult<()> {
    diesel::update(staff_second_factors::table.find(staff_id))
        .set((
            staff_second_factors::confirmed_at.eq(Some(tx.now)),
            staff_second_factors::last_used_step.eq(Some(step)),
        ))
        .execute(&mut tx.conn())
        .await?;
    diesel::update(staff::table.find(staff_id))
        .set(staff::second_factor_enrolled_at.eq(Some(tx.now)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn use_step(tx: &mut Tx<'_>, staff_id: StaffId, step: i64) -> DbResult<()> {
    diesel::update(staff_second_factors::table.find(staff_id))
        .set(staff_second_factors::last_used_step.eq(Some(step)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Keeps these recovery codes and no others.
pub(super) async fn replace_codes(tx: &mut Tx<'_>, staff_id: StaffId, hashes: Vec<Vec<u8>>) -> DbResult<()> {
    diesel::delete(staff_recovery_codes::table.filter(staff_recovery_codes::staff_id.eq(staff_id)))
        .execute(&mut tx.conn())
        .await?;
    let now = tx.now;
    let rows: Vec<_> = hashes
        .into_iter()
        .map(|hash| {
            (
                staff_recovery_codes::staff_id.eq(staff_id),
                staff_recovery_codes::code_hash.eq(hash),
                staff_recovery_codes::created_at.eq(now),
            )
        })
        .collect();
    diesel::insert_into(staff_recovery_codes::table).values(rows).execute(&mut tx.conn()).await?;
    Ok(())
}

/// Uses a recovery code up; says whether there was one.
pub(super) async fn use_recovery_code(tx: &mut Tx<'_>, staff_id: StaffId, hash: &[u8]) -> DbResult<bool> {
    let unused = staff_recovery_codes::table
        .filter(staff_recovery_codes::staff_id.eq(staff_id))
        .filter(staff_recovery_codes::code_hash.eq(hash))
        .filter(staff_recovery_codes::used_at.is_null());
    let used = diesel::update(unused)
        .set(staff_recovery_codes::used_at.eq(Some(tx.now)))
        .execute(&mut tx.conn())
        .await?;
    Ok(used == 1)
}

/// Takes the second factor away, and says by when another must be there.
pub(super) async fn remove(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    due_at: Option<DateTime<Utc>>,
) -> DbResult<()> {
    diesel::delete(staff_recovery_codes::table.filter(staff_recovery_codes::staff_id.eq(staff_id)))
        .execute(&mut tx.conn())
        .await?;
    diesel::delete(staff_second_factors::table.find(staff_id)).execute(&mut tx.conn()).await?;
    diesel::update(staff::table.find(staff_id))
        .set((
            staff::second_factor_enrolled_at.eq(None::<DateTime<Utc>>),
            staff::second_factor_due_at.eq(due_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn counts_by_master_key(mut conn: &Conn) -> DbResult<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = staff_second_factors::table
        .group_by(staff_second_factors::master_key_id)
        .select((staff_second_factors::master_key_id, count_star()))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Those that another master key than the current one seals, locked.
pub(super) async fn lock_outdated(tx: &mut Tx<'_>, current: &str) -> DbResult<Vec<SecondFactor>> {
    Ok(SecondFactor::query()
        .filter(staff_second_factors::master_key_id.ne(current))
        .for_update()
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn store_sealed(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    master_key_id: &str,
    secret: &Sealed,
) -> DbResult<()> {
    diesel::update(staff_second_factors::table.find(staff_id))
        .set((
            staff_second_factors::sealed_secret.eq(secret),
            staff_second_factors::master_key_id.eq(master_key_id),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Gives whoever is in one of these roles, and was never told, until then.
pub(super) async fn demand(tx: &mut Tx<'_>, roles: &[Role], due_at: DateTime<Utc>) -> DbResult<usize> {
    let untold = staff::table.filter(staff::role.eq_any(roles)).filter(staff::second_factor_due_at.is_null());
    Ok(diesel::update(untold)
        .set(staff::second_factor_due_at.eq(Some(due_at)))
        .execute(&mut tx.conn())
        .await?)
}

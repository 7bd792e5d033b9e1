use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Timestamptz, Uuid as SqlUuid},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::{SessionId, StaffId},
    schema::{staff, staff_sessions, unknown_sign_ins},
};

use super::{
    lock::Failures,
    model::{Credentials, EndReason, Session},
};

pub(super) async fn find_credentials(mut conn: &Conn, staff_no: &str) -> DbResult<Option<Credentials>> {
    Ok(Credentials::query().filter(staff::staff_no.eq(staff_no)).first(&mut conn).await.optional()?)
}

pub(super) async fn credentials_of(mut conn: &Conn, staff_id: StaffId) -> DbResult<Credentials> {
    Ok(Credentials::query().filter(staff::staff_id.eq(staff_id)).first(&mut conn).await?)
}

/// The same, locked: whoever tries at the same time waits.
pub(super) async fn lock_credentials(tx: &mut Tx<'_>, staff_id: StaffId) -> DbResult<Credentials> {
    Ok(Credentials::query().filter(staff::staff_id.eq(staff_id)).for_update().first(&mut tx.conn()).await?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, session: &Session) -> DbResult<()> {
    diesel::insert_into(staff_sessions::table)
        .values((
            (
                staff_sessions::session_id.eq(session.session_id),
                staff_sessions::staff_id.eq(session.staff_id),
            ),
            (
                staff_sessions::refresh_hash.eq(&session.refresh_hash),
                staff_sessions::created_at.eq(session.created_at),
            ),
            (
                staff_sessions::last_used_at.eq(session.last_used_at),
                staff_sessions::expires_at.eq(session.expires_at),
            ),
            (staff_sessions::ip.eq(&session.ip), staff_sessions::user_agent.eq(&session.user_agent)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A session, locked: whoever waits while its token is exchanged sees which one it has then.
pub(super) async fn lock(tx: &mut Tx<'_>, session_id: SessionId) -> DbResult<Option<Session>> {
    let row = Session::query().filter(staff_sessions::session_id.eq(session_id));
    Ok(row.for_update().first(&mut tx.conn()).await.optional()?)
}

pub(super) async fn rotate(
    tx: &mut Tx<'_>,
    session: &Session,
    refresh_hash: &[u8],
    attempt_hash: Option<&[u8]>,
) -> DbResult<()> {
    diesel::update(staff_sessions::table.find(session.session_id))
        .set((
            staff_sessions::refresh_hash.eq(refresh_hash),
            staff_sessions::previous_refresh_hash.eq(Some(&session.refresh_hash)),
            staff_sessions::refresh_attempt_hash.eq(attempt_hash),
            staff_sessions::last_used_at.eq(session.last_used_at),
            staff_sessions::refreshed_at.eq(Some(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Until when a session that is open has proved itself once more.
pub(super) async fn stepped_up_until(
    mut conn: &Conn,
    session_id: SessionId,
    now: DateTime<Utc>,
) -> DbResult<Option<DateTime<Utc>>> {
    let open = staff_sessions::table
        .find(session_id)
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now));
    let until: Option<Option<DateTime<Utc>>> =
        open.select(staff_sessions::stepped_up_until).first(&mut conn).await.optional()?;
    Ok(until.flatten())
}

/// Notes that a session has proved itself once more; says whether there is such a session.
pub(super) async fn step_up(tx: &mut Tx<'_>, session_id: SessionId, until: DateTime<Utc>) -> DbResult<bool> {
    let open = staff_sessions::table
        .find(session_id)
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(tx.now));
    let changed = diesel::update(open)
        .set(staff_sessions::stepped_up_until.eq(Some(until)))
        .execute(&mut tx.conn())
        .await?;
    Ok(changed == 1)
}

pub(super) async fn end(tx: &mut Tx<'_>, session_id: SessionId, reason: EndReason) -> DbResult<()> {
    diesel::update(staff_sessions::table.find(session_id).filter(staff_sessions::ended_at.is_null()))
        .set((staff_sessions::ended_at.eq(Some(tx.now)), staff_sessions::end_reason.eq(Some(reason))))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends every open session of a member of staff, but for the one named.
pub async fn end_all_of(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    but: Option<SessionId>,
    reason: EndReason,
) -> DbResult<()> {
    let kept = but.unwrap_or(SessionId(uuid::Uuid::nil()));
    let open = staff_sessions::table
        .filter(staff_sessions::staff_id.eq(staff_id))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::session_id.ne(kept));
    diesel::update(open)
        .set((staff_sessions::ended_at.eq(Some(tx.now)), staff_sessions::end_reason.eq(Some(reason))))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The open sessions of a member of staff that were at work since `since`, the one used last first.
pub(super) async fn list_open(
    mut conn: &Conn,
    staff_id: StaffId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DbResult<Vec<Session>> {
    Ok(Session::query()
        .filter(staff_sessions::staff_id.eq(staff_id))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .filter(staff_sessions::last_used_at.gt(since))
        .order(staff_sessions::last_used_at.desc())
        .load(&mut conn)
        .await?)
}

/// Ends one open session of this person; says whether there was one.
pub(super) async fn end_one(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    session_id: SessionId,
    reason: EndReason,
) -> DbResult<bool> {
    let open = staff_sessions::table
        .find(session_id)
        .filter(staff_sessions::staff_id.eq(staff_id))
        .filter(staff_sessions::ended_at.is_null());
    let ended = diesel::update(open)
        .set((staff_sessions::ended_at.eq(Some(tx.now)), staff_sessions::end_reason.eq(Some(reason))))
        .execute(&mut tx.conn())
        .await?;
    Ok(ended == 1)
}

/// Writes down when sessions were at work last.
pub(super) async fn note_uses(tx: &mut Tx<'_>, uses: &[(SessionId, DateTime<Utc>)]) -> DbResult<()> {
    let (ids, moments): (Vec<uuid::Uuid>, Vec<DateTime<Utc>>) =
        uses.iter().map(|(id, at)| (id.0, *at)).unzip();
    diesel::sql_query(
        "UPDATE staff_sessions s SET last_used_at = u.at
         FROM unnest($1::uuid[], $2::timestamptz[]) AS u (session_id, at)
         WHERE s.session_id = u.session_id AND s.last_used_at < u.at",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Timestamptz>, _>(moments)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn note_success(tx: &mut Tx<'_>, staff_id: StaffId) -> DbResult<()> {
    diesel::update(staff::table.find(staff_id))
        .set((
            staff::failed_sign_ins.eq(0),
            staff::locked_until.eq(None::<DateTime<Utc>>),
            staff::last_sign_in_at.eq(Some(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A password shown once more was right: what went wrong before is forgotten.
pub(super) async fn forget_failures(tx: &mut Tx<'_>, staff_id: StaffId) -> DbResult<()> {
    diesel::update(staff::table.find(staff_id))
        .set((staff::failed_sign_ins.eq(0), staff::locked_until.eq(None::<DateTime<Utc>>)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn note_failure(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    failures: i32,
    locked_until: Option<DateTime<Utc>>,
) -> DbResult<()> {
    diesel::update(staff::table.find(staff_id))
        .set((
            staff::failed_sign_ins.eq(failures),
            staff::locked_until.eq(locked_until),
            staff::last_failed_sign_in_at.eq(Some(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Until when a name that nobody has is locked, if it is.
pub(super) async fn unknown_locked_until(
    mut conn: &Conn,
    name_digest: &[u8],
) -> DbResult<Option<DateTime<Utc>>> {
    let row = unknown_sign_ins::table.find(name_digest).select(unknown_sign_ins::locked_until);
    Ok(row.first(&mut conn).await.optional()?.flatten())
}

/// The failures of a name that nobody has, locked: whoever tries it at the same time waits.
pub(super) async fn lock_unknown(tx: &mut Tx<'_>, name_digest: &[u8]) -> DbResult<Failures> {
    let (failed_sign_ins, last_failed_at) = diesel::insert_into(unknown_sign_ins::table)
        .values((
            unknown_sign_ins::name_digest.eq(name_digest),
            unknown_sign_ins::failed_sign_ins.eq(0),
            unknown_sign_ins::last_failed_at.eq(tx.now),
        ))
        .on_conflict(unknown_sign_ins::name_digest)
        .do_update()
        .set(unknown_sign_ins::name_digest.eq(excluded(unknown_sign_ins::name_digest)))
        .returning((unknown_sign_ins::failed_sign_ins, unknown_sign_ins::last_failed_at))
        .get_result(&mut tx.conn())
        .await?;
    Ok(Failures { failed_sign_ins, last_failed_at: Some(last_failed_at) })
}

pub(super) async fn note_unknown_failure(
    tx: &mut Tx<'_>,
    name_digest: &[u8],
    failures: i32,
    locked_until: Option<DateTime<Utc>>,
) -> DbResult<()> {
    diesel::update(unknown_sign_ins::table.find(name_digest))
        .set((
            unknown_sign_ins::failed_sign_ins.eq(failures),
            unknown_sign_ins::locked_until.eq(locked_until),
            unknown_sign_ins::last_failed_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn set_password(tx: &mut Tx<'_>, staff_id: StaffId, password_hash: &str) -> DbResult<()> {
    diesel::update(staff::table.find(staff_id))
        .set((
            staff::password_hash.eq(password_hash),
            staff::must_change_password.eq(false),
            staff::password_changed_at.eq(tx.now),
            staff::updated_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

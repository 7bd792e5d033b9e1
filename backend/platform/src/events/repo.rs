use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::EventKind;
use crate::schema::event_heads;
use crate::schema::events;
use crate::{
    Clock, Conn, DbResult,
    ids::{BranchId, JobId, StaffId},
};

/// Events that one turn numbers.
const BATCH_ROWS: i64 = 1_000;

/// An event that has its number.
#[derive(Debug, Clone, Queryable)]
pub struct EventRow {
    pub event_no: i64,
    pub kind: EventKind,
    pub staff_id: Option<StaffId>,
    pub permission: Option<String>,
    pub branch_id: Option<BranchId>,
    pub params: Value,
}

/// Makes sure that there is something to number from.
pub async fn begin(mut conn: &Conn) -> DbResult<()> {
    diesel::insert_into(event_heads::table)
        .values((event_heads::is_single.eq(true), event_heads::head.eq(0_i64)))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Numbers what has been committed since. Whoever finds another at it leaves it to them. A number that is passed over is
/// nobody's.
pub async fn number(mut conn: &Conn) -> DbResult<()> {
    diesel::sql_query(
        "WITH turn AS (SELECT head FROM event_heads WHERE is_single FOR UPDATE SKIP LOCKED),
              fresh AS (SELECT event_id, row_number() OVER (ORDER BY created_at, event_id) AS nth
                        FROM (SELECT event_id, created_at FROM events WHERE event_no IS NULL
                              ORDER BY created_at, event_id LIMIT $1) AS waiting),
              numbered AS (UPDATE events e SET event_no = turn.head + fresh.nth FROM fresh, turn
                           WHERE e.event_id = fresh.event_id AND e.event_no IS NULL)
         UPDATE event_heads h SET head = turn.head + (SELECT count(*) FROM fresh)
         FROM turn WHERE h.is_single AND EXISTS (SELECT FROM fresh)",
    )
    .bind::<BigInt, _>(BATCH_ROWS)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// The last number that was given.
pub async fn head(mut conn: &Conn) -> DbResult<i64> {
    let head = event_heads::table.select(event_heads::head).first(&mut conn).await.optional()?;
    Ok(head.unwrap_or(0))
}

/// The first number that is still kept.
pub async fn oldest(mut conn: &Conn) -> DbResult<Option<i64>> {
    let numbered = events::table.filter(events::event_no.is_not_null());
    let first: Option<Option<i64>> =
        numbered.order(events::event_no).select(events::event_no).first(&mut conn).await.optional()?;
    Ok(first.flatten())
}

/// The next events behind a number.
pub async fn after(mut conn: &Conn, event_no: i64, limit: i64) -> DbResult<Vec<EventRow>> {
    Ok(events::table
        .filter(events::event_no.gt(event_no))
        .order(events::event_no)
        .limit(limit)
        .select((
            events::event_no.assume_not_null(),
            events::kind,
            events::staff_id,
            events::permission,
            events::branch_id,
            events::params,
        ))
        .load(&mut conn)
        .await?)
}

/// Lets go of what nobody resumes from any more.
pub async fn forget(mut conn: &Conn, before: DateTime<Utc>) -> DbResult<usize> {
    let old = events::table.filter(events::created_at.lt(before)).filter(events::event_no.is_not_null());
    Ok(diesel::delete(old).execute(&mut conn).await?)
}

/// Tells how a job stands: whoever began it, and whoever may see jobs.
pub async fn of_job(mut conn: &Conn, clock: &Clock, job_id: JobId) -> DbResult<()> {
    diesel::sql_query(
        "INSERT INTO events (event_id, kind, staff_id, permission, params, created_at)
         SELECT $2, 'job', created_by, 'jobs:read', jsonb_build_object('job_id', job_id, 'kind', kind, 'status', status,
                'progress_done', progress_done, 'progress_total', progress_total), $3
         FROM jobs WHERE job_id = $1",
    )
    .bind::<SqlUuid, _>(job_id)
    .bind::<SqlUuid, _>(clock.new_id::<Uuid>())
    .bind::<Timestamptz, _>(clock.now())
    .execute(&mut conn)
    .await?;
    Ok(())
}

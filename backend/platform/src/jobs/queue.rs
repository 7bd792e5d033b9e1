//! The queue's statements.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl,
    sql_types::{Integer, Jsonb, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Job;
use crate::{Clock, Conn, DbError, DbResult, Tx, actor::Identity, ids::JobId, schema::jobs};

crate::vocabulary! {
    pub enum JobState {
        Queued = "queued",
        Running = "running",
        Succeeded = "succeeded",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

/// Seconds that a worker may be silent before its job is given to another.
pub(super) const LOCK_SECONDS: i64 = 60;

impl Tx<'_> {
    /// Enqueues a job that runs once this transaction has committed. Where the same work is already queued, its id is returned.
    pub async fn enqueue<J: Job>(&mut self, job: &J) -> DbResult<JobId> {
        let created_by = match &self.actor.identity {
            Identity::Staff(staff) => Some(staff.staff_id),
            Identity::System(_) | Identity::Anonymous => None,
        };
        let id = insert(self.conn(), job, self.new_id(), self.now, created_by).await?;
        self.mark_has_jobs();
        Ok(id)
    }

    /// Cancels a queued job; asks a running one to stop.
    pub async fn cancel_job(&mut self, job_id: JobId) -> DbResult<Cancelled> {
        let row = jobs::table.find(job_id).select(jobs::status).for_update();
        let state: Option<JobState> = row.first(&mut self.conn()).await.optional()?;
        let (state, finished_at) = match state {
            None => return Ok(Cancelled::Missing),
            Some(JobState::Queued) => (JobState::Cancelled, Some(self.now)),
            Some(JobState::Running) => (JobState::Running, None),
            Some(_) => return Ok(Cancelled::Ended),
        };
        diesel::update(jobs::table.find(job_id))
            .set((
                jobs::is_cancel_requested.eq(true),
                jobs::status.eq(state),
                jobs::finished_at.eq(finished_at),
            ))
            .execute(&mut self.conn())
            .await?;
        Ok(Cancelled::Accepted)
    }
}

/// What became of a wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    Accepted,
    Missing,
    Ended,
}

/// Enqueues outside a transaction, for the command line and timers.
pub async fn enqueue_now<J: Job>(conn: &Conn, job: &J, clock: &Clock) -> DbResult<JobId> {
    insert(conn, job, clock.new_id(), clock.now(), None).await
}

async fn insert<J: Job>(
    mut conn: &Conn,
    job: &J,
    job_id: JobId,
    now: DateTime<Utc>,
    created_by: Option<crate::ids::StaffId>,
) -> DbResult<JobId> {
    let payload = serde_json::to_value(job)
        .map_err(|error| DbError::Other(diesel::result::Error::SerializationError(Box::new(error))))?;
    let unique_key = job.unique_key();
    let inserted: Option<JobId> = diesel::insert_into(jobs::table)
        .values((
            (
                jobs::job_id.eq(job_id),
                jobs::kind.eq(J::KIND),
                jobs::payload.eq(payload),
                jobs::status.eq(JobState::Queued),
            ),
            (jobs::priority.eq(J::PRIORITY), jobs::unique_key.eq(&unique_key), jobs::run_at.eq(now)),
            (jobs::attempts.eq(0), jobs::attempts_max.eq(J::ATTEMPTS_MAX), jobs::progress_done.eq(0_i64)),
            (jobs::is_cancel_requested.eq(false), jobs::created_by.eq(created_by), jobs::created_at.eq(now)),
        ))
        .on_conflict_do_nothing()
        .returning(jobs::job_id)
        .get_result(&mut conn)
        .await
        .optional()?;
    match inserted {
        Some(id) => Ok(id),
        None => Ok(jobs::table
            .filter(jobs::kind.eq(J::KIND))
            .filter(jobs::unique_key.eq(unique_key))
            .filter(jobs::status.eq_any([JobState::Queued, JobState::Running]))
            .select(jobs::job_id)
            .first(&mut conn)
            .await?),
    }
}

/// A job that this worker now holds.
#[derive(diesel::QueryableByName, Clone)]
#[diesel(table_name = jobs)]
pub(super) struct Claimed {
    pub job_id: JobId,
    pub kind: String,
    pub payload: Value,
    pub attempts: i32,
    pub attempts_max: i32,
    pub checkpoint: Option<Value>,
}

/// Takes the most urgent job that is due and of a kind this worker knows.
pub(super) async fn claim(
    mut conn: &Conn,
    worker: &str,
    kinds: &[&str],
    now: DateTime<Utc>,
) -> DbResult<Option<Claimed>> {
    Ok(diesel::sql_query(
        "UPDATE jobs SET status = 'running', attempts = attempts + 1, locked_by = $1, locked_until = $3,
                started_at = coalesce(started_at, $2)
         WHERE job_id = (SELECT job_id FROM jobs WHERE status = 'queued' AND run_at <= $2 AND kind = ANY ($4)
                         ORDER BY priority, run_at, job_id FOR UPDATE SKIP LOCKED LIMIT 1)
         RETURNING job_id, kind, payload, attempts, attempts_max, checkpoint",
    )
    .bind::<Text, _>(worker)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(now + TimeDelta::seconds(LOCK_SECONDS))
    .bind::<diesel::sql_types::Array<Text>, _>(kinds)
    .get_result(&mut conn)
    .await
    .optional()?)
}

/// Gives jobs whose worker fell silent back to the queue, or fails them when their attempts are used up.
pub(super) async fn release_stale(mut conn: &Conn, now: DateTime<Utc>) -> DbResult<usize> {
    Ok(diesel::sql_query(
        "UPDATE jobs SET status = CASE WHEN attempts >= attempts_max THEN 'failed' ELSE 'queued' END,
                error_code = CASE WHEN attempts >= attempts_max THEN 'jobs.worker_lost' ELSE error_code END,
                finished_at = CASE WHEN attempts >= attempts_max THEN $1 ELSE NULL END,
                locked_by = NULL, locked_until = NULL
         WHERE status = 'running' AND locked_until < $1",
    )
    .bind::<Timestamptz, _>(now)
    .execute(&mut conn)
    .await?)
}

/// Says that the worker lives; answers whether somebody asked to cancel.
pub(super) async fn heartbeat(
    mut conn: &Conn,
    job_id: JobId,
    worker: &str,
    now: DateTime<Utc>,
) -> DbResult<bool> {
    let until = now + TimeDelta::seconds(LOCK_SECONDS);
    Ok(diesel::update(jobs::table.find(job_id).filter(jobs::locked_by.eq(worker)))
        .set(jobs::locked_until.eq(until))
        .returning(jobs::is_cancel_requested)
        .get_result(&mut conn)
        .await
        .optional()?
        .unwrap_or(true))
}

pub(super) async fn set_progress(
    mut conn: &Conn,
    job_id: JobId,
    done: i64,
    total: Option<i64>,
) -> DbResult<()> {
    diesel::update(jobs::table.find(job_id))
        .set((jobs::progress_done.eq(done), jobs::progress_total.eq(total)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

pub(super) async fn set_checkpoint(mut conn: &Conn, job_id: JobId, checkpoint: &Value) -> DbResult<()> {
    diesel::update(jobs::table.find(job_id)).set(jobs::checkpoint.eq(checkpoint)).execute(&mut conn).await?;
    Ok(())
}

/// How a job ended.
pub(super) struct End {
    pub state: JobState,
    pub result: Option<Value>,
    pub error_code: Option<String>,
}

pub(super) async fn finish(
    mut conn: &Conn,
    job_id: JobId,
    worker: &str,
    now: DateTime<Utc>,
    end: End,
) -> DbResult<()> {
    // What a job announces is an estimate of the work; one that has succeeded has done all there was.
    diesel::sql_query(
        "UPDATE jobs SET status = $3, result = $4, error_code = $5, finished_at = $6, locked_by = NULL, locked_until = NULL,
                progress_done = CASE WHEN $3 = 'succeeded' THEN coalesce(progress_total, progress_done) ELSE progress_done END
         WHERE job_id = $1 AND locked_by = $2",
    )
    .bind::<diesel::sql_types::Uuid, _>(job_id)
    .bind::<Text, _>(worker)
    .bind::<Text, _>(end.state.as_str())
    .bind::<Nullable<Jsonb>, _>(end.result)
    .bind::<Nullable<Text>, _>(end.error_code)
    .bind::<Timestamptz, _>(now)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Puts a job back: to be tried again at `run_at`, or handed over by a worker that stops (`is_counted` = false).
pub(super) async fn put_back(
    mut conn: &Conn,
    job_id: JobId,
    run_at: DateTime<Utc>,
    error_code: Option<&str>,
    is_counted: bool,
) -> DbResult<()> {
    diesel::sql_query(
        "UPDATE jobs SET status = 'queued', run_at = $2, error_code = $3, attempts = attempts - $4, locked_by = NULL, locked_until = NULL
         WHERE job_id = $1 AND status = 'running'",
    )
    .bind::<diesel::sql_types::Uuid, _>(job_id)
    .bind::<Timestamptz, _>(run_at)
    .bind::<Nullable<Text>, _>(error_code)
    .bind::<Integer, _>(i32::from(!is_counted))
    .execute(&mut conn)
    .await?;
    Ok(())
}

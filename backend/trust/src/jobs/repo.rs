use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{Conn, DbResult, ids::JobId, schema::jobs};

use super::model::{JobFilter, JobStatus};

/// Newest first.
pub(super) async fn list(
    mut conn: &Conn,
    filter: &JobFilter,
    limit: PageLimit,
    after: Option<(DateTime<Utc>, JobId)>,
) -> DbResult<Vec<JobStatus>> {
    let mut query = JobStatus::query().into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(jobs::status.eq(status));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(jobs::kind.eq(kind));
    }
    if let Some((at, id)) = after {
        query = query.filter(jobs::created_at.le(at)).filter(jobs::created_at.lt(at).or(jobs::job_id.lt(id)));
    }
    Ok(query
        .order((jobs::created_at.desc(), jobs::job_id.desc()))
        .limit(limit.fetch())
        .load(&mut conn)
        .await?)
}

pub(super) async fn find(mut conn: &Conn, job_id: JobId) -> DbResult<Option<JobStatus>> {
    Ok(JobStatus::query().filter(jobs::job_id.eq(job_id)).first(&mut conn).await.optional()?)
}

/// Jobs by their ids, in no order.
pub async fn find_all(mut conn: &Conn, job_ids: &[JobId]) -> DbResult<Vec<JobStatus>> {
    Ok(JobStatus::query().filter(jobs::job_id.eq_any(job_ids)).load(&mut conn).await?)
}

/// The job of a kind that was enqueued last.
pub async fn latest(mut conn: &Conn, kind: &str) -> DbResult<Option<JobStatus>> {
    let of_kind = JobStatus::query().filter(jobs::kind.eq(kind));
    Ok(of_kind.order((jobs::created_at.desc(), jobs::job_id.desc())).first(&mut conn).await.optional()?)
}

use actix_web::{
    get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{Db, ids::JobId, jobs::Cancelled};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, Query, ReadProblems, Tagged,
    access::markers::{JobsRead, JobsWrite},
    parse_after,
};

use super::{
    model::{JobFilter, JobStatus, JobsError},
    repo,
};
use crate::audit::{self, Entry};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_jobs).service(get_job).service(cancel_job);
}

/// List jobs
///
/// Newest first, with how far each is.
#[utoipa::path(
    tag = "jobs",
    params(JobFilter),
    responses((status = 200, description = "A page of jobs", body = Page<JobStatus>), ReadProblems),
    security(("staff" = ["jobs:read"]))
)]
#[get("/jobs")]
async fn list_jobs(
    _caller: Caller<JobsRead>,
    db: Data<Db>,
    Query(filter): Query<JobFilter>,
) -> ApiResult<Json<Page<JobStatus>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let rows = repo::list(&*db.read().await?, &filter, limit, after).await?;
    Ok(Json(Page::cut(rows, limit, |job| (job.created_at, job.job_id))))
}

/// One job
///
/// How far it is, and how it ended.
#[utoipa::path(
    tag = "jobs",
    params(("job_id" = JobId, Path)),
    responses((status = 200, description = "The job", body = JobStatus), ReadProblems),
    security(("staff" = ["jobs:read"]))
)]
#[get("/jobs/{job_id}")]
async fn get_job(_caller: Caller<JobsRead>, db: Data<Db>, id: IdPath<JobId>) -> ApiResult<Json<JobStatus>> {
    Ok(Json(repo::find(&*db.read().await?, *id).await?.ok_or(JobsError::Missing)?))
}

/// Cancel a job
///
/// A queued job is cancelled at once; a running one stops at its next step.
#[utoipa::path(
    tag = "jobs",
    params(("job_id" = JobId, Path)),
    responses((status = 202, description = "It will stop", body = JobStatus), CreateProblems),
    security(("staff" = ["jobs:write"]))
)]
#[post("/jobs/{job_id}/cancel")]
async fn cancel_job(
    caller: Caller<JobsWrite>,
    db: Data<Db>,
    id: IdPath<JobId>,
) -> ApiResult<Tagged<JobStatus>> {
    let job = db
        .write(&caller.actor, async |tx| {
            match tx.cancel_job(*id).await? {
                Cancelled::Missing => return Err(JobsError::Missing),
                Cancelled::Ended => return Err(JobsError::Ended),
                Cancelled::Accepted => {}
            }
            audit::record(tx, Entry::of("jobs.cancel").on("job", id.0)).await?;
            repo::find(tx, *id).await?.ok_or(JobsError::Missing)
        })
        .await?;
    let attempts = i64::from(job.attempts);
    Ok(Tagged::accepted(job, attempts))
}

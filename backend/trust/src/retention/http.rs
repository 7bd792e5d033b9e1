use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{Db, config::Config, ids::RetentionRunId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, Query, ReadProblems, Valid,
    access::markers::{RetentionRead, RetentionRun as MayRun},
    parse_after,
};

use super::{
    model::{
        RetentionError, RetentionReport, RetentionRules, RetentionRun, RetentionRunFilter, RetentionWish,
    },
    repo, start,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_retention_rules).service(start_retention_run);
    config.service(list_retention_runs).service(get_retention_run);
}

/// How long each table keeps its rows
///
/// Counted from what, why so long, and what happens then; and the tables that keep theirs for good, with the reason. The rules
/// are part of the program.
#[utoipa::path(
    tag = "retention",
    responses((status = 200, description = "Every table", body = RetentionRules), ReadProblems),
    security(("staff" = ["retention:read"]))
)]
#[get("/retention/rules")]
async fn list_retention_rules(
    _caller: Caller<RetentionRead>,
    config: Data<Config>,
) -> ApiResult<Json<RetentionRules>> {
    Ok(Json(RetentionRules::standing(config.audit.retention_years)))
}

/// Go over the rules
///
/// A dry run counts, table by table, whose time is over and what a legal hold keeps back. A real one deletes: after a dry run of
/// the same day that somebody asked for, and after `POST /auth/step_up`. Both work in the background, one at a time.
#[utoipa::path(
    tag = "retention",
    request_body = RetentionWish,
    responses((status = 202, description = "It has begun", body = RetentionRun), CreateProblems),
    security(("staff" = ["retention:run"]))
)]
#[post("/retention/runs")]
async fn start_retention_run(
    caller: Caller<MayRun>,
    db: Data<Db>,
    Valid(wish): Valid<RetentionWish>,
) -> ApiResult<HttpResponse> {
    let run_id = db.write(&caller.actor, async |tx| start::start(tx, wish).await).await?;
    let run = repo::find(&*db.read().await?, run_id).await?.ok_or(RetentionError::Missing)?;
    Ok(HttpResponse::Accepted().json(run))
}

/// List runs
///
/// Newest first, with what each found and deleted in all.
#[utoipa::path(
    tag = "retention",
    params(RetentionRunFilter),
    responses((status = 200, description = "A page of runs", body = Page<RetentionRun>), ReadProblems),
    security(("staff" = ["retention:read"]))
)]
#[get("/retention/runs")]
async fn list_retention_runs(
    _caller: Caller<RetentionRead>,
    db: Data<Db>,
    Query(filter): Query<RetentionRunFilter>,
) -> ApiResult<Json<Page<RetentionRun>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let rows = repo::list(&*db.read().await?, limit, after).await?;
    Ok(Json(Page::cut(rows, limit, |run| run.run_id)))
}

/// One run with its report
///
/// What it found in each table: rows whose time is over, those a legal hold keeps, those deleted, the oldest day.
#[utoipa::path(
    tag = "retention",
    params(("run_id" = RetentionRunId, Path)),
    responses((status = 200, description = "The report", body = RetentionReport), ReadProblems),
    security(("staff" = ["retention:read"]))
)]
#[get("/retention/runs/{run_id}")]
async fn get_retention_run(
    _caller: Caller<RetentionRead>,
    db: Data<Db>,
    id: IdPath<RetentionRunId>,
) -> ApiResult<Json<RetentionReport>> {
    let conn = db.read().await?;
    let run = repo::find(&conn, *id).await?.ok_or(RetentionError::Missing)?;
    Ok(Json(RetentionReport { run, results: repo::results(&conn, *id).await? }))
}

use actix_web::{
    get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::Db;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, Query, ReadProblems, Valid, access::markers::AuditRead, parse_after,
};

use super::{
    Notary, VerifyTrail,
    model::{AnchorList, BatchVerdict, NewVerification, StartedVerification, VerifyFilter},
    verify::Walk,
};
use crate::audit::{Entry, record};

/// Rows after which a page ends early.
const PAGE_ROWS: i64 = 50_000;

pub(in super::super) fn routes(config: &mut ServiceConfig) {
    config.service(list_batch_verdicts).service(start_verification).service(list_anchors);
}

/// Verify the audit trail
///
/// Batch by batch in the order of the chain: whether each is as it was sealed, or what was done to which rows. A page ends after
/// 50 000 rows. For a long time start a verification instead.
#[utoipa::path(
    tag = "audit",
    params(VerifyFilter),
    responses((status = 200, description = "A page of batches", body = Page<BatchVerdict>), ReadProblems),
    security(("staff" = ["audit:read"]))
)]
#[get("/audit/verify")]
async fn list_batch_verdicts(
    _caller: Caller<AuditRead>,
    notary: Data<Notary>,
    db: Data<Db>,
    Query(filter): Query<VerifyFilter>,
) -> ApiResult<Json<Page<BatchVerdict>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after: Option<i64> = parse_after(filter.after.as_deref())?;
    let conn = db.read().await?;
    let mut walk = Walk::begin(&notary, &conn, (filter.from, filter.to), after.unwrap_or(0)).await?;
    Ok(Json(walk.page(&conn, limit.rows(), PAGE_ROWS).await?))
}

/// Start a verification
///
/// A job that looks over the whole chain, or the batches sealed in a time. Its result tells how many batches and rows it saw,
/// and names the faulty ones.
#[utoipa::path(
    tag = "audit",
    request_body = NewVerification,
    responses((status = 202, description = "Under way", body = StartedVerification), CreateProblems),
    security(("staff" = ["audit:read"]))
)]
#[post("/audit/verifications")]
async fn start_verification(
    caller: Caller<AuditRead>,
    db: Data<Db>,
    Valid(asked): Valid<NewVerification>,
) -> ApiResult<actix_web::HttpResponse> {
    let job = VerifyTrail { from: asked.from, to: asked.to };
    let job_id = db
        .write(&caller.actor, async |tx| {
            let job_id = tx.enqueue(&job).await?;
            record(tx, Entry::of("audit.start_verification").on("job", job_id)).await?;
            Ok::<_, platform::DbError>(job_id)
        })
        .await?;
    Ok(actix_web::HttpResponse::Accepted().json(StartedVerification { job_id }))
}

/// List anchors
///
/// What the chain was on each day, from the files outside the database.
#[utoipa::path(
    tag = "audit",
    responses((status = 200, description = "The anchors, newest first", body = AnchorList), ReadProblems),
    security(("staff" = ["audit:read"]))
)]
#[get("/audit/anchors")]
async fn list_anchors(_caller: Caller<AuditRead>, notary: Data<Notary>) -> ApiResult<Json<AnchorList>> {
    Ok(Json(AnchorList { items: notary.anchor_lines() }))
}

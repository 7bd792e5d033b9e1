use actix_web::{
    get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::Db;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, Query, ReadProblems, Requires, Valid,
    access::{self, markers::WorkItemsWrite},
    parse_after,
};

use super::{
    desk,
    model::{TakeNext, WorkCounts, WorkItem, WorkItemFilter, WorkKind, Worker},
    repo,
};

pub fn routes(config: &mut ServiceConfig) {
    // The literals go first: `/work_items/{kind}/…` would swallow them.
    config.service(list_work_items).service(get_work_item_counts).service(take_next_work_item);
    config.service(claim_work_item).service(release_work_item);
}

/// The inbox
///
/// What waits for somebody like the caller, the most pressing first. Nobody sees here what they brought about themselves.
#[utoipa::path(
    tag = "work_items",
    params(WorkItemFilter),
    responses((status = 200, description = "A page of the inbox", body = Page<WorkItem>), ReadProblems),
    security(("staff" = ["work_items:write"]))
)]
#[get("/work_items")]
async fn list_work_items(
    caller: Caller<WorkItemsWrite>,
    db: Data<Db>,
    Query(filter): Query<WorkItemFilter>,
) -> ApiResult<Json<Page<WorkItem>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let rows = repo::list(&*db.read().await?, &worker(&caller), &filter, limit, after).await?;
    Ok(Json(Page::cut(rows, limit, |item| (item.due_at, item.kind, item.item_id))))
}

/// How much waits
///
/// By kind: open to the caller, taken by the caller, overdue.
#[utoipa::path(
    tag = "work_items",
    responses((status = 200, description = "The counts", body = WorkCounts), ReadProblems),
    security(("staff" = ["work_items:write"]))
)]
#[get("/work_items/counts")]
async fn get_work_item_counts(caller: Caller<WorkItemsWrite>, db: Data<Db>) -> ApiResult<Json<WorkCounts>> {
    let items = repo::counts(&*db.read().await?, &worker(&caller), caller.now).await?;
    Ok(Json(WorkCounts { items }))
}

/// Take the next item
///
/// The most pressing one that nobody has taken; two people who ask at once get two different ones.
#[utoipa::path(
    tag = "work_items",
    request_body = TakeNext,
    responses((status = 200, description = "Taken", body = WorkItem), CreateProblems),
    security(("staff" = ["work_items:write"]))
)]
#[post("/work_items/take_next")]
async fn take_next_work_item(
    caller: Caller<WorkItemsWrite>,
    db: Data<Db>,
    Valid(wish): Valid<TakeNext>,
) -> ApiResult<Json<WorkItem>> {
    let worker = worker(&caller);
    Ok(Json(db.write(&caller.actor, async |tx| desk::take_next(tx, &worker, wish.kind).await).await?))
}

/// Take an item
///
/// So that no two people work on it. Taking what one has already changes nothing.
#[utoipa::path(
    tag = "work_items",
    params(("kind" = WorkKind, Path), ("item_id" = Uuid, Path)),
    responses((status = 200, description = "Taken", body = WorkItem), CreateProblems),
    security(("staff" = ["work_items:write"]))
)]
#[post("/work_items/{kind}/{item_id}/claim")]
async fn claim_work_item(
    caller: Caller<WorkItemsWrite>,
    db: Data<Db>,
    id: IdPath<(WorkKind, Uuid)>,
) -> ApiResult<Json<WorkItem>> {
    let ((kind, item_id), worker) = (*id, worker(&caller));
    Ok(Json(db.write(&caller.actor, async |tx| desk::claim(tx, &worker, kind, item_id).await).await?))
}

/// Put an item back
///
/// Only one's own.
#[utoipa::path(
    tag = "work_items",
    params(("kind" = WorkKind, Path), ("item_id" = Uuid, Path)),
    responses((status = 200, description = "Put back", body = WorkItem), CreateProblems),
    security(("staff" = ["work_items:write"]))
)]
#[post("/work_items/{kind}/{item_id}/release")]
async fn release_work_item(
    caller: Caller<WorkItemsWrite>,
    db: Data<Db>,
    id: IdPath<(WorkKind, Uuid)>,
) -> ApiResult<Json<WorkItem>> {
    let ((kind, item_id), worker) = (*id, worker(&caller));
    Ok(Json(db.write(&caller.actor, async |tx| desk::release(tx, &worker, kind, item_id).await).await?))
}

fn worker<P: Requires>(caller: &Caller<P>) -> Worker {
    Worker {
        staff_id: caller.staff.staff_id,
        branch_id: caller.staff.branch_id,
        span: caller.reach().span,
        permissions: access::permissions_of(caller.staff.role),
    }
}

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json},
};
use platform::{Db, ids::ViewId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, Change, CreateProblems, IdPath, IfMatch, Query, ReadProblems, Tagged, Valid,
    WriteProblems, access::markers::ViewsWrite,
};

use super::{
    model::{NewView, SavedView, SavedViews, ViewFilter, ViewPatch},
    repo, tend,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_saved_views).service(save_view).service(change_saved_view).service(delete_saved_view);
}

/// One's own saved views
///
/// Of one page, oldest first.
#[utoipa::path(
    tag = "views",
    params(ViewFilter),
    responses((status = 200, description = "The views", body = SavedViews), ReadProblems),
    security(("staff" = ["views:write"]))
)]
#[get("/saved_views")]
async fn list_saved_views(
    caller: Caller<ViewsWrite>,
    db: Data<Db>,
    Query(filter): Query<ViewFilter>,
) -> ApiResult<Json<SavedViews>> {
    Ok(Json(SavedViews { items: repo::list(&*db.read().await?, caller.staff.staff_id, filter.page).await? }))
}

/// Save a view
///
/// Filters, sort and columns under a name of one's own.
#[utoipa::path(
    tag = "views",
    request_body = NewView,
    responses((status = 201, description = "Saved", body = SavedView), CreateProblems),
    security(("staff" = ["views:write"]))
)]
#[post("/saved_views")]
async fn save_view(
    caller: Caller<ViewsWrite>,
    db: Data<Db>,
    Valid(new): Valid<NewView>,
) -> ApiResult<Tagged<SavedView>> {
    let view = db.write(&caller.actor, async |tx| tend::save(tx, caller.staff.staff_id, new).await).await?;
    let version = view.version;
    Ok(Tagged::created(view, version))
}

/// Change a saved view
///
/// Its name, or what it shows.
#[utoipa::path(
    tag = "views",
    params(("view_id" = ViewId, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = ViewPatch,
    responses((status = 200, description = "Changed", body = SavedView), WriteProblems),
    security(("staff" = ["views:write"]))
)]
#[patch("/saved_views/{view_id}")]
async fn change_saved_view(
    caller: Caller<ViewsWrite>,
    db: Data<Db>,
    id: IdPath<ViewId>,
    Change { if_match, body: patch }: Change<ViewPatch>,
) -> ApiResult<Tagged<SavedView>> {
    let mine = (caller.staff.staff_id, *id);
    let view = db.write(&caller.actor, async |tx| tend::change(tx, mine, if_match, patch).await).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// Delete a saved view
///
/// Only one's own.
#[utoipa::path(
    tag = "views",
    params(("view_id" = ViewId, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 204, description = "Deleted"), WriteProblems),
    security(("staff" = ["views:write"]))
)]
#[delete("/saved_views/{view_id}")]
async fn delete_saved_view(
    caller: Caller<ViewsWrite>,
    db: Data<Db>,
    id: IdPath<ViewId>,
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    let mine = (caller.staff.staff_id, *id);
    db.write(&caller.actor, async |tx| tend::delete(tx, mine, if_match).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

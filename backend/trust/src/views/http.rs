use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json},
};
use platform::{Db, DbError, Tx, ids::ViewId};
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, Change, CreateProblems, IdPath, IfMatch, Precondition, Query, ReadProblems, Tagged,
    Valid, WriteProblems, access::markers::ViewsWrite,
};

use super::{
    model::{NewView, SavedView, SavedViews, VIEWS_MAX, ViewError, ViewFilter, ViewPatch},
    repo,
};
use crate::audit::{self, Entry};

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
    let staff_id = caller.staff.staff_id;
    let view = db
        .write(&caller.actor, async |tx| {
            if repo::count(tx, staff_id, new.page).await? >= VIEWS_MAX {
                return Err(ViewError::TooMany);
            }
            let query = Value::Object(new.query);
            let view = SavedView {
                staff_id,
                view_id: tx.new_id(),
                page: new.page,
                name: new.name,
                query,
                version: 1,
                created_at: tx.now,
                updated_at: tx.now,
            };
            repo::insert(tx, &view).await.map_err(name_taken)?;
            noted(tx, "views.save", view).await
        })
        .await?;
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
    let view = db
        .write(&caller.actor, async |tx| {
            let before = held(tx, caller.staff.staff_id, *id, if_match).await?;
            let name = patch.name.unwrap_or_else(|| before.name.clone());
            let query = patch.query.map_or_else(|| before.query.clone(), Value::Object);
            let view = SavedView { name, query, version: before.version + 1, updated_at: tx.now, ..before };
            repo::update(tx, &view).await.map_err(name_taken)?;
            noted(tx, "views.change", view).await
        })
        .await?;
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
    db.write(&caller.actor, async |tx| {
        let view = held(tx, caller.staff.staff_id, *id, if_match).await?;
        repo::delete(tx, view.staff_id, view.view_id).await?;
        noted(tx, "views.delete", view).await
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn held(
    tx: &mut Tx<'_>,
    staff_id: platform::ids::StaffId,
    view_id: ViewId,
    IfMatch(version): IfMatch,
) -> Result<SavedView, ViewError> {
    let view = repo::lock(tx, staff_id, view_id).await?.ok_or(ViewError::Missing)?;
    if view.version == version { Ok(view) } else { Err(Precondition::Stale.into()) }
}

async fn noted(tx: &mut Tx<'_>, action: &'static str, view: SavedView) -> Result<SavedView, ViewError> {
    audit::record(tx, Entry::of(action).on("saved_view", view.view_id.0)).await?;
    Ok(view)
}

fn name_taken(error: DbError) -> ViewError {
    if error.is_constraint("saved_views_name_key") { ViewError::NameTaken } else { error.into() }
}

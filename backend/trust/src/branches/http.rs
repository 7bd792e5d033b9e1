use actix_web::{
    get, patch, post,
    web::{Data, Json},
};
use platform::{Db, ids::BranchId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, Change, CreateProblems, Directory, IdPath, ReadProblems, Tagged, Valid, WriteProblems,
    access::markers::{BranchesRead, BranchesWrite},
};

use super::{
    model::{Branch, BranchError, BranchPatch, BranchTree, NewBranch},
    repo, tend,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_branches).service(open_branch).service(get_branch).service(change_branch);
}

/// The branch tree
///
/// Every branch of the bank, by code. The tree is open information: it carries no cardholder data.
#[utoipa::path(
    tag = "branches",
    responses((status = 200, description = "All branches", body = BranchTree), ReadProblems),
    security(("staff" = ["branches:read"]))
)]
#[get("/branches")]
async fn list_branches(_caller: Caller<BranchesRead>, db: Data<Db>) -> ApiResult<Json<BranchTree>> {
    Ok(Json(BranchTree { items: repo::list(&*db.read().await?).await? }))
}

/// Open a branch
///
/// A city hangs below the head office, a branch below a city.
#[utoipa::path(
    tag = "branches",
    request_body = NewBranch,
    responses((status = 201, description = "Opened", body = Branch), CreateProblems),
    security(("staff" = ["branches:write"]))
)]
#[post("/branches")]
async fn open_branch(
    caller: Caller<BranchesWrite>,
    db: Data<Db>,
    directory: Data<Directory>,
    Valid(new): Valid<NewBranch>,
) -> ApiResult<Tagged<Branch>> {
    let branch = db.write(&caller.actor, async |tx| tend::open(tx, new).await).await?;
    directory.refresh(&db).await?;
    let version = branch.version;
    Ok(Tagged::created(branch, version))
}

/// One branch
///
/// With its `ETag`, which a change needs.
#[utoipa::path(
    tag = "branches",
    params(("branch_id" = BranchId, Path)),
    responses((status = 200, description = "The branch", body = Branch), ReadProblems),
    security(("staff" = ["branches:read"]))
)]
#[get("/branches/{branch_id}")]
async fn get_branch(
    _caller: Caller<BranchesRead>,
    db: Data<Db>,
    id: IdPath<BranchId>,
) -> ApiResult<Tagged<Branch>> {
    let branch = repo::find(&*db.read().await?, *id).await?.ok_or(BranchError::Missing)?;
    let version = branch.version;
    Ok(Tagged::ok(branch, version))
}

/// Change a branch
///
/// Closing one (`is_open: false`) needs every branch below it closed and nobody active working there.
#[utoipa::path(
    tag = "branches",
    params(("branch_id" = BranchId, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = BranchPatch,
    responses((status = 200, description = "Changed", body = Branch), WriteProblems),
    security(("staff" = ["branches:write"]))
)]
#[patch("/branches/{branch_id}")]
async fn change_branch(
    caller: Caller<BranchesWrite>,
    db: Data<Db>,
    directory: Data<Directory>,
    id: IdPath<BranchId>,
    Change { if_match, body: patch }: Change<BranchPatch>,
) -> ApiResult<Tagged<Branch>> {
    let branch = db.write(&caller.actor, async |tx| tend::change(tx, *id, if_match, patch).await).await?;
    directory.refresh(&db).await?;
    let version = branch.version;
    Ok(Tagged::ok(branch, version))
}

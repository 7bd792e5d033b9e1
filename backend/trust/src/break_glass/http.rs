use actix_web::{
    get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{Conn, Db, DbResult, ids::GrantId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, Directory, IdPath, Permission, Query, ReadProblems, Requires, Valid,
    access::{
        self,
        markers::{BreakGlassReview as MayReview, BreakGlassUse},
    },
    parse_after,
};

use super::{
    grant,
    model::{BreakGlassFilter, BreakGlassGrant, BreakGlassLine, BreakGlassReview, NewBreakGlassGrant},
    repo::{self, Onlooker},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_break_glass_grants)
        .service(open_break_glass)
        .service(close_break_glass)
        .service(review_break_glass);
}

/// List records opened in an emergency
///
/// Newest first: one's own, and for reviewers those of their part of the bank.
#[utoipa::path(
    tag = "break_glass",
    params(BreakGlassFilter),
    responses((status = 200, description = "A page of grants", body = Page<BreakGlassLine>), ReadProblems),
    security(("staff" = ["break_glass:read"]))
)]
#[get("/break_glass_grants")]
async fn list_break_glass_grants(
    caller: Caller<access::markers::BreakGlassRead>,
    db: Data<Db>,
    Query(filter): Query<BreakGlassFilter>,
) -> ApiResult<Json<Page<BreakGlassLine>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let conn = db.read().await?;
    let rows = repo::list(&conn, &onlooker(&caller), &filter, limit, after).await?;
    let page = Page::cut(rows, limit, |grant| (grant.granted_at, grant.grant_id));
    Ok(Json(lines(&conn, &caller, page).await?))
}

/// Open a record in an emergency
///
/// Of a cardholder out of the caller's reach, named exactly by customer number. It may be read, never changed, until the time
/// is over; the manager of the home branch gets a note and judges it.
#[utoipa::path(
    tag = "break_glass",
    request_body = NewBreakGlassGrant,
    responses((status = 201, description = "Open", body = BreakGlassGrant), CreateProblems),
    security(("staff" = ["break_glass:use"]))
)]
#[post("/break_glass_grants")]
async fn open_break_glass(
    caller: Caller<BreakGlassUse>,
    db: Data<Db>,
    directory: Data<Directory>,
    Valid(new): Valid<NewBreakGlassGrant>,
) -> ApiResult<(Json<BreakGlassGrant>, actix_web::http::StatusCode)> {
    let reach = caller.reading_reach();
    let grant = db.write(&caller.actor, async |tx| grant::open(tx, &caller.staff, &reach, new).await).await?;
    directory.refresh(&db).await?;
    Ok((Json(grant), actix_web::http::StatusCode::CREATED))
}

/// Close a record before its time
///
/// Only one's own.
#[utoipa::path(
    tag = "break_glass",
    params(("grant_id" = GrantId, Path)),
    responses((status = 200, description = "Closed", body = BreakGlassGrant), CreateProblems),
    security(("staff" = ["break_glass:use"]))
)]
#[post("/break_glass_grants/{grant_id}/close")]
async fn close_break_glass(
    caller: Caller<BreakGlassUse>,
    db: Data<Db>,
    directory: Data<Directory>,
    id: IdPath<GrantId>,
) -> ApiResult<Json<BreakGlassGrant>> {
    let grant = db.write(&caller.actor, async |tx| grant::close(tx, &caller.staff, *id).await).await?;
    directory.refresh(&db).await?;
    Ok(Json(grant))
}

/// Judge an opened record
///
/// Once, and never one's own.
#[utoipa::path(
    tag = "break_glass",
    params(("grant_id" = GrantId, Path)),
    request_body = BreakGlassReview,
    responses((status = 200, description = "Judged", body = BreakGlassGrant), CreateProblems),
    security(("staff" = ["break_glass:review"]))
)]
#[post("/break_glass_grants/{grant_id}/review")]
async fn review_break_glass(
    caller: Caller<MayReview>,
    db: Data<Db>,
    id: IdPath<GrantId>,
    Valid(review): Valid<BreakGlassReview>,
) -> ApiResult<Json<BreakGlassGrant>> {
    let onlooker = onlooker(&caller);
    Ok(Json(db.write(&caller.actor, async |tx| grant::review(tx, &onlooker, *id, review).await).await?))
}

fn onlooker<P: Requires>(caller: &Caller<P>) -> Onlooker {
    let oversees = [Permission::BreakGlassReview, Permission::AuditRead]
        .iter()
        .any(|permission| access::may(caller.staff.role, *permission));
    Onlooker { staff_id: caller.staff.staff_id, oversees: oversees.then(|| caller.reach().span) }
}

async fn lines<P: Requires>(
    conn: &Conn,
    caller: &Caller<P>,
    page: Page<BreakGlassGrant>,
) -> DbResult<Page<BreakGlassLine>> {
    let ids = page.items.iter().map(|grant| grant.cardholder_id).collect();
    let numbers = repo::customer_nos(conn, ids).await?;
    let may_review = access::may(caller.staff.role, Permission::BreakGlassReview);
    let directory = &caller.directory;
    Ok(page.map(|grant| BreakGlassLine {
        staff_name: directory.staff_name(grant.staff_id).map(ToOwned::to_owned),
        staff_branch_name: directory.branch_name(grant.staff_branch_id).map(ToOwned::to_owned),
        branch_name: directory.branch_name(grant.branch_id).map(ToOwned::to_owned),
        reviewer_name: grant.reviewed_by.and_then(|id| directory.staff_name(id)).map(ToOwned::to_owned),
        customer_no: numbers.get(&grant.cardholder_id).cloned(),
        is_reviewable: may_review && grant.verdict.is_none() && grant.staff_id != caller.staff.staff_id,
        grant,
    }))
}

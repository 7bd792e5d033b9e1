use actix_web::{
    get,
    web::{Data, Json},
};
use futures_util::future::try_join_all;
use platform::{Conn, Db, DbResult};
use trust::calendars;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, Permission, ReadProblems, Requires, access};

use super::{
    model::{Counted, Figure, Listing, Unit, Workbench, WorkbenchCard, WorkbenchList},
    plan::{Asked, figures_of, listings_of},
    repo,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_workbench);
}

/// Anybody who has signed in and changed the initial password: the plan decides what each role is shown.
struct AnyStaff;

impl Requires for AnyStaff {
    const PERMISSION: Option<Permission> = None;
}

/// What needs the caller today
///
/// Figures and short lists chosen by role, counted within the caller's reach. Codes and parameters only: the client words them.
#[utoipa::path(
    tag = "workbench",
    responses((status = 200, description = "The caller's workbench", body = Workbench), ReadProblems),
    security(("staff" = []))
)]
#[get("/workbench")]
async fn get_workbench(caller: Caller<AnyStaff>, db: Data<Db>) -> ApiResult<Json<Workbench>> {
    let (conn, now) = (db.read().await?, db.clock().now());
    let today = calendars::business_on(&conn, now).await?;
    let (staff_id, role) = (caller.staff.staff_id, caller.staff.role);
    let permissions = access::permissions_of(role);
    let asked = Asked { staff_id, reach: caller.reach(), permissions, today, now };
    let cards = try_join_all(figures_of(role).iter().map(|figure| card(&conn, &asked, *figure))).await?;
    let lists = try_join_all(listings_of(role).iter().map(|listing| list(&conn, &asked, *listing))).await?;
    Ok(Json(Workbench { business_on: today, cards, lists }))
}

async fn card(conn: &Conn, asked: &Asked, figure: Figure) -> DbResult<WorkbenchCard> {
    let Counted { value, currency } = repo::figure(conn, asked, figure).await?;
    let unit = if figure == Figure::PastDueMinor { Unit::Minor } else { Unit::Count };
    Ok(WorkbenchCard { code: figure, value, unit, currency, link: asked.link_of(figure) })
}

async fn list(conn: &Conn, asked: &Asked, listing: Listing) -> DbResult<WorkbenchList> {
    Ok(WorkbenchList { code: listing, items: repo::listing(conn, asked, listing).await? })
}

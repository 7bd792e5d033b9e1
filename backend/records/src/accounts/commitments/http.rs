use actix_web::{
    get,
    web::{Data, Json},
};
use platform::{Conn, Db, ids::CardholderId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, IdPath, RecordProblems, access::markers::AccountsRead};

use super::{
    model::{Loans, StandingOrders},
    repo,
};
use crate::cardholders::{gate, members::Members};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(list_loans).service(list_standing_orders);
}

/// A cardholder's loans
///
/// Newest first, at most 200. Sums and status are withheld from roles that do not see finances.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The loans", body = Loans), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/loans")]
async fn list_loans(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Json<Loans>> {
    let read = async |conn: &Conn, members: &Members| repo::loans(conn, members.all()).await;
    let rows = gate::quick(&db, &caller.reading_reach(), *id, read).await?;
    Ok(Json(Loans { items: rows.into_iter().map(|loan| loan.view(caller.sight())).collect() }))
}

/// A cardholder's standing orders
///
/// By account, at most 200. Sums and the counterparty's account are withheld from roles that do not see finances.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The standing orders", body = StandingOrders), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/standing_orders")]
async fn list_standing_orders(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Json<StandingOrders>> {
    let read = async |conn: &Conn, members: &Members| repo::standing_orders(conn, members.all()).await;
    let rows = gate::quick(&db, &caller.reading_reach(), *id, read).await?;
    Ok(Json(StandingOrders { items: rows.into_iter().map(|order| order.view(caller.sight())).collect() }))
}

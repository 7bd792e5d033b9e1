use actix_web::{
    get,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{Conn, Db, ids::CardholderId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, IdPath, Query, RecordProblems, access::markers::AccountsRead};

use super::{
    model::{BillingFilter, RepaymentView, StatementView},
    repo,
};
use crate::cardholders::{gate, members::Members};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_statements).service(list_repayments);
}

/// A cardholder's statements
///
/// Of all their card accounts or one, newest first. Sums and arrears are withheld from roles that do not see finances.
#[utoipa::path(
    tag = "billing",
    params(("cardholder_id" = CardholderId, Path), BillingFilter),
    responses((status = 200, description = "A page of statements", body = Page<StatementView>), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/statements")]
async fn list_statements(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Query(filter): Query<BillingFilter>,
) -> ApiResult<Json<Page<StatementView>>> {
    let (limit, after) = (PageLimit::parse(filter.limit).unwrap_or_default(), filter.position()?);
    let read = async |conn: &Conn, members: &Members| {
        let page = async |id| repo::load_statements(conn, repo::statements(id, &filter, limit, after)).await;
        members.page(limit, page, |row| (row.facts.closed_on, row.facts.statement_id)).await
    };
    let rows = gate::quick(&db, &caller.reading_reach(), *id, read).await?;
    let page = Page::cut(rows, limit, |row| (row.facts.closed_on, row.facts.statement_id));
    Ok(Json(page.map(|row| row.view(caller.sight()))))
}

/// A cardholder's repayments
///
/// Of all their card accounts or one, newest first. Sums are withheld from roles that do not see finances.
#[utoipa::path(
    tag = "billing",
    params(("cardholder_id" = CardholderId, Path), BillingFilter),
    responses((status = 200, description = "A page of repayments", body = Page<RepaymentView>), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/repayments")]
async fn list_repayments(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Query(filter): Query<BillingFilter>,
) -> ApiResult<Json<Page<RepaymentView>>> {
    let (limit, after) = (PageLimit::parse(filter.limit).unwrap_or_default(), filter.position()?);
    let read = async |conn: &Conn, members: &Members| {
        let page = async |id| repo::load_repayments(conn, repo::repayments(id, &filter, limit, after)).await;
        members.page(limit, page, |row| (row.facts.paid_in_month, row.facts.repayment_id)).await
    };
    let rows = gate::quick(&db, &caller.reading_reach(), *id, read).await?;
    let page = Page::cut(rows, limit, |row| (row.facts.paid_in_month, row.facts.repayment_id));
    Ok(Json(page.map(|row| row.view(caller.sight()))))
}

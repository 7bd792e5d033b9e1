use actix_web::{
    get,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{
    Conn, Db,
    ids::{CardholderId, TransactionId},
};
use trust::calendars;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, IdPath, Query, RecordProblems, access::markers::TransactionsRead};

use super::{
    filter::TransactionFilter,
    model::{TransactionError, TransactionView},
    repo,
    spending::{Spending, SpendingFilter, Totals, Window},
};
use crate::cardholders::{gate, members::Members};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_transactions).service(get_transaction).service(get_spending);
}

/// A cardholder's transactions
///
/// Newest first, over all their accounts or one, with every filter combined. Amounts, balances and the counterparty's account
/// are withheld from roles that do not see finances, and those may not filter by amount (403 `request.filter_withheld`).
#[utoipa::path(
    tag = "transactions",
    params(("cardholder_id" = CardholderId, Path), TransactionFilter),
    responses((status = 200, description = "A page of transactions", body = Page<TransactionView>), RecordProblems),
    security(("staff" = ["transactions:read"]))
)]
#[get("/cardholders/{cardholder_id}/transactions")]
async fn list_transactions(
    caller: Caller<TransactionsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Query(filter): Query<TransactionFilter>,
) -> ApiResult<Json<Page<TransactionView>>> {
    let (limit, sight) = (PageLimit::parse(filter.limit).unwrap_or_default(), caller.sight());
    let after = filter.position(sight)?;
    let read = async |conn: &Conn, members: &Members| {
        let page = async |id| repo::list(conn, id, &filter, limit, after).await;
        members.page(limit, page, |row| (row.facts.occurred_at, row.facts.transaction_id)).await
    };
    let rows = if filter.is_quick() {
        gate::quick(&db, &caller.reading_reach(), *id, read).await?
    } else {
        gate::slow(&db, &caller.reading_reach(), *id, read).await?
    };
    let page = Page::cut(rows, limit, |row| (row.facts.occurred_at, row.facts.transaction_id));
    Ok(Json(page.map(|row| row.view(sight))))
}

/// One transaction
///
/// By its id, which carries the moment it occurred in.
#[utoipa::path(
    tag = "transactions",
    params(("cardholder_id" = CardholderId, Path), ("transaction_id" = TransactionId, Path)),
    responses((status = 200, description = "The transaction", body = TransactionView), RecordProblems),
    security(("staff" = ["transactions:read"]))
)]
#[get("/cardholders/{cardholder_id}/transactions/{transaction_id}")]
async fn get_transaction(
    caller: Caller<TransactionsRead>,
    db: Data<Db>,
    path: IdPath<(CardholderId, TransactionId)>,
) -> ApiResult<Json<TransactionView>> {
    let (id, transaction_id) = *path;
    let read = async |conn: &Conn, members: &Members| {
        members.each(async |id| repo::find(conn, id, transaction_id).await).await
    };
    let found = gate::quick(&db, &caller.reading_reach(), id, read).await?;
    let found = found.into_iter().next().ok_or(TransactionError::Missing)?;
    Ok(Json(found.view(caller.sight())))
}

/// What a cardholder's transactions add up to
///
/// Money in and out by month of the bank's calendar, money out by category and by channel, the number of payments out and their
/// mean, and when something last happened. One currency at a time. What was declined or reversed counts for nothing, and neither
/// does the repayment of a card, whose purchases count; a refund is money in. Of somebody whose last transaction lies before
/// these months, the months up to that one are told. Roles that do not see finances get the counts alone.
#[utoipa::path(
    tag = "transactions",
    params(("cardholder_id" = CardholderId, Path), SpendingFilter),
    responses((status = 200, description = "The figures", body = Spending), RecordProblems),
    security(("staff" = ["transactions:read"]))
)]
#[get("/cardholders/{cardholder_id}/spending")]
async fn get_spending(
    caller: Caller<TransactionsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Query(filter): Query<SpendingFilter>,
) -> ApiResult<Json<Spending>> {
    let now = db.clock().now();
    let (moved, last, window) = gate::slow(&db, &caller.reading_reach(), *id, async |conn, members| {
        let last = members.each(async |id| repo::last_activity(conn, id).await).await?.into_iter().max();
        let window = match filter.as_of {
            Some(as_of) => Window::of(as_of, filter.months()),
            None => {
                let today = calendars::business_on(conn, now).await?;
                Window::of(today, filter.months()).or_until(last.as_ref().map(|(at, _)| *at))
            }
        };
        let moved = members.each(async |id| repo::moved(conn, id, &window).await).await?;
        Ok((moved, last, window))
    })
    .await?;
    Ok(Json(Totals::of(&moved, filter.currency, &window, last).view(caller.sight())))
}

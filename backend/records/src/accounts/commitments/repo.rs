use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult,
    ids::CardholderId,
    schema::{loans, standing_orders},
};

use super::model::{Loan, StandingOrder};

/// Loans, or standing orders, that one answer holds at most.
const COMMITMENTS_MAX: i64 = 200;

/// Newest first.
pub(super) async fn loans(mut conn: &Conn, owners: &[CardholderId]) -> DbResult<Vec<Loan>> {
    let query = Loan::query()
        .filter(loans::cardholder_id.eq_any(owners))
        .order((loans::granted_on.desc(), loans::loan_id))
        .limit(COMMITMENTS_MAX);
    Ok(query.load(&mut conn).await?)
}

/// By account.
pub(super) async fn standing_orders(
    mut conn: &Conn,
    owners: &[CardholderId],
) -> DbResult<Vec<StandingOrder>> {
    let query = StandingOrder::query()
        .filter(standing_orders::cardholder_id.eq_any(owners))
        .order((standing_orders::account_id, standing_orders::standing_order_id))
        .limit(COMMITMENTS_MAX);
    Ok(query.load(&mut conn).await?)
}

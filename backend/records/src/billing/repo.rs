use diesel::{
    dsl::{AsSelect, IntoBoxed, Select},
    pg::Pg,
    prelude::*,
    query_builder::AsQuery,
};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult,
    ids::CardholderId,
    schema::{repayments, statements},
};

use super::model::{BillingFilter, Position, Repayment, Statement};

type Of<'a, Table, Row> = IntoBoxed<'a, Select<<Table as AsQuery>::Query, AsSelect<Row, Pg>>, Pg>;

/// One page of a cardholder's statements, newest first: at most a few hundred rows of one cardholder are looked at.
pub fn statements(
    cardholder_id: CardholderId,
    filter: &BillingFilter,
    limit: PageLimit,
    after: Option<Position>,
) -> Of<'static, statements::table, Statement> {
    use statements as s;
    let mut query = Statement::query().filter(s::cardholder_id.eq(cardholder_id)).into_boxed();
    if let Some(account_id) = filter.account_id {
        query = query.filter(s::account_id.eq(account_id));
    }
    if let Some((on, id)) = after {
        query = query.filter(s::closed_on.le(on)).filter(s::closed_on.lt(on).or(s::statement_id.lt(id)));
    }
    query.order((s::closed_on.desc(), s::statement_id.desc())).limit(limit.fetch())
}

/// One page of a cardholder's repayments, newest first.
pub fn repayments(
    cardholder_id: CardholderId,
    filter: &BillingFilter,
    limit: PageLimit,
    after: Option<Position>,
) -> Of<'static, repayments::table, Repayment> {
    use repayments as r;
    let mut query = Repayment::query().filter(r::cardholder_id.eq(cardholder_id)).into_boxed();
    if let Some(account_id) = filter.account_id {
        query = query.filter(r::account_id.eq(account_id));
    }
    if let Some((on, id)) = after {
        query =
            query.filter(r::paid_in_month.le(on)).filter(r::paid_in_month.lt(on).or(r::repayment_id.lt(id)));
    }
    query.order((r::paid_in_month.desc(), r::repayment_id.desc())).limit(limit.fetch())
}

pub(super) async fn load_statements(
    mut conn: &Conn,
    query: Of<'static, statements::table, Statement>,
) -> DbResult<Vec<Statement>> {
    Ok(query.load(&mut conn).await?)
}

pub(super) async fn load_repayments(
    mut conn: &Conn,
    query: Of<'static, repayments::table, Repayment>,
) -> DbResult<Vec<Repayment>> {
    Ok(query.load(&mut conn).await?)
}

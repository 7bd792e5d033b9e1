use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    dsl::{AsSelect, IntoBoxed, Select},
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AsQuery, AstPass, BoxedSqlQuery, QueryFragment, QueryId, SqlQuery},
    sql_types::{Bool, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult,
    clock::moment_of,
    database::{CountOf, kept},
    ids::{CardholderId, TransactionId},
    schema::transactions,
};

use super::{
    filter::{Position, TransactionFilter},
    model::{Transaction, TransactionStatus},
    spending::{Movement, Window},
};

type Transactions<'a> =
    IntoBoxed<'a, Select<<transactions::table as AsQuery>::Query, AsSelect<Transaction, Pg>>, Pg>;

/// `(occurred_at, transaction_id) < (…, …)`. The query builder has no comparison of rows, and literal SQL would keep the statement
/// from being prepared once for all pages.
#[derive(Debug, Clone, Copy, QueryId)]
struct Behind(DateTime<Utc>, TransactionId);

impl Expression for Behind {
    type SqlType = Bool;
}

impl AppearsOnTable<transactions::table> for Behind {}
impl SelectableExpression<transactions::table> for Behind {}

impl ValidGrouping<()> for Behind {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<Pg> for Behind {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(transactions.occurred_at, transactions.transaction_id) < (");
        out.push_bind_param::<Timestamptz, _>(&self.0)?;
        out.push_sql(", ");
        out.push_bind_param::<Uuid, _>(&self.1)?;
        out.push_sql(")");
        Ok(())
    }
}

/// One page, newest first: the primary key walked backwards, or the account's index. The comparison of both columns is one
/// range of the index; the bound on `occurred_at` beside it lets whole years be skipped.
pub fn page(
    cardholder_id: CardholderId,
    filter: &TransactionFilter,
    limit: PageLimit,
    after: Option<Position>,
) -> Transactions<'static> {
    use transactions as t;
    let mut query = Transaction::query().filter(t::cardholder_id.eq(cardholder_id)).into_boxed();
    if let Some(account_id) = filter.account_id {
        query = query.filter(t::account_id.eq(account_id));
    }
    if let Some(card_id) = filter.card_id {
        query = query.filter(t::card_id.eq(card_id));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(t::kind.eq(kind));
    }
    if let Some(direction) = filter.direction {
        query = query.filter(t::direction.eq(direction));
    }
    if let Some(mcc_group) = filter.mcc_group {
        query = query.filter(t::mcc_group.eq(mcc_group));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(t::channel.eq(channel));
    }
    if let Some(min) = filter.amount_min_minor {
        query = query.filter(t::amount_minor.ge(min));
    }
    if let Some(max) = filter.amount_max_minor {
        query = query.filter(t::amount_minor.le(max));
    }
    if let Some(from) = filter.occurred_from {
        query = query.filter(t::occurred_at.ge(from));
    }
    if let Some(to) = filter.occurred_to {
        query = query.filter(t::occurred_at.lt(to));
    }
    if let Some((at, id)) = after {
        query = query.filter(t::occurred_at.le(at)).filter(Behind(at, id));
    }
    query.order((t::occurred_at.desc(), t::transaction_id.desc())).limit(limit.fetch())
}

/// The same page, read. What nothing narrows down is asked for most, and its text is kept.
pub(super) async fn list(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    filter: &TransactionFilter,
    limit: PageLimit,
    after: Option<Position>,
) -> DbResult<Vec<Transaction>> {
    use transactions as t;
    let everything = || Transaction::query().filter(t::cardholder_id.eq(cardholder_id));
    let newest_first = (t::occurred_at.desc(), t::transaction_id.desc());
    Ok(match after {
        _ if filter.narrows() => page(cardholder_id, filter, limit, after).load(&mut conn).await?,
        None => kept(everything().order(newest_first)).first(limit.fetch()).load(&mut conn).await?,
        Some((at, id)) => {
            let behind = everything().filter(t::occurred_at.le(at)).filter(Behind(at, id));
            kept(behind.order(newest_first)).first(limit.fetch()).load(&mut conn).await?
        }
    })
}

/// How many there are, up to `rows_max`.
pub(super) async fn count(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    filter: &TransactionFilter,
    rows_max: i64,
) -> DbResult<i64> {
    let found = page(cardholder_id, filter, PageLimit::default(), None).limit(rows_max);
    Ok(CountOf(found).get_result(&mut conn).await?)
}

/// The transaction of this id. Its id carries the millisecond it occurred in, so its partition and its place in the primary
/// key are known; `None` for an id that carries no moment and so was never a transaction's.
pub fn by_id(cardholder_id: CardholderId, transaction_id: TransactionId) -> Option<Transactions<'static>> {
    let from = moment_of(transaction_id.0)?;
    let to = from + TimeDelta::milliseconds(1);
    let query = Transaction::query()
        .filter(transactions::cardholder_id.eq(cardholder_id))
        .filter(transactions::occurred_at.ge(from))
        .filter(transactions::occurred_at.lt(to))
        .filter(transactions::transaction_id.eq(transaction_id));
    Some(query.into_boxed())
}

/// At most one.
pub(super) async fn find(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    transaction_id: TransactionId,
) -> DbResult<Vec<Transaction>> {
    match by_id(cardholder_id, transaction_id) {
        Some(query) => Ok(query.limit(1).load(&mut conn).await?),
        None => Ok(Vec::new()),
    }
}

/// When something last happened, and in which currency: the newest transaction that was not declined, if there is any.
pub(super) async fn last_activity(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Vec<(DateTime<Utc>, String)>> {
    let query = transactions::table
        .filter(transactions::cardholder_id.eq(cardholder_id))
        .filter(transactions::status.ne(TransactionStatus::Declined))
        .select((transactions::occurred_at, transactions::currency))
        .order((transactions::occurred_at.desc(), transactions::transaction_id.desc()));
    Ok(query.limit(1).load(&mut conn).await?)
}

/// The condition that a row of `transactions`, named `t`, is money that came or went.
///
/// What was declined or reversed is neither, nor is the reversal itself; a refund is money in. What settles the cardholder's
/// own debt is not counted twice: a card's purchases are spending, so its repayment is neither spending nor income, and what a
/// loan's payment takes off the loan is no income.
pub const IS_FLOW: &str = "t.status IN ('posted', 'pending') AND t.kind NOT IN ('reversal', 'repayment')
      AND NOT (t.kind = 'loan_payment' AND t.direction = 'credit')";

/// Months are those of the bank's wall clock, eight hours ahead of UTC.
const MOVEMENTS: &str = "
    SELECT date_trunc('month', t.occurred_at AT TIME ZONE INTERVAL '8 hours')::date AS month,
           t.direction, t.currency, t.mcc_group, t.channel, sum(t.amount_minor)::bigint AS minor, count(*) AS count
    FROM transactions t
    WHERE t.cardholder_id = $1 AND t.occurred_at >= $2 AND t.occurred_at < $3 AND ";

/// What moved in the window, by month, direction, currency, category and channel.
pub fn movements(cardholder_id: CardholderId, window: &Window) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    diesel::sql_query(format!("{MOVEMENTS}{IS_FLOW} GROUP BY 1, 2, 3, 4, 5"))
        .into_boxed()
        .bind::<Uuid, _>(cardholder_id)
        .bind::<Timestamptz, _>(window.begins_at())
        .bind::<Timestamptz, _>(window.ends_at())
}

pub(super) async fn moved(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    window: &Window,
) -> DbResult<Vec<Movement>> {
    Ok(movements(cardholder_id, window).load(&mut conn).await?)
}

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Uuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::{CardholderId, LinkId, MergeId},
    schema::{cardholder_links, cardholders},
};

use super::{
    model::{Balance, Holdings},
    plan::{Link, Steps},
};
use crate::cardholders::{members::Members, model::CardholderRow};

/// Every link in force that touches one of these.
pub(super) async fn touching(mut conn: &Conn, ids: &[CardholderId]) -> DbResult<Vec<Link>> {
    use cardholder_links as l;
    let query = Link::query()
        .filter(l::until_at.is_null())
        .filter(l::survivor_id.eq_any(ids).or(l::absorbed_id.eq_any(ids)))
        .order((
            l::merged_at.desc(),
            l::merge_id.desc(),
            l::previous_link_id.asc().nulls_first(),
            l::link_id,
        ));
    Ok(query.load(&mut conn).await?)
}

/// The links in force of one merge: first of who was absorbed, then of those they brought along.
pub(super) async fn of_merge(mut conn: &Conn, merge_id: MergeId) -> DbResult<Vec<Link>> {
    use cardholder_links as l;
    let query = Link::query().filter(l::merge_id.eq(merge_id)).filter(l::until_at.is_null());
    Ok(query.order((l::previous_link_id.asc().nulls_first(), l::link_id)).load(&mut conn).await?)
}

/// The links that gave way to these.
pub(super) async fn previous_of(mut conn: &Conn, links: &[Link]) -> DbResult<Vec<Link>> {
    let ids: Vec<LinkId> = links.iter().filter_map(|link| link.previous_link_id).collect();
    Ok(Link::query().filter(cardholder_links::link_id.eq_any(ids)).load(&mut conn).await?)
}

pub(super) async fn apply(tx: &mut Tx<'_>, steps: &Steps) -> DbResult<()> {
    use cardholder_links as l;
    diesel::update(l::table.filter(l::link_id.eq_any(&steps.ends)))
        .set(l::until_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(l::table).values(&steps.begins).execute(&mut tx.conn()).await?;
    Ok(())
}

/// These profiles, whoever stands for them.
pub(super) async fn profiles(mut conn: &Conn, ids: &[CardholderId]) -> DbResult<Vec<CardholderRow>> {
    Ok(CardholderRow::query().filter(cardholders::cardholder_id.eq_any(ids)).load(&mut conn).await?)
}

/// These profiles, locked in the order of their ids: two who want the same ones take turns.
pub(super) async fn lock_all(tx: &mut Tx<'_>, ids: &[CardholderId]) -> DbResult<Vec<CardholderRow>> {
    let query = CardholderRow::query()
        .filter(cardholders::cardholder_id.eq_any(ids))
        .order(cardholders::cardholder_id)
        .for_update();
    Ok(query.load(&mut tx.conn()).await?)
}

const COUNTS: &str = "
    SELECT (SELECT count(*) FROM accounts WHERE cardholder_id = ANY ($1)) AS accounts,
           (SELECT count(*) FROM cards WHERE cardholder_id = ANY ($1)) AS cards,
           (SELECT count(*) FROM loans WHERE cardholder_id = ANY ($1)) AS loans,
           (SELECT count(*) FROM standing_orders WHERE cardholder_id = ANY ($1)) AS standing_orders,
           (SELECT count(*) FROM transactions WHERE cardholder_id = ANY ($1)) AS transactions,
           (SELECT count(*) FROM statements WHERE cardholder_id = ANY ($1)) AS statements,
           (SELECT count(*) FROM repayments WHERE cardholder_id = ANY ($1)) AS repayments,
           (SELECT count(DISTINCT number_blind) FROM cardholder_phones WHERE cardholder_id = ANY ($1)) AS phones,
           (SELECT count(DISTINCT address_blind) FROM cardholder_emails WHERE cardholder_id = ANY ($1)) AS emails,
           (SELECT count(*) FROM cardholder_addresses WHERE cardholder_id = ANY ($1)) AS addresses";

const BALANCES: &str = "
    SELECT currency, sum(balance_minor)::bigint AS balance_minor
    FROM accounts WHERE cardholder_id = ANY ($1) GROUP BY currency ORDER BY currency";

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    accounts: i64,
    #[diesel(sql_type = BigInt)]
    cards: i64,
    #[diesel(sql_type = BigInt)]
    loans: i64,
    #[diesel(sql_type = BigInt)]
    standing_orders: i64,
    #[diesel(sql_type = BigInt)]
    transactions: i64,
    #[diesel(sql_type = BigInt)]
    statements: i64,
    #[diesel(sql_type = BigInt)]
    repayments: i64,
    #[diesel(sql_type = BigInt)]
    phones: i64,
    #[diesel(sql_type = BigInt)]
    emails: i64,
    #[diesel(sql_type = BigInt)]
    addresses: i64,
}

/// How much hangs on these records together.
pub(super) async fn holdings(mut conn: &Conn, members: &Members) -> DbResult<Holdings> {
    let counts = diesel::sql_query(COUNTS).bind::<Array<Uuid>, _>(members.all());
    let c: Counts = counts.get_result(&mut conn).await?;
    let balances = diesel::sql_query(BALANCES).bind::<Array<Uuid>, _>(members.all());
    let balances: Vec<Balance> = balances.load(&mut conn).await?;
    Ok(Holdings {
        records: i64::try_from(members.all().len()).unwrap_or(i64::MAX),
        accounts: c.accounts,
        cards: c.cards,
        loans: c.loans,
        standing_orders: c.standing_orders,
        transactions: c.transactions,
        statements: c.statements,
        repayments: c.repayments,
        phones: c.phones,
        emails: c.emails,
        addresses: c.addresses,
        balances,
    })
}

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{dsl, prelude::*, sql_types::Date, sql_types::Nullable, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::CardholderId,
    schema::{accounts, cardholders, erased_cardholders, legal_holds},
};

use super::model::LegalHold;
use crate::accounts::AccountStatus;

/// Holds that somebody may have at once.
const HOLDS_MAX: i64 = 50;

/// These profiles, locked in the order of their ids.
pub(super) async fn lock_all(tx: &mut Tx<'_>, ids: &[CardholderId]) -> DbResult<()> {
    use cardholders as c;
    let profiles = c::table.filter(c::cardholder_id.eq_any(ids)).order(c::cardholder_id).for_update();
    profiles.select(c::cardholder_id).load::<CardholderId>(&mut tx.conn()).await?;
    Ok(())
}

/// The holds that stand.
pub(super) async fn holds(mut conn: &Conn, cardholder_id: CardholderId) -> DbResult<Vec<LegalHold>> {
    use legal_holds as h;
    let query = LegalHold::query().filter(h::cardholder_id.eq(cardholder_id)).filter(h::lifted_at.is_null());
    Ok(query.order(h::placed_at).limit(HOLDS_MAX).load(&mut conn).await?)
}

/// An erasure that is under way ends first; one that begins now finds the hold.
pub(super) async fn insert_hold(tx: &mut Tx<'_>, hold: &LegalHold) -> DbResult<()> {
    lock_all(tx, &[hold.cardholder_id]).await?;
    diesel::insert_into(legal_holds::table).values(hold).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn lift_hold(tx: &mut Tx<'_>, hold: &LegalHold) -> DbResult<()> {
    diesel::update(legal_holds::table.find(hold.hold_id))
        .set((legal_holds::lifted_by.eq(hold.lifted_by), legal_holds::lifted_at.eq(hold.lifted_at)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn has_open_account(mut conn: &Conn, cardholder_id: CardholderId) -> DbResult<bool> {
    use accounts as a;
    let open =
        a::table.filter(a::cardholder_id.eq(cardholder_id)).filter(a::status.ne(AccountStatus::Closed));
    Ok(diesel::select(dsl::exists(open)).get_result(&mut conn).await?)
}

#[derive(QueryableByName)]
struct LastFact {
    #[diesel(sql_type = Nullable<Date>)]
    last_on: Option<NaiveDate>,
}

/// The day of the last fact that the law has kept: a transaction, or the end of an account.
pub(super) async fn last_fact_on(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<NaiveDate>> {
    let sql = "SELECT greatest(
            (SELECT (max(t.occurred_at) AT TIME ZONE 'Asia/Shanghai')::date FROM transactions t WHERE t.cardholder_id = $1),
            (SELECT max(coalesce(a.closed_on, a.opened_on)) FROM accounts a WHERE a.cardholder_id = $1)) AS last_on";
    let found: LastFact =
        diesel::sql_query(sql).bind::<SqlUuid, _>(cardholder_id).get_result(&mut conn).await?;
    Ok(found.last_on)
}

/// When they were erased.
pub(super) async fn erased_at(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<DateTime<Utc>>> {
    let row = erased_cardholders::table.find(cardholder_id);
    Ok(row.select(erased_cardholders::erased_at).first(&mut conn).await.optional()?)
}

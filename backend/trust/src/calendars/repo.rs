use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, DbResult, Tx, database::kept, schema::business_days};

use super::bank_date;

/// The bank's current business date; before the first day is opened, today in the bank's time zone.
pub async fn business_on(mut conn: &Conn, now: DateTime<Utc>) -> DbResult<NaiveDate> {
    let day = kept(business_days::table.select(business_days::business_on).limit(1));
    let open: Option<NaiveDate> = day.get_result(&mut conn).await.optional()?;
    Ok(open.unwrap_or_else(|| bank_date(now)))
}

/// The day that is open, locked: of those who would open the next, one after the other sees what the one before has done.
pub(super) async fn lock(tx: &mut Tx<'_>) -> DbResult<Option<NaiveDate>> {
    let day = business_days::table.select(business_days::business_on).for_update();
    Ok(day.first(&mut tx.conn()).await.optional()?)
}

/// Opens the first day of all; says whether nobody else has meanwhile.
pub(super) async fn insert(tx: &mut Tx<'_>, business_on: NaiveDate) -> DbResult<bool> {
    let inserted = diesel::insert_into(business_days::table)
        .values((
            business_days::is_current.eq(true),
            business_days::business_on.eq(business_on),
            business_days::opened_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(inserted == 1)
}

pub(super) async fn update(tx: &mut Tx<'_>, business_on: NaiveDate) -> DbResult<()> {
    diesel::update(business_days::table)
        .set((business_days::business_on.eq(business_on), business_days::opened_at.eq(tx.now)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

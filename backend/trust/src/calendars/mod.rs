//! The business date: the bank's own day, apart from the machine's clock. Closing a day moves it; tests and the sandbox
//! travel in time with it.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, DbResult, Tx, schema::business_days};

use crate::audit::{self, Entry};

/// China Standard Time, the bank's wall clock.
const BANK_OFFSET_SECONDS: i32 = 8 * 3600;

/// The bank's current business date; before the first day is opened, today in the bank's time zone.
pub async fn business_on(mut conn: &Conn, now: DateTime<Utc>) -> DbResult<NaiveDate> {
    let day = business_days::table.select(business_days::business_on).first(&mut conn).await.optional()?;
    Ok(day.unwrap_or_else(|| bank_date(now)))
}

/// The calendar date in the bank's time zone.
pub fn bank_date(at: DateTime<Utc>) -> NaiveDate {
    match FixedOffset::east_opt(BANK_OFFSET_SECONDS) {
        Some(offset) => at.with_timezone(&offset).date_naive(),
        None => at.date_naive(),
    }
}

/// The moment a calendar day begins in the bank's time zone.
pub fn day_start(on: NaiveDate) -> DateTime<Utc> {
    on.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(i64::from(BANK_OFFSET_SECONDS))
}

/// Opens a business day.
pub async fn open_day(tx: &mut Tx<'_>, business_on: NaiveDate) -> DbResult<()> {
    use diesel::upsert::excluded;
    diesel::insert_into(business_days::table)
        .values((
            business_days::is_current.eq(true),
            business_days::business_on.eq(business_on),
            business_days::opened_at.eq(tx.now),
        ))
        .on_conflict(business_days::is_current)
        .do_update()
        .set((
            business_days::business_on.eq(excluded(business_days::business_on)),
            business_days::opened_at.eq(excluded(business_days::opened_at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    audit::record(
        tx,
        Entry::of("calendars.open_day").changing(serde_json::json!({ "business_on": business_on })),
    )
    .await?;
    Ok(())
}

use chrono::NaiveDate;
use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Date, Integer, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::{DbResult, Tx};
use crate::ids::StaffId;

/// A table of how often each member of staff did something on each day of the bank: `staff_id`, `used_on`, `used_count`.
pub struct DailyQuota(&'static str);

#[derive(QueryableByName)]
struct Used {
    #[diesel(sql_type = Integer)]
    used_count: i32,
}

impl DailyQuota {
    pub const fn of(table: &'static str) -> Self {
        Self(table)
    }

    /// Uses one of the day's; says how many are used now, or `None` when there was none left.
    pub async fn use_one(
        &self,
        tx: &mut Tx<'_>,
        staff_id: StaffId,
        used_on: NaiveDate,
        daily_max: i32,
    ) -> DbResult<Option<i32>> {
        self.use_some(tx, staff_id, used_on, (1, daily_max)).await
    }

    /// Uses so many of the day's, or none of them when fewer were left. Two at once take turns on the row.
    pub async fn use_some(
        &self,
        tx: &mut Tx<'_>,
        staff_id: StaffId,
        used_on: NaiveDate,
        (count, daily_max): (i32, i32),
    ) -> DbResult<Option<i32>> {
        if daily_max < count {
            return Ok(None);
        }
        let used: Option<Used> = diesel::sql_query(format!(
            "INSERT INTO {} AS q (staff_id, used_on, used_count) VALUES ($1, $2, $3)
             ON CONFLICT (staff_id, used_on) DO UPDATE SET used_count = q.used_count + $3 WHERE q.used_count + $3 <= $4
             RETURNING used_count",
            self.0
        ))
        .bind::<SqlUuid, _>(staff_id)
        .bind::<Date, _>(used_on)
        .bind::<Integer, _>(count)
        .bind::<Integer, _>(daily_max)
        .get_result(&mut tx.conn())
        .await
        .optional()?;
        Ok(used.map(|used| used.used_count))
    }
}

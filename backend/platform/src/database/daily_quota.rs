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

    /// Uses one of the day's; says how many are used now, or `None` when there was none left. Two at once take turns on the row.
    pub async fn use_one(
        &self,
        tx: &mut Tx<'_>,
        staff_id: StaffId,
        used_on: NaiveDate,
        daily_max: i32,
    ) -> DbResult<Option<i32>> {
        if daily_max < 1 {
            return Ok(None);
        }
        let used: Option<Used> = diesel::sql_query(format!(
            "INSERT INTO {} AS q (staff_id, used_on, used_count) VALUES ($1, $2, 1)
             ON CONFLICT (staff_id, used_on) DO UPDATE SET used_count = q.used_count + 1 WHERE q.used_count < $3
             RETURNING used_count",
            self.0
        ))
        .bind::<SqlUuid, _>(staff_id)
        .bind::<Date, _>(used_on)
        .bind::<Integer, _>(daily_max)
        .get_result(&mut tx.conn())
        .await
        .optional()?;
        Ok(used.map(|used| used.used_count))
    }
}

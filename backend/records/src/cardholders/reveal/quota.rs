//! The day's quota: how many sealed values one member of staff is shown, one by one or many at once.

use platform::Tx;
use serde_json::json;
use trust::{
    audit::{self, Entry},
    calendars::{bank_date, day_start},
};

use super::{model::RevealError, repo};

/// The share of the quota that is worth a note.
const NOTED_PCT: i64 = 80;

/// Takes so many values from the day's quota, never more than a whole one. Says how many are used now, or `None` where too few
/// were left; notes the use that reaches four fifths of the quota, and the one that reaches all of it, for the list of
/// anomalies.
pub(crate) async fn take(tx: &mut Tx<'_>, count: i32, daily_max: i32) -> Result<Option<i32>, RevealError> {
    let Some(staff_id) = tx.actor.staff().map(|staff| staff.staff_id) else { return Ok(Some(0)) };
    let count = count.clamp(1, daily_max.max(1));
    let used = repo::QUOTA.use_some(tx, staff_id, bank_date(tx.now), (count, daily_max)).await?;
    let most = i32::try_from((i64::from(daily_max) * NOTED_PCT + 99) / 100).unwrap_or(daily_max);
    let reaches = |used: i32, bound: i32| used >= bound && used - count < bound;
    if let Some(used) = used.filter(|used| reaches(*used, most) || reaches(*used, daily_max)) {
        let changes = json!({ "used_count": [used - count, used], "daily_max": [daily_max, daily_max] });
        audit::record(tx, Entry::of("cardholders.reveal_quota").on("staff", staff_id.0).changing(changes))
            .await?;
    }
    Ok(used)
}

pub(crate) fn exceeded(tx: &Tx<'_>, daily_max: i32) -> RevealError {
    let tomorrow = bank_date(tx.now).succ_opt().map_or(tx.now, day_start);
    RevealError::QuotaExceeded { daily_max, retry_after_seconds: (tomorrow - tx.now).num_seconds().max(1) }
}

//! Days of the calendar, as the bank's time zone has them.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

/// China Standard Time, the bank's wall clock.
const BANK_OFFSET_SECONDS: i32 = 8 * 3600;

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

/// How long it is until the bank's calendar turns.
pub fn until_next_day(now: DateTime<Utc>) -> TimeDelta {
    bank_date(now).succ_opt().map_or(TimeDelta::days(1), |tomorrow| day_start(tomorrow) - now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banks_day_turns_at_its_own_midnight() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let last = at("2026-11-02T15:59:59Z");
        assert_eq!(bank_date(last).to_string(), "2026-11-02");
        assert_eq!(until_next_day(last), TimeDelta::seconds(1));
        let first = at("2026-11-02T16:00:00Z");
        assert_eq!(bank_date(first).to_string(), "2026-11-03");
        assert_eq!(day_start(bank_date(first)), first);
        assert_eq!(until_next_day(first), TimeDelta::days(1));
    }
}

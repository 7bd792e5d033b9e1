use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use trust::calendars;

/// Whole months of the bank's calendar, the last one that of `as_of`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub(super) as_of: NaiveDate,
    /// The first day of each month, in order.
    pub(super) months: Vec<NaiveDate>,
    /// Whether it was moved back to the last activity.
    pub(super) is_past: bool,
}

impl Window {
    pub fn of(as_of: NaiveDate, months: u16) -> Self {
        let last = as_of.with_day(1).unwrap_or(as_of);
        let before = |n: u16| last.checked_sub_months(Months::new(u32::from(n)));
        Self { as_of, months: (0..months.max(1)).rev().filter_map(before).collect(), is_past: false }
    }

    /// As many months up to the last activity, where that lies before all of these: of who has gone quiet the last that is
    /// known says more than nothing.
    pub(in crate::transactions) fn or_until(self, last_activity: Option<DateTime<Utc>>) -> Self {
        let months = u16::try_from(self.months.len()).unwrap_or(u16::MAX);
        match last_activity {
            Some(last) if last < self.begins_at() => {
                Self { is_past: true, ..Self::of(calendars::bank_date(last), months) }
            }
            _ => self,
        }
    }

    pub fn begins_at(&self) -> DateTime<Utc> {
        calendars::day_start(self.months.first().copied().unwrap_or(self.as_of))
    }

    /// The first moment after it.
    pub fn ends_at(&self) -> DateTime<Utc> {
        let last = self.months.last().copied().unwrap_or(self.as_of);
        calendars::day_start(last.checked_add_months(Months::new(1)).unwrap_or(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_is_whole_months_of_the_banks_clock() {
        let window = Window::of(day("2026-11-22"), 3);
        assert_eq!(window.months, [day("2026-09-01"), day("2026-10-01"), day("2026-11-01")]);
        assert_eq!(window.begins_at().to_rfc3339(), "2026-08-31T16:00:00+00:00");
        assert_eq!(window.ends_at().to_rfc3339(), "2026-11-30T16:00:00+00:00");
        assert_eq!(Window::of(day("2026-01-31"), 1).months, [day("2026-01-01")]);
    }

    #[test]
    fn it_moves_back_only_to_an_activity_before_it() {
        let window = Window::of(day("2026-11-22"), 2);
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        for stays in [None, at("2026-09-30T16:00:00Z"), at("2026-11-01T00:00:00Z")] {
            assert_eq!(window.clone().or_until(stays), window);
        }
        let past = window.or_until(at("2026-09-30T15:59:59Z"));
        assert_eq!((past.as_of, past.is_past), (day("2026-09-30"), true));
        assert_eq!(past.months, [day("2026-08-01"), day("2026-09-01")]);
    }
}

//! Which dates of birth have their birthday in the coming days: a list of dates that an index can look up.

use chrono::{Datelike, Days, NaiveDate};

/// Nobody is older.
const AGE_YEARS_MAX: i32 = 120;

/// The dates of birth whose birthday lies in the `days` days from `today` on, the nearest first. Whoever was born on a 29th of
/// February has their birthday on the 28th in a common year.
pub(super) fn births_with_birthday(today: NaiveDate, days: u64) -> Vec<NaiveDate> {
    (0..days).filter_map(|n| today.checked_add_days(Days::new(n))).flat_map(births_on).collect()
}

fn births_on(birthday: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let is_eve_of_missing_leap_day = (birthday.month(), birthday.day()) == (2, 28) && !birthday.leap_year();
    (birthday.year() - AGE_YEARS_MAX..=birthday.year()).flat_map(move |year| {
        let same_day = birthday.with_year(year);
        let leap_day = is_eve_of_missing_leap_day.then(|| NaiveDate::from_ymd_opt(year, 2, 29)).flatten();
        same_day.into_iter().chain(leap_day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_may_cross_the_new_year() {
        let births = births_with_birthday(day("2026-12-29"), 7);
        for born in ["1990-12-29", "1985-01-01", "2026-12-30", "1906-12-31", "2004-01-04"] {
            assert!(births.contains(&day(born)), "{born}");
        }
        for born in ["1990-12-28", "1985-01-05", "1905-12-29"] {
            assert!(!births.contains(&day(born)), "{born}");
        }
        let at = |born| births.iter().position(|birth| *birth == day(born)).unwrap();
        assert!(at("1990-12-29") < at("1950-12-31") && at("1950-12-31") < at("2001-01-02"));
    }

    #[test]
    fn leap_day_children_are_not_forgotten_in_common_years() {
        assert!(births_with_birthday(day("2026-02-28"), 1).contains(&day("2000-02-29")));
        assert!(!births_with_birthday(day("2028-02-28"), 1).contains(&day("2000-02-29")));
        assert!(births_with_birthday(day("2028-02-28"), 2).contains(&day("2000-02-29")));
    }
}

//! Years of four digits: others no calendar of the bank has, and not every one of them the database.

use chrono::{DateTime, Datelike, NaiveDate, ParseError, Utc};

/// Nobody alive was born before.
const BIRTH_YEAR_MIN: i32 = 1900;

/// Whether somebody alive can have been born on this day, as far as the year tells. What comes after today is for whoever
/// knows today.
pub fn may_be_birth(on: NaiveDate) -> bool {
    on.year() >= BIRTH_YEAR_MIN
}

/// Whether a text is a date or a moment of a year beyond those.
pub fn is_beyond(text: &str) -> bool {
    let of_day: Result<i32, ParseError> = text.parse::<NaiveDate>().map(|on| on.year());
    let year = of_day.or_else(|_| text.parse::<DateTime<Utc>>().map(|at| at.year()));
    year.is_ok_and(|year| !(1..=9999).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_dates_of_other_years_are_beyond() {
        for text in ["-262143-01-01", "+262142-12-31T23:59:59Z", "0000-01-01", "9999-12-31T23:59:59-14:00"] {
            assert!(is_beyond(text), "{text}");
        }
        for text in ["0001-01-01", "9999-12-31", "2026-10-25T02:30:00+14:00", "", "+262142", "2026-02-30"] {
            assert!(!is_beyond(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-+0-9TZ:.]{0,40}|.{0,12}") {
            let _ = is_beyond(&text);
        }
    }
}

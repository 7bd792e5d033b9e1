//! Moments in JSON, written digit by digit: a page of transactions has hundreds, and the formatting machinery asks of each
//! character anew whether it must be escaped. The text is the one that `DateTime` writes of itself.

use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};
use serde::Serializer;

/// `2026-11-01T08:30:00.123456Z`
const BYTES: usize = 27;

/// For `#[serde(serialize_with = …)]` of a moment.
pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut buffer = [0; BYTES];
    match write(at, &mut buffer) {
        Some(text) => serializer.serialize_str(text),
        None => serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
    }
}

/// For `#[serde(serialize_with = …)]` of a moment that may be absent.
pub fn serialize_optional<S: Serializer>(
    at: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serialize(at, serializer),
        None => serializer.serialize_none(),
    }
}

/// `None` for what PostgreSQL doesn't keep either (parts of a microsecond, a leap second) and for years of other than four digits.
fn write<'a>(at: &DateTime<Utc>, buffer: &'a mut [u8; BYTES]) -> Option<&'a str> {
    let year = u32::try_from(at.year()).ok().filter(|year| *year <= 9_999)?;
    let micros = (at.nanosecond() < 1_000_000_000 && at.nanosecond().is_multiple_of(1_000))
        .then(|| at.nanosecond() / 1_000)?;
    let parts = [(0, 4, year), (5, 2, at.month()), (8, 2, at.day())];
    let times = [(11, 2, at.hour()), (14, 2, at.minute()), (17, 2, at.second()), (20, 6, micros)];
    buffer.copy_from_slice(b"0000-00-00T00:00:00.000000Z");
    for (from, digits, value) in parts.into_iter().chain(times) {
        let mut rest = value;
        for place in buffer[from..from + digits].iter_mut().rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }
    let length = match micros {
        0 => 19,
        _ if micros.is_multiple_of(1_000) => 23,
        _ => 26,
    };
    buffer[length] = b'Z';
    std::str::from_utf8(&buffer[..=length]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[derive(serde::Serialize)]
    struct Ours {
        #[serde(serialize_with = "serialize")]
        at: DateTime<Utc>,
        #[serde(serialize_with = "serialize_optional")]
        maybe: Option<DateTime<Utc>>,
    }

    #[derive(serde::Serialize)]
    struct Theirs {
        at: DateTime<Utc>,
        maybe: Option<DateTime<Utc>>,
    }

    #[track_caller]
    fn assert_same(at: DateTime<Utc>) {
        for maybe in [None, Some(at)] {
            let ours = serde_json::to_string(&Ours { at, maybe }).unwrap();
            assert_eq!(ours, serde_json::to_string(&Theirs { at, maybe }).unwrap());
        }
    }

    #[test]
    fn the_text_is_the_usual_one() {
        let start: DateTime<Utc> = "2026-11-01T08:30:00Z".parse().unwrap();
        let steps =
            [0, 1, 999, 1_000, 10_000, 123_456, 999_999, 1_000_000, 86_399_999_999, 5_270_400_000_001];
        for step in steps {
            assert_same(start + TimeDelta::microseconds(step));
            assert_same(start - TimeDelta::microseconds(step));
        }
        for edge in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1993-01-01T00:00:00.1Z"] {
            assert_same(edge.parse().unwrap());
        }
    }

    #[test]
    fn what_the_database_does_not_keep_is_left_to_the_usual_way() {
        for odd in ["2026-11-01T08:30:00.000000001Z", "2016-12-31T23:59:60Z", "-0001-01-01T00:00:00Z"] {
            assert_same(odd.parse().unwrap());
        }
        assert_same(DateTime::<Utc>::MAX_UTC);
    }
}

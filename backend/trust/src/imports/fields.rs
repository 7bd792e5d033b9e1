//! The fields of a row, parsed at the door.

use std::{borrow::Cow, str::FromStr};

use chrono::{Datelike, NaiveDate};
use kernel::{
    Currency, Money,
    free_text::{Unseen, unseen_in_line},
    money::MoneyError,
};

use super::{Row, RowFault, table::ABSENT};

/// Characters that one field may have.
const FIELD_CHARS_MAX: usize = 400;
/// Years that a date may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2150;

impl<'r> Row<'r> {
    pub fn fault(&self, column: &'static str, code: &'static str) -> RowFault {
        RowFault::in_column(column, code)
    }

    /// The text of a field, spaces around it taken away; empty when there is none.
    pub fn text(&self, column: &'static str) -> Result<Cow<'r, str>, RowFault> {
        let bytes = self.bytes(column)?;
        let text = self
            .shape
            .encoding
            .codec()
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or(RowFault::in_column(column, "imports.not_in_encoding"))?;
        if text.len() > FIELD_CHARS_MAX && text.chars().count() > FIELD_CHARS_MAX {
            return Err(RowFault::in_column(column, "imports.text_too_long"));
        }
        match unseen_in_line(&text) {
            None => {}
            Some(Unseen::Hidden) => return Err(RowFault::in_column(column, "imports.hidden_character")),
            Some(_) => return Err(RowFault::in_column(column, "imports.control_character")),
        }
        Ok(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        })
    }

    /// A text that must be there.
    pub fn required(&self, column: &'static str) -> Result<String, RowFault> {
        self.optional(column)?.ok_or(RowFault::in_column(column, "imports.empty"))
    }

    pub fn optional(&self, column: &'static str) -> Result<Option<String>, RowFault> {
        Ok(Some(self.text(column)?).filter(|text| !text.is_empty()).map(Cow::into_owned))
    }

    /// A whole number: digits, and a minus sign where the type has one.
    pub fn integer<T: FromStr>(&self, column: &'static str) -> Result<T, RowFault> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Err(RowFault::in_column(column, "imports.empty"));
        }
        if text.starts_with('+') {
            return Err(RowFault::in_column(column, "imports.not_a_number"));
        }
        text.parse().map_err(|_| RowFault::in_column(column, "imports.not_a_number"))
    }

    /// One of a closed set of words.
    pub fn word<T: Copy>(&self, column: &'static str, words: &[(&str, T)]) -> Result<T, RowFault> {
        let text = self.text(column)?;
        let known = words.iter().find(|(word, _)| *word == text);
        known.map(|(_, meaning)| *meaning).ok_or(RowFault::in_column(column, "imports.unknown_word"))
    }

    /// An exact amount: `-1234.5`, or `1.5e+05` as statistics programs write round numbers.
    pub fn amount_minor(&self, column: &'static str, currency: Currency) -> Result<i64, RowFault> {
        let text = self.text(column)?;
        let plain = without_exponent(&text);
        let amount = Money::parse_decimal(plain.as_deref().unwrap_or(&text), currency);
        amount.map(Money::minor).map_err(|error| {
            let code = match error {
                MoneyError::NotANumber => "imports.not_an_amount",
                MoneyError::TooFine => "imports.amount_too_fine",
                MoneyError::TooLarge => "imports.amount_too_large",
            };
            RowFault::in_column(column, code)
        })
    }

    /// A date written `YYMMDD`, in the century that begins with `first_year`.
    pub fn date_yymmdd(&self, column: &'static str, first_year: i32) -> Result<NaiveDate, RowFault> {
        yymmdd(&self.text(column)?, column, first_year)
    }

    /// The same with a time that is always midnight: `YYMMDD 00:00:00`.
    pub fn date_yymmdd_midnight(&self, column: &'static str, first_year: i32) -> Result<NaiveDate, RowFault> {
        let text = self.text(column)?;
        let day = text.strip_suffix(" 00:00:00").ok_or(RowFault::in_column(column, "imports.not_a_date"))?;
        yymmdd(day, column, first_year)
    }

    /// A date written `YYYY-MM-DD`.
    pub fn date_iso(&self, column: &'static str) -> Result<NaiveDate, RowFault> {
        let text = self.text(column)?;
        let malformed = RowFault::in_column(column, "imports.not_a_date");
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(malformed);
        }
        let number = |range: std::ops::Range<usize>| {
            let part = bytes.get(range)?;
            part.iter()
                .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
        };
        match (number(0..4), number(5..7), number(8..10)) {
            (Some(year), Some(month), Some(day)) => {
                date_of(column, i32::try_from(year).unwrap_or(0), month, day)
            }
            _ => Err(malformed),
        }
    }

    /// A date as people write it: `1988-03-12`, `1988/3/12`, `19880312`, `1988年3月12日`; a midnight behind it says nothing.
    pub fn date_any(&self, column: &'static str) -> Result<NaiveDate, RowFault> {
        let text = self.text(column)?;
        let day = text.strip_suffix("00:00:00").map_or(&*text, |day| day.trim_end_matches([' ', 'T']));
        let malformed = RowFault::in_column(column, "imports.not_a_date");
        let (year, month, day) = if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
            (&day[..4], &day[4..6], &day[6..])
        } else {
            let mut parts = day.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
            match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some(year), Some(month), Some(day), None) => (year, month, day),
                _ => return Err(malformed),
            }
        };
        let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
            let is_number = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u32>().ok().filter(|_| is_number)
        };
        match (number(year, 4..=4), number(month, 1..=2), number(day, 1..=2)) {
            (Some(year), Some(month), Some(day)) => date_of(column, year.cast_signed(), month, day),
            _ => Err(malformed),
        }
    }

    fn bytes(&self, column: &'static str) -> Result<&'r [u8], RowFault> {
        let at = self.shape.columns.iter().position(|name| *name == column);
        let place = at.and_then(|at| self.places.get(at));
        if place == Some(&ABSENT) {
            return Ok(b"");
        }
        place
            .and_then(|place| self.record.get(*place))
            .map(|field| field.strip_suffix(b"\r").unwrap_or(field))
            .ok_or(RowFault::in_column(column, "imports.column_missing"))
    }
}

fn yymmdd(text: &str, column: &'static str, first_year: i32) -> Result<NaiveDate, RowFault> {
    let [y1, y2, m1, m2, d1, d2] =
        digits_of::<6>(text).ok_or(RowFault::in_column(column, "imports.not_a_date"))?;
    let pair = |tens: u8, ones: u8| u32::from(tens) * 10 + u32::from(ones);
    date_of(column, first_year + i32::from(y1) * 10 + i32::from(y2), pair(m1, m2), pair(d1, d2))
}

fn date_of(column: &'static str, year: i32, month: u32, day: u32) -> Result<NaiveDate, RowFault> {
    NaiveDate::from_ymd_opt(year, month, day)
        .filter(|date| YEARS.contains(&date.year()))
        .ok_or(RowFault::in_column(column, "imports.date_impossible"))
}

fn digits_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|byte| byte - b'0'))
}

/// `1.5e+05` as `150000`, by moving the point: exactly, without a float. `None` where there is no exponent, or one that is not
/// a small whole number.
fn without_exponent(text: &str) -> Option<String> {
    const EXPONENT_MAX: usize = 18;
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if exponent > EXPONENT_MAX || whole.is_empty() || !fraction.is_ascii() {
        return None;
    }
    let padded = format!("{fraction:0<exponent$}");
    let (moved, rest) = padded.split_at(exponent);
    Some(if rest.is_empty() {
        format!("{sign}{whole}{moved}")
    } else {
        format!("{sign}{whole}{moved}.{rest}")
    })
}

#[cfg(test)]
mod tests {
    use csv::ByteRecord;

    use super::{super::Encoding, super::Shape, *};

    const COLUMNS: &[&str] = &["name", "amount", "day"];

    /// A row whose columns stand in another order than the shape's.
    fn with_row<T>(fields: [&[u8]; 3], encoding: Encoding, look: impl FnOnce(&Row<'_>) -> T) -> T {
        let [name, amount, day] = fields;
        let record = ByteRecord::from(vec![day, name, amount]);
        let shape = Shape { encoding, ..Shape::delimited_by(b';', COLUMNS) };
        look(&Row { record: &record, shape: &shape, places: &[1, 2, 0], line: 2, number: 1 })
    }

    fn code<T>(result: Result<T, RowFault>) -> Option<&'static str> {
        result.err().map(|fault| fault.code)
    }

    #[test]
    fn a_text_has_a_bound_and_one_encoding() {
        let of = |text: &[u8], encoding| {
            with_row([text, b"", b""], encoding, |row| {
                row.text("name").map(Cow::into_owned).map_err(|fault| fault.code)
            })
        };
        let longest = "界".repeat(FIELD_CHARS_MAX);
        assert_eq!(of(longest.as_bytes(), Encoding::Utf8).as_deref(), Ok(longest.as_str()));
        assert_eq!(of((longest + "界").as_bytes(), Encoding::Utf8), Err("imports.text_too_long"));
        assert_eq!(of(b"\xd5\xc5\xb4\xc2", Encoding::Gb18030).as_deref(), Ok("张绰"));
        assert_eq!(of(b"\xd5\xc5", Encoding::Utf8), Err("imports.not_in_encoding"));
        assert_eq!(of(b"\x8ee\xef", Encoding::Windows1250).as_deref(), Ok("Žeď"));
        assert_eq!(of(b" two  words \r", Encoding::Utf8).as_deref(), Ok("two  words"));
        assert_eq!(of(b"two\nlines", Encoding::Utf8), Err("imports.control_character"));
    }

    #[test]
    fn a_number_is_digits() {
        let of = |text: &[u8]| with_row([b"", text, b""], Encoding::Utf8, |row| row.integer::<i16>("amount"));
        assert_eq!((of(b"-12"), of(b"32767")), (Ok(-12), Ok(32_767)));
        assert_eq!(code(of(b"32768")), Some("imports.not_a_number"));
        assert_eq!(code(of(b"+1")), Some("imports.not_a_number"));
        assert_eq!(code(of(b"1.0")), Some("imports.not_a_number"));
        assert_eq!(code(of(b" ")), Some("imports.empty"));
    }

    #[test]
    fn an_amount_is_exact() {
        let of = |text: &[u8]| {
            with_row([b"", text, b""], Encoding::Utf8, |row| row.amount_minor("amount", Currency::CZK))
        };
        assert_eq!((of(b"3372.70"), of(b"-0.5"), of(b"1e+05")), (Ok(337_270), Ok(-50), Ok(10_000_000)));
        assert_eq!(code(of(b"0.005")), Some("imports.amount_too_fine"));
        assert_eq!(code(of(b"1e-05")), Some("imports.not_an_amount"));
        assert_eq!(code(of(b"99999999999999999999")), Some("imports.amount_too_large"));
    }

    #[test]
    fn a_date_exists() {
        let of = |text: &[u8], read: fn(&Row<'_>) -> Result<NaiveDate, RowFault>| {
            with_row([b"", b"", text], Encoding::Utf8, read).map(|date| date.to_string())
        };
        let short = |row: &Row<'_>| row.date_yymmdd("day", 1900);
        let midnight = |row: &Row<'_>| row.date_yymmdd_midnight("day", 1900);
        let iso = |row: &Row<'_>| row.date_iso("day");
        assert_eq!(of(b"000229", short).as_deref().map_err(|f| f.code), Err("imports.date_impossible"));
        assert_eq!(of(b"960229", short).as_deref(), Ok("1996-02-29"));
        assert_eq!(of(b"931107 00:00:00", midnight).as_deref(), Ok("1993-11-07"));
        assert_eq!(code(of(b"931107 12:00:00", midnight)), Some("imports.not_a_date"));
        assert_eq!(of(b"1998-12-05", iso).as_deref(), Ok("1998-12-05"));
        assert_eq!(code(of(b"1998-13-05", iso)), Some("imports.date_impossible"));
        assert_eq!(code(of(b"0098-12-05", iso)), Some("imports.date_impossible"));
        assert_eq!(code(of(b"98-12-05", iso)), Some("imports.not_a_date"));
        assert_eq!(code(of("１998-12-0".as_bytes(), iso)), Some("imports.not_a_date"));
    }

    #[test]
    fn a_date_is_read_however_people_write_it() {
        let of = |text: &str| {
            with_row([b"", b"", text.as_bytes()], Encoding::Utf8, |row| row.date_any("day"))
                .map(|date| date.to_string())
                .map_err(|fault| fault.code)
        };
        for text in
            ["1988-03-12", "1988/3/12", "19880312", "1988年3月12日", "1988.03.12", "1988-03-12 00:00:00"]
        {
            assert_eq!(of(text).as_deref(), Ok("1988-03-12"), "{text}");
        }
        for text in
            ["12/03/1988", "1988-03", "1988-3-12-1", "880312", "1988-03-12 01:00:00", "年月日", "1988-+3-12"]
        {
            assert_eq!(of(text), Err("imports.not_a_date"), "{text}");
        }
        assert_eq!(of("1988-02-30"), Err("imports.date_impossible"));
    }

    #[test]
    fn an_exponent_moves_the_point() {
        for (text, plain) in [
            ("1e+05", Some("100000")),
            ("-1.25e1", Some("-12.5")),
            ("1.5e+05", Some("150000")),
            ("12E0", Some("12")),
            ("1e-05", None),
            ("1e", None),
            ("e5", None),
            ("1e99", None),
            ("100", None),
        ] {
            assert_eq!(without_exponent(text).as_deref(), plain, "{text}");
        }
    }
}

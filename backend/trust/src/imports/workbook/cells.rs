//! A cell as the text that somebody typed.

use chrono::{Days, NaiveDate};

use super::parts::Parts;

/// Digits that a spreadsheet keeps of a number; a longer one has lost its end.
const DIGITS_KEPT: usize = 15;
const SECONDS_PER_DAY: f64 = 86_400.0;
/// 9999-12-31, the last day that a spreadsheet has.
const DAYS_MAX: f64 = 2_958_465.0;

/// A cell under way.
#[derive(Debug, Default)]
pub(super) struct CellText {
    /// As the sheet says; empty for a number.
    pub kind: String,
    pub style: usize,
    pub has_formula: bool,
    pub text: String,
}

impl CellText {
    /// The text, or why there is none.
    pub(super) fn read(&self, parts: &Parts) -> Result<String, &'static str> {
        if self.has_formula {
            return Err("imports.formula_cell");
        }
        match self.kind.as_str() {
            "s" => {
                let at = self.text.trim().parse::<usize>().ok();
                at.and_then(|at| parts.texts.get(at)).map(ToOwned::to_owned).ok_or("imports.cell_unreadable")
            }
            "b" => Ok(if self.text.trim() == "1" { "true" } else { "false" }.to_owned()),
            "e" => Err("imports.error_cell"),
            "inlineStr" | "str" | "d" => Ok(self.text.clone()),
            "" | "n" => {
                let is_date = parts.is_date.get(self.style).copied().unwrap_or(false);
                let text = self.text.trim();
                match (text.is_empty(), is_date) {
                    (true, _) => Ok(String::new()),
                    (false, true) => date(text, parts.is_1904),
                    (false, false) => number(text),
                }
            }
            _ => Err("imports.cell_unreadable"),
        }
    }
}

/// A number as it was typed: exactly, and only where nothing of it was lost.
fn number(text: &str) -> Result<String, &'static str> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent: i32 = exponent.parse().map_err(|_| "imports.cell_unreadable")?;
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || exponent.abs() > 60 {
        return Err("imports.cell_unreadable");
    }
    let point = i32::try_from(whole.len()).unwrap_or(i32::MAX).saturating_add(exponent);
    let all = format!("{whole}{fraction}");
    // 0.1 + 0.2 is stored as 0.30000000000000004: what is beyond the digits that are kept was never typed.
    let significant = all.trim_start_matches('0').trim_end_matches('0').len();
    if significant > DIGITS_KEPT && fraction.is_empty() && exponent == 0 {
        return Err("imports.number_lost_digits");
    }
    if point > 0 && point.unsigned_abs() as usize > DIGITS_KEPT + 2 {
        return Err("imports.number_lost_digits");
    }
    let (whole, fraction) = split(&all, point);
    let kept = DIGITS_KEPT.saturating_sub(whole.trim_start_matches('0').len());
    let fraction = rounded(&fraction, kept);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// The digits before and behind the point.
fn split(digits: &str, point: i32) -> (String, String) {
    match usize::try_from(point) {
        Err(_) | Ok(0) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
        Ok(point) if point >= digits.len() => {
            (format!("{digits}{}", "0".repeat(point - digits.len())), String::new())
        }
        Ok(point) => (digits[..point].to_owned(), digits[point..].to_owned()),
    }
}

/// A fraction of so many digits at most, without zeros at its end. One that would have to carry is left as it is.
fn rounded(fraction: &str, kept: usize) -> String {
    let (short, rest) = fraction.split_at(kept.min(fraction.len()));
    if !rest.starts_with(['5', '6', '7', '8', '9']) {
        return short.trim_end_matches('0').to_owned();
    }
    let mut digits = short.as_bytes().to_vec();
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return String::from_utf8_lossy(&digits).trim_end_matches('0').to_owned();
        }
    }
    fraction.to_owned()
}

/// `1988-03-12`, with the time where there is one.
fn date(text: &str, is_1904: bool) -> Result<String, &'static str> {
    let fault = "imports.date_impossible";
    let days: f64 = text.parse().map_err(|_| fault)?;
    if !(0.0..=DAYS_MAX).contains(&days) {
        return Err(fault);
    }
    // Day 60 is 1900-02-29, which never was: days before count from one day later.
    let first = match (is_1904, days < 60.0) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1),
        (false, true) => NaiveDate::from_ymd_opt(1899, 12, 31),
        (false, false) => NaiveDate::from_ymd_opt(1899, 12, 30),
    };
    let mut whole = days.trunc() as u64;
    let mut seconds = ((days - days.trunc()) * SECONDS_PER_DAY).round() as u64;
    if seconds >= 86_400 {
        whole += 1;
        seconds = 0;
    }
    let day = first.and_then(|first| first.checked_add_days(Days::new(whole))).ok_or(fault)?;
    if seconds == 0 {
        return Ok(day.to_string());
    }
    Ok(format!("{day}T{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_what_was_typed() {
        for (stored, typed) in [
            ("13800005678", Ok("13800005678")),
            ("1.3800005678E10", Ok("13800005678")),
            ("0.30000000000000004", Ok("0.3")),
            ("1234.5600000000001", Ok("1234.56")),
            ("-12.50", Ok("-12.5")),
            ("1E-2", Ok("0.01")),
            ("0", Ok("0")),
            ("100", Ok("100")),
            ("3.3010619880312399E+17", Err("imports.number_lost_digits")),
            ("330106198803123990", Err("imports.number_lost_digits")),
            ("NaN", Err("imports.cell_unreadable")),
            ("1e999", Err("imports.cell_unreadable")),
        ] {
            assert_eq!(number(stored).as_deref().map_err(|code| *code), typed, "{stored}");
        }
    }

    #[test]
    fn a_date_is_a_count_of_days() {
        for (days, is_1904, typed) in [
            ("32214", false, "1988-03-12"),
            ("1", false, "1900-01-01"),
            ("61", false, "1900-03-01"),
            ("0", true, "1904-01-01"),
            ("46328.5", false, "2026-11-02T12:00:00"),
            ("46328.999999", false, "2026-11-03"),
        ] {
            assert_eq!(date(days, is_1904).as_deref(), Ok(typed), "{days}");
        }
        for days in ["-1", "inf", "NaN", "99999999", "x"] {
            assert!(date(days, false).is_err(), "{days}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_them_panic(text in "[-+0-9.eE]{0,40}|.{0,12}") {
            let _ = (number(&text), date(&text, false), date(&text, true));
        }

        #[test]
        fn whole_numbers_of_fifteen_digits_stay(n in -999_999_999_999_999_i64..=999_999_999_999_999) {
            prop_assert_eq!(number(&n.to_string()), Ok(n.to_string()));
        }
    }
}

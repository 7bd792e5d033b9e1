//! A value of an exported row, and what keeps a text from being taken for a formula.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

/// One value. Numbers are never quoted, texts may be anything that somebody once typed.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(i64),
    Decimal(f64),
    Truth(bool),
}

impl Cell {
    pub fn day(on: impl Into<Option<NaiveDate>>) -> Self {
        on.into().map_or(Self::Empty, |on| Self::Text(on.to_string()))
    }

    pub fn moment(at: impl Into<Option<DateTime<Utc>>>) -> Self {
        at.into().map_or(Self::Empty, |at| Self::Text(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()))
    }

    /// Anything that is written as its own text: ids, words.
    pub fn shown(value: Option<impl std::fmt::Display>) -> Self {
        value.map_or(Self::Empty, |value| Self::Text(value.to_string()))
    }

    /// A word of a vocabulary, without making a new text of it by way of its formatter.
    pub fn word(word: Option<&'static str>) -> Self {
        word.map_or(Self::Empty, |word| Self::Text(word.to_owned()))
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Decimal(number)
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// What makes a spreadsheet calculate: also the wide forms, and what a spreadsheet drops before it looks.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text with a quote before it where a spreadsheet would take it for a formula.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA_STARTS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_calculated_is_quoted() {
        for text in
            ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=HYPERLINK(\"http://x\")"]
        {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "沈嘉怡", "1-1", "a=b", "'=1", " x"] {
            assert_eq!(harmless(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_begins_a_formula_and_every_text_can_be_had_back(text in ".*") {
            let written = harmless(&text);
            prop_assert!(!written.starts_with(FORMULA_STARTS));
            prop_assert!(*written == text || written.strip_prefix('\'') == Some(text.as_str()));
        }
    }
}

//! A value of an exported row.

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

//! Keyset pages: one shape for every list, an opaque cursor over a unique sort, never an offset.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use crate::years;

/// Rows a page holds when the caller does not say.
pub const PAGE_LIMIT_DEFAULT: u16 = 50;
/// Rows a page holds at most.
pub const PAGE_LIMIT_MAX: u16 = 200;
/// Counting stops here: "10,001" means "more than 10,000".
pub const COUNT_MAX: i64 = 10_001;

/// One page of a list and where the next one starts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass as `after` to read on; null on the last page.
    pub next: Option<String>,
    /// Only with `count=true`; 10001 means "more than 10,000".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with `limit.fetch()`: the surplus row only proves that there are more.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: PageLimit, key_of: impl Fn(&T) -> K) -> Self {
        let has_more = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let next = if has_more { rows.last().map(|row| Cursor::encode(&key_of(row))) } else { None };
        Self { items: rows, next, count: None }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next, count: self.count }
    }
}

/// A page size between 1 and [`PAGE_LIMIT_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit(u16);

impl PageLimit {
    pub fn parse(rows: Option<u16>) -> Option<Self> {
        match rows {
            None => Some(Self(PAGE_LIMIT_DEFAULT)),
            Some(n) if (1..=PAGE_LIMIT_MAX).contains(&n) => Some(Self(n)),
            Some(_) => None,
        }
    }

    /// Rows that are read at a time where a whole list is written into a file: no caller chooses them.
    pub fn of_file(rows: u16) -> Self {
        Self(rows.max(1))
    }

    pub fn rows(self) -> usize {
        usize::from(self.0)
    }

    /// One more than asked for, to learn whether there is a next page.
    pub fn fetch(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Default for PageLimit {
    fn default() -> Self {
        Self(PAGE_LIMIT_DEFAULT)
    }
}

/// An opaque position in a sorted list.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Cursor;

impl Cursor {
    pub fn encode<K: Serialize>(key: &K) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
    }

    /// `None` when the text was not made by [`Cursor::encode`] for the same key type.
    pub fn decode<K: DeserializeOwned>(text: &str) -> Option<K> {
        let key: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        if is_askable(&key) { serde_json::from_value(key).ok() } else { None }
    }
}

/// Whether the database can be asked for it at all.
fn is_askable(key: &Value) -> bool {
    match key {
        Value::String(text) => !text.contains('\0') && !years::is_beyond(text),
        Value::Array(parts) => parts.iter().all(is_askable),
        Value::Object(parts) => parts.values().all(is_askable),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_without_a_cursor_and_goes_on_with_one() {
        let limit = PageLimit::parse(Some(2)).unwrap();
        let more = Page::cut(vec![1, 2, 3], limit, |n| *n);
        assert_eq!((more.items, Cursor::decode::<i32>(&more.next.unwrap())), (vec![1, 2], Some(2)));
        assert_eq!(Page::cut(vec![1, 2], limit, |n| *n).next, None);
    }

    #[test]
    fn limits_are_refused_one_past_the_bound() {
        assert!(PageLimit::parse(Some(0)).is_none());
        assert!(PageLimit::parse(Some(1)).is_some());
        assert!(PageLimit::parse(Some(PAGE_LIMIT_MAX)).is_some());
        assert!(PageLimit::parse(Some(PAGE_LIMIT_MAX + 1)).is_none());
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        assert_eq!(Cursor::decode::<(String, i64)>("%%%"), None);
        assert_eq!(Cursor::decode::<i64>(&Cursor::encode(&"text")), None);
        for text in ["a\0b", "-262143-01-01T00:00:00Z"] {
            assert_eq!(Cursor::decode::<(i64, Vec<String>)>(&Cursor::encode(&(1, [text]))), None, "{text}");
        }
    }
}

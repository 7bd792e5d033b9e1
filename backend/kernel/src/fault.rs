//! Errors in business words. A slice says *what kind* of trouble it met; only `web::problem` knows status codes.

use serde_json::{Map, Value};

/// What the caller can do about a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The input cannot be understood at all (malformed).
    Malformed,
    /// The input is understood but not acceptable; `fields` says where.
    Invalid,
    /// Nobody is signed in, or the session has ended.
    Unauthenticated,
    /// The caller may never do this.
    Forbidden,
    /// It does not exist, or not for this caller.
    Missing,
    /// It contradicts what is there now.
    Conflict,
    /// The caller's copy is stale (`If-Match`).
    Stale,
    /// `If-Match` is required.
    Unconditional,
    /// Too many attempts; `params.retry_after_seconds` says when.
    TooMany,
    /// A part of the bank is not reachable; trying again later helps.
    Busy,
    /// The body is larger than the house reads.
    TooLarge,
    /// The body is of a kind this operation does not read.
    UnsupportedMedia,
    /// Our own mistake. Logged with its source, shown as a neutral sentence.
    Internal,
}

/// One field that is wrong: a JSON pointer, a stable code, and parameters for the sentence the client words.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldFault {
    pub pointer: String,
    pub code: String,
    pub params: Map<String, Value>,
}

impl FieldFault {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), params: Map::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// Every error that may leave a slice.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    fn kind(&self) -> Kind;
    /// Stable, translated by the client: `slice.reason`.
    fn code(&self) -> &str;
    /// Parameters for the client's sentence. Never personal data.
    fn params(&self) -> Map<String, Value> {
        Map::new()
    }
    fn fields(&self) -> Vec<FieldFault> {
        Vec::new()
    }
}

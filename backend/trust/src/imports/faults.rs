use kernel::{Fault, Kind};
use platform::{DbError, jobs::JobError, vault::VaultError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ImportReport;

/// Row errors that a report keeps; all are counted.
pub(super) const ERRORS_KEPT: usize = 1_000;

/// Why one row is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFault {
    /// `None` when it is the row as a whole.
    pub column: Option<&'static str>,
    /// `slice.reason`
    pub code: &'static str,
}

impl RowFault {
    pub fn in_column(column: &'static str, code: &'static str) -> Self {
        Self { column: Some(column), code }
    }

    pub fn of_row(code: &'static str) -> Self {
        Self { column: None, code }
    }
}

/// One refused row. It says where and why, not what: a value may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowError {
    pub file: String,
    /// Counted from 1, the header's line; 0 when the file could not be opened.
    pub line: u64,
    pub column: Option<String>,
    pub code: String,
}

/// The refused rows of an import: counted all, kept in part.
#[derive(Debug)]
pub(super) struct RowErrors {
    kept: Vec<RowError>,
    kept_max: usize,
    count: u64,
    /// Whether a file could not be read to its end. No tolerance covers that.
    is_fatal: bool,
}

impl Default for RowErrors {
    fn default() -> Self {
        Self { kept: Vec::new(), kept_max: ERRORS_KEPT, count: 0, is_fatal: false }
    }
}

impl RowErrors {
    pub(super) fn keeping(kept_max: usize) -> Self {
        Self { kept_max, ..Self::default() }
    }

    /// How many more can be told one by one.
    pub(super) fn room(&self) -> usize {
        self.kept_max - self.kept.len()
    }

    /// Counts refused rows of which only some are told one by one.
    pub(super) fn note_uncounted(&mut self, more: u64) {
        self.count += more;
    }

    pub(super) fn note(&mut self, file: &str, line: u64, fault: RowFault) {
        self.count += 1;
        if self.kept.len() < self.kept_max {
            let column = fault.column.map(str::to_owned);
            self.kept.push(RowError { file: file.to_owned(), line, column, code: fault.code.to_owned() });
        }
    }

    pub(super) fn note_fatal(&mut self, file: &str, line: u64, fault: RowFault) {
        self.is_fatal = true;
        self.note(file, line, fault);
    }

    pub(super) fn exceed(&self, tolerated: u64) -> bool {
        self.is_fatal || self.count > tolerated
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn kept(&self) -> &[RowError] {
        &self.kept
    }
}

/// Why an import did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Too many rows were refused, or a file can't be read; nothing was changed.
    #[error("{} rows were refused, so nothing was imported", .0.refused)]
    Refused(Box<ImportReport>),
    #[error("another import of this source is running")]
    AlreadyRunning,
    #[error("the import was cancelled; the steps it had finished stay")]
    Cancelled,
    #[error("no data keys could be made: {0}")]
    Vault(#[from] VaultError),
    #[error("reading ended unexpectedly")]
    ReaderLost,
    #[error("the database: {0}")]
    Db(#[from] DbError),
}

impl Fault for ImportError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(_) => Kind::Invalid,
            Self::AlreadyRunning => Kind::Busy,
            Self::Cancelled => Kind::Conflict,
            Self::Vault(_) | Self::ReaderLost => Kind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Refused(_) => "imports.refused",
            Self::AlreadyRunning => "imports.already_running",
            Self::Cancelled => "jobs.cancelled",
            Self::Vault(_) | Self::ReaderLost => "internal",
            Self::Db(error) => error.code(),
        }
    }
}

impl From<ImportError> for JobError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Db(error) => error.into(),
            ImportError::Cancelled => Self::cancelled(),
            ImportError::Refused(ref report) => {
                let result = serde_json::to_value(report).unwrap_or_default();
                Self::permanent(error.code()).with_result(result)
            }
            ImportError::AlreadyRunning => {
                Self { is_retryable: true, ..Self::permanent(error.code().to_owned()) }
            }
            ImportError::Vault(_) | ImportError::ReaderLost => Self::permanent(error.code().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_counted_and_the_first_thousand_kept() {
        let mut errors = RowErrors::default();
        for line in 2..3_002 {
            errors.note("loan.csv", line, RowFault::in_column("amount", "imports.not_an_amount"));
        }
        assert_eq!((errors.count(), errors.kept().len()), (3_000, ERRORS_KEPT));
        assert_eq!(errors.kept().last().map(|error| error.line), Some(1_001));
        assert!(errors.exceed(2_999) && !errors.exceed(3_000));
        errors.note_fatal("loan.csv", 3_002, RowFault::of_row("imports.gzip_truncated"));
        assert!(errors.exceed(u64::MAX));
    }
}

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RowError;

/// What was read of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileReport {
    pub file: String,
    pub rows_read: u64,
    pub refused: u64,
    /// Of the file's own bytes; empty when it was not read to its end.
    pub sha256: String,
}

/// What became of the rows that were staged for one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TableReport {
    pub step: String,
    pub table: String,
    pub staged: u64,
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
}

/// What an import did, or, on a dry run or a refusal, would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    pub source: String,
    pub is_dry_run: bool,
    pub rows_read: u64,
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub refused: u64,
    pub files: Vec<FileReport>,
    pub tables: Vec<TableReport>,
    /// The first thousand; `refused` counts all.
    pub errors: Vec<RowError>,
}

impl ImportReport {
    /// Whether anything was, or on a dry run would be, written.
    pub fn is_unchanged(&self) -> bool {
        self.inserted == 0 && self.updated == 0
    }
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};

use super::Media;
use crate::{
    DbError,
    ids::{FileId, StaffId},
    jobs::JobError,
    schema::files,
    vault::VaultError,
};

crate::vocabulary! {
    /// What a file is there for.
    pub enum FilePurpose {
        Import = "import",
        ImportErrors = "import_errors",
        Export = "export",
        Evidence = "evidence",
    }
}

/// A file that is about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'n> {
    pub purpose: FilePurpose,
    /// As whoever downloads it sees it.
    pub name: &'n str,
    pub created_by: Option<StaffId>,
    pub bytes_max: u64,
    /// When it goes by itself; `None` where something else ends it.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What is known of a file besides its content.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = files)]
pub struct StoredFile {
    pub file_id: FileId,
    pub purpose: FilePurpose,
    pub name: String,
    /// Told from the first bytes, whatever the uploader said.
    pub media: Option<Media>,
    pub byte_count: i64,
    pub chunk_count: i32,
    pub sha256: Option<Vec<u8>>,
    pub created_by: Option<StaffId>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl StoredFile {
    /// The digest of the plain content; empty while it is written.
    pub fn sha256_hex(&self) -> String {
        self.sha256.as_ref().map(hex::encode).unwrap_or_default()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It was never there, is still being written, or has expired.
    #[error("there is no such file any more")]
    Gone,
    #[error("the file is larger than {bytes_max} bytes")]
    TooLarge { bytes_max: u64 },
    /// A chunk is missing or does not open in its place.
    #[error("the file is damaged")]
    Broken,
    #[error("the file's key: {0}")]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for FileError {
    fn kind(&self) -> Kind {
        match self {
            Self::Gone => Kind::Missing,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::Broken | Self::Vault(_) => Kind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Gone => "files.gone",
            Self::TooLarge { .. } => "files.too_large",
            Self::Broken | Self::Vault(_) => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::TooLarge { bytes_max } => {
                serde_json::Map::from_iter([("bytes_max".to_owned(), (*bytes_max).into())])
            }
            _ => serde_json::Map::new(),
        }
    }
}

impl From<FileError> for JobError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Db(error) => error.into(),
            other => Self::permanent(other.code().to_owned()),
        }
    }
}

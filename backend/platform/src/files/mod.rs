//! Files of the house: uploads, what an import refused, what an export wrote, evidence.
//!
//! A file lies in the database as sealed chunks of one size, so that it is written and read in bounded memory, backed up with
//! everything else, and never on a server's own disk. Each has a key of its own; deleting the row ends the content. Who may
//! read which is the business of the slice that keeps its id.

mod blocking;
mod media;
mod model;
mod reader;
mod repo;
mod rewrap;
mod writer;

pub use blocking::BlockingFile;
pub use media::Media;
pub use model::{FileError, FilePurpose, NewFile, StoredFile};
pub use reader::FileReader;
pub use repo::{delete, delete_expired, find};
pub use rewrap::{counts_by_master_key, rewrap};
pub use writer::FileWriter;

use crate::{Db, ids::FileId, vault::Vault};

/// Plain bytes of every chunk but the last.
pub const CHUNK_BYTES: usize = 256 << 10;

/// The way to files. Clones share it.
#[derive(Clone)]
pub struct Files {
    db: Db,
    vault: Vault,
}

impl Files {
    pub fn new(db: Db, vault: Vault) -> Self {
        Self { db, vault }
    }

    /// Begins a file. It is there for others once its writer has finished.
    pub async fn create(&self, new: NewFile<'_>) -> Result<FileWriter, FileError> {
        FileWriter::begin(self, new).await
    }

    /// Ends a file that nobody was told of yet.
    pub async fn discard(&self, file_id: FileId) -> Result<(), FileError> {
        Ok(repo::discard(&*self.db.read().await?, file_id).await?)
    }

    /// A finished file from its beginning.
    pub async fn reader(&self, file_id: FileId) -> Result<FileReader, FileError> {
        FileReader::of(self, file_id).await
    }
}

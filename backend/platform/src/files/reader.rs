//! A file as it is read: a chunk at a time, from the beginning or from anywhere.

use bytes::Bytes;
use futures_util::stream::{Stream, try_unfold};

use super::{BlockingFile, FileError, Files, StoredFile, repo};
use crate::{
    ids::FileId,
    vault::{FileKey, VaultError},
};

/// Reads one finished file.
pub struct FileReader {
    files: Files,
    key: FileKey,
    file: StoredFile,
    next: i32,
}

impl FileReader {
    pub(super) async fn of(files: &Files, file_id: FileId) -> Result<Self, FileError> {
        let conn = files.db.read().await?;
        let file = repo::find(&conn, file_id, files.db.clock().now()).await?.ok_or(FileError::Gone)?;
        let wrapped = repo::key(&conn, file_id).await?.ok_or(FileError::Gone)?;
        let key = files.vault.unwrap_file_key(&wrapped, file_id.0)?;
        Ok(Self { files: files.clone(), key, file, next: 0 })
    }

    pub fn file(&self) -> &StoredFile {
        &self.file
    }

    /// The next part, until there is none.
    pub async fn next(&mut self) -> Result<Option<Bytes>, FileError> {
        if self.next >= self.file.chunk_count {
            return Ok(None);
        }
        let part = self.chunk(self.next).await?;
        self.next += 1;
        Ok(Some(part.into()))
    }

    /// Part by part, for an answer's body.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, FileError>> {
        try_unfold(self, |mut reader| async move { Ok(reader.next().await?.map(|part| (part, reader))) })
    }

    /// The same for code that can't wait, on a thread of its own. To be called where the runtime is.
    pub fn into_blocking(self) -> BlockingFile {
        BlockingFile::new(self, tokio::runtime::Handle::current())
    }

    pub(super) async fn chunk(&self, chunk_no: i32) -> Result<Vec<u8>, FileError> {
        let conn = self.files.db.read().await?;
        let sealed = repo::chunk(&conn, self.file.file_id, chunk_no).await?.ok_or(FileError::Broken)?;
        drop(conn);
        let is_last = chunk_no + 1 == self.file.chunk_count;
        self.key.open_chunk(chunk_no, is_last, &sealed).map_err(|error| match error {
            VaultError::Broken => FileError::Broken,
            other => other.into(),
        })
    }
}

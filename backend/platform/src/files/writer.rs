//! A file as it is written: a chunk at a time, sealed before it leaves this process.

use aws_lc_rs::digest;

use super::{CHUNK_BYTES, FileError, Files, Media, NewFile, StoredFile, media::HEAD_BYTES, repo};
use crate::{ids::FileId, vault::FileKey};

/// Writes one file. Dropped without [`FileWriter::finish`], it leaves something that nobody can read and a job sweeps up.
pub struct FileWriter {
    files: Files,
    file_id: FileId,
    key: FileKey,
    /// What is not yet written; at most one chunk.
    buffer: Vec<u8>,
    head: Vec<u8>,
    chunks_written: i32,
    bytes: u64,
    bytes_max: u64,
    sha256: digest::Context,
}

impl FileWriter {
    pub(super) async fn begin(files: &Files, new: NewFile<'_>) -> Result<Self, FileError> {
        let clock = files.db.clock();
        let file_id: FileId = clock.new_id();
        let (key, wrapped) = files.vault.new_file_key(file_id.0)?;
        repo::insert(&*files.db.read().await?, file_id, &new, &wrapped, clock.now()).await?;
        Ok(Self {
            files: files.clone(),
            file_id,
            key,
            buffer: Vec::with_capacity(CHUNK_BYTES),
            head: Vec::new(),
            chunks_written: 0,
            bytes: 0,
            bytes_max: new.bytes_max,
            sha256: digest::Context::new(&digest::SHA256),
        })
    }

    pub fn file_id(&self) -> FileId {
        self.file_id
    }

    /// Plain bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds to the file; whole chunks are in the database when this returns.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), FileError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.bytes_max {
            return Err(FileError::TooLarge { bytes_max: self.bytes_max });
        }
        self.sha256.update(bytes);
        let head = bytes.len().min(HEAD_BYTES.saturating_sub(self.head.len()));
        self.head.extend_from_slice(&bytes[..head]);
        while !bytes.is_empty() {
            // A full buffer leaves only when more comes: the last chunk must be known as such.
            if self.buffer.len() == CHUNK_BYTES {
                self.send(false).await?;
            }
            let (taken, rest) = bytes.split_at(bytes.len().min(CHUNK_BYTES - self.buffer.len()));
            self.buffer.extend_from_slice(taken);
            bytes = rest;
        }
        Ok(())
    }

    /// The file as it is from now on.
    pub async fn finish(mut self) -> Result<StoredFile, FileError> {
        self.send(true).await?;
        let content = repo::Content {
            media: Media::of(&self.head),
            byte_count: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            chunk_count: self.chunks_written,
            sha256: self.sha256.finish().as_ref().to_vec(),
        };
        let now = self.files.db.clock().now();
        let finished = repo::finish(&*self.files.db.read().await?, self.file_id, content, now).await?;
        finished.ok_or(FileError::Gone)
    }

    /// Takes back what was written: nobody wants it any more.
    pub async fn give_up(self) -> Result<(), FileError> {
        Ok(repo::give_up(&*self.files.db.read().await?, self.file_id).await?)
    }

    async fn send(&mut self, is_last: bool) -> Result<(), FileError> {
        let sealed = self.key.seal_chunk(self.chunks_written, is_last, &self.buffer)?;
        let conn = self.files.db.read().await?;
        repo::insert_chunk(&conn, self.file_id, self.chunks_written, &sealed).await?;
        self.chunks_written += 1;
        self.buffer.clear();
        Ok(())
    }
}

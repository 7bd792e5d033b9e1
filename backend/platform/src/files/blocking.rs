//! A file for parsers that read and seek as on a disk. One chunk is in memory at a time.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

use tokio::runtime::Handle;

use super::{CHUNK_BYTES, FileReader};

/// Lives on a thread that may wait; never on one that answers requests.
pub struct BlockingFile {
    reader: FileReader,
    runtime: Handle,
    position: u64,
    /// The chunk that was read last, and its number.
    held: Option<(i32, Vec<u8>)>,
}

impl BlockingFile {
    pub(super) fn new(reader: FileReader, runtime: Handle) -> Self {
        Self { reader, runtime, position: 0, held: None }
    }

    pub fn byte_count(&self) -> u64 {
        self.reader.file().byte_count.unsigned_abs()
    }

    fn hold(&mut self, chunk_no: i32) -> Result<&[u8]> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != chunk_no) {
            let content = self.runtime.block_on(self.reader.chunk(chunk_no)).map_err(Error::other)?;
            self.held = Some((chunk_no, content));
        }
        Ok(self.held.as_ref().map_or(&[], |(_, content)| content.as_slice()))
    }
}

impl Read for BlockingFile {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.position >= self.byte_count() || out.is_empty() {
            return Ok(0);
        }
        let chunk_bytes = CHUNK_BYTES as u64;
        let chunk_no = i32::try_from(self.position / chunk_bytes).map_err(Error::other)?;
        // Smaller than a chunk, so it fits.
        let within = (self.position % chunk_bytes) as usize;
        let content = self.hold(chunk_no)?.get(within..).unwrap_or_default();
        let length = content.len().min(out.len());
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        out[..length].copy_from_slice(&content[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for BlockingFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.byte_count().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

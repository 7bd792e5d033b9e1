//! A source file, plain or gzip, on a disk of the server or uploaded, read with limits and a meter.

use aws_lc_rs::digest;
use flate2::bufread::MultiGzDecoder;
use platform::files::{Files, StoredFile};
use std::{
    cell::{Cell, RefCell},
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// What a name may end in, the first that exists being taken.
const ENDINGS: [&str; 6] = ["csv.gz", "csv", "asc.gz", "asc", "txt.gz", "txt"];
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BUFFER_BYTES: usize = 128 << 10;
/// A quote that is never closed must not draw a whole file into one record.
pub(super) const RECORD_BYTES_MAX: u64 = 1 << 20;

/// One file of a source.
#[derive(Clone)]
pub struct SourceFile {
    /// Without folder, as reports name it.
    pub name: String,
    origin: Origin,
    bytes: u64,
}

#[derive(Clone)]
enum Origin {
    Missing,
    Folder(PathBuf),
    Uploaded(Files, Box<StoredFile>),
}

/// What parsers that jump about in a file need of it.
pub(super) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

impl SourceFile {
    /// `stem` is the name without its ending. A file that is not there says so when it is read.
    pub fn find(folder: &Path, stem: &str) -> Self {
        let found = ENDINGS.iter().find_map(|ending| {
            let path = folder.join(format!("{stem}.{ending}"));
            let metadata = std::fs::metadata(&path).ok()?;
            metadata.is_file().then_some((path, metadata.len(), *ending))
        });
        match found {
            Some((path, bytes, ending)) => {
                Self { name: format!("{stem}.{ending}"), origin: Origin::Folder(path), bytes }
            }
            None => Self { name: format!("{stem}.csv"), origin: Origin::Missing, bytes: 0 },
        }
    }

    /// A file that was uploaded. It is read on a thread of the runtime that may wait.
    pub fn uploaded(files: &Files, file: &StoredFile) -> Self {
        Self {
            name: file.name.clone(),
            bytes: file.byte_count.unsigned_abs(),
            origin: Origin::Uploaded(files.clone(), Box::new(file.clone())),
        }
    }

    pub fn exists(&self) -> bool {
        !matches!(self.origin, Origin::Missing)
    }

    /// The digest that is known before anything is read.
    pub(super) fn known_sha256(&self) -> Option<String> {
        match &self.origin {
            Origin::Uploaded(_, file) => Some(file.sha256_hex()),
            Origin::Missing | Origin::Folder(_) => None,
        }
    }

    fn open_raw(&self) -> io::Result<Box<dyn ReadSeek>> {
        match &self.origin {
            Origin::Missing => Err(io::ErrorKind::NotFound.into()),
            Origin::Folder(path) => Ok(Box::new(File::open(path)?)),
            Origin::Uploaded(files, file) => {
                let reader = tokio::runtime::Handle::current().block_on(files.reader(file.file_id));
                Ok(Box::new(reader.map_err(io::Error::other)?.into_blocking()))
            }
        }
    }

    /// Opens the file for a parser that jumps about in it.
    pub(super) fn open_seekable(&self, meter: &Meter) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(Jumping { file: self.open_raw()?, meter: meter.clone() }))
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Opens the file; whether it is gzip is read from its first bytes, not from its name.
    pub(super) fn open(&self, meter: &Meter) -> io::Result<Opened> {
        let digest = Rc::new(RefCell::new(digest::Context::new(&digest::SHA256)));
        let metered = Metered { file: self.open_raw()?, meter: meter.clone(), digest: digest.clone() };
        let mut raw = BufReader::with_capacity(BUFFER_BYTES, metered);
        let is_gzip = raw.fill_buf()?.starts_with(&GZIP_MAGIC);
        let text: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
        let record_bytes = Rc::new(Cell::new(0));
        Ok(Opened { text: Bounded { text, record_bytes: record_bytes.clone() }, record_bytes, digest })
    }
}

pub(super) struct Opened {
    pub text: Bounded,
    /// Set to 0 before each record.
    pub record_bytes: Rc<Cell<u64>>,
    digest: Rc<RefCell<digest::Context>>,
}

impl Opened {
    /// The digest of the file's own bytes, once it has been read to its end.
    pub(super) fn sha256(digest: &Rc<RefCell<digest::Context>>) -> String {
        hex::encode(digest.borrow().clone().finish())
    }

    pub(super) fn digest(&self) -> Rc<RefCell<digest::Context>> {
        self.digest.clone()
    }
}

/// How many bytes have been read, and whether reading should stop. Shared with whoever tells the progress.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    bytes: Arc<AtomicU64>,
    is_stopped: Arc<AtomicBool>,
}

impl Meter {
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

/// Metered without a digest: what is read twice is counted twice.
struct Jumping {
    file: Box<dyn ReadSeek>,
    meter: Meter,
}

impl Read for Jumping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.meter.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Jumping {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

struct Metered {
    file: Box<dyn ReadSeek>,
    meter: Meter,
    digest: Rc<RefCell<digest::Context>>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.meter.bytes.fetch_add(count as u64, Ordering::Relaxed);
        self.digest.borrow_mut().update(&buffer[..count]);
        Ok(count)
    }
}

/// Refuses to go on when one record has drawn more than [`RECORD_BYTES_MAX`].
pub(super) struct Bounded {
    text: Box<dyn Read>,
    record_bytes: Rc<Cell<u64>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.record_bytes.get() > RECORD_BYTES_MAX {
            return Err(io::Error::other(RecordTooLong));
        }
        let count = self.text.read(buffer)?;
        self.record_bytes.set(self.record_bytes.get() + count as u64);
        Ok(count)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a record is too long")]
struct RecordTooLong;

/// The code of a failure to read.
pub(super) fn code_of(error: &io::Error) -> &'static str {
    if error.get_ref().is_some_and(|inner| inner.is::<RecordTooLong>()) {
        return "imports.record_too_long";
    }
    match error.kind() {
        io::ErrorKind::NotFound => "imports.file_missing",
        io::ErrorKind::UnexpectedEof => "imports.gzip_truncated",
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "imports.gzip_broken",
        _ => "imports.file_unreadable",
    }
}

//! The first sheet of a workbook (Office Open XML), row by row. Of a workbook only what an import can believe is read: texts,
//! numbers and dates as they were typed. A formula is refused, because what it showed is nobody's statement.

mod cells;
mod parts;
mod sheet;
mod xml;

use std::io::{Seek, SeekFrom};

use zip::ZipArchive;

use super::{
    drive::{Sink, Stop},
    source_file::ReadSeek,
};
use parts::Parts;

/// Entries that a workbook's archive may have, and how large its directory may be. A real one has dozens.
const ENTRIES_MAX: u64 = 4_096;
const DIRECTORY_BYTES_MAX: u64 = 4 << 20;
/// How far from the end of an archive its directory's end may be noted.
const END_BYTES: u64 = 22 + 65_535;
const END_MARK: &[u8] = b"PK\x05\x06";

type Archive = ZipArchive<Box<dyn ReadSeek>>;

/// Why a workbook can't be read.
fn unreadable() -> Stop {
    Stop::at(0, "imports.workbook_unreadable")
}

pub(super) fn rows(mut file: Box<dyn ReadSeek>, sink: &mut dyn Sink) -> Result<(), Stop> {
    check_directory(&mut file)?;
    let mut archive = Archive::new(file).map_err(|_| unreadable())?;
    let parts = Parts::read(&mut archive)?;
    sheet::rows(&mut archive, &parts, sink)
}

/// Refuses an archive whose directory alone would fill the memory.
fn check_directory(file: &mut Box<dyn ReadSeek>) -> Result<(), Stop> {
    let mut look = || {
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(END_BYTES)))?;
        let mut end = Vec::new();
        std::io::Read::read_to_end(file, &mut end)?;
        file.seek(SeekFrom::Start(0))?;
        Ok::<_, std::io::Error>(end)
    };
    let end = look().map_err(|_| unreadable())?;
    let at = end.windows(END_MARK.len()).rposition(|bytes| bytes == END_MARK).ok_or_else(unreadable)?;
    let number = |from: usize, bytes: usize| {
        let part = end.get(at + from..at + from + bytes).unwrap_or_default();
        part.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
    };
    // Larger than these are also the marks of the 64-bit format, which no spreadsheet program needs.
    if number(10, 2) > ENTRIES_MAX || number(12, 4) > DIRECTORY_BYTES_MAX {
        return Err(Stop::at(0, "imports.workbook_too_large"));
    }
    Ok(())
}

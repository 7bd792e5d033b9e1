//! A delimited text file as rows with line numbers.

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::{
    FileReport, RowFault, SourceFile,
    faults::RowErrors,
    source_file::{Meter, Opened, code_of},
};

/// Rows that one file may have.
const ROWS_MAX: u64 = 200_000_000;
/// Rows between two looks at whether reading should stop.
const ROWS_PER_LOOK: u64 = 4_096;

/// How a file writes letters. All of these keep delimiter, quote and line end as in ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    /// Also reads GBK and GB 2312.
    Gb18030,
    Windows1250,
}

impl Encoding {
    pub(super) fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Windows1250 => encoding_rs::WINDOWS_1250,
        }
    }
}

/// What a file must look like. Its header line names these columns, in any order, and no others.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub columns: &'static [&'static str],
    /// Below `0`, so that no byte of a multi-byte letter can be mistaken for it; or `;` or a tab.
    pub delimiter: u8,
    pub encoding: Encoding,
}

impl Shape {
    pub const fn delimited_by(delimiter: u8, columns: &'static [&'static str]) -> Self {
        Self { columns, delimiter, encoding: Encoding::Utf8 }
    }
}

/// One row, to be parsed. Its accessors are in `fields.rs`.
pub struct Row<'r> {
    pub(super) record: &'r ByteRecord,
    pub(super) shape: &'r Shape,
    /// Where each of the shape's columns stands in this file.
    pub(super) places: &'r [usize],
    pub line: u64,
}

/// What has been read so far: reports and refused rows of every file.
#[derive(Default)]
pub struct Reading {
    pub(super) errors: RowErrors,
    pub(super) files: Vec<FileReport>,
    pub(super) meter: Meter,
}

impl Reading {
    /// Reads a file to its end and hands each row to `each`; what it refuses is noted and skipped.
    pub fn read(
        &mut self,
        file: &SourceFile,
        shape: &Shape,
        mut each: impl FnMut(&Row<'_>) -> Result<(), RowFault>,
    ) {
        let refused_before = self.errors.count();
        let mut report = FileReport { file: file.name.clone(), ..FileReport::default() };
        if let Err((line, fault)) = self.read_rows(file, shape, &mut report, &mut each) {
            self.errors.note_fatal(&file.name, line, fault);
        }
        report.refused = self.errors.count() - refused_before;
        self.files.push(report);
    }

    /// Refuses a row that was read before, because of something that was read later.
    pub fn refuse(&mut self, file: &SourceFile, line: u64, fault: RowFault) {
        self.errors.note(&file.name, line, fault);
        if let Some(report) = self.files.iter_mut().find(|report| report.file == file.name) {
            report.refused += 1;
        }
    }

    fn read_rows(
        &mut self,
        file: &SourceFile,
        shape: &Shape,
        report: &mut FileReport,
        each: &mut impl FnMut(&Row<'_>) -> Result<(), RowFault>,
    ) -> Result<(), (u64, RowFault)> {
        let opened = file.open(&self.meter).map_err(|error| (0, RowFault::of_row(code_of(&error))))?;
        let (digest, record_bytes) = (opened.digest(), opened.record_bytes.clone());
        let mut reader = ReaderBuilder::new()
            .delimiter(shape.delimiter)
            .has_headers(false)
            .flexible(true)
            // Not the default, which also ends a line at a carriage return and then counts the lines of CRLF files one short.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(opened.text);
        let mut record = ByteRecord::new();
        let mut next = |record: &mut ByteRecord| {
            record_bytes.set(0);
            reader.read_byte_record(record).map_err(|error| {
                let line = reader.position().line();
                (line, RowFault::of_row(code_of_csv(error)))
            })
        };
        if !next(&mut record)? {
            return Err((1, RowFault::of_row("imports.file_empty")));
        }
        let places = places_of(&record, shape).map_err(|fault| (1, fault))?;
        while next(&mut record)? {
            if record.len() == 1 && record.get(0).is_some_and(|field| field == b"\r") {
                continue;
            }
            report.rows_read += 1;
            let line = record.position().map_or(0, csv::Position::line);
            if report.rows_read > ROWS_MAX {
                return Err((line, RowFault::of_row("imports.too_many_rows")));
            }
            if report.rows_read.is_multiple_of(ROWS_PER_LOOK) && self.meter.is_stopped() {
                return Err((line, RowFault::of_row("imports.stopped")));
            }
            let row = Row { record: &record, shape, places: &places, line };
            let parsed = if record.len() == shape.columns.len() {
                each(&row)
            } else {
                Err(RowFault::of_row("imports.column_count"))
            };
            if let Err(fault) = parsed {
                self.errors.note(&file.name, line, fault);
            }
        }
        report.sha256 = Opened::sha256(&digest);
        Ok(())
    }
}

fn code_of_csv(error: csv::Error) -> &'static str {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => code_of(&error),
        _ => "imports.file_unreadable",
    }
}

/// Where each expected column stands.
fn places_of(header: &ByteRecord, shape: &Shape) -> Result<Vec<usize>, RowFault> {
    let names: Vec<String> = header
        .iter()
        .map(|name| shape.encoding.codec().decode_with_bom_removal(name).0.trim().to_owned())
        .collect();
    let places = shape
        .columns
        .iter()
        .map(|column| {
            let mut found = names.iter().enumerate().filter(|(_, name)| name.as_str() == *column);
            let (place, _) = found.next().ok_or(RowFault::in_column(column, "imports.column_missing"))?;
            match found.next() {
                Some(_) => Err(RowFault::in_column(column, "imports.column_twice")),
                None => Ok(place),
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    if names.len() > shape.columns.len() {
        return Err(RowFault::of_row("imports.column_unknown"));
    }
    Ok(places)
}

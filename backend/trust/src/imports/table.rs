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
pub(super) const ROWS_PER_LOOK: u64 = 4_096;

platform::vocabulary! {
    /// How a file writes letters. All of these keep delimiter, quote and line end as in ASCII.
    pub enum Encoding {
        Utf8 = "utf_8",
        /// Also reads GBK and GB 2312.
        Gb18030 = "gb18030",
        Windows1250 = "windows_1250",
    }
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

/// The place of a column that this file does not have and need not have; it reads as empty.
pub(super) const ABSENT: usize = usize::MAX;

/// One row, to be parsed. Its accessors are in `fields.rs`.
pub struct Row<'r> {
    pub(super) record: &'r ByteRecord,
    pub(super) shape: &'r Shape,
    /// Where each of the shape's columns stands in this file.
    pub(super) places: &'r [usize],
    /// Counted from 1, the header's.
    pub line: u64,
    /// Counted from 1, the first below the header; refused rows count too.
    pub number: u64,
}

/// What has been read so far: reports and refused rows of every file.
#[derive(Default)]
pub struct Reading {
    pub(super) errors: RowErrors,
    pub(super) files: Vec<FileReport>,
    pub(super) meter: Meter,
}

impl Reading {
    /// Keeps so many refused rows one by one.
    pub(super) fn keeping(errors: usize) -> Self {
        Self { errors: RowErrors::keeping(errors), ..Self::default() }
    }

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
        // The line on which the record begins, or `None` at the end of the file.
        let mut next = |record: &mut ByteRecord| {
            record_bytes.set(0);
            match reader.read_byte_record(record) {
                Ok(is_there) => Ok(is_there.then(|| line_of(record, reader.position().line()))),
                Err(error) => Err((reader.position().line(), RowFault::of_row(code_of_csv(error)))),
            }
        };
        if next(&mut record)?.is_none() {
            return Err((1, RowFault::of_row("imports.file_empty")));
        }
        let places = places_of(&record, shape).map_err(|fault| (1, fault))?;
        while let Some(line) = next(&mut record)? {
            if record.len() == 1 && record.get(0).is_some_and(|field| field == b"\r") {
                continue;
            }
            report.rows_read += 1;
            if report.rows_read > ROWS_MAX {
                return Err((line, RowFault::of_row("imports.too_many_rows")));
            }
            if report.rows_read.is_multiple_of(ROWS_PER_LOOK) && self.meter.is_stopped() {
                return Err((line, RowFault::of_row("imports.stopped")));
            }
            let row = Row { record: &record, shape, places: &places, line, number: report.rows_read };
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

/// A record's position is where the reader began to look for it, which is before any empty lines; so it is also counted back
/// from where the record ended.
pub(super) fn line_of(record: &ByteRecord, next_line: u64) -> u64 {
    let first = record.position().map_or(0, csv::Position::line);
    if next_line <= first + 1 {
        return first;
    }
    let within = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
    first.max(next_line.saturating_sub(1 + within))
}

pub(super) fn code_of_csv(error: csv::Error) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape::delimited_by(b';', &["id", "word"]);

    fn read(name: &str, bytes: &[u8]) -> (Vec<(u64, String)>, Vec<String>) {
        let folder = std::env::temp_dir().join(format!("cardea-table-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("words.csv"), bytes).unwrap();
        let mut reading = Reading::default();
        let mut rows = Vec::new();
        reading.read(&SourceFile::find(&folder, "words"), &SHAPE, |row| {
            rows.push((row.line, row.required("word")?));
            Ok(())
        });
        std::fs::remove_dir_all(&folder).unwrap();
        let kept = reading.errors.kept().iter();
        (rows, kept.map(|error| format!("{} {}", error.line, error.code)).collect())
    }

    fn words(rows: &[(u64, &str)]) -> Vec<(u64, String)> {
        rows.iter().map(|(line, word)| (*line, (*word).to_owned())).collect()
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for (name, end) in [("lf", "\n"), ("crlf", "\r\n")] {
            let text =
                ["id;word", "1;one", "", "2;\"two", "lines\"", "3;", "4;four;five", "5;\"five\""].join(end);
            let (rows, errors) = read(name, text.as_bytes());
            assert_eq!(rows, words(&[(2, "one"), (8, "five")]), "{name}");
            assert_eq!(
                errors,
                ["4 imports.control_character", "6 imports.empty", "7 imports.column_count"],
                "{name}"
            );
        }
    }

    #[test]
    fn columns_stand_in_any_order_behind_a_byte_order_mark() {
        let (rows, errors) = read("order", b"\xef\xbb\xbfword;\"id\"\none;1\n");
        assert_eq!((rows, errors.len()), (words(&[(2, "one")]), 0));
        assert_eq!(read("unknown", b"id;word;more\n").1, ["1 imports.column_unknown"]);
        assert_eq!(read("twice", b"id;word;word\n").1, ["1 imports.column_twice"]);
    }

    #[test]
    fn gzip_in_several_members_is_one_file() {
        use std::io::Write;
        let member = |text: &str| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        let both = [member("id;word\n1;one\n2;t"), member("wo\n")].concat();
        assert_eq!(read("members", &both), (words(&[(2, "one"), (3, "two")]), vec![]));
        let (rows, errors) = read("cut", &both[..both.len() - 4]);
        assert_eq!((rows.len(), errors), (2, vec!["4 imports.gzip_truncated".to_owned()]));
    }
}

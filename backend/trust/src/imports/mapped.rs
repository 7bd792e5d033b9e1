//! A file whose columns somebody has named: its rows for an import, its beginning for a look, its refused rows for a correction.

use std::{borrow::Cow, collections::BTreeMap};

use aws_lc_rs::digest;
use csv::ByteRecord;
use kernel::{
    formula::{self, harmless},
    free_text::{Identifying, identifying_number},
};

use super::{
    Encoding, FileReport, Format, Reading, Row, RowError, RowFault, Shape, SourceFile,
    drive::{self, Found, Sink, Stop},
    faults::RowErrors,
    source_file::Meter,
    table::{ABSENT, ROWS_PER_LOOK},
};

/// Rows that one uploaded file may have.
const ROWS_MAX: u64 = 20_000_000;
/// What no bank may keep: the row is refused, and the cell is not repeated.
const SECRET: &str = "card.secret_refused";
const PAN: &str = Identifying::CardNumber.code();
/// Characters of a cell that are shown.
const SHOWN_CHARS_MAX: usize = 200;

/// Something that a file may tell of each row.
#[derive(Debug, Clone, Copy)]
pub struct ImportField {
    pub name: &'static str,
    /// Whether a file must have a column for it.
    pub is_required: bool,
    /// How files call it besides its name, in small letters.
    pub aliases: &'static [&'static str],
}

/// Which column of a file is which field.
#[derive(Debug, Clone)]
pub struct Layout {
    pub format: Format,
    pub fields: &'static [&'static str],
    /// The name of each field's column in the file; `None` where it has none.
    pub columns: Vec<Option<String>>,
}

impl Reading {
    /// Reads a file to its end and hands each row to `each`; what it refuses is noted and skipped.
    pub fn read_mapped(
        &mut self,
        file: &SourceFile,
        layout: &Layout,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), RowFault>,
    ) {
        let refused_before = self.errors.count();
        let shape = Shape { columns: layout.fields, delimiter: b',', encoding: layout.format.encoding() };
        let mut rows = MappedRows {
            file,
            layout,
            shape,
            places: Vec::new(),
            is_correction: false,
            errors: &mut self.errors,
            meter: &self.meter,
            rows_read: 0,
            each,
        };
        let driven = drive::drive(file, &self.meter, layout.format, &mut rows);
        let rows_read = rows.rows_read;
        let sha256 = match driven {
            Ok(sha256) => sha256.or_else(|| file.known_sha256()).unwrap_or_default(),
            Err(Stop::Enough) => String::new(),
            Err(Stop::At(line, fault)) => {
                self.errors.note_fatal(&file.name, line, fault);
                String::new()
            }
        };
        let refused = self.errors.count() - refused_before;
        self.files.push(FileReport { file: file.name.clone(), rows_read, refused, sha256 });
    }
}

struct MappedRows<'a> {
    file: &'a SourceFile,
    layout: &'a Layout,
    shape: Shape,
    places: Vec<usize>,
    /// Whether the file is one of refused rows, as [`refused_rows`] wrote it.
    is_correction: bool,
    errors: &'a mut RowErrors,
    meter: &'a Meter,
    rows_read: u64,
    each: &'a mut dyn FnMut(&Row<'_>) -> Result<(), RowFault>,
}

impl MappedRows<'_> {
    /// The first thing that is wrong with a row before its fields are looked at.
    fn fault_of(&self, found: &Found<'_>) -> Option<RowFault> {
        if let Some(code) = found.row_fault {
            return Some(RowFault::of_row(code));
        }
        if let Some(at) = found.record.iter().position(web::is_track) {
            let field = self.places.iter().position(|place| *place == at);
            let column = field.map(|field| self.layout.fields[field]);
            return Some(RowFault { column, code: SECRET });
        }
        found.cell_faults.iter().find_map(|(at, code)| {
            let field = self.places.iter().position(|place| place == at)?;
            Some(RowFault::in_column(self.layout.fields[field], code))
        })
    }
}

impl Sink for MappedRows<'_> {
    fn wanted(&self) -> Option<Vec<String>> {
        Some(self.layout.columns.iter().flatten().cloned().collect())
    }

    fn header(&mut self, names: &[String]) -> Result<(), Stop> {
        self.places = places_of(names, self.layout).map_err(|fault| Stop::At(1, fault))?;
        self.is_correction = is_correction(names);
        Ok(())
    }

    fn row(&mut self, found: &Found<'_>) -> Result<(), Stop> {
        self.rows_read += 1;
        if self.rows_read > ROWS_MAX {
            return Err(Stop::at(found.line, "imports.too_many_rows"));
        }
        if self.rows_read.is_multiple_of(ROWS_PER_LOOK) && self.meter.is_stopped() {
            return Err(Stop::at(found.line, "imports.stopped"));
        }
        let typed = self.is_correction.then(|| as_typed(found.record, self.layout.format.encoding()));
        let row = Row {
            record: typed.as_ref().unwrap_or(found.record),
            shape: &self.shape,
            places: &self.places,
            line: found.line,
            number: self.rows_read,
        };
        let parsed = self.fault_of(found).map_or_else(|| (self.each)(&row), Err);
        if let Err(fault) = parsed {
            self.errors.note(&self.file.name, found.line, fault);
        }
        Ok(())
    }
}

fn places_of(names: &[String], layout: &Layout) -> Result<Vec<usize>, RowFault> {
    let place = |(field, column): (&&'static str, &Option<String>)| {
        let Some(column) = column else { return Ok(ABSENT) };
        let mut found = names.iter().enumerate().filter(|(_, name)| *name == column);
        let (place, _) = found.next().ok_or(RowFault::in_column(field, "imports.column_missing"))?;
        match found.next() {
            Some(_) => Err(RowFault::in_column(field, "imports.column_twice")),
            None => Ok(place),
        }
    };
    layout.fields.iter().zip(&layout.columns).map(place).collect()
}

/// The beginning of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beginning {
    pub columns: Vec<String>,
    /// Line, and the cells as text.
    pub rows: Vec<(u64, Vec<String>)>,
}

struct Looking {
    beginning: Beginning,
    rows_max: usize,
    encoding: Encoding,
}

impl Sink for Looking {
    fn header(&mut self, names: &[String]) -> Result<(), Stop> {
        self.beginning.columns = names.to_vec();
        Ok(())
    }

    fn row(&mut self, found: &Found<'_>) -> Result<(), Stop> {
        if self.beginning.rows.len() >= self.rows_max {
            return Err(Stop::Enough);
        }
        let mut cells = decoded(found.record, self.encoding);
        for cell in &mut cells {
            if let Some((end, _)) = cell.char_indices().nth(SHOWN_CHARS_MAX) {
                cell.truncate(end);
            }
        }
        self.beginning.rows.push((found.line, cells));
        Ok(())
    }
}

/// The names of a file's columns and its first rows.
pub fn beginning_of(file: &SourceFile, format: Format, rows_max: usize) -> Result<Beginning, RowFault> {
    let mut looking = Looking { beginning: Beginning::default(), rows_max, encoding: format.encoding() };
    match drive::drive(file, &Meter::default(), format, &mut looking) {
        Ok(_) | Err(Stop::Enough) => Ok(looking.beginning),
        // What can be seen before a file breaks off is worth seeing.
        Err(Stop::At(_, _)) if !looking.beginning.rows.is_empty() => Ok(looking.beginning),
        Err(Stop::At(_, fault)) => Err(fault),
    }
}

fn decoded(record: &ByteRecord, encoding: Encoding) -> Vec<String> {
    record.iter().map(|cell| text_of(cell, encoding).trim_end_matches('\r').to_owned()).collect()
}

fn text_of(cell: &[u8], encoding: Encoding) -> Cow<'_, str> {
    encoding.codec().decode_without_bom_handling(cell).0
}

/// A row of a correction without the quotes that kept its cells from being calculated.
fn as_typed(record: &ByteRecord, encoding: Encoding) -> ByteRecord {
    let is_quoted = |cell: &[u8]| {
        let text = text_of(cell, encoding);
        formula::as_typed(&text).len() < text.len()
    };
    // The quote is one byte in every encoding.
    record.iter().map(|cell| if is_quoted(cell) { &cell[1..] } else { cell }).collect()
}

fn is_correction(names: &[String]) -> bool {
    names.starts_with(&NOTES.map(ToOwned::to_owned))
}

/// Writes refused rows as they stood in the file, each behind its line, column and code.
struct Correcting<'a> {
    /// What was refused, by line: the field's column in the file, and the code.
    refused: BTreeMap<u64, (&'a str, &'a str)>,
    encoding: Encoding,
    /// Notes of an earlier correction that the file still has in front.
    notes: usize,
    names: Vec<String>,
    /// The names of the columns that are imported.
    mapped: Vec<&'a str>,
    write: &'a mut dyn FnMut(Vec<u8>),
}

/// The names of the columns that stand before the file's own. An import takes no notice of them.
const NOTES: [&str; 3] = ["_line", "_column", "_code"];

impl Correcting<'_> {
    fn line(&mut self, notes: [&str; 3], cells: impl Iterator<Item = String>) {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let cells = notes.into_iter().map(ToOwned::to_owned).chain(cells);
        // A vector takes everything.
        let _ = writer.write_record(cells.map(|cell| harmless(&cell).into_owned()));
        (self.write)(writer.into_inner().unwrap_or_default());
    }

    /// What is given back of a cell: nothing of a track, and a card's number only where it may be an account's.
    fn given_back(&self, at: usize, cell: String, refused: (&str, &str)) -> String {
        let name = self.names.get(at).map(String::as_str);
        let is_kept =
            name.is_some_and(|name| self.mapped.contains(&name)) && refused != (name.unwrap_or(""), PAN);
        if web::is_track(&cell) || !is_kept && identifying_number(&cell) == Some(Identifying::CardNumber) {
            return String::new();
        }
        if self.notes > 0 { formula::as_typed(&cell).to_owned() } else { cell }
    }
}

impl Sink for Correcting<'_> {
    fn header(&mut self, names: &[String]) -> Result<(), Stop> {
        (self.write)(b"\xef\xbb\xbf".to_vec());
        self.notes = if is_correction(names) { NOTES.len() } else { 0 };
        self.names = names.to_vec();
        self.line(NOTES, names.iter().skip(self.notes).cloned());
        Ok(())
    }

    fn row(&mut self, found: &Found<'_>) -> Result<(), Stop> {
        if let Some((column, code)) = self.refused.remove(&found.line) {
            let cells = decoded(found.record, self.encoding).into_iter().enumerate().skip(self.notes);
            let cells: Vec<String> =
                cells.map(|(at, cell)| self.given_back(at, cell, (column, code))).collect();
            self.line([&found.line.to_string(), column, code], cells.into_iter());
        }
        if self.refused.is_empty() { Err(Stop::Enough) } else { Ok(()) }
    }
}

/// Hands the refused rows of a file to `write`, as lines of a CSV that can be corrected and sent again.
pub fn refused_rows(
    file: &SourceFile,
    layout: &Layout,
    refused: &[RowError],
    write: &mut dyn FnMut(Vec<u8>),
) {
    let column_of = |error: &RowError| -> Option<&str> {
        let at = layout.fields.iter().position(|field| Some(*field) == error.column.as_deref())?;
        layout.columns.get(at)?.as_deref()
    };
    let refused = refused
        .iter()
        .map(|error| {
            let column = column_of(error).or(error.column.as_deref()).unwrap_or_default();
            (error.line, (column, error.code.as_str()))
        })
        .collect();
    let mut correcting = Correcting {
        refused,
        encoding: layout.format.encoding(),
        notes: 0,
        names: Vec::new(),
        mapped: layout.columns.iter().flatten().map(String::as_str).collect(),
        write,
    };
    // A file that breaks off has given what it had.
    let _ = drive::drive(file, &Meter::default(), layout.format, &mut correcting);
}

/// By which a header is known again.
pub fn header_digest(columns: &[String]) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    for column in columns {
        context.update(column.as_bytes());
        context.update(b"\0");
    }
    context.finish().as_ref().to_vec()
}

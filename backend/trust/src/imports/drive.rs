//! The rows of a file in any format, pushed one by one to whoever wants them.

use std::{
    collections::{BTreeSet, HashSet},
    io::{self, BufRead, BufReader},
};

use csv::{ByteRecord, ReaderBuilder, Terminator};
use serde_json::{Map, Value};

use super::{
    Encoding, Format, RowFault, SourceFile,
    source_file::{Meter, Opened, code_of},
    table::{code_of_csv, line_of},
    workbook,
};

/// Rows whose names make the columns of a file that has no line of names.
const ROWS_THAT_NAME: usize = 50;
/// Columns that a file may have.
pub(super) const COLUMNS_MAX: usize = 500;

/// One row as it stands in the file.
pub(super) struct Found<'a> {
    /// Counted from 1, the first of the file.
    pub line: u64,
    /// In the order of the names; text in the format's encoding.
    pub record: &'a ByteRecord,
    /// Why it is no row at all.
    pub row_fault: Option<&'static str>,
    /// Cells that hold what no text can be made of.
    pub cell_faults: &'a [(usize, &'static str)],
}

/// Why rows are pushed no more.
pub(super) enum Stop {
    /// Whoever wanted them has enough.
    Enough,
    /// The file can't be read on from this line.
    At(u64, RowFault),
}

impl Stop {
    pub(super) fn at(line: u64, code: &'static str) -> Self {
        Self::At(line, RowFault::of_row(code))
    }

    fn io(line: u64, error: &io::Error) -> Self {
        Self::at(line, code_of(error))
    }
}

/// Who wants rows.
pub(super) trait Sink {
    /// The names, once, before any row.
    fn header(&mut self, names: &[String]) -> Result<(), Stop>;
    fn row(&mut self, found: &Found<'_>) -> Result<(), Stop>;
    /// The names that are wanted, where that is known; a format without a line of names then needs not look for them.
    fn wanted(&self) -> Option<Vec<String>> {
        None
    }
}

/// Pushes every row of the file. What it answers is why it stopped early.
pub(super) fn drive(
    file: &SourceFile,
    meter: &Meter,
    format: Format,
    sink: &mut dyn Sink,
) -> Result<Option<String>, Stop> {
    let opened = |file: &SourceFile| file.open(meter).map_err(|error| Stop::io(0, &error));
    match format {
        Format::Csv { delimiter, encoding } => {
            let opened = opened(file)?;
            let digest = opened.digest();
            delimited(opened, delimiter, encoding, sink)?;
            Ok(Some(Opened::sha256(&digest)))
        }
        Format::Ndjson => {
            let opened = opened(file)?;
            let digest = opened.digest();
            objects(opened, sink)?;
            Ok(Some(Opened::sha256(&digest)))
        }
        Format::Xlsx => {
            let archive = file.open_seekable(meter).map_err(|error| Stop::io(0, &error))?;
            workbook::rows(archive, sink)?;
            Ok(file.known_sha256())
        }
    }
}

/// Names as people read them; one that is missing is called by its place.
pub(super) fn named(names: impl Iterator<Item = String>) -> Result<Vec<String>, Stop> {
    let names: Vec<String> = names
        .enumerate()
        .map(|(at, name)| match name.trim() {
            "" => format!("#{}", at + 1),
            name => name.to_owned(),
        })
        .collect();
    if names.len() > COLUMNS_MAX {
        return Err(Stop::at(1, "imports.too_many_columns"));
    }
    Ok(names)
}

fn delimited(opened: Opened, delimiter: u8, encoding: Encoding, sink: &mut dyn Sink) -> Result<(), Stop> {
    let record_bytes = opened.record_bytes.clone();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(opened.text);
    let mut record = ByteRecord::new();
    let mut next = |record: &mut ByteRecord| {
        record_bytes.set(0);
        match reader.read_byte_record(record) {
            Ok(is_there) => Ok(is_there.then(|| line_of(record, reader.position().line()))),
            Err(error) => Err(Stop::at(reader.position().line(), code_of_csv(error))),
        }
    };
    if next(&mut record)?.is_none() {
        return Err(Stop::at(1, "imports.file_empty"));
    }
    let decoded = |name: &[u8]| encoding.codec().decode_with_bom_removal(name).0.into_owned();
    sink.header(&named(record.iter().map(decoded))?)?;
    let width = record.len();
    while let Some(line) = next(&mut record)? {
        if record.len() == 1 && record.get(0).is_some_and(|field| field.is_empty() || field == b"\r") {
            continue;
        }
        let row_fault = (record.len() != width).then_some("imports.column_count");
        sink.row(&Found { line, record: &record, row_fault, cell_faults: &[] })?;
    }
    Ok(())
}

/// What a line of NDJSON is.
enum Line {
    Object(Map<String, Value>),
    Fault(&'static str),
}

fn objects(opened: Opened, sink: &mut dyn Sink) -> Result<(), Stop> {
    let record_bytes = opened.record_bytes.clone();
    let mut text = BufReader::new(opened.text);
    let (mut line_no, mut buffer) = (0_u64, Vec::new());
    let mut next = || loop {
        record_bytes.set(0);
        buffer.clear();
        line_no += 1;
        let count = text.read_until(b'\n', &mut buffer).map_err(|error| Stop::io(line_no, &error))?;
        if count == 0 {
            return Ok::<_, Stop>(None);
        }
        let bytes =
            if line_no == 1 { buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&buffer) } else { &buffer };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let line = match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Object(object)) => Line::Object(object),
            Ok(_) => Line::Fault("imports.not_an_object"),
            Err(_) => Line::Fault("imports.not_json"),
        };
        return Ok(Some((line_no, line)));
    };
    let mut first = Vec::new();
    let names = match sink.wanted() {
        Some(names) => names,
        None => {
            while first.len() < ROWS_THAT_NAME
                && let Some(found) = next()?
            {
                first.push(found);
            }
            names_in(&first)
        }
    };
    sink.header(&named(names.iter().cloned())?)?;
    let mut first = first.into_iter();
    let (mut record, mut faults, mut harmless) = (ByteRecord::new(), Vec::new(), Names::default());
    while let Some((line, found)) = first.next().map_or_else(&mut next, |found| Ok(Some(found)))? {
        record.clear();
        faults.clear();
        let row_fault = match found {
            Line::Fault(code) => Some(code),
            Line::Object(object) => {
                fill(&mut record, &mut faults, &names, &object);
                harmless.find_secret(&object)
            }
        };
        sink.row(&Found { line, record: &record, row_fault, cell_faults: &faults })?;
    }
    if line_no <= 1 {
        return Err(Stop::at(1, "imports.file_empty"));
    }
    Ok(())
}

/// Names that objects had so far and may have.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    /// Each object may have names that none before it had: one for what no bank may keep refuses it.
    fn find_secret(&mut self, object: &Map<String, Value>) -> Option<&'static str> {
        for name in object.keys() {
            if self.0.contains(name) {
                continue;
            }
            if web::is_secret_name(name) {
                return Some("card.secret_refused");
            }
            if self.0.len() < COLUMNS_MAX {
                self.0.insert(name.clone());
            }
        }
        None
    }
}

/// Every name that the first rows have, in the order of the alphabet.
fn names_in(rows: &[(u64, Line)]) -> Vec<String> {
    let objects = rows.iter().filter_map(|(_, line)| match line {
        Line::Object(object) => Some(object),
        Line::Fault(_) => None,
    });
    let names: BTreeSet<&String> = objects.flat_map(Map::keys).collect();
    names.into_iter().cloned().collect()
}

fn fill(
    record: &mut ByteRecord,
    faults: &mut Vec<(usize, &'static str)>,
    names: &[String],
    object: &Map<String, Value>,
) {
    for (at, name) in names.iter().enumerate() {
        match object.get(name) {
            None | Some(Value::Null) => record.push_field(b""),
            Some(Value::String(text)) => record.push_field(text.as_bytes()),
            Some(Value::Number(number)) => record.push_field(number.to_string().as_bytes()),
            Some(Value::Bool(is_true)) => record.push_field(is_true.to_string().as_bytes()),
            Some(Value::Array(_) | Value::Object(_)) => {
                faults.push((at, "imports.nested_value"));
                record.push_field(b"");
            }
        }
    }
}

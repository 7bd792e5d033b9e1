//! The rows of a sheet.

use csv::ByteRecord;

use super::{
    Archive, Stop,
    cells::CellText,
    parts::Parts,
    xml::{Element, Name, Node, read_part},
};
use crate::imports::drive::{COLUMNS_MAX, Found, Sink, named};

/// Unpacked bytes of a sheet.
const SHEET_BYTES_MAX: u64 = 4 << 30;
/// Bytes of one row's cells.
const ROW_BYTES_MAX: usize = 1 << 20;

pub(super) fn rows(archive: &mut Archive, parts: &Parts, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut sheet = Sheet::new(parts, sink);
    read_part(archive, &parts.sheet, SHEET_BYTES_MAX, |node| sheet.take(node))?;
    if sheet.width.is_none() {
        return Err(Stop::at(1, "imports.file_empty"));
    }
    Ok(())
}

struct Sheet<'a> {
    parts: &'a Parts,
    sink: &'a mut dyn Sink,
    /// Columns of the row of names, once that was read.
    width: Option<usize>,
    row: u64,
    /// The cells of the present row, by column, and the faults among them.
    cells: Vec<String>,
    faults: Vec<(usize, &'static str)>,
    row_bytes: usize,
    column: usize,
    cell: Option<CellText>,
    is_value: bool,
    is_phonetic: bool,
}

impl<'a> Sheet<'a> {
    fn new(parts: &'a Parts, sink: &'a mut dyn Sink) -> Self {
        Self {
            parts,
            sink,
            width: None,
            row: 0,
            cells: Vec::new(),
            faults: Vec::new(),
            row_bytes: 0,
            column: 0,
            cell: None,
            is_value: false,
            is_phonetic: false,
        }
    }

    fn take(&mut self, node: Node<'_>) -> Result<bool, Stop> {
        match node {
            Node::Open(element) => self.open(&element)?,
            Node::Text(text) if self.is_value && !self.is_phonetic => {
                self.row_bytes += text.len();
                if self.row_bytes > ROW_BYTES_MAX {
                    return Err(Stop::at(self.row, "imports.record_too_long"));
                }
                if let Some(cell) = &mut self.cell {
                    cell.text.push_str(&text);
                }
            }
            Node::Text(_) => {}
            Node::Close(Name::SheetData) => return Ok(false),
            Node::Close(name) => self.close(name)?,
        }
        Ok(true)
    }

    fn open(&mut self, element: &Element<'_>) -> Result<(), Stop> {
        match element.name {
            Name::Row => {
                let stated = element.attribute("r").and_then(|r| r.parse::<u64>().ok());
                // Rows come in their order; one that does not say its number is the next.
                self.row = stated.unwrap_or(0).max(self.row + 1);
                self.cells.clear();
                self.faults.clear();
                (self.row_bytes, self.column) = (0, 0);
            }
            Name::Cell => {
                let stated = element.attribute("r").as_deref().and_then(column_of);
                self.column = stated.unwrap_or(self.column + 1);
                if self.column > COLUMNS_MAX {
                    return Err(Stop::at(self.row, "imports.too_many_columns"));
                }
                let style = element.attribute("s").and_then(|s| s.parse().ok()).unwrap_or(0);
                let kind = element.attribute("t").unwrap_or_default();
                self.cell = Some(CellText { kind, style, ..CellText::default() });
            }
            Name::Value | Name::Text => self.is_value = self.cell.is_some(),
            Name::Phonetic => self.is_phonetic = true,
            Name::Formula => {
                if let Some(cell) = &mut self.cell {
                    cell.has_formula = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: Name) -> Result<(), Stop> {
        match name {
            Name::Value | Name::Text => self.is_value = false,
            Name::Phonetic => self.is_phonetic = false,
            Name::Cell => self.close_cell(),
            Name::Row => return self.close_row(),
            _ => {}
        }
        Ok(())
    }

    fn close_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let at = self.column.saturating_sub(1);
        if self.cells.len() <= at {
            self.cells.resize(at + 1, String::new());
        }
        match cell.read(self.parts) {
            Ok(text) => self.cells[at] = text,
            Err(code) => self.faults.push((at, code)),
        }
    }

    fn close_row(&mut self) -> Result<(), Stop> {
        let is_blank = self.faults.is_empty() && self.cells.iter().all(|cell| cell.trim().is_empty());
        let Some(width) = self.width else {
            if is_blank {
                return Ok(());
            }
            self.width = Some(self.cells.len());
            return self.sink.header(&named(self.cells.drain(..))?);
        };
        if is_blank {
            return Ok(());
        }
        let is_wider = self.cells.iter().skip(width).any(|cell| !cell.is_empty());
        self.cells.resize(width, String::new());
        let record = ByteRecord::from(self.cells.iter().map(String::as_bytes).collect::<Vec<_>>());
        self.sink.row(&Found {
            line: self.row,
            record: &record,
            row_fault: is_wider.then_some("imports.column_count"),
            cell_faults: &self.faults,
        })
    }
}

/// `C5` is column 3.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters
        .take(4)
        .fold(0_usize, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    (number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_by_letters() {
        assert_eq!(column_of("A1"), Some(1));
        assert_eq!(column_of("Z9"), Some(26));
        assert_eq!(column_of("AA10"), Some(27));
        assert_eq!(column_of("xfd1"), Some(16_384));
        assert_eq!(column_of("7"), None);
    }
}

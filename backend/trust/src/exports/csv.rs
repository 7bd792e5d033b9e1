//! CSV as RFC 4180 has it, in UTF-8 with its mark, so that a spreadsheet reads Chinese as Chinese. The first line is the
//! watermark, the second names the columns.

use std::io::Write;

use kernel::formula::harmless;

use super::{cell::Cell, watermark::Watermark};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const LINE_END: &[u8] = b"\r\n";

pub(super) struct CsvRows {
    pub(super) out: Vec<u8>,
}

impl CsvRows {
    pub(super) fn begin(columns: &[&'static str], watermark: &Watermark) -> Self {
        let mut rows = Self { out: BYTE_ORDER_MARK.to_vec() };
        rows.text(&watermark.text());
        rows.out.extend_from_slice(LINE_END);
        for (at, column) in columns.iter().enumerate() {
            rows.separate(at);
            rows.text(column);
        }
        rows.out.extend_from_slice(LINE_END);
        rows
    }

    pub(super) fn row<'c>(&mut self, cells: impl Iterator<Item = &'c Cell>) {
        for (at, cell) in cells.enumerate() {
            self.separate(at);
            // Writing into memory does not fail.
            let _ = match cell {
                Cell::Empty => Ok(()),
                Cell::Text(text) => {
                    self.text(text);
                    Ok(())
                }
                Cell::Number(number) => write!(self.out, "{number}"),
                Cell::Decimal(number) => write!(self.out, "{number}"),
                Cell::Truth(truth) => write!(self.out, "{truth}"),
            };
        }
        self.out.extend_from_slice(LINE_END);
    }

    fn separate(&mut self, at: usize) {
        if at > 0 {
            self.out.push(b',');
        }
    }

    fn text(&mut self, text: &str) {
        let text = harmless(text);
        let is_plain = !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
        if is_plain && !text.starts_with(' ') && !text.ends_with(' ') {
            self.out.extend_from_slice(text.as_bytes());
            return;
        }
        self.out.push(b'"');
        for part in text.split_inclusive('"') {
            self.out.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                self.out.push(b'"');
            }
        }
        self.out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).expect("its mark");
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let rows = reader.records().map(|record| record.expect("a record"));
        rows.map(|record| record.iter().map(ToOwned::to_owned).collect()).collect()
    }

    #[test]
    fn the_first_line_says_who_when_and_what_for_the_second_names_the_columns() {
        let mut rows = CsvRows::begin(&["name", "amount_minor"], &Watermark::sample());
        rows.row([Cell::Text("=cmd|' /C calc'!A0".to_owned()), Cell::Number(-5)].iter());
        rows.row([Cell::Empty, Cell::Truth(true)].iter());
        let read = read(&rows.out);
        assert!(read[0][0].starts_with("# Cardea export_id=0000"), "{read:?}");
        assert!(read[0][0].contains("staff_no=R0001") && read[0][0].contains("purpose=service"));
        assert_eq!(read[1], ["name", "amount_minor"]);
        assert_eq!(read[2], ["'=cmd|' /C calc'!A0", "-5"], "a text is quoted, a number is a number");
        assert_eq!(read[3], ["", "true"]);
    }

    proptest! {
        #[test]
        fn every_text_is_read_back_as_it_was(texts in proptest::collection::vec(".*", 1..6)) {
            let mut rows = CsvRows::begin(&["x"], &Watermark::sample());
            // A lone empty cell would be an empty line.
            let cells: Vec<Cell> = std::iter::once(Cell::Number(1)).chain(texts.iter().cloned().map(Cell::Text)).collect();
            rows.row(cells.iter());
            let read = read(&rows.out);
            let expected: Vec<String> = texts.iter().map(|text| harmless(text).into_owned()).collect();
            prop_assert_eq!(&read[2][1..], &expected[..]);
        }
    }
}

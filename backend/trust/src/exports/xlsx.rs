//! A workbook of two sheets, written row by row: the watermark and the data. Texts stand in their cells as texts, so that no
//! spreadsheet calculates them; they are quoted all the same, because a workbook is easily saved as CSV.

use std::{borrow::Cow, fmt::Write};

use kernel::formula::harmless;

use super::{cell::Cell, faults::ExportError, watermark::Watermark, zip::ZipOut};

/// Rows of a sheet, the header among them.
const SHEET_ROWS_MAX: i64 = 1_048_576;
/// Letters of a cell.
const CELL_CHARS_MAX: usize = 32_767;
/// Numbers beyond this lose digits in a spreadsheet.
const NUMBER_MAX: u64 = 9_007_199_254_740_991;
/// The archive knows sizes below four gigabytes.
const SHEET_BYTES_MAX: u64 = 4_000_000_000;
/// Text that is gathered before it is packed.
const PACKED_AT: usize = 64 << 10;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const PACKAGE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="data" sheetId="1" r:id="rId1"/><sheet name="watermark" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
const WORKBOOK_PARTS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#;
const SHEET: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
const SHEET_END: &str = "</sheetData></worksheet>";

pub(super) struct XlsxRows {
    zip: ZipOut,
    text: String,
    rows: i64,
    bytes: u64,
}

impl XlsxRows {
    pub(super) fn begin(columns: &[&'static str], watermark: &Watermark) -> Self {
        let mut zip = ZipOut::default();
        zip.put("[Content_Types].xml", TYPES);
        zip.put("_rels/.rels", PACKAGE);
        zip.put("xl/workbook.xml", WORKBOOK);
        zip.put("xl/_rels/workbook.xml.rels", WORKBOOK_PARTS);
        let mut said = SHEET.to_owned();
        for (name, value) in watermark.lines() {
            row_of(&mut said, &[Cell::Text(name.to_owned()), Cell::Text(value)]);
        }
        said.push_str(SHEET_END);
        zip.put("xl/worksheets/sheet2.xml", &said);
        zip.begin("xl/worksheets/sheet1.xml");
        let mut text = SHEET.to_owned();
        let names: Vec<Cell> = columns.iter().map(|name| Cell::Text((*name).to_owned())).collect();
        row_of(&mut text, &names);
        Self { zip, text, rows: 1, bytes: 0 }
    }

    pub(super) fn row<'c>(&mut self, cells: impl Iterator<Item = &'c Cell>) -> Result<(), ExportError> {
        if self.rows >= SHEET_ROWS_MAX || self.bytes > SHEET_BYTES_MAX {
            return Err(ExportError::TooManyForSheet { rows_max: SHEET_ROWS_MAX - 1 });
        }
        self.rows += 1;
        self.text.push_str("<row>");
        for cell in cells {
            if matches!(cell, Cell::Text(text) if text.len() >= CELL_CHARS_MAX && text.chars().count() >= CELL_CHARS_MAX)
            {
                return Err(ExportError::CellTooLong);
            }
            put(&mut self.text, cell);
        }
        self.text.push_str("</row>");
        if self.text.len() > PACKED_AT {
            self.pack();
        }
        Ok(())
    }

    fn pack(&mut self) {
        self.bytes += self.text.len() as u64;
        self.zip.write(self.text.as_bytes());
        self.text.clear();
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        self.zip.take()
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.text.push_str(SHEET_END);
        self.pack();
        self.zip.end();
        self.zip.finish()
    }
}

fn row_of(text: &mut String, cells: &[Cell]) {
    text.push_str("<row>");
    cells.iter().for_each(|cell| put(text, cell));
    text.push_str("</row>");
}

fn put(text: &mut String, cell: &Cell) {
    // Writing into memory does not fail.
    let _ = match cell {
        Cell::Empty => text.write_str("<c/>"),
        Cell::Text(value) => put_text(text, &harmless(value)),
        Cell::Number(number) if number.unsigned_abs() > NUMBER_MAX => put_text(text, &number.to_string()),
        Cell::Number(number) => write!(text, "<c><v>{number}</v></c>"),
        Cell::Decimal(number) if number.is_finite() => write!(text, "<c><v>{number}</v></c>"),
        Cell::Decimal(_) => text.write_str("<c/>"),
        Cell::Truth(truth) => write!(text, "<c t=\"b\"><v>{}</v></c>", u8::from(*truth)),
    };
}

fn put_text(text: &mut String, value: &str) -> std::fmt::Result {
    write!(text, "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(value))
}

/// Text inside an element; characters that XML knows no way to write are left out.
fn escaped(value: &str) -> Cow<'_, str> {
    let is_unwritable =
        |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if !value.contains(|c| matches!(c, '&' | '<' | '>' | '\r') || is_unwritable(c)) {
        return Cow::Borrowed(value);
    }
    let mut written = String::with_capacity(value.len() + 16);
    for letter in value.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            // A bare one would be read as a line's end.
            '\r' => written.push_str("&#13;"),
            _ if is_unwritable(letter) => {}
            _ => written.push(letter),
        }
    }
    Cow::Owned(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exports::zip::read;
    use proptest::prelude::*;

    fn written(rows: &[Vec<Cell>]) -> std::collections::BTreeMap<String, String> {
        let mut workbook = XlsxRows::begin(&["name", "n"], &Watermark::sample());
        let mut bytes = Vec::new();
        for row in rows {
            workbook.row(row.iter()).expect("room");
            bytes.extend(workbook.take());
        }
        bytes.extend(workbook.finish());
        read(&bytes)
    }

    #[test]
    fn a_workbook_holds_its_watermark_its_header_and_its_rows() {
        let parts = written(&[
            vec![Cell::Text("=1+1 <&>".to_owned()), Cell::Number(5)],
            vec![Cell::Empty, Cell::Number(i64::MAX)],
            vec![Cell::Truth(true), Cell::Decimal(0.5)],
        ]);
        assert_eq!(parts.len(), 6);
        let sheet = &parts["xl/worksheets/sheet1.xml"];
        let text =
            |value: &str| format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{value}</t></is></c>");
        let rows: Vec<&str> = sheet.split("<row>").skip(1).collect();
        assert_eq!(rows[0], format!("{}{}</row>", text("name"), text("n")));
        assert_eq!(rows[1], format!("{}<c><v>5</v></c></row>", text("'=1+1 &lt;&amp;&gt;")));
        assert_eq!(rows[2], format!("<c/>{}</row>", text("9223372036854775807")));
        assert!(
            rows[3].starts_with("<c t=\"b\"><v>1</v></c><c><v>0.5</v></c></row>")
                && sheet.ends_with(SHEET_END)
        );
        assert!(parts["xl/worksheets/sheet2.xml"].contains("R0001"));
        assert!(parts["xl/worksheets/sheet2.xml"].contains("a, &lt;b&gt; &amp; c"));
    }

    #[test]
    fn a_sheet_has_so_many_rows_and_a_cell_so_many_letters() {
        let mut workbook = XlsxRows::begin(&["n"], &Watermark::sample());
        let long = [Cell::Text("长".repeat(CELL_CHARS_MAX))];
        assert!(matches!(workbook.row(long.iter()), Err(ExportError::CellTooLong)));
        workbook.rows = SHEET_ROWS_MAX - 1;
        assert!(workbook.row([Cell::Empty].iter()).is_ok());
        let full = workbook.row([Cell::Empty].iter());
        assert!(matches!(full, Err(ExportError::TooManyForSheet { rows_max: 1_048_575 })));
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_cell(value in ".*") {
            let escaped = escaped(&value).into_owned();
            prop_assert!(!escaped.contains(['<', '>']));
            let plain = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&#13;", "\r").replace("&amp;", "&");
            let kept: String = value.chars().filter(|c| *c >= ' ' || matches!(c, '\t' | '\n' | '\r')).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
            prop_assert_eq!(plain, kept);
        }
    }
}

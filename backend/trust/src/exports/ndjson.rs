//! One JSON object a line; the first holds the watermark. Programs read this, so that nothing is quoted against spreadsheets.

use std::io::Write;

use super::{cell::Cell, watermark::Watermark};

pub(super) struct NdjsonRows {
    pub(super) out: Vec<u8>,
    /// `"name":`, with what goes before it.
    names: Vec<String>,
}

impl NdjsonRows {
    pub(super) fn begin(columns: &[&'static str], watermark: &Watermark) -> Self {
        let named =
            |(at, column): (usize, &&str)| format!("{}\"{column}\":", if at == 0 { '{' } else { ',' });
        let mut out = watermark.json().to_string().into_bytes();
        out.push(b'\n');
        Self { out, names: columns.iter().enumerate().map(named).collect() }
    }

    pub(super) fn row<'c>(&mut self, cells: impl Iterator<Item = &'c Cell>) {
        for (name, cell) in self.names.iter().zip(cells) {
            self.out.extend_from_slice(name.as_bytes());
            // Writing into memory does not fail.
            let _ = match cell {
                Cell::Empty => write!(self.out, "null"),
                Cell::Text(text) => serde_json::to_writer(&mut self.out, text).map_err(Into::into),
                Cell::Number(number) => write!(self.out, "{number}"),
                Cell::Decimal(number) if number.is_finite() => write!(self.out, "{number}"),
                Cell::Decimal(_) => write!(self.out, "null"),
                Cell::Truth(truth) => write!(self.out, "{truth}"),
            };
        }
        self.out.extend_from_slice(b"}\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_line_is_an_object_and_the_first_is_the_watermark() {
        let mut rows = NdjsonRows::begin(&["name", "n", "is_open", "at"], &Watermark::sample());
        rows.row(
            [Cell::Text("=\"x\"\n".to_owned()), Cell::Number(7), Cell::Truth(false), Cell::Empty].iter(),
        );
        let text = String::from_utf8(rows.out).expect("UTF-8");
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        assert_eq!(lines[0]["watermark"]["staff_no"], "R0001");
        assert_eq!(lines[1], json!({ "name": "=\"x\"\n", "n": 7, "is_open": false, "at": null }));
        assert_eq!(lines.len(), 2);
    }
}

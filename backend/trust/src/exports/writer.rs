//! The one way rows become bytes, whatever the format. Everything goes into a buffer that the caller empties, so that memory
//! doesn't grow with the file.

use super::{
    cell::Cell, csv::CsvRows, faults::ExportError, model::ExportFormat, ndjson::NdjsonRows,
    watermark::Watermark, xlsx::XlsxRows,
};

/// A file as it is written.
pub(super) enum RowWriter {
    Csv(CsvRows),
    Xlsx(Box<XlsxRows>),
    Ndjson(NdjsonRows),
}

impl RowWriter {
    /// Begins a file with these columns.
    pub(super) fn begin(format: ExportFormat, columns: &[&'static str], watermark: &Watermark) -> Self {
        match format {
            ExportFormat::Csv => Self::Csv(CsvRows::begin(columns, watermark)),
            ExportFormat::Xlsx => Self::Xlsx(Box::new(XlsxRows::begin(columns, watermark))),
            ExportFormat::Ndjson => Self::Ndjson(NdjsonRows::begin(columns, watermark)),
        }
    }

    pub(super) fn row<'c>(&mut self, cells: impl Iterator<Item = &'c Cell>) -> Result<(), ExportError> {
        match self {
            Self::Csv(rows) => {
                rows.row(cells);
                Ok(())
            }
            Self::Xlsx(rows) => rows.row(cells),
            Self::Ndjson(rows) => {
                rows.row(cells);
                Ok(())
            }
        }
    }

    /// What has been written since this was last asked.
    pub(super) fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Csv(rows) => std::mem::take(&mut rows.out),
            Self::Xlsx(rows) => rows.take(),
            Self::Ndjson(rows) => std::mem::take(&mut rows.out),
        }
    }

    /// The rest.
    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Csv(rows) => rows.out,
            Self::Xlsx(rows) => rows.finish(),
            Self::Ndjson(rows) => rows.out,
        }
    }
}

//! Rows in PostgreSQL's binary COPY format, typed column by column.

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::SinkExt;
use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::calendar::{Day, Moment};

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: i16 = -1;
const NULL: i32 = -1;
/// Days from 1970-01-01 to 2000-01-01, PostgreSQL's first day.
const EPOCH_DAYS: Day = 10_957;
/// How much is handed to the connection at once.
const PIECE_BYTES: usize = 1 << 18;

/// A table and the columns that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
}

/// The rows of one table, encoded.
pub struct Rows {
    table: Table,
    buffer: BytesMut,
    pub count: u64,
}

impl Rows {
    pub fn new(table: Table) -> Self {
        let mut buffer = BytesMut::with_capacity(1 << 14);
        buffer.put_slice(SIGNATURE);
        Self { table, buffer, count: 0 }
    }

    pub fn table(&self) -> Table {
        self.table
    }

    /// A new row; its columns follow in the table's order.
    pub fn row(&mut self) -> Row<'_> {
        self.count += 1;
        self.buffer.put_i16(self.table.columns.len() as i16);
        Row { buffer: &mut self.buffer, left: self.table.columns.len(), table: self.table.name }
    }

    /// Sends them. The database checks every row's number of columns and every value.
    pub async fn send(mut self, transaction: &Transaction<'_>) -> Result<u64, tokio_postgres::Error> {
        if self.count == 0 {
            return Ok(0);
        }
        self.buffer.put_i16(END);
        let sql = format!(
            "COPY {} ({}) FROM STDIN (FORMAT binary)",
            self.table.name,
            self.table.columns.join(", ")
        );
        let sink = transaction.copy_in::<_, Bytes>(&sql).await?;
        let mut sink = Box::pin(sink);
        while !self.buffer.is_empty() {
            let piece = self.buffer.split_to(self.buffer.len().min(PIECE_BYTES));
            sink.send(piece.freeze()).await?;
        }
        sink.as_mut().finish().await
    }
}

/// A row in the making.
pub struct Row<'a> {
    buffer: &'a mut BytesMut,
    left: usize,
    table: &'static str,
}

impl Drop for Row<'_> {
    fn drop(&mut self) {
        debug_assert!(
            self.left == 0 || std::thread::panicking(),
            "a row of {} lacks {} columns",
            self.table,
            self.left
        );
    }
}

impl Row<'_> {
    fn field(&mut self, bytes: usize) -> &mut BytesMut {
        self.left = self.left.saturating_sub(1);
        self.buffer.put_i32(bytes as i32);
        self.buffer
    }

    pub fn null(&mut self) -> &mut Self {
        self.left = self.left.saturating_sub(1);
        self.buffer.put_i32(NULL);
        self
    }

    fn maybe<T>(&mut self, value: Option<T>, put: impl FnOnce(&mut Self, T) -> &mut Self) -> &mut Self {
        match value {
            Some(value) => put(self, value),
            None => self.null(),
        }
    }

    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.field(value.len()).put_slice(value);
        self
    }

    pub fn maybe_bytes(&mut self, value: Option<&[u8]>) -> &mut Self {
        self.maybe(value, Self::bytes)
    }

    pub fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    pub fn maybe_text(&mut self, value: Option<&str>) -> &mut Self {
        self.maybe(value, Self::text)
    }

    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    pub fn maybe_uuid(&mut self, value: Option<Uuid>) -> &mut Self {
        self.maybe(value, Self::uuid)
    }

    pub fn flag(&mut self, value: bool) -> &mut Self {
        self.field(1).put_u8(u8::from(value));
        self
    }

    pub fn small(&mut self, value: i16) -> &mut Self {
        self.field(2).put_i16(value);
        self
    }

    pub fn maybe_small(&mut self, value: Option<i16>) -> &mut Self {
        self.maybe(value, Self::small)
    }

    pub fn big(&mut self, value: i64) -> &mut Self {
        self.field(8).put_i64(value);
        self
    }

    pub fn maybe_big(&mut self, value: Option<i64>) -> &mut Self {
        self.maybe(value, Self::big)
    }

    pub fn maybe_double(&mut self, value: Option<f64>) -> &mut Self {
        self.maybe(value, |row, value| {
            row.field(8).put_f64(value);
            row
        })
    }

    pub fn date(&mut self, day: Day) -> &mut Self {
        self.field(4).put_i32(day - EPOCH_DAYS);
        self
    }

    pub fn maybe_date(&mut self, day: Option<Day>) -> &mut Self {
        self.maybe(day, Self::date)
    }

    pub fn time(&mut self, moment: Moment) -> &mut Self {
        self.field(8).put_i64((moment - i64::from(EPOCH_DAYS) * crate::calendar::DAY_MS) * 1_000);
        self
    }

    pub fn maybe_time(&mut self, moment: Option<Moment>) -> &mut Self {
        self.maybe(moment, Self::time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_encoded_as_the_manual_says() {
        let mut rows = Rows::new(Table { name: "t", columns: &["a", "b", "c", "d"] });
        rows.row().text("é").null().date(EPOCH_DAYS + 1).flag(true);
        let body = &rows.buffer[SIGNATURE.len()..];
        assert_eq!(body, b"\0\x04\0\0\0\x02\xc3\xa9\xff\xff\xff\xff\0\0\0\x04\0\0\0\x01\0\0\0\x01\x01");
    }

    #[test]
    #[should_panic(expected = "a row of t lacks 1 columns")]
    fn a_short_row_is_noticed() {
        Rows::new(Table { name: "t", columns: &["a", "b"] }).row().flag(true);
    }
}

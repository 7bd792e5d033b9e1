//! Rows as PostgreSQL's binary bulk format has them: length and bytes per value, nothing to quote, nothing to parse on the other side.

use bytes::{BufMut, Bytes, BytesMut};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Large enough that a chunk costs one system call, small enough that a few in flight weigh nothing.
const CHUNK_BYTES: usize = 256 << 10;
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: i16 = -1;
const NULL: i32 = -1;
/// PostgreSQL counts from 2000-01-01: microseconds and days between that and 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
const EPOCH_DAYS: i32 = 10_957;

/// A value that a column can be filled with.
pub trait CopyValue {
    const SQL_TYPE: &'static str;
    const IS_NULLABLE: bool = false;
    fn write(&self, out: &mut BytesMut);
}

/// One row of a staging table. Declared with [`crate::copy_row!`].
pub trait CopyRow: Send + 'static {
    /// Name, SQL type, and whether it may be absent.
    const COLUMNS: &'static [(&'static str, &'static str, bool)];
    fn write(&self, out: &mut BytesMut);
}

/// Declares a struct whose fields are the columns of a staging table, in order and under the same names.
#[macro_export]
macro_rules! copy_row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$meta])*
        $vis struct $name { $(pub $field: $type),+ }

        impl $crate::database::CopyRow for $name {
            const COLUMNS: &'static [(&'static str, &'static str, bool)] = &[$((
                stringify!($field),
                <$type as $crate::database::CopyValue>::SQL_TYPE,
                <$type as $crate::database::CopyValue>::IS_NULLABLE,
            )),+];

            fn write(&self, out: &mut $crate::database::BytesMut) {
                $($crate::database::CopyValue::write(&self.$field, out);)+
            }
        }
    };
}

/// Rows on their way, in chunks.
pub struct CopyChunks {
    buffer: BytesMut,
    rows: u64,
}

impl Default for CopyChunks {
    fn default() -> Self {
        let mut buffer = BytesMut::with_capacity(CHUNK_BYTES + (CHUNK_BYTES >> 3));
        buffer.put_slice(SIGNATURE);
        Self { buffer, rows: 0 }
    }
}

impl CopyChunks {
    /// Adds a row; hands out a chunk when one is full.
    pub fn push<R: CopyRow>(&mut self, row: &R) -> Option<Bytes> {
        // The number of columns is a constant far below the format's limit of 32,767.
        self.buffer.put_i16(R::COLUMNS.len() as i16);
        row.write(&mut self.buffer);
        self.rows += 1;
        (self.buffer.len() >= CHUNK_BYTES).then(|| {
            let rest = BytesMut::with_capacity(CHUNK_BYTES + (CHUNK_BYTES >> 3));
            std::mem::replace(&mut self.buffer, rest).freeze()
        })
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The last chunk, with the mark that ends the rows.
    pub fn finish(mut self) -> Bytes {
        self.buffer.put_i16(TRAILER);
        self.buffer.freeze()
    }
}

macro_rules! fixed_width {
    ($($type:ty, $sql:literal, $width:literal, |$value:ident, $out:ident| $put:expr;)+) => { $(
        impl CopyValue for $type {
            const SQL_TYPE: &'static str = $sql;
            fn write(&self, $out: &mut BytesMut) {
                let $value = *self;
                $out.put_i32($width);
                $put;
            }
        }
    )+ };
}

fixed_width! {
    Uuid, "uuid", 16, |value, out| out.put_slice(value.as_bytes());
    bool, "boolean", 1, |value, out| out.put_u8(u8::from(value));
    i16, "smallint", 2, |value, out| out.put_i16(value);
    i32, "integer", 4, |value, out| out.put_i32(value);
    i64, "bigint", 8, |value, out| out.put_i64(value);
    f64, "double precision", 8, |value, out| out.put_f64(value);
    DateTime<Utc>, "timestamptz", 8, |value, out| out.put_i64(value.timestamp_micros() - EPOCH_MICROS);
    NaiveDate, "date", 4, |value, out| out.put_i32(value.to_epoch_days() - EPOCH_DAYS);
}

fn put_bytes(bytes: &[u8], out: &mut BytesMut) {
    // Nothing that is staged comes near the format's limit of 2 GiB; the server would refuse a longer one.
    out.put_i32(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
    out.put_slice(bytes);
}

impl CopyValue for String {
    const SQL_TYPE: &'static str = "text";
    fn write(&self, out: &mut BytesMut) {
        put_bytes(self.as_bytes(), out);
    }
}

impl CopyValue for &'static str {
    const SQL_TYPE: &'static str = "text";
    fn write(&self, out: &mut BytesMut) {
        put_bytes(self.as_bytes(), out);
    }
}

impl CopyValue for Vec<u8> {
    const SQL_TYPE: &'static str = "bytea";
    fn write(&self, out: &mut BytesMut) {
        put_bytes(self, out);
    }
}

impl CopyValue for serde_json::Value {
    const SQL_TYPE: &'static str = "jsonb";
    fn write(&self, out: &mut BytesMut) {
        const JSONB_VERSION: u8 = 1;
        let text = self.to_string();
        out.put_i32(i32::try_from(text.len() + 1).unwrap_or(i32::MAX));
        out.put_u8(JSONB_VERSION);
        out.put_slice(text.as_bytes());
    }
}

impl<T: CopyValue> CopyValue for Option<T> {
    const SQL_TYPE: &'static str = T::SQL_TYPE;
    const IS_NULLABLE: bool = true;
    fn write(&self, out: &mut BytesMut) {
        match self {
            Some(value) => value.write(out),
            None => out.put_i32(NULL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    copy_row! {
        struct Pair { amount_minor: i64, purpose: Option<String> }
    }

    #[test]
    fn a_row_is_its_columns_length_first() {
        let mut chunks = CopyChunks::default();
        assert!(chunks.push(&Pair { amount_minor: 7, purpose: None }).is_none());
        let bytes = chunks.finish();
        let row = [&[0, 2][..], &[0, 0, 0, 8], &7_i64.to_be_bytes(), &[255; 4], &[255, 255]].concat();
        assert_eq!(&bytes[..SIGNATURE.len()], SIGNATURE);
        assert_eq!(&bytes[SIGNATURE.len()..], row);
        assert_eq!(Pair::COLUMNS, &[("amount_minor", "bigint", false), ("purpose", "text", true)]);
    }

    #[test]
    fn moments_and_days_count_from_2000() {
        let mut out = BytesMut::new();
        NaiveDate::from_ymd_opt(2000, 1, 2).unwrap().write(&mut out);
        "1999-12-31T23:59:59Z".parse::<DateTime<Utc>>().unwrap().write(&mut out);
        assert_eq!(&out[4..8], 1_i32.to_be_bytes());
        assert_eq!(&out[12..], (-1_000_000_i64).to_be_bytes());
    }
}

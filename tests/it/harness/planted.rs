//! Looking for what must not be there: known values, planted through the front door, in whatever the bank leaves behind.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use futures_util::TryStreamExt;
use kernel::free_text::identifying_number;
use platform::database::Copier;

use crate::App;

/// Base64 begins a group every three bytes: a value can stand at any of three places of one.
const ALIGNMENTS: usize = 3;
/// Characters of a planted value at least: shorter ones are found by chance.
const CHARS_MIN: usize = 6;

/// Values that were planted, each with what it is.
#[derive(Default)]
pub struct Planted(Vec<(String, String)>);

impl Planted {
    /// Plants a value; `what` names it where it is found.
    pub fn add(&mut self, what: &str, value: &str) {
        assert!(value.chars().count() >= CHARS_MIN, "{what} is too short to be looked for");
        self.0.push((what.to_owned(), value.to_owned()));
    }

    /// Where the planted values stand in `hay`, in whichever form: `what (form)`. `name` says what the hay is.
    pub fn found_in(&self, name: &str, hay: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        let lower = hay.to_ascii_lowercase();
        for (what, value) in &self.0 {
            for (form, needle) in forms(value) {
                // Letters of hex and of addresses come in both sizes; base64 tells them apart.
                let is_there = if form.starts_with("base64") {
                    contains(hay, &needle)
                } else {
                    contains(&lower, &needle.to_ascii_lowercase())
                };
                if is_there {
                    found.push(format!("{name}: {what} ({form})"));
                }
            }
        }
        found
    }
}

/// Every form in which a value is looked for.
fn forms(value: &str) -> Vec<(String, Vec<u8>)> {
    let utf_16: Vec<u16> = value.encode_utf16().collect();
    let plain = [
        ("plain", value.as_bytes().to_vec()),
        ("UTF-16LE", utf_16.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16BE", utf_16.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
    ];
    let mut forms = Vec::new();
    for (form, bytes) in plain {
        forms.push((format!("hex of {form}"), hex(&bytes).into_bytes()));
        for at in 0..ALIGNMENTS {
            forms.push((format!("base64 of {form}, {at} in"), base64_core(&bytes, at).into_bytes()));
        }
        forms.push((form.to_owned(), bytes));
    }
    let escaped = value.chars().fold(String::new(), |mut text, c| {
        let _ = if c.is_ascii() { write!(text, "{c}") } else { write!(text, "\\u{:04x}", c as u32) };
        text
    });
    forms.push(("JSON escapes".to_owned(), escaped.into_bytes()));
    let percent = value.bytes().fold(String::new(), |mut text, b| {
        let _ = if b.is_ascii_alphanumeric() {
            write!(text, "{}", char::from(b))
        } else {
            write!(text, "%{b:02x}")
        };
        text
    });
    forms.push(("percent-encoded".to_owned(), percent.into_bytes()));
    forms
}

/// The characters of base64 that depend on these bytes alone, where `before` other bytes stand in front of them.
fn base64_core(bytes: &[u8], before: usize) -> String {
    let encoded = STANDARD_NO_PAD.encode([&vec![0; before], bytes].concat());
    let first = (before * 8).div_ceil(6);
    let last = (before + bytes.len()) * 8 / 6;
    encoded[first..last].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return false };
    let mut rest = hay;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(needle) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// One column of the database as text: `table.column`, its type, and its values one a line.
pub struct DumpedColumn {
    pub name: String,
    pub sql_type: String,
    pub text: Vec<u8>,
}

/// Every column of every table, as the administrator's COPY writes it.
pub async fn dump(app: &App) -> Vec<DumpedColumn> {
    let columns = app
        .lines(
            "SELECT c.relname AS t, a.attname AS c, format_type(a.atttypid, NULL) AS k
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1, 2",
        )
        .await;
    let mut copier = Copier::connect(&app.owner_url).await.expect("connect");
    let mut dumped = Vec::new();
    for line in columns {
        let mut words = line.splitn(3, ' ');
        let (table, column, sql_type) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let sql = format!("COPY (SELECT {column} FROM {table} WHERE {column} IS NOT NULL) TO STDOUT");
        let stream = copier.client().copy_out(&sql).await.expect("copy");
        let chunks: Vec<_> = stream.try_collect().await.expect("a column");
        dumped.push(DumpedColumn {
            name: format!("{table}.{column}"),
            sql_type: sql_type.to_owned(),
            text: chunks.concat(),
        });
    }
    dumped
}

/// Numbers in texts that look like a card's or a resident's, where nothing was planted: `table.column: code`.
pub fn delimited_numbers(dumped: &[DumpedColumn]) -> Vec<String> {
    let texts = dumped.iter().filter(|column| matches!(column.sql_type.as_str(), "text" | "jsonb"));
    let found = texts.filter_map(|column| {
        let text = String::from_utf8_lossy(&column.text);
        let number = text.lines().find_map(identifying_number)?;
        Some(format!("{}: {}", column.name, number.code()))
    });
    found.collect()
}

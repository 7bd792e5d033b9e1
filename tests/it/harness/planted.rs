//! Looking for what must not be there: known values, planted through the front door, in whatever the bank leaves behind.

use std::fmt::Write;

use base64::{
    Engine,
    engine::{
        GeneralPurpose,
        general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
    },
};
use futures_util::TryStreamExt;
use kernel::{NationalId, card_number::is_luhn_valid, free_text::identifying_number};
use platform::database::Copier;

use crate::App;

/// Base64 begins a group every three bytes: a value can stand at any of three places of one.
const ALIGNMENTS: usize = 3;
/// Characters of a planted value at least: shorter ones are found by chance.
const CHARS_MIN: usize = 6;
/// Both alphabets: the second is that of addresses and tokens.
const ALPHABETS: [(&str, GeneralPurpose); 2] =
    [("base64", STANDARD_NO_PAD), ("base64 of addresses", URL_SAFE_NO_PAD)];
/// Digits of a card's number.
const PAN_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Values that were planted, each with what it is.
#[derive(Default)]
pub struct Planted(Vec<(String, String)>);

impl Planted {
    /// Plants a value; `what` names it where it is found.
    pub fn add(&mut self, what: &str, value: &str) {
        assert!(value.chars().count() >= CHARS_MIN, "{what} is too short to be looked for");
        self.0.push((what.to_owned(), value.to_owned()));
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
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
        for (alphabet, engine) in &ALPHABETS {
            for at in 0..ALIGNMENTS {
                let core = base64_core(engine, &bytes, at);
                forms.push((format!("{alphabet} of {form}, {at} in"), core.into_bytes()));
            }
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
fn base64_core(engine: &GeneralPurpose, bytes: &[u8], before: usize) -> String {
    let encoded = engine.encode([&vec![0; before], bytes].concat());
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

/// Every column of every table of every schema that is ours, as the administrator's COPY writes it.
pub async fn dump(app: &App) -> Vec<DumpedColumn> {
    let columns = app
        .lines(
            "SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS t, a.attname AS c,
                format_type(a.atttypid, NULL) AS k
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
             AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition ORDER BY 1, 2",
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

/// Tokens in texts and JSON that are a card's or a resident's number by their check digit, where none was planted, and texts in
/// which one is written in groups: `table.column: what`, each once.
pub fn delimited_numbers(dumped: &[DumpedColumn]) -> Vec<String> {
    let is_text = |kind: &str| ["text", "char", "json", "name"].iter().any(|part| kind.contains(part));
    let mut found = Vec::new();
    for column in dumped.iter().filter(|column| is_text(&column.sql_type)) {
        let text = String::from_utf8_lossy(&column.text);
        let mut kinds: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter_map(kind_of).collect();
        kinds.extend(text.lines().filter_map(identifying_number).map(|_| "a number in a text"));
        kinds.sort_unstable();
        kinds.dedup();
        found.extend(kinds.into_iter().map(|kind| format!("{}: {kind}", column.name)));
    }
    found
}

fn kind_of(token: &str) -> Option<&'static str> {
    let is_pan = PAN_DIGITS.contains(&token.len())
        && token.bytes().all(|byte| byte.is_ascii_digit())
        && is_luhn_valid(token.as_bytes());
    if NationalId::parse_resident(token).is_ok() {
        Some("a resident's number")
    } else if is_pan {
        Some("a card's number")
    } else {
        None
    }
}

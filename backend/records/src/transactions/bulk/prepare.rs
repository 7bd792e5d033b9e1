//! One row of a file as a transaction.

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};
use kernel::{Currency, mcc::Mcc};
use platform::clock::uuid_v7_named;
use trust::{
    calendars,
    imports::{ImportField, Row, RowFault},
};

use super::StagedMovement;
use crate::transactions::model::{Channel, Direction, TransactionKind};

const fn field(name: &'static str, is_required: bool, aliases: &'static [&'static str]) -> ImportField {
    ImportField { name, is_required, aliases }
}

/// In the order in which a page offers them.
pub const FIELDS: &[ImportField] = &[
    field("source_ref", true, &["流水号", "交易流水号", "交易编号", "reference", "transaction id"]),
    field("account_no", true, &["账号", "账户", "账户号", "account", "account number"]),
    field("occurred_at", true, &["交易时间", "交易日期", "时间", "日期", "date", "time"]),
    field("amount", true, &["金额", "交易金额"]),
    field("direction", false, &["借贷方向", "收支", "借贷标志", "debit/credit"]),
    field("currency", false, &["币种"]),
    field("kind", false, &["交易类型", "类型", "type"]),
    field("balance_after", false, &["余额", "交易后余额", "balance"]),
    field("merchant_name", false, &["商户", "商户名称", "merchant"]),
    field("mcc", false, &["商户类别码", "mcc code"]),
    field("channel", false, &["渠道", "交易渠道"]),
    field("purpose", false, &["用途", "摘要", "description"]),
    field("country", false, &["国家", "国家/地区"]),
    field("city", false, &["城市"]),
    field("counterparty_name", false, &["对方户名", "对方名称", "counterparty"]),
    field("counterparty_bank", false, &["对方银行", "对方开户行"]),
    field("counterparty_account", false, &["对方账号", "对方账户"]),
];

/// Years that a transaction may lie in; each has a partition.
const YEAR_MIN: i32 = 1990;
const TEXT_CHARS_MAX: usize = 120;
const REFERENCE_CHARS_MAX: usize = 64;
const CODE_CHARS_MAX: usize = 34;

const DIRECTIONS: &[(&str, Direction)] = &[
    ("credit", Direction::Credit),
    ("debit", Direction::Debit),
    ("贷", Direction::Credit),
    ("借", Direction::Debit),
    ("收入", Direction::Credit),
    ("支出", Direction::Debit),
    ("C", Direction::Credit),
    ("D", Direction::Debit),
];

/// One row, checked. `now` bounds how late a transaction can have been.
pub fn prepare(row: &Row<'_>, now: DateTime<Utc>) -> Result<StagedMovement, RowFault> {
    let source_ref = plain(row, "source_ref", REFERENCE_CHARS_MAX)?.ok_or(empty(row, "source_ref"))?;
    let account_no = limited(row, "account_no", CODE_CHARS_MAX)?.ok_or(empty(row, "account_no"))?;
    let occurred_at = moment(row, now)?;
    let code = row.optional("currency")?.unwrap_or_else(|| Currency::CNY.to_string());
    let currency = Currency::parse(&code).ok_or(row.fault("currency", "currency.unknown"))?;
    let signed = row.amount_minor("amount", currency)?;
    let direction = match word(row, "direction", DIRECTIONS)? {
        Some(direction) if signed >= 0 => direction,
        Some(_) => return Err(row.fault("amount", "imports.amount_negative")),
        None if signed < 0 => Direction::Debit,
        None => Direction::Credit,
    };
    let balance = row.text("balance_after")?;
    let balance_after_minor =
        if balance.is_empty() { None } else { Some(row.amount_minor("balance_after", currency)?) };
    let mcc = row.optional("mcc")?;
    if mcc.as_deref().is_some_and(|mcc| Mcc::parse(mcc).is_none()) {
        return Err(row.fault("mcc", "imports.unknown_word"));
    }
    Ok(StagedMovement {
        cardholder_id: None,
        occurred_at,
        transaction_id: uuid_v7_named(occurred_at, &["import", "transaction", &account_no, &source_ref]),
        line: row.line.cast_signed(),
        account_no,
        account_id: None,
        kind: vocable(row, "kind", TransactionKind::ALL, TransactionKind::as_str)?
            .unwrap_or(TransactionKind::Other)
            .as_str(),
        direction: direction.as_str(),
        amount_minor: signed.saturating_abs(),
        currency: code,
        balance_after_minor,
        purpose: plain(row, "purpose", TEXT_CHARS_MAX)?,
        merchant_name: plain(row, "merchant_name", TEXT_CHARS_MAX)?,
        mcc,
        mcc_group: None,
        channel: vocable(row, "channel", Channel::ALL, Channel::as_str)?.map(Channel::as_str),
        country: country(row)?,
        city: plain(row, "city", TEXT_CHARS_MAX)?,
        counterparty_name: plain(row, "counterparty_name", TEXT_CHARS_MAX)?,
        counterparty_bank: plain(row, "counterparty_bank", TEXT_CHARS_MAX)?,
        counterparty_account: plain(row, "counterparty_account", TEXT_CHARS_MAX)?,
        source_ref,
    })
}

fn empty(row: &Row<'_>, column: &'static str) -> RowFault {
    row.fault(column, "imports.empty")
}

fn limited(row: &Row<'_>, column: &'static str, chars_max: usize) -> Result<Option<String>, RowFault> {
    let Some(text) = row.optional(column)? else { return Ok(None) };
    if text.chars().count() > chars_max {
        return Err(row.fault(column, "imports.text_too_long"));
    }
    Ok(Some(text))
}

/// A text that is kept as it stands: no card number, no resident id.
fn plain(row: &Row<'_>, column: &'static str, chars_max: usize) -> Result<Option<String>, RowFault> {
    let text = limited(row, column, chars_max)?;
    if let Some(found) = text.as_deref().and_then(kernel::free_text::identifying_number) {
        return Err(row.fault(column, found.code()));
    }
    Ok(text)
}

fn country(row: &Row<'_>) -> Result<Option<String>, RowFault> {
    let code = row.optional("country")?;
    if code.as_deref().is_some_and(|code| !kernel::country::is_code(code)) {
        return Err(row.fault("country", "country.invalid"));
    }
    Ok(code)
}

fn word<T: Copy>(row: &Row<'_>, column: &'static str, words: &[(&str, T)]) -> Result<Option<T>, RowFault> {
    if row.text(column)?.is_empty() { Ok(None) } else { row.word(column, words).map(Some) }
}

/// A word of one of the bank's vocabularies.
fn vocable<T: Copy>(
    row: &Row<'_>,
    column: &'static str,
    all: &[T],
    as_str: fn(T) -> &'static str,
) -> Result<Option<T>, RowFault> {
    let words: Vec<(&str, T)> = all.iter().map(|word| (as_str(*word), *word)).collect();
    word(row, column, &words)
}

/// When it happened: with an offset as it says, without one by the bank's clock; a day alone is its beginning.
fn moment(row: &Row<'_>, now: DateTime<Utc>) -> Result<DateTime<Utc>, RowFault> {
    const FORMATS: &[&str] = &[
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d %H:%M",
    ];
    let text = row.text("occurred_at")?;
    if text.is_empty() {
        return Err(empty(row, "occurred_at"));
    }
    let local =
        |text: &str| FORMATS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let at = if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
        at.with_timezone(&Utc)
    } else if let Some(at) = local(&text) {
        calendars::day_start(at.date()) + (at - at.date().and_time(chrono::NaiveTime::MIN))
    } else {
        calendars::day_start(row.date_any("occurred_at")?)
    };
    if at.year() < YEAR_MIN || at > now + TimeDelta::days(1) {
        return Err(row.fault("occurred_at", "date.range"));
    }
    // The database keeps microseconds; the id is made of the moment that is kept.
    Ok(DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at))
}

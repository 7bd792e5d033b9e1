//! The transaction files: read as a stream, however long they are.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use trust::imports::{Import, ImportError, Part, Row, RowFault, Step};
use uuid::Uuid;

use super::{
    CURRENCY, ORIGIN,
    files::{TransactionFile, Variant},
    meaning::Meaning,
};
use crate::sources::staged_facts::StagedTransaction;

const CENTURY: i32 = 1900;

/// Whose account it is.
#[derive(Clone, Copy)]
pub(super) struct Owned {
    pub cardholder_id: Uuid,
    pub account_id: Uuid,
}

/// Every account by the source's number.
pub(super) type Book = HashMap<u32, Owned>;

pub(super) async fn stage(
    import: &mut Import,
    file: &TransactionFile,
    book: &Arc<Book>,
) -> Result<(), ImportError> {
    let (book, variant) = (book.clone(), file.variant);
    let mut seen = HashSet::new();
    import
        .stage_file(file.stage(), &file.file, variant.shape, move |row| {
            let transaction_no: u32 = row.integer("trans_id")?;
            let staged = parse(row, transaction_no, variant, &book)?;
            if seen.insert(transaction_no) {
                Ok(staged)
            } else {
                Err(row.fault("trans_id", "imports.duplicate"))
            }
        })
        .await
}

fn parse(
    row: &Row<'_>,
    transaction_no: u32,
    variant: &Variant,
    book: &Book,
) -> Result<StagedTransaction, RowFault> {
    let owned =
        book.get(&row.integer("account_id")?).ok_or(row.fault("account_id", "imports.unknown_reference"))?;
    let day = if variant.is_rounded { row.date_iso("date")? } else { row.date_yymmdd("date", CENTURY)? };
    let occurred_at = noon_of(day);
    let meaning = Meaning::of(row)?;
    let amount_minor = row.amount_minor("amount", CURRENCY)?;
    if amount_minor < 0 {
        return Err(row.fault("amount", "imports.amount_negative"));
    }
    let counterparty_bank = row.optional("bank")?;
    // Cash has no partner; the source writes account 0 then.
    let counterparty_account = row.optional("account")?.filter(|account| account != "0");
    let source_ref = transaction_no.to_string();
    Ok(StagedTransaction {
        cardholder_id: owned.cardholder_id,
        occurred_at,
        transaction_id: ORIGIN.id_at(occurred_at, "transaction", &source_ref),
        account_id: owned.account_id,
        kind: meaning.kind,
        direction: meaning.direction,
        amount_minor,
        balance_after_minor: row.amount_minor("balance", CURRENCY)?,
        purpose: meaning.purpose,
        mcc_group: meaning.mcc_group,
        channel: meaning.channel,
        counterparty_bank,
        counterparty_account,
        is_rounded: variant.is_rounded,
        source_ref,
    })
}

fn noon_of(day: NaiveDate) -> DateTime<Utc> {
    const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
        Some(noon) => noon,
        None => NaiveTime::MIN,
    };
    day.and_time(NOON).and_utc()
}

/// The merge of one file, and with it the balances of the accounts in it.
pub(super) fn step(file: &TransactionFile) -> Step {
    Step {
        name: file.variant.step,
        parts: vec![Part::Facts(&file.variant.facts)],
        afterwards: vec![balances(file.stage())],
    }
}

/// Gives each account that was staged its last known balance: of the rows of its last day, which are in no order, the one
/// nearest to the sum of all its movements. An account that has moved here since then is the bank's own affair.
fn balances(stage: &str) -> String {
    format!(
        "WITH touched AS (SELECT DISTINCT cardholder_id, account_id FROM {stage}),
              sums AS (
                  SELECT t.cardholder_id, t.account_id, max(t.occurred_at) AS last_at,
                         sum(CASE t.direction WHEN 'credit' THEN t.amount_minor ELSE -t.amount_minor END) AS net_minor
                  FROM transactions t JOIN touched USING (cardholder_id, account_id)
                  GROUP BY t.cardholder_id, t.account_id
                  HAVING bool_and(t.source = 'berka')),
              last AS (
                  SELECT DISTINCT ON (t.cardholder_id, t.account_id)
                         t.cardholder_id, t.account_id, t.balance_after_minor AS balance_minor
                  FROM transactions t JOIN sums USING (cardholder_id, account_id)
                  WHERE t.occurred_at = sums.last_at
                  ORDER BY t.cardholder_id, t.account_id, abs(t.balance_after_minor - sums.net_minor), t.transaction_id)
         UPDATE accounts a
         SET balance_minor = last.balance_minor, available_minor = greatest(last.balance_minor, 0),
             version = a.version + 1, updated_at = {{now}}
         FROM last
         WHERE a.cardholder_id = last.cardholder_id AND a.account_id = last.account_id
           AND a.balance_minor <> last.balance_minor"
    )
}

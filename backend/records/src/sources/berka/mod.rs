//! The "financial" data set of the PKDD'99 Discovery Challenge, collected by Petr Berka: a Czech bank from 1993 to 1998.
//!
//! What becomes of its nine files:
//!
//! | file | here |
//! | --- | --- |
//! | `district` | `districts` (A4 to A16 as facts), and a branch `BK001` … per district below the city branch `BK` |
//! | `client` | `cardholders` without name or identity number, at home in their district's branch; the district as address |
//! | `account` | `accounts` (current, CZK) kept under their owner, at the branch of the account's own district |
//! | `disp` | the owner of each account; each DISPONENT as authorised user, since the account's opening (the file has no date) |
//! | `card` | `cards`; the holder is whoever the disposition names. No number, BIN or expiry is known |
//! | `loan`, `order` | `loans`, `standing_orders` |
//! | `trans_1993_1994q1`, `trans_before_loan`, `trans` | `transactions`; those of whole crowns are marked `is_rounded` |
//!
//! Choices. A transaction has a day and no time: it is put at noon UTC, the hour at which most of the world has that same date;
//! the order within a day is unknown. A cardholder has been one since the account that they own or use was opened. An account's
//! balance is its last known one: of its last day's rows, which are in no order, the one nearest to the sum of all movements; 0
//! for accounts whose transactions are in no file. What is available is that balance, or 0 when it is negative. A k-symbol
//! names no merchant, so there is no MCC; its group is set where the symbol leaves no doubt.

mod files;
mod meaning;
mod staging;
mod tables;
mod transactions;

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::Currency;
use trust::{
    branches,
    imports::{Import, ImportError, ImportOptions, ImportReport, Part, Plan, Step, Watch},
};

use super::{
    Origin, Sources,
    offices::Offices,
    staged_facts::{DISTRICTS, LOANS, STANDING_ORDERS},
    staged_holdings::{ACCOUNTS, AUTHORISED_USERS, CARDHOLDERS, CARDS, PRODUCTS},
};
use files::Files;

pub(crate) const SOURCE: &str = "berka";
const CURRENCY: Currency = Currency::CZK;
/// 1993-01-01, the first day in the data.
const ORIGIN: Origin = Origin { name: SOURCE, began_at: began_at() };

const fn began_at() -> DateTime<Utc> {
    match DateTime::from_timestamp(725_846_400, 0) {
        Some(at) => at,
        None => DateTime::UNIX_EPOCH,
    }
}

/// Imports what lies in `folder`: the seven small tables, and whichever of the transaction files are there.
pub async fn import(
    sources: &Sources,
    folder: &Path,
    options: ImportOptions,
    watch: Watch,
) -> Result<ImportReport, ImportError> {
    let files = Arc::new(Files::find(folder));
    let steps = small_steps();
    let all = files.all();
    let plan = Plan::of(SOURCE, &all, (steps.len() + files.transactions.len()) as u64);
    let mut import = Import::begin(&sources.db, plan, options, watch).await?;
    let book = stage_small_tables(sources, &mut import, &files).await?;
    for file in &files.transactions {
        transactions::stage(&mut import, file, &book).await?;
    }
    import.accept()?;
    if !import.is_dry_run() {
        for file in &files.transactions {
            sources.ensure_years(&import, file.stage()).await?;
        }
    }
    for step in &steps {
        import.step(step).await?;
    }
    for file in &files.transactions {
        import.step(&transactions::step(file)).await?;
    }
    Ok(import.finish())
}

async fn stage_small_tables(
    sources: &Sources,
    import: &mut Import,
    files: &Arc<Files>,
) -> Result<Arc<transactions::Book>, ImportError> {
    let offices = Offices::open(ORIGIN, branches::known(import.bulk()).await?);
    let (vault, files) = (sources.vault.clone(), files.clone());
    let work =
        move |reading: &mut _| staging::rows_of(&tables::Tables::read(reading, &files), offices, &vault);
    let rows = import.read("the small tables", work).await??;
    import.stage(DISTRICTS.stage, rows.districts).await?;
    import.stage(branches::IMPORTED.stage, rows.branches).await?;
    import.stage(PRODUCTS.stage, rows.products).await?;
    import.stage(CARDHOLDERS.stage, rows.cardholders).await?;
    import.stage(ACCOUNTS.stage, rows.accounts).await?;
    import.stage(AUTHORISED_USERS.stage, rows.parties).await?;
    import.stage(CARDS.stage, rows.cards).await?;
    import.stage(LOANS.stage, rows.loans).await?;
    import.stage(STANDING_ORDERS.stage, rows.standing_orders).await?;
    Ok(Arc::new(rows.book))
}

/// In the order in which one stands on the other.
fn small_steps() -> Vec<Step> {
    let step = |name, parts| Step { name, parts, afterwards: Vec::new() };
    vec![
        step(
            "districts",
            vec![Part::Facts(&DISTRICTS), Part::New(&branches::IMPORTED), Part::New(&PRODUCTS)],
        ),
        step("clients", vec![Part::New(&CARDHOLDERS)]),
        step("accounts", vec![Part::New(&ACCOUNTS)]),
        step("authorised users", vec![Part::New(&AUTHORISED_USERS)]),
        step("cards", vec![Part::New(&CARDS)]),
        step("loans", vec![Part::Facts(&LOANS)]),
        step("standing orders", vec![Part::Facts(&STANDING_ORDERS)]),
    ]
}

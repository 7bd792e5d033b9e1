//! "Default of Credit Card Clients" (UCI, I-Cheng Yeh): 30,000 credit-card holders of a bank in Taiwan, April to September 2005.
//!
//! Each row becomes a cardholder (customer number from the row's number, which is the original's ID), a credit-card account, six
//! statements, six repayments and the October outcome as a label. There is no name, no birth date (the stated age is kept with
//! the day it was stated) and no card number. Codes that the publisher does not document (education 0, 5 and 6, marriage 0)
//! say nothing here.
//!
//! Choices. The account is known from April 2005 on, so it counts as opened on its first day. Its balance is what the September
//! statement billed, owed and therefore negative; what is available is the rest of the limit, at least 0. A statement closes at
//! its month's end; `paid_minor` is what was received in that month, as the source states it beside the bill. The source does not
//! say which bill a payment was for (equal amounts suggest the month before's), so a repayment names no statement; the six
//! months are kept also where nothing was paid. `repayment_status` is the source's own code; `days_past_due` is 30 for each
//! month of delay it states, and 0 for paid duly (-1), revolving (0) and no consumption (-2). The minimum due is not known.

mod holder;
mod staging;

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use trust::{
    branches,
    imports::{Import, ImportError, ImportOptions, ImportReport, Part, Plan, SourceFile, Step, Watch},
};

use super::{
    Origin, Sources,
    offices::Offices,
    staged_facts::{OUTCOMES, REPAYMENTS, STATEMENTS},
    staged_holdings::{ACCOUNTS, CARDHOLDERS, PRODUCTS},
};

pub(crate) const SOURCE: &str = "uci-credit-default";
/// 2005-04-01, the first day in the data.
const ORIGIN: Origin = Origin { name: SOURCE, began_at: began_at() };
const OPENED_ON: NaiveDate = began_at().naive_utc().date();

const fn began_at() -> DateTime<Utc> {
    match DateTime::from_timestamp(1_112_313_600, 0) {
        Some(at) => at,
        None => DateTime::UNIX_EPOCH,
    }
}

/// Imports `credit_card_default` from `folder`.
pub async fn import(
    sources: &Sources,
    folder: &Path,
    options: ImportOptions,
    watch: Watch,
) -> Result<ImportReport, ImportError> {
    let file = SourceFile::find(folder, "credit_card_default");
    let steps = steps();
    let files = [&file];
    let plan = Plan::of(SOURCE, &files, steps.len() as u64);
    let mut import = Import::begin(&sources.db, plan, options, watch).await?;
    let offices = Offices::open(ORIGIN, branches::known(import.bulk()).await?);
    let (vault, name) = (sources.vault.clone(), file.name.clone());
    let work = move |reading: &mut _| staging::rows_of(&holder::read(reading, &file), offices, &vault);
    let rows = import.read(&name, work).await??;
    import.stage(branches::IMPORTED.stage, rows.branches).await?;
    import.stage(PRODUCTS.stage, rows.products).await?;
    import.stage(CARDHOLDERS.stage, rows.cardholders).await?;
    import.stage(ACCOUNTS.stage, rows.accounts).await?;
    import.stage(STATEMENTS.stage, rows.months).await?;
    import.stage(OUTCOMES.stage, rows.outcomes).await?;
    import.accept()?;
    for step in &steps {
        import.step(step).await?;
    }
    Ok(import.finish())
}

fn steps() -> Vec<Step> {
    let step = |name, parts| Step { name, parts, afterwards: Vec::new() };
    vec![
        step("branch and product", vec![Part::New(&branches::IMPORTED), Part::New(&PRODUCTS)]),
        step("holders", vec![Part::New(&CARDHOLDERS), Part::New(&ACCOUNTS)]),
        step("statements", vec![Part::Facts(&STATEMENTS)]),
        step("repayments", vec![Part::Facts(&REPAYMENTS)]),
        step("outcomes", vec![Part::Facts(&OUTCOMES)]),
    ]
}

//! The sandbox bank: a deterministic, plausible Chinese retail bank of any size, and the truth behind it.
//!
//! A [`Plan`] says how large it is; [`fill`] streams it into the database with binary COPY, chunk by chunk. Every chunk is
//! one transaction with its marker, so that a killed fill is continued, never repeated and never taken for whole.
//! What the bank can't know (who is a fraudster, who will default, who reacts to an offer) goes into the schema `truth`.

mod account_rows;
mod accounts;
mod agenda;
mod batch;
mod bills;
mod branches;
mod calendar;
mod cards;
mod chance;
mod copy;
mod counterparties;
mod credit;
mod debts;
mod destiny;
mod employers;
mod fill;
mod fraud;
mod history_rows;
mod households;
mod identity;
mod income;
mod ledger;
mod life;
mod loans;
mod merchants;
mod names;
mod occupations;
mod offers;
mod people;
mod places;
mod plan;
#[cfg(test)]
mod plausible;
mod products;
mod profile_rows;
mod reference;
mod scene;
mod spending;
mod staff;
mod ties;
mod trips;
mod truth;
mod truth_rows;
mod words;
mod world;

pub use fill::{Doors, Progress, Report, SandboxError, State, fill, state};
pub use plan::{CARDHOLDERS_MAX, MONTHS_MAX, Plan, PlanError, TX_PER_MONTH, TX_PER_MONTH_MAX};
pub use staff::{PASSWORD, SIGN_INS};

use chrono::{DateTime, Utc};

/// What the column `source` says of every row made here.
const SOURCE: &str = "sandbox";
const CURRENCY: &str = "CNY";

/// The bank opened its doors on 2006-03-01.
const BANK_FOUNDED: calendar::Day = 13_208;

/// A local time of a day, as PostgreSQL's clock has it.
fn moment_at(day: calendar::Day, local_ms: i64) -> DateTime<Utc> {
    instant(calendar::moment(day, local_ms))
}

fn instant(moment: calendar::Moment) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(moment).unwrap_or_default()
}

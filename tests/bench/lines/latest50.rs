//! The latest 50 transactions of a cardholder who has more, and page 3,801 of somebody who has 200,000.

use std::sync::Arc;

use serde_json::Value;

use super::CONNECTIONS;
use server::Reads;

use crate::bank::Bank;
use crate::http::Door;
use crate::measure::{Finding, Goal, Outcome, Threshold, Told, Unit, in_turns};
use crate::pgbench;

const GOAL: Goal = Goal { unit: Unit::Rate("requests"), must: Threshold::AtLeast(0.4), aim: Some(0.6) };
const GOAL_DEEP: Goal = Goal { unit: Unit::Time, must: Threshold::AtMost(1.2), aim: None };
/// The row behind which the deep page begins, and the pages by which it is reached.
const DEEP_ROW: usize = 190_000;
const PAGE: usize = 200;

/// The columns that the product reads, one row more than the page has, as the product asks. The cardholder comes from a
/// numbered table by its key: pgbench has no list of ids of its own.
fn script(cardholders: usize) -> String {
    format!(
        "\\set n random(1, {cardholders})\n\
         SELECT cardholder_id, occurred_at, transaction_id, account_id, card_id, posted_at, kind, direction, amount_minor, \
         currency, balance_after_minor, status, purpose, merchant_name, mcc, mcc_group, channel, country, city, latitude, \
         longitude, counterparty_name, counterparty_bank, counterparty_account, reversal_of_at, reversal_of_id, is_rounded, \
         source FROM transactions WHERE cardholder_id = (SELECT cardholder_id FROM bench.busy WHERE n = :n) \
         ORDER BY occurred_at DESC, transaction_id DESC LIMIT 51;\n"
    )
}

pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    let door = bank.door(Reads::Unnoted)?;
    Ok(vec![latest(bank, &door)?, deep(bank, &door)?])
}

fn latest(bank: &Bank, door: &Door) -> Outcome<Told> {
    let busy = bank.column("SELECT cardholder_id::text FROM bench.busy ORDER BY n", &[])?;
    if busy.is_empty() {
        return Ok(Told::Skipped("nobody in this bank has more than 50 transactions".to_owned()));
    }
    let path = |id: &String| format!("/api/v1/cardholders/{id}/transactions?limit=50");
    let requests = Arc::new(busy.iter().map(|id| door.get(&path(id))).collect::<Vec<_>>());
    let first: Value = serde_json::from_str(&door.ask(&requests[0])?)?;
    if first["items"].as_array().map_or(0, Vec::len) != 50 || first["next"].is_null() {
        return Err("a busy cardholder's page is not full".into());
    }
    let script = script(busy.len());
    let pairs = in_turns(
        bank.pace.repetitions,
        || bank.load(door, &requests, CONNECTIONS),
        || pgbench::script(bank, &script, CONNECTIONS, bank.pace.repetition),
    )?;
    let work = format!("latest 50 transactions, {CONNECTIONS} connections");
    Ok(Finding::told(work, "the same prepared query by pgbench", GOAL, pairs))
}

fn deep(bank: &Bank, door: &Door) -> Outcome<Told> {
    let dense = bank.column("SELECT cardholder_id::text FROM bench.dense", &[])?;
    let list =
        format!("/api/v1/cardholders/{}/transactions", dense.first().ok_or("nobody has a long history")?);
    let mut after = String::new();
    for _ in 0..DEEP_ROW / PAGE {
        let page = door.ask(&door.get(&format!("{list}?limit={PAGE}{after}")))?;
        let page: Value = serde_json::from_str(&page)?;
        let next = page["next"].as_str().ok_or("a long history ended early")?;
        after = format!("&after={next}");
    }
    let first = Arc::new(vec![door.get(&format!("{list}?limit=50"))]);
    let deep = Arc::new(vec![door.get(&format!("{list}?limit=50{after}"))]);
    let pairs = in_turns(bank.pace.repetitions, || bank.load(door, &deep, 1), || bank.load(door, &first, 1))?;
    let work = "page behind row 190,000 of 200,000, one connection";
    Ok(Finding::told(work, "the first page", GOAL_DEEP, pairs))
}

//! `GET /cardholders/{id}`: token, scope and JSON, beside PostgreSQL's own single-row read.

use std::sync::Arc;

use super::{CONNECTIONS, REQUESTS};
use server::Reads;

use crate::bank::Bank;
use crate::http::Door;
use crate::measure::{Finding, Goal, Outcome, Threshold, Told, Unit, in_turns};
use crate::pgbench;

const GOAL: Goal = Goal { unit: Unit::Rate("requests"), must: Threshold::AtLeast(0.3), aim: Some(0.5) };

/// Requests for random cardholders.
pub(super) fn requests(
    bank: &Bank,
    door: &Door,
    path: impl Fn(&str) -> String,
) -> Outcome<Arc<Vec<Vec<u8>>>> {
    let sql = "SELECT cardholder_id::text FROM cardholders ORDER BY random() LIMIT $1";
    let ids = bank.column(sql, &[&REQUESTS])?;
    Ok(Arc::new(ids.iter().map(|id| door.get(&path(id))).collect()))
}

pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    let door = bank.door(Reads::Unnoted)?;
    let requests = requests(bank, &door, |id| format!("/api/v1/cardholders/{id}"))?;
    door.ask(&requests[0])?;
    let pairs = in_turns(
        bank.pace.repetitions,
        || bank.load(&door, &requests, CONNECTIONS),
        || pgbench::select_only(bank, CONNECTIONS, bank.pace.repetition),
    )?;
    let work = format!("`GET /cardholders/{{id}}`, {CONNECTIONS} connections");
    Ok(vec![Finding::told(work, "`pgbench -S -M prepared`", GOAL, pairs)])
}

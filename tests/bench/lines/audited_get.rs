//! `GET /cardholders/{id}` with the row that every look leaves: the answer comes when the row is durable.

use super::{CONNECTIONS, get};
use server::Reads;

use crate::bank::Bank;
use crate::measure::{Finding, Goal, Outcome, Threshold, Told, Unit, in_turns};
use crate::pgbench;

const GOAL: Goal = Goal { unit: Unit::Rate("requests"), must: Threshold::AtLeast(0.2), aim: Some(0.3) };

/// How many looks at profiles the trail knows.
fn looks(bank: &Bank) -> Outcome<f64> {
    let sql = "SELECT count(*)::text FROM audit_entries WHERE action = 'cardholders.read'";
    Ok(bank.column(sql, &[])?.first().map_or(Ok(0.0), |count| count.parse())?)
}

pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    let door = bank.door(Reads::Noted)?;
    let requests = get::requests(bank, &door, |id| format!("/api/v1/cardholders/{id}"))?;
    door.ask(&requests[0])?;
    let pairs = in_turns(
        bank.pace.repetitions,
        || {
            let before = looks(bank)?;
            let sample = bank.load(&door, &requests, CONNECTIONS)?;
            if looks(bank)? - before < sample.operations {
                return Err("some answers left without their audit rows".into());
            }
            Ok(sample)
        },
        || pgbench::select_only(bank, CONNECTIONS, bank.pace.repetition),
    )?;
    let work = format!("`GET /cardholders/{{id}}`, audited, {CONNECTIONS} connections");
    Ok(vec![Finding::told(work, "`pgbench -S -M prepared`", GOAL, pairs)])
}

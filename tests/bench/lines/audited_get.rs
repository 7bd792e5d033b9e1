//! `GET /cardholders/{id}` with the row that every look leaves: the answer comes when the row is durable.

use std::sync::Arc;
use std::time::Duration;

use super::{CONNECTIONS, get};
use server::Reads;

use crate::bank::Bank;
use crate::http::Door;
use crate::measure::{Finding, Goal, Outcome, Threshold, Told, Unit, in_turns};
use crate::pgbench;

const GOAL: Goal = Goal { unit: Unit::Rate("requests"), must: Threshold::AtLeast(0.2), aim: Some(0.3) };

const MANY_CONNECTIONS: usize = 64;
/// After a checkpoint each page of the trail's indexes goes into the log of changes whole, once. A checkpoint comes every quarter
/// of an hour; a start is one.
const WARM_UP: Duration = Duration::from_secs(20);

/// How many looks at profiles the trail knows.
fn looks(bank: &Bank) -> Outcome<f64> {
    let sql = "SELECT count(*)::text FROM audit_entries WHERE action = 'cardholders.read'";
    Ok(bank.column(sql, &[])?.first().map_or(Ok(0.0), |count| count.parse())?)
}

/// With as many connections as every line has, and with those of a larger bank: rows that come together are committed together.
pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    let door = bank.door(Reads::Noted)?;
    let requests = get::requests(bank, &door, |id| format!("/api/v1/cardholders/{id}"))?;
    bank.load_for(&door, &requests, (CONNECTIONS, WARM_UP))?;
    [CONNECTIONS, MANY_CONNECTIONS]
        .map(|connections| beside_pgbench(bank, &door, &requests, connections))
        .into_iter()
        .collect()
}

fn beside_pgbench(
    bank: &Bank,
    door: &Door,
    requests: &Arc<Vec<Vec<u8>>>,
    connections: usize,
) -> Outcome<Told> {
    let pairs = in_turns(
        bank.pace.repetitions,
        || {
            let before = looks(bank)?;
            let sample = bank.load(door, requests, connections)?;
            if looks(bank)? - before < sample.operations {
                return Err("some answers left without their audit rows".into());
            }
            Ok(sample)
        },
        || pgbench::select_only(bank, connections, bank.pace.repetition),
    )?;
    let work = format!("`GET /cardholders/{{id}}`, audited, {connections} connections");
    Ok(Finding::told(work, "`pgbench -S -M prepared`", GOAL, pairs))
}

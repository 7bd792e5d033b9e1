//! A name search by two characters beside an exact look-up, both through the one search box.

use std::sync::Arc;

use serde_json::{Value, json};

use super::REQUESTS;
use server::Reads;

use crate::bank::Bank;
use crate::http::Door;
use crate::measure::{Finding, Goal, Outcome, Threshold, Told, Unit, in_turns};

const GOAL: Goal = Goal { unit: Unit::Time, must: Threshold::AtMost(3.0), aim: None };
/// Lines of one screen.
const LIMIT: u32 = 20;

fn requests(door: &Door, sought: &[String]) -> Arc<Vec<Vec<u8>>> {
    let body = |q: &String| json!({ "q": q, "limit": LIMIT }).to_string();
    Arc::new(sought.iter().map(|q| door.post("/api/v1/cardholders/search", &body(q))).collect())
}

pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    let door = bank.door(Reads::Noted)?;
    // As often as they occur: the names of the many are sought more often.
    let names = bank.column(
        "SELECT left(name, 2) FROM cardholders WHERE name ~ '^[\u{4e00}-\u{9fff}]{2,4}$' ORDER BY random() LIMIT $1",
        &[&REQUESTS],
    )?;
    let numbers =
        bank.column("SELECT customer_no FROM cardholders ORDER BY random() LIMIT $1", &[&REQUESTS])?;
    let (names, numbers) = (requests(&door, &names), requests(&door, &numbers));
    for sought in [&names, &numbers] {
        let page: Value = serde_json::from_str(&door.ask(&sought[0])?)?;
        if page["items"].as_array().is_none_or(Vec::is_empty) {
            return Err(format!("a search found nobody: {page}").into());
        }
    }
    let pairs =
        in_turns(bank.pace.repetitions, || bank.load(&door, &names, 1), || bank.load(&door, &numbers, 1))?;
    let work = format!("two-character name search, {LIMIT} hits, one connection");
    Ok(vec![Finding::told(work, "search by customer number", GOAL, pairs)])
}

//! Every cardholder as a CSV file, asked for over HTTP, beside a bare COPY of the same query's rows; and how much memory the
//! server took for it.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::StreamExt;
use platform::database::{Copier, OWNER_ROLE};
use serde_json::Value;
use server::Reads;

use crate::bank::{Bank, DATABASE};
use crate::http::Door;
use crate::measure::{Finding, Goal, Outcome, Sample, Threshold, Told, Unit, in_turns, say};

const GOAL: Goal = Goal { unit: Unit::Rate("rows"), must: Threshold::AtLeast(0.3), aim: Some(0.5) };
const REPETITIONS_MAX: usize = 3;
const MEMORY_MAX_MB: u64 = 200;
const POLL: Duration = Duration::from_millis(50);

/// What the list of cardholders asks the database for, all pages at once.
const SAME_ROWS: &str = "COPY (
    SELECT c.cardholder_id, c.customer_no, c.name, coalesce(c.name_pinyin, '~') AS sort_name, c.gender, c.birth_on,
           c.stated_age_years, c.stated_age_on, c.branch_id, c.manager_id, c.lifecycle, c.occupation, c.opened_on,
           (SELECT p.number_masked FROM cardholder_phones p WHERE p.cardholder_id = c.cardholder_id AND p.is_primary) AS primary_phone_masked
    FROM cardholders c ORDER BY c.opened_on DESC, c.cardholder_id DESC) TO STDOUT";

pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    let door = bank.door(Reads::Noted)?;
    admit(bank, &door)?;
    let pairs =
        in_turns(bank.pace.repetitions.min(REPETITIONS_MAX), || exported(bank, &door), || copied(bank))?;
    if let Some(peak_mb) = bank.server_peak_mb() {
        let verdict = if peak_mb < MEMORY_MAX_MB { "below" } else { "NOT below" };
        say(&format!("   the server took {peak_mb} MB at most, {verdict} {MEMORY_MAX_MB} MB"));
    }
    let work = format!("export of {} cardholders as CSV over HTTP", bank.pace.cardholders);
    Ok(vec![Finding::told(work, "`COPY TO` of the same query's rows", GOAL, pairs)])
}

/// The asker has proved to be themselves, and no number of rows waits for anybody.
fn admit(bank: &Bank, door: &Door) -> Outcome<()> {
    let claims = door.token.split('.').nth(1).ok_or("a token without claims")?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?;
    let (session, staff) = (claims["sid"].as_str().unwrap_or(""), claims["sub"].as_str().unwrap_or(""));
    bank.execute(&format!(
        "INSERT INTO staff_sessions (session_id, staff_id, refresh_hash, created_at, last_used_at, expires_at, ip, user_agent, stepped_up_until)
         VALUES ('{session}', '{staff}', decode('{}', 'hex'), now(), now(), now() + interval '1 day', '127.0.0.1', 'bench', now() + interval '1 day');
         DELETE FROM approval_policies WHERE operation = 'exports.run';
         INSERT INTO approval_policies (policy_id, operation, min_rows, maker_permission, checker_permission, approvals_needed, expires_hours, authority_scope)
         VALUES ('{session}', 'exports.run', 1000000000, 'exports:run', 'exports:approve', 1, 24, 'branch')",
        session.replace('-', "")
    ))
}

/// From the request to the finished file.
fn exported(bank: &Bank, door: &Door) -> Outcome<Sample> {
    bank.execute("DELETE FROM export_quotas")?;
    let body = r#"{"list":"cardholders","query":{},"format":"csv","purpose":"reporting"}"#;
    let (service_before, postgres_before, since) =
        (bank.service_seconds(), bank.postgres_seconds(), Instant::now());
    let mut export: Value = serde_json::from_str(&door.ask(&door.post("/api/v1/exports", body))?)?;
    let id = export["export_id"].as_str().ok_or_else(|| format!("no export: {export}"))?.to_owned();
    let look = door.get(&format!("/api/v1/exports/{id}"));
    while matches!(export["stage"].as_str(), Some("queued" | "running")) {
        std::thread::sleep(POLL);
        export = serde_json::from_str(&door.ask(&look)?)?;
    }
    let seconds = since.elapsed().as_secs_f64();
    let rows = export["row_count"].as_f64().ok_or_else(|| format!("no file: {export}"))?;
    Ok(Sample {
        operations: rows,
        seconds,
        service_seconds: bank.service_seconds() - service_before,
        postgres_seconds: bank.postgres_seconds() - postgres_before,
        ..Sample::default()
    })
}

fn copied(bank: &Bank) -> Outcome<Sample> {
    let url = bank.url(DATABASE, OWNER_ROLE);
    bank.wait(async {
        let mut copier = Copier::connect(&url).await?;
        let (postgres_before, since) = (bank.postgres_seconds(), Instant::now());
        let mut stream = std::pin::pin!(copier.client().copy_out(SAME_ROWS).await?);
        let mut rows = 0_usize;
        while let Some(bytes) = stream.next().await {
            rows += bytes?.iter().filter(|byte| **byte == b'\n').count();
        }
        Ok(Sample {
            operations: rows as f64,
            seconds: since.elapsed().as_secs_f64(),
            postgres_seconds: bank.postgres_seconds() - postgres_before,
            ..Sample::default()
        })
    })
}

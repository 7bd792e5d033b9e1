//! Transactions as a CSV file that is uploaded and imported over HTTP, beside a bare COPY of the rows that it wrote; and how much
//! memory the server took for it.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use platform::Role;
use platform::database::{Copier, OWNER_ROLE, ensure_partitions};
use serde_json::Value;
use server::Reads;

use crate::bank::{Bank, DATABASE};
use crate::copy::{copy_in, copy_out};
use crate::cpu;
use crate::http::Door;
use crate::measure::{Finding, Goal, Outcome, Sample, Threshold, Told, Unit, in_turns, say};

/// Only the memory is demanded; of the time this asks half of what the command line must reach, for the file's way in and out.
const GOAL: Goal = Goal { unit: Unit::Rate("rows"), must: Threshold::AtLeast(0.2), aim: Some(0.4) };
const REPETITIONS_MAX: usize = 3;
const MEMORY_MAX_MB: u64 = 200;
const POLL: Duration = Duration::from_millis(50);
/// Who uploads; for the bench their branch is the head office.
const UPLOADER: (&str, Role) = ("B0001", Role::BranchManager);
const ACCOUNTS: i64 = 10_000;
/// A year in which the bank has no transactions yet, so that its partition can be emptied.
const YEAR: i32 = 1995;
const PARTITION: &str = "transactions_1995";
const COLUMNS: &str = "source_ref,account_no,occurred_at,amount,merchant_name,mcc,channel,city";
const MAPPING: &str = r#"{"mapping":{"source_ref":"source_ref","account_no":"account_no","occurred_at":"occurred_at","amount":"amount","merchant_name":"merchant_name","mcc":"mcc","channel":"channel","city":"city"}}"#;

pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    bank.door(Reads::Noted)?;
    let owner_url = bank.url(DATABASE, OWNER_ROLE);
    bank.wait(async { Ok(ensure_partitions(&owner_url, YEAR..=YEAR).await?) })?;
    bank.execute(&format!(
        "UPDATE staff SET branch_id = (SELECT branch_id FROM branches WHERE parent_id IS NULL) WHERE staff_no = '{}'",
        UPLOADER.0
    ))?;
    // A server that starts now knows where they belong.
    bank.hang_up();
    let door = Door { token: bank.token_of(UPLOADER)?, ..bank.door(Reads::Noted)? };
    let sql = "SELECT account_no FROM accounts WHERE currency = 'CNY' ORDER BY account_no LIMIT $1";
    let file = invented(&bank.column(sql, &[&ACCOUNTS])?, bank.pace.import_transactions)?;
    let rows = bank.folder.join("rows.copy");
    let pairs = in_turns(
        bank.pace.repetitions.min(REPETITIONS_MAX),
        || imported(bank, &door, &file),
        || copied(bank, &rows),
    )?;
    bank.execute(&format!("TRUNCATE {PARTITION}"))?;
    fs::remove_file(&rows)?;
    if let Some(peak_mb) = bank.server_peak_mb() {
        let verdict = if peak_mb < MEMORY_MAX_MB { "below" } else { "NOT below" };
        say(&format!("   the server took {peak_mb} MB at most, {verdict} {MEMORY_MAX_MB} MB"));
    }
    let work = format!("upload and import of {} transactions over HTTP", bank.pace.import_transactions);
    Ok(vec![Finding::told(work, "bare `COPY` of the rows it wrote", GOAL, pairs)])
}

/// From the first byte of the upload to the end of the run.
fn imported(bank: &Bank, door: &Door, file: &str) -> Outcome<Sample> {
    bank.execute(&format!("TRUNCATE {PARTITION}"))?;
    let upload = door.post("/api/v1/imports?kind=transactions", file);
    let (service_before, postgres_before, since) =
        (bank.service_seconds(), bank.postgres_seconds(), Instant::now());
    let import: Value = serde_json::from_str(&door.ask(&upload)?)?;
    let id = import["import_id"].as_str().ok_or_else(|| format!("no import: {import}"))?.to_owned();
    door.ask(&door.post(&format!("/api/v1/imports/{id}/runs"), MAPPING))?;
    let look = door.get(&format!("/api/v1/imports/{id}"));
    let run = loop {
        let run = serde_json::from_str::<Value>(&door.ask(&look)?)?["run"].take();
        match run["status"].as_str() {
            Some("queued" | "running") => std::thread::sleep(POLL),
            _ => break run,
        }
    };
    let seconds = since.elapsed().as_secs_f64();
    let inserted = run["report"]["inserted"].as_f64().filter(|_| run["outcome"] == "imported");
    Ok(Sample {
        operations: inserted.ok_or_else(|| format!("not imported: {run}"))?,
        seconds,
        service_seconds: bank.service_seconds() - service_before,
        postgres_seconds: bank.postgres_seconds() - postgres_before,
        ..Sample::default()
    })
}

/// The rows that the import wrote, out and back into the emptied partition with its indexes and constraints.
fn copied(bank: &Bank, rows: &Path) -> Outcome<Sample> {
    let url = bank.url(DATABASE, OWNER_ROLE);
    bank.wait(async {
        let mut copier = Copier::connect(&url).await?;
        let client = copier.client();
        copy_out(client, PARTITION, rows).await?;
        client.batch_execute(&format!("TRUNCATE {PARTITION}")).await?;
        let (cpu_before, postgres_before, since) =
            (cpu::own_seconds(), bank.postgres_seconds(), Instant::now());
        let copied = copy_in(client, "transactions", rows).await?;
        Ok(Sample {
            operations: copied as f64,
            seconds: since.elapsed().as_secs_f64(),
            generator_seconds: cpu::own_seconds() - cpu_before,
            postgres_seconds: bank.postgres_seconds() - postgres_before,
            ..Sample::default()
        })
    })
}

/// Purchases over the accounts in turns, a month after the other. No first of January: in the bank's time it begins the day before.
fn invented(accounts: &[String], transactions: u32) -> Outcome<String> {
    let mut file = format!("{COLUMNS}\n");
    for n in 0..transactions {
        let account = accounts.get(n as usize * 7_919 % accounts.len().max(1)).ok_or("no accounts")?;
        let minute = u64::from(n) * 525_600 / u64::from(transactions);
        let (day, hour, minute) = (minute / 1_440 % 27 + 2, minute / 60 % 24, minute % 60);
        let month = u64::from(n) * 12 / u64::from(transactions) + 1;
        writeln!(
            file,
            "B{n},{account},1995-{month:02}-{day:02} {hour:02}:{minute:02},-{}.{:02},永丰超市,5411,pos,清江",
            n % 900 + 10,
            n % 100
        )?;
    }
    Ok(file)
}

//! The sandbox bank's generator beside a bare COPY of the same rows into the same tables, their indexes and constraints.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use platform::database::{Copier, OWNER_ROLE, drop_database};
use tokio_postgres::Client;

use crate::bank::Bank;
use crate::copy::{copy_in, copy_out};
use crate::cpu;
use crate::measure::{Finding, Goal, Outcome, Sample, Threshold, Told, Unit, in_turns, say};

const GOAL: Goal = Goal { unit: Unit::Rate("rows"), must: Threshold::AtLeast(0.4), aim: None };
const DATABASE: &str = "cardea_fill";

/// Tables that hold rows, with the tables they refer to.
const TABLES: &str = "
    SELECT c.oid::regclass::text,
           ARRAY(SELECT f.confrelid::regclass::text FROM pg_constraint AS f
                 WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid)
    FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND s.nspname IN ('public', 'truth')
      AND c.relname NOT LIKE '\\_\\_%'
    ORDER BY 1";

pub(super) fn measure(bank: &Bank) -> Outcome<Vec<Told>> {
    let folder = bank.folder.join("dump");
    let mut tables: Vec<String> = Vec::new();
    let dumped = std::cell::RefCell::new(&mut tables);
    let fill = || {
        let sample = filled(bank)?;
        if dumped.borrow().is_empty() {
            **dumped.borrow_mut() = dump(bank, &folder)?;
        }
        Ok(sample)
    };
    let copy = || copied(bank, &folder, &dumped.borrow());
    let pairs = in_turns(bank.pace.repetitions.min(3), fill, copy)?;
    fs::remove_dir_all(&folder)?;
    bank.wait(async { Ok(drop_database(&bank.admin_url(), DATABASE).await?) })?;
    let work = format!("sandbox of {} cardholders", bank.pace.sandbox_cardholders);
    let baseline = "bare `COPY` of the same rows, table by table";
    Ok(vec![Finding::told(work, baseline, GOAL, pairs)])
}

fn filled(bank: &Bank) -> Outcome<Sample> {
    bank.wait(async { Ok(drop_database(&bank.admin_url(), DATABASE).await?) })?;
    bank.create(DATABASE)?;
    let plan = bank.plan(bank.pace.sandbox_cardholders);
    timed(bank, || Ok(bank.fill(DATABASE, &plan, |_| {})? as f64))
}

fn timed(bank: &Bank, work: impl FnOnce() -> Outcome<f64>) -> Outcome<Sample> {
    let (cpu_before, postgres_before, since) = (cpu::own_seconds(), bank.postgres_seconds(), Instant::now());
    let operations = work()?;
    Ok(Sample {
        operations,
        seconds: since.elapsed().as_secs_f64(),
        generator_seconds: cpu::own_seconds() - cpu_before,
        postgres_seconds: bank.postgres_seconds() - postgres_before,
        ..Sample::default()
    })
}

fn file_of(folder: &Path, table: &str) -> PathBuf {
    folder.join(format!("{table}.copy"))
}

/// Writes every table's rows into a file; the tables in an order in which each finds what it refers to.
fn dump(bank: &Bank, folder: &Path) -> Outcome<Vec<String>> {
    fs::create_dir_all(folder)?;
    bank.wait(async {
        let mut copier = Copier::connect(&bank.url(DATABASE, OWNER_ROLE)).await?;
        let client = copier.client();
        let tables = tables_in_order(client).await?;
        for table in &tables {
            copy_out(client, table, &file_of(folder, table)).await?;
        }
        Ok(tables)
    })
}

async fn tables_in_order(client: &Client) -> Outcome<Vec<String>> {
    let rows = client.query(TABLES, &[]).await?;
    let mut waiting: Vec<(String, Vec<String>)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut done: HashSet<String> = HashSet::new();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let (ready, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, needed)| needed.iter().all(|table| done.contains(table)));
        if ready.is_empty() {
            return Err("the tables refer to each other in a circle".into());
        }
        done.extend(ready.iter().map(|(table, _)| table.clone()));
        ordered.extend(ready.into_iter().map(|(table, _)| table));
        waiting = rest;
    }
    Ok(ordered)
}

/// Empties the tables and copies the dumped rows back, over one connection.
fn copied(bank: &Bank, folder: &Path, tables: &[String]) -> Outcome<Sample> {
    let url = bank.url(DATABASE, OWNER_ROLE);
    let mut copier = bank.wait(async {
        let mut copier = Copier::connect(&url).await?;
        let sql = format!("SET synchronous_commit = off; TRUNCATE {} CASCADE", tables.join(", "));
        copier.client().batch_execute(&sql).await?;
        Ok(copier)
    })?;
    let sample = timed(bank, || {
        bank.wait(async {
            let mut rows = 0;
            for table in tables {
                rows += copy_in(copier.client(), table, &file_of(folder, table)).await?;
            }
            Ok(rows as f64)
        })
    })?;
    say(&format!("   {:.0} rows copied into {} tables", sample.operations, tables.len()));
    Ok(sample)
}

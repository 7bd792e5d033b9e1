//! PostgreSQL's own load generator on the same database.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::bank::{self, Bank};
use crate::cpu;
use crate::measure::{Outcome, Sample};

/// Rows of `pgbench_accounts` per unit of its scale.
const ROWS_PER_SCALE: u32 = 100_000;
const THREADS: &str = "2";

/// As many rows as there are cardholders, in the same database.
pub(crate) fn initialise(bank: &Bank) -> Outcome<()> {
    let scale = bank.pace.cardholders.div_ceil(ROWS_PER_SCALE).to_string();
    let mut command = program(bank)?;
    let output = command.args(["-i", "-q", "-s", &scale]).args(target(bank)).output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("pgbench -i: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
    }
}

/// `pgbench -S -M prepared`.
pub(crate) fn select_only(bank: &Bank, connections: usize, duration: Duration) -> Outcome<Sample> {
    run(bank, &["-S"], connections, duration)
}

/// A script of ours, prepared.
pub(crate) fn script(bank: &Bank, sql: &str, connections: usize, duration: Duration) -> Outcome<Sample> {
    let file = bank.folder.join("script.sql");
    fs::write(&file, sql)?;
    let file = file.display().to_string();
    run(bank, &["-f", &file], connections, duration)
}

fn run(bank: &Bank, what: &[&str], connections: usize, duration: Duration) -> Outcome<Sample> {
    let seconds = duration.as_secs().max(1).to_string();
    let mut command = program(bank)?;
    command.args(["-n", "-M", "prepared", "-j", THREADS, "-T", &seconds, "-c", &connections.to_string()]);
    command.args(what).args(target(bank));
    let (cpu_before, postgres_before) = (cpu::children_seconds(), bank.postgres_seconds());
    let output = command.output()?;
    let generator_seconds = cpu::children_seconds() - cpu_before;
    let postgres_seconds = bank.postgres_seconds() - postgres_before;
    let text = String::from_utf8_lossy(&output.stdout);
    let number = |label: &str| text.lines().find_map(|line| first_number(line.strip_prefix(label)?));
    let (Some(operations), Some(rate)) =
        (number("number of transactions actually processed: "), number("tps = "))
    else {
        return Err(format!("pgbench: {text}{}", String::from_utf8_lossy(&output.stderr)).into());
    };
    Ok(Sample {
        operations,
        seconds: operations / rate,
        generator_seconds,
        postgres_seconds,
        ..Sample::default()
    })
}

fn first_number(text: &str) -> Option<f64> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).next()?.parse().ok()
}

fn program(bank: &Bank) -> Outcome<Command> {
    let path = bank.postgres.programs().program("pgbench");
    if path.is_file() { Ok(Command::new(path)) } else { Err(format!("{} is absent", path.display()).into()) }
}

fn target(bank: &Bank) -> [String; 5] {
    let socket = bank.postgres.socket_dir().display().to_string();
    ["-h".into(), socket, "-U".into(), platform::database::OWNER_ROLE.into(), bank::DATABASE.into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_says() {
        assert_eq!(first_number("1234.5 (without initial connection time)"), Some(1234.5));
        assert_eq!(first_number("99"), Some(99.0));
        assert_eq!(first_number("none"), None);
    }
}

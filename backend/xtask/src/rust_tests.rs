//! The Rust tests of the whole workspace, shown as they run and counted.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::command::{Doing, Failure};
use crate::counts::{Counts, of_libtest_line};
use crate::failures::OfLibtest;
use crate::say;
use crate::workspace::Workspace;

/// What tests are told about the machine they run on.
pub(crate) struct Surroundings<'a> {
    /// The superuser's address of a cluster that is thrown away after the run; without one, the tests that
    /// need it fail, and the others still run.
    pub(crate) cluster_url: Option<&'a str>,
    pub(crate) scratch: &'a Path,
}

pub(crate) struct Outcome {
    pub(crate) counts: Counts,
    /// `test: reason`, told by tests that found that they cannot run here.
    pub(crate) skips: Vec<String>,
    pub(crate) failures: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, surroundings: &Surroundings<'_>) -> Result<Outcome, Failure> {
    say::step("cargo test --workspace");
    let skip_log = surroundings.scratch.join("skipped.txt");
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]).env("CARDEA_SKIP_LOG", &skip_log);
    if let Some(url) = surroundings.cluster_url {
        cargo.env("CARDEA_TEST_CLUSTER_URL", url);
    }
    let mut failures = OfLibtest::default();
    let (counts, succeeded) = run_counted(&mut cargo, |line| {
        say::line(line);
        failures.read(line);
    })?;
    let skips = told_skips(&fs::read_to_string(&skip_log).unwrap_or_default());
    let counts = counts.with_runner_s_end(succeeded).with_skips_told(skips.len() as u64);
    Ok(Outcome { counts, skips, failures: failures.told() })
}

fn run_counted(cargo: &mut Command, mut show: impl FnMut(&str)) -> Result<(Counts, bool), Failure> {
    let mut child = cargo.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().doing("run cargo test")?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.doing("read what cargo test says")?;
            let line = String::from_utf8_lossy(&line);
            counts += of_libtest_line(&line).unwrap_or_default();
            show(&line);
        }
    }
    let status = child.wait().doing("wait for cargo test")?;
    Ok((counts, status.success()))
}

/// One line per test, whatever it said how often.
fn told_skips(log: &str) -> Vec<String> {
    let lines: BTreeSet<&str> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_tells_twice_is_skipped_once() {
        let log = "berka::imports: no data\nuci::imports: no data\n\nberka::imports: no data\n";
        assert_eq!(told_skips(log), ["berka::imports: no data", "uci::imports: no data"]);
    }

    #[test]
    fn every_test_program_s_line_is_added_up() {
        let said = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured\n\
                    test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured\n";
        let (counts, succeeded) = run_counted(Command::new("printf").arg(said), |_| {}).unwrap();
        assert_eq!(counts, Counts { passed: 3, failed: 1, skipped: 1 });
        assert!(succeeded);
    }
}

//! How long a debug check takes after an edit of a chapter.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};

use crate::bank::{Bank, root};
use crate::cpu;
use crate::measure::{Finding, Goal, Outcome, Sample, Threshold, Told, Unit, in_turns};

const GOAL: Goal = Goal { unit: Unit::Time, must: Threshold::SecondsAtMost(15.0), aim: None };
const EDITED: &str = "backend/records/src/lib.rs";

pub(super) fn measure(bank: &Bank) -> Outcome<Vec<Told>> {
    // Whatever was never checked on this machine is not part of an edit.
    check()?;
    let edited = || {
        File::options().append(true).open(root().join(EDITED))?.set_modified(SystemTime::now())?;
        check()
    };
    let pairs = in_turns(bank.pace.repetitions, edited, check)?;
    let work = "debug check after an edit of a chapter (`records`)";
    Ok(vec![Finding::told(work, "nothing edited", GOAL, pairs)])
}

fn check() -> Outcome<Sample> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["check", "--quiet", "--package", "server"]).current_dir(root()).stdin(Stdio::null());
    // What the cargo around us has set is for this package alone.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"]
            .iter()
            .any(|ours| text.starts_with(ours))
        {
            command.env_remove(name);
        }
    }
    let (since, cpu_before) = (Instant::now(), cpu::children_seconds());
    let status = command.status()?;
    if !status.success() {
        return Err(format!("cargo check ended with {status}").into());
    }
    Ok(Sample {
        operations: 1.0,
        seconds: since.elapsed().as_secs_f64(),
        generator_seconds: cpu::children_seconds() - cpu_before,
        ..Sample::default()
    })
}

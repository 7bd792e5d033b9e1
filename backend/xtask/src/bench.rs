//! Hands over to the programs that measure.

use crate::command::{self, Failure};
use crate::workspace::Workspace;

const PACKAGE: &str = "bench";
const FOLDER: &str = "tests/bench";

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    if !workspace.has_package(PACKAGE) {
        return Err(Failure::new(format!(
            "nothing is measured yet: the package `{PACKAGE}` in {FOLDER} is absent from the workspace"
        )));
    }
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--release", "--package", PACKAGE, "--"]).args(arguments);
    command::run("cargo run --release --package bench", &mut cargo)
}

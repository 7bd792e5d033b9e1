//! Format, lints and types of both languages.

use crate::command::{self, Failure};
use crate::frontend::Frontend;
use crate::node::Node;
use crate::report::Report;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<bool, Failure> {
    let mut report = Report::new();
    rust(workspace, &mut report);
    if Frontend::is_present(workspace) {
        let frontend = Frontend::new(workspace, Node::ensure(workspace)?);
        report.check("npm ci", || frontend.install_packages());
        typescript(&frontend, &mut report);
    } else {
        report.absent("front end", "frontend/package.json");
    }
    Ok(report.close())
}

pub(crate) fn rust(workspace: &Workspace, report: &mut Report) {
    report.check("rustfmt", || {
        command::run("cargo fmt --check", workspace.cargo().args(["fmt", "--all", "--check"]))
    });
    report.check("clippy", || {
        let mut cargo = workspace.cargo();
        cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        command::run("cargo clippy", &mut cargo)
    });
}

pub(crate) fn typescript(frontend: &Frontend, report: &mut Report) {
    report.check("front-end types", || frontend.script("typecheck", &[]));
    report.check("front-end lints", || frontend.script("lint", &[]));
}

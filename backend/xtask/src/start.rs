//! From a clone to a running bank.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::command::{self, Doing, Failure};
use crate::frontend::Frontend;
use crate::node::Node;
use crate::postgres_programs;
use crate::say;
use crate::workspace::Workspace;

/// Sets up and builds what is not there yet, then becomes the server.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    ensure_database()?;
    let mut server = Command::new(workspace.built("release", "cardea"));
    server.current_dir(workspace.root()).arg("serve").args(arguments);
    if Frontend::is_present(workspace) {
        let frontend = Frontend::new(workspace, Node::ensure(workspace)?);
        frontend.install_packages()?;
        frontend.build_if_stale()?;
        serve_pages(&mut server, &frontend.path("dist"));
    } else {
        say::note("frontend/package.json is absent: the API is served without pages");
    }
    build_server(workspace)?;
    become_program(server)
}

pub(crate) fn seed(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    ensure_database()?;
    build_server(workspace)?;
    let mut server = Command::new(workspace.built("release", "cardea"));
    server.current_dir(workspace.root()).arg("seed").args(arguments);
    become_program(server)
}

/// The bank's own setting, where there is one, stands.
pub(crate) fn serve_pages(server: &mut Command, folder: &Path) {
    if std::env::var_os("CARDEA_SERVER__WEB_DIR").is_none() {
        server.env("CARDEA_SERVER__WEB_DIR", folder);
    }
}

fn ensure_database() -> Result<(), Failure> {
    let is_given = std::env::var_os("DATABASE_URL").is_some_and(|url| !url.is_empty());
    if is_given { Ok(()) } else { postgres_programs::ensure().map(|_| ()) }
}

fn build_server(workspace: &Workspace) -> Result<(), Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package", "server", "--bin", "cardea"]);
    command::run("cargo build --release (the first time takes some minutes)", &mut cargo)
}

/// In place of this process, so that Ctrl-C, signals and the exit status are the server's own.
fn become_program(mut command: Command) -> Result<(), Failure> {
    let error = command.exec();
    Err(error).doing(format!("run {}", command.get_program().to_string_lossy()))
}

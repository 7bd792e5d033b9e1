//! From a clone to a running bank.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::command::{self, Doing, Failure};
use crate::frontend::Frontend;
use crate::node::Node;
use crate::package_manager::{Apt, Missing, failure_of};
use crate::postgres_programs;
use crate::say;
use crate::workspace::Workspace;

/// Sets up and builds what is not there yet, then becomes the server.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    refuse_what_is_missing(workspace)?;
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
    become_server(workspace, "seed", arguments)
}

/// The files are looked for from where the caller stands, the bank's data from the root of the clone.
pub(crate) fn import(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    let here = std::env::current_dir().doing("find the present folder")?;
    become_server(workspace, "import", &with_folder_from(&here, arguments))
}

fn become_server(workspace: &Workspace, verb: &str, arguments: &[String]) -> Result<(), Failure> {
    ensure_database()?;
    build_server(workspace)?;
    let mut server = Command::new(workspace.built("release", "cardea"));
    server.current_dir(workspace.root()).arg(verb).args(arguments);
    become_program(server)
}

/// The value of `--folder`, as one word or two, made absolute.
fn with_folder_from(here: &Path, arguments: &[String]) -> Vec<String> {
    let absolute = |folder: &str| here.join(folder).to_string_lossy().into_owned();
    let mut is_folder = false;
    let written = arguments.iter().map(|word| match word.strip_prefix("--folder=") {
        Some(folder) => format!("--folder={}", absolute(folder)),
        None if std::mem::replace(&mut is_folder, word == "--folder") => absolute(word),
        None => word.clone(),
    });
    written.collect()
}

/// The bank's own setting, where there is one, stands.
pub(crate) fn serve_pages(server: &mut Command, folder: &Path) {
    if std::env::var_os("CARDEA_SERVER__WEB_DIR").is_none() {
        server.env("CARDEA_SERVER__WEB_DIR", folder);
    }
}

/// Where nothing may be installed from here, all that a start needs is named at once.
fn refuse_what_is_missing(workspace: &Workspace) -> Result<(), Failure> {
    if Apt::usable().is_some() {
        return Ok(());
    }
    let database = if is_database_given() { None } else { postgres_programs::missing() };
    let node = if Frontend::is_present(workspace) { Node::missing(workspace) } else { None };
    let missing: Vec<Missing> = database.into_iter().chain(node).collect();
    if missing.is_empty() { Ok(()) } else { Err(failure_of(&missing)) }
}

fn is_database_given() -> bool {
    std::env::var_os("DATABASE_URL").is_some_and(|url| !url.is_empty())
}

fn ensure_database() -> Result<(), Failure> {
    if is_database_given() { Ok(()) } else { postgres_programs::ensure().map(|_| ()) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_to_import_are_looked_for_from_where_the_caller_stands() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let here = Path::new("/home/a");
        for (written, passed_on) in [
            ("berka --folder berka --dry-run", "berka --folder /home/a/berka --dry-run"),
            ("berka --dry-run --folder=../berka", "berka --dry-run --folder=/home/a/../berka"),
            ("uci-credit-default --folder /srv/uci", "uci-credit-default --folder /srv/uci"),
            ("--help", "--help"),
        ] {
            assert_eq!(with_folder_from(here, &words(written)), words(passed_on));
        }
    }
}

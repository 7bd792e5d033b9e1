//! Where this repository lies, and how to call cargo in it.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{self, Doing, Failure};

/// Set by the `cargo run` around us for this program; the build scripts of other packages must not see it.
const OURS_ALONE: [&str; 4] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];

pub(crate) struct Workspace {
    root: PathBuf,
    metadata: Value,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self, Failure> {
        let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here).join("../..").canonicalize().doing("find the repository")?;
        let text = command::output(cargo_in(&root).args(["metadata", "--format-version=1", "--no-deps"]))?;
        let metadata = serde_json::from_str(&text)?;
        Ok(Self { root, metadata })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Programs that this tool installs for itself alone; not committed.
    pub(crate) fn tools(&self) -> PathBuf {
        self.path(".tools")
    }

    /// A program that cargo built, in the profile whose folder is named.
    pub(crate) fn built(&self, profile: &str, program: &str) -> PathBuf {
        self.target().join(profile).join(program)
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.root.join(self.metadata["target_directory"].as_str().unwrap_or("target"))
    }

    /// `cargo metadata` without dependencies from elsewhere.
    pub(crate) fn metadata(&self) -> &Value {
        &self.metadata
    }

    pub(crate) fn has_package(&self, name: &str) -> bool {
        let packages = self.metadata["packages"].as_array();
        packages.is_some_and(|packages| packages.iter().any(|package| package["name"] == name))
    }

    pub(crate) fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    /// Any other program, working at the root.
    pub(crate) fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }
}

fn cargo_in(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    forget_own_settings(&mut command);
    command
}

/// For any program that calls cargo in its turn.
pub(crate) fn forget_own_settings(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| OURS_ALONE.iter().any(|prefix| name.starts_with(prefix))) {
            command.env_remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        let workspace = Workspace::find().unwrap();
        assert!(workspace.path("backend/xtask/src/workspace.rs").is_file());
        assert!(workspace.has_package("private_postgres"));
        assert!(!workspace.has_package("no_such_crate"));
    }
}

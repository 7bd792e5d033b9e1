//! Python, which carries two tools here: Node's package and the API's fuzzer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, Doing, Failure};
use crate::package_manager::{Apt, Missing, Packages};
use crate::workspace::Workspace;

pub(crate) struct Python {
    program: &'static str,
}

impl Python {
    pub(crate) fn has_pip(&self) -> bool {
        command::answer(self.pip().arg("--version")).is_some()
    }

    pub(crate) fn has_venv(&self) -> bool {
        command::answer(self.command().args(["-c", "import venv, ensurepip"])).is_some()
    }

    fn command(&self) -> Command {
        Command::new(self.program)
    }

    pub(crate) fn pip(&self) -> Command {
        let mut command = self.command();
        command.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]);
        // Everything goes into a folder of this repository: the system's packages are not touched.
        command.env("PIP_ROOT_USER_ACTION", "ignore");
        command
    }
}

/// A part of Python, which Debian and its kin package apart.
pub(crate) struct Part {
    pub(crate) apt: &'static str,
    pub(crate) packages: &'static Packages,
    pub(crate) serves: fn(&Python) -> bool,
}

pub(crate) const PIP: Part = Part {
    apt: "python3-pip",
    packages: &[("apt-get", "python3-pip"), ("dnf", "python3-pip"), ("brew", "python")],
    serves: Python::has_pip,
};

const VENV: Part = Part {
    apt: "python3-venv",
    packages: &[("apt-get", "python3-venv"), ("dnf", "python3-pip"), ("brew", "python")],
    serves: Python::has_venv,
};

/// Python with this part, if it is here.
pub(crate) fn find(part: &Part) -> Option<Python> {
    Some(Python { program: "python3" }).filter(part.serves)
}

/// Python with this part, installing it where that is lacking.
pub(crate) fn ensure(part: &Part) -> Result<Python, Failure> {
    if let Some(python) = find(part) {
        return Ok(python);
    }
    let Some(apt) = Apt::usable() else {
        let what = format!("{} is missing", part.apt);
        return Err(Missing { what, packages: part.packages }.failure());
    };
    apt.install(&["python3", part.apt])?;
    find(part).ok_or_else(|| Failure::new(format!("{} was installed and does not serve", part.apt)))
}

/// A virtual environment in `.tools` with exactly what the file asks for; returns its folder of programs.
pub(crate) fn environment(
    workspace: &Workspace,
    name: &str,
    requirements: &Path,
) -> Result<PathBuf, Failure> {
    let folder = workspace.tools().join(name);
    let stamp = folder.join("requirements-installed.txt");
    let wanted = fs::read(requirements).doing(format!("read {}", requirements.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder.join("bin"));
    }
    let python = ensure(&VENV)?;
    if folder.exists() {
        fs::remove_dir_all(&folder).doing(format!("remove {}", folder.display()))?;
    }
    let mut venv = python.command();
    command::run_with_clock(
        &format!("python -m venv .tools/{name}"),
        venv.args(["-m", "venv"]).arg(&folder),
    )?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "-r"]).arg(requirements);
    command::run_with_clock(&format!("pip install into .tools/{name}"), &mut pip)?;
    fs::write(&stamp, wanted).doing(format!("write {}", stamp.display()))?;
    Ok(folder.join("bin"))
}

//! The machine's package manager, where we may use it.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::geteuid;

use crate::command::{self, Failure};
use crate::say;

/// apt, as root or with a sudo that asks for no password.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Apt {
    with_sudo: bool,
}

impl Apt {
    pub(crate) fn usable() -> Option<Self> {
        if !has_program("apt-get") {
            return None;
        }
        if geteuid().is_root() {
            return Some(Self { with_sudo: false });
        }
        let sudo =
            has_program("sudo") && command::answer(Command::new("sudo").args(["-n", "true"])).is_some();
        sudo.then_some(Self { with_sudo: true })
    }

    pub(crate) fn install(self, packages: &[&str]) -> Result<(), Failure> {
        say::note(format!("installing with apt-get: {}", packages.join(" ")));
        // Another run of apt, of the machine's own updates for example, is waited for.
        let quiet = ["-qq", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"];
        let apt_get = || {
            let mut apt_get = self.command("apt-get");
            apt_get.args(quiet).stdout(Stdio::null());
            apt_get
        };
        command::run_with_clock("apt-get update", apt_get().arg("update"))?;
        let mut install = apt_get();
        install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
        command::run_with_clock("apt-get install", &mut install)
    }

    /// A command with the rights to change the system.
    pub(crate) fn command(self, program: &str) -> Command {
        let mut command = if self.with_sudo { Command::new("sudo") } else { Command::new("env") };
        if self.with_sudo {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }
}

/// What each package manager calls the packages that bring something.
pub(crate) type Packages = [(&'static str, &'static str)];

/// Something that is not here, and how it is had.
pub(crate) struct Missing {
    pub(crate) what: String,
    pub(crate) packages: &'static Packages,
}

impl Missing {
    pub(crate) fn failure(self) -> Failure {
        failure_of(&[self])
    }
}

/// All that is missing, and the one command that brings it.
pub(crate) fn failure_of(missing: &[Missing]) -> Failure {
    let what: Vec<&str> = missing.iter().map(|missing| missing.what.as_str()).collect();
    let packages: Vec<&Packages> = missing.iter().map(|missing| missing.packages).collect();
    Failure::new(format!("{}\n  to install it: {}", what.join("\n"), advice(&packages, has_program)))
}

/// The one command that a person types where we may not install ourselves.
fn advice(wanted: &[&Packages], has_program: impl Fn(&str) -> bool) -> String {
    let known = [
        ("apt-get", "sudo apt-get install -y"),
        ("dnf", "sudo dnf install -y"),
        ("zypper", "sudo zypper install -y"),
        ("pacman", "sudo pacman -S --noconfirm"),
        ("apk", "sudo apk add"),
        ("brew", "brew install"),
    ];
    let called = |packages: &&Packages, manager: &str| {
        packages.iter().find(|(name, _)| *name == manager).map(|(_, package)| *package)
    };
    for (manager, install) in known.into_iter().filter(|(manager, _)| has_program(manager)) {
        let packages: Option<Vec<&str>> = wanted.iter().map(|packages| called(packages, manager)).collect();
        if let Some(packages) = packages {
            return format!("{install} {}", packages.join(" "));
        }
    }
    "use this machine's package manager".to_owned()
}

pub(crate) fn has_program(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| Path::new(&folder).join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATABASE: &Packages = &[("apt-get", "postgresql"), ("brew", "postgresql@17")];
    const NODE: &Packages = &[("apt-get", "python3-pip"), ("dnf", "nodejs"), ("brew", "node")];

    #[test]
    fn all_that_is_missing_is_one_command_that_fits_the_machine_or_plain_words() {
        let on = |manager: &'static str| move |name: &str| name == manager;
        let both = [DATABASE, NODE];
        assert_eq!(advice(&both, on("apt-get")), "sudo apt-get install -y postgresql python3-pip");
        assert_eq!(advice(&both, on("brew")), "brew install postgresql@17 node");
        assert_eq!(advice(&[NODE], on("dnf")), "sudo dnf install -y nodejs");
        assert_eq!(advice(&both, on("dnf")), "use this machine's package manager");
        assert_eq!(advice(&both, on("none")), "use this machine's package manager");
    }

    #[test]
    fn what_is_missing_is_said_before_the_command() {
        let missing = |what: &str, packages| Missing { what: what.to_owned(), packages };
        let failure = failure_of(&[missing("no database", DATABASE), missing("no Node", NODE)]).to_string();
        assert!(failure.starts_with("no database\nno Node\n  to install it: "), "{failure}");
    }
}

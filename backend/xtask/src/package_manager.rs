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

/// The one command that a person types where we may not install ourselves; `packages` per manager.
pub(crate) fn advice(packages: &[(&str, &str)]) -> String {
    let known = [
        ("apt-get", "sudo apt-get install -y"),
        ("dnf", "sudo dnf install -y"),
        ("zypper", "sudo zypper install -y"),
        ("pacman", "sudo pacman -S --noconfirm"),
        ("apk", "sudo apk add"),
        ("brew", "brew install"),
    ];
    for (manager, install) in known {
        let package = packages.iter().find(|(name, _)| *name == manager);
        if let (Some((_, package)), true) = (package, has_program(manager)) {
            return format!("{install} {package}");
        }
    }
    format!("install {} with this machine's package manager", packages.first().map_or("it", |(_, name)| name))
}

pub(crate) fn has_program(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| Path::new(&folder).join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_one_command_that_fits_the_machine_or_plain_words() {
        assert_eq!(advice(&[]), "install it with this machine's package manager");
        let text = advice(&[("no-such-manager", "postgresql")]);
        assert_eq!(text, "install postgresql with this machine's package manager");
        if has_program("apt-get") {
            assert_eq!(advice(&[("apt-get", "postgresql")]), "sudo apt-get install -y postgresql");
        }
    }
}

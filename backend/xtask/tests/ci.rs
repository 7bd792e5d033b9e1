//! `.ci/run` on machines that are played by a folder of programs.

#![expect(clippy::unwrap_used, reason = "a machine that can't be played fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each program does, and that it was called.
struct Machine {
    folder: PathBuf,
}

impl Machine {
    /// With Rust, Python and a C compiler; `candidate` is what apt has as `chromium`.
    fn new(name: &str, candidate: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ci-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let machine = Self { folder };
        for program in ["apt-get", "cargo", "cc", "python3"] {
            machine.has(program, "true");
        }
        machine.has("id", "echo 0");
        machine.has("dpkg-query", "printf installed");
        machine.has("apt-cache", &format!("echo '  Candidate: {candidate}'"));
        machine.has("chromium", "exit 127");
        machine
    }

    /// Written by another process: a file that a neighbour's child still has open can't be run.
    fn has(&self, program: &str, does: &str) {
        let script = format!("echo \"{program} $*\" >>{}; {does}", self.log().display());
        let mut shell = Command::new("sh");
        shell.args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$2\" >\"$1\" && chmod 755 \"$1\"", "sh"]);
        assert!(shell.arg(self.folder.join(program)).arg(script).status().unwrap().success());
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The calls that change something.
    fn run(&self) -> Vec<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/run");
        let path = format!("{}:/usr/bin:/bin", self.folder.display());
        let output =
            Command::new("bash").arg(script).env("PATH", path).env_remove("CHROMIUM").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let log = fs::read_to_string(self.log()).unwrap();
        log.lines()
            .filter(|call| call.contains(" install ") || call.starts_with("cargo "))
            .map(last_words)
            .collect()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Without the options between the program and what it is to do.
fn last_words(call: &str) -> String {
    match call.split_once(" --no-install-recommends ") {
        Some((_, packages)) => format!("install {packages}"),
        None => call.to_owned(),
    }
}

#[test]
fn every_check_and_the_replay_of_the_images_are_run() {
    let machine = Machine::new("whole", "(none)");
    machine.has("chromium", "echo Chromium 140.0");
    assert_eq!(machine.run(), ["cargo xtask test --images"]);
}

#[test]
fn a_browser_is_installed_where_apt_has_one() {
    let machine = Machine::new("debian", "140.0.7339.80-1~deb12u1");
    assert_eq!(machine.run(), ["install chromium", "cargo xtask test --images"]);
}

#[test]
fn a_pointer_to_a_snap_is_not_installed() {
    for candidate in ["2:1snap1-0ubuntu2", "(none)"] {
        let machine = Machine::new("ubuntu", candidate);
        assert_eq!(machine.run(), ["cargo xtask test --images"], "{candidate}");
    }
}

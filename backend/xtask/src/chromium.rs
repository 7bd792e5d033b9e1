//! The browser of the end-to-end tests.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, Failure};
use crate::frontend::Frontend;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where Playwright puts the browsers that it brings.
const BROUGHT_TO: &str = "PLAYWRIGHT_BROWSERS_PATH";

/// `$CHROMIUM`, or the first of the usual names in `PATH`; one that runs.
pub(crate) fn find() -> Option<PathBuf> {
    match named() {
        Some(named) => Some(named).filter(|file| runs(file)),
        None => first_in(&env::var_os("PATH")?),
    }
}

/// What to tell a person who has none.
pub(crate) fn absence() -> String {
    match named() {
        Some(named) => format!("CHROMIUM names {}, which does not run", named.display()),
        None => format!("no Chromium that runs was found (looked for CHROMIUM and {})", NAMES.join(", ")),
    }
}

/// Playwright's own, with what it needs of the system: for machines whose packages have none.
pub(crate) fn bring(frontend: &Frontend, tools: &Path) -> Result<PathBuf, Failure> {
    let folder = tools.join("browsers");
    let mut playwright = frontend.program("npx");
    playwright.args(["--no-install", "playwright", "install", "--with-deps", "chromium"]);
    command::run("playwright install chromium", playwright.env(BROUGHT_TO, &folder))?;
    let mut node = frontend.program("node");
    node.args(["-p", "require('@playwright/test').chromium.executablePath()"]);
    let file = PathBuf::from(command::output(node.env(BROUGHT_TO, &folder))?.trim());
    if runs(&file) { Ok(file) } else { Err(Failure::new(format!("{} does not run", file.display()))) }
}

fn named() -> Option<PathBuf> {
    env::var_os("CHROMIUM").filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn first_in(path: &OsStr) -> Option<PathBuf> {
    let of_name = |name| env::split_paths(path).map(move |folder| folder.join(name));
    NAMES.into_iter().flat_map(of_name).find(|file| file.is_file() && runs(file))
}

/// Ubuntu has a script of the usual name that only says which snap to install.
fn runs(file: &Path) -> bool {
    command::answer(Command::new(file).arg("--version")).is_some_and(|version| version.contains("Chrom"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_script_that_names_a_snap_is_no_browser() {
        let top = env::temp_dir().join(format!("chromium-{}", std::process::id()));
        // Written by another process: a file that a neighbour's child still has open can't be run.
        let write = |name: &str, script: &str| {
            let mut shell = Command::new("sh");
            shell.args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$2\" >\"$1\" && chmod 755 \"$1\"", "sh"]);
            assert!(shell.arg(top.join(name)).arg(script).status().unwrap().success());
        };
        fs::create_dir_all(&top).unwrap();
        write("chromium-browser", "echo \"requires the chromium snap to be installed\" >&2; exit 1");
        assert_eq!(first_in(top.as_os_str()), None);
        write("google-chrome", "echo Google Chrome 140.0");
        assert_eq!(first_in(top.as_os_str()), Some(top.join("google-chrome")));
        write("chromium", "echo install the snap first");
        assert_eq!(first_in(top.as_os_str()), Some(top.join("google-chrome")));
        fs::remove_dir_all(&top).unwrap();
    }
}

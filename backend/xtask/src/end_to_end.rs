//! The tests that come through the door: a real browser on the pages, and a fuzzer on the API.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::chromium;
use crate::command::{self, Doing, Failure};
use crate::counts::{Counts, listed_by_playwright, of_playwright};
use crate::failures;
use crate::frontend::{Frontend, read_json};
use crate::node::before_path;
use crate::python;
use crate::report::Report;
use crate::sandbox_server::SandboxServer;
use crate::say;
use crate::workspace::Workspace;

const BROWSER_TESTS: &str = "tests/e2e";
const API_FUZZER: &str = "tests/schemathesis";

/// Set where a browser must be there: its absence is then a failure.
const BROWSER_REQUIRED: &str = "CARDEA_REQUIRE_BROWSER";

pub(crate) fn run(workspace: &Workspace, frontend: Option<&Frontend>, scratch: &Path, report: &mut Report) {
    let has_browser_tests = workspace.path(BROWSER_TESTS).join("playwright.config.ts").is_file();
    let has_fuzzer = workspace.path(API_FUZZER).join("run").is_file();
    if !has_browser_tests {
        report.absent("end to end", &format!("{BROWSER_TESTS}/playwright.config.ts"));
    }
    if !has_fuzzer {
        report.absent("schemathesis", &format!("{API_FUZZER}/run"));
    }
    let frontend = frontend.filter(|_| has_browser_tests);
    let browser = chromium::find().or_else(|| brought(workspace, frontend, report));
    if let (Some(frontend), None) = (frontend, &browser) {
        count_as_skipped(workspace, frontend, scratch, report);
    }
    let frontend = frontend.filter(|_| browser.is_some());
    if frontend.is_none() && !has_fuzzer {
        return;
    }
    let mut server = None;
    report.check("sandbox server", || {
        server = Some(SandboxServer::start(workspace)?);
        Ok(())
    });
    let Some(server) = server else { return };
    if let (Some(frontend), Some(browser)) = (frontend, &browser) {
        let mut failures = Vec::new();
        let right = report.count("end to end", || {
            let counts;
            (counts, failures) = in_browser(workspace, frontend, (&server.url(), browser), scratch)?;
            Ok(counts)
        });
        if !right {
            say::line(server.log_tail());
        }
        failures.into_iter().for_each(|failure| report.remark(failure));
    }
    if has_fuzzer {
        report.check("schemathesis", || fuzz(workspace, &server.url()));
    }
}

/// Only where a browser must be there: nobody else asked for a download of that size.
fn brought(workspace: &Workspace, frontend: Option<&Frontend>, report: &mut Report) -> Option<PathBuf> {
    let frontend = frontend.filter(|_| is_browser_required())?;
    let mut browser = None;
    report.check("browser", || {
        browser = Some(chromium::bring(frontend, &workspace.tools())?);
        Ok(())
    });
    browser
}

fn is_browser_required() -> bool {
    std::env::var_os(BROWSER_REQUIRED).is_some_and(|value| !value.is_empty() && value != "0")
}

fn in_browser(
    workspace: &Workspace,
    frontend: &Frontend,
    (url, browser): (&str, &Path),
    scratch: &Path,
) -> Result<(Counts, Vec<String>), Failure> {
    link_packages(workspace)?;
    let file = scratch.join("playwright.json");
    let mut playwright = frontend.program("npx");
    playwright
        .args(["--no-install", "playwright", "test", "-c", "../tests/e2e/playwright.config.ts"])
        .arg("--reporter=list,json")
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &file)
        .env("CARDEA_URL", url)
        .env("CHROMIUM", browser);
    let ended = command::run("playwright test", &mut playwright);
    match read_json(&file) {
        Ok(report) => {
            Ok((of_playwright(&report).with_runner_s_end(ended.is_ok()), failures::of_playwright(&report)))
        }
        Err(unreadable) => Err(ended.err().unwrap_or(unreadable)),
    }
}

fn count_as_skipped(workspace: &Workspace, frontend: &Frontend, scratch: &Path, report: &mut Report) {
    let is_required = is_browser_required();
    let mut number = 0;
    report.count("end to end", || {
        number = listed(workspace, frontend, scratch)?;
        Ok(if is_required { Counts { failed: number, ..Counts::default() } } else { Counts::skipped(number) })
    });
    let verdict = if is_required { "failed, since a browser is required here" } else { "skipped" };
    report.remark(format!("{number} end-to-end tests {verdict}: {}", chromium::absence()));
}

fn listed(workspace: &Workspace, frontend: &Frontend, scratch: &Path) -> Result<u64, Failure> {
    link_packages(workspace)?;
    let file = scratch.join("playwright-list.json");
    let mut playwright = frontend.program("npx");
    playwright
        .args(["--no-install", "playwright", "test", "-c", "../tests/e2e/playwright.config.ts"])
        .args(["--list", "--reporter=json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &file)
        .env("CARDEA_URL", "http://127.0.0.1:1");
    command::run("playwright test --list", &mut playwright)?;
    read_json(&file).map(|report| listed_by_playwright(&report))
}

/// The tests lie outside of the front end and use its packages, which Node looks for beside them.
fn link_packages(workspace: &Workspace) -> Result<(), Failure> {
    let link = workspace.path(BROWSER_TESTS).join("node_modules");
    if fs::symlink_metadata(&link).is_ok() {
        return Ok(());
    }
    symlink("../../frontend/node_modules", &link).doing(format!("link {}", link.display()))
}

/// The script sets the seed and the bounds; its tools come from a private environment.
fn fuzz(workspace: &Workspace, url: &str) -> Result<(), Failure> {
    let folder = workspace.path(API_FUZZER);
    let mut script = workspace.program(folder.join("run"));
    script.env("CARDEA_URL", url);
    let requirements = folder.join("requirements.txt");
    if requirements.is_file() {
        let programs = python::environment(workspace, "schemathesis", &requirements)?;
        script.env("PATH", before_path(&programs));
    }
    command::run("tests/schemathesis/run", &mut script)
}

//! The front end's own tools, called only when there is something for them to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use serde_json::Value;

use crate::command::{self, Doing, Failure};
use crate::counts::{self, Counts};
use crate::failures;
use crate::node::Node;
use crate::set_up_lock::SetUpLock;
use crate::workspace::Workspace;

/// Made by tools, not by people: no reason to build again.
const NO_SOURCES: [&str; 3] = ["node_modules", "dist", "coverage"];

/// What the pages are built from besides the front end's own folder: what each refusal means.
const SOURCES_OUTSIDE: [&str; 1] = ["openapi/faults"];

pub(crate) struct Frontend {
    folder: PathBuf,
    sources: Vec<PathBuf>,
    tools: PathBuf,
    node: Node,
}

impl Frontend {
    pub(crate) fn is_present(workspace: &Workspace) -> bool {
        workspace.path("frontend/package.json").is_file()
    }

    pub(crate) fn new(workspace: &Workspace, node: Node) -> Self {
        let folder = workspace.path("frontend");
        let outside = SOURCES_OUTSIDE.iter().map(|relative| workspace.path(relative));
        let sources = [folder.clone()].into_iter().chain(outside).collect();
        Self { folder, sources, tools: workspace.tools(), node }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.join(relative)
    }

    /// Exactly what the lock file names. Scripts of packages are not run: nothing here needs them, and they
    /// are where a stolen package strikes first.
    pub(crate) fn install_packages(&self) -> Result<(), Failure> {
        let lock = modified(&self.path("package-lock.json"))
            .ok_or_else(|| Failure::new("frontend/package-lock.json is missing"))?;
        let _alone = SetUpLock::take(&self.tools)?;
        // npm writes this at the very end of an installation.
        if modified(&self.path("node_modules/.package-lock.json")).is_some_and(|installed| installed >= lock)
        {
            return Ok(());
        }
        let mut npm = self.program("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        command::run_with_clock("npm ci", &mut npm)
    }

    pub(crate) fn build_if_stale(&self) -> Result<(), Failure> {
        let _alone = SetUpLock::take(&self.tools)?;
        if is_newer(&self.path("dist/index.html"), &self.sources) {
            return Ok(());
        }
        self.script("build", &[])
    }

    /// One of the scripts in package.json.
    pub(crate) fn script(&self, name: &str, arguments: &[&str]) -> Result<(), Failure> {
        let mut npm = self.program("npm");
        npm.args(["run", "--silent", name, "--"]).args(arguments);
        command::run(&format!("npm run {name}"), &mut npm)
    }

    /// The counts, and what the failed tests said.
    pub(crate) fn unit_tests(&self, scratch: &Path) -> Result<(Counts, Vec<String>), Failure> {
        let file = scratch.join("vitest.json");
        let output = format!("--outputFile.json={}", file.display());
        let ended = self.script("test", &["--reporter=default", "--reporter=json", &output]);
        match read_json(&file) {
            Ok(report) => Ok((
                counts::of_vitest(&report).with_runner_s_end(ended.is_ok()),
                failures::of_vitest(&report),
            )),
            Err(unreadable) => Err(ended.err().unwrap_or(unreadable)),
        }
    }

    /// `node`, `npm` or `npx`, working in the front end's folder.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = self.node.command(name);
        command.current_dir(&self.folder);
        command
    }
}

pub(crate) fn read_json(file: &Path) -> Result<Value, Failure> {
    let text = fs::read(file).doing(format!("read {}", file.display()))?;
    serde_json::from_slice(&text).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// Whether the file is there and nothing in the folders was changed after it.
fn is_newer(file: &Path, folders: &[PathBuf]) -> bool {
    let newest = folders.iter().filter_map(|folder| newest_source(folder)).max();
    modified(file).is_some_and(|made| newest.is_none_or(|newest| newest <= made))
}

/// Of files, and of the folders below the top: a folder changes when a file in it is removed.
fn newest_source(top: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(top).ok()?.flatten();
    let sources = entries.filter(|entry| !NO_SOURCES.iter().any(|name| entry.file_name() == *name));
    sources
        .filter_map(|entry| {
            let own = modified(&entry.path());
            if entry.file_type().ok()?.is_dir() { own.max(newest_source(&entry.path())) } else { own }
        })
        .max()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::dockerfile::{Instruction, parse};

    #[test]
    fn a_removed_file_is_noticed_and_a_tool_s_file_is_not() {
        let top = std::env::temp_dir().join(format!("frontend-{}", std::process::id()));
        let (source, tool) = (top.join("src/deep"), top.join("node_modules"));
        fs::create_dir_all(&source).unwrap();
        fs::create_dir_all(&tool).unwrap();
        fs::write(source.join("a.ts"), "").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let set = |path: &Path| fs::File::open(path).unwrap().set_modified(long_ago).unwrap();
        [source.join("a.ts"), source.clone(), top.join("src")].iter().for_each(|path| set(path));

        fs::write(tool.join("package.js"), "").unwrap();
        assert_eq!(newest_source(&top), Some(long_ago));
        fs::remove_file(source.join("a.ts")).unwrap();
        assert!(newest_source(&top) > Some(long_ago));
        fs::remove_dir_all(&top).unwrap();
    }

    #[test]
    fn the_pages_are_stale_once_the_words_outside_changed() {
        let top = std::env::temp_dir().join(format!("stale-pages-{}", std::process::id()));
        let (own, outside) = (top.join("frontend"), top.join("openapi/faults"));
        let (built, words) = (own.join("dist/index.html"), outside.join("en.json"));
        fs::create_dir_all(own.join("dist")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        let written = |path: &Path, seconds| {
            fs::write(path, "").unwrap();
            let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            fs::File::options().write(true).open(path).unwrap().set_modified(moment).unwrap();
        };
        written(&words, 1_000);
        assert!(!is_newer(&built, &[own.clone(), outside.clone()]), "nothing is built");
        written(&built, 2_000);
        assert!(is_newer(&built, &[own.clone(), outside.clone()]));
        written(&words, 3_000);
        assert!(!is_newer(&built, &[own, outside]));
        fs::remove_dir_all(&top).unwrap();
    }

    /// The image's build sees only what is copied for it, so that list is whole.
    #[test]
    fn the_sources_are_those_that_the_image_is_built_from() {
        let workspace = Workspace::find().unwrap();
        let text = fs::read_to_string(workspace.path("frontend/Dockerfile")).unwrap();
        let instructions = parse(&text).unwrap().into_iter().flat_map(|stage| stage.instructions);
        let copied = instructions.filter_map(|instruction| match instruction {
            Instruction::Copy { from: None, sources, .. } => Some(sources),
            _ => None,
        });
        let outside: Vec<String> =
            copied.flatten().filter(|source| source.split('/').next() != Some("frontend")).collect();
        assert_eq!(outside, SOURCES_OUTSIDE);
    }
}

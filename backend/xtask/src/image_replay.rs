//! Replays what the Dockerfiles' build stages do, in a clean copy, with this machine's Rust and Node.
//!
//! It proves that the copied files suffice and that the commands work. It does not prove the base images,
//! the finished image or its start: those need an engine.

use std::fs;
use std::path::{Path, PathBuf};

use private_postgres::TemporaryFolder;

use crate::build_context::BuildContext;
use crate::command::{self, Doing, Failure};
use crate::dockerfile::{Instruction, Stage, parse};
use crate::node::Node;
use crate::report::Report;
use crate::workspace::{Workspace, forget_own_settings};

pub(crate) const DOCKERFILES: [&str; 2] = ["backend/Dockerfile", "frontend/Dockerfile"];

/// Given for the build arguments of the same names: a debug build proves as much, in a fraction of the time.
const ARGUMENTS: [(&str, &str); 1] = [("PROFILE", "dev")];

pub(crate) fn run(workspace: &Workspace, report: &mut Report) {
    for file in DOCKERFILES {
        report.check(&format!("replay {file}"), || replay(workspace, file));
    }
}

fn replay(workspace: &Workspace, file: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(workspace.path(file)).doing(format!("read {file}"))?;
    let stages = parse(&text)?;
    let Some((finished, building)) = stages.split_last() else {
        return Err(Failure::new(format!("{file} has no stage")));
    };
    let context = BuildContext::of(workspace)?;
    let ground = TemporaryFolder::new()?;
    for (number, stage) in building.iter().enumerate() {
        let mut place = Place::new(workspace, ground.path().join(stage_name(stage, number)))?;
        for instruction in &stage.instructions {
            place.follow(instruction, &context)?;
        }
    }
    results_exist(finished, ground.path())
}

/// What the finished image takes from the build stages must have been made by them.
fn results_exist(finished: &Stage, ground: &Path) -> Result<(), Failure> {
    for instruction in &finished.instructions {
        let Instruction::Copy { from: Some(stage), sources, .. } = instruction else { continue };
        for source in sources {
            let made = ground.join(stage).join(source.trim_start_matches('/'));
            let is_there =
                made.is_file() || fs::read_dir(&made).is_ok_and(|mut entries| entries.next().is_some());
            if !is_there {
                return Err(Failure::new(format!("the stage `{stage}` made no {source}")));
            }
        }
    }
    Ok(())
}

fn stage_name(stage: &Stage, number: usize) -> String {
    stage.name.clone().unwrap_or_else(|| number.to_string())
}

/// A stage's root folder, and where in it the stage stands.
struct Place<'a> {
    workspace: &'a Workspace,
    root: PathBuf,
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

impl<'a> Place<'a> {
    fn new(workspace: &'a Workspace, root: PathBuf) -> Result<Self, Failure> {
        fs::create_dir(&root).doing(format!("create {}", root.display()))?;
        Ok(Self { workspace, folder: root.clone(), root, variables: Vec::new() })
    }

    fn follow(&mut self, instruction: &Instruction, context: &BuildContext) -> Result<(), Failure> {
        match instruction {
            Instruction::Argument { name, default } => {
                let given = ARGUMENTS.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
                self.variables.push((name.clone(), given.unwrap_or(default).to_owned()));
            }
            Instruction::Variable { name, value } => self.variables.push((name.clone(), value.clone())),
            Instruction::WorkFolder(path) => {
                self.folder = self.inside(path);
                fs::create_dir_all(&self.folder).doing(format!("create {path}"))?;
            }
            Instruction::Copy { from: Some(_), .. } => {
                return Err(Failure::new("a build stage that copies from another is not replayed"));
            }
            Instruction::Copy { from: None, sources, target } => {
                let into_folder = target.ends_with('/') || target == "." || sources.len() > 1;
                for source in sources {
                    context.copy(self.workspace.root(), source, &self.inside(target), into_folder)?;
                }
            }
            Instruction::Run(script) => self.run(script)?,
            Instruction::User(_) | Instruction::Other(_) => {}
        }
        Ok(())
    }

    fn inside(&self, path: &str) -> PathBuf {
        match path.strip_prefix('/') {
            Some(absolute) => self.root.join(absolute),
            None => self.folder.join(path),
        }
    }

    /// Compiled dependencies are shared with the workspace, which has built them already.
    fn run(&self, script: &str) -> Result<(), Failure> {
        let node = Node::ensure(self.workspace)?;
        let mut shell = node.command_in_path("sh");
        shell.args(["-c", script]).current_dir(&self.folder).envs(self.variables.iter().cloned());
        forget_own_settings(&mut shell);
        shell.env("CARGO_TARGET_DIR", self.workspace.target());
        command::run_with_clock(script, &mut shell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages() -> Vec<(&'static str, Workspace, Vec<Stage>)> {
        DOCKERFILES
            .into_iter()
            .map(|file| {
                let workspace = Workspace::find().unwrap();
                let stages = parse(&fs::read_to_string(workspace.path(file)).unwrap()).unwrap();
                (file, workspace, stages)
            })
            .collect()
    }

    fn scripts(stage: &Stage) -> impl Iterator<Item = &str> {
        stage.instructions.iter().filter_map(|instruction| match instruction {
            Instruction::Run(script) => Some(script.as_str()),
            _ => None,
        })
    }

    #[test]
    fn images_are_built_in_stages_from_pinned_images_and_run_as_an_ordinary_user() {
        for (file, _, stages) in stages() {
            assert!(stages.len() > 1, "{file}");
            for stage in &stages {
                let tag = stage.base.rsplit_once(':').map(|(_, tag)| tag).unwrap_or_default();
                let is_exact = tag.starts_with(|c: char| c.is_ascii_digit()) && tag.contains('.');
                assert!(is_exact, "{file}: {}", stage.base);
            }
            let finished = stages.last().unwrap();
            let user = finished.instructions.iter().rev().find_map(|instruction| match instruction {
                Instruction::User(user) => user.parse::<u32>().ok(),
                _ => None,
            });
            assert!(user.is_some_and(|user| user > 0), "{file} ends as {user:?}");
        }
    }

    #[test]
    fn everything_that_is_copied_is_in_the_repository_or_made_by_a_stage() {
        for (file, workspace, stages) in stages() {
            let context = BuildContext::of(&workspace).unwrap();
            let names: Vec<&str> = stages.iter().filter_map(|stage| stage.name.as_deref()).collect();
            for instruction in stages.iter().flat_map(|stage| &stage.instructions) {
                match instruction {
                    Instruction::Copy { from: Some(from), .. } => {
                        assert!(names.contains(&from.as_str()), "{file}: {from}");
                    }
                    Instruction::Copy { from: None, sources, .. } => {
                        for source in sources {
                            assert!(!context.copied(source).is_empty(), "{file}: COPY {source}");
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_server_s_image_gets_every_crate_of_the_workspace() {
        let (_, workspace, stages) = stages().into_iter().next().unwrap();
        let context = BuildContext::of(&workspace).unwrap();
        let sources = stages[0].instructions.iter().filter_map(|instruction| match instruction {
            Instruction::Copy { from: None, sources, .. } => Some(sources),
            _ => None,
        });
        let copied: Vec<&str> =
            sources.flatten().flat_map(|source| context.copied(source)).map(|(path, _)| path).collect();
        for package in workspace.metadata()["packages"].as_array().unwrap() {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap());
            let manifest = manifest.strip_prefix(workspace.root()).unwrap().to_str().unwrap();
            assert!(copied.contains(&manifest), "{manifest} is not copied");
        }
    }

    #[test]
    fn every_build_command_names_something_that_exists() {
        for (file, workspace, stages) in stages() {
            for script in stages.iter().flat_map(scripts) {
                let words: Vec<&str> = script.split_whitespace().collect();
                match words.as_slice() {
                    ["cargo", "install", rest @ ..] => {
                        let after = |flag: &str| {
                            let place = rest.iter().position(|word| *word == flag).unwrap();
                            rest[place + 1]
                        };
                        assert!(workspace.path(after("--path")).join("Cargo.toml").is_file(), "{script}");
                        let packages = workspace.metadata()["packages"].as_array().unwrap();
                        let targets =
                            packages.iter().flat_map(|package| package["targets"].as_array().unwrap());
                        let is_there = targets.into_iter().any(|target| target["name"] == after("--bin"));
                        assert!(is_there, "{script}");
                    }
                    ["npm", "ci", ..] => assert!(workspace.path("frontend/package-lock.json").is_file()),
                    ["npm", "run", name] => {
                        let text = fs::read_to_string(workspace.path("frontend/package.json")).unwrap();
                        let package: serde_json::Value = serde_json::from_str(&text).unwrap();
                        assert!(package["scripts"][name].is_string(), "{file}: npm run {name}");
                    }
                    ["apt-get" | "useradd", ..] => {}
                    other => panic!("{file}: {other:?} is not understood"),
                }
            }
        }
    }
}

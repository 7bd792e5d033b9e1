//! The files that an image's build can see: what the repository holds, less what `.dockerignore` names.

use std::fs;
use std::path::Path;

use crate::command::{self, Doing, Failure};
use crate::workspace::Workspace;

pub(crate) struct BuildContext {
    files: Vec<String>,
}

impl BuildContext {
    pub(crate) fn of(workspace: &Workspace) -> Result<Self, Failure> {
        let mut git = workspace.program("git");
        // Files that are new and not ignored count: they are in the next commit.
        git.args(["-c", "safe.directory=*", "-c", "core.quotePath=false", "ls-files"]);
        git.args(["--cached", "--others", "--exclude-standard"]);
        let listed = command::output(&mut git)?;
        let file = workspace.path(".dockerignore");
        let ignored = fs::read_to_string(&file).doing(format!("read {}", file.display()))?;
        let patterns: Vec<&str> = ignored.lines().map(str::trim).filter(|line| is_pattern(line)).collect();
        let is_seen = |path: &&str| !patterns.iter().any(|pattern| is_covered(pattern, path));
        let is_there = |path: &&str| workspace.path(path).is_file();
        Ok(Self { files: listed.lines().filter(is_seen).filter(is_there).map(str::to_owned).collect() })
    }

    /// The files that `COPY source` takes, each with its place below the target; one pair with an empty
    /// place if the source is itself a file.
    pub(crate) fn copied(&self, source: &str) -> Vec<(&str, &str)> {
        let source = source.trim_start_matches("./").trim_end_matches('/');
        let below = |path: &str| -> Option<usize> {
            if source == "." || source.is_empty() {
                return Some(0);
            }
            let rest = path.strip_prefix(source)?;
            (rest.is_empty() || rest.starts_with('/'))
                .then(|| path.len() - rest.trim_start_matches('/').len())
        };
        self.files
            .iter()
            .filter_map(|path| below(path).map(|start| (path.as_str(), &path[start..])))
            .collect()
    }

    /// Copies as `COPY` does: the content of a folder, or a file under its own or the target's name.
    pub(crate) fn copy(
        &self,
        root: &Path,
        source: &str,
        target: &Path,
        into_folder: bool,
    ) -> Result<(), Failure> {
        let copied = self.copied(source);
        if copied.is_empty() {
            return Err(Failure::new(format!("COPY {source}: no such file in the build's context")));
        }
        for (path, place) in copied {
            let name = Path::new(path).file_name().unwrap_or_default();
            let target = match (place.is_empty(), into_folder) {
                (true, true) => target.join(name),
                (true, false) => target.to_owned(),
                (false, _) => target.join(place),
            };
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).doing(format!("create {}", folder.display()))?;
            }
            fs::copy(root.join(path), &target).doing(format!("copy {path}"))?;
        }
        Ok(())
    }
}

fn is_pattern(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// `folder/file`, `**/name` or `*.ending`; whatever lies below a covered folder is covered.
fn is_covered(pattern: &str, path: &str) -> bool {
    if let Some(name) = pattern.strip_prefix("**/") {
        return path.split('/').any(|part| part == name);
    }
    if let Some(ending) = pattern.strip_prefix('*') {
        return !path.contains('/') && path.ends_with(ending);
    }
    path.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_it_names_and_what_lies_below() {
        for (pattern, path, expected) in [
            ("target", "target/debug/a", true),
            ("target", "targets/a", false),
            ("tests/e2e", "tests/e2e/a.ts", true),
            ("tests/e2e", "tests/it/a.rs", false),
            ("**/node_modules", "frontend/node_modules/a/b.js", true),
            ("**/node_modules", "node_modules", true),
            ("*.log", "a.log", true),
            ("*.log", "deep/a.log", false),
        ] {
            assert_eq!(is_covered(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_folder_gives_its_content_and_a_file_itself() {
        let files = ["Cargo.toml", "frontend/index.html", "frontend/src/a.ts", "frontend2/b.ts"];
        let context = BuildContext { files: files.map(str::to_owned).to_vec() };
        assert_eq!(
            context.copied("frontend"),
            [("frontend/index.html", "index.html"), ("frontend/src/a.ts", "src/a.ts")]
        );
        assert_eq!(context.copied("./Cargo.toml"), [("Cargo.toml", "")]);
        assert_eq!(context.copied("absent"), []);
        assert_eq!(context.copied(".").len(), 4);
    }
}

//! Reads the Dockerfiles of this repository, which keep to a plain subset: no here-documents, no JSON form
//! of `COPY` and `RUN`, one `ARG` a line.

use crate::command::Failure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stage {
    /// The image, or the name of an earlier stage.
    pub(crate) base: String,
    pub(crate) name: Option<String>,
    pub(crate) instructions: Vec<Instruction>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Instruction {
    Argument {
        name: String,
        default: String,
    },
    Variable {
        name: String,
        value: String,
    },
    WorkFolder(String),
    Copy {
        from: Option<String>,
        sources: Vec<String>,
        target: String,
    },
    Run(String),
    User(String),
    /// What concerns the finished image only: `EXPOSE`, `CMD`, …
    Other(String),
}

pub(crate) fn parse(text: &str) -> Result<Vec<Stage>, Failure> {
    let mut stages: Vec<Stage> = Vec::new();
    for line in logical_lines(text) {
        let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        let rest = rest.trim();
        if keyword.eq_ignore_ascii_case("FROM") {
            stages.push(stage(rest));
            continue;
        }
        let Some(current) = stages.last_mut() else {
            return Err(Failure::new(format!("{keyword} stands before the first FROM")));
        };
        current.instructions.push(instruction(&keyword.to_ascii_uppercase(), rest)?);
    }
    Ok(stages)
}

fn stage(rest: &str) -> Stage {
    let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let is_named = words.get(1).is_some_and(|word| word.eq_ignore_ascii_case("AS"));
    Stage {
        base: words.first().copied().unwrap_or_default().to_owned(),
        name: words.get(2).filter(|_| is_named).map(|name| (*name).to_owned()),
        instructions: Vec::new(),
    }
}

fn instruction(keyword: &str, rest: &str) -> Result<Instruction, Failure> {
    let pair = || {
        let (name, value) = rest.split_once('=').unwrap_or((rest, ""));
        (name.trim().to_owned(), value.trim().trim_matches('"').to_owned())
    };
    Ok(match keyword {
        "ARG" => {
            let (name, default) = pair();
            Instruction::Argument { name, default }
        }
        "ENV" => {
            let (name, value) = pair();
            Instruction::Variable { name, value }
        }
        "WORKDIR" => Instruction::WorkFolder(rest.to_owned()),
        "USER" => Instruction::User(rest.to_owned()),
        "COPY" | "ADD" => copy(rest)?,
        "RUN" => Instruction::Run(without_flags(rest).1),
        _ => Instruction::Other(keyword.to_owned()),
    })
}

fn copy(rest: &str) -> Result<Instruction, Failure> {
    let (flags, paths) = without_flags(rest);
    let from = flags.iter().find_map(|flag| flag.strip_prefix("--from=")).map(str::to_owned);
    let mut sources: Vec<String> = paths.split_whitespace().map(str::to_owned).collect();
    match sources.pop() {
        Some(target) if !sources.is_empty() => Ok(Instruction::Copy { from, sources, target }),
        _ => Err(Failure::new(format!("COPY {rest} lacks a source or a target"))),
    }
}

fn without_flags(rest: &str) -> (Vec<String>, String) {
    let mut flags = Vec::new();
    let mut rest = rest.trim_start();
    while rest.starts_with("--") {
        let (flag, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        flags.push(flag.to_owned());
        rest = after.trim_start();
    }
    (flags, rest.to_owned())
}

/// Without comments and blank lines, and with continued lines put together.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut begun = String::new();
    let written = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in written {
        if let Some(continued) = line.strip_suffix('\\') {
            begun += continued.trim_end();
            begun.push(' ');
        } else {
            lines.push(std::mem::take(&mut begun) + line);
        }
    }
    if !begun.is_empty() {
        lines.push(begun);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_flags_comments_and_continued_lines_are_read() {
        let text = "# a comment\nFROM rust:1.95 AS build\nARG PROFILE=release\nWORKDIR /src\n\
                    COPY Cargo.toml Cargo.lock ./\nRUN --mount=type=cache,target=/x \\\n    # why\n    cargo build \\\n\
                    \x20   --locked\n\nfrom debian:12\nCOPY --from=build --chown=1:1 /src/a /a\nUSER 7\nCMD [\"a\"]\n";
        let stages = parse(text).unwrap();
        assert_eq!(stages.len(), 2);
        assert_eq!((stages[0].base.as_str(), stages[0].name.as_deref()), ("rust:1.95", Some("build")));
        assert_eq!(
            stages[0].instructions,
            [
                Instruction::Argument { name: "PROFILE".into(), default: "release".into() },
                Instruction::WorkFolder("/src".into()),
                Instruction::Copy {
                    from: None,
                    sources: vec!["Cargo.toml".into(), "Cargo.lock".into()],
                    target: "./".into()
                },
                Instruction::Run("cargo build --locked".into()),
            ]
        );
        assert_eq!(
            stages[1].instructions,
            [
                Instruction::Copy {
                    from: Some("build".into()),
                    sources: vec!["/src/a".into()],
                    target: "/a".into()
                },
                Instruction::User("7".into()),
                Instruction::Other("CMD".into()),
            ]
        );
    }

    #[test]
    fn what_cannot_be_a_dockerfile_is_refused() {
        assert!(parse("RUN true").is_err());
        assert!(parse("FROM a\nCOPY alone").is_err());
        assert_eq!(parse(""), Ok(Vec::new()));
    }
}

//! Which paths a file names, followed to the crate or slice they lead to.

use std::collections::BTreeSet;

use super::source::{SourceFile, Token};

/// Every path the file names, absolute (`trust::audit::record`), with `use` trees unfolded and its line.
pub(super) fn references(file: &SourceFile) -> BTreeSet<(String, usize)> {
    let mut found = BTreeSet::new();
    walk(&file.tokens, file, &mut found);
    found
}

fn walk(run: &[Token], file: &SourceFile, found: &mut BTreeSet<(String, usize)>) {
    let mut at = 0;
    while let Some(token) = run.get(at) {
        let is_continued = at > 0 && (run[at - 1].is_sign('.') || (at > 1 && is_separator(run, at - 2)));
        match token {
            Token::Word(word, _) if !is_continued => at = path(run, at, vec![word.clone()], file, found),
            Token::Group(group) => {
                walk(&group.inside, file, found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

fn is_separator(run: &[Token], at: usize) -> bool {
    run.get(at).is_some_and(|t| t.is_sign(':')) && run.get(at + 1).is_some_and(|t| t.is_sign(':'))
}

/// Reads the path whose first word is at `at`; answers where it ends.
fn path(
    run: &[Token],
    mut at: usize,
    mut steps: Vec<String>,
    file: &SourceFile,
    found: &mut BTreeSet<(String, usize)>,
) -> usize {
    let line = run[at].line();
    loop {
        if !is_separator(run, at + 1) {
            note(&steps, line, file, found);
            return at + 1;
        }
        match run.get(at + 3) {
            Some(Token::Word(word, _)) => {
                steps.push(word.clone());
                at += 3;
            }
            Some(Token::Group(group)) if group.open == '{' => {
                unfold(&group.inside, &steps, file, found);
                return at + 4;
            }
            _ => {
                note(&steps, line, file, found);
                return at + 3;
            }
        }
    }
}

/// The branches of a `use` tree.
fn unfold(run: &[Token], stem: &[String], file: &SourceFile, found: &mut BTreeSet<(String, usize)>) {
    let mut at = 0;
    while at < run.len() {
        match run[at].word() {
            Some("self") => {
                note(stem, run[at].line(), file, found);
                at += 1;
            }
            Some("as") => at += 2,
            Some(word) => at = path(run, at, [stem, &[word.to_owned()]].concat(), file, found),
            None => at += 1,
        }
    }
}

fn note(steps: &[String], line: usize, file: &SourceFile, found: &mut BTreeSet<(String, usize)>) {
    let mut module: Vec<&str> =
        std::iter::once(file.crate_name.as_str()).chain(file.module.iter().map(String::as_str)).collect();
    let mut rest = steps;
    match steps.first().map(String::as_str) {
        Some("crate") => {
            module.truncate(1);
            rest = &steps[1..];
        }
        Some("self") => rest = &steps[1..],
        Some("super") => {
            while let Some((head, tail)) = rest.split_first().filter(|(head, _)| *head == "super") {
                debug_assert_eq!(head, "super");
                module.pop();
                rest = tail;
            }
        }
        _ => module.clear(),
    }
    let absolute: Vec<&str> = module.into_iter().chain(rest.iter().map(String::as_str)).collect();
    if absolute.len() > 1 {
        found.insert((absolute.join("::"), line));
    }
}

/// The slice or crate a path leads into: its first two steps inside a chapter, its first elsewhere.
pub(super) fn home_of<'a>(path: &str, homes: &BTreeSet<&'a str>) -> Option<&'a str> {
    let mut steps = path.split("::");
    let (first, second) = (steps.next()?, steps.next()?);
    let slice = format!("{first}::{second}");
    homes.get(slice.as_str()).or_else(|| homes.get(first)).copied()
}

#[test]
fn paths_are_followed_through_use_trees_and_parents() {
    let file = SourceFile::invented(
        "trust::staff::sessions::http",
        "use crate::{audit::{self, Entry}, calendars}; use super::super::employ;
         fn f() { crate::branches::open(platform::Clock::fixed::<u8>()); json!({ \"a\": trust::views::X }) }",
    );
    let paths: Vec<String> = references(&file).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        [
            "platform::Clock::fixed",
            "trust::audit",
            "trust::audit::Entry",
            "trust::branches::open",
            "trust::calendars",
            "trust::staff::employ",
            "trust::views::X",
        ]
    );
    let homes = BTreeSet::from(["trust::audit", "trust", "platform"]);
    assert_eq!(home_of("trust::audit::Entry", &homes), Some("trust::audit"));
    assert_eq!(home_of("trust::routes", &homes), Some("trust"));
}

//! The house's own source, read as tokens: comments and tests are gone, macros and strings are not.

#![expect(clippy::panic, reason = "a check that can't read the source fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Crates of the product, the lowest first.
const CRATES: &[&str] = &["kernel", "platform", "web", "trust", "records", "sandbox", "server"];
/// Crates that are cut into slices.
const CHAPTERS: &[&str] = &["trust", "records", "motion", "credit", "service", "growth"];

/// One token; a group is one with everything inside it.
#[derive(Debug, Clone)]
pub(super) enum Token {
    Word(String, usize),
    Sign(char, usize),
    /// A string literal's value.
    Text(String, usize),
    /// Any other literal.
    Number(usize),
    Group(Group),
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    pub open: char,
    pub inside: Vec<Token>,
    pub first_line: usize,
    pub last_line: usize,
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word, _) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        matches!(self, Self::Sign(found, _) if *found == sign)
    }

    pub(super) fn group(&self, open: char) -> Option<&Group> {
        match self {
            Self::Group(group) if group.open == open => Some(group),
            _ => None,
        }
    }

    pub(super) fn line(&self) -> usize {
        match self {
            Self::Word(_, line) | Self::Sign(_, line) | Self::Text(_, line) | Self::Number(line) => *line,
            Self::Group(group) => group.first_line,
        }
    }
}

/// One file of Rust.
pub(super) struct SourceFile {
    /// Below the checkout's root.
    pub path: String,
    pub crate_name: String,
    /// The module within the crate: `["cardholders", "http"]`.
    pub module: Vec<String>,
    pub tokens: Vec<Token>,
}

impl SourceFile {
    /// A file that is nowhere, to prove that a check can fail. `module` is `crate::module::…`.
    pub(super) fn invented(module: &str, text: &str) -> Self {
        let mut steps = module.split("::").map(ToOwned::to_owned);
        let crate_name = steps.next().expect("a crate");
        let module: Vec<String> = steps.collect();
        let path = format!("backend/{crate_name}/src/{}.rs", module.join("/"));
        Self { path, crate_name, module, tokens: tokens_of(text) }
    }

    fn read(root: &Path, crate_name: &str, source: &Path, file: &Path) -> Self {
        let path = relative(root, file);
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{path}: {error}"));
        let below = relative(source, file);
        let mut module: Vec<String> =
            below.trim_end_matches(".rs").split('/').map(ToOwned::to_owned).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        Self { path, crate_name: crate_name.to_owned(), module, tokens: tokens_of(&text) }
    }

    /// The slice (`records::cardholders`) this file is part of; the crate where it is not cut into slices.
    pub(super) fn home(&self) -> String {
        match self.module.first() {
            Some(slice) if CHAPTERS.contains(&self.crate_name.as_str()) => {
                format!("{}::{slice}", self.crate_name)
            }
            _ => self.crate_name.clone(),
        }
    }

    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Calls `visit` with every run of tokens: the file's own, and each group's.
    pub(super) fn visit_runs<'a>(&'a self, visit: &mut impl FnMut(&'a [Token])) {
        visit_runs(&self.tokens, visit);
    }

    /// Every string of the file, with its line.
    pub(super) fn texts(&self) -> Vec<(&str, usize)> {
        let mut found = Vec::new();
        self.visit_runs(&mut |run| {
            for token in run {
                if let Token::Text(text, line) = token {
                    found.push((text.as_str(), *line));
                }
            }
        });
        found
    }

    pub(super) fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

pub(super) fn visit_runs<'a>(run: &'a [Token], visit: &mut impl FnMut(&'a [Token])) {
    visit(run);
    for token in run {
        if let Token::Group(group) = token {
            visit_runs(&group.inside, visit);
        }
    }
}

/// The checkout's root.
pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout")
}

/// All of the product's Rust. The sandbox, which is no part of the bank, and the tests are not in it.
pub(super) fn product() -> Vec<SourceFile> {
    let root = root();
    let mut files = Vec::new();
    for crate_name in CRATES.iter().filter(|name| **name != "sandbox") {
        let source = root.join("backend").join(crate_name).join("src");
        let mut paths = files_below(&source);
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
        files.extend(paths.iter().map(|path| SourceFile::read(&root, crate_name, &source, path)));
    }
    assert!(files.len() > 80, "the source was not found");
    files
}

/// Every file below a folder, sorted, without what is installed, built or hidden.
pub(super) fn files_below(folder: &Path) -> Vec<PathBuf> {
    const SKIPPED: &[&str] = &["target", "node_modules", "dist", "output", "data"];
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.starts_with('.') {
            continue;
        }
        if !path.is_dir() {
            found.push(path);
        } else if !SKIPPED.contains(&name.as_str()) {
            found.extend(files_below(&path));
        }
    }
    found.sort();
    found
}

/// `path` below `root`, with forward slashes.
pub(super) fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|step| step.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn tokens_of(text: &str) -> Vec<Token> {
    let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("not Rust: {error}\n{text}"));
    convert(stream)
}

/// Converts, leaving out doc comments and whatever is under `#[cfg(test)]`.
fn convert(stream: TokenStream) -> Vec<Token> {
    let all: Vec<TokenTree> = stream.into_iter().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(tree) = all.get(at) {
        if is_sign(tree, '#')
            && let Some(attribute) = all.get(at + 1).and_then(bracketed)
        {
            if attribute.starts_with("doc") {
                at += 2;
                continue;
            }
            if attribute.starts_with("cfg") && attribute.replace(' ', "") == "cfg(test)" {
                at = after_item(&all, at + 2);
                continue;
            }
        }
        found.push(token(tree));
        at += 1;
    }
    found
}

fn is_sign(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn bracketed(tree: &TokenTree) -> Option<String> {
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            Some(group.stream().to_string())
        }
        _ => None,
    }
}

/// Where the item that starts here ends: after its braces or its semicolon.
fn after_item(all: &[TokenTree], from: usize) -> usize {
    let is_end = |tree: &TokenTree| {
        is_sign(tree, ';') || matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
    };
    all.iter().skip(from).position(is_end).map_or(all.len(), |length| from + length + 1)
}

fn token(tree: &TokenTree) -> Token {
    let line = tree.span().start().line;
    match tree {
        TokenTree::Ident(word) => Token::Word(word.to_string(), line),
        TokenTree::Punct(sign) => Token::Sign(sign.as_char(), line),
        TokenTree::Literal(literal) => {
            text_of(&literal.to_string()).map_or(Token::Number(line), |text| Token::Text(text, line))
        }
        TokenTree::Group(group) => Token::Group(Group {
            open: match group.delimiter() {
                Delimiter::Parenthesis => '(',
                Delimiter::Brace => '{',
                Delimiter::Bracket => '[',
                Delimiter::None => ' ',
            },
            first_line: group.span_open().start().line,
            last_line: group.span_close().end().line,
            inside: convert(group.stream()),
        }),
    }
}

/// The value of a string literal, escapes undone as far as SQL and codes need it.
fn text_of(literal: &str) -> Option<String> {
    let (head, rest) = literal.split_once('"')?;
    let body = rest.rsplit_once('"')?.0;
    if head.starts_with('\'') {
        return None;
    }
    if head.contains('r') {
        return Some(body.to_owned());
    }
    let mut text = String::new();
    let mut letters = body.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('\n') => while letters.next_if(|next| next.is_whitespace()).is_some() {},
            Some(other) => text.push(other),
            None => {}
        }
    }
    Some(text)
}

#[test]
fn tests_and_comments_are_not_read_and_strings_are_joined() {
    let file = SourceFile::invented(
        "trust::staff::repo",
        r#"
        /// INSERT INTO staff
        const SQL: &str = "UPDATE staff \
            SET x"; // DELETE FROM staff
        #[cfg(test)]
        mod tests { const BAD: &str = "DELETE FROM staff"; }
        "#,
    );
    assert_eq!(file.texts(), [("UPDATE staff SET x", 3)]);
    assert_eq!((file.home().as_str(), file.name()), ("trust::staff", "repo.rs"));
}

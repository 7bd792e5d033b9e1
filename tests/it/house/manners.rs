//! Manners of the source: sizes, names, handlers, exceptions to lints, words that do not belong.

use std::{collections::BTreeMap, fs};

use super::{
    references::references,
    source::{self, Group, SourceFile, Token},
};

const FILE_LINES_MAX: usize = 500;
/// A component that is longer is two.
const COMPONENT_LINES_MAX: usize = 300;
const HANDLER_LINES_MAX: usize = 15;
/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &[
    "service", "services", "util", "utils", "types", "dto", "dtos", "helper", "helpers", "common", "misc",
    "manager",
];
/// Written by programs.
const GENERATED: &[&str] = &["backend/platform/src/schema.rs", "frontend/src/api/schema.gen.ts"];
/// What an operation looks like to the router.
const VERBS: &[&str] = &["get", "post", "put", "patch", "delete"];
/// Operations at the door, before there is a caller.
const FOR_STRANGERS: &[&str] = &["login", "login_with_second_factor", "refresh_session", "logout"];

/// Path and number of lines of every source file that people write.
fn written_files() -> Vec<(String, usize)> {
    let root = source::root();
    let mut found = Vec::new();
    for folder in ["backend", "tests", "frontend"] {
        for path in source::files_below(&root.join(folder)) {
            let is_code =
                path.extension().and_then(|e| e.to_str()).is_some_and(|e| matches!(e, "rs" | "ts" | "tsx"));
            let name = source::relative(&root, &path);
            if is_code && !GENERATED.contains(&name.as_str()) {
                found.push((name, fs::read_to_string(&path).expect("source").lines().count()));
            }
        }
    }
    found
}

fn too_long(files: &[(String, usize)]) -> Vec<String> {
    let limit = |path: &str| if path.ends_with(".tsx") { COMPONENT_LINES_MAX } else { FILE_LINES_MAX };
    files
        .iter()
        .filter(|(path, lines)| *lines > limit(path))
        .map(|(path, lines)| format!("{path} has {lines} lines"))
        .collect()
}

fn badly_named(files: &[(String, usize)]) -> Vec<String> {
    let is_empty = |step: &str| {
        let stem = step.split('.').next().unwrap_or(step);
        let is_numbered = stem
            .rsplit_once(['_', '-'])
            .is_some_and(|(_, tail)| tail.len() == 1 && tail.as_bytes()[0].is_ascii_digit());
        EMPTY_NAMES.contains(&stem) || is_numbered
    };
    files
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.split('/').any(is_empty))
        .map(|path| format!("{path} names nothing"))
        .collect()
}

#[test]
fn files_are_short_and_named_for_what_they_hold() {
    let files = written_files();
    assert!(files.len() > 150, "the source was not found");
    assert_eq!(too_long(&files), [""; 0]);
    assert_eq!(badly_named(&files), [""; 0]);
}

#[test]
fn a_long_file_and_an_empty_name_are_named() {
    let files = ["a/cards/utils.rs", "a/dto/card.rs", "a/card_2.rs", "a/model.rs", "a/page.tsx"]
        .map(|path| (path.to_owned(), 301));
    assert_eq!(badly_named(&files).len(), 3);
    assert_eq!(too_long(&files), ["a/page.tsx has 301 lines"]);
    assert_eq!(too_long(&[("a.rs".to_owned(), 501)]).len(), 1);
}

/// Every attribute of the file: its tokens and its line.
fn attributes(file: &SourceFile) -> Vec<&Group> {
    let mut found = Vec::new();
    file.visit_runs(&mut |run| {
        for at in 0..run.len() {
            let next = if run.get(at + 1).is_some_and(|token| token.is_sign('!')) { at + 2 } else { at + 1 };
            found.extend(run.get(next).and_then(|token| token.group('[')).filter(|_| run[at].is_sign('#')));
        }
    });
    found
}

fn says(run: &[Token], word: &str) -> bool {
    run.iter().any(|token| match token {
        Token::Word(found, _) => found == word,
        Token::Group(group) => says(&group.inside, word),
        _ => false,
    })
}

/// Lints that are switched off, or set aside without a reason, or set aside where the platform alone may.
fn bare_exceptions(files: &[SourceFile]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        for attribute in attributes(file) {
            let run = &attribute.inside;
            if says(run, "allow") {
                faults.push(file.at(attribute.first_line, "a bare allow"));
            }
            if says(run, "expect") && !says(run, "reason") {
                faults.push(file.at(attribute.first_line, "an expect without its reason"));
            }
            if says(run, "disallowed_methods") && file.crate_name != "platform" {
                faults.push(file.at(attribute.first_line, "clocks, ids and chance come from the platform"));
            }
        }
    }
    faults
}

#[test]
fn exceptions_to_lints_carry_their_reason() {
    assert_eq!(bare_exceptions(&source::product()), [""; 0]);
}

#[test]
fn a_bare_exception_is_named() {
    let file = SourceFile::invented(
        "web::etag",
        "#![allow(dead_code)] #[expect(clippy::panic)] fn a() {} #[cfg_attr(x, allow(y))] fn b() {}
         #[expect(clippy::disallowed_methods, reason = \"late\")] fn c() {} #[expect(x, reason = \"y\")] fn d() {}",
    );
    assert_eq!(bare_exceptions(&[file]).len(), 4);
}

/// One operation's handler.
struct Handler<'a> {
    name: &'a str,
    arguments: &'a [Token],
    body: &'a Group,
    line: usize,
}

fn handlers(file: &SourceFile) -> Vec<Handler<'_>> {
    let mut found = Vec::new();
    file.visit_runs(&mut |run| {
        for at in 0..run.len() {
            let is_route = run.get(at + 1).and_then(|token| token.group('[')).is_some_and(|attribute| {
                let verb = attribute.inside.first().and_then(Token::word);
                verb.is_some_and(|verb| VERBS.contains(&verb))
            });
            let function = run[at..].iter().position(|token| token.word() == Some("fn"));
            let Some(function) = function.filter(|_| is_route && run[at].is_sign('#')) else { continue };
            let rest = &run[at + function..];
            let arguments = rest.iter().find_map(|token| token.group('('));
            let body = rest.iter().find_map(|token| token.group('{'));
            let name = rest.get(1).and_then(Token::word);
            if let (Some(name), Some(arguments), Some(body)) = (name, arguments, body) {
                found.push(Handler { name, arguments: &arguments.inside, body, line: rest[0].line() });
            }
        }
    });
    found
}

pub(super) fn handler_names(file: &SourceFile) -> Vec<&str> {
    handlers(file).into_iter().map(|handler| handler.name).collect()
}

/// Handlers that do too much, that do not ask who calls first, or that talk to the database.
fn ill_handled(files: &[SourceFile]) -> Vec<String> {
    let mut faults = Vec::new();
    // The server's own addresses (`/healthz`) are no operations of the API.
    for file in files.iter().filter(|file| file.crate_name != "server") {
        for handler in handlers(file) {
            let Handler { name, arguments, body, line } = handler;
            let lines = (body.last_line - body.first_line).saturating_sub(1);
            if lines > HANDLER_LINES_MAX {
                faults.push(file.at(line, &format!("{name} has {lines} lines")));
            }
            let first = arguments.iter().filter_map(Token::word).nth(1);
            let expected = if FOR_STRANGERS.contains(&name) { "Stranger" } else { "Caller" };
            if first != Some(expected) {
                faults.push(file.at(line, &format!("{name} does not ask first who calls")));
            }
            if file.name() != "http.rs" {
                faults.push(file.at(line, &format!("{name} belongs into http.rs")));
            }
        }
        if file.name() == "http.rs" {
            let database = ["diesel", "diesel_async", "tokio_postgres", "platform::schema"];
            let named = references(file).into_iter().filter(|(path, _)| {
                database.iter().any(|module| path == module || path.starts_with(&format!("{module}::")))
            });
            faults.extend(
                named.map(|(path, line)| file.at(line, &format!("a handler talks to the database: {path}"))),
            );
        }
    }
    faults
}

#[test]
fn handlers_ask_who_calls_stay_short_and_leave_the_database_alone() {
    let files = source::product();
    assert!(files.iter().map(|file| handlers(file).len()).sum::<usize>() > 30, "no handler was found");
    assert_eq!(ill_handled(&files), [""; 0]);
}

#[test]
fn an_ill_behaved_handler_is_named() {
    let body = "let x = 1;\n".repeat(16);
    let text = format!(
        "use diesel::prelude::*;
         #[utoipa::path(tag = \"cards\")] #[get(\"/cards\")] async fn list_cards(db: Data<Db>, caller: Caller<X>) -> Y {{\n{body}}}
         #[post(\"/login\")] async fn login(stranger: Stranger) {{ platform::schema::cards::table; }}"
    );
    let files = [
        SourceFile::invented("records::cards::http", &text),
        SourceFile::invented("records::cards::model", "#[get(\"/x\")] fn x(caller: Caller<Y>) {}"),
    ];
    let faults = ill_handled(&files);
    assert_eq!(faults.len(), 5, "{faults:#?}");
}

/// Names that two public schemas share.
fn shared_schema_names(files: &[SourceFile]) -> Vec<String> {
    let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in files {
        file.visit_runs(&mut |run| {
            for at in 0..run.len() {
                let is_derived = run[at].group('[').is_some_and(|attribute| {
                    attribute.inside.first().and_then(Token::word) == Some("derive")
                        && says(&attribute.inside, "ToSchema")
                });
                let is_vocabulary =
                    run[at].word() == Some("vocabulary") && run.get(at + 1).is_some_and(|t| t.is_sign('!'));
                let scope = match run.get(at + 2).and_then(|token| token.group('{')) {
                    Some(body) if is_vocabulary => &body.inside[..],
                    _ if is_derived => &run[at..],
                    _ => continue,
                };
                let kind = scope.iter().position(|token| matches!(token.word(), Some("struct" | "enum")));
                if let Some(name) = kind.and_then(|kind| scope.get(kind + 1)).and_then(Token::word) {
                    names.entry(name).or_default().push(file.at(run[at].line(), name));
                }
            }
        });
    }
    names.into_values().filter(|places| places.len() > 1).map(|places| places.join(" and ")).collect()
}

#[test]
fn public_schema_names_are_unique() {
    assert_eq!(shared_schema_names(&source::product()), [""; 0]);
}

#[test]
fn a_shared_schema_name_is_named() {
    let files = [
        SourceFile::invented(
            "trust::staff::model",
            "#[derive(Debug, ToSchema)] #[serde(x)] pub struct Person { a: u8 }",
        ),
        SourceFile::invented(
            "records::cards::model",
            "platform::vocabulary! { pub enum Person { A = \"a\" } } #[derive(Debug)] struct Other;",
        ),
    ];
    assert_eq!(shared_schema_names(&files).len(), 1);
}

/// Adapters between column, field and key, and SQL that the house does without.
fn unwelcome_words(files: &[SourceFile]) -> Vec<String> {
    const SQL: &[(&str, &str)] = &[
        ("OFFSET", "pages go by key"),
        ("NOTIFY", "nothing is notified inside a transaction"),
        ("LISTEN", "the queue is polled"),
        ("random()", "chance is an argument"),
        ("gen_random_uuid", "ids come from the application"),
        ("clock_timestamp", "time is an argument"),
        ("now()", "time is an argument"),
        ("CURRENT_TIMESTAMP", "time is an argument"),
        ("CURRENT_DATE", "the business date is an argument"),
    ];
    let mut faults = Vec::new();
    for file in files {
        for attribute in attributes(file).into_iter().filter(|attribute| says(&attribute.inside, "serde")) {
            if says(&attribute.inside, "rename_all") || says(&attribute.inside, "alias") {
                faults.push(file.at(attribute.first_line, "one word per thing, from column to screen"));
            }
        }
        for (text, line) in file.texts() {
            let is_sql = ["SELECT ", "UPDATE ", "INSERT ", "DELETE "].iter().any(|verb| text.contains(verb));
            let words = SQL.iter().filter(|(word, _)| is_sql && text.contains(word));
            faults.extend(words.map(|(word, reason)| file.at(line, &format!("{word}: {reason}"))));
        }
        file.visit_runs(&mut |run| {
            for triple in run.windows(3) {
                if triple[0].is_sign('.')
                    && triple[1].word() == Some("offset")
                    && triple[2].group('(').is_some()
                {
                    faults.push(file.at(triple[1].line(), "pages go by key"));
                }
            }
        });
    }
    faults
}

#[test]
fn nothing_is_renamed_counted_off_or_left_to_the_database_s_clock() {
    assert_eq!(unwelcome_words(&source::product()), [""; 0]);
}

#[test]
fn an_unwelcome_word_is_named() {
    let file = SourceFile::invented(
        "records::cards::repo",
        "#[serde(rename_all = \"camelCase\")] struct A; const B: &str = \"SELECT now() LIMIT 1 OFFSET 2\";
         fn c() { cards::table.offset(3); }",
    );
    assert_eq!(unwelcome_words(&[file]).len(), 4);
}

/// Type checks and lints that the front end's source switches off.
fn silenced(files: &[(String, String)]) -> Vec<String> {
    const SWITCHES: &[&str] = &["@ts-ignore", "@ts-nocheck", "eslint-disable", "biome-ignore-all"];
    files
        .iter()
        .flat_map(|(path, text)| {
            SWITCHES
                .iter()
                .filter(|switch| text.contains(**switch))
                .map(move |switch| format!("{path}: {switch}"))
        })
        .collect()
}

#[test]
fn the_front_end_silences_no_check() {
    let root = source::root();
    let mut files = source::files_below(&root.join("frontend/src"));
    files.retain(|path| path.extension().is_some_and(|e| e == "ts" || e == "tsx"));
    let read = |path: &std::path::PathBuf| {
        (source::relative(&root, path), fs::read_to_string(path).expect("source"))
    };
    assert_eq!(silenced(&files.iter().map(read).collect::<Vec<_>>()), [""; 0]);
    assert_eq!(silenced(&[("a.ts".to_owned(), "// @ts-ignore".to_owned())]).len(), 1);
}

//! Which tables a file writes: through the query builder, in SQL text, or by naming them to the bulk path.

use it::Table;

use super::source::{Group, SourceFile, Token};

/// One place that writes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Write {
    pub target: Target,
    pub line: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    Table(String),
    /// The name is put in at run time.
    Dynamic,
    /// The check can't tell; write it so that it can.
    Unseen,
}

/// A run of tokens and how far it has been read; the innermost comes last.
type Scopes<'a> = Vec<(&'a [Token], usize)>;

pub(super) fn writes(file: &SourceFile) -> Vec<Write> {
    let mut found = Vec::new();
    walk(&mut vec![(&file.tokens, 0)], &mut found);
    for (text, line) in file.texts() {
        found.extend(in_sql(text).into_iter().map(|target| Write { target, line }));
    }
    found
}

fn walk<'a>(scopes: &mut Scopes<'a>, found: &mut Vec<Write>) {
    let Some((run, _)) = scopes.last().copied() else { return };
    for at in 0..run.len() {
        if let Some(last) = scopes.last_mut() {
            last.1 = at;
        }
        if let Some(arguments) = builder_call(run, at) {
            let target = table_of(arguments, scopes).map_or(Target::Unseen, Target::Table);
            found.push(Write { target, line: run[at].line() });
        }
        if let Some(fields) =
            run[at].word().filter(|w| *w == "Rows").and(run.get(at + 1)).and_then(|t| t.group('{'))
        {
            found.extend(named_to_bulk(fields));
        }
        if let Token::Group(group) = &run[at] {
            scopes.push((&group.inside, 0));
            walk(scopes, found);
            scopes.pop();
        }
    }
}

/// The arguments of `diesel::insert_into(…)`, `diesel::update(…)`, `diesel::delete(…)` whose last word is at `at`.
fn builder_call(run: &[Token], at: usize) -> Option<&Group> {
    let word = run[at].word()?;
    let is_ours = match word {
        "insert_into" | "replace_into" => true,
        "update" | "delete" => {
            at > 2
                && run[at - 1].is_sign(':')
                && matches!(run[at - 3].word(), Some("diesel" | "query_builder"))
        }
        _ => false,
    };
    run.get(at + 1).and_then(|next| next.group('(')).filter(|_| is_ours)
}

/// The table of a builder's argument: named there, or by a variable bound before.
fn table_of(arguments: &Group, scopes: &Scopes<'_>) -> Option<String> {
    if let Some(name) = named_table(&arguments.inside) {
        return Some(resolved(name, scopes));
    }
    let variable = arguments.inside.iter().find_map(Token::word)?;
    let bound = find_back(scopes, |run, at| {
        let is_binding =
            run[at].word() == Some("let") && run.get(at + 1).and_then(Token::word) == Some(variable);
        let length = run[at..].iter().position(|token| token.is_sign(';'));
        length.filter(|_| is_binding).and_then(|length| named_table_deep(&run[at..at + length]))
    })?;
    Some(resolved(&bound, scopes))
}

/// The `x` of the first `x::table`.
fn named_table(run: &[Token]) -> Option<&str> {
    run.windows(4).find_map(|w| {
        let is_table = w[1].is_sign(':') && w[2].is_sign(':') && w[3].word() == Some("table");
        w[0].word().filter(|_| is_table)
    })
}

fn named_table_deep(run: &[Token]) -> Option<String> {
    let mut found = None;
    super::source::visit_runs(run, &mut |run| {
        found = found.take().or_else(|| named_table(run).map(ToOwned::to_owned));
    });
    found
}

/// The table behind a `use table as alias`.
fn resolved(name: &str, scopes: &Scopes<'_>) -> String {
    let alias = find_back(scopes, |run, at| {
        let is_alias =
            run[at].word() == Some("as") && run.get(at + 1).and_then(Token::word) == Some(name) && at > 0;
        run[at.saturating_sub(1)].word().filter(|_| is_alias).map(ToOwned::to_owned)
    });
    alias.unwrap_or_else(|| name.to_owned())
}

/// The nearest match before the reader's position, the innermost run first.
fn find_back<R>(scopes: &Scopes<'_>, matches: impl Fn(&[Token], usize) -> Option<R>) -> Option<R> {
    scopes.iter().rev().find_map(|(run, upto)| (0..=*upto).rev().find_map(|at| matches(run, at)))
}

/// `Rows { table: "x", … }`: what the bulk path merges into.
fn named_to_bulk(fields: &Group) -> Option<Write> {
    let at = fields.inside.iter().position(|token| token.word() == Some("table"))?;
    match fields.inside.get(at + 2) {
        Some(Token::Text(name, line)) => Some(Write { target: Target::Table(name.clone()), line: *line }),
        _ => Some(Write { target: Target::Dynamic, line: fields.first_line }),
    }
}

/// The tables that a text of SQL writes.
pub(super) fn in_sql(text: &str) -> Vec<Target> {
    let spaced = text.replace(['(', ')', ',', ';'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is = |at: usize, word: &str| words.get(at).is_some_and(|found| found.eq_ignore_ascii_case(word));
    let mut found = Vec::new();
    for at in 0..words.len() {
        let name = if (is(at, "INSERT") || is(at, "MERGE")) && is(at + 1, "INTO")
            || is(at, "DELETE") && is(at + 1, "FROM")
        {
            at + 2
        } else if is(at, "UPDATE") && (is(at + 2, "SET") || is(at + 3, "SET")) && !is(at + 1, "SET") {
            at + 1
        } else if words[at] == "TRUNCATE" || words[at] == "COPY" {
            if is(at + 1, "TABLE") { at + 2 } else { at + 1 }
        } else {
            continue;
        };
        // `REVOKE TRUNCATE ON …` names a privilege.
        let Some(name) = words.get(name).filter(|name| **name != "ON") else { continue };
        found.push(if name.contains('{') {
            Target::Dynamic
        } else {
            Target::Table(name.trim_matches('"').to_owned())
        });
    }
    found
}

/// What `files` write that is not theirs. `also` are the reasoned exceptions: writer, tables (none: whichever it is told).
pub(super) fn trespasses(files: &[SourceFile], also: &[(&str, &[&str])]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let home = file.home();
        let exceptions: Vec<&&str> =
            also.iter().filter(|(writer, _)| *writer == home).flat_map(|(_, tables)| *tables).collect();
        for Write { target, line } in writes(file) {
            let fault = match &target {
                Target::Unseen => Some("the check can't see which table this writes".to_owned()),
                Target::Dynamic
                    if also.iter().any(|(writer, tables)| *writer == home && tables.is_empty()) =>
                {
                    None
                }
                Target::Dynamic => Some("writes a table that is named at run time".to_owned()),
                Target::Table(name) => match Table::named(name) {
                    _ if name.starts_with("stage_") || exceptions.iter().any(|table| **table == name) => None,
                    Some(table) if table.owner == home => None,
                    Some(table) => Some(format!("{home} writes {name}, which belongs to {}", table.owner)),
                    None => Some(format!("writes {name}, which is not in the list of tables")),
                },
            };
            found.extend(fault.map(|fault| file.at(line, &fault)));
        }
    }
    found
}

#[test]
fn a_write_is_seen_however_it_is_spelled() {
    let file = SourceFile::invented(
        "records::cardholders::repo",
        r#"
        fn a() { use staff as s; diesel::insert_into(s::table).values(1); }
        fn b() { let row = jobs::table.find(1); diesel::delete(row).execute(); }
        fn c(it: X) { diesel::update(it).set(2); }
        const D: &str = "WITH x AS (DELETE FROM saved_views) UPDATE accounts SET a = 1";
        const E: &str = "INSERT INTO {table} SELECT 1 ON CONFLICT DO UPDATE SET x = 2 FOR UPDATE SKIP LOCKED";
        const F: NewRows = NewRows { rows: Rows { table: "cards", columns: &[] } };
        "#,
    );
    let targets: Vec<Target> = writes(&file).into_iter().map(|write| write.target).collect();
    let table = |name: &str| Target::Table(name.to_owned());
    assert_eq!(
        targets,
        [
            table("staff"),
            table("jobs"),
            Target::Unseen,
            table("cards"),
            table("saved_views"),
            table("accounts"),
            Target::Dynamic
        ]
    );
}

#[test]
fn a_slice_that_writes_another_s_table_is_named() {
    let files = [SourceFile::invented("trust::views::repo", "const A: &str = \"DELETE FROM jobs\";")];
    assert_eq!(
        trespasses(&files, &[]),
        ["backend/trust/src/views/repo.rs:1: trust::views writes jobs, which belongs to platform"]
    );
    assert!(trespasses(&files, &[("trust::views", &["jobs"])]).is_empty());
}

//! Whether a statement says where in a cluster its rows are: every distributed table it touches must be constrained by its
//! distribution column, or the statement stands in the list of those that may ask everywhere.

use crate::tables::Table;

/// Statements that ask every node, and why they may. Each is known by a part of its text, in lower case and without quotes.
#[rustfmt::skip]
pub const ASKS_EVERYWHERE: &[(&str, &str)] = &[
    ("from cardholders c where", "the staff's list: each node walks its own index for one page, the coordinator merges them"),
    ("from cards k join cardholders c", "the workbench's frozen cards: each node counts its own, up to a limit, by a partial index"),
    ("from statements s join cardholders c", "the workbench's overdue statements: likewise"),
    ("from cardholders c left join standing s", "a portfolio's statistics: each node adds up its own of one manager, by an index"),
    ("cardholders.name = $1 ) and ( cardholders.birth_on = $2", "taking somebody on looks for the same name and birth date, by an index, once"),
    ("subject_requests inner join cardholders", "requests are few and stand on every node: each node joins them to its own cardholders"),
    ("from cardholder_keys group by", "the keys' page counts what each master key wraps: each node its own"),
    ("( cardholder_keys.master_key_id", "a rotation looks for what older master keys wrap, by an index, batch by batch"),
    ("gram >= $1 and gram < $2", "letters are a beginning, not a whole gram; one page at a time"),
];

/// Words that may follow a table's name and are no alias.
const KEYWORDS: &[&str] = &[
    "as",
    "where",
    "set",
    "values",
    "on",
    "using",
    "inner",
    "left",
    "right",
    "cross",
    "join",
    "order",
    "group",
    "limit",
    "for",
    "returning",
    "union",
    "default",
    "select",
    "natural",
    "having",
    "window",
    "offset",
];

/// The distributed tables that `sql` touches without saying where; none where it is excused.
pub fn unrouted(sql: &str, excused: &[(&str, &str)]) -> Vec<String> {
    let words = words(sql);
    let text = words.join(" ");
    if excused.iter().any(|(part, _)| text.contains(part)) {
        return Vec::new();
    }
    touched(&words)
        .into_iter()
        .filter(|(table, alias)| !is_constrained(&words, table, alias))
        .map(|(table, _)| table.name.to_owned())
        .collect()
}

/// Lower-case words and signs; `"a"."b"` is `a.b`.
fn words(sql: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut before = ' ';
    for letter in sql.to_lowercase().replace('"', "").chars() {
        let is_second = matches!((before, letter), ('<' | '>' | '!', '=') | ('<', '>'));
        if is_second {
            // `>=` is one sign.
            spaced.pop();
        }
        if is_second || matches!(letter, '(' | ')' | ',' | '=' | '<' | '>' | ';') {
            spaced.extend((!is_second).then_some(' ').into_iter().chain([letter, ' ']));
        } else {
            spaced.push(letter);
        }
        before = letter;
    }
    spaced.split_whitespace().map(ToOwned::to_owned).collect()
}

/// Each distributed table in a FROM, JOIN, INTO or UPDATE, with the name it goes by there.
fn touched(words: &[String]) -> Vec<(&'static Table, String)> {
    let mut found = Vec::new();
    for at in 1..words.len() {
        let is_source = matches!(words[at - 1].as_str(), "from" | "join" | "into" | "update" | "only")
            || words[at - 1] == "," && is_in_from(&words[..at - 1]);
        let Some(table) = Table::named(&words[at]).filter(|table| is_source && table.by().is_some()) else {
            continue;
        };
        let next = if words.get(at + 1).is_some_and(|word| word == "as") { at + 2 } else { at + 1 };
        let alias = words.get(next).filter(|word| {
            !KEYWORDS.contains(&word.as_str()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        found.push((table, alias.cloned().unwrap_or_else(|| table.name.to_owned())));
    }
    found
}

/// Whether the words before a comma are still the list after FROM.
fn is_in_from(before: &[String]) -> bool {
    let last = before.iter().rev().find(|word| {
        matches!(
            word.as_str(),
            "select" | "from" | "where" | "set" | "values" | "by" | "into" | "returning" | "("
        )
    });
    last.is_some_and(|word| word == "from")
}

/// Whether the distribution column is set equal to something, or is among the columns that are inserted.
fn is_constrained(words: &[String], table: &Table, alias: &str) -> bool {
    let by = table.by().unwrap_or_default();
    let qualified = format!("{alias}.{by}");
    // A bare column is taken for this table's: statements over several tables name them.
    let is_it = |word: &str| word == qualified || word == by;
    let is_equated = (0..words.len()).any(|at| {
        let next = |n: usize| words.get(at + n).map(String::as_str);
        is_it(&words[at]) && (next(1) == Some("=") || next(1) == Some("in"))
            || at > 1 && is_it(&words[at]) && words[at - 1] == "=" && words[at - 2].starts_with('$')
    });
    let is_inserted = words.windows(2).enumerate().any(|(at, pair)| {
        let list = words[at + 2..].iter().skip_while(|word| *word != "(").take_while(|word| *word != ")");
        pair[0] == "into" && pair[1] == table.name && list.into_iter().any(|word| is_it(word))
    });
    is_equated || is_inserted
}

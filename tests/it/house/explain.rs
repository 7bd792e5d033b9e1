//! The plan that PostgreSQL has for a statement exactly as the application sent it.

use it::Statement;
use platform::database::Copier;
use serde_json::Value;
use tokio_postgres::SimpleQueryMessage;

/// How a plan is made: for these values, or once for all values as a connection does after a few uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Planned {
    ForTheseValues,
    OnceForAll,
}

/// A plan's nodes, the outermost first, each with its depth.
pub(super) struct Plan(Vec<(usize, Value)>);

impl Plan {
    pub(super) async fn of(copier: &mut Copier, statement: &Statement, planned: Planned) -> Self {
        let values = values_of(&statement.values);
        let types: Vec<&str> = values.iter().map(|value| value.sql_type).collect();
        let literals: Vec<&str> = values.iter().map(|value| value.literal.as_str()).collect();
        let mode = match planned {
            Planned::ForTheseValues => "force_custom_plan",
            Planned::OnceForAll => "force_generic_plan",
        };
        let list =
            |parts: &[&str]| if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
        let script = format!(
            "DEALLOCATE ALL; SET plan_cache_mode = {mode}; PREPARE looked_at {} AS {}; EXPLAIN (FORMAT JSON) EXECUTE looked_at {}",
            list(&types),
            statement.sql,
            list(&literals)
        );
        let messages = copier.client().simple_query(&script).await;
        let messages = messages.map_err(|error| format!("{error:?}: {script}")).expect("a plan");
        let text: String = messages
            .iter()
            .filter_map(|message| if let SimpleQueryMessage::Row(row) = message { row.get(0) } else { None })
            .collect();
        let plan: Value = serde_json::from_str(&text).expect("a plan");
        let mut nodes = Vec::new();
        collect(&plan[0]["Plan"], 0, &mut nodes);
        Self(nodes)
    }

    /// Node types and indexes: `Limit > Index Scan cardholders_opened_on_idx`.
    pub(super) fn shape(&self) -> String {
        let name = |node: &Value| {
            let place = node["Index Name"].as_str().or(node["Relation Name"].as_str());
            let kind = node["Node Type"].as_str().unwrap_or("?");
            place.map_or_else(|| kind.to_owned(), |place| format!("{kind} {place}"))
        };
        self.0.iter().map(|(_, node)| name(node)).collect::<Vec<_>>().join(" > ")
    }

    /// Tables that are read from end to end: in their own order, or through an index of more rows than `few`, with nothing
    /// that stops it before.
    pub(super) fn read_whole(&self, few: f64) -> Vec<String> {
        let is_whole = |at: usize, node: &Value| match node["Node Type"].as_str() {
            Some("Seq Scan") => !self.is_stopped(at),
            // An index without a condition is a partial one, or walked in its order until a limit is reached.
            Some("Index Scan" | "Index Only Scan") => {
                node["Index Cond"].is_null() && rows(node) > few && self.limit_above(at).is_none()
            }
            _ => false,
        };
        let found = self.0.iter().enumerate().filter(|(at, (_, node))| is_whole(*at, node));
        found.filter_map(|(_, (_, node))| node["Relation Name"].as_str().map(ToOwned::to_owned)).collect()
    }

    /// Whether a limit comes before the end: it asks for fewer rows than there are to be found.
    fn is_stopped(&self, at: usize) -> bool {
        self.limit_above(at).is_some_and(|limit| rows(&self.0[limit].1) < rows(&self.0[at].1))
    }

    /// The limit that this scan works for, where nothing between has to see every row first.
    fn limit_above(&self, at: usize) -> Option<usize> {
        let mut depth = self.0[at].0;
        for above in (0..at).rev().filter(|above| self.0[*above].0 < self.0[at].0) {
            if self.0[above].0 >= depth {
                continue;
            }
            depth = self.0[above].0;
            match self.0[above].1["Node Type"].as_str() {
                Some("Limit") => return Some(above),
                Some("Sort" | "Aggregate" | "Hash" | "Materialize") => return None,
                _ => {}
            }
        }
        None
    }

    /// How many rows the biggest sort is expected to see whose rows come from such a table without a limit between.
    pub(super) fn sorted(&self, is_it: impl Fn(&str) -> bool) -> f64 {
        let sorts = self.0.iter().enumerate().filter(|(at, (depth, node))| {
            let is_sort = node["Node Type"].as_str().is_some_and(|kind| kind.contains("Sort"));
            let touches = |node: &Value| node["Relation Name"].as_str().is_some_and(&is_it);
            let mut below = self.0[at + 1..].iter().take_while(|(deeper, _)| deeper > depth);
            let nearest = below.find(|(_, node)| node["Node Type"] == "Limit" || touches(node));
            is_sort && nearest.is_some_and(|(_, node)| touches(node))
        });
        sorts.map(|(_, (_, node))| rows(node)).fold(0.0, f64::max)
    }

    /// The index conditions of scans of this table.
    pub(super) fn conditions(&self, table: &str) -> Vec<String> {
        let nodes = self
            .0
            .iter()
            .filter(|(_, node)| touches(node, table) || node["Node Type"] == "Bitmap Index Scan");
        nodes.filter_map(|(_, node)| node["Index Cond"].as_str().map(ToOwned::to_owned)).collect()
    }
}

/// As many rows are expected of it.
fn rows(node: &Value) -> f64 {
    node["Plan Rows"].as_f64().unwrap_or_default()
}

fn touches(node: &Value, table: &str) -> bool {
    node["Relation Name"] == table
}

fn collect(node: &Value, depth: usize, found: &mut Vec<(usize, Value)>) {
    found.push((depth, node.clone()));
    for child in node["Plans"].as_array().into_iter().flatten() {
        collect(child, depth + 1, found);
    }
}

/// A placeholder's value as SQL writes it.
#[derive(Debug, PartialEq, Eq)]
struct Literal {
    sql_type: &'static str,
    literal: String,
}

/// Reads the values back from Rust's own display of them.
fn values_of(shown: &str) -> Vec<Literal> {
    let inside = shown.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    parts(inside).into_iter().map(literal).collect()
}

/// Splits at the commas that are in no text and no bracket.
fn parts(list: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut from, mut depth, mut is_text, mut is_escaped) = (0, 0_i32, false, false);
    for (at, letter) in list.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_text => is_escaped = true,
            '"' => is_text = !is_text,
            _ if is_text => {}
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(list[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    found.extend(Some(list[from..].trim()).filter(|rest| !rest.is_empty()));
    found
}

fn literal(shown: &str) -> Literal {
    // `Some(x)` and the house's ids, `BranchId(x)`, show what they wrap.
    if let Some((name, inside)) = shown.strip_suffix(')').and_then(|rest| rest.split_once('('))
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
    {
        return literal(inside);
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if let Some(list) = shown.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let bytes: Result<Vec<u8>, _> = parts(list).into_iter().map(str::parse).collect();
        // Ids are never so small: a list of these is a digest.
        if let Ok(bytes) = bytes
            && bytes.len() > 15
        {
            let digits = bytes.iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
            return Literal { sql_type: "bytea", literal: format!("'\\x{digits}'") };
        }
        let items: Vec<Literal> = parts(list).into_iter().map(literal).collect();
        let sql_type = match items.first().map(|item| item.sql_type) {
            Some("text") => "text[]",
            Some("bigint") => "bigint[]",
            Some("date") => "date[]",
            _ => "uuid[]",
        };
        let list: Vec<&str> = items.iter().map(|item| item.literal.as_str()).collect();
        return Literal { sql_type, literal: format!("ARRAY[{}]::{sql_type}", list.join(", ")) };
    }
    if let Some(text) = shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Literal { sql_type: "text", literal: quoted(&unescaped(text)) };
    }
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let sql_type = match shown {
        "None" => return Literal { sql_type: "unknown", literal: "NULL".to_owned() },
        "true" | "false" => "boolean",
        _ if is_digits(shown.trim_start_matches('-')) => "bigint",
        _ if shown.len() == 36 && shown.as_bytes()[8] == b'-' => "uuid",
        _ if shown.len() == 10 && shown.as_bytes()[4] == b'-' => "date",
        _ if shown.contains('T') && shown.ends_with('Z') => "timestamptz",
        _ if shown.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            return Literal { sql_type: "text", literal: quoted(&word(shown)) };
        }
        // What nothing above knows is left to PostgreSQL, which says so where it can't read it either.
        _ => "unknown",
    };
    let literal = if matches!(sql_type, "boolean" | "bigint") { shown.to_owned() } else { quoted(shown) };
    Literal { sql_type, literal }
}

/// A word of the house as the database writes it: `CreditCard` is `credit_card`.
fn word(shown: &str) -> String {
    let mut word = String::new();
    for letter in shown.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

fn unescaped(text: &str) -> String {
    let mut found = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            found.push(letter);
            continue;
        }
        match letters.next() {
            Some('u') => {
                let code: String = letters.by_ref().skip(1).take_while(|c| *c != '}').collect();
                found.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some('n') => found.push('\n'),
            other => found.extend(other),
        }
    }
    found
}

#[test]
fn values_are_read_back_from_their_display() {
    let shown = r#"["王\"x, [1]", Some([019a4000-0000-7000-8000-000000000000]), None, 51, 2026-11-02, "g:\u{10ffff}", BranchId(019a4000-0000-7000-8000-000000000000)]"#;
    let found = values_of(shown);
    let types: Vec<&str> = found.iter().map(|value| value.sql_type).collect();
    assert_eq!(types, ["text", "uuid[]", "unknown", "bigint", "date", "text", "uuid"]);
    assert_eq!(found[0].literal, "'王\"x, [1]'");
    assert_eq!(found[5].literal, "'g:\u{10ffff}'");
}

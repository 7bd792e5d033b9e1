//! Every table has a rule of retention or stands among those kept for good; what the rules say of columns is so in the catalogue,
//! and every table has a name that people read.

use std::{collections::BTreeSet, fs};

use it::{Spread, Table, empty_database};
use platform::database::{self, APP_ROLE, OWNER_ROLE};
use trust::retention::{Age, Deletion, End, KEPT, KeptReason, Period, RULES, RetentionGround, Rule};

use super::{catalogue::lines, source};

const TABLES: &str = "SELECT relname::text AS line FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND relname <> '__diesel_schema_migrations'";
/// `table.column type`
const COLUMNS: &str = "SELECT c.relname || '.' || a.attname || ' ' || t.typname AS line FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition";
/// `table column type, column type`
const KEYS: &str = "SELECT c.relname || ' ' || string_agg(a.attname || ' ' || t.typname, ', ' ORDER BY k.n) AS line
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid, unnest(i.indkey) WITH ORDINALITY AS k(attnum, n),
         pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace AND a.attrelid = c.oid AND a.attnum = k.attnum
    GROUP BY c.relname";
/// Tables from which the application may delete.
const DELETABLE: &str = "SELECT relname::text AS line FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'DELETE')";

/// Tables without a rule, rules and reasons without a table, and tables named twice.
fn unruled(tables: &[String], rules: &[Rule], kept: &[(&str, KeptReason)]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut said = BTreeSet::new();
    for name in rules.iter().map(|rule| rule.table).chain(kept.iter().map(|(table, _)| *table)) {
        if !said.insert(name) {
            faults.push(format!("{name} is named twice"));
        }
        if !tables.iter().any(|table| table == name) {
            faults.push(format!("{name} is not there"));
        }
    }
    let silent = tables.iter().filter(|table| !said.contains(table.as_str()));
    faults.extend(silent.map(|table| format!("{table} has no rule")));
    faults
}

/// What rules say that the catalogue does not: `columns`, `keys` and `deletable` are its lines.
fn untrue(rules: &[Rule], columns: &[String], keys: &[String], deletable: &[String]) -> Vec<String> {
    let has = |lines: &[String], line: String| lines.contains(&line);
    let mut faults = Vec::new();
    for rule in rules {
        let table = rule.table;
        let (column, kind) = match rule.age {
            Age::At(column) => (column, "timestamptz"),
            Age::On(column) => (column, "date"),
        };
        if !has(columns, format!("{table}.{column} {kind}")) {
            faults.push(format!("{table} has no {kind} {column}"));
        }
        let End::Delete(deletion) = &rule.end else { continue };
        let key: Vec<String> = deletion.key.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        if !has(keys, format!("{table} {}", key.join(", "))) {
            faults.push(format!("{table} has another key"));
        }
        if deletion.is_held_back != has(columns, format!("{table}.cardholder_id uuid")) {
            faults.push(format!("{table} and legal holds: whose rows are they?"));
        }
        if !has(deletable, table.to_owned()) {
            faults.push(format!("nobody may delete from {table}"));
        }
        if !matches!(rule.period, Period::Days(1..) | Period::Years(1..)) {
            faults.push(format!("{table} has no period"));
        }
        // A walk goes by the keys of one node; what a cluster spreads goes with its cardholder.
        if Table::named(table).is_none_or(|table| table.spread != Spread::Local) {
            faults.push(format!("{table} is spread over a cluster"));
        }
    }
    faults
}

#[tokio::test]
async fn every_table_has_a_rule_or_a_reason_and_the_rules_are_true() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("migrated");
    let app_url = owner_url.replacen(OWNER_ROLE, APP_ROLE, 1);
    database::grant(&owner_url, &app_url).await.expect("granted");
    let conn = database::connect_once(&owner_url).await.expect("connect");
    let tables = lines(&conn, TABLES).await;
    let (columns, keys) = (lines(&conn, COLUMNS).await, lines(&conn, KEYS).await);
    drop(conn);
    let conn = database::connect_once(&app_url).await.expect("connect as the application");
    let deletable = lines(&conn, DELETABLE).await;
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
    assert!(tables.len() > 60 && columns.len() > 250, "the catalogue is nearly empty");
    assert_eq!(unruled(&tables, RULES, KEPT), [""; 0]);
    assert_eq!(untrue(RULES, &columns, &keys, &deletable), [""; 0]);
}

#[test]
fn a_new_table_without_a_rule_and_a_rule_that_is_not_so_are_named() {
    let deletion = Deletion {
        key: &[("note_id", "uuid"), ("day", "date")],
        only: "TRUE",
        is_held_back: false,
        with: None,
    };
    let rule = |table, age, period| Rule {
        table,
        age,
        period,
        ground: RetentionGround::Operation,
        end: End::Delete(deletion),
    };
    let rules = [
        rule("jobs", Age::At("finished_at"), Period::Days(1)),
        rule("jobs", Age::On("finished_at"), Period::Days(1)),
        rule("cards", Age::At("ended_at"), Period::RowsOwn),
    ];
    let texts = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<String>>();
    let tables = texts(&["jobs", "notes"]);
    assert_eq!(
        unruled(&tables, &rules, &[("gone", KeptReason::Current)]),
        ["jobs is named twice", "cards is not there", "gone is not there", "notes has no rule"]
    );
    let columns = texts(&["jobs.finished_at timestamptz", "cards.cardholder_id uuid"]);
    let keys = texts(&["jobs note_id uuid, day date", "cards cardholder_id uuid, card_id uuid"]);
    let faults = untrue(&rules, &columns, &keys, &texts(&["jobs"]));
    assert_eq!(
        faults,
        [
            "jobs has no date finished_at",
            "cards has no timestamptz ended_at",
            "cards has another key",
            "cards and legal holds: whose rows are they?",
            "nobody may delete from cards",
            "cards has no period",
            "cards is spread over a cluster",
        ]
    );
}

/// The names between the braces of `tables: { … }` in a file of words.
fn named_tables(words: &str) -> BTreeSet<String> {
    let body = words.split_once("tables: {").map_or("", |(_, rest)| rest);
    let body = body.split_once('}').map_or("", |(body, _)| body);
    let name = |line: &str| line.split_once(':').map(|(name, _)| name.trim().to_owned());
    body.lines().filter_map(name).collect()
}

#[test]
fn every_table_has_a_name_in_both_languages() {
    let said: BTreeSet<String> = RULES
        .iter()
        .map(|rule| rule.table)
        .chain(KEPT.iter().map(|(table, _)| *table))
        .map(str::to_owned)
        .collect();
    for language in ["zh-CN", "en"] {
        let path = source::root().join("frontend/src/locales").join(language).join("retention.ts");
        let words = fs::read_to_string(&path).expect("the words of retention");
        assert_eq!(named_tables(&words), said, "{language}");
    }
}

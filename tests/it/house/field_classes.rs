//! Every column of the database has its class, and what is secret is in no answer.

use std::collections::BTreeSet;

use it::empty_database;
use platform::database;
use serde_json::Value;
use web::{FieldClass, access};

use super::catalogue::lines;

const COLUMNS: &str = "
    SELECT c.relname || '.' || a.attname AS line FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> '__diesel_schema_migrations'";

#[tokio::test]
async fn every_column_is_classed_and_every_class_is_of_a_column() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("migrated");
    let conn = database::connect_once(&owner_url).await.expect("connect");
    let there: BTreeSet<String> = lines(&conn, COLUMNS).await.into_iter().collect();
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
    let classed: BTreeSet<String> = access::classed_fields()
        .iter()
        .flat_map(|(table, fields)| {
            fields
                .iter()
                .filter(|field| !field.is_derived)
                .map(move |field| format!("{table}.{}", field.field))
        })
        .collect();
    let unclassed: Vec<_> = there.difference(&classed).collect();
    let gone: Vec<_> = classed.difference(&there).collect();
    assert!(unclassed.is_empty(), "columns without a class: {unclassed:?}");
    assert!(gone.is_empty(), "classes of columns that are gone: {gone:?}");
    assert!(there.len() > 250, "the catalogue is nearly empty");
}

/// Every property name of every schema of the document.
fn properties(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Object(named)) = fields.get("properties") {
                found.extend(named.keys().cloned());
            }
            fields.values().for_each(|inner| properties(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| properties(inner, found)),
        _ => {}
    }
}

#[test]
fn no_answer_has_room_for_a_secret() {
    let document: Value = serde_json::to_value(server::document()).expect("the document");
    let mut shown = BTreeSet::new();
    properties(&document, &mut shown);
    let fields = access::classed_fields().values().flatten();
    let secrets: BTreeSet<&str> =
        fields.filter(|field| field.class == FieldClass::Secret).map(|field| field.field).collect();
    assert!(secrets.len() > 10 && shown.len() > 100);
    let leaks: Vec<_> = secrets.iter().filter(|secret| shown.contains(**secret)).collect();
    assert!(leaks.is_empty(), "secret columns that an answer has room for: {leaks:?}");
}

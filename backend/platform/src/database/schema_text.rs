//! Writes `platform/src/schema.rs` from the catalogue (the query builder's own tool needs libpq).

use std::fmt::Write;

use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;

use super::{DbError, DbResult, connect_once};

const COLUMNS: &str = "
    SELECT c.relname::text AS table_name, a.attname::text AS column_name, t.typname::text AS type_name,
           NOT a.attnotnull AS is_nullable,
           coalesce(a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]), false) AS is_key
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT LIKE '\\_\\_%'
    ORDER BY c.relname COLLATE \"C\", a.attnum";

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    type_name: String,
    #[diesel(sql_type = Bool)]
    is_nullable: bool,
    #[diesel(sql_type = Bool)]
    is_key: bool,
}

/// The text of `schema.rs` for the schema found at `url`.
pub async fn schema_text(url: &str) -> DbResult<String> {
    let conn = connect_once(url).await?;
    let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(&mut &conn).await?;
    let mut text =
        String::from("// Written by `cargo xtask gen` from the database's catalogue. Do not edit.\n");
    let tables = columns.chunk_by(|a, b| a.table_name == b.table_name);
    let mut names = Vec::new();
    for table in tables {
        let name = table.first().map(|c| c.table_name.as_str()).unwrap_or_default();
        names.push(name);
        let keys: Vec<&str> = table.iter().filter(|c| c.is_key).map(|c| c.column_name.as_str()).collect();
        let _ = write!(text, "\ndiesel::table! {{\n    {name} ({}) {{\n", keys.join(", "));
        for column in table {
            let base = diesel_type(&column.type_name)
                .ok_or_else(|| DbError::unavailable(format!("no mapping for type {}", column.type_name)))?;
            let full = if column.is_nullable { format!("Nullable<{base}>") } else { base.to_owned() };
            let _ = writeln!(text, "        {} -> {full},", column.column_name);
        }
        text.push_str("    }\n}\n");
    }
    let _ = write!(text, "\ndiesel::allow_tables_to_appear_in_same_query!(\n");
    for name in names {
        let _ = writeln!(text, "    {name},");
    }
    text.push_str(");\n");
    Ok(text)
}

fn diesel_type(pg: &str) -> Option<&'static str> {
    Some(match pg {
        "uuid" => "Uuid",
        "text" => "Text",
        "bool" => "Bool",
        "int2" => "SmallInt",
        "int4" => "Integer",
        "int8" => "BigInt",
        "float8" => "Double",
        "date" => "Date",
        "timestamptz" => "Timestamptz",
        "jsonb" => "Jsonb",
        "bytea" => "Binary",
        _ => return None,
    })
}

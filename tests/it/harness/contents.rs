//! What stands in a test's database.

use diesel::sql_types::{BigInt, Nullable, Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use crate::App;

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl App {
    /// The rows of a query as the owner sees them: one line each, the values in the order of the columns, `-` for NULL.
    pub async fn lines(&self, sql: &str) -> Vec<String> {
        let conn = self.owner().await;
        let as_text = format!(
            "SELECT array_to_string(ARRAY(SELECT coalesce(value, '-') FROM json_each_text(row_to_json(q))), ' ') AS line
             FROM ({sql}) q"
        );
        let lines: Vec<Line> = diesel::sql_query(as_text)
            .load(&mut &conn)
            .await
            .map_err(|error| format!("{sql}: {error}"))
            .expect("rows");
        lines.into_iter().map(|line| line.line).collect()
    }

    /// Changes something behind the application's back, as the owner.
    pub async fn execute(&self, sql: &str) {
        self.owner().await.batch_execute(sql).await.expect("a change");
    }
}

#[derive(diesel::QueryableByName)]
struct TableName {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(diesel::QueryableByName, Debug)]
struct Content {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = Nullable<Text>)]
    digest: Option<String>,
}

/// Every table of the database with its number of rows and a digest of their content.
pub async fn contents(app: &App) -> Vec<(String, i64, Option<String>)> {
    let conn = app.owner().await;
    let names = "SELECT relname::text AS name FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1";
    let names: Vec<TableName> = diesel::sql_query(names).load(&mut &conn).await.expect("tables");
    let mut contents = Vec::new();
    for TableName { name } in names {
        let sql = format!(
            "SELECT count(*) AS rows, sum(hashtextextended(t::text, 0)::numeric)::text AS digest FROM {name} t"
        );
        let content: Content = diesel::sql_query(sql).get_result(&mut &conn).await.expect("contents");
        contents.push((name, content.rows, content.digest));
    }
    contents
}

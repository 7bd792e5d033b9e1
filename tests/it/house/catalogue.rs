//! Questions to PostgreSQL's catalogue, each answered by lines of text.

use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use platform::Conn;

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The column `line` of what `sql` finds, sorted.
pub(super) async fn lines(mut conn: &Conn, sql: &str) -> Vec<String> {
    let found: Vec<Line> = diesel::sql_query(sql).load(&mut conn).await.expect("an answer of the catalogue");
    let mut lines: Vec<String> = found.into_iter().map(|line| line.line).collect();
    lines.sort();
    lines
}

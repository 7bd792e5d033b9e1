//! How PostgreSQL would answer, or answered, a query: the very query that the application sends.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Text,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

struct Explained<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Explained<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF, SUMMARY OFF) ");
        self.0.walk_ast(out.reborrow())
    }
}

impl<Q> Query for Explained<Q> {
    type SqlType = Text;
}

impl<Q> QueryId for Explained<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// The plan of a query that was really run, one node a line.
pub async fn plan_of(mut conn: &AsyncPgConnection, query: impl QueryFragment<Pg> + Send) -> String {
    let lines: Vec<String> = Explained(query).load(&mut conn).await.expect("a plan");
    lines.join("\n")
}

/// Whether the application keeps the prepared statement, instead of having it parsed each time.
pub fn is_prepared_once(query: &impl QueryFragment<Pg>) -> bool {
    query.is_safe_to_cache_prepared(&Pg).expect("an answer")
}

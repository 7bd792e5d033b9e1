//! SQL text that is prepared once.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, BoxedSqlQuery, Query, QueryFragment, QueryId, SqlQuery},
    sql_types::{HasSqlType, Untyped},
};

/// Text with bound values whose statement a connection prepares once and keeps, as it keeps the query builder's own. Only for
/// texts of which there are few: each different one stays on every connection that met it.
pub struct KeptSql(BoxedSqlQuery<'static, Pg, SqlQuery>);

impl KeptSql {
    pub fn new(text: impl Into<String>) -> Self {
        Self(diesel::sql_query(text).into_boxed())
    }

    /// The value of the next placeholder.
    #[must_use]
    pub fn bind<T, V>(self, value: V) -> Self
    where
        Pg: HasSqlType<T>,
        V: diesel::serialize::ToSql<T, Pg> + Send + 'static,
        T: Send + 'static,
    {
        Self(self.0.bind::<T, V>(value))
    }
}

impl From<BoxedSqlQuery<'static, Pg, SqlQuery>> for KeptSql {
    fn from(query: BoxedSqlQuery<'static, Pg, SqlQuery>) -> Self {
        Self(query)
    }
}

impl QueryFragment<Pg> for KeptSql {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    // Text is never kept otherwise, because the builder can't know how many there will be.
    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl Query for KeptSql {
    type SqlType = Untyped;
}

impl QueryId for KeptSql {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

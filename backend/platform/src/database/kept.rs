//! A query of the builder's whose text is written once.

use std::{any::TypeId, cell::RefCell, collections::HashMap, rc::Rc};

use diesel::{
    QueryResult,
    pg::{Pg, PgQueryBuilder},
    query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId},
};

/// A query whose text follows from its type: a connection prepares it once anyhow, yet the builder would write the text anew at
/// every call. Worth it for what is asked thousands of times a second.
#[derive(Debug, Clone, Copy)]
pub struct Kept<Q>(Q);

/// Keeps the text of `query`. Refused by the compiler where the text depends on values.
pub fn kept<Q: QueryId>(query: Q) -> Kept<Q> {
    const { assert!(Q::HAS_STATIC_QUERY_ID, "the text of this query depends on its values") };
    Kept(query)
}

/// A [`Kept`] query with the number of its rows in the text.
#[derive(Debug, Clone, Copy)]
pub struct KeptPage<Q> {
    query: Kept<Q>,
    rows: i64,
}

impl<Q> Kept<Q> {
    /// At most `rows`, as a number in the text. Bound, it would be unknown to the plan that serves all values: PostgreSQL then
    /// guesses a tenth of everything, and where it takes people to have many rows it plans anew at each call. Only for numbers of
    /// which there are few: each is a statement of its own.
    pub fn first(self, rows: i64) -> KeptPage<Q> {
        KeptPage { query: self, rows }
    }
}

struct Text {
    sql: Box<str>,
    is_safe_to_cache: bool,
}

thread_local! {
    static TEXTS: RefCell<HashMap<TypeId, Rc<Text>>> = RefCell::default();
}

impl<Q: QueryFragment<Pg> + QueryId> Kept<Q> {
    fn text(&self) -> QueryResult<Rc<Text>> {
        let Some(id) = Q::query_id() else { return self.written() };
        if let Some(text) = TEXTS.with_borrow(|texts| texts.get(&id).cloned()) {
            return Ok(text);
        }
        let text = self.written()?;
        TEXTS.with_borrow_mut(|texts| texts.insert(id, Rc::clone(&text)));
        Ok(text)
    }

    fn written(&self) -> QueryResult<Rc<Text>> {
        let mut out = PgQueryBuilder::default();
        self.0.to_sql(&mut out, &Pg)?;
        let is_safe_to_cache = self.0.is_safe_to_cache_prepared(&Pg)?;
        Ok(Rc::new(Text { sql: out.finish().into(), is_safe_to_cache }))
    }
}

impl<Q: QueryFragment<Pg> + QueryId> QueryFragment<Pg> for Kept<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn to_sql(&self, out: &mut PgQueryBuilder, _: &Pg) -> QueryResult<()> {
        out.push_sql(&self.text()?.sql);
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(self.text()?.is_safe_to_cache)
    }
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q: QueryId> QueryId for Kept<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: QueryFragment<Pg> + QueryId> QueryFragment<Pg> for KeptPage<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(&format!(" LIMIT {}", self.rows));
        Ok(())
    }

    fn to_sql(&self, out: &mut PgQueryBuilder, backend: &Pg) -> QueryResult<()> {
        self.query.to_sql(out, backend)?;
        out.push_sql(&format!(" LIMIT {}", self.rows));
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, backend: &Pg) -> QueryResult<bool> {
        self.query.is_safe_to_cache_prepared(backend)
    }
}

impl<Q: Query> Query for KeptPage<Q> {
    type SqlType = Q::SqlType;
}

// Found by its text, which the number is part of.
impl<Q> QueryId for KeptPage<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

#[cfg(test)]
mod tests {
    use diesel::{ExpressionMethods, QueryDsl, debug_query};

    use super::*;
    use crate::schema::branches;

    fn text_of<Q: QueryFragment<Pg>>(query: &Q) -> String {
        let mut out = PgQueryBuilder::default();
        query.to_sql(&mut out, &Pg).unwrap();
        out.finish()
    }

    #[test]
    fn the_text_is_the_builder_s_own_and_each_query_has_its_own() {
        let one = |code: &'static str| {
            branches::table.filter(branches::code.eq(code)).select(branches::name).limit(1)
        };
        let other =
            |limit| branches::table.filter(branches::code.ne("x")).select(branches::name).limit(limit);
        for _ in 0..2 {
            assert_eq!(text_of(&kept(one("a"))), text_of(&one("b")));
            assert_eq!(text_of(&kept(other(1))), text_of(&other(2)));
            for rows in [51, 201] {
                let page =
                    kept(branches::table.filter(branches::code.eq("a")).select(branches::name)).first(rows);
                assert!(text_of(&page).ends_with(&format!(" LIMIT {rows}")), "{}", text_of(&page));
                assert!(page.is_safe_to_cache_prepared(&Pg).unwrap());
            }
        }
        assert_ne!(text_of(&kept(one("a"))), text_of(&kept(other(1))));
        assert!(kept(one("a")).is_safe_to_cache_prepared(&Pg).unwrap());
        assert_eq!(
            debug_query::<Pg, _>(&kept(one("a"))).to_string(),
            debug_query::<Pg, _>(&one("a")).to_string()
        );
    }
}

//! Records that are of one person: a survivor and those it absorbed. No row moves when they are merged, so whoever reads the
//! survivor reads the rows of all. The table of links is small and the same on every node; being merged or not is found out in
//! the statement that is sent anyway.

use std::collections::HashMap;

use diesel::{
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Nullable, Uuid},
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
use kernel::PageLimit;
use platform::{
    Conn, DbResult,
    ids::{BranchId, CardholderId},
    schema::{cardholder_links, cardholders},
};

/// In a statement over `cardholders c`: who stands for themselves. The links are few and are read once for the statement; as a join
/// they would make the planner leave the index that the page is walked by.
pub const STANDS: &str =
    "c.cardholder_id NOT IN (SELECT l.absorbed_id FROM cardholder_links l WHERE l.until_at IS NULL)";

/// In a statement over what hangs on `cardholders c`: whose rows lie within a reach, which `within` tells of the cardholder of an
/// alias. A row stays with the record it was made for and counts for whoever stands for that one: it is their home that decides.
/// The links are few and are read once for the statement.
pub fn counts_within(within: impl Fn(&str) -> String) -> String {
    format!(
        "({} AND {STANDS} OR c.cardholder_id = ANY (ARRAY(SELECT l.absorbed_id FROM cardholder_links l
            JOIN cardholders s ON s.cardholder_id = l.survivor_id WHERE l.until_at IS NULL AND {})))",
        within("c"),
        within("s")
    )
}

/// Records of other branches whose bearer stands in one of these: who reaches a person finds them by every name they had.
pub(super) async fn absorbed_elsewhere(
    mut conn: &Conn,
    branches: &[BranchId],
) -> DbResult<Vec<CardholderId>> {
    use cardholder_links as l;
    use cardholders as s;
    let standing = l::table.inner_join(s::table.on(s::cardholder_id.eq(l::survivor_id)));
    let near = standing.filter(l::until_at.is_null()).filter(s::branch_id.eq_any(branches));
    Ok(near.select(l::absorbed_id).load(&mut conn).await?)
}

/// A survivor and everybody it absorbed; nearly always somebody alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    survivor: CardholderId,
    all: Vec<CardholderId>,
}

impl Members {
    pub fn alone(cardholder_id: CardholderId) -> Self {
        Self { survivor: cardholder_id, all: vec![cardholder_id] }
    }

    pub(super) fn of(survivor: CardholderId, absorbed: Vec<CardholderId>) -> Self {
        Self { survivor, all: std::iter::once(survivor).chain(absorbed).collect() }
    }

    /// The person a record is of, whether it stands for itself or another for it.
    pub async fn everybody(conn: &Conn, cardholder_id: CardholderId) -> DbResult<Self> {
        let survivor = survivor_of(conn, cardholder_id).await?.unwrap_or(cardholder_id);
        with_absorbed(conn, survivor).await
    }

    /// These and those, for a survivor that is to absorb the others' survivor.
    pub(super) fn joined_by(&self, others: &Self) -> Self {
        Self { survivor: self.survivor, all: self.all.iter().chain(&others.all).copied().collect() }
    }

    pub fn survivor(&self) -> CardholderId {
        self.survivor
    }

    /// Everybody, the survivor first.
    pub fn all(&self) -> &[CardholderId] {
        &self.all
    }

    pub fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    pub fn include(&self, cardholder_id: CardholderId) -> bool {
        self.all.contains(&cardholder_id)
    }

    /// What each of them has, one after the other.
    pub async fn each<T>(&self, read: impl AsyncFn(CardholderId) -> DbResult<Vec<T>>) -> DbResult<Vec<T>> {
        if !self.are_several() {
            return read(self.survivor).await;
        }
        let parts = try_join_all(self.all.iter().map(|id| read(*id))).await?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// One page of what they have together, the greatest key first. Each reads its own page by the index that serves one
    /// cardholder; the first rows of all make the page.
    pub async fn page<T, K: Ord>(
        &self,
        limit: PageLimit,
        read: impl AsyncFn(CardholderId) -> DbResult<Vec<T>>,
        key: impl Fn(&T) -> K,
    ) -> DbResult<Vec<T>> {
        Ok(self.first_of_all(self.each(read).await?, limit, key))
    }

    /// What makes the page of everybody's own pages, one after the other.
    pub fn first_of_all<T, K: Ord>(
        &self,
        mut rows: Vec<T>,
        limit: PageLimit,
        key: impl Fn(&T) -> K,
    ) -> Vec<T> {
        if self.are_several() {
            rows.sort_by_key(|row| std::cmp::Reverse(key(row)));
            rows.truncate(limit.rows() + 1);
        }
        rows
    }
}

/// A part of a statement over `cardholders`, as text: the query builder would give it a type that nobody can write down, and
/// literal SQL would keep the statement from being prepared once.
macro_rules! beside_a_cardholder {
    ($(#[$meta:meta])* $name:ident: $sql_type:ty = $sql:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, QueryId)]
        pub struct $name;

        impl Expression for $name {
            type SqlType = $sql_type;
        }

        impl AppearsOnTable<cardholders::table> for $name {}
        impl SelectableExpression<cardholders::table> for $name {}

        impl ValidGrouping<()> for $name {
            type IsAggregate = is_aggregate::No;
        }

        impl QueryFragment<Pg> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    };
}

beside_a_cardholder! {
    /// Who stands for the cardholder now, if somebody does.
    AbsorbedInto: Nullable<Uuid> =
        "(SELECT l.survivor_id FROM cardholder_links l WHERE l.absorbed_id = cardholders.cardholder_id AND l.until_at IS NULL)"
}

beside_a_cardholder! {
    /// Whom the cardholder stands for now.
    Absorbed: Array<Uuid> =
        "ARRAY(SELECT l.absorbed_id FROM cardholder_links l WHERE l.survivor_id = cardholders.cardholder_id AND l.until_at IS NULL ORDER BY l.from_at, l.absorbed_id)"
}

/// Who stands for this cardholder now, if somebody does. A statement of its own: after waiting for a lock it sees what was
/// committed meanwhile.
pub(super) async fn survivor_of(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<CardholderId>> {
    use cardholder_links as l;
    let now = l::table.filter(l::absorbed_id.eq(cardholder_id)).filter(l::until_at.is_null());
    Ok(now.select(l::survivor_id).first(&mut conn).await.optional()?)
}

/// The cardholder and whom they stand for now, in the order in which they came.
pub(super) async fn with_absorbed(mut conn: &Conn, survivor: CardholderId) -> DbResult<Members> {
    use cardholder_links as l;
    let now = l::table.filter(l::survivor_id.eq(survivor)).filter(l::until_at.is_null());
    let absorbed = now.select(l::absorbed_id).order((l::from_at, l::absorbed_id));
    Ok(Members::of(survivor, absorbed.load(&mut conn).await?))
}

/// Those of these who are absorbed now, each with who stands for them.
pub async fn survivors_of(
    mut conn: &Conn,
    ids: &[CardholderId],
) -> DbResult<HashMap<CardholderId, CardholderId>> {
    use cardholder_links as l;
    let now = l::table.filter(l::absorbed_id.eq_any(ids)).filter(l::until_at.is_null());
    let pairs: Vec<(CardholderId, CardholderId)> =
        now.select((l::absorbed_id, l::survivor_id)).load(&mut conn).await?;
    Ok(pairs.into_iter().collect())
}

use std::collections::BTreeMap;

use diesel::{
    dsl::count_star,
    prelude::*,
    sql_types::{BigInt, Bytea, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
use platform::{Conn, DbResult, Tx, schema::cardholder_keys as k, vault::WrappedKey};
use uuid::Uuid;

/// Data keys under each master key.
pub(super) async fn counts(mut conn: &Conn) -> DbResult<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> =
        k::table.group_by(k::master_key_id).select((k::master_key_id, count_star())).load(&mut conn).await?;
    Ok(rows.into_iter().collect())
}

/// The first and the last data key there are, by the master key that wraps them.
pub(super) async fn outermost(mut conn: &Conn) -> DbResult<Vec<(Uuid, WrappedKey)>> {
    let columns = (k::cardholder_id, k::master_key_id, k::wrapped_key);
    let first = k::table.order((k::master_key_id, k::cardholder_id)).limit(1).select(columns);
    let last = k::table.order((k::master_key_id.desc(), k::cardholder_id.desc())).limit(1).select(columns);
    let mut rows: Vec<(Uuid, String, Vec<u8>)> = first.load(&mut conn).await?;
    rows.extend(last.load::<(Uuid, String, Vec<u8>)>(&mut conn).await?);
    Ok(rows.into_iter().map(|(id, master_key_id, bytes)| (id, WrappedKey { master_key_id, bytes })).collect())
}

/// A position in the walk over the data keys that other master keys wrap.
pub(super) type Position = (String, Uuid);

/// Where the walk begins.
pub(super) fn beginning() -> Position {
    (String::new(), Uuid::nil())
}

/// The next data keys, from a position on, that another master key than the current one wraps.
pub(super) async fn outdated(
    mut conn: &Conn,
    current: &str,
    (after_key, after_id): &Position,
    limit: i64,
) -> DbResult<Vec<(Uuid, WrappedKey)>> {
    let rows: Vec<(Uuid, String, Vec<u8>)> = k::table
        .filter(k::master_key_id.ne(current))
        .filter(k::master_key_id.ge(after_key))
        .filter(k::master_key_id.gt(after_key).or(k::cardholder_id.gt(after_id)))
        .order((k::master_key_id, k::cardholder_id))
        .limit(limit)
        .select((k::cardholder_id, k::master_key_id, k::wrapped_key))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|(id, master_key_id, bytes)| (id, WrappedKey { master_key_id, bytes })).collect())
}

/// A data key under two master keys.
pub(super) struct Rewrapped {
    pub cardholder_id: Uuid,
    pub before: WrappedKey,
    pub after: WrappedKey,
}

/// Stores data keys under their new wrapping, where nobody has touched them since; says how many. Each is a statement of its
/// own, which stays on one cardholder's shard; they travel together.
pub(super) async fn store(tx: &Tx<'_>, rewrapped: &[Rewrapped]) -> DbResult<i64> {
    let stored = try_join_all(rewrapped.iter().map(|key| store_one(tx, key))).await?;
    Ok(stored.iter().map(|rows| i64::try_from(*rows).unwrap_or(0)).sum())
}

async fn store_one(tx: &Tx<'_>, key: &Rewrapped) -> DbResult<usize> {
    Ok(diesel::sql_query(
        "UPDATE cardholder_keys SET wrapped_key = $2, master_key_id = $3, rotated_at = $4
         WHERE cardholder_id = $1 AND master_key_id = $5",
    )
    .bind::<SqlUuid, _>(key.cardholder_id)
    .bind::<Bytea, _>(&key.after.bytes)
    .bind::<Text, _>(&key.after.master_key_id)
    .bind::<Timestamptz, _>(tx.now)
    .bind::<Text, _>(&key.before.master_key_id)
    .execute(&mut tx.conn())
    .await?)
}

/// How many data keys the walk has before it.
pub(super) async fn outdated_count(mut conn: &Conn, current: &str) -> DbResult<i64> {
    let count: i64 = k::table
        .filter(k::master_key_id.ne(current))
        .select(diesel::dsl::sql::<BigInt>("count(*)"))
        .first(&mut conn)
        .await?;
    Ok(count)
}

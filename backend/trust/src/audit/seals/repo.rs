use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, DbResult, Tx, schema::audit_seals};

use super::{canon::TrailRow, model::SealRow};

/// Servers take turns at sealing.
const SEAL_LOCK: i64 = 0x0073_6561_6c73_0001;

const ROW: &str = "SELECT occurred_at, audit_id, action, outcome, actor_kind, staff_id, staff_no, role, branch_id, ip, trace_id,
    object_kind, object_id, cardholder_id, purpose, changes::text AS changes, written_in FROM audit_entries";

#[derive(diesel::QueryableByName)]
struct Turn {
    #[diesel(sql_type = Bool)]
    is_ours: bool,
    /// The oldest transaction that still runs, or the next: everything below is decided.
    #[diesel(sql_type = BigInt)]
    horizon: i64,
}

/// Whether it is our turn until the transaction ends; then the number below which no row can come any more.
pub(super) async fn take_turn(mut conn: &Conn) -> DbResult<Option<i64>> {
    let sql = "SELECT pg_try_advisory_xact_lock($1) AS is_ours, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon";
    let turn: Turn = diesel::sql_query(sql).bind::<BigInt, _>(SEAL_LOCK).get_result(&mut conn).await?;
    Ok(turn.is_ours.then_some(turn.horizon))
}

pub(super) async fn last(mut conn: &Conn) -> DbResult<Option<SealRow>> {
    Ok(SealRow::query().order(audit_seals::batch_no.desc()).first(&mut conn).await.optional()?)
}

pub(super) async fn find(mut conn: &Conn, batch_no: i64) -> DbResult<Option<SealRow>> {
    Ok(SealRow::query().filter(audit_seals::batch_no.eq(batch_no)).first(&mut conn).await.optional()?)
}

/// Up to `limit` rows that these transactions wrote, in the order of the transactions.
pub(super) async fn written(mut conn: &Conn, (from, to): (i64, i64), limit: i64) -> DbResult<Vec<TrailRow>> {
    let sql = format!("{ROW} WHERE written_in >= $1 AND written_in < $2 ORDER BY written_in LIMIT $3");
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(to)
        .bind::<BigInt, _>(limit)
        .load(&mut conn)
        .await?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, row: SealRow) -> DbResult<()> {
    diesel::insert_into(audit_seals::table).values(row).execute(&mut tx.conn()).await?;
    Ok(())
}

/// The next link after `after` that was sealed in this time.
pub(super) async fn next(
    mut conn: &Conn,
    (from, to): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    after: i64,
) -> DbResult<Option<SealRow>> {
    let mut query = SealRow::query().filter(audit_seals::batch_no.gt(after)).into_boxed();
    if let Some(from) = from {
        query = query.filter(audit_seals::sealed_at.ge(from));
    }
    if let Some(to) = to {
        query = query.filter(audit_seals::sealed_at.lt(to));
    }
    Ok(query.order(audit_seals::batch_no).first(&mut conn).await.optional()?)
}

/// Until when retention has taken rows away.
pub(super) async fn dropped_until(mut conn: &Conn) -> DbResult<Option<DateTime<Utc>>> {
    Ok(audit_seals::table.select(diesel::dsl::max(audit_seals::dropped_until)).first(&mut conn).await?)
}

/// How many links there are in this time, at most.
pub(super) async fn count(
    mut conn: &Conn,
    (from, to): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
) -> DbResult<i64> {
    let mut query = audit_seals::table.into_boxed();
    if let Some(from) = from {
        query = query.filter(audit_seals::sealed_at.ge(from));
    }
    if let Some(to) = to {
        query = query.filter(audit_seals::sealed_at.lt(to));
    }
    Ok(query.count().get_result(&mut conn).await?)
}

#[derive(diesel::QueryableByName)]
struct Asked {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}

/// Whether every row before `until` was written by a transaction below `to_written`, which is sealed.
pub(super) async fn is_sealed_before(
    mut conn: &Conn,
    until: DateTime<Utc>,
    to_written: i64,
) -> DbResult<bool> {
    let sql =
        "SELECT NOT EXISTS (SELECT FROM audit_entries WHERE occurred_at < $1 AND written_in >= $2) AS is_so";
    let asked: Asked = diesel::sql_query(sql)
        .bind::<diesel::sql_types::Timestamptz, _>(until)
        .bind::<BigInt, _>(to_written)
        .get_result(&mut conn)
        .await?;
    Ok(asked.is_so)
}

/// The roots of the batches that have rows before `until`.
pub(super) async fn roots_before(mut conn: &Conn, until: DateTime<Utc>) -> DbResult<Vec<(i64, Vec<u8>)>> {
    Ok(audit_seals::table
        .filter(audit_seals::first_at.lt(until))
        .order(audit_seals::batch_no)
        .select((audit_seals::batch_no, audit_seals::root))
        .load(&mut conn)
        .await?)
}

/// Whether a row of this time tells of somebody under a legal hold, whichever of their records it was placed on. From the holds,
/// which are few, by the index of cardholders.
pub(super) async fn is_held(
    mut conn: &Conn,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> DbResult<bool> {
    let sql = "WITH held AS (
            SELECT DISTINCT of.cardholder_id FROM legal_holds h
            LEFT JOIN cardholder_links l ON l.absorbed_id = h.cardholder_id AND l.until_at IS NULL
            CROSS JOIN LATERAL (
                SELECT coalesce(l.survivor_id, h.cardholder_id) UNION
                SELECT m.absorbed_id FROM cardholder_links m
                WHERE m.survivor_id = coalesce(l.survivor_id, h.cardholder_id) AND m.until_at IS NULL
            ) AS of (cardholder_id)
            WHERE h.lifted_at IS NULL)
        SELECT EXISTS (SELECT FROM held JOIN audit_entries a ON a.cardholder_id = held.cardholder_id
            WHERE a.occurred_at >= $1 AND a.occurred_at < $2) AS is_so";
    let asked: Asked = diesel::sql_query(sql)
        .bind::<diesel::sql_types::Timestamptz, _>(from)
        .bind::<diesel::sql_types::Timestamptz, _>(until)
        .get_result(&mut conn)
        .await?;
    Ok(asked.is_so)
}

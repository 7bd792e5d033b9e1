use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::BoxedSqlQuery,
    sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx, database,
    ids::RetentionRunId,
    schema::{retention_results, retention_runs},
};

use super::{
    model::{RetentionResult, RetentionRun, RunRow},
    rules::{Age, Deletion, Rule},
};
use crate::calendars::{bank_date, day_start};

/// Whether one of the records of the person behind `x` is under a legal hold.
const HELD: &str = "EXISTS (SELECT FROM legal_holds h
    LEFT JOIN cardholder_links hl ON hl.absorbed_id = h.cardholder_id AND hl.until_at IS NULL
    WHERE h.lifted_at IS NULL AND coalesce(hl.survivor_id, h.cardholder_id) = coalesce(
        (SELECT l.survivor_id FROM cardholder_links l WHERE l.absorbed_id = x.cardholder_id AND l.until_at IS NULL),
        x.cardholder_id))";

pub(super) async fn insert(tx: &mut Tx<'_>, row: &RunRow) -> DbResult<()> {
    diesel::insert_into(retention_runs::table).values(row.clone()).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn row(mut conn: &Conn, run_id: RetentionRunId) -> DbResult<Option<RunRow>> {
    Ok(RunRow::query().filter(retention_runs::run_id.eq(run_id)).first(&mut conn).await.optional()?)
}

pub(super) async fn finish(tx: &mut Tx<'_>, run_id: RetentionRunId) -> DbResult<()> {
    let row = retention_runs::table.find(run_id);
    diesel::update(row).set(retention_runs::finished_at.eq(Some(tx.now))).execute(&mut tx.conn()).await?;
    Ok(())
}

/// Whether somebody, and not the night, has had it counted on that day.
pub(super) async fn is_counted(mut conn: &Conn, on: NaiveDate) -> DbResult<bool> {
    let counts =
        retention_runs::table.filter(retention_runs::run_on.eq(on)).filter(retention_runs::is_dry_run);
    let counts = counts
        .filter(retention_runs::created_by.is_not_null())
        .filter(retention_runs::finished_at.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(counts)).get_result(&mut conn).await?)
}

/// Whether the night has begun its count of that day.
pub(super) async fn has_nightly(mut conn: &Conn, on: NaiveDate) -> DbResult<bool> {
    let counts = retention_runs::table
        .filter(retention_runs::run_on.eq(on))
        .filter(retention_runs::is_dry_run)
        .filter(retention_runs::created_by.is_null());
    Ok(diesel::select(diesel::dsl::exists(counts)).get_result(&mut conn).await?)
}

const SHOWN: &str =
    "SELECT r.run_id, r.is_dry_run, r.run_on, r.job_id, r.created_at, r.finished_at, s.staff_no,
        CASE WHEN r.finished_at IS NOT NULL THEN 'succeeded' ELSE coalesce(j.status, 'failed') END AS status,
        coalesce(f.due_count, 0) AS due_count, coalesce(f.held_count, 0) AS held_count,
        coalesce(f.deleted_count, 0) AS deleted_count
     FROM retention_runs r
     LEFT JOIN jobs j ON j.job_id = r.job_id
     LEFT JOIN staff s ON s.staff_id = r.created_by
     LEFT JOIN LATERAL (SELECT sum(due_count)::bigint AS due_count, sum(held_count)::bigint AS held_count,
            sum(deleted_count)::bigint AS deleted_count
        FROM retention_results f WHERE f.run_id = r.run_id) f ON TRUE";

/// Newest first.
pub(super) async fn list(
    mut conn: &Conn,
    limit: PageLimit,
    after: Option<RetentionRunId>,
) -> DbResult<Vec<RetentionRun>> {
    let sql =
        format!("{SHOWN} WHERE $1::uuid IS NULL OR r.run_id < $1::uuid ORDER BY r.run_id DESC LIMIT $2");
    let query = diesel::sql_query(sql).bind::<Nullable<SqlUuid>, _>(after.map(|id| id.0));
    Ok(query.bind::<BigInt, _>(limit.fetch()).load(&mut conn).await?)
}

pub(super) async fn find(mut conn: &Conn, run_id: RetentionRunId) -> DbResult<Option<RetentionRun>> {
    let query = diesel::sql_query(format!("{SHOWN} WHERE r.run_id = $1")).bind::<SqlUuid, _>(run_id.0);
    Ok(query.get_result(&mut conn).await.optional()?)
}

pub(super) async fn results(mut conn: &Conn, run_id: RetentionRunId) -> DbResult<Vec<RetentionResult>> {
    let of_run = RetentionResult::query().filter(retention_results::run_id.eq(run_id));
    Ok(of_run.order(retention_results::table_name).load(&mut conn).await?)
}

pub(super) async fn insert_results(tx: &mut Tx<'_>, results: &[RetentionResult]) -> DbResult<()> {
    diesel::insert_into(retention_results::table).values(results.to_vec()).execute(&mut tx.conn()).await?;
    Ok(())
}

/// Adds to what was deleted from a table; says how much that is now.
pub(super) async fn note_deleted(
    tx: &mut Tx<'_>,
    run_id: RetentionRunId,
    table: &str,
    count: i64,
) -> DbResult<i64> {
    Ok(diesel::update(retention_results::table.find((run_id, table)))
        .set(retention_results::deleted_count.eq(retention_results::deleted_count + count))
        .returning(retention_results::deleted_count)
        .get_result(&mut tx.conn())
        .await?)
}

/// What a table holds beyond its time.
#[derive(QueryableByName)]
pub(super) struct Counted {
    #[diesel(sql_type = BigInt)]
    pub due_count: i64,
    #[diesel(sql_type = BigInt)]
    pub held_count: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    oldest_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    oldest_on: Option<NaiveDate>,
}

impl Counted {
    pub fn oldest_on(&self) -> Option<NaiveDate> {
        self.oldest_on.or(self.oldest_at.map(bank_date))
    }
}

pub(super) async fn count(
    mut conn: &Conn,
    rule: &Rule,
    (deletion, kept_from): (&Deletion, NaiveDate),
) -> DbResult<Counted> {
    let (table, only, column) = (rule.table, deletion.only, rule.age.column());
    let oldest = match rule.age {
        Age::At(_) => "min(aged) AS oldest_at, NULL::date AS oldest_on",
        Age::On(_) => "NULL::timestamptz AS oldest_at, min(aged) AS oldest_on",
    };
    let held = if deletion.is_held_back { HELD } else { "FALSE" };
    let sql = format!(
        "SELECT count(*) FILTER (WHERE is_due) AS due_count, count(*) FILTER (WHERE is_held) AS held_count, {oldest}
         FROM (SELECT x.{column} AS aged, x.{column} < $1 AS is_due, x.{column} < $1 AND {held} AS is_held
               FROM {table} x WHERE {only}) AS looked_at"
    );
    Ok(before(sql, rule.age, kept_from).get_result(&mut conn).await?)
}

/// The first placeholder is the moment or the day before which rows are due.
fn before(
    sql: String,
    age: Age,
    kept_from: NaiveDate,
) -> BoxedSqlQuery<'static, Pg, diesel::query_builder::SqlQuery> {
    let query = diesel::sql_query(sql).into_boxed();
    match age {
        Age::At(_) => query.bind::<Timestamptz, _>(day_start(kept_from)),
        Age::On(_) => query.bind::<Date, _>(kept_from),
    }
}

/// Deletes what hangs on rows that are due, as the owner of the tables; they themselves go next, and where that is cut off, with the
/// next attempt.
pub(super) async fn delete_with(
    owner_url: &str,
    rule: &Rule,
    (deletion, kept_from): (&Deletion, NaiveDate),
) -> DbResult<()> {
    let Some((other, key)) = deletion.with else { return Ok(()) };
    let (table, only, column) = (rule.table, deletion.only, rule.age.column());
    let free = if deletion.is_held_back { format!("AND NOT {HELD}") } else { String::new() };
    let sql = format!(
        "DELETE FROM {other} o USING {table} x WHERE o.{key} = x.{key} AND x.{column} < $1 AND {only} {free}"
    );
    let conn = database::connect_once(owner_url).await?;
    before(sql, rule.age, kept_from).execute(&mut &conn).await?;
    Ok(())
}

/// The key of a row, as text.
pub(super) type Position = Vec<String>;

/// What one statement has deleted.
#[derive(QueryableByName)]
pub(super) struct Batch {
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// The last row of it; none where nothing was left.
    #[diesel(sql_type = Nullable<Array<Text>>)]
    pub last: Option<Position>,
}

/// Deletes the next rows whose time is over, behind `after`.
pub(super) async fn delete_batch(
    tx: &mut Tx<'_>,
    rule: &Rule,
    (deletion, kept_from): (&Deletion, NaiveDate),
    (after, limit): (Option<&Position>, i64),
) -> DbResult<Batch> {
    let query = before(deleting(rule, deletion, after.is_some()), rule.age, kept_from);
    let query = query.bind::<BigInt, _>(limit);
    let query = match after {
        Some(after) => query.bind::<Array<Text>, _>(after.clone()),
        None => query,
    };
    Ok(query.get_result(&mut tx.conn()).await?)
}

fn deleting(rule: &Rule, deletion: &Deletion, is_behind: bool) -> String {
    let (table, only, column) = (rule.table, deletion.only, rule.age.column());
    let each = |write: &dyn Fn(usize, &str, &str) -> String, between: &str| {
        let parts = deletion.key.iter().enumerate().map(|(at, (name, sql_type))| write(at, name, sql_type));
        parts.collect::<Vec<_>>().join(between)
    };
    let keys = each(&|_, name, _| format!("x.{name}"), ", ");
    let backwards = each(&|_, name, _| format!("b.{name} DESC"), ", ");
    let same = each(&|_, name, _| format!("d.{name} = b.{name}"), " AND ");
    let last = each(&|_, name, _| format!("b.{name}::text"), ", ");
    let place = each(&|at, _, sql_type| format!("($3::text[])[{}]::{sql_type}", at + 1), ", ");
    let behind = if is_behind { format!("AND ({keys}) > ({place})") } else { String::new() };
    let free = if deletion.is_held_back { format!("AND NOT {HELD}") } else { String::new() };
    format!(
        "WITH batch AS MATERIALIZED (SELECT {keys} FROM {table} x WHERE x.{column} < $1 AND {only} {free} {behind}
                        ORDER BY {keys} LIMIT $2 FOR UPDATE OF x),
              gone AS (DELETE FROM {table} d USING batch b WHERE {same} RETURNING 1)
         SELECT (SELECT count(*) FROM gone) AS count,
                (SELECT ARRAY[{last}] FROM batch b ORDER BY {backwards} LIMIT 1) AS last"
    )
}

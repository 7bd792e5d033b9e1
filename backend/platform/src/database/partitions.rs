//! Yearly partitions, made ahead by the owner's role. There is no default partition: it would slow every read.

use chrono::{DateTime, Datelike, Utc};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use super::{DbResult, connect_once};

/// Tables that are partitioned by year.
const PARTITIONED: &[&str] = &["audit_entries", "transactions"];
/// Years of room kept in front of now.
const YEARS_AHEAD: i32 = 2;
/// The earliest year that may be asked for.
const YEAR_MIN: i32 = 1970;
/// Years that one call may span.
const YEARS_MAX: i32 = 120;
/// The advisory lock that servers take turns by: `IF NOT EXISTS` does not see what another session is about to create.
const PARTITION_LOCK: i64 = 0x0000_7061_7274_7301;

/// The years that must exist at `now`: this one, the one before, and [`YEARS_AHEAD`] more.
pub fn years_ahead(now: DateTime<Utc>) -> std::ops::RangeInclusive<i32> {
    now.year() - 1..=now.year() + YEARS_AHEAD
}

/// Makes the partitions of `years` where they are missing.
pub async fn ensure_partitions(owner_url: &str, years: std::ops::RangeInclusive<i32>) -> DbResult<()> {
    ensure_partitions_of(owner_url, PARTITIONED, years).await
}

/// The same for some of the partitioned tables: an import of old transactions needs no old audit trail.
pub async fn ensure_partitions_of(
    owner_url: &str,
    tables: &[&str],
    years: std::ops::RangeInclusive<i32>,
) -> DbResult<()> {
    let first = (*years.start()).max(YEAR_MIN);
    let last = (*years.end()).min(first + YEARS_MAX);
    let mut conn = connect_once(owner_url).await?;
    // Held until this connection closes.
    conn.batch_execute(&format!("SELECT pg_advisory_lock({PARTITION_LOCK})")).await?;
    for table in tables {
        for year in first..=last {
            let next = year + 1;
            conn.batch_execute(&format!(
                "CREATE TABLE IF NOT EXISTS {table}_{year} PARTITION OF {table}
                 FOR VALUES FROM ('{year}-01-01T00:00:00Z') TO ('{next}-01-01T00:00:00Z')"
            ))
            .await?;
        }
    }
    drop(conn);
    Ok(())
}

/// The years of which `table` has a partition, oldest first.
pub async fn partition_years(owner_url: &str, table: &str) -> DbResult<Vec<i32>> {
    let conn = connect_once(owner_url).await?;
    let sql = format!(
        "SELECT substring(c.relname FROM '_([0-9]{{4}})$')::int AS year FROM pg_inherits i
         JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '{table}'::regclass ORDER BY 1"
    );
    let rows: Vec<Year> = diesel::sql_query(sql).load(&mut &conn).await?;
    Ok(rows.into_iter().map(|row| row.year).collect())
}

/// Takes a year's partition away for good. Whoever calls has kept what must be kept.
pub async fn drop_partition(owner_url: &str, table: &str, year: i32) -> DbResult<()> {
    let mut conn = connect_once(owner_url).await?;
    Ok(conn.batch_execute(&format!("DROP TABLE IF EXISTS {table}_{year}")).await?)
}

#[derive(diesel::QueryableByName)]
struct Year {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    year: i32,
}

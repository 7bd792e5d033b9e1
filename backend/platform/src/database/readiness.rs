//! Whether this process can do its work.

use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel_async::RunQueryDsl;

use super::{Db, DbResult};

#[derive(diesel::QueryableByName)]
pub struct Readiness {
    /// Whether the application's role is unable to change an audit row.
    #[diesel(sql_type = Bool)]
    pub is_append_only_enforced: bool,
    /// How long the oldest due job has been waiting.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub oldest_job_seconds: Option<i64>,
}

/// Asks the database; fails when it can't be reached or has no schema.
pub async fn readiness(db: &Db) -> DbResult<Readiness> {
    let conn = db.read().await?;
    let query = "SELECT NOT has_table_privilege(current_user, 'audit_entries', 'UPDATE') AS is_append_only_enforced,
                 (SELECT extract(epoch FROM $1 - min(run_at))::bigint FROM jobs WHERE status = 'queued' AND run_at <= $1) AS oldest_job_seconds";
    Ok(diesel::sql_query(query)
        .bind::<diesel::sql_types::Timestamptz, _>(db.clock().now())
        .get_result(&mut &*conn)
        .await?)
}

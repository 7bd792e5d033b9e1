//! Migrations, embedded in the binary and run by the owner's role.

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DbError, DbResult, connect_once};

/// The advisory lock that migrations take turns by.
const MIGRATION_LOCK: i64 = 0x0000_6361_7264_6561;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// Brings the schema up to this binary's version; names what was run.
pub async fn migrate(owner_url: &str) -> DbResult<Vec<String>> {
    // Two servers may start at once: the second waits here and then finds nothing left to do.
    let mut turn = connect_once(owner_url).await?;
    turn.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
    with_harness(owner_url, |harness| {
        let ran = harness.run_pending_migrations(MIGRATIONS).map_err(DbError::unavailable)?;
        Ok(ran.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Takes every migration back. Only tests do that.
pub async fn revert_all(owner_url: &str) -> DbResult<()> {
    with_harness(owner_url, |harness| {
        harness.revert_all_migrations(MIGRATIONS).map(|_| ()).map_err(DbError::unavailable)
    })
    .await
}

/// Whether the schema is at this binary's version.
pub async fn is_current(owner_url: &str) -> DbResult<bool> {
    with_harness(owner_url, |harness| {
        harness.has_pending_migration(MIGRATIONS).map(|pending| !pending).map_err(DbError::unavailable)
    })
    .await
}

async fn with_harness<R: Send + 'static>(
    url: &str,
    work: impl FnOnce(&mut AsyncMigrationHarness<AsyncPgConnection>) -> DbResult<R> + Send + 'static,
) -> DbResult<R> {
    let connection = connect_once(url).await?;
    // The harness blocks its thread; on a thread of its own it blocks nobody.
    let task = tokio::task::spawn_blocking(move || work(&mut AsyncMigrationHarness::new(connection)));
    task.await.map_err(DbError::unavailable)?
}

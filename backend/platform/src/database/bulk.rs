//! The bulk path's way in: one connection that stages rows in temporary tables of its own and merges them in transactions
//! that leave a trace. Outside such a transaction the session is read-only, so the database itself refuses to change
//! anything that stays; and when this process dies, what was staged is gone.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::SinkExt;
use std::pin::Pin;
use tokio_postgres::{Client, CopyInSink, IsolationLevel, Row, Transaction, types::ToSql};
use uuid::Uuid;

use super::{CopyRow, DbError, DbResult, wire};
use crate::{Actor, Clock};

/// Staged rows stay in memory up to `temp_buffers`, sorts up to `work_mem`. A server whose client was killed looks after it
/// every two seconds, so that its transaction does not linger.
const SESSION: &str = "SET default_transaction_read_only = on;
    SET statement_timeout = 0; SET timezone = 'UTC'; SET application_name = 'cardea bulk';
    SET temp_buffers = '64MB'; SET work_mem = '128MB'; SET client_connection_check_interval = '2s'";

/// The column that every staging table has besides its own: whether the row's key is unknown to the target.
pub const IS_NEW: &str = "is_new";

/// One session of the bulk path.
pub struct Bulk {
    client: Client,
    driver: tokio::task::JoinHandle<()>,
    clock: Clock,
}

impl Bulk {
    pub(super) async fn connect(url: &str, clock: Clock) -> DbResult<Self> {
        let (client, driver) = wire::connect(url, "bulk").await?;
        let bulk = Self { client, driver, clock };
        bulk.client.batch_execute(SESSION).await?;
        Ok(bulk)
    }

    /// Makes the temporary table that rows of `R` are staged in.
    pub async fn create_staging<R: CopyRow>(&self, table: &str) -> DbResult<()> {
        let column = |(name, sql_type, is_nullable): &(&str, &str, bool)| {
            format!("{name} {sql_type}{}", if *is_nullable { "" } else { " NOT NULL" })
        };
        let columns: Vec<String> = R::COLUMNS.iter().map(column).collect();
        let sql = format!(
            "BEGIN READ WRITE; CREATE TEMP TABLE {table} ({}, {IS_NEW} boolean NOT NULL DEFAULT true); COMMIT",
            columns.join(", ")
        );
        Ok(self.client.batch_execute(&sql).await?)
    }

    /// Opens a staging table for rows of `R`.
    pub async fn copy_into_staging<R: CopyRow>(&self, table: &str) -> DbResult<StagingCopy> {
        let columns: Vec<&str> = R::COLUMNS.iter().map(|(name, ..)| *name).collect();
        let sql = format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", columns.join(", "));
        Ok(StagingCopy(Box::pin(self.client.copy_in(&sql).await?)))
    }

    /// Tells the planner what was staged; nothing else looks at temporary tables.
    pub async fn analyze(&self, table: &str) -> DbResult<()> {
        Ok(self.client.batch_execute(&format!("BEGIN READ WRITE; ANALYZE {table}; COMMIT")).await?)
    }

    /// Reads; the session refuses anything else here.
    pub async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> DbResult<Vec<Row>> {
        Ok(self.client.query(sql, params).await?)
    }

    /// Runs `work` in one transaction: commit on `Ok`, roll back on `Err`. A change without its audit row is an error, as in
    /// [`super::Db::write`].
    pub async fn write<R, E>(
        &mut self,
        actor: &Actor,
        work: impl AsyncFnOnce(&mut BulkTx<'_>) -> Result<R, E>,
    ) -> Result<R, E>
    where
        E: From<DbError>,
    {
        let transaction = self
            .client
            .build_transaction()
            .isolation_level(IsolationLevel::ReadCommitted)
            .read_only(false)
            .start()
            .await
            .map_err(DbError::from)?;
        let mut tx = BulkTx {
            transaction,
            actor: actor.clone(),
            now: self.clock.now(),
            clock: self.clock.clone(),
            is_audited: false,
        };
        // An error drops the transaction, which rolls it back.
        let answer = work(&mut tx).await?;
        if !tx.is_audited {
            return Err(DbError::Unaudited.into());
        }
        tx.transaction.commit().await.map_err(DbError::from)?;
        Ok(answer)
    }
}

impl Drop for Bulk {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// A COPY under way. Dropping it unfinished stages nothing.
pub struct StagingCopy(Pin<Box<CopyInSink<Bytes>>>);

impl StagingCopy {
    pub async fn send(&mut self, chunk: Bytes) -> DbResult<()> {
        Ok(self.0.send(chunk).await?)
    }

    /// How many rows were staged.
    pub async fn finish(mut self) -> DbResult<u64> {
        Ok(self.0.as_mut().finish().await?)
    }
}

/// An open transaction of the bulk path, with the actor and the moment it happens at. Made by [`Bulk::write`] alone.
pub struct BulkTx<'c> {
    transaction: Transaction<'c>,
    pub actor: Actor,
    /// The moment of the whole transaction.
    pub now: DateTime<Utc>,
    clock: Clock,
    is_audited: bool,
}

impl BulkTx<'_> {
    pub async fn execute(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> DbResult<u64> {
        Ok(self.transaction.execute(sql, params).await?)
    }

    pub async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> DbResult<Vec<Row>> {
        Ok(self.transaction.query(sql, params).await?)
    }

    /// A new UUIDv7.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.clock.new_id()
    }

    /// Called by `audit::record_bulk` once it has written its row.
    pub fn mark_audited(&mut self) {
        self.is_audited = true;
    }

    /// Says that nothing was changed, so that there is nothing to audit.
    pub fn mark_unchanged(&mut self) {
        self.is_audited = true;
    }
}

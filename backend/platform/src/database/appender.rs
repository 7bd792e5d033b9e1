//! The way in for rows that are only ever added and belong to no change: one statement, one commit, nothing around it.

use tokio_postgres::{Client, Statement, types::ToSql};

use super::{DbResult, wire};

/// The role's usual limits do not reach a connection of its own.
const SESSION: &str =
    "SET statement_timeout = '5s'; SET timezone = 'UTC'; SET application_name = 'cardea appender'";

/// A connection that knows one statement. It is prepared once, so that a batch costs one round trip and one commit.
pub struct Appender {
    client: Client,
    statement: Statement,
    driver: tokio::task::JoinHandle<()>,
}

impl Appender {
    pub(super) async fn connect(url: &str, sql: &str) -> DbResult<Self> {
        let (client, driver) = wire::connect(url, "appender").await?;
        client.batch_execute(SESSION).await?;
        let statement = client.prepare(sql).await?;
        Ok(Self { client, statement, driver })
    }

    /// Answers once the rows are durable.
    pub async fn append(&self, params: &[&(dyn ToSql + Sync)]) -> DbResult<u64> {
        Ok(self.client.execute(&self.statement, params).await?)
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

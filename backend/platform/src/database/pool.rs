//! Connections: one pool per worker, one shared pipelined reader per worker, and a second way in for COPY.

use std::{sync::Arc, time::Duration};

use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};
use futures_util::FutureExt;
use tokio::sync::{Notify, RwLock};

use super::{Appender, Bulk, Conn, DbError, DbResult, Tx, wire};
use crate::{Actor, Clock};

/// How long a request waits for a connection before it is told to come back.
const CONNECTION_WAIT: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct DbSettings {
    pub url: String,
    pub pool_connections: usize,
    pub statement_timeout_ms: u32,
}

/// The way to the database. Clones share connections; [`Db::for_worker`] makes a sibling with its own.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
    /// Single autocommit reads of many requests travel down one connection together.
    shared: Arc<RwLock<Option<Arc<AsyncPgConnection>>>>,
    settings: DbSettings,
    clock: Clock,
    jobs_wanted: Arc<Notify>,
    events_wanted: Arc<Notify>,
}

impl Db {
    pub fn new(settings: DbSettings, clock: Clock) -> DbResult<Self> {
        let pool = pool_of(&settings)?;
        Ok(Self {
            pool,
            shared: Arc::default(),
            settings,
            clock,
            jobs_wanted: Arc::default(),
            events_wanted: Arc::default(),
        })
    }

    /// The same database through connections of its own, for one worker thread.
    pub fn for_worker(&self) -> DbResult<Self> {
        Ok(Self { pool: pool_of(&self.settings)?, shared: Arc::default(), ..self.clone() })
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Rung after a commit that enqueued jobs. Polling is the truth; this only saves the wait.
    pub fn jobs_wanted(&self) -> &Notify {
        &self.jobs_wanted
    }

    /// Rung after a commit that left events. Polling is the truth here too.
    pub fn events_wanted(&self) -> &Notify {
        &self.events_wanted
    }

    /// A connection to read with.
    pub async fn read(&self) -> DbResult<Object<AsyncPgConnection>> {
        match tokio::time::timeout(CONNECTION_WAIT, self.pool.get()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(DbError::unavailable(error)),
            Err(_) => Err(DbError::Unavailable(None)),
        }
    }

    /// One quick read, pipelined with those of other requests. Only single statements that use an index belong here:
    /// a slow one holds up those behind it. A connection found broken is replaced once.
    pub async fn quick<R>(&self, work: impl AsyncFn(&Conn) -> DbResult<R>) -> DbResult<R> {
        let connection = self.shared_connection().await?;
        match work(&connection).await {
            Err(DbError::Unavailable(_)) => {
                self.forget_shared(&connection).await;
                let connection = self.shared_connection().await?;
                work(&connection).await
            }
            answer => answer,
        }
    }

    /// The connection that quick reads share, for what must be read while all others are taken.
    pub async fn shared_connection(&self) -> DbResult<Arc<AsyncPgConnection>> {
        if let Some(connection) = self.shared.read().await.as_ref() {
            return Ok(connection.clone());
        }
        let mut slot = self.shared.write().await;
        if let Some(connection) = slot.as_ref() {
            return Ok(connection.clone());
        }
        let connection = Arc::new(connect(&self.settings).await?);
        *slot = Some(connection.clone());
        Ok(connection)
    }

    /// It was found broken: the next one who asks gets another.
    pub async fn forget_shared(&self, broken: &Arc<AsyncPgConnection>) {
        let mut slot = self.shared.write().await;
        if slot.as_ref().is_some_and(|current| Arc::ptr_eq(current, broken)) {
            *slot = None;
        }
    }

    /// Runs `work` in one transaction: commit on `Ok`, roll back on `Err`. A change without its audit row is an error.
    pub async fn write<R, E>(
        &self,
        actor: &Actor,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E>
    where
        E: From<DbError>,
    {
        let mut connection = self.read().await?;
        let mut tx = Tx::begin(&mut connection, actor, &self.clock).await?;
        match work(&mut tx).await {
            Ok(answer) => {
                let left = tx.commit().await?;
                if left.jobs {
                    self.jobs_wanted.notify_one();
                }
                if left.events {
                    self.events_wanted.notify_one();
                }
                Ok(answer)
            }
            Err(error) => {
                tx.roll_back().await?;
                Err(error)
            }
        }
    }

    /// A connection for COPY and for the long statements of the bulk path, without the statement time-out.
    pub async fn copier(&self) -> DbResult<Copier> {
        Copier::connect(&self.settings.url).await
    }

    /// A connection that adds rows by this one statement, outside any transaction.
    pub async fn appender(&self, sql: &str) -> DbResult<Appender> {
        Appender::connect(&self.settings.url, sql).await
    }

    /// A session of the bulk path: staging tables of its own, merges that leave a trace.
    pub async fn bulk(&self) -> DbResult<Bulk> {
        Bulk::connect(&self.settings.url, self.clock.clone()).await
    }
}

fn pool_of(settings: &DbSettings) -> DbResult<Pool<AsyncPgConnection>> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(|url| {
        let url = url.to_owned();
        async move { wire::establish(&url).await }.boxed()
    });
    let manager = AsyncDieselConnectionManager::new_with_config(with_options(settings), config);
    Pool::builder(manager).max_size(settings.pool_connections).build().map_err(DbError::unavailable)
}

async fn connect(settings: &DbSettings) -> DbResult<AsyncPgConnection> {
    wire::establish(&with_options(settings)).await.map_err(DbError::unavailable)
}

/// One connection outside any pool, for set-up work.
pub async fn connect_once(url: &str) -> DbResult<AsyncPgConnection> {
    wire::establish(url).await.map_err(DbError::unavailable)
}

/// The session settings every connection starts with.
fn with_options(settings: &DbSettings) -> String {
    let separator = if settings.url.contains('?') { '&' } else { '?' };
    let timeout = settings.statement_timeout_ms;
    format!(
        "{}{separator}application_name=cardea&options=-c%20statement_timeout%3D{timeout}%20-c%20timezone%3DUTC",
        settings.url
    )
}

/// A plain connection that can COPY, which the query builder's connection can't.
pub struct Copier {
    client: tokio_postgres::Client,
    driver: tokio::task::JoinHandle<()>,
}

impl Copier {
    pub async fn connect(url: &str) -> DbResult<Self> {
        let (client, driver) = wire::connect(url, "copier").await?;
        Ok(Self { client, driver })
    }

    pub fn client(&mut self) -> &mut tokio_postgres::Client {
        &mut self.client
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

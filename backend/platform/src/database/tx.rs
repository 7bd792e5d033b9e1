//! A transaction: the only way to write.

use std::ops::Deref;

use chrono::{DateTime, Utc};
use diesel_async::{AsyncConnection, TransactionManager};
use uuid::Uuid;

use super::{Conn, DbError, DbResult};
use crate::{Actor, Clock};

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// An open transaction with the actor and the moment it happens at. Made by [`super::Db::write`] alone.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    pub actor: Actor,
    /// The moment of the whole transaction.
    pub now: DateTime<Utc>,
    clock: Clock,
    is_audited: bool,
    has_jobs: bool,
    has_events: bool,
}

/// What a transaction has left for others to take up.
pub(super) struct Left {
    pub jobs: bool,
    pub events: bool,
}

impl<'c> Tx<'c> {
    pub(super) async fn begin(conn: &'c mut Conn, actor: &Actor, clock: &Clock) -> DbResult<Self> {
        Manager::begin_transaction(conn).await?;
        Ok(Self {
            conn,
            actor: actor.clone(),
            now: clock.now(),
            clock: clock.clone(),
            is_audited: false,
            has_jobs: false,
            has_events: false,
        })
    }

    /// Commits, and says what it has left for others.
    pub(super) async fn commit(self) -> DbResult<Left> {
        if !self.is_audited {
            Manager::rollback_transaction(self.conn).await?;
            return Err(DbError::Unaudited);
        }
        Manager::commit_transaction(self.conn).await?;
        Ok(Left { jobs: self.has_jobs, events: self.has_events })
    }

    pub(super) async fn roll_back(self) -> DbResult<()> {
        match Manager::rollback_transaction(self.conn).await {
            // A connection that broke has nothing left to roll back; the first error is the one worth telling.
            Ok(()) | Err(diesel::result::Error::BrokenTransactionManager) => Ok(()),
            Err(diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::ClosedConnection,
                _,
            )) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The connection, for the statements of a repository.
    pub fn conn(&self) -> &Conn {
        self.conn
    }

    /// A new UUIDv7.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.clock.new_id()
    }

    /// Called by `audit::record` once it has written its row.
    pub fn mark_audited(&mut self) {
        self.is_audited = true;
    }

    /// Says that nothing was changed, so that there is nothing to audit.
    pub fn mark_unchanged(&mut self) {
        self.is_audited = true;
    }

    pub(crate) fn mark_has_jobs(&mut self) {
        self.has_jobs = true;
    }

    pub(crate) fn mark_has_events(&mut self) {
        self.has_events = true;
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn
    }
}

//! The trail of reads, committed in groups: whoever waits while one batch is being written goes into the next. An answer leaves
//! only when its row is durable.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use platform::{Actor, Db, DbError, DbResult, database::Appender};
use serde_json::Value;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    model::{AuditEntry, AuditError},
    record::{Entry, row_of},
};

/// Batches on their way at a time: while one waits for the disk, the next is filled.
const IN_FLIGHT_MAX: usize = 2;
/// Rows in one batch.
const BATCH_ROWS_MAX: usize = 512;

/// A batch that was written although its answer got lost is not written twice.
const INSERT: &str = "INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, staff_id, staff_no, role,
        branch_id, ip, trace_id, object_kind, object_id, cardholder_id, purpose, changes, written_in)
    SELECT u.*, pg_current_xact_id()::text::bigint FROM unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::text[], $5::text[],
        $6::uuid[], $7::text[], $8::text[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::uuid[],
        $15::text[], $16::jsonb[]) AS u
    ON CONFLICT (occurred_at, audit_id) DO NOTHING";

/// Where somebody hears whether their row was written.
type Told = oneshot::Sender<bool>;
type Waiting = Vec<(AuditEntry, Told)>;

#[derive(Default)]
struct Queue {
    waiting: Waiting,
    in_flight: usize,
    idle: Vec<Appender>,
}

/// Where reads are noted. Clones share it; each worker has one of its own.
#[derive(Clone)]
pub struct ReadLog {
    db: Db,
    queue: Arc<Mutex<Queue>>,
}

impl ReadLog {
    pub fn new(db: Db) -> Self {
        Self { db, queue: Arc::default() }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.db.clock().now()
    }

    /// Answers once the row is durable.
    pub async fn note(&self, actor: &Actor, now: DateTime<Utc>, entry: Entry) -> Result<(), AuditError> {
        let row = row_of(actor, now, self.db.clock().new_id(), entry);
        let (told, hears) = oneshot::channel();
        if self.push(row, told) {
            tokio::spawn(self.clone().write_what_waits());
        }
        match hears.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(AuditError::NotWritten(DbError::Unavailable(None))),
        }
    }

    /// Whether another batch may be sent on its way.
    fn push(&self, row: AuditEntry, told: Told) -> bool {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.waiting.push((row, told));
        let is_free = queue.in_flight < IN_FLIGHT_MAX;
        queue.in_flight += usize::from(is_free);
        is_free
    }

    /// The next batch and an idle connection; ends this flight where nothing waits.
    fn take(&self) -> Option<(Waiting, Option<Appender>)> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.is_empty() {
            queue.in_flight -= 1;
            return None;
        }
        let count = queue.waiting.len().min(BATCH_ROWS_MAX);
        let batch = queue.waiting.drain(..count).collect();
        Some((batch, queue.idle.pop()))
    }

    async fn write_what_waits(self) {
        // Whoever is ready in the same moment comes along.
        tokio::task::yield_now().await;
        while let Some((batch, idle)) = self.take() {
            let (rows, told): (Vec<AuditEntry>, Vec<Told>) = batch.into_iter().unzip();
            let written = self.put_down(idle, &rows).await;
            if let Err(error) = &written {
                let cause = std::error::Error::source(error).map(ToString::to_string);
                tracing::error!(error = %error, ?cause, rows = rows.len(), "reads can't be noted; their answers are held back");
            }
            for told in told {
                // Whoever hung up does not wait any more; the row is there all the same.
                let _ = told.send(written.is_ok());
            }
        }
    }

    /// Through the idle connection, or once more through a new one where that is broken.
    async fn put_down(&self, idle: Option<Appender>, rows: &[AuditEntry]) -> DbResult<()> {
        if let Some(appender) = idle {
            match self.put_down_through(appender, rows).await {
                Err(DbError::Unavailable(_)) => {}
                answer => return answer,
            }
        }
        self.put_down_through(self.db.appender(INSERT).await?, rows).await
    }

    async fn put_down_through(&self, appender: Appender, rows: &[AuditEntry]) -> DbResult<()> {
        append(&appender, rows).await?;
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).idle.push(appender);
        Ok(())
    }
}

/// One column of the batch.
fn column<'a, T>(rows: &'a [AuditEntry], of: impl Fn(&'a AuditEntry) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

async fn append(appender: &Appender, rows: &[AuditEntry]) -> DbResult<()> {
    let staff: Vec<Option<Uuid>> = column(rows, |row| row.staff_id.map(|id| id.0));
    let branches: Vec<Option<Uuid>> = column(rows, |row| row.branch_id.map(|id| id.0));
    let cardholders: Vec<Option<Uuid>> = column(rows, |row| row.cardholder_id.map(|id| id.0));
    let changes: Vec<Option<&Value>> = column(rows, |row| row.changes.as_ref());
    appender
        .append(&[
            &column(rows, |row| row.occurred_at),
            &column(rows, |row| row.audit_id.0),
            &column(rows, |row| row.action.as_str()),
            &column(rows, |row| row.outcome.as_str()),
            &column(rows, |row| row.actor_kind.as_str()),
            &staff,
            &column(rows, |row| row.staff_no.as_deref()),
            &column(rows, |row| row.role.map(platform::Role::as_str)),
            &branches,
            &column(rows, |row| row.ip.as_deref()),
            &column(rows, |row| row.trace_id.as_deref()),
            &column(rows, |row| row.object_kind.as_deref()),
            &column(rows, |row| row.object_id),
            &cardholders,
            &column(rows, |row| row.purpose.as_deref()),
            &changes,
        ])
        .await
        .map(|_| ())
}

//! The trail of reads, committed in groups: whoever waits while one batch is being written goes into the next. An answer leaves
//! only when its row is durable.

use std::{io, thread};

use chrono::{DateTime, Utc};
use platform::{Actor, Clock, Db, DbError, DbResult, database::Appender};
use serde_json::Value;
use tokio::{
    runtime,
    sync::{mpsc, oneshot},
};
use uuid::Uuid;

use super::{
    model::{AuditEntry, AuditError},
    record::{Entry, row_of},
};

/// Rows in one batch. A batch costs PostgreSQL as much as ten rows do, so there is one on its way at a time: what comes meanwhile
/// goes into the next.
const BATCH_ROWS_MAX: usize = 1024;
/// Rows that may wait; whoever comes then waits for a place.
const WAITING_ROWS_MAX: usize = 8 * BATCH_ROWS_MAX;

const INSERT: &str = "INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, staff_id, staff_no, role,
        branch_id, ip, trace_id, object_kind, object_id, cardholder_id, purpose, changes, written_in)
    SELECT u.*, pg_current_xact_id()::text::bigint FROM unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::text[], $5::text[],
        $6::uuid[], $7::text[], $8::text[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::uuid[],
        $15::text[], $16::jsonb[]) AS u";
/// For a batch whose first answer got lost: what was written all the same is not written twice. It costs a look and a record of
/// the log more for each row, which is why it is not the rule.
const UNLESS_THERE: &str = " ON CONFLICT (occurred_at, audit_id) DO NOTHING";

/// A row, and where somebody hears whether it was written.
type Waiting = (AuditEntry, oneshot::Sender<bool>);

/// Where reads are noted. Clones share it, and all workers share one: the more rows a batch has, the less each costs.
#[derive(Clone)]
pub struct ReadLog {
    clock: Clock,
    /// Nobody writes where this is absent.
    rows: Option<mpsc::Sender<Waiting>>,
}

impl ReadLog {
    /// Starts the one who writes, on a thread of its own: a batch is woken for, sent and heard of without a change of threads.
    /// It ends with the last clone.
    pub fn start(db: Db) -> io::Result<Self> {
        let (rows, waiting) = mpsc::channel(WAITING_ROWS_MAX);
        let clock = db.clock().clone();
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let writer = Writer { db, idle: None };
        thread::Builder::new()
            .name("read-log".to_owned())
            .spawn(move || runtime.block_on(writer.write_what_waits(waiting)))?;
        Ok(Self { clock, rows: Some(rows) })
    }

    /// Notes nothing: the bench measures beside it what noting costs. A house test keeps it there.
    pub fn nowhere(clock: Clock) -> Self {
        Self { clock, rows: None }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Answers once the row is durable.
    pub async fn note(&self, actor: &Actor, now: DateTime<Utc>, entry: Entry) -> Result<(), AuditError> {
        let Some(rows) = &self.rows else { return Ok(()) };
        let row = row_of(actor, now, self.clock.new_id(), entry);
        let (told, hears) = oneshot::channel();
        let is_written = match rows.send((row, told)).await {
            Ok(()) => hears.await.unwrap_or(false),
            Err(_) => false,
        };
        if is_written { Ok(()) } else { Err(AuditError::NotWritten(DbError::Unavailable(None))) }
    }
}

struct Writer {
    db: Db,
    idle: Option<Appender>,
}

impl Writer {
    async fn write_what_waits(mut self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut batch = Vec::new();
        while waiting.recv_many(&mut batch, BATCH_ROWS_MAX).await > 0 {
            let (rows, told): (Vec<AuditEntry>, Vec<oneshot::Sender<bool>>) = batch.drain(..).unzip();
            let written = self.put_down(&rows).await;
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
    async fn put_down(&mut self, rows: &[AuditEntry]) -> DbResult<()> {
        if let Some(appender) = self.idle.take() {
            match self.put_down_through(appender, rows).await {
                Err(DbError::Unavailable(_)) => {
                    let again = format!("{INSERT}{UNLESS_THERE}");
                    return append(&self.db.appender(&again).await?, rows).await;
                }
                answer => return answer,
            }
        }
        let appender = self.db.appender(INSERT).await?;
        self.put_down_through(appender, rows).await
    }

    async fn put_down_through(&mut self, appender: Appender, rows: &[AuditEntry]) -> DbResult<()> {
        append(&appender, rows).await?;
        self.idle = Some(appender);
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

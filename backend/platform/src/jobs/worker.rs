//! The worker: claims, runs, keeps alive, retries with a growing delay, hands back when it is told to stop.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::sync::watch;

use super::{
    Job, JobState,
    queue::{self, Claimed, End},
};
use crate::{Db, DbError, Tx, database::BulkTx, events, ids::JobId};

/// Seconds before the second attempt; each further one waits four times as long.
const RETRY_SECONDS: i64 = 5;
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often jobs of lost workers are looked for.
const STALE_SWEEP: Duration = Duration::from_secs(20);

/// Why a job did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("{code}")]
pub struct JobError {
    /// `slice.reason`; never a sentence, never personal data.
    pub code: String,
    /// Whether trying again can help.
    pub is_retryable: bool,
    /// What there is to tell about a failure (an import's refused rows), kept as the job's result.
    pub result: Option<Value>,
}

impl JobError {
    pub fn permanent(code: impl Into<String>) -> Self {
        Self { code: code.into(), is_retryable: false, result: None }
    }

    #[must_use]
    pub fn with_result(mut self, result: Value) -> Self {
        self.result = Some(result);
        self
    }

    /// A mistake of ours, which the panic's own message tells in the log. The lane that ran the job goes on.
    fn panicked() -> Self {
        Self::permanent("jobs.panicked")
    }

    pub fn cancelled() -> Self {
        Self::permanent("jobs.cancelled")
    }
}

impl From<DbError> for JobError {
    fn from(error: DbError) -> Self {
        tracing::warn!(error = %error, source = ?std::error::Error::source(&error).map(ToString::to_string), "a job met the database's refusal");
        Self {
            code: kernel::Fault::code(&error).to_owned(),
            is_retryable: kernel::Fault::kind(&error) == kernel::Kind::Busy,
            result: None,
        }
    }
}

/// A running job's way to the world.
#[derive(Clone)]
pub struct JobRun {
    pub db: Db,
    pub job_id: JobId,
    pub attempt: i32,
    /// What the last attempt left for this one.
    pub checkpoint: Option<Value>,
    is_cancelled: Arc<AtomicBool>,
}

impl JobRun {
    /// Tells how far the work is, and stops it when somebody asked to cancel.
    pub async fn progress(&self, done: i64, total: Option<i64>) -> Result<(), JobError> {
        let conn = self.db.read().await?;
        queue::set_progress(&conn, self.job_id, done, total).await?;
        events::of_job(&conn, self.db.clock(), self.job_id).await?;
        drop(conn);
        self.db.events_wanted().notify_one();
        self.check_cancelled()
    }

    /// Remembers how far the work is, in the transaction that did it: a crash can't separate the two.
    pub async fn checkpoint_in(&self, tx: &mut Tx<'_>, checkpoint: &Value) -> Result<(), DbError> {
        queue::set_checkpoint(tx.conn(), self.job_id, checkpoint).await
    }

    /// The same in a transaction of the bulk path.
    pub async fn checkpoint_in_bulk(&self, tx: &BulkTx<'_>, checkpoint: &Value) -> Result<(), DbError> {
        let sql = "UPDATE jobs SET checkpoint = $2 WHERE job_id = $1";
        tx.execute(sql, &[&self.job_id.0, checkpoint]).await.map(|_| ())
    }

    pub fn check_cancelled(&self) -> Result<(), JobError> {
        if self.is_cancelled.load(Ordering::Relaxed) { Err(JobError::cancelled()) } else { Ok(()) }
    }
}

type Handler = Arc<dyn Fn(JobRun, Value) -> BoxFuture<'static, Result<Value, JobError>> + Send + Sync>;

/// Which kinds of job this process can run.
#[derive(Clone, Default)]
pub struct Registry(HashMap<&'static str, Handler>);

impl Registry {
    /// Registers what runs jobs of kind `J`; the value it returns is kept as the job's result.
    pub fn register<J, F>(&mut self, run: impl Fn(JobRun, J) -> F + Send + Sync + 'static)
    where
        J: Job,
        F: Future<Output = Result<Value, JobError>> + Send + 'static,
    {
        let run = Arc::new(run);
        self.0.insert(
            J::KIND,
            Arc::new(move |context, payload| {
                let run = run.clone();
                Box::pin(async move {
                    let job: J = serde_json::from_value(payload)
                        .map_err(|_| JobError::permanent("jobs.payload_unreadable"))?;
                    run(context, job).await
                })
            }),
        );
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }
}

/// Works through the queue until it is told to stop.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    registry: Registry,
    name: String,
    poll: Duration,
}

impl Worker {
    pub fn new(db: Db, registry: Registry, poll: Duration) -> Self {
        let name = format!("{}-{}", std::process::id(), db.clock().new_id::<uuid::Uuid>());
        Self { db, registry, name, poll }
    }

    /// Runs `concurrency` jobs at a time until `stop` turns true; running jobs are then handed back.
    pub async fn run(self, concurrency: usize, stop: watch::Receiver<bool>) {
        let lanes = (0..concurrency).map(|_| tokio::spawn(self.clone().lane(stop.clone())));
        let sweep = tokio::spawn(self.clone().sweep(stop.clone()));
        for lane in lanes.chain(std::iter::once(sweep)).collect::<Vec<_>>() {
            if let Err(error) = lane.await {
                tracing::error!(error = %error, "a job lane ended early");
            }
        }
    }

    async fn lane(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.claim().await {
                Ok(Some(claimed)) => {
                    let job_id = claimed.job_id;
                    let handed_back = tokio::select! {
                        () = self.work(claimed) => false,
                        _ = stop.wait_for(|is_stopping| *is_stopping) => true,
                    };
                    if handed_back {
                        self.hand_back(job_id).await;
                    }
                }
                Ok(None) => {
                    tokio::select! {
                        () = tokio::time::sleep(self.poll) => {}
                        () = self.db.jobs_wanted().notified() => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %error, "the job queue can't be read");
                    tokio::time::sleep(self.poll * 4).await;
                }
            }
        }
    }

    async fn sweep(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.release_stale().await {
                tracing::warn!(error = %error, "stale jobs can't be looked for");
            }
            tokio::select! {
                () = tokio::time::sleep(STALE_SWEEP) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Gives the jobs of lost workers back to the queue.
    pub async fn release_stale(&self) -> Result<usize, DbError> {
        queue::release_stale(&*self.db.read().await?, self.db.clock().now()).await
    }

    /// Runs every job that is due, one after another; says how many. For tests and the command line.
    pub async fn run_due(&self) -> Result<usize, DbError> {
        let mut count = 0;
        while let Some(claimed) = self.claim().await? {
            self.work(claimed).await;
            count += 1;
        }
        Ok(count)
    }

    async fn claim(&self) -> Result<Option<Claimed>, DbError> {
        let kinds = self.registry.kinds();
        queue::claim(&*self.db.read().await?, &self.name, &kinds, self.db.clock().now()).await
    }

    async fn work(&self, claimed: Claimed) {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let run = JobRun {
            db: self.db.clone(),
            job_id: claimed.job_id,
            attempt: claimed.attempts,
            checkpoint: claimed.checkpoint.clone(),
            is_cancelled: is_cancelled.clone(),
        };
        let Some(handler) = self.registry.0.get(claimed.kind.as_str()).cloned() else { return };
        let handled = AssertUnwindSafe(handler(run, claimed.payload.clone())).catch_unwind();
        let answer = tokio::select! {
            answer = handled => answer.unwrap_or_else(|_| Err(JobError::panicked())),
            () = self.keep_alive(claimed.job_id, is_cancelled) => Err(JobError::permanent("jobs.worker_lost")),
        };
        if let Err(error) = self.settle(&claimed, answer).await {
            tracing::error!(job_id = %claimed.job_id, error = %error, "a job's end could not be written; it will be tried again");
        }
    }

    /// Never returns; dropped when the job ends.
    async fn keep_alive(&self, job_id: JobId, is_cancelled: Arc<AtomicBool>) {
        loop {
            let beat = async {
                queue::heartbeat(&*self.db.read().await?, job_id, &self.name, self.db.clock().now()).await
            };
            if matches!(beat.await, Ok(true)) {
                is_cancelled.store(true, Ordering::Relaxed);
            }
            tokio::time::sleep(HEARTBEAT).await;
        }
    }

    async fn settle(&self, claimed: &Claimed, answer: Result<Value, JobError>) -> Result<(), DbError> {
        let conn = self.db.read().await?;
        let now = self.db.clock().now();
        let end = match answer {
            Ok(result) => End { state: JobState::Succeeded, result: Some(result), error_code: None },
            Err(error) if error.is_retryable && claimed.attempts < claimed.attempts_max => {
                let exponent = u32::try_from(claimed.attempts - 1).unwrap_or(0).min(8);
                let run_at = now + TimeDelta::seconds(RETRY_SECONDS * 4_i64.pow(exponent));
                return queue::put_back(&conn, claimed.job_id, run_at, Some(&error.code), true).await;
            }
            Err(error) => {
                let state =
                    if error.code == "jobs.cancelled" { JobState::Cancelled } else { JobState::Failed };
                tracing::warn!(job_id = %claimed.job_id, kind = claimed.kind, code = error.code, "a job ended without success");
                End { state, result: error.result, error_code: Some(error.code) }
            }
        };
        queue::finish(&conn, claimed.job_id, &self.name, now, end).await?;
        events::of_job(&conn, self.db.clock(), claimed.job_id).await?;
        self.db.events_wanted().notify_one();
        Ok(())
    }

    async fn hand_back(&self, job_id: JobId) {
        let give = async {
            queue::put_back(&*self.db.read().await?, job_id, self.db.clock().now(), None, false).await
        };
        if let Err(error) = give.await {
            tracing::warn!(%job_id, error = %error, "a job could not be handed back; it becomes free when its lock runs out");
        }
    }
}

//! What is done without being asked: sealing every few seconds, anchoring, retention once a day; and long verifications.

use std::{sync::atomic::Ordering, time::Duration};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Actor, DbResult,
    jobs::{Job, JobError, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Notary,
    model::{BatchVerdict, SealError},
    repo,
    verify::Walk,
};
use crate::audit::{Entry, record};

/// Faulty batches that a job's result names.
const FAULTY_MAX: usize = 50;
/// Batches after which a job tells how far it is.
const TELL_EVERY: i64 = 100;
/// The bank's clock.
const BANK_OFFSET: TimeDelta = TimeDelta::hours(8);

impl Notary {
    /// Seals all that waits. Answers how many batches that were.
    pub async fn seal_all(&self) -> Result<usize, SealError> {
        let done = self.seal_waiting().await;
        match &done {
            Ok(_) => self.has_told.store(false, Ordering::Relaxed),
            Err(error) => self.tell(error).await?,
        }
        done
    }

    async fn seal_waiting(&self) -> Result<usize, SealError> {
        let actor = Actor::system("seals");
        let mut count = 0;
        while let Some((head, has_more)) = self.db.write(&actor, async |tx| self.seal(tx).await).await? {
            count += 1;
            let day: NaiveDate = (head.sealed_at + BANK_OFFSET).date_naive();
            if let Err(error) = self.anchor(&head, day) {
                tracing::error!(error = %error, "an anchor of the audit trail can't be written");
            }
            // What has been written meanwhile waits for the next turn: a busy bank would never come to an end.
            if !has_more {
                break;
            }
        }
        Ok(count)
    }

    /// Whether the chain holds what was anchored of it.
    pub async fn check_head(&self) -> Result<(), SealError> {
        let conn = self.db.read().await?;
        let last = repo::last(&conn).await?;
        self.refuse_cut(&conn, last.as_ref()).await
    }

    /// Leaves a row where somebody cut the trail off: once, and again after it was mended.
    async fn tell(&self, error: &SealError) -> DbResult<()> {
        let (anchored, found) = match error {
            SealError::CutOff { anchored, found, .. } => (Some(*anchored), Some(*found)),
            SealError::Anchor { .. } => (None, None),
            SealError::Io(_) | SealError::Db(_) => return Ok(()),
        };
        if self.has_told.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let entry = Entry::of("audit.seal").refused().changing(json!({ "batch_no": [anchored, found] }));
        self.db.write(&Actor::system("seals"), async |tx| record(tx, entry).await).await?;
        Ok(())
    }
}

/// Seals for as long as the process lives.
pub async fn keep(notary: Notary, owner_url: String, config: platform::config::AuditConfig) {
    let mut retired_on = None;
    loop {
        if let Err(error) = notary.seal_all().await {
            tracing::error!(error = %error, "the audit trail can't be sealed");
        }
        let today = notary.db.clock().now().date_naive();
        if retired_on != Some(today) {
            match notary.retire(&owner_url, config.retention_years).await {
                Ok(_) => retired_on = Some(today),
                Err(error) => {
                    tracing::error!(error = %error, "old years of the audit trail can't be retired")
                }
            }
        }
        tokio::time::sleep(Duration::from_secs(config.seal_seconds.max(1))).await;
    }
}

/// Looks over the whole chain, or the part that was sealed in a time.
#[derive(Debug, Serialize, Deserialize)]
pub struct VerifyTrail {
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

impl Job for VerifyTrail {
    const KIND: &'static str = "audit.verify";
}

pub fn register(registry: &mut Registry, notary: &Notary) {
    let notary = notary.clone();
    registry.register(move |run: JobRun, job: VerifyTrail| {
        let notary = notary.clone();
        async move { verify(&notary, &run, &job).await }
    });
}

async fn verify(notary: &Notary, run: &JobRun, job: &VerifyTrail) -> Result<Value, JobError> {
    let conn = notary.db.read().await?;
    let span = (job.from, job.to);
    let total = repo::count(&conn, span).await?;
    let mut walk = Walk::begin(notary, &conn, span, 0).await?;
    let (mut done, mut rows, mut faulty_count) = (0, 0, 0);
    let mut faulty: Vec<BatchVerdict> = Vec::new();
    while let Some(verdict) = walk.next(&conn).await? {
        done += 1;
        rows += verdict.row_count;
        if !verdict.is_whole {
            faulty_count += 1;
            faulty.extend((faulty.len() < FAULTY_MAX).then_some(verdict));
        }
        if done % TELL_EVERY == 0 {
            run.progress(done, Some(total)).await?;
        }
    }
    run.progress(done, Some(done.max(total))).await?;
    Ok(json!({ "batches": done, "rows": rows, "faulty_count": faulty_count, "faulty": faulty }))
}

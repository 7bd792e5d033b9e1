use std::sync::Arc;

use platform::{
    DbResult,
    database::BulkTx,
    jobs::{JobError, JobRun},
};
use serde_json::Value;

use super::ImportError;

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Reading,
    Merging,
}

/// How far an import is. The unit is a share of the work, not rows.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'p> {
    pub phase: Phase,
    /// The file or step.
    pub what: &'p str,
    pub done: u64,
    pub total: u64,
}

type Tell = Arc<dyn Fn(&Progress<'_>) + Send + Sync>;

/// Who is told how far an import is: a job's row, somebody at the command line, or nobody.
#[derive(Clone, Default)]
pub struct Watch {
    job: Option<JobRun>,
    tell: Option<Tell>,
}

impl Watch {
    pub fn of_job(job: JobRun) -> Self {
        Self { job: Some(job), tell: None }
    }

    pub fn telling(tell: impl Fn(&Progress<'_>) + Send + Sync + 'static) -> Self {
        Self { job: None, tell: Some(Arc::new(tell)) }
    }

    /// Fails when somebody asked to cancel.
    pub(super) async fn tell(&self, progress: Progress<'_>) -> Result<(), ImportError> {
        if let Some(tell) = &self.tell {
            tell(&progress);
        }
        let Some(job) = &self.job else { return Ok(()) };
        let (done, total) = (progress.done.cast_signed(), progress.total.cast_signed());
        match job.progress(done, Some(total)).await {
            Ok(()) => Ok(()),
            Err(JobError { code, .. }) if code == JobError::cancelled().code => Err(ImportError::Cancelled),
            // A progress that can't be written stops nothing: the work itself will find out whether the database is there.
            Err(error) => {
                tracing::warn!(code = error.code, "an import's progress could not be written");
                Ok(())
            }
        }
    }

    /// What an earlier attempt at the same job left.
    pub(super) fn checkpoint(&self) -> Option<&Value> {
        self.job.as_ref().and_then(|job| job.checkpoint.as_ref())
    }

    pub(super) async fn checkpoint_in(&self, tx: &BulkTx<'_>, checkpoint: &Value) -> DbResult<()> {
        match &self.job {
            Some(job) => job.checkpoint_in_bulk(tx, checkpoint).await,
            None => Ok(()),
        }
    }
}

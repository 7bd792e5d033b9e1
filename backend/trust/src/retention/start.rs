//! Beginning a walk: who may, and when.

use platform::{Tx, ids::RetentionRunId};
use serde_json::json;

use super::{
    jobs::ApplyRules,
    model::{RetentionError, RetentionWish, RunRow},
    repo,
};
use crate::{
    audit::{self, Entry},
    calendars::bank_date,
    staff::require_step_up,
};

/// Deleting follows a count of the same day that somebody asked for and has proved to be themselves since.
pub(super) async fn start(tx: &mut Tx<'_>, wish: RetentionWish) -> Result<RetentionRunId, RetentionError> {
    if !wish.is_dry_run {
        require_step_up(tx).await?;
        if !repo::is_counted(tx, bank_date(tx.now)).await? {
            return Err(RetentionError::NoDryRun);
        }
    }
    begin(tx, wish.is_dry_run).await
}

/// Puts a walk into the queue; one at a time.
pub(super) async fn begin(tx: &mut Tx<'_>, is_dry_run: bool) -> Result<RetentionRunId, RetentionError> {
    let run_id: RetentionRunId = tx.new_id();
    // Where another one waits or runs, this is its job.
    let job_id = tx.enqueue(&ApplyRules { run_id }).await?;
    let row = RunRow {
        run_id,
        is_dry_run,
        run_on: bank_date(tx.now),
        job_id,
        created_by: tx.actor.staff().map(|staff| staff.staff_id),
        created_at: tx.now,
        finished_at: None,
    };
    repo::insert(tx, &row).await.map_err(|error| match error {
        error if error.is_constraint("retention_runs_job_id_key") => RetentionError::Running,
        error => error.into(),
    })?;
    let entry = Entry::of("retention.start").on("retention_run", run_id);
    audit::record(tx, entry.changing(json!({ "is_dry_run": [null, is_dry_run] }))).await?;
    Ok(run_id)
}

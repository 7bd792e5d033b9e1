//! The job that writes a file. A run that was killed leaves a file that nobody can read; the next one begins anew, so that no row
//! is missing or there twice.

use kernel::{Fault, Kind};
use platform::{
    Actor, Db,
    config::ExportsConfig,
    files::{self, Files},
    ids::ExportId,
    jobs::{Job, JobError, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use web::Directory;

use super::{
    faults::ExportError,
    model::{ExportRow, ExportStatus},
    repo,
    request::entry,
    sources::ExportSources,
    write::{self, Press, Stopped, Written},
};
use crate::{
    approvals::{self, ApprovalOperation, Weight},
    audit::{self, Entry},
};

/// Writes one export.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunExport {
    pub export_id: ExportId,
}

impl Job for RunExport {
    const KIND: &'static str = "exports.run";
    const ATTEMPTS_MAX: i32 = 3;

    fn unique_key(&self) -> Option<String> {
        Some(self.export_id.to_string())
    }
}

pub fn register(
    registry: &mut Registry,
    sources: ExportSources,
    files: Files,
    (directory, config): (Directory, ExportsConfig),
) {
    let press = Press { files, directory, config };
    registry.register(move |run: JobRun, job: RunExport| {
        let (press, sources) = (press.clone(), sources.clone());
        async move { run_one(&run, &press, &sources, job.export_id).await }
    });
}

async fn run_one(
    run: &JobRun,
    press: &Press,
    sources: &ExportSources,
    export_id: ExportId,
) -> Result<Value, JobError> {
    let row = repo::find(&*run.db.read().await?, export_id).await?;
    let Some(row) = row.filter(|row| row.status == ExportStatus::Queued) else {
        return Ok(json!({ "is_over": true }));
    };
    let source = sources.of(row.list).ok_or_else(|| JobError::permanent("internal"))?;
    // Who may do what is read every two seconds; a job may be quicker than that.
    press.directory.refresh(&run.db).await?;
    match write::write(run, press, &source, &row).await {
        Ok(written) => finish(run, &row, written).await,
        Err(Stopped::Job(error)) => stop(run, &row, error).await,
        Err(Stopped::Fault(fault)) if is_worth_another_try(&fault, run) => {
            Err(JobError { code: fault.code().to_owned(), is_retryable: true, result: None })
        }
        Err(Stopped::Fault(fault)) => {
            tracing::info!(%export_id, code = fault.code(), "an export ended without a file");
            end(&run.db, &row, ExportStatus::Failed, Some(fault.code())).await?;
            Ok(json!({ "error_code": fault.code() }))
        }
    }
}

fn is_worth_another_try(fault: &ExportError, run: &JobRun) -> bool {
    fault.kind() == Kind::Busy && run.attempt < RunExport::ATTEMPTS_MAX
}

/// The job was told to stop, or can't go on.
async fn stop(run: &JobRun, row: &ExportRow, error: JobError) -> Result<Value, JobError> {
    if error.code == JobError::cancelled().code {
        end(&run.db, row, ExportStatus::Cancelled, None).await?;
    }
    Err(error)
}

/// Makes the file known, unless the list has grown beyond what needs no approval, or nobody waits for it any more.
async fn finish(run: &JobRun, row: &ExportRow, written: Written) -> Result<Value, JobError> {
    let Written { file, rows, columns, staff } = written;
    let actor = Actor::system("exports.run");
    let weight = Weight { rows: Some(rows), ..Weight::default() };
    let told = json!({ "rows": rows, "bytes": file.byte_count, "sha256": file.sha256_hex() });
    let done: Result<bool, ExportError> = run
        .db
        .write(&actor, async |tx| {
            let policy = approvals::policy_for(tx, ApprovalOperation::RunExport, &weight).await?;
            let has_grown = policy.is_some() && row.approval_id.is_none();
            if has_grown || !repo::note_file(tx, row.export_id, (&file, rows), &staff).await? {
                files::delete(tx, &[file.file_id]).await?;
                audit::record(tx, entry("exports.discard", row, &columns)).await?;
                return Ok(has_grown);
            }
            let finished = ExportRow { row_count: Some(rows), ..row.clone() };
            audit::record(tx, entry("exports.finish", &finished, &columns)).await?;
            if let Some(approval_id) = row.approval_id {
                approvals::settle(tx, approval_id, true).await?;
            }
            Ok(false)
        })
        .await;
    match done {
        Ok(false) => Ok(told),
        Ok(true) => {
            end(&run.db, row, ExportStatus::Failed, Some(ExportError::Grown.code())).await?;
            Ok(json!({ "error_code": ExportError::Grown.code() }))
        }
        Err(error) => Err(JobError {
            code: error.code().to_owned(),
            is_retryable: error.kind() == Kind::Busy,
            result: None,
        }),
    }
}

/// It ended without a file.
async fn end(db: &Db, row: &ExportRow, status: ExportStatus, code: Option<&str>) -> Result<(), JobError> {
    let actor = Actor::system("exports.run");
    let ended: Result<(), ExportError> = db
        .write(&actor, async |tx| {
            let is_news = repo::note_end(tx, row.export_id, (status, code)).await?;
            if let Some(approval_id) = row.approval_id.filter(|_| is_news) {
                approvals::settle(tx, approval_id, false).await?;
            }
            let entry = Entry::of("exports.end").on("export", row.export_id.0).because(row.purpose.as_str());
            audit::record(
                tx,
                entry.changing(json!({ "status": [row.status, status], "code": [null, code] })),
            )
            .await?;
            Ok(())
        })
        .await;
    ended.map_err(|error| JobError {
        code: error.code().to_owned(),
        is_retryable: error.kind() == Kind::Busy,
        result: None,
    })
}

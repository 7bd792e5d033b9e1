//! Starting and stopping a run, and an import as its owner sees it.

use std::collections::HashMap;

use platform::{
    Conn, DbResult, Tx, files,
    ids::{ImportId, JobId, StaffId},
    jobs::{Cancelled, JobState},
};
use serde_json::{Value, json};
use trust::{
    audit::{self, Entry},
    imports::{Format, ImportReport, header_digest},
    jobs::{self, JobStatus},
};

use super::{
    jobs::RunImport,
    mapping,
    model::{
        Import, ImportFieldView, ImportOutcome, ImportRow, ImportRun, ImportWish, ImportsError, Mapping,
    },
    repo::{self, Start},
};

/// The import, locked, if it is this caller's.
async fn lock(tx: &mut Tx<'_>, staff_id: StaffId, import_id: ImportId) -> Result<ImportRow, ImportsError> {
    repo::lock(tx, import_id).await?.filter(|row| row.created_by == staff_id).ok_or(ImportsError::Missing)
}

/// The import, if it is this caller's.
pub(super) async fn find(
    conn: &Conn,
    staff_id: StaffId,
    import_id: ImportId,
) -> Result<ImportRow, ImportsError> {
    let found = repo::find(conn, import_id).await?;
    found.filter(|row| row.created_by == staff_id).ok_or(ImportsError::Missing)
}

/// Queues a run under a mapping, which is remembered for the next file with these names.
pub(super) async fn start(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    import_id: ImportId,
    wish: ImportWish,
) -> Result<ImportRow, ImportsError> {
    let row = lock(tx, staff_id, import_id).await?;
    if is_live(tx, row.job_id).await? {
        return Err(ImportsError::Running);
    }
    files::find(tx, row.file_id, tx.now).await?.ok_or(files::FileError::Gone)?;
    let columns = row.columns();
    mapping::check(row.kind, &columns, &wish.mapping)?;
    let job_id = tx.enqueue(&RunImport { import_id }).await?;
    let errors_max = i64::try_from(wish.errors_max).unwrap_or(i64::MAX);
    files::delete(tx, row.errors_file_id.as_slice()).await?;
    let begun = Start { job_id, mapping: &wish.mapping, is_dry_run: wish.is_dry_run, errors_max };
    repo::start(tx, import_id, &begun).await?;
    repo::remember(tx, row.kind, &header_digest(&columns), &wish.mapping, staff_id).await?;
    let changes = json!({
        "kind": [null, row.kind], "is_dry_run": [null, wish.is_dry_run], "errors_max": [null, errors_max],
        "fields": [null, wish.mapping.keys().collect::<Vec<_>>()],
    });
    audit::record(tx, Entry::of("imports.start").on("import", import_id).changing(changes)).await?;
    lock(tx, staff_id, import_id).await
}

/// Stops a run between two of its steps.
pub(super) async fn cancel(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    import_id: ImportId,
) -> Result<ImportRow, ImportsError> {
    let row = lock(tx, staff_id, import_id).await?;
    let job_id = row.job_id.ok_or(ImportsError::NotRunning)?;
    if tx.cancel_job(job_id).await? != Cancelled::Accepted {
        return Err(ImportsError::NotRunning);
    }
    audit::record(tx, Entry::of("imports.cancel").on("import", import_id)).await?;
    Ok(row)
}

async fn is_live(conn: &Conn, job_id: Option<JobId>) -> DbResult<bool> {
    Ok(jobs::find_all(conn, job_id.as_slice()).await?.iter().any(JobStatus::is_live))
}

/// Imports as their owner sees them, each with the run that was started last.
pub(super) async fn views(conn: &Conn, rows: Vec<ImportRow>, has_row_errors: bool) -> DbResult<Vec<Import>> {
    let job_ids: Vec<JobId> = rows.iter().filter_map(|row| row.job_id).collect();
    let jobs = jobs::find_all(conn, &job_ids).await?;
    let mut jobs: HashMap<JobId, JobStatus> = jobs.into_iter().map(|job| (job.job_id, job)).collect();
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let run = row.job_id.and_then(|id| jobs.remove(&id)).map(|job| run_of(&row, job, has_row_errors));
        let mapping = match row.mapping {
            Some(_) => row.mapping(),
            None if has_row_errors => suggestion(conn, &row).await?,
            None => Mapping::new(),
        };
        views.push(view(row, mapping, run));
    }
    Ok(views)
}

/// One import as its owner sees it.
pub(super) async fn view_of(conn: &Conn, row: ImportRow) -> Result<Import, ImportsError> {
    views(conn, vec![row], true).await?.pop().ok_or(ImportsError::Missing)
}

async fn suggestion(conn: &Conn, row: &ImportRow) -> DbResult<Mapping> {
    let columns = row.columns();
    let before = repo::mapping_of(conn, row.kind, &header_digest(&columns)).await?;
    Ok(mapping::suggested(row.kind, &columns, before))
}

fn view(row: ImportRow, mapping: Mapping, run: Option<ImportRun>) -> Import {
    let fields = row.kind.fields().iter();
    let format = row.format().unwrap_or(Format::Ndjson);
    Import {
        import_id: row.import_id,
        kind: row.kind,
        columns: row.columns(),
        file_name: row.file_name,
        byte_count: row.byte_count,
        format: format.name(),
        encoding: format.encoding(),
        fields: fields
            .map(|field| ImportFieldView { name: field.name, is_required: field.is_required })
            .collect(),
        mapping,
        created_at: row.created_at,
        run,
    }
}

fn run_of(row: &ImportRow, job: JobStatus, has_row_errors: bool) -> ImportRun {
    let (outcome, mut report) = match job.result {
        Some(result) if job.status == JobState::Succeeded => told(&result),
        _ => (None, None),
    };
    if let Some(report) = report.as_mut().filter(|_| !has_row_errors) {
        report.errors.clear();
    }
    ImportRun {
        job_id: job.job_id,
        is_dry_run: row.is_dry_run.unwrap_or(false),
        errors_max: row.errors_max.unwrap_or(0),
        status: job.status,
        progress_done: job.progress_done,
        progress_total: job.progress_total,
        error_code: job.error_code,
        started_at: row.started_at.unwrap_or(job.created_at),
        finished_at: job.finished_at,
        outcome,
        report,
        has_errors_file: row.errors_file_id.is_some(),
    }
}

fn told(result: &Value) -> (Option<ImportOutcome>, Option<ImportReport>) {
    let outcome = result["outcome"].as_str().and_then(|word| word.parse().ok());
    (outcome, serde_json::from_value(result["report"].clone()).ok())
}

//! Asking for a file: what may be asked, how many rows it will have, and who has to say yes.

use platform::{
    StaffActor, Tx,
    ids::{BranchId, CardholderId, ExportId, JobId},
    vault::Vault,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use web::{FieldClass, Snapshot};

use super::{
    faults::ExportError,
    jobs::RunExport,
    model::{ExportFormat, ExportList, ExportPurpose, ExportRow, ExportStatus, NewExport},
    repo,
    rules::{self, ExportReach},
    sources::{Asked, ExportColumn, ExportSource, Exporter, seen},
};
use crate::{
    approvals::{self, ApprovalOperation, ApprovalPolicy, FieldDiff, NewApproval, Weight},
    audit::{self, Entry},
    calendars::{bank_date, day_start},
    staff::require_step_up,
};

/// What asking needs besides the wish.
pub(super) struct Counter<'a> {
    pub source: &'a dyn ExportSource,
    pub exporter: &'a Exporter,
    pub vault: &'a Vault,
    pub daily_max: i32,
    pub rows_max: i64,
}

/// Puts an export into the queue, or before a checker. The outer error undoes everything; the inner one has left its audit row.
pub(super) async fn request(
    tx: &mut Tx<'_>,
    counter: &Counter<'_>,
    new: NewExport,
) -> Result<Result<ExportId, ExportError>, ExportError> {
    let rule = rules::admit(counter.exporter, new.list)?;
    match (rule.reach == ExportReach::Cardholder, new.cardholder_id) {
        (true, None) => return Err(ExportError::CardholderNeeded),
        (false, Some(_)) => return Err(ExportError::CardholderRefused),
        _ => {}
    }
    require_step_up(tx).await?;
    let query = Value::Object(new.query.clone());
    let asked = Asked { exporter: counter.exporter, cardholder_id: new.cardholder_id, query: &query };
    let rows = counter.source.count(tx, asked, counter.rows_max + 1).await.map_err(ExportError::List)?;
    if rows > counter.rows_max {
        return Err(ExportError::TooManyRows { rows_max: counter.rows_max });
    }
    let row = row_of(tx, &counter.exporter.staff, new, rows);
    let columns = seen(counter.source, counter.exporter.sight());
    if repo::QUOTA.use_one(tx, row.staff_id, bank_date(tx.now), counter.daily_max).await?.is_none() {
        audit::record(tx, entry("exports.request", &row, &columns).refused()).await?;
        return Ok(Err(exceeded(tx, counter.daily_max)));
    }
    let weight = Weight { rows: Some(rows), ..Weight::default() };
    let policy = approvals::policy_for(tx, ApprovalOperation::RunExport, &weight).await?;
    audit::record(tx, entry("exports.request", &row, &columns)).await?;
    let export_id = row.export_id;
    match policy {
        Some(policy) => wait(tx, (counter.vault, &counter.exporter.directory), &policy, row).await?,
        None => {
            repo::insert(tx, row).await?;
            start(tx, export_id).await?;
        }
    }
    Ok(Ok(export_id))
}

/// Its job goes into the queue.
pub(super) async fn start(tx: &mut Tx<'_>, export_id: ExportId) -> Result<JobId, ExportError> {
    let job_id = tx.enqueue(&RunExport { export_id }).await?;
    repo::note_job(tx, export_id, job_id).await?;
    Ok(job_id)
}

async fn wait(
    tx: &mut Tx<'_>,
    (vault, directory): (&Vault, &Snapshot),
    policy: &ApprovalPolicy,
    row: ExportRow,
) -> Result<(), ExportError> {
    let new = NewApproval {
        operation: ApprovalOperation::RunExport,
        object: ("export", row.export_id.0),
        // Of a cardholder's own list too: what is to be done is to write a file, which holds nothing sealed.
        cardholder_id: None,
        branch_id: row.branch_id,
        base_version: row.version,
        payload: approvals::payload_of(&Approved::of(&row))?,
        diff: diff_of(&row),
        impact: vec![("rows", row.rows_expected)],
        evidence_note: row.note.clone(),
    };
    let approval = approvals::submit(tx, (vault, directory), policy, new).await?;
    let status = ExportStatus::Waiting;
    repo::insert(tx, ExportRow { status, approval_id: Some(approval.approval_id), ..row }).await?;
    Ok(())
}

/// What somebody says yes to: this filter of this list, and no more rows than there were. It is compared with what is written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Approved {
    list: ExportList,
    cardholder_id: Option<CardholderId>,
    query: Value,
    format: ExportFormat,
    purpose: ExportPurpose,
    rows: i64,
}

impl Approved {
    pub(super) fn of(row: &ExportRow) -> Self {
        Self {
            list: row.list,
            cardholder_id: row.cardholder_id,
            query: row.query.clone(),
            format: row.format,
            purpose: row.purpose,
            rows: row.rows_expected,
        }
    }
}

/// What a checker decides by.
fn diff_of(row: &ExportRow) -> Vec<FieldDiff> {
    let told = |field: &str, text: String| FieldDiff::new("exports", field, None, Some(text));
    vec![
        told("list", row.list.to_string()),
        told("query", row.query.to_string()),
        told("format", row.format.to_string()),
        told("purpose", row.purpose.to_string()),
        told("rows_expected", row.rows_expected.to_string()),
    ]
}

fn row_of(tx: &Tx<'_>, staff: &StaffActor, new: NewExport, rows_expected: i64) -> ExportRow {
    let branch_id: BranchId = staff.branch_id;
    ExportRow {
        export_id: tx.new_id(),
        staff_id: staff.staff_id,
        staff_no: staff.staff_no.clone(),
        branch_id,
        list: new.list,
        cardholder_id: new.cardholder_id,
        query: Value::Object(new.query),
        format: new.format,
        purpose: new.purpose,
        note: new.note.map(|note| note.trim().to_owned()),
        status: ExportStatus::Queued,
        rows_expected,
        approval_id: None,
        job_id: None,
        file_id: None,
        file_name: None,
        row_count: None,
        byte_count: None,
        sha256: None,
        error_code: None,
        download_count: 0,
        version: 1,
        created_at: tx.now,
        finished_at: None,
        expires_at: None,
        written_role: None,
        written_scope: None,
        written_branch_id: None,
    }
}

fn exceeded(tx: &Tx<'_>, daily_max: i32) -> ExportError {
    let tomorrow = bank_date(tx.now).succ_opt().map_or(tx.now, day_start);
    ExportError::QuotaExceeded { daily_max, retry_after_seconds: (tomorrow - tx.now).num_seconds().max(1) }
}

/// Which list, by what, which classes of fields leave, and why; never a value of it.
pub(super) fn entry(action: &'static str, row: &ExportRow, seen: &[ExportColumn]) -> Entry {
    let has = |class: &&FieldClass| seen.iter().any(|column| column.class() == **class);
    let classes: Vec<&str> = FieldClass::ALL.iter().filter(has).map(|class| class.as_str()).collect();
    let changes = json!({
        "list": [null, row.list], "filter": [null, row.query], "format": [null, row.format],
        "classes": [null, classes], "rows": [null, row.row_count.unwrap_or(row.rows_expected)],
    });
    let entry =
        Entry::of(action).on("export", row.export_id.0).because(row.purpose.as_str()).changing(changes);
    match row.cardholder_id {
        Some(cardholder_id) => entry.about(cardholder_id),
        None => entry,
    }
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::{
    Role, Scope,
    ids::{ApprovalId, BranchId, CardholderId, ExportId, FileId, JobId, StaffId},
    jobs::JobState,
    schema::exports,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};
use web::free_text;

use crate::approvals::ApprovalStatus;

/// Bytes of one list's query at most.
const QUERY_BYTES_MAX: usize = 4_096;

platform::vocabulary! {
    /// Lists that can be had as a file.
    pub enum ExportList {
        Cardholders = "cardholders",
        /// Of one cardholder.
        Transactions = "transactions",
        AuditEntries = "audit_entries",
        Statistics = "statistics",
    }
}

platform::vocabulary! {
    /// What the file looks like.
    pub enum ExportFormat { Csv = "csv", Xlsx = "xlsx", Ndjson = "ndjson" }
}

platform::vocabulary! {
    /// What a file is needed for.
    pub enum ExportPurpose {
        Service = "service",
        RiskReview = "risk_review",
        Reconciliation = "reconciliation",
        Regulator = "regulator",
        Audit = "audit",
        Reporting = "reporting",
    }
}

platform::vocabulary! {
    /// What is known of an export itself; how far its job and its approval are stands with those.
    pub enum ExportStatus {
        Waiting = "waiting",
        Queued = "queued",
        Ready = "ready",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

platform::vocabulary! {
    /// How far an export is.
    pub enum ExportStage {
        /// For somebody else's approval.
        Waiting = "waiting",
        /// Rejected, withdrawn, or not decided in time.
        Refused = "refused",
        Queued = "queued",
        Running = "running",
        /// The file can be fetched.
        Ready = "ready",
        /// The file is gone.
        Expired = "expired",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

/// A list that somebody wants as a file.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    pub list: ExportList,
    /// Whose, of a list of one cardholder.
    pub cardholder_id: Option<CardholderId>,
    /// The list's own filter, as its query has it; without pages.
    #[validate(custom(function = "small"))]
    #[schema(value_type = Object, example = json!({ "lifecycle": "dormant" }))]
    pub query: Map<String, Value>,
    pub format: ExportFormat,
    pub purpose: ExportPurpose,
    /// A reference or a word more on the purpose.
    #[validate(length(min = 1, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 1, max_length = 200, example = "监管报送 2026-11")]
    pub note: Option<String>,
}

/// Small, and without a number that identifies: what is looked for is not what is kept.
fn small(query: &Map<String, Value>) -> Result<(), ValidationError> {
    let text = serde_json::to_string(query).unwrap_or_default();
    if text.len() > QUERY_BYTES_MAX {
        return Err(ValidationError::new("exports.query_too_large"));
    }
    free_text::note(&text)
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportFilter {
    #[param(inline)]
    pub list: Option<ExportList>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// One export as it is kept.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = exports)]
pub(super) struct ExportRow {
    pub export_id: ExportId,
    pub staff_id: StaffId,
    pub staff_no: String,
    pub branch_id: BranchId,
    pub list: ExportList,
    pub cardholder_id: Option<CardholderId>,
    pub query: Value,
    pub format: ExportFormat,
    pub purpose: ExportPurpose,
    pub note: Option<String>,
    pub status: ExportStatus,
    pub rows_expected: i64,
    pub approval_id: Option<ApprovalId>,
    pub job_id: Option<JobId>,
    pub file_id: Option<FileId>,
    pub file_name: Option<String>,
    pub row_count: Option<i64>,
    pub byte_count: Option<i64>,
    pub sha256: Option<Vec<u8>>,
    pub error_code: Option<String>,
    pub download_count: i32,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    /// With which powers it was written.
    pub written_role: Option<Role>,
    pub written_scope: Option<Scope>,
    pub written_branch_id: Option<BranchId>,
}

/// How far the job and the approval of an export are.
#[derive(Debug, Clone, Default)]
pub(super) struct Underway {
    pub job: Option<(JobState, i64, Option<String>)>,
    pub approval: Option<ApprovalStatus>,
}

/// One export as whoever asked for it sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    pub export_id: ExportId,
    pub list: ExportList,
    pub cardholder_id: Option<CardholderId>,
    #[schema(value_type = Object)]
    pub query: Value,
    pub format: ExportFormat,
    pub purpose: ExportPurpose,
    pub note: Option<String>,
    pub stage: ExportStage,
    /// Rows that there were when it was asked for.
    pub rows_expected: i64,
    /// Rows written so far.
    pub rows_written: i64,
    pub approval_id: Option<ApprovalId>,
    #[schema(example = "cardholders-20261102-0001.csv")]
    pub file_name: Option<String>,
    /// Rows in the file; its watermark and its header are none.
    pub row_count: Option<i64>,
    pub byte_count: Option<i64>,
    /// Of the file as it is fetched, in hexadecimal digits.
    pub sha256: Option<String>,
    /// Why there is no file.
    pub error_code: Option<String>,
    pub download_count: i32,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// When the file goes.
    pub expires_at: Option<DateTime<Utc>>,
}

impl ExportRow {
    /// The most rows that may be written: of what somebody approved, no more than they approved; else what a file holds.
    pub fn rows_allowed(&self, rows_max: i64) -> i64 {
        if self.approval_id.is_some() { self.rows_expected.min(rows_max) } else { rows_max }
    }

    /// Whether its file can be fetched.
    pub fn is_available(&self, now: DateTime<Utc>) -> bool {
        self.status == ExportStatus::Ready && self.expires_at.is_some_and(|at| at > now)
    }

    fn stage(&self, underway: &Underway, now: DateTime<Utc>) -> ExportStage {
        let job = underway.job.as_ref().map(|(state, ..)| *state);
        match (self.status, job, underway.approval) {
            (ExportStatus::Ready, ..) if self.is_available(now) => ExportStage::Ready,
            (ExportStatus::Ready, ..) => ExportStage::Expired,
            (ExportStatus::Failed, ..) => ExportStage::Failed,
            (ExportStatus::Cancelled, ..) => ExportStage::Cancelled,
            (ExportStatus::Waiting, _, Some(approval)) if !approval.is_open() => ExportStage::Refused,
            (ExportStatus::Waiting, ..) => ExportStage::Waiting,
            (ExportStatus::Queued, Some(JobState::Failed), _) => ExportStage::Failed,
            (ExportStatus::Queued, Some(JobState::Cancelled), _) => ExportStage::Cancelled,
            (ExportStatus::Queued, Some(JobState::Running), _) => ExportStage::Running,
            (ExportStatus::Queued, ..) => ExportStage::Queued,
        }
    }

    pub fn view(self, underway: Underway, now: DateTime<Utc>) -> Export {
        let stage = self.stage(&underway, now);
        let job_code = || underway.job.as_ref().and_then(|(.., code)| code.clone());
        Export {
            stage,
            rows_written: self.row_count.or(underway.job.as_ref().map(|(_, done, _)| *done)).unwrap_or(0),
            error_code: self.error_code.or_else(|| (stage == ExportStage::Failed).then(job_code).flatten()),
            sha256: self.sha256.map(hex::encode),
            export_id: self.export_id,
            list: self.list,
            cardholder_id: self.cardholder_id,
            query: self.query,
            format: self.format,
            purpose: self.purpose,
            note: self.note,
            rows_expected: self.rows_expected,
            approval_id: self.approval_id,
            file_name: self.file_name,
            row_count: self.row_count,
            byte_count: self.byte_count,
            download_count: self.download_count,
            created_at: self.created_at,
            finished_at: self.finished_at,
            expires_at: self.expires_at,
        }
    }
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::{
    ids::{ApprovalId, BranchId, CardholderId, StaffId},
    schema::{approval_decisions, approvals},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;
use web::{Permission, free_text};

/// Requests that one bulk decision may name.
pub(super) const BULK_MAX: u64 = 100;

platform::vocabulary! {
    /// What needs a second pair of eyes.
    pub enum ApprovalOperation {
        ChangeName = "cardholders.change_name",
        ChangeNationalId = "cardholders.change_national_id",
        ChangePrimaryPhone = "cardholders.change_primary_phone",
        ChangeRole = "staff.change_role",
        RunExport = "exports.run",
        Erase = "cardholders.erase",
        Merge = "cardholders.merge",
    }
}

platform::vocabulary! {
    /// Where a request stands.
    pub enum ApprovalStatus {
        /// Waits for decisions.
        Pending = "pending",
        /// Decided; a job is doing it.
        Approved = "approved",
        Executed = "executed",
        /// Approved, but it could not be done.
        Failed = "failed",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Expired = "expired",
        /// What it was asked upon has changed since: to be asked for again.
        Stale = "stale",
    }
}

platform::vocabulary! {
    /// What a checker says.
    pub enum Decision { Approve = "approve", Reject = "reject" }
}

platform::vocabulary! {
    /// The level of the branch tree, above the request's branch, that a checker's scope must cover.
    pub enum AuthorityScope { Branch = "branch", City = "city", Bank = "bank" }
}

/// One request as it is kept, without what is to be executed.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = approvals)]
pub struct ApprovalRow {
    pub approval_id: ApprovalId,
    pub operation: ApprovalOperation,
    pub status: ApprovalStatus,
    pub object_kind: String,
    pub object_id: Uuid,
    pub cardholder_id: Option<CardholderId>,
    pub branch_id: BranchId,
    pub authority_branch_id: BranchId,
    pub maker_id: StaffId,
    pub checker_permission: Permission,
    pub approvals_needed: i16,
    pub evidence_note: Option<String>,
    pub diff: Value,
    pub impact: Value,
    pub base_version: i64,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A change that is to wait.
pub struct NewApproval {
    pub operation: ApprovalOperation,
    pub object: (&'static str, Uuid),
    pub cardholder_id: Option<CardholderId>,
    pub branch_id: BranchId,
    /// The object's version that the maker saw.
    pub base_version: i64,
    /// What will be executed, as text: exactly these bytes.
    pub payload: String,
    pub diff: Vec<FieldDiff>,
    /// How much hangs on it: counts.
    pub impact: Vec<(&'static str, i64)>,
    pub evidence_note: Option<String>,
}

/// One field before and after, sensitive ones masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldDiff {
    /// The table whose field it is, which says who may see it.
    #[schema(example = "cardholders")]
    pub table: String,
    #[schema(example = "name")]
    pub field: String,
    #[schema(example = "沈嘉怡")]
    pub before: Option<String>,
    #[schema(example = "沈佳怡")]
    pub after: Option<String>,
}

/// Where a merge's difference names the record that is to stand behind another: table and field.
pub const ABSORBED: (&str, &str) = ("cardholder_links", "absorbed_id");

/// The customer numbers of records that a request would put behind another.
pub(super) fn merged_numbers(diff: &Value) -> Vec<String> {
    let lines: Vec<FieldDiff> = serde_json::from_value(diff.clone()).unwrap_or_default();
    let absorbed = lines.into_iter().filter(|line| (line.table.as_str(), line.field.as_str()) == ABSORBED);
    absorbed.filter_map(|line| line.before).collect()
}

impl FieldDiff {
    pub fn new(table: &str, field: &str, before: Option<String>, after: Option<String>) -> Self {
        Self { table: table.to_owned(), field: field.to_owned(), before, after }
    }
}

/// One checker's decision.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = approval_decisions)]
pub(super) struct DecisionRow {
    pub approval_id: ApprovalId,
    pub checker_id: StaffId,
    pub maker_id: StaffId,
    pub decision: Decision,
    pub comment: Option<String>,
    pub decided_at: DateTime<Utc>,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApprovalFilter {
    #[param(inline)]
    pub status: Option<ApprovalStatus>,
    #[param(inline)]
    pub operation: Option<ApprovalOperation>,
    /// The caller's own requests, or everybody else's.
    pub mine: Option<bool>,
    /// Only what the caller may decide now.
    pub decidable: Option<bool>,
    /// About this cardholder or member of staff.
    pub object_id: Option<Uuid>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// A yes, and what there is to say about it.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approving {
    #[validate(length(min = 1, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 1, max_length = 500, example = "已核对更名证明原件")]
    pub comment: Option<String>,
}

/// A no needs its reason.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejecting {
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "证件照片不清晰，请重新上传")]
    pub comment: String,
}

/// One decision about many requests.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkDecision {
    #[validate(length(min = 1, max = BULK_MAX, code = "list.length"))]
    #[schema(min_items = 1, max_items = 100)]
    pub ids: Vec<ApprovalId>,
    pub decision: Decision,
    /// A rejection needs one.
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "批量核对无误")]
    pub comment: Option<String>,
}

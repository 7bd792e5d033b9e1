//! What a caller sees of requests: fields by their classes, people and places by their names.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use platform::{
    Conn, DbResult,
    ids::{ApprovalId, BranchId, CardholderId, StaffId},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Permission, Reach, Requires, Sight, Snapshot, access};

use super::{
    model::{ApprovalOperation, ApprovalRow, ApprovalStatus, Decision, DecisionRow, FieldDiff},
    policies, repo,
    standing::Standing,
};

/// Who looks.
#[derive(Debug, Clone)]
pub(super) struct Viewer {
    pub staff_id: StaffId,
    pub reach: Reach,
    pub permissions: &'static [Permission],
    pub sight: Sight,
    pub directory: Arc<Snapshot>,
    pub now: DateTime<Utc>,
}

impl<P: Requires> From<&Caller<P>> for Viewer {
    fn from(caller: &Caller<P>) -> Self {
        Self {
            staff_id: caller.staff.staff_id,
            reach: caller.reach(),
            permissions: access::permissions_of(caller.staff.role),
            sight: caller.sight(),
            directory: caller.directory.clone(),
            now: caller.now,
        }
    }
}

impl Viewer {
    fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// The operations whose requests this person sees: auditors all, others what they could ask for themselves.
    pub(super) fn operations(&self) -> Vec<ApprovalOperation> {
        if self.may(Permission::AuditRead) && self.may(Permission::CardholdersRead) {
            return ApprovalOperation::ALL.to_vec();
        }
        policies::asked_for_by(self.permissions)
    }

    /// Whether the request lies in this person's competence: permission, branch, and the level that its policy asks for.
    pub(super) fn has_authority(&self, row: &ApprovalRow) -> bool {
        self.may(Permission::ApprovalsDecide)
            && self.may(row.checker_permission)
            && self.reach.covers_branch(row.branch_id)
            && self.reach.covers_branch(row.authority_branch_id)
    }
}

/// A request, and what the caller may do about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Approval {
    pub approval_id: ApprovalId,
    pub operation: ApprovalOperation,
    pub status: ApprovalStatus,
    #[schema(example = "cardholder")]
    pub object_kind: String,
    pub object_id: Uuid,
    pub cardholder_id: Option<CardholderId>,
    /// Customer number or staff number of whom it is about.
    #[schema(example = "C1002834107")]
    pub subject_no: Option<String>,
    #[schema(example = "沈嘉怡")]
    pub subject_name: Option<String>,
    pub branch_id: BranchId,
    pub branch_name: Option<String>,
    pub maker_id: StaffId,
    pub maker_name: Option<String>,
    pub evidence_note: Option<String>,
    pub approvals_needed: i16,
    pub approvals_given: i16,
    /// The object's version that it was asked upon.
    pub base_version: i64,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub may_decide: bool,
    pub may_withdraw: bool,
}

/// The answer to a change that waits for an approval instead of having been made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmittedApproval {
    pub approval: Approval,
}

/// Who decided what.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalDecision {
    pub checker_id: StaffId,
    pub checker_name: Option<String>,
    pub decision: Decision,
    pub comment: Option<String>,
    pub decided_at: DateTime<Utc>,
}

/// A request with everything that a checker decides by.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalDetail {
    #[serde(flatten)]
    pub approval: Approval,
    /// Fields that the caller does not see are missing here and named in `withheld`.
    pub diff: Vec<FieldDiff>,
    /// How much hangs on it: counts by name.
    #[schema(value_type = Object)]
    pub impact: Value,
    pub decisions: Vec<ApprovalDecision>,
    pub withheld: Vec<String>,
}

/// These requests as the viewer sees them.
pub(super) async fn shown(conn: &Conn, viewer: &Viewer, rows: Vec<ApprovalRow>) -> DbResult<Vec<Approval>> {
    let decisions = repo::decisions(conn, rows.iter().map(|row| row.approval_id).collect()).await?;
    let ids = rows.iter().filter_map(|row| row.cardholder_id).collect();
    let named: HashMap<CardholderId, (String, Option<String>)> = repo::cardholders_named(conn, ids)
        .await?
        .into_iter()
        .map(|(id, customer_no, name)| (id, (customer_no, name)))
        .collect();
    Ok(rows.into_iter().map(|row| one(viewer, row, &decisions, &named)).collect())
}

fn one(
    viewer: &Viewer,
    row: ApprovalRow,
    decisions: &[DecisionRow],
    named: &HashMap<CardholderId, (String, Option<String>)>,
) -> Approval {
    let own = decisions.iter().filter(|line| line.approval_id == row.approval_id);
    let checkers: Vec<StaffId> =
        own.filter(|line| line.decision == Decision::Approve).map(|line| line.checker_id).collect();
    let approvals_given = i16::try_from(checkers.len()).unwrap_or(i16::MAX);
    let standing = Standing::of(&row, checkers);
    let is_overdue = standing.is_overdue(viewer.now);
    let may_decide = !is_overdue && standing.admit(viewer.staff_id).is_ok() && viewer.has_authority(&row);
    let employee = viewer.directory.staff.get(&StaffId(row.object_id));
    let (subject_no, subject_name) = match row.cardholder_id.and_then(|id| named.get(&id)) {
        Some((customer_no, name)) => (Some(customer_no.clone()), name.clone()),
        None => employee.map(|staff| (staff.staff_no.clone(), staff.name.clone())).unzip(),
    };
    Approval {
        subject_no,
        subject_name,
        branch_name: viewer.directory.branch_name(row.branch_id).map(ToOwned::to_owned),
        maker_name: viewer.directory.staff_name(row.maker_id).map(ToOwned::to_owned),
        approvals_given,
        may_decide,
        may_withdraw: standing.admit_withdrawal(viewer.staff_id).is_ok(),
        approval_id: row.approval_id,
        operation: row.operation,
        status: row.status,
        object_kind: row.object_kind,
        object_id: row.object_id,
        cardholder_id: row.cardholder_id,
        branch_id: row.branch_id,
        maker_id: row.maker_id,
        evidence_note: row.evidence_note,
        approvals_needed: row.approvals_needed,
        base_version: row.base_version,
        created_at: row.created_at,
        expires_at: row.expires_at,
        ended_at: row.ended_at,
    }
}

/// One request as the viewer sees it.
pub(super) async fn shown_one(conn: &Conn, viewer: &Viewer, row: ApprovalRow) -> DbResult<Option<Approval>> {
    Ok(shown(conn, viewer, vec![row]).await?.pop())
}

/// One request with diff, impact and decisions.
pub(super) async fn detail(
    conn: &Conn,
    viewer: &Viewer,
    row: ApprovalRow,
) -> DbResult<Option<ApprovalDetail>> {
    let lines: Vec<FieldDiff> = serde_json::from_value(row.diff.clone()).unwrap_or_default();
    let (diff, hidden): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| viewer.sight.sees_field(&line.table, &line.field));
    let impact = row.impact.clone();
    let decisions = repo::decisions(conn, vec![row.approval_id]).await?.into_iter();
    let name_of = |id| viewer.directory.staff_name(id).map(ToOwned::to_owned);
    let decisions = decisions.map(|line| ApprovalDecision {
        checker_id: line.checker_id,
        checker_name: name_of(line.checker_id),
        decision: line.decision,
        comment: line.comment,
        decided_at: line.decided_at,
    });
    let decisions = decisions.collect();
    let shown = shown_one(conn, viewer, row).await?;
    let withheld = hidden.into_iter().map(|line| line.field).collect();
    Ok(shown.map(|approval| ApprovalDetail { approval, diff, impact, decisions, withheld }))
}

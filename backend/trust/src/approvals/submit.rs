//! Asking for a change instead of making it.

use chrono::TimeDelta;
use platform::{Tx, vault::Vault};
use serde::Serialize;
use serde_json::{Map, Value, json};
use web::{Snapshot, access};

use super::{
    faults::ApprovalError,
    model::{ApprovalRow, ApprovalStatus, FieldDiff, NewApproval},
    payload::Bound,
    policies::{self, ApprovalPolicy},
    repo,
};
use crate::{
    audit::{self, Entry},
    work_items::{self, NewWorkItem, WorkKind},
};

/// A change that was made, or that waits for somebody else's approval.
#[derive(Debug)]
pub enum Settled<T> {
    Done(T),
    Waiting(Box<ApprovalRow>),
}

impl<T> Settled<T> {
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Settled<U> {
        match self {
            Self::Done(done) => Settled::Done(f(done)),
            Self::Waiting(row) => Settled::Waiting(row),
        }
    }
}

/// What is to be executed, as the text that will be kept.
pub fn payload_of(change: &impl Serialize) -> Result<String, ApprovalError> {
    serde_json::to_string(change).map_err(|_| ApprovalError::PayloadDamaged)
}

/// Lets a change wait under its policy, and puts it into the checkers' inbox.
pub async fn submit(
    tx: &mut Tx<'_>,
    (vault, directory): (&Vault, &Snapshot),
    policy: &ApprovalPolicy,
    new: NewApproval,
) -> Result<ApprovalRow, ApprovalError> {
    let maker = tx.actor.staff().cloned().ok_or(ApprovalError::NotAMaker)?;
    if !access::may(maker.role, policy.maker_permission) {
        return Err(ApprovalError::NotAMaker);
    }
    refuse_second(tx, &new).await?;
    let bound = Bound {
        approval_id: tx.new_id(),
        operation: new.operation,
        object_id: new.object.1,
        cardholder_id: new.cardholder_id,
        base_version: new.base_version,
    };
    let bytes = bound.close(tx, vault, &new.payload).await?;
    let digest = bound.digest(vault, &new.payload);
    let row = ApprovalRow {
        approval_id: bound.approval_id,
        operation: new.operation,
        status: ApprovalStatus::Pending,
        object_kind: new.object.0.to_owned(),
        object_id: new.object.1,
        cardholder_id: new.cardholder_id,
        branch_id: new.branch_id,
        authority_branch_id: policies::authority_branch(directory, new.branch_id, policy.authority_scope),
        maker_id: maker.staff_id,
        checker_permission: policy.checker_permission,
        approvals_needed: policy.approvals_needed,
        evidence_note: new.evidence_note,
        diff: json!(new.diff),
        impact: new
            .impact
            .into_iter()
            .map(|(name, n)| (name.to_owned(), n.into()))
            .collect::<Map<_, _>>()
            .into(),
        base_version: new.base_version,
        created_at: tx.now,
        expires_at: tx.now + TimeDelta::hours(i64::from(policy.expires_hours)),
        ended_at: None,
    };
    repo::insert(tx, &row, (bytes, digest)).await?;
    work_items::put(tx, waiting(&row, &maker.staff_no)).await?;
    let veiled = |line: &FieldDiff, value: &Option<String>| match line.table.as_str() {
        "cardholders" => audit::veiled(&line.field, value.as_deref()),
        _ => json!(value),
    };
    let pair = |line: &FieldDiff| json!([veiled(line, &line.before), veiled(line, &line.after)]);
    let changes: Map<String, Value> = new.diff.iter().map(|line| (line.field.clone(), pair(line))).collect();
    audit::record(tx, entry("approvals.submit", &row).changing(Value::Object(changes))).await?;
    Ok(row)
}

/// One request per matter at a time; one whose time is over makes room.
async fn refuse_second(tx: &mut Tx<'_>, new: &NewApproval) -> Result<(), ApprovalError> {
    let Some(earlier) = repo::lock_open(tx, new.operation, new.object.1).await? else { return Ok(()) };
    if earlier.status == ApprovalStatus::Pending && earlier.expires_at <= tx.now {
        return Ok(end(tx, &earlier, ApprovalStatus::Expired, "approvals.expire").await?);
    }
    Err(ApprovalError::AlreadyPending { approval_id: earlier.approval_id })
}

fn waiting(row: &ApprovalRow, staff_no: &str) -> NewWorkItem {
    NewWorkItem {
        kind: WorkKind::Approval,
        item_id: row.approval_id.0,
        cardholder_id: row.cardholder_id,
        branch_id: row.authority_branch_id,
        permission: row.checker_permission,
        maker_id: Some(row.maker_id),
        priority: 2,
        params: json!({ "operation": row.operation, "staff_no": staff_no }),
        due_at: row.expires_at,
    }
}

/// The request ends without anybody having decided it: nobody's work is done.
pub(super) async fn end(
    tx: &mut Tx<'_>,
    row: &ApprovalRow,
    status: ApprovalStatus,
    action: &'static str,
) -> platform::DbResult<()> {
    repo::set_status(tx, row.approval_id, status).await?;
    work_items::lapse(tx, WorkKind::Approval, row.approval_id).await?;
    audit::record(tx, entry(action, row).changing(json!({ "status": [row.status, status] }))).await?;
    Ok(())
}

pub(super) fn entry(action: &'static str, row: &ApprovalRow) -> Entry {
    let entry = Entry::of(action).on("approval", row.approval_id).because(row.operation.as_str());
    match row.cardholder_id {
        Some(cardholder_id) => entry.about(cardholder_id),
        None => entry,
    }
}

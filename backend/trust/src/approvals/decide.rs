//! Deciding: one yes or no, what it leads to, and taking a request back.

use std::sync::Arc;

use platform::{
    DbResult, Tx,
    ids::{ApprovalId, CardholderId},
    vault::Vault,
};
use serde_json::json;

use super::{
    executors::{Done, Executor, Executors, Order},
    faults::ApprovalError,
    model::{ApprovalRow, ApprovalStatus, Decision, DecisionRow},
    payload::Bound,
    repo,
    standing::Standing,
    submit::{end, entry},
    view::Viewer,
};
use crate::{
    audit::{self, Entry},
    work_items::{self, WorkKind},
};

/// What a decision is made with.
pub(super) struct Bench<'a> {
    pub executors: &'a Executors,
    pub vault: &'a Vault,
    pub viewer: &'a Viewer,
}

/// What a decision led to. All of it is committed; what is not the decision's success becomes an error afterwards.
pub(super) enum Outcome {
    Decided(Box<ApprovalRow>),
    /// The request ended because of its age or its base.
    Void(ApprovalStatus),
    Damaged,
}

impl Outcome {
    pub(super) fn told(self) -> Result<ApprovalRow, ApprovalError> {
        match self {
            Self::Decided(row) => Ok(*row),
            Self::Void(ApprovalStatus::Expired) => Err(ApprovalError::Expired),
            Self::Void(_) => Err(ApprovalError::StaleBase),
            Self::Damaged => Err(ApprovalError::PayloadDamaged),
        }
    }
}

/// What a checker may look at and decide, locked with who has approved already.
async fn admitted(
    tx: &mut Tx<'_>,
    bench: &Bench<'_>,
    approval_id: ApprovalId,
) -> Result<(ApprovalRow, Standing), ApprovalError> {
    let viewer = bench.viewer;
    repo::find(tx, viewer, approval_id).await?.ok_or(ApprovalError::Missing)?;
    let row = repo::lock(tx, approval_id).await?.ok_or(ApprovalError::Missing)?;
    let standing = Standing::of(&row, repo::checkers(tx, approval_id).await?);
    standing.admit(viewer.staff_id)?;
    if !viewer.has_authority(&row) {
        return Err(ApprovalError::NotAChecker);
    }
    Ok((row, standing))
}

/// One yes. The last one that is needed does what was asked for, here and now.
pub(super) async fn approve(
    tx: &mut Tx<'_>,
    bench: &Bench<'_>,
    approval_id: ApprovalId,
    comment: Option<String>,
) -> Result<Outcome, ApprovalError> {
    let (row, standing) = admitted(tx, bench, approval_id).await?;
    bench.executors.demand_step_up(tx).await.map_err(ApprovalError::StepUp)?;
    if standing.is_overdue(tx.now) {
        end(tx, &row, ApprovalStatus::Expired, "approvals.expire").await?;
        return Ok(Outcome::Void(ApprovalStatus::Expired));
    }
    let Some(payload) = Bound::from(&row).read(tx, bench.vault).await? else {
        audit::record(tx, entry("approvals.approve", &row).refused()).await?;
        return Ok(Outcome::Damaged);
    };
    if !standing.is_decided_by_one_more() {
        let noted = note(tx, &row, Decision::Approve, comment).await?;
        return Ok(Outcome::Decided(Box::new(noted)));
    }
    let order = order_of(&row, payload);
    let executor = bench.executors.of(row.operation).ok_or(ApprovalError::NoExecutor)?;
    let version = executor.lock_version(tx, &order).await.map_err(ApprovalError::Refused)?;
    if version != Some(row.base_version) {
        end(tx, &row, ApprovalStatus::Stale, "approvals.go_stale").await?;
        return Ok(Outcome::Void(ApprovalStatus::Stale));
    }
    note(tx, &row, Decision::Approve, comment).await?;
    let status = execute(tx, &executor, &order).await?;
    conclude(tx, &row, status).await?;
    Ok(Outcome::Decided(Box::new(ApprovalRow {
        status,
        ended_at: (!status.is_open()).then_some(tx.now),
        ..row
    })))
}

fn order_of(row: &ApprovalRow, payload: String) -> Order {
    Order {
        approval_id: row.approval_id,
        operation: row.operation,
        object_id: row.object_id,
        cardholder_id: row.cardholder_id,
        maker_id: row.maker_id,
        evidence_note: row.evidence_note.clone(),
        payload,
    }
}

async fn execute(
    tx: &mut Tx<'_>,
    executor: &Arc<dyn Executor>,
    order: &Order,
) -> Result<ApprovalStatus, ApprovalError> {
    match executor.execute(tx, order).await.map_err(ApprovalError::Refused)? {
        Done::Now => Ok(ApprovalStatus::Executed),
        Done::Later => Ok(ApprovalStatus::Approved),
    }
}

/// One no ends the request.
pub(super) async fn reject(
    tx: &mut Tx<'_>,
    bench: &Bench<'_>,
    approval_id: ApprovalId,
    comment: Option<String>,
) -> Result<Outcome, ApprovalError> {
    let (row, standing) = admitted(tx, bench, approval_id).await?;
    if standing.is_overdue(tx.now) {
        end(tx, &row, ApprovalStatus::Expired, "approvals.expire").await?;
        return Ok(Outcome::Void(ApprovalStatus::Expired));
    }
    let comment =
        comment.filter(|comment| !comment.trim().is_empty()).ok_or(ApprovalError::CommentMissing)?;
    note(tx, &row, Decision::Reject, Some(comment)).await?;
    conclude(tx, &row, ApprovalStatus::Rejected).await?;
    Ok(Outcome::Decided(Box::new(ApprovalRow {
        status: ApprovalStatus::Rejected,
        ended_at: Some(tx.now),
        ..row
    })))
}

/// The maker takes the request back.
pub(super) async fn withdraw(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    approval_id: ApprovalId,
) -> Result<ApprovalRow, ApprovalError> {
    let row = repo::lock(tx, approval_id).await?.ok_or(ApprovalError::Missing)?;
    Standing::of(&row, Vec::new()).admit_withdrawal(viewer.staff_id)?;
    end(tx, &row, ApprovalStatus::Withdrawn, "approvals.withdraw").await?;
    Ok(ApprovalRow { status: ApprovalStatus::Withdrawn, ended_at: Some(tx.now), ..row })
}

/// Whoever asked no longer wants what still waits, and says so where it is kept. What is decided stays so.
pub async fn give_up(tx: &mut Tx<'_>, approval_id: ApprovalId) -> DbResult<()> {
    if let Some(row) = repo::lock(tx, approval_id).await?.filter(|row| row.status == ApprovalStatus::Pending)
    {
        end(tx, &row, ApprovalStatus::Withdrawn, "approvals.withdraw").await?;
    }
    Ok(())
}

/// That somebody was kept from deciding, and why.
pub(super) async fn note_refusal(
    tx: &mut Tx<'_>,
    approval_id: ApprovalId,
    decision: Decision,
    code: &str,
) -> DbResult<()> {
    let action = action_of(decision);
    let entry = match repo::known(tx, approval_id).await? {
        Some(row) => entry(action, &row),
        None => Entry::of(action).on("approval", approval_id),
    };
    audit::record(tx, entry.refused().changing(json!({ "code": [null, code] }))).await?;
    Ok(())
}

fn action_of(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approvals.approve",
        Decision::Reject => "approvals.reject",
    }
}

/// What a job says that did what was approved.
pub async fn settle(tx: &mut Tx<'_>, approval_id: ApprovalId, is_done: bool) -> Result<(), ApprovalError> {
    let row = repo::lock(tx, approval_id).await?.ok_or(ApprovalError::Missing)?;
    let status = if is_done { ApprovalStatus::Executed } else { ApprovalStatus::Failed };
    if row.status != ApprovalStatus::Approved || !row.status.may_become(status) {
        return Err(ApprovalError::NotPending { status: row.status });
    }
    repo::set_status(tx, approval_id, status).await?;
    let entry = entry("approvals.settle", &row).changing(json!({ "status": [row.status, status] }));
    audit::record(tx, entry).await?;
    Ok(())
}

/// What waits about somebody ends with them: nothing of it could be carried out any more.
pub async fn void_about(tx: &mut Tx<'_>, cardholder_id: CardholderId) -> DbResult<()> {
    for row in repo::lock_pending_about(tx, cardholder_id).await? {
        end(tx, &row, ApprovalStatus::Stale, "approvals.go_stale").await?;
    }
    Ok(())
}

/// Writes a decision down.
async fn note(
    tx: &mut Tx<'_>,
    row: &ApprovalRow,
    decision: Decision,
    comment: Option<String>,
) -> Result<ApprovalRow, ApprovalError> {
    let checker_id = tx.actor.staff().map(|staff| staff.staff_id).ok_or(ApprovalError::NotAChecker)?;
    let line = DecisionRow {
        approval_id: row.approval_id,
        checker_id,
        maker_id: row.maker_id,
        decision,
        comment,
        decided_at: tx.now,
    };
    repo::insert_decision(tx, &line).await?;
    audit::record(tx, entry(action_of(decision), row)).await?;
    Ok(row.clone())
}

/// The deciding is over, and the work with it.
async fn conclude(tx: &mut Tx<'_>, row: &ApprovalRow, status: ApprovalStatus) -> Result<(), ApprovalError> {
    repo::set_status(tx, row.approval_id, status).await?;
    work_items::finish(tx, WorkKind::Approval, row.approval_id).await?;
    audit::record(tx, entry("approvals.conclude", row).changing(json!({ "status": [row.status, status] })))
        .await?;
    Ok(())
}

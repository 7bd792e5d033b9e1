//! Asking for an erasure: what stands in the way is told at once, everything else is for others to approve.

use platform::{Tx, ids::SubjectRequestId, vault::Vault};
use trust::{
    approvals::{self, ApprovalOperation, ApprovalRow, FieldDiff, NewApproval, Weight},
    calendars::bank_date,
};
use web::{Reach, Snapshot};

use super::{
    check,
    model::{Erasure, ErasureError},
};
use crate::{
    cardholders::{self, gate::GateError, members::Members},
    subject_requests::{self, SubjectRequestKind},
};

pub(super) async fn submit(
    tx: &mut Tx<'_>,
    (vault, directory): (&Vault, &Snapshot),
    reach: &Reach,
    request_id: SubjectRequestId,
) -> Result<ApprovalRow, ErasureError> {
    let request = subject_requests::lock_open(tx, request_id, SubjectRequestKind::Erasure).await?;
    // It may have come in at a record that was merged into another since: it is the person who asked.
    let cardholder_id = Members::everybody(tx, request.cardholder_id).await?.survivor();
    let standing = cardholders::lock_standing(tx, reach, cardholder_id).await?;
    if standing.branch_id != request.branch_id && !reach.covers_branch(request.branch_id) {
        return Err(GateError::Missing.into());
    }
    let members = Members::everybody(tx, cardholder_id).await?;
    let obstacles = check::obstacles(tx, &members, bank_date(tx.now)).await?;
    if !obstacles.is_empty() {
        return Err(ErasureError::Held { obstacles });
    }
    let weight = Weight::default();
    let policy = approvals::policy_for(tx, ApprovalOperation::Erase, &weight).await?;
    let policy = policy.ok_or(ErasureError::NoPolicy)?;
    cardholders::make_data_key(tx, vault, cardholder_id).await?;
    let (accounts, cards) = standing.holdings;
    let new = NewApproval {
        operation: ApprovalOperation::Erase,
        object: ("cardholder", cardholder_id.0),
        cardholder_id: Some(cardholder_id),
        branch_id: standing.branch_id,
        base_version: standing.version,
        payload: approvals::payload_of(&Erasure { request_id })?,
        diff: vec![FieldDiff::new("cardholders", "customer_no", Some(standing.customer_no), None)],
        impact: vec![("accounts", accounts), ("cards", cards)],
        evidence_note: request.wish,
    };
    Ok(approvals::submit(tx, (vault, directory), &policy, new).await?)
}

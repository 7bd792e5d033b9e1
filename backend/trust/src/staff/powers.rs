//! Role and scope: what somebody may do and whose cardholders they see. Both change by approval alone.

use std::sync::Arc;

use platform::{Role, Scope, Tx, config::SessionsConfig, ids::StaffId, vault::Vault};
use serde::{Deserialize, Serialize};
use web::Snapshot;

use super::{
    employ,
    model::{Staff, StaffError},
    repo,
};
use crate::approvals::{
    self, ApprovalError, ApprovalOperation, ApprovalRow, Done, Executing, Executor, Executors, FieldDiff,
    NewApproval, Order, Weight, refusal,
};

/// What waits: both, as they will stand together.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Powers {
    role: Role,
    scope: Scope,
}

/// Lets a change of powers wait, where there is one and a policy for it.
pub(super) async fn ask(
    tx: &mut Tx<'_>,
    desk: (&Vault, &Snapshot),
    (before, after): (&Staff, &Staff),
    evidence_note: Option<String>,
) -> Result<Option<Box<ApprovalRow>>, StaffError> {
    let diff = differences(before, after);
    let fields: Vec<&str> = diff.iter().map(|line| line.field.as_str()).collect();
    let weight = Weight { fields: &fields, ..Weight::default() };
    let policy = approvals::policy_for(tx, ApprovalOperation::ChangeRole, &weight).await?;
    let Some(policy) = policy.filter(|_| !diff.is_empty()) else { return Ok(None) };
    let others = [
        ("name", before.name != after.name),
        ("branch_id", before.branch_id != after.branch_id),
        ("is_active", before.is_active != after.is_active),
    ];
    let mixed: Vec<String> =
        others.iter().filter(|(_, is_changed)| *is_changed).map(|(field, _)| (*field).to_owned()).collect();
    if !mixed.is_empty() {
        return Err(ApprovalError::MixedChange { fields: mixed }.into());
    }
    let powers = Powers { role: after.role, scope: after.scope };
    let new = NewApproval {
        operation: ApprovalOperation::ChangeRole,
        object: ("staff", before.staff_id.0),
        cardholder_id: None,
        branch_id: before.branch_id,
        base_version: before.version,
        payload: approvals::payload_of(&powers)?,
        diff,
        impact: vec![("open_sessions", repo::open_sessions(tx, before.staff_id).await?)],
        evidence_note,
    };
    Ok(Some(Box::new(approvals::submit(tx, desk, &policy, new).await?)))
}

fn differences(before: &Staff, after: &Staff) -> Vec<FieldDiff> {
    let line = |field: &str, before: &str, after: &str| {
        let both = (Some(before.to_owned()), Some(after.to_owned()));
        (before != after).then(|| FieldDiff::new("staff", field, both.0, both.1))
    };
    let role = line("role", before.role.as_str(), after.role.as_str());
    let scope = line("scope", before.scope.as_str(), after.scope.as_str());
    role.into_iter().chain(scope).collect()
}

/// Gives somebody the role and scope that were approved.
struct PowersExecutor {
    rules: SessionsConfig,
}

impl Executor for PowersExecutor {
    fn lock_version<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Option<i64>> {
        Box::pin(async move {
            let found = repo::lock(tx, StaffId(order.object_id)).await.map_err(refusal)?;
            Ok(found.map(|staff| staff.version))
        })
    }

    fn execute<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Done> {
        Box::pin(async move {
            let Powers { role, scope } = order.read()?;
            let found = repo::lock(tx, StaffId(order.object_id)).await.map_err(refusal)?;
            let before = found.ok_or_else(|| refusal(StaffError::Missing))?;
            let after = Staff { role, scope, ..before.clone() };
            employ::carry_out(tx, &self.rules, (before, after), Some(order.approval_id))
                .await
                .map_err(refusal)?;
            Ok(Done::Now)
        })
    }
}

/// What this slice does once it is approved.
pub fn register_executors(executors: &mut Executors, rules: SessionsConfig) {
    executors.register(ApprovalOperation::ChangeRole, Arc::new(PowersExecutor { rules }));
}

//! Powers: what somebody may do and whose cardholders they see. One person alone never gives any: not by another role or scope,
//! not by employing somebody or letting them back in, not by moving them to where they saw nobody before.

use std::sync::Arc;

use platform::{
    Role, Scope, Tx,
    config::SessionsConfig,
    ids::{BranchId, StaffId},
    vault::Vault,
};
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

/// What waits: all of it, as it will stand together.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Powers {
    role: Role,
    scope: Scope,
    /// Absent, like the next, in what was asked for before these were powers.
    #[serde(default)]
    branch_id: Option<BranchId>,
    #[serde(default)]
    is_active: Option<bool>,
}

/// Lets a change that gives powers wait, where there is a policy for it.
pub(super) async fn ask(
    tx: &mut Tx<'_>,
    desk: (&Vault, &Snapshot),
    (before, after): (&Staff, &Staff),
    evidence_note: Option<String>,
) -> Result<Option<Box<ApprovalRow>>, StaffError> {
    let diff = differences(desk.1, before, after);
    let fields: Vec<&str> = diff.iter().map(|line| line.field.as_str()).collect();
    let weight = Weight { fields: &fields, ..Weight::default() };
    let policy = approvals::policy_for(tx, ApprovalOperation::ChangeRole, &weight).await?;
    let Some(policy) = policy.filter(|_| !diff.is_empty()) else { return Ok(None) };
    if before.name != after.name {
        return Err(ApprovalError::MixedChange { fields: vec!["name".to_owned()] }.into());
    }
    let powers = Powers {
        role: after.role,
        scope: after.scope,
        branch_id: Some(after.branch_id),
        is_active: Some(after.is_active),
    };
    let new = NewApproval {
        operation: ApprovalOperation::ChangeRole,
        object: ("staff", before.staff_id.0),
        cardholder_id: None,
        // Where the powers will be used.
        branch_id: after.branch_id,
        base_version: before.version,
        payload: approvals::payload_of(&powers)?,
        diff,
        impact: vec![("open_sessions", repo::open_sessions(tx, before.staff_id).await?)],
        evidence_note,
    };
    Ok(Some(Box::new(approvals::submit(tx, desk, &policy, new).await?)))
}

/// What is given, before and after. Whoever may not sign in has no powers: what is changed of theirs meanwhile gives none, and
/// letting them in gives all.
fn differences(directory: &Snapshot, before: &Staff, after: &Staff) -> Vec<FieldDiff> {
    if !after.is_active {
        return Vec::new();
    }
    let had = |value: String| before.is_active.then_some(value);
    let line = |field: &str, had: Option<String>, will_have: String| {
        (had.as_ref() != Some(&will_have)).then(|| FieldDiff::new("staff", field, had, Some(will_have)))
    };
    let active = |is_active: bool| is_active.to_string();
    let role = line("role", had(before.role.to_string()), after.role.to_string());
    let scope = line("scope", had(before.scope.to_string()), after.scope.to_string());
    let is_active = line("is_active", Some(active(before.is_active)), active(after.is_active));
    let branch_of = |staff: &Staff| directory.branch_name(staff.branch_id).unwrap_or_default().to_owned();
    let branch = line("branch_id", had(branch_of(before)), branch_of(after));
    let branch = branch.filter(|_| !before.is_active || !reaches(directory, before, after.branch_id));
    role.into_iter().chain(scope).chain(branch).chain(is_active).collect()
}

/// Whether a place lies within somebody's scope, or their scope does not go by places.
fn reaches(directory: &Snapshot, staff: &Staff, branch_id: BranchId) -> bool {
    match staff.scope {
        Scope::Bank | Scope::Own => true,
        Scope::Branch => staff.branch_id == branch_id,
        Scope::SubTree => {
            let place = directory.branches.get(&staff.branch_id);
            place.is_some_and(|place| place.sub_tree.binary_search(&branch_id).is_ok())
        }
    }
}

/// Gives somebody the powers that were approved.
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
            let Powers { role, scope, branch_id, is_active } = order.read()?;
            let found = repo::lock(tx, StaffId(order.object_id)).await.map_err(refusal)?;
            let before = found.ok_or_else(|| refusal(StaffError::Missing))?;
            let (branch_id, is_active) =
                (branch_id.unwrap_or(before.branch_id), is_active.unwrap_or(before.is_active));
            let after = Staff { role, scope, branch_id, is_active, ..before.clone() };
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

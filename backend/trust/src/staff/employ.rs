//! Employing people, changing what they do, and taking it back.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    DbError, Role, Tx,
    config::SessionsConfig,
    ids::{ApprovalId, StaffId},
    passwords, tokens,
    vault::Vault,
};
use serde_json::json;
use web::{IfMatch, Precondition, Snapshot, access};

use super::{
    model::{Employed, InitialPassword, NewStaff, Staff, StaffError, StaffPatch},
    powers, repo,
    sessions::{self, EndReason},
};
use crate::{
    approvals::{ApprovalRow, Settled},
    audit::{self, Entry},
};

/// A fresh password and its hash.
pub(super) async fn new_password() -> Result<(String, String), StaffError> {
    let made = tokio::task::spawn_blocking(|| {
        let password = tokens::new_initial_password().ok()?;
        // Chance could make a bad one, if hardly ever.
        passwords::weakness(&password, "", "").is_none().then_some(())?;
        let hash = passwords::hash(&password).ok()?;
        Some((password, hash))
    });
    made.await.ok().flatten().ok_or(StaffError::Password)
}

/// When somebody in this role must have a second factor, counted from now.
fn second_factor_due_at(role: Role, now: DateTime<Utc>, rules: &SessionsConfig) -> Option<DateTime<Utc>> {
    access::owes_second_factor(role).then(|| now + TimeDelta::days(rules.second_factor_grace_days))
}

/// A new colleague, who may not sign in yet: what they are to do waits for an approval.
pub(super) async fn employ(
    tx: &mut Tx<'_>,
    (desk, rules): ((&Vault, &Snapshot), &SessionsConfig),
    new: NewStaff,
    (password, hash): (String, String),
) -> Result<(Employed, Option<Box<ApprovalRow>>), StaffError> {
    let evidence_note = new.evidence_note.clone();
    let before = hire(tx, new, &hash).await?;
    let after = Staff { is_active: true, ..before.clone() };
    let waiting = powers::ask(tx, desk, (&before, &after), evidence_note).await?;
    let staff = if waiting.is_some() { before } else { carry_out(tx, rules, (before, after), None).await? };
    Ok((Employed { staff, initial_password: password, approval: None }, waiting))
}

/// The same without anybody asking: there is nobody yet.
pub(super) async fn employ_first(
    tx: &mut Tx<'_>,
    rules: &SessionsConfig,
    new: NewStaff,
    (password, hash): (String, String),
) -> Result<Employed, StaffError> {
    let before = hire(tx, new, &hash).await?;
    let after = Staff { is_active: true, ..before.clone() };
    let staff = carry_out(tx, rules, (before, after), None).await?;
    Ok(Employed { staff, initial_password: password, approval: None })
}

async fn hire(tx: &mut Tx<'_>, new: NewStaff, hash: &str) -> Result<Staff, StaffError> {
    let staff = Staff {
        staff_id: tx.new_id(),
        staff_no: new.staff_no,
        name: new.name.into(),
        role: new.role,
        scope: new.scope.unwrap_or(access::default_scope(new.role)),
        branch_id: new.branch_id,
        is_active: false,
        must_change_password: true,
        locked_until: None,
        last_sign_in_at: None,
        second_factor_due_at: None,
        second_factor_enrolled_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    repo::insert(tx, &staff, hash).await.map_err(refused)?;
    let changes = json!({ "staff_no": [null, staff.staff_no], "role": [null, staff.role], "scope": [null, staff.scope], "branch_id": [null, staff.branch_id] });
    audit::record(tx, Entry::of("staff.employ").on("staff", staff.staff_id.0).changing(changes)).await?;
    Ok(staff)
}

/// Changes somebody's record. What gives powers waits for an approval, and comes without another name.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    (desk, rules): ((&Vault, &Snapshot), &SessionsConfig),
    staff_id: StaffId,
    IfMatch(version): IfMatch,
    patch: StaffPatch,
) -> Result<Settled<Staff>, StaffError> {
    let before = repo::lock(tx, staff_id).await?.ok_or(StaffError::Missing)?;
    if before.version != version {
        return Err(Precondition::Stale.into());
    }
    let is_about_power = patch.role.is_some() || patch.scope.is_some() || patch.is_active.is_some();
    if is_about_power && tx.actor.staff().is_some_and(|actor| actor.staff_id == staff_id) {
        return Err(StaffError::Oneself);
    }
    let after = Staff {
        name: patch.name.map_or_else(|| before.name.clone(), Into::into),
        role: patch.role.unwrap_or(before.role),
        scope: patch.scope.unwrap_or(before.scope),
        branch_id: patch.branch_id.unwrap_or(before.branch_id),
        is_active: patch.is_active.unwrap_or(before.is_active),
        ..before.clone()
    };
    match powers::ask(tx, desk, (&before, &after), patch.evidence_note).await? {
        Some(waiting) => Ok(Settled::Waiting(waiting)),
        None => Ok(Settled::Done(carry_out(tx, rules, (before, after), None).await?)),
    }
}

/// Writes what was decided about somebody's record.
pub(super) async fn carry_out(
    tx: &mut Tx<'_>,
    rules: &SessionsConfig,
    (before, after): (Staff, Staff),
    approval_id: Option<ApprovalId>,
) -> Result<Staff, StaffError> {
    let due_at =
        second_factor_due_at(after.role, tx.now, rules).filter(|_| before.is_active || after.is_active);
    let after = Staff {
        version: before.version + 1,
        updated_at: tx.now,
        // Whoever owed one before owes it when they did.
        second_factor_due_at: due_at.map(|due_at| before.second_factor_due_at.unwrap_or(due_at)),
        ..after
    };
    repo::update(tx, &after).await.map_err(refused)?;
    if before.is_active && !after.is_active {
        sessions::end_all_of(tx, before.staff_id, None, EndReason::Disabled).await?;
    }
    let changes = json!({
        "name": [before.name, after.name], "role": [before.role, after.role], "scope": [before.scope, after.scope],
        "branch_id": [before.branch_id, after.branch_id], "is_active": [before.is_active, after.is_active],
    });
    let entry = Entry::of("staff.change").on("staff", before.staff_id.0).changing(changes);
    audit::record(
        tx,
        approval_id.into_iter().fold(entry, |entry, id| entry.because(format!("approval {id}"))),
    )
    .await?;
    Ok(after)
}

/// Gives somebody a new initial password and ends all their sessions.
pub(super) async fn reset_password(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    (password, hash): (String, String),
) -> Result<InitialPassword, StaffError> {
    repo::lock(tx, staff_id).await?.ok_or(StaffError::Missing)?;
    repo::set_initial_password(tx, staff_id, &hash).await?;
    sessions::end_all_of(tx, staff_id, None, EndReason::PasswordChanged).await?;
    audit::record(tx, Entry::of("staff.reset_password").on("staff", staff_id.0)).await?;
    Ok(InitialPassword { initial_password: password })
}

/// Signs somebody out everywhere.
pub(super) async fn end_sessions(tx: &mut Tx<'_>, staff_id: StaffId) -> Result<(), StaffError> {
    repo::lock(tx, staff_id).await?.ok_or(StaffError::Missing)?;
    sessions::end_all_of(tx, staff_id, None, EndReason::EndedByAdmin).await?;
    let reason = EndReason::EndedByAdmin.as_str();
    audit::record(tx, Entry::of("sessions.end").on("staff", staff_id.0).because(reason)).await?;
    Ok(())
}

pub(super) async fn unlock(tx: &mut Tx<'_>, staff_id: StaffId) -> Result<(), StaffError> {
    repo::lock(tx, staff_id).await?.ok_or(StaffError::Missing)?;
    repo::unlock(tx, staff_id).await?;
    audit::record(tx, Entry::of("staff.unlock").on("staff", staff_id.0)).await?;
    Ok(())
}

fn refused(error: DbError) -> StaffError {
    if error.is_constraint("staff_staff_no_key") {
        StaffError::NumberTaken
    } else if error.is_constraint("staff_branch_id_fkey") {
        StaffError::BranchMissing
    } else {
        error.into()
    }
}

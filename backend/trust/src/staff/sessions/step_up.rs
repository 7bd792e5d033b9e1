//! Proving once more to be oneself, before what must not be done at somebody's unlocked screen.

use chrono::TimeDelta;
use platform::{Actor, StaffActor, Tx, passwords};

use super::{
    door::Door,
    lock,
    model::{Credentials, SessionError, StepUp, StepUpError},
    repo,
};
use crate::audit::{self, Entry};

/// Checks the password of whoever is signed in; their session may then do more for some minutes. Wrong ones count as they
/// do at sign-in.
pub(super) async fn step_up(
    door: &Door,
    actor: &Actor,
    staff: &StaffActor,
    proof: StepUp,
) -> Result<(), SessionError> {
    let who = repo::credentials_of(&*door.db.read().await?, staff.staff_id).await?;
    let is_right = passwords::is_right(proof.password, Some(who.password_hash.clone())).await;
    if let Some(retry_after_seconds) = lock::seconds_left(&who, door.db.clock().now()) {
        refuse(door, actor, &who, false).await?;
        return Err(SessionError::Locked { retry_after_seconds });
    }
    if !is_right {
        refuse(door, actor, &who, true).await?;
        return Err(SessionError::StepUpRefused);
    }
    door.db
        .write(actor, async |tx| {
            let until = tx.now + TimeDelta::minutes(door.config.sessions.step_up_minutes);
            if !repo::step_up(tx, staff.session_id, until).await? {
                return Err(SessionError::Ended);
            }
            repo::forget_failures(tx, who.staff_id).await?;
            audit::record(tx, Entry::of("sessions.step_up").on("staff", who.staff_id.0)).await?;
            Ok(())
        })
        .await
}

async fn refuse(door: &Door, actor: &Actor, who: &Credentials, is_counted: bool) -> Result<(), SessionError> {
    door.db
        .write(actor, async |tx| {
            if is_counted {
                lock::count(tx, &door.config.sessions, who).await?;
            }
            audit::record(tx, Entry::of("sessions.step_up").on("staff", who.staff_id.0).refused()).await?;
            Ok(())
        })
        .await
}

/// Refuses whoever has not proved to be themselves a moment ago. The system needs no proof.
pub async fn require_step_up(tx: &Tx<'_>) -> Result<(), StepUpError> {
    let Some(staff) = tx.actor.staff() else { return Ok(()) };
    match repo::stepped_up_until(tx, staff.session_id, tx.now).await? {
        Some(until) if until > tx.now => Ok(()),
        _ => Err(StepUpError::Required),
    }
}

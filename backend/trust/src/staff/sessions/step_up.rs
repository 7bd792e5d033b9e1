//! Proving once more to be oneself, before what must not be done at somebody's unlocked screen.

use chrono::TimeDelta;
use platform::{Actor, StaffActor, Tx, passwords};

use super::{
    door::Door,
    faults::{SessionError, StepUpError},
    lock,
    model::{Credentials, StepUp},
    repo,
};
use crate::{
    audit::{self, Entry},
    staff::second_factor::{self, Proof},
};

/// What was shown, as far as it can be judged before the transaction.
enum Shown {
    Password { is_right: bool },
    SecondFactor(Proof),
}

impl Shown {
    /// Whoever has a second factor shows that; the others their password.
    async fn of(who: &Credentials, shown: StepUp) -> Result<Self, SessionError> {
        if who.second_factor_enrolled_at.is_some() {
            let proof = Proof::of(shown.code, shown.recovery_code);
            return proof.map(Self::SecondFactor).ok_or(SessionError::StepUpMissing { pointer: "/code" });
        }
        let password = shown.password.ok_or(SessionError::StepUpMissing { pointer: "/password" })?;
        let is_right = passwords::is_right(password, Some(who.password_hash.clone())).await;
        Ok(Self::Password { is_right })
    }
}

/// Checks what whoever is signed in shows; their session may then do more for some minutes. Wrong ones count as they do at
/// sign-in.
pub(super) async fn step_up(
    door: &Door,
    actor: &Actor,
    staff: &StaffActor,
    shown: StepUp,
) -> Result<(), SessionError> {
    let who = repo::credentials_of(&*door.db.read().await?, staff.staff_id).await?;
    let shown = Shown::of(&who, shown).await?;
    door.db
        .write(actor, async |tx| {
            let who = repo::lock_credentials(tx, staff.staff_id).await?;
            if let Some(retry_after_seconds) = lock::seconds_left(who.locked_until, tx.now) {
                note_refusal(tx, &who).await?;
                return Ok(Err(SessionError::Locked { retry_after_seconds }));
            }
            if let Some(refusal) = judge(door, tx, &who, &shown).await? {
                lock::count(tx, &door.config.sessions, who.staff_id).await?;
                note_refusal(tx, &who).await?;
                return Ok(Err(refusal));
            }
            let until = tx.now + TimeDelta::minutes(door.config.sessions.step_up_minutes);
            if !repo::step_up(tx, staff.session_id, until).await? {
                return Err(SessionError::Ended);
            }
            repo::forget_failures(tx, who.staff_id).await?;
            audit::record(tx, Entry::of("sessions.step_up").on("staff", who.staff_id.0)).await?;
            Ok(Ok(()))
        })
        .await?
}

async fn judge(
    door: &Door,
    tx: &mut Tx<'_>,
    who: &Credentials,
    shown: &Shown,
) -> Result<Option<SessionError>, SessionError> {
    Ok(match shown {
        Shown::Password { is_right } => (!is_right).then_some(SessionError::StepUpRefused),
        Shown::SecondFactor(proof) => {
            let is_proved = second_factor::is_proved(tx, &door.vault, who.staff_id, Some(proof)).await?;
            (!is_proved).then_some(SessionError::StepUpCodeRefused)
        }
    })
}

async fn note_refusal(tx: &mut Tx<'_>, who: &Credentials) -> Result<(), SessionError> {
    audit::record(tx, Entry::of("sessions.step_up").on("staff", who.staff_id.0).refused()).await?;
    Ok(())
}

/// Refuses whoever has not proved to be themselves a moment ago. The system needs no proof.
pub async fn require_step_up(tx: &Tx<'_>) -> Result<(), StepUpError> {
    let Some(staff) = tx.actor.staff() else { return Ok(()) };
    match repo::stepped_up_until(tx, staff.session_id, tx.now).await? {
        Some(until) if until > tx.now => Ok(()),
        _ => {
            let who = repo::credentials_of(tx, staff.staff_id).await?;
            Err(StepUpError::Required { has_second_factor: who.second_factor_enrolled_at.is_some() })
        }
    }
}

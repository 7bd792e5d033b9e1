//! Changing one's own password ends every other session.

use platform::{Actor, StaffActor, Tx, passwords};

use super::{
    door::Door,
    faults::SessionError,
    lock,
    model::{Credentials, EndReason, PasswordChange},
    repo,
};
use crate::audit::{self, Entry};

/// Wrong ones count as they do at sign-in: somebody else's unlocked screen is no place to try passwords.
pub(super) async fn change_password(
    door: &Door,
    actor: &Actor,
    staff: &StaffActor,
    change: PasswordChange,
) -> Result<(), SessionError> {
    let who = repo::credentials_of(&*door.db.read().await?, staff.staff_id).await?;
    let weakness = passwords::weakness(&change.new_password, &who.staff_no, &who.name);
    let is_same = change.new_password == change.current_password;
    let hashed = tokio::task::spawn_blocking(move || {
        let is_right = passwords::verify(&change.current_password, Some(&who.password_hash));
        is_right.then(|| passwords::hash(&change.new_password))
    });
    let new_hash = hashed.await.unwrap_or(None).transpose()?;
    door.db
        .write(actor, async |tx| {
            let who = repo::lock_credentials(tx, staff.staff_id).await?;
            if let Some(retry_after_seconds) = lock::seconds_left(who.locked_until, tx.now) {
                note_refusal(tx, &who).await?;
                return Ok(Err(SessionError::Locked { retry_after_seconds }));
            }
            let Some(new_hash) = &new_hash else {
                lock::count(tx, &door.config.sessions, who.staff_id).await?;
                note_refusal(tx, &who).await?;
                return Ok(Err(SessionError::WrongPassword));
            };
            if let Some(reason) = weakness.or(is_same.then_some("unchanged")) {
                return Err(SessionError::WeakPassword { reason });
            }
            repo::set_password(tx, staff.staff_id, new_hash).await?;
            repo::end_all_of(tx, staff.staff_id, Some(staff.session_id), EndReason::PasswordChanged).await?;
            audit::record(tx, Entry::of("sessions.change_password").on("staff", staff.staff_id.0)).await?;
            Ok::<_, SessionError>(Ok(()))
        })
        .await?
}

async fn note_refusal(tx: &mut Tx<'_>, who: &Credentials) -> Result<(), SessionError> {
    audit::record(tx, Entry::of("sessions.change_password").on("staff", who.staff_id.0).refused()).await?;
    Ok(())
}

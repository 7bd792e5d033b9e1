//! Changing one's own password ends every other session.

use platform::{Actor, Db, StaffActor, passwords};

use super::{
    faults::SessionError,
    model::{EndReason, PasswordChange},
    repo,
};
use crate::audit::{self, Entry};

pub(super) async fn change_password(
    db: &Db,
    actor: &Actor,
    staff: &StaffActor,
    change: PasswordChange,
) -> Result<(), SessionError> {
    let who = repo::credentials_of(&*db.read().await?, staff.staff_id).await?;
    let weakness = passwords::weakness(&change.new_password, &who.staff_no, &who.name);
    let is_same = change.new_password == change.current_password;
    let hashed = tokio::task::spawn_blocking(move || {
        let is_right = passwords::verify(&change.current_password, Some(&who.password_hash));
        is_right.then(|| passwords::hash(&change.new_password))
    })
    .await
    .unwrap_or(None);
    let new_hash = hashed.ok_or(SessionError::WrongPassword)??;
    if let Some(reason) = weakness.or(is_same.then_some("unchanged")) {
        return Err(SessionError::WeakPassword { reason });
    }
    db.write(actor, async |tx| {
        repo::set_password(tx, staff.staff_id, &new_hash).await?;
        repo::end_all_of(tx, staff.staff_id, Some(staff.session_id), EndReason::PasswordChanged).await?;
        audit::record(tx, Entry::of("sessions.change_password").on("staff", staff.staff_id.0)).await?;
        Ok(())
    })
    .await
}

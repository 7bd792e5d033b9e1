//! Staying signed in: the refresh token is exchanged for a new one, and a token seen twice ends the session.

use platform::{Actor, Db, Tx, tokens};

use super::{
    door::{Door, Issued},
    model::{Credentials, EndReason, Session, SessionError},
    repo,
};
use crate::audit::{self, Entry};

enum Found {
    Good(Box<(Session, Credentials)>),
    Reused,
    Gone,
}

/// New tokens for an open session.
pub(super) async fn refresh(door: &Door, actor: &Actor, refresh_token: &str) -> Result<Issued, SessionError> {
    let hash = tokens::refresh_hash(refresh_token);
    let (fresh_token, fresh_hash) = tokens::new_refresh_token()?;
    let issued = door
        .db
        .write(actor, async |tx| match find(tx, &hash).await? {
            Found::Good(open) => {
                let (session, who) = *open;
                repo::rotate(tx, &session, &fresh_hash).await?;
                tx.actor.identity = who.identity(session.session_id);
                audit::record(tx, Entry::of("sessions.refresh").on("staff", who.staff_id.0)).await?;
                door.issue(session.session_id, &who, fresh_token, tx.now).map(Some)
            }
            Found::Reused => {
                audit::record(tx, Entry::of("sessions.refresh_reused").refused()).await?;
                Ok(None)
            }
            Found::Gone => {
                tx.mark_unchanged();
                Ok(None)
            }
        })
        .await?;
    issued.ok_or(SessionError::Ended)
}

async fn find(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Found, SessionError> {
    if let Some(session) = repo::lock_by_previous_refresh(tx, hash).await? {
        repo::end(tx, session.session_id, EndReason::RefreshReused).await?;
        return Ok(Found::Reused);
    }
    let Some(session) = repo::lock_by_refresh(tx, hash).await? else { return Ok(Found::Gone) };
    let who = repo::credentials_of(tx, session.staff_id).await?;
    if session.ended_at.is_some() || session.expires_at <= tx.now || !who.is_active {
        return Ok(Found::Gone);
    }
    Ok(Found::Good(Box::new((session, who))))
}

/// Ends the session of this refresh token, if there is one.
pub(super) async fn sign_out(db: &Db, actor: &Actor, refresh_token: &str) -> Result<(), SessionError> {
    let hash = tokens::refresh_hash(refresh_token);
    db.write(actor, async |tx| {
        let Some(session) = repo::lock_by_refresh(tx, &hash).await? else {
            tx.mark_unchanged();
            return Ok(());
        };
        repo::end(tx, session.session_id, EndReason::SignedOut).await?;
        let entry = Entry::of("sessions.sign_out").on("staff", session.staff_id.0);
        let who = repo::credentials_of(tx, session.staff_id).await?;
        tx.actor.identity = who.identity(session.session_id);
        audit::record(tx, entry).await?;
        Ok(())
    })
    .await
}

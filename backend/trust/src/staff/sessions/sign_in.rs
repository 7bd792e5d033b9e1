//! Signing in. Unknown names, wrong passwords and disabled accounts do the same work and get the same answer.

use chrono::TimeDelta;
use platform::{Tx, passwords, tokens};
use web::Stranger;

use super::{
    door::{Door, Issued},
    lock,
    model::{Credentials, Session, SessionError, SignIn},
    repo,
};
use crate::audit::{self, Entry};

/// Characters of a user agent that are kept.
const USER_AGENT_CHARS_MAX: usize = 200;

/// Checks name and password, and opens a session.
pub(super) async fn sign_in(
    door: &Door,
    stranger: &Stranger,
    attempt: SignIn,
) -> Result<Issued, SessionError> {
    let found = repo::find_credentials(&*door.db.read().await?, &attempt.staff_no).await?;
    let hash = found.as_ref().map(|who| who.password_hash.clone());
    let is_right = passwords::is_right(attempt.password, hash).await;
    let now = door.db.clock().now();
    let retry_after_seconds = found.as_ref().and_then(|who| lock::seconds_left(who, now));
    match (found, retry_after_seconds) {
        (Some(who), Some(retry_after_seconds)) => {
            refuse(door, stranger, &who, false).await?;
            Err(SessionError::Locked { retry_after_seconds })
        }
        (Some(who), None) if is_right && who.is_active => open(door, stranger, &who).await,
        (Some(who), None) => {
            refuse(door, stranger, &who, !is_right).await?;
            Err(SessionError::Refused)
        }
        (None, _) => {
            let entry = Entry::of("sessions.sign_in").refused();
            let noted = async |tx: &mut Tx<'_>| audit::record(tx, entry).await.map_err(SessionError::from);
            door.db.write(&stranger.actor, noted).await?;
            Err(SessionError::Refused)
        }
    }
}

async fn open(door: &Door, stranger: &Stranger, who: &Credentials) -> Result<Issued, SessionError> {
    let (refresh_token, refresh_hash) = tokens::new_refresh_token()?;
    door.db
        .write(&stranger.actor, async |tx| {
            let session = Session {
                session_id: tx.new_id(),
                staff_id: who.staff_id,
                refresh_hash,
                previous_refresh_hash: None,
                refresh_attempt_hash: None,
                created_at: tx.now,
                last_used_at: tx.now,
                expires_at: tx.now + TimeDelta::hours(door.config.sessions.refresh_token_hours),
                ended_at: None,
                end_reason: None,
                ip: stranger.actor.ip.clone().unwrap_or_default(),
                user_agent: stranger.user_agent.chars().take(USER_AGENT_CHARS_MAX).collect(),
            };
            repo::insert(tx, &session).await?;
            repo::note_success(tx, who.staff_id).await?;
            tx.actor.identity = who.identity(session.session_id);
            audit::record(tx, Entry::of("sessions.sign_in").on("staff", who.staff_id.0)).await?;
            door.issue(session.session_id, who, refresh_token, tx.now)
        })
        .await
}

/// Notes a refusal, and counts it where a password was wrong.
async fn refuse(
    door: &Door,
    stranger: &Stranger,
    who: &Credentials,
    is_counted: bool,
) -> Result<(), SessionError> {
    door.db
        .write(&stranger.actor, async |tx| {
            if is_counted {
                lock::count(tx, &door.config.sessions, who).await?;
            }
            audit::record(tx, Entry::of("sessions.sign_in").on("staff", who.staff_id.0).refused()).await?;
            Ok(())
        })
        .await
}

//! Staying signed in: the refresh token is exchanged for a new one, and a token seen twice ends the session, however long ago
//! it was exchanged: each says itself of which session it is (`Tokens::family_of`).
//!
//! A browser that leaves a page never sees the answer to a request under way, so its next page comes with the old token:
//! honest, and no different from a thief. Therefore an exchange can carry the name of its attempt, a random secret that
//! never travels as a cookie. The same token under the same name gets the same successor for a minute; everything else is
//! reuse.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Actor, Tx,
    ids::{SessionId, StaffId},
    tokens,
};

use super::{
    door::{Door, Issued},
    faults::SessionError,
    model::{Credentials, EndReason, Session},
    repo, tend,
};
use crate::audit::{self, Entry};

/// How long a lost answer can be asked for again.
const REPEAT_SECONDS: i64 = 60;

/// What somebody hands in.
struct Exchange<'a> {
    family: SessionId,
    token_hash: Vec<u8>,
    attempt_hash: Option<Vec<u8>>,
    /// When somebody was at work at the page that asks.
    worked_at: DateTime<Utc>,
    successor: &'a str,
    successor_hash: Vec<u8>,
}

enum Found {
    Good(Box<(Session, Credentials)>),
    /// Exchanged already, by this very attempt.
    Repeated(Box<(Session, Credentials)>),
    Reused(StaffId),
    Gone,
}

/// New tokens for an open session.
pub(super) async fn refresh(
    door: &Door,
    actor: &Actor,
    refresh_token: &str,
    (attempt, worked_at): (Option<&str>, DateTime<Utc>),
) -> Result<Issued, SessionError> {
    let family = door.tokens.family_of(refresh_token).ok_or(SessionError::Ended)?;
    let (successor, successor_hash) = match attempt {
        Some(attempt) => door.tokens.successor(family, refresh_token, attempt),
        None => door.tokens.first_refresh(family)?,
    };
    let exchange = Exchange {
        family,
        token_hash: tokens::refresh_hash(refresh_token),
        attempt_hash: attempt.map(tokens::refresh_hash),
        worked_at,
        successor: &successor,
        successor_hash,
    };
    let issued = door
        .db
        .write(actor, async |tx| match find(door, tx, &exchange).await? {
            Found::Good(open) => {
                let attempt_hash = exchange.attempt_hash.as_deref();
                repo::rotate(tx, &open.0, &exchange.successor_hash, attempt_hash).await?;
                issue(door, tx, &open, exchange.successor).await.map(Some)
            }
            Found::Repeated(open) => issue(door, tx, &open, exchange.successor).await.map(Some),
            Found::Reused(staff_id) => {
                let entry = Entry::of("sessions.refresh_reused").on("staff", staff_id.0).refused();
                audit::record(tx, entry).await?;
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

async fn issue(
    door: &Door,
    tx: &mut Tx<'_>,
    (session, who): &(Session, Credentials),
    successor: &str,
) -> Result<Issued, SessionError> {
    tx.actor.identity = who.identity(session.session_id);
    audit::record(tx, Entry::of("sessions.refresh").on("staff", who.staff_id.0)).await?;
    door.issue(session.session_id, who, successor.to_owned(), tx.now)
}

async fn find(door: &Door, tx: &mut Tx<'_>, exchange: &Exchange<'_>) -> Result<Found, SessionError> {
    let Some(session) = repo::lock(tx, exchange.family).await? else {
        return Ok(Found::Gone);
    };
    if session.refresh_hash == exchange.token_hash {
        return Ok(open(door, tx, session, exchange.worked_at).await?.map_or(Found::Gone, Found::Good));
    }
    let is_the_attempt = session.previous_refresh_hash.as_ref() == Some(&exchange.token_hash)
        && exchange.attempt_hash.is_some()
        && exchange.attempt_hash == session.refresh_attempt_hash;
    let exchanged_at = session.refreshed_at.unwrap_or(session.created_at);
    if is_the_attempt && tx.now - exchanged_at <= TimeDelta::seconds(REPEAT_SECONDS) {
        return Ok(open(door, tx, session, exchange.worked_at).await?.map_or(Found::Gone, Found::Repeated));
    }
    repo::end(tx, session.session_id, EndReason::RefreshReused).await?;
    Ok(Found::Reused(session.staff_id))
}

/// The session with its person, unless it is over. One that ran out by itself is ended now.
async fn open(
    door: &Door,
    tx: &mut Tx<'_>,
    session: Session,
    worked_at: DateTime<Utc>,
) -> Result<Option<Box<(Session, Credentials)>>, SessionError> {
    let who = repo::credentials_of(tx, session.staff_id).await?;
    if session.ended_at.is_some() || !who.is_active {
        return Ok(None);
    }
    let noted_at = door.directory.activity().last_of(session.session_id).unwrap_or_default();
    let last_used_at = session.last_used_at.max(noted_at);
    let Some(reason) = tend::over(&door.config.sessions, session.expires_at, last_used_at, tx.now) else {
        let session = Session { last_used_at: last_used_at.max(worked_at), ..session };
        return Ok(Some(Box::new((session, who))));
    };
    repo::end(tx, session.session_id, reason).await?;
    tx.actor.identity = who.identity(session.session_id);
    let entry = Entry::of("sessions.time_out").on("staff", who.staff_id.0).because(reason.as_str());
    audit::record(tx, entry).await?;
    Ok(None)
}

/// Ends the session of this refresh token, if there is one.
pub(super) async fn sign_out(door: &Door, actor: &Actor, refresh_token: &str) -> Result<(), SessionError> {
    let Some(family) = door.tokens.family_of(refresh_token) else { return Ok(()) };
    let work = async |tx: &mut Tx<'_>| {
        let Some(session) = repo::lock(tx, family).await? else {
            tx.mark_unchanged();
            return Ok(());
        };
        repo::end(tx, session.session_id, EndReason::SignedOut).await?;
        let entry = Entry::of("sessions.sign_out").on("staff", session.staff_id.0);
        let who = repo::credentials_of(tx, session.staff_id).await?;
        tx.actor.identity = who.identity(session.session_id);
        audit::record(tx, entry).await?;
        Ok(())
    };
    door.db.write(actor, work).await
}

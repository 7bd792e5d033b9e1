//! Signing in. Unknown names, wrong passwords and disabled accounts do the same work and get the same answer; whether there
//! is a second factor is told to nobody but whoever has shown the right password.

use chrono::TimeDelta;
use platform::{Tx, passwords, tokens};
use web::Stranger;

use super::{
    door::{Door, Issued},
    faults::SessionError,
    lock,
    model::{Credentials, SecondFactorSignIn, Session, SignIn},
    repo,
};
use crate::{
    audit::{self, Entry},
    staff::second_factor::{self, Proof},
};

/// Characters of a user agent that are kept.
const USER_AGENT_CHARS_MAX: usize = 200;

/// Checks name and password, and opens a session or asks for the second factor.
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
        (Some(who), None) if is_right && who.is_active => {
            match Proof::of(attempt.code, attempt.recovery_code) {
                None if who.second_factor_enrolled_at.is_some() => {
                    Err(challenge(door, stranger, &who).await?)
                }
                proof => open(door, stranger, &who, proof).await,
            }
        }
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

/// Opens a session for whoever has shown the password a moment ago and now shows the second factor.
pub(super) async fn sign_in_with_second_factor(
    door: &Door,
    stranger: &Stranger,
    answer: SecondFactorSignIn,
) -> Result<Issued, SessionError> {
    let now = door.db.clock().now();
    let challenge =
        door.tokens.verify_challenge(&answer.challenge, now).map_err(|_| SessionError::ChallengeEnded)?;
    let proof = Proof::of(answer.code, answer.recovery_code)
        .ok_or(SessionError::StepUpMissing { pointer: "/code" })?;
    let who = repo::credentials_of(&*door.db.read().await?, challenge.sub).await?;
    if !who.is_active || attempt_of(stranger, &who) != challenge.attempt {
        return Err(SessionError::ChallengeEnded);
    }
    open(door, stranger, &who, Some(proof)).await
}

/// What must be as it was when the password was shown: the program, the password itself, and that nobody has signed in since.
fn attempt_of(stranger: &Stranger, who: &Credentials) -> String {
    let last = who.last_sign_in_at.map_or(0, |at| at.timestamp_micros());
    let text = format!("{}\0{last}\0{}", who.password_hash, stranger.user_agent);
    tokens::refresh_hash(&text).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn challenge(
    door: &Door,
    stranger: &Stranger,
    who: &Credentials,
) -> Result<SessionError, SessionError> {
    let attempt = attempt_of(stranger, who);
    let challenge = door.tokens.challenge(who.staff_id, &attempt, door.db.clock().now())?;
    let entry = Entry::of("sessions.challenge").on("staff", who.staff_id.0);
    let noted = async |tx: &mut Tx<'_>| audit::record(tx, entry).await.map_err(SessionError::from);
    door.db.write(&stranger.actor, noted).await?;
    Ok(SessionError::SecondFactorRequired { challenge })
}

/// Opens a session, if the second factor is shown where there is one. The person's row is locked: of tries at once each sees
/// what the ones before have counted.
async fn open(
    door: &Door,
    stranger: &Stranger,
    who: &Credentials,
    proof: Option<Proof>,
) -> Result<Issued, SessionError> {
    let (refresh_token, refresh_hash) = tokens::new_refresh_token()?;
    door.db
        .write(&stranger.actor, async |tx| {
            let who = repo::lock_credentials(tx, who.staff_id).await?;
            if let Some(retry_after_seconds) = lock::seconds_left(&who, tx.now) {
                note_refusal(tx, &who).await?;
                return Ok(Err(SessionError::Locked { retry_after_seconds }));
            }
            if who.second_factor_enrolled_at.is_some()
                && !second_factor::is_proved(tx, &door.vault, who.staff_id, proof.as_ref()).await?
            {
                lock::count(tx, &door.config.sessions, who.staff_id).await?;
                note_refusal(tx, &who).await?;
                return Ok(Err(SessionError::SecondFactorWrong));
            }
            let session = session_of(door, stranger, tx, (&who, refresh_hash));
            repo::insert(tx, &session).await?;
            repo::note_success(tx, who.staff_id).await?;
            tx.actor.identity = who.identity(session.session_id);
            audit::record(tx, Entry::of("sessions.sign_in").on("staff", who.staff_id.0)).await?;
            door.issue(session.session_id, &who, refresh_token, tx.now).map(Ok)
        })
        .await?
}

fn session_of(
    door: &Door,
    stranger: &Stranger,
    tx: &mut Tx<'_>,
    (who, refresh_hash): (&Credentials, Vec<u8>),
) -> Session {
    Session {
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
        refreshed_at: None,
    }
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
                lock::count(tx, &door.config.sessions, who.staff_id).await?;
            }
            note_refusal(tx, who).await
        })
        .await
}

async fn note_refusal(tx: &mut Tx<'_>, who: &Credentials) -> Result<(), SessionError> {
    audit::record(tx, Entry::of("sessions.sign_in").on("staff", who.staff_id.0).refused()).await?;
    Ok(())
}

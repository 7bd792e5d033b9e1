//! Signing in. Unknown names, wrong passwords and disabled accounts do the same work, count alike and get the same answers;
//! whether there is a second factor is told to nobody but whoever has shown the right password.

use chrono::TimeDelta;
use platform::{Tx, ids::SessionId, passwords, tokens};
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
    let name_digest = door.vault.mark("sign_in.staff_no", &[attempt.staff_no.as_bytes()]);
    let conn = door.db.read().await?;
    // Both are looked for whatever the first one finds.
    let (found, unknown_until) = futures_util::try_join!(
        repo::find_credentials(&conn, &attempt.staff_no),
        repo::unknown_locked_until(&conn, &name_digest)
    )?;
    drop(conn);
    let hash = found.as_ref().map(|who| who.password_hash.clone());
    let is_right = passwords::is_right(attempt.password, hash).await;
    let now = door.db.clock().now();
    let locked_until = found.as_ref().map_or(unknown_until, |who| who.locked_until);
    let retry_after_seconds = lock::seconds_left(locked_until, now);
    match found.as_ref() {
        Some(who) if retry_after_seconds.is_none() && is_right && who.is_active => {
            match Proof::of(attempt.code, attempt.recovery_code) {
                None if who.second_factor_enrolled_at.is_some() => Err(challenge(door, stranger, who).await?),
                proof => open(door, stranger, who, proof).await,
            }
        }
        who => {
            let tried = who.map_or(Tried::Unknown { name_digest }, Tried::Known);
            refuse(door, stranger, &tried, retry_after_seconds.is_none()).await?;
            Err(retry_after_seconds.map_or(SessionError::Refused, |retry_after_seconds| {
                SessionError::Locked { retry_after_seconds }
            }))
        }
    }
}

/// Whose name was tried.
enum Tried<'a> {
    Known(&'a Credentials),
    Unknown { name_digest: Vec<u8> },
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
    door.db
        .write(&stranger.actor, async |tx| {
            let who = repo::lock_credentials(tx, who.staff_id).await?;
            if let Some(retry_after_seconds) = lock::seconds_left(who.locked_until, tx.now) {
                note_refusal(tx, Some(&who)).await?;
                return Ok(Err(SessionError::Locked { retry_after_seconds }));
            }
            if who.second_factor_enrolled_at.is_some()
                && !second_factor::is_proved(tx, &door.vault, who.staff_id, proof.as_ref()).await?
            {
                lock::count(tx, &door.config.sessions, who.staff_id).await?;
                note_refusal(tx, Some(&who)).await?;
                return Ok(Err(SessionError::SecondFactorWrong));
            }
            let session_id = tx.new_id();
            let (refresh_token, refresh_hash) = door.tokens.first_refresh(session_id)?;
            let session = session_of(door, stranger, tx, (session_id, &who, refresh_hash));
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
    tx: &Tx<'_>,
    (session_id, who, refresh_hash): (SessionId, &Credentials, Vec<u8>),
) -> Session {
    Session {
        session_id,
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

/// Notes a refusal, and counts it unless the name is locked. A disabled account's right password counts, too: somebody who tries it
/// must not see it treated better than a wrong one.
async fn refuse(
    door: &Door,
    stranger: &Stranger,
    tried: &Tried<'_>,
    is_counted: bool,
) -> Result<(), SessionError> {
    let rules = &door.config.sessions;
    door.db
        .write(&stranger.actor, async |tx| match tried {
            Tried::Known(who) => {
                if is_counted {
                    lock::count(tx, rules, who.staff_id).await?;
                }
                note_refusal(tx, Some(who)).await
            }
            Tried::Unknown { name_digest } => {
                if is_counted {
                    lock::count_unknown(tx, rules, name_digest).await?;
                }
                note_refusal(tx, None).await
            }
        })
        .await
}

async fn note_refusal(tx: &mut Tx<'_>, who: Option<&Credentials>) -> Result<(), SessionError> {
    let entry = Entry::of("sessions.sign_in").refused();
    let entry = match who {
        Some(who) => entry.on("staff", who.staff_id.0),
        None => entry,
    };
    audit::record(tx, entry).await?;
    Ok(())
}

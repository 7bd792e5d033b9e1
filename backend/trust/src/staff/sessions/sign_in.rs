//! Signing in. Unknown names, wrong passwords and disabled accounts do the same work and get the same answer.

use chrono::TimeDelta;
use platform::{Tx, passwords, tokens};
use web::Stranger;

use super::{
    door::{Door, Issued},
    model::{Credentials, Session, SessionError, SignIn},
    repo,
};
use crate::audit::{self, Entry};

/// The longest an account stays locked.
const LOCK_SECONDS_MAX: i64 = 3600;
/// Characters of a user agent that are kept.
const USER_AGENT_CHARS_MAX: usize = 200;

/// Checks name and password, and opens a session.
pub(super) async fn sign_in(
    door: &Door,
    stranger: &Stranger,
    attempt: SignIn,
) -> Result<Issued, SessionError> {
    let found = repo::find_credentials(&*door.db.read().await?, &attempt.staff_no).await?;
    let is_right = check_password(attempt.password, found.as_ref()).await;
    let now = door.db.clock().now();
    match found {
        Some(who) if who.locked_until.is_some_and(|until| until > now) => {
            let retry_after_seconds = who.locked_until.map_or(0, |until| (until - now).num_seconds().max(1));
            refuse(door, stranger, &who, false).await?;
            Err(SessionError::Locked { retry_after_seconds })
        }
        Some(who) if is_right && who.is_active => open(door, stranger, &who).await,
        Some(who) => {
            refuse(door, stranger, &who, !is_right).await?;
            Err(SessionError::Refused)
        }
        None => {
            let entry = Entry::of("sessions.sign_in").refused();
            let noted = async |tx: &mut Tx<'_>| audit::record(tx, entry).await.map_err(SessionError::from);
            door.db.write(&stranger.actor, noted).await?;
            Err(SessionError::Refused)
        }
    }
}

/// Argon2 takes tens of milliseconds of one core: never on a thread that answers requests.
async fn check_password(password: String, who: Option<&Credentials>) -> bool {
    let hash = who.map(|who| who.password_hash.clone());
    tokio::task::spawn_blocking(move || passwords::verify(&password, hash.as_deref())).await.unwrap_or(false)
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

/// Notes a refusal. Wrong passwords count: every fifth locks, each time for twice as long.
async fn refuse(
    door: &Door,
    stranger: &Stranger,
    who: &Credentials,
    is_counted: bool,
) -> Result<(), SessionError> {
    let rules = &door.config.sessions;
    door.db
        .write(&stranger.actor, async |tx| {
            if is_counted {
                let failures = who.failed_sign_ins + 1;
                let locks = failures / rules.sign_ins_before_lock;
                let is_locking = failures % rules.sign_ins_before_lock == 0;
                let seconds = (rules.lock_seconds << (locks - 1).clamp(0, 10)).min(LOCK_SECONDS_MAX);
                let until = is_locking.then(|| tx.now + TimeDelta::seconds(seconds));
                repo::note_failure(tx, who.staff_id, failures, until).await?;
            }
            audit::record(tx, Entry::of("sessions.sign_in").on("staff", who.staff_id.0).refused()).await?;
            Ok(())
        })
        .await
}

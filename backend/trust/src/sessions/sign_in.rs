//! Signing in. Unknown names, wrong passwords and disabled accounts do the same work and get the same answer.

use chrono::TimeDelta;
use platform::{
    Actor, Db,
    config::SessionsConfig,
    passwords,
    tokens::{self, Tokens},
};

use super::{
    model::{Credentials, Session, SessionError, SignIn, SignedIn},
    repo,
};
use crate::audit::{self, Entry};

/// The longest an account stays locked.
const LOCK_SECONDS_MAX: i64 = 3600;
/// Characters of a user agent that are kept.
const USER_AGENT_CHARS_MAX: usize = 200;

/// A session's tokens: one for the body, one for the cookie.
pub(super) struct Issued {
    pub signed_in: SignedIn,
    pub refresh_token: String,
}

/// Checks name and password, and opens a session.
pub(super) async fn sign_in(
    db: &Db,
    tokens: &Tokens,
    rules: &SessionsConfig,
    actor: &Actor,
    attempt: SignIn,
    user_agent: &str,
) -> Result<Issued, SessionError> {
    let found = repo::find_credentials(&*db.read().await?, &attempt.staff_no).await?;
    let is_right = check_password(attempt.password, found.as_ref()).await;
    let now = db.clock().now();
    match found {
        Some(who) if who.locked_until.is_some_and(|until| until > now) => {
            let retry_after_seconds = who.locked_until.map_or(0, |until| (until - now).num_seconds().max(1));
            refuse(db, actor, &who, rules, false).await?;
            Err(SessionError::Locked { retry_after_seconds })
        }
        Some(who) if is_right && who.is_active => open(db, tokens, rules, actor, &who, user_agent).await,
        Some(who) => {
            refuse(db, actor, &who, rules, !is_right).await?;
            Err(SessionError::Refused)
        }
        None => {
            let entry = Entry::of("sessions.sign_in").refused();
            db.write(actor, async |tx| audit::record(tx, entry).await.map_err(SessionError::from)).await?;
            Err(SessionError::Refused)
        }
    }
}

/// Argon2 takes tens of milliseconds of one core: never on a thread that answers requests.
async fn check_password(password: String, who: Option<&Credentials>) -> bool {
    let hash = who.map(|who| who.password_hash.clone());
    tokio::task::spawn_blocking(move || passwords::verify(&password, hash.as_deref())).await.unwrap_or(false)
}

async fn open(
    db: &Db,
    tokens: &Tokens,
    rules: &SessionsConfig,
    actor: &Actor,
    who: &Credentials,
    user_agent: &str,
) -> Result<Issued, SessionError> {
    let (refresh_token, refresh_hash) = tokens::new_refresh_token()?;
    db.write(actor, async |tx| {
        let session = Session {
            session_id: tx.new_id(),
            staff_id: who.staff_id,
            refresh_hash,
            previous_refresh_hash: None,
            created_at: tx.now,
            last_used_at: tx.now,
            expires_at: tx.now + TimeDelta::hours(rules.refresh_token_hours),
            ended_at: None,
            end_reason: None,
            ip: actor.ip.clone().unwrap_or_default(),
            user_agent: user_agent.chars().take(USER_AGENT_CHARS_MAX).collect(),
        };
        repo::insert(tx, &session).await?;
        repo::note_success(tx, who.staff_id).await?;
        audit::record(tx, Entry::of("sessions.sign_in").on("staff", who.staff_id.0)).await?;
        let access_token = tokens.sign(who.staff_id, session.session_id, who.role, tx.now)?;
        let signed_in = SignedIn {
            access_token,
            expires_in: tokens.lifetime().num_seconds(),
            must_change_password: who.must_change_password,
        };
        Ok(Issued { signed_in, refresh_token })
    })
    .await
}

/// Notes a refusal. Wrong passwords count: every fifth locks, each time for twice as long.
async fn refuse(
    db: &Db,
    actor: &Actor,
    who: &Credentials,
    rules: &SessionsConfig,
    is_counted: bool,
) -> Result<(), SessionError> {
    db.write(actor, async |tx| {
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

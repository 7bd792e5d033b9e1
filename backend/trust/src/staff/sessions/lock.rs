//! Wrong passwords and codes count, wherever they are tried: every fifth locks the account, each time for twice as long.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{DbResult, Tx, config::SessionsConfig, ids::StaffId};

use super::{model::Credentials, repo};

/// The longest an account stays locked.
const LOCK_SECONDS_MAX: i64 = 3600;

/// Seconds until a locked account may try again.
pub(super) fn seconds_left(who: &Credentials, now: DateTime<Utc>) -> Option<i64> {
    let until = who.locked_until.filter(|until| *until > now)?;
    Some((until - now).num_seconds().max(1))
}

/// Counts a wrong password or code. The row is locked: tries at once count one by one.
pub(super) async fn count(tx: &mut Tx<'_>, rules: &SessionsConfig, staff_id: StaffId) -> DbResult<()> {
    let who = repo::lock_credentials(tx, staff_id).await?;
    let failures = who.failed_sign_ins + 1;
    let locks = failures / rules.sign_ins_before_lock;
    let is_locking = failures % rules.sign_ins_before_lock == 0;
    let seconds = (rules.lock_seconds << (locks - 1).clamp(0, 10)).min(LOCK_SECONDS_MAX);
    let until = is_locking.then(|| tx.now + TimeDelta::seconds(seconds));
    repo::note_failure(tx, who.staff_id, failures, until).await
}

//! Wrong passwords and codes count, wherever they are tried: every fifth locks the account, each time for twice as long. A name that
//! nobody has is counted and locked in the same way and by as many statements, so that nobody learns by trying who works here.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{DbResult, Tx, config::SessionsConfig, ids::StaffId};

use super::repo;

/// The longest an account stays locked.
const LOCK_SECONDS_MAX: i64 = 3600;
/// Without another failure for this long, those before are forgotten. What is deleted of unknown names is older: see
/// `retention/rules.rs`.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(30);

/// The failures of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failures {
    pub failed_sign_ins: i32,
    pub last_failed_at: Option<DateTime<Utc>>,
}

impl Failures {
    /// With one more: how many there are, and until when the name is locked if this one locks it.
    fn one_more(self, rules: &SessionsConfig, now: DateTime<Utc>) -> (i32, Option<DateTime<Utc>>) {
        let is_forgotten = self.last_failed_at.is_some_and(|at| now - at >= FORGOTTEN_AFTER);
        let failures = if is_forgotten { 1 } else { self.failed_sign_ins + 1 };
        let locks = failures / rules.sign_ins_before_lock;
        let is_locking = failures % rules.sign_ins_before_lock == 0;
        let seconds = (rules.lock_seconds << (locks - 1).clamp(0, 10)).min(LOCK_SECONDS_MAX);
        (failures, is_locking.then(|| now + TimeDelta::seconds(seconds)))
    }
}

/// Seconds until a locked name may be tried again.
pub(super) fn seconds_left(locked_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<i64> {
    let until = locked_until.filter(|until| *until > now)?;
    Some((until - now).num_seconds().max(1))
}

/// Counts a wrong password or code. The row is locked: tries at once count one by one.
pub(super) async fn count(tx: &mut Tx<'_>, rules: &SessionsConfig, staff_id: StaffId) -> DbResult<()> {
    let who = repo::lock_credentials(tx, staff_id).await?;
    let before =
        Failures { failed_sign_ins: who.failed_sign_ins, last_failed_at: who.last_failed_sign_in_at };
    let (failures, until) = before.one_more(rules, tx.now);
    repo::note_failure(tx, who.staff_id, failures, until).await
}

/// The same for a name that nobody has.
pub(super) async fn count_unknown(
    tx: &mut Tx<'_>,
    rules: &SessionsConfig,
    name_digest: &[u8],
) -> DbResult<()> {
    let before = repo::lock_unknown(tx, name_digest).await?;
    let (failures, until) = before.one_more(rules, tx.now);
    repo::note_unknown_failure(tx, name_digest, failures, until).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_lock_for_longer_and_longer_and_are_forgotten() {
        let rules = platform::config::Config::defaults().unwrap().sessions;
        let now: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let after = |failed_sign_ins, last: TimeDelta| {
            let before = Failures { failed_sign_ins, last_failed_at: Some(now - last) };
            let (failures, until) = before.one_more(&rules, now);
            (failures, until.map(|until| (until - now).num_seconds()))
        };
        let just_now = TimeDelta::zero();
        assert_eq!(after(3, just_now), (4, None));
        assert_eq!(after(4, just_now), (5, Some(60)));
        assert_eq!(after(5, just_now), (6, None));
        assert_eq!(after(9, just_now), (10, Some(120)));
        assert_eq!(after(499, just_now), (500, Some(LOCK_SECONDS_MAX)));
        assert_eq!(after(4, FORGOTTEN_AFTER - TimeDelta::seconds(1)), (5, Some(60)));
        assert_eq!(after(4, FORGOTTEN_AFTER), (1, None));
    }
}

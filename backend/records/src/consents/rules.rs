//! Rules that decide whether somebody may be contacted. Those of this slice come first; slices above register theirs (an open
//! complaint, arrears, how often somebody was contacted lately), and the server puts all of them together.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Timelike, Utc};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use futures_util::future::BoxFuture;
use platform::{Conn, DbResult, ids::CardholderId, schema::cardholders};

use super::{
    model::{ConsentDecision, ContactChannel, ContactPreferences, ContactPurpose, ContactRuling},
    repo,
};
use crate::cardholders::{Lifecycle, members::Members};

/// The bank's own quiet hours, by the clock of whoever is contacted, in minutes after midnight.
const QUIET_FROM_MINUTE: i16 = 21 * 60;
const QUIET_TO_MINUTE: i16 = 8 * 60;
/// The bank's clock: China Standard Time.
const BANK_OFFSET_MINUTES: i16 = 8 * 60;

/// A contact somebody thinks of.
#[derive(Debug, Clone)]
pub struct ContactAsk {
    /// Whom it would reach: with every record that was merged into theirs, as each may hold a word of theirs
    /// ([`Members::everybody`]).
    pub members: Members,
    pub channel: ContactChannel,
    pub purpose: ContactPurpose,
    pub at: DateTime<Utc>,
}

/// What one rule says, and why in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    pub ruling: ContactRuling,
    pub reason: &'static str,
    /// From when on the same rule would allow it, where time alone decides.
    pub allowed_from_at: Option<DateTime<Utc>>,
}

impl Ruling {
    pub fn allow(reason: &'static str) -> Self {
        Self { ruling: ContactRuling::Allow, reason, allowed_from_at: None }
    }

    pub fn deny(reason: &'static str) -> Self {
        Self { ruling: ContactRuling::Deny, reason, allowed_from_at: None }
    }

    pub fn deny_until(reason: &'static str, at: DateTime<Utc>) -> Self {
        Self { ruling: ContactRuling::Deny, reason, allowed_from_at: Some(at) }
    }
}

pub trait ContactRule: Send + Sync + 'static {
    /// The word by which the answer names it.
    fn name(&self) -> &'static str;

    fn judge<'a>(&'a self, conn: &'a Conn, ask: &'a ContactAsk) -> BoxFuture<'a, DbResult<Ruling>>;
}

/// Every rule of the house, in the order in which they are asked.
#[derive(Clone)]
pub struct ContactRules(Vec<Arc<dyn ContactRule>>);

impl Default for ContactRules {
    fn default() -> Self {
        Self(vec![
            Arc::new(ByLifecycle),
            Arc::new(ByDoNotContact),
            Arc::new(ByConsent),
            Arc::new(ByPersonalisation),
            Arc::new(ByQuietHours),
        ])
    }
}

impl ContactRules {
    /// Adds a rule of a slice above; it is asked after those that are there.
    pub fn register(&mut self, rule: Arc<dyn ContactRule>) {
        self.0.push(rule);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<dyn ContactRule>> {
        self.0.iter()
    }
}

/// The dead are not contacted; who has left only about what remains.
struct ByLifecycle;

impl ContactRule for ByLifecycle {
    fn name(&self) -> &'static str {
        "lifecycle"
    }

    fn judge<'a>(&'a self, mut conn: &'a Conn, ask: &'a ContactAsk) -> BoxFuture<'a, DbResult<Ruling>> {
        Box::pin(async move {
            use cardholders as c;
            let of = c::table.filter(c::cardholder_id.eq_any(ask.members.all()));
            let known: Vec<(CardholderId, Lifecycle)> =
                of.select((c::cardholder_id, c::lifecycle)).load(&mut conn).await?;
            // That somebody died was perhaps said at a record that was merged into this one.
            if known.iter().any(|(_, lifecycle)| *lifecycle == Lifecycle::Deceased) {
                return Ok(Ruling::deny("deceased"));
            }
            let own = known.into_iter().find(|(id, _)| *id == ask.members.survivor());
            Ok(match own.map(|(_, lifecycle)| lifecycle) {
                None => Ruling::deny("deceased"),
                Some(Lifecycle::Closed) if ask.purpose.consent().is_some() => Ruling::deny("closed"),
                Some(_) => Ruling::allow("with_the_bank"),
            })
        })
    }
}

struct ByDoNotContact;

impl ContactRule for ByDoNotContact {
    fn name(&self) -> &'static str {
        "do_not_contact"
    }

    fn judge<'a>(&'a self, conn: &'a Conn, ask: &'a ContactAsk) -> BoxFuture<'a, DbResult<Ruling>> {
        Box::pin(async move {
            if ask.purpose.is_imperative() {
                return Ok(Ruling::allow("imperative"));
            }
            let wishes = repo::wishes(conn, ask.members.all()).await?;
            Ok(match wishes.iter().any(|wishes| wishes.is_do_not_contact) {
                true => Ruling::deny("do_not_contact"),
                false => Ruling::allow("not_wished"),
            })
        })
    }
}

struct ByConsent;

impl ContactRule for ByConsent {
    fn name(&self) -> &'static str {
        "consent"
    }

    fn judge<'a>(&'a self, conn: &'a Conn, ask: &'a ContactAsk) -> BoxFuture<'a, DbResult<Ruling>> {
        Box::pin(async move {
            let Some(purpose) = ask.purpose.consent() else { return Ok(Ruling::allow("none_needed")) };
            let latest = repo::latest(conn, ask.members.all(), (purpose, ask.channel)).await?;
            Ok(match latest.map(|row| row.decision) {
                None => Ruling::deny("never_given"),
                Some(ConsentDecision::Withdrawn) => Ruling::deny("withdrawn"),
                Some(ConsentDecision::Granted) => Ruling::allow("given"),
            })
        })
    }
}

/// Whoever refused automated decisions gets no offers that such a decision chose.
struct ByPersonalisation;

impl ContactRule for ByPersonalisation {
    fn name(&self) -> &'static str {
        "personalisation"
    }

    fn judge<'a>(&'a self, conn: &'a Conn, ask: &'a ContactAsk) -> BoxFuture<'a, DbResult<Ruling>> {
        Box::pin(async move {
            if ask.purpose != ContactPurpose::PersonalisedOffers {
                return Ok(Ruling::allow("not_personalised"));
            }
            let wishes = repo::wishes(conn, ask.members.all()).await?;
            Ok(match wishes.iter().any(|wishes| wishes.is_personalisation_refused) {
                true => Ruling::deny("refused"),
                false => Ruling::allow("not_refused"),
            })
        })
    }
}

struct ByQuietHours;

impl ContactRule for ByQuietHours {
    fn name(&self) -> &'static str {
        "quiet_hours"
    }

    fn judge<'a>(&'a self, conn: &'a Conn, ask: &'a ContactAsk) -> BoxFuture<'a, DbResult<Ruling>> {
        Box::pin(async move {
            if ask.purpose.is_imperative() {
                return Ok(Ruling::allow("imperative"));
            }
            if !ask.channel.is_immediate() {
                return Ok(Ruling::allow("not_immediate"));
            }
            let wishes = repo::wishes(conn, ask.members.all()).await?;
            let own = wishes.iter().filter_map(|wishes| quiet_until(Some(wishes), ask.at)).max();
            Ok(match if wishes.is_empty() { quiet_until(None, ask.at) } else { own } {
                Some(until) => Ruling::deny_until("quiet_hours", until),
                None => Ruling::allow("awake"),
            })
        })
    }
}

/// When the quiet hours end that this moment lies in, by the clock of whoever is contacted.
fn quiet_until(wishes: Option<&ContactPreferences>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let own = wishes.and_then(|wishes| wishes.quiet_from_minute.zip(wishes.quiet_to_minute));
    let (from, to) = own.unwrap_or((QUIET_FROM_MINUTE, QUIET_TO_MINUTE));
    let offset = wishes.and_then(|wishes| wishes.utc_offset_minutes).unwrap_or(BANK_OFFSET_MINUTES);
    let offset = TimeDelta::minutes(i64::from(offset));
    let local = (at + offset).naive_utc();
    let minute = (local.hour() * 60 + local.minute()) as i16;
    let is_over_midnight = from > to;
    let is_quiet =
        if is_over_midnight { minute >= from || minute < to } else { minute >= from && minute < to };
    if !is_quiet {
        return None;
    }
    let days = u64::from(is_over_midnight && minute >= from);
    let end = local.date().checked_add_days(Days::new(days))?.and_time(NaiveTime::MIN);
    Some((end + TimeDelta::minutes(i64::from(to))).and_utc() - offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn wishes(quiet: Option<(i16, i16)>, utc_offset_minutes: Option<i16>) -> ContactPreferences {
        ContactPreferences {
            quiet_from_minute: quiet.map(|(from, _)| from),
            quiet_to_minute: quiet.map(|(_, to)| to),
            utc_offset_minutes,
            ..ContactPreferences::of_nobody_asked(CardholderId(uuid::Uuid::nil()), DateTime::UNIX_EPOCH)
        }
    }

    #[test]
    fn the_bank_is_quiet_from_nine_in_the_evening_to_eight() {
        let until = |moment| quiet_until(None, at(moment));
        // Hangzhou is eight hours ahead.
        assert_eq!(until("2026-11-02T12:59:59Z"), None);
        assert_eq!(until("2026-11-02T13:00:00Z"), Some(at("2026-11-03T00:00:00Z")));
        assert_eq!(until("2026-11-02T23:59:59Z"), Some(at("2026-11-03T00:00:00Z")));
        assert_eq!(until("2026-11-03T00:00:00Z"), None);
    }

    #[test]
    fn the_clock_is_that_of_whoever_is_contacted() {
        let london = wishes(None, Some(0));
        assert_eq!(quiet_until(Some(&london), at("2026-11-02T13:00:00Z")), None);
        assert_eq!(quiet_until(Some(&london), at("2026-11-02T03:00:00Z")), Some(at("2026-11-02T08:00:00Z")));
    }

    #[test]
    fn ones_own_quiet_hours_take_the_place_of_the_bank_s() {
        let at_noon = wishes(Some((12 * 60, 14 * 60)), None);
        assert_eq!(quiet_until(Some(&at_noon), at("2026-11-02T05:00:00Z")), Some(at("2026-11-02T06:00:00Z")));
        assert_eq!(quiet_until(Some(&at_noon), at("2026-11-02T14:00:00Z")), None);
    }

    #[test]
    fn what_the_law_or_an_emergency_asks_for_needs_no_consent() {
        for purpose in ContactPurpose::ALL {
            assert!(!purpose.is_imperative() || purpose.consent().is_none(), "{purpose}");
        }
    }
}

//! When each session was last at work, in memory: a request costs no write. Whoever tends the sessions writes it down now and
//! then.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use actix_web::http::header::HeaderMap;
use chrono::{DateTime, TimeDelta, Utc};
use platform::ids::SessionId;

/// A session is noted again only after this long, so that most requests share one lock for reading.
const GRAIN: TimeDelta = TimeDelta::seconds(10);
/// Sessions that rested for longer are forgotten here.
const MEMORY: TimeDelta = TimeDelta::hours(1);

#[derive(Debug, Clone, Copy)]
struct Use {
    last: DateTime<Utc>,
    is_written: bool,
}

/// How long nobody has touched the page that sends a request, in whole seconds. A page asks by itself too, while nobody is
/// there; what asks without a page, and does not say, is at work.
const IDLE_SECONDS: &str = "x-idle-seconds";

/// When somebody was at work who sends a request now.
pub fn worked_at(headers: &HeaderMap, now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = headers.get(IDLE_SECONDS).and_then(|value| value.to_str().ok()?.trim().parse::<u32>().ok());
    now - TimeDelta::seconds(seconds.unwrap_or(0).into())
}

/// Which sessions were at work, and when.
#[derive(Clone, Default)]
pub struct Activity(Arc<RwLock<HashMap<SessionId, Use>>>);

impl Activity {
    /// Somebody was at work in this session at that moment. What is known of a later one stays.
    pub fn note(&self, session_id: SessionId, at: DateTime<Utc>) {
        let is_known = |found: &Use| at - found.last < GRAIN;
        let uses = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if uses.get(&session_id).is_some_and(is_known) {
            return;
        }
        drop(uses);
        let mut uses = self.0.write().unwrap_or_else(PoisonError::into_inner);
        uses.insert(session_id, Use { last: at, is_written: false });
    }

    pub fn last_of(&self, session_id: SessionId) -> Option<DateTime<Utc>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&session_id).map(|found| found.last)
    }

    /// What is not written down yet.
    pub fn unwritten(&self, now: DateTime<Utc>) -> Vec<(SessionId, DateTime<Utc>)> {
        let mut uses = self.0.write().unwrap_or_else(PoisonError::into_inner);
        uses.retain(|_, found| now - found.last < MEMORY);
        uses.iter().filter(|(_, found)| !found.is_written).map(|(id, found)| (*id, found.last)).collect()
    }

    /// These are written down now.
    pub fn mark_written(&self, written: &[(SessionId, DateTime<Utc>)]) {
        let mut uses = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (session_id, at) in written {
            if let Some(found) = uses.get_mut(session_id).filter(|found| found.last == *at) {
                found.is_written = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::clock::uuid_v7;

    #[test]
    fn what_is_written_is_not_written_again_until_there_is_more() {
        let start: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let id = SessionId(uuid_v7(start, 1));
        let activity = Activity::default();
        activity.note(id, start);
        activity.note(id, start + TimeDelta::seconds(9));
        let found = activity.unwritten(start);
        assert_eq!(found, [(id, start)]);
        let later = start + TimeDelta::seconds(10);
        activity.note(id, later);
        activity.mark_written(&found);
        assert_eq!(activity.unwritten(later), [(id, later)], "it came in while the other was written");
        activity.mark_written(&[(id, later)]);
        assert_eq!(activity.unwritten(later), []);
        assert_eq!(activity.last_of(id), Some(later));
        assert_eq!(activity.unwritten(later + MEMORY), []);
        assert_eq!(activity.last_of(id), None);
    }

    #[test]
    fn a_page_that_nobody_touches_says_since_when() {
        use actix_web::http::header::{HeaderName, HeaderValue};

        let now: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let told = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(IDLE_SECONDS), HeaderValue::from_str(text).unwrap());
            worked_at(&headers, now)
        };
        assert_eq!(worked_at(&HeaderMap::new(), now), now);
        assert_eq!(told("90"), now - TimeDelta::seconds(90));
        for odd in ["", "-90", "soon", "99999999999"] {
            assert_eq!(told(odd), now, "{odd}");
        }
        let (id, activity) = (SessionId(uuid_v7(now, 1)), Activity::default());
        activity.note(id, now);
        activity.note(id, now - TimeDelta::minutes(5));
        assert_eq!(activity.last_of(id), Some(now), "it never goes back");
    }
}

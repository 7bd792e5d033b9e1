//! Tokens that are no good. Anybody can send them by the thousand, so they are not noted one by one: the first from an address is
//! a row at once, those after it are a number in the next.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use actix_web::HttpRequest;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use web::stranger_of;

use super::{ReadLog, model::AuditError, record::Entry};

/// One row per address in this time.
const QUIET: TimeDelta = TimeDelta::minutes(1);
/// Addresses that are remembered; when there are more, those that have been quiet are forgotten.
const ADDRESSES_MAX: usize = 4_096;

#[derive(Clone, Copy)]
struct Run {
    noted_at: DateTime<Utc>,
    /// Since then.
    count: u64,
}

/// The refused tokens of this process, by address.
#[derive(Default)]
pub struct TokenRefusals(Mutex<HashMap<String, Run>>);

impl TokenRefusals {
    pub(super) async fn count(&self, log: &ReadLog, request: &HttpRequest) -> Result<(), AuditError> {
        let actor = stranger_of(request);
        let now = log.now();
        let address = actor.ip.clone().unwrap_or_default();
        match self.due(address, now) {
            Some(before) => {
                let entry = Entry::of("access.token_refuse").refused();
                log.note(&actor, now, entry.changing(json!({ "more_before": before }))).await
            }
            None => Ok(()),
        }
    }

    /// How many came unnoted since the last row, if a row is due.
    fn due(&self, address: String, now: DateTime<Utc>) -> Option<u64> {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.len() >= ADDRESSES_MAX {
            runs.retain(|_, run| now - run.noted_at < QUIET);
        }
        if let Some(run) = runs.get_mut(&address) {
            if now - run.noted_at < QUIET {
                run.count += 1;
                return None;
            }
            let before = run.count;
            *run = Run { noted_at: now, count: 0 };
            return Some(before);
        }
        if runs.len() < ADDRESSES_MAX {
            runs.insert(address, Run { noted_at: now, count: 0 });
            return Some(0);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_noted_and_those_after_it_are_counted() {
        let refusals = TokenRefusals::default();
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let due = |address: &str, seconds| refusals.due(address.to_owned(), at(seconds));
        assert_eq!(due("192.0.2.1", 0), Some(0));
        assert_eq!(due("192.0.2.1", 1), None);
        assert_eq!(due("192.0.2.1", 59), None);
        assert_eq!(due("192.0.2.2", 59), Some(0));
        assert_eq!(due("192.0.2.1", 60), Some(2));
        assert_eq!(due("192.0.2.1", 61), None);
    }
}

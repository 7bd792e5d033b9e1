//! Time and ids are arguments: both come from a clock that tests can hold still.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use aws_lc_rs::digest;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use uuid::Uuid;

/// The time, and ids that carry it. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    System,
    Fixed { at: Mutex<DateTime<Utc>>, ids_made: AtomicU64 },
}

impl Clock {
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// A clock that stands still until [`Clock::advance`]; its ids are counted, so they repeat from run to run.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Arc::new(Source::Fixed { at: Mutex::new(at), ids_made: AtomicU64::new(0) }))
    }

    /// Now, to the microsecond: what PostgreSQL keeps.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &*self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads the system clock"
            )]
            Source::System => Utc::now(),
            Source::Fixed { at, .. } => *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        };
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Moves a fixed clock on; a system clock takes no notice.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Fixed { at, .. } = &*self.0 {
            *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
        }
    }

    /// A new UUIDv7.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        let id = match &*self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that makes ids")]
            Source::System => Uuid::now_v7(),
            Source::Fixed { ids_made, .. } => {
                uuid_v7(self.now(), u128::from(ids_made.fetch_add(1, Ordering::Relaxed) + 1))
            }
        };
        T::from(id)
    }
}

/// A UUIDv7 of a stated moment whose 74 free bits are the low bits of `tail`: the same input gives the same id, which is what
/// makes an import repeatable.
pub fn uuid_v7(at: DateTime<Utc>, tail: u128) -> Uuid {
    let millis = u128::from(at.timestamp_millis().max(0).cast_unsigned()) & 0xffff_ffff_ffff;
    let rand_a = (tail >> 62) & 0xfff;
    let rand_b = tail & 0x3fff_ffff_ffff_ffff;
    Uuid::from_u128(millis << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
}

/// The id of something that another system named: a stated moment, and 74 bits of the digest of its name. The same name gives
/// the same id in every run and in every database.
pub fn uuid_v7_named(at: DateTime<Utc>, name: &[&str]) -> Uuid {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in name {
        context.update(part.as_bytes());
        context.update(b"\0");
    }
    let digest = context.finish();
    let head = digest.as_ref().iter().take(16).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    uuid_v7(at, head >> (128 - 74))
}

/// The moment that a UUIDv7 carries, to the millisecond.
pub fn moment_of(id: Uuid) -> Option<DateTime<Utc>> {
    let millis = (id.as_u128() >> 80) as u64;
    (id.get_version_num() == 7).then(|| DateTime::from_timestamp_millis(millis.cast_signed())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_carries_its_moment_and_repeats() {
        let at: DateTime<Utc> = "1994-03-30T12:00:00.123Z".parse().unwrap();
        let id = uuid_v7(at, u128::MAX);
        assert_eq!(id, uuid_v7(at, u128::MAX));
        assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
        assert_eq!(moment_of(id), Some(at));
    }

    #[test]
    fn a_named_id_repeats_and_keeps_its_names_apart() {
        let at: DateTime<Utc> = "1994-03-30T12:00:00Z".parse().unwrap();
        let id = uuid_v7_named(at, &["berka", "transaction", "695247"]);
        assert_eq!(id, uuid_v7_named(at, &["berka", "transaction", "695247"]));
        assert_eq!(moment_of(id), Some(at));
        assert_ne!(id, uuid_v7_named(at, &["berka", "transaction6", "95247"]));
    }

    #[test]
    fn a_fixed_clock_counts_its_ids_in_order() {
        let clock = Clock::fixed("2026-11-02T01:00:00Z".parse().unwrap());
        let first: Uuid = clock.new_id();
        let second: Uuid = clock.new_id();
        assert!(first < second);
        clock.advance(TimeDelta::days(1));
        assert_eq!(clock.now().to_rfc3339(), "2026-11-03T01:00:00+00:00");
    }
}

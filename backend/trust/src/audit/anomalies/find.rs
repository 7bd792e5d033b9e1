//! What is out of the ordinary in one day of the bank. Counting knows no reasons: that is what the auditor is for.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use platform::ids::{BranchId, CardholderId, StaffId};
use serde_json::{Value, json};
use web::Snapshot;

use super::{
    model::AnomalyKind,
    repo::{Habit, HourOf},
};

/// Fewer than these are never many, whatever the habit.
const HOUR_FLOOR: i64 = 30;
const DAY_FLOOR: i64 = 80;
/// As many times the median of the thirty days before are many.
const TIMES: i64 = 3;
/// Cardholders seen at night that are worth a look.
const NIGHT_FLOOR: usize = 3;
const REFUSALS_FLOOR: i64 = 10;
/// The bank sleeps from nine in the evening to seven in the morning.
const DAY_BEGINS: u32 = 7;
const DAY_ENDS: u32 = 21;
pub(super) const BANK_OFFSET: TimeDelta = TimeDelta::hours(8);

/// Something found, before it is a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub kind: AnomalyKind,
    pub staff_id: StaffId,
    pub branch_id: BranchId,
    pub cardholder_id: Option<CardholderId>,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    pub params: Value,
}

/// Everything one person did in the day.
pub(super) struct DayOf<'a> {
    pub staff_id: StaffId,
    pub branch_id: BranchId,
    hours: &'a [HourOf],
    pub seen: BTreeSet<CardholderId>,
    /// Look-ups that nothing was done for: cardholders who were looked at for nothing, and searches that led to nobody.
    pub idle: i64,
    /// The same of the hour that had most.
    pub busiest: i64,
}

/// Who was seen: their home and name.
pub(super) type Seen = HashMap<CardholderId, (BranchId, Option<String>)>;

/// The hours, sorted by person, as days.
pub(super) fn days(hours: &[HourOf]) -> Vec<DayOf<'_>> {
    let day = |hours: &'_ [HourOf]| {
        let first = hours.first()?;
        Some((first.staff_id, first.branch_id))
    };
    let groups = hours.chunk_by(|one, other| one.staff_id == other.staff_id);
    groups
        .filter_map(|hours| {
            let (staff_id, branch_id) = day(hours)?;
            let served: BTreeSet<CardholderId> =
                hours.iter().flat_map(|hour| hour.served.iter().copied()).collect();
            let seen: BTreeSet<CardholderId> =
                hours.iter().flat_map(|hour| hour.seen.iter().copied()).collect();
            let searches = hours.iter().map(|hour| hour.searches).sum();
            let busiest = hours.iter().map(|hour| idle(&hour.seen, &served, hour.searches)).max();
            Some(DayOf {
                staff_id,
                branch_id,
                hours,
                idle: idle(&seen, &served, searches),
                busiest: busiest.unwrap_or(0),
                seen,
            })
        })
        .collect()
}

/// Whoever is served is looked for and looked at before.
fn idle<'a>(
    seen: impl IntoIterator<Item = &'a CardholderId>,
    served: &BTreeSet<CardholderId>,
    searches: i64,
) -> i64 {
    let (mut of_use, mut idle) = (0, 0);
    for id in seen {
        *if served.contains(id) { &mut of_use } else { &mut idle } += 1;
    }
    idle + (searches - of_use - idle).max(0)
}

impl DayOf<'_> {
    pub(super) fn findings(&self, habit: Option<&Habit>, seen: &Seen, bank: &Snapshot) -> Vec<Finding> {
        let mut found = Vec::new();
        let usual = habit.map_or((0, 0), |habit| (habit.per_day, habit.per_hour));
        found.extend(self.many(AnomalyKind::BusyDay, self.idle, usual.0, DAY_FLOOR));
        found.extend(self.many(AnomalyKind::BusyHour, self.busiest, usual.1, HOUR_FLOOR));
        found.extend(self.at_night());
        found.extend(self.elsewhere(seen, bank));
        found.extend(self.colleagues(seen, bank));
        let refused: i64 = self.hours.iter().map(|hour| hour.refused).sum();
        if refused >= REFUSALS_FLOOR {
            found.push(self.finding(AnomalyKind::Refusals, None, json!({ "count": refused })));
        }
        let notes: i64 = self.hours.iter().map(|hour| hour.quota_notes).sum();
        if notes > 0 {
            found.push(self.finding(AnomalyKind::RevealQuota, None, json!({ "count": notes })));
        }
        found
    }

    fn many(&self, kind: AnomalyKind, count: i64, usual: i64, floor: i64) -> Option<Finding> {
        let limit = floor.max(usual * TIMES);
        let params = json!({ "count": count, "usual": usual, "limit": limit });
        (count > limit).then(|| self.finding(kind, None, params))
    }

    fn at_night(&self) -> Option<Finding> {
        let is_night = |hour: &&HourOf| {
            let clock = (hour.first_at + BANK_OFFSET).hour();
            !(DAY_BEGINS..DAY_ENDS).contains(&clock) && !hour.seen.is_empty()
        };
        let nights: Vec<&HourOf> = self.hours.iter().filter(is_night).collect();
        let seen: BTreeSet<_> = nights.iter().flat_map(|hour| hour.seen.iter()).collect();
        let (first, last) = (nights.first()?, nights.last()?);
        let finding = self.finding(AnomalyKind::Night, None, json!({ "count": seen.len() }));
        (seen.len() >= NIGHT_FLOOR).then_some(Finding {
            first_at: first.first_at,
            last_at: last.last_at,
            ..finding
        })
    }

    /// Of those who work for a part of the bank: the others were opened by break-glass.
    fn elsewhere(&self, seen: &Seen, bank: &Snapshot) -> Option<Finding> {
        let entry = bank.staff.get(&self.staff_id)?;
        if entry.scope == platform::Scope::Bank {
            return None;
        }
        let own = bank.branches.get(&self.branch_id).map(|branch| branch.sub_tree.clone())?;
        let is_elsewhere = |id: &&CardholderId| {
            seen.get(id).is_some_and(|(branch_id, _)| own.binary_search(branch_id).is_err())
        };
        let count = self.seen.iter().filter(is_elsewhere).count();
        (count > 0).then(|| self.finding(AnomalyKind::OtherBranch, None, json!({ "count": count })))
    }

    /// The bank keeps no link between its staff and their own accounts. A cardholder of the same full name at the branch where
    /// that member of staff works may be the same person; a shared surname says nothing and is not looked at.
    fn colleagues(&self, seen: &Seen, bank: &Snapshot) -> Vec<Finding> {
        let same = |id: &CardholderId| {
            let (home, name) = seen.get(id)?;
            bank.staff
                .iter()
                .find(|(_, member)| Some(&member.name) == name.as_ref() && member.branch_id == *home)
                .map(|(staff_id, _)| (*id, *staff_id))
        };
        let found = self.seen.iter().filter_map(same);
        found
            .map(|(id, staff_id)| {
                let params = json!({ "is_self": staff_id == self.staff_id, "colleague_id": staff_id });
                self.finding(AnomalyKind::PossibleColleague, Some(id), params)
            })
            .collect()
    }

    fn finding(&self, kind: AnomalyKind, cardholder_id: Option<CardholderId>, params: Value) -> Finding {
        let begins = self.hours.iter().map(|hour| hour.first_at).min().unwrap_or_default();
        let ends = self.hours.iter().map(|hour| hour.last_at).max().unwrap_or_default();
        Finding {
            kind,
            staff_id: self.staff_id,
            branch_id: self.branch_id,
            cardholder_id,
            first_at: begins,
            last_at: ends,
            params,
        }
    }
}

/// The bank's day as a span of time.
pub(super) fn span_of(day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let begins = day.and_time(chrono::NaiveTime::MIN).and_utc() - BANK_OFFSET;
    (begins, begins + TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn people(range: std::ops::Range<u128>) -> Vec<CardholderId> {
        range.map(|n| CardholderId(Uuid::from_u128(1_000 + n))).collect()
    }

    fn hour(at: &str, seen: std::ops::Range<u128>) -> HourOf {
        let first_at: DateTime<Utc> = at.parse().unwrap();
        HourOf {
            staff_id: StaffId(Uuid::from_u128(1)),
            branch_id: BranchId(Uuid::from_u128(2)),
            first_at,
            last_at: first_at,
            seen: people(seen),
            served: Vec::new(),
            searches: 0,
            refused: 0,
            quota_notes: 0,
        }
    }

    fn kinds(hours: &[HourOf], habit: Option<(i64, i64)>) -> Vec<AnomalyKind> {
        let habit = habit.map(|(per_day, per_hour)| Habit {
            staff_id: StaffId(Uuid::from_u128(1)),
            per_day,
            per_hour,
        });
        let days = days(hours);
        let found = days[0].findings(habit.as_ref(), &Seen::new(), &Snapshot::default());
        found.into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn many_is_more_than_the_floor_and_than_thrice_the_habit() {
        let hours = [hour("2026-11-02T02:00:00Z", 0..50), hour("2026-11-02T03:00:00Z", 50..90)];
        assert_eq!(kinds(&hours, None), [AnomalyKind::BusyDay, AnomalyKind::BusyHour]);
        assert_eq!(kinds(&hours, Some((30, 12))), [AnomalyKind::BusyHour]);
        assert_eq!(kinds(&hours, Some((30, 17))), []);
        assert_eq!(kinds(&hours[..1], Some((0, 20))), []);
    }

    #[test]
    fn whoever_was_served_does_not_count_and_searches_that_led_nowhere_do() {
        let busy = hour("2026-11-02T02:00:00Z", 0..50);
        let later = HourOf { served: people(10..50), ..hour("2026-11-02T05:00:00Z", 0..0) };
        assert_eq!(kinds(&[busy.clone(), later], None), []);
        let searching = |searches| HourOf { searches, ..hour("2026-11-02T02:00:00Z", 0..20) };
        assert_eq!(kinds(&[searching(30)], None), []);
        assert_eq!(kinds(&[searching(31)], None), [AnomalyKind::BusyHour]);
        let served = HourOf { served: people(0..20), ..searching(50) };
        assert_eq!(days(&[served])[0].idle, 30);
    }

    #[test]
    fn the_same_cardholder_counts_once_a_day() {
        let hours = [hour("2026-11-02T02:00:00Z", 0..30), hour("2026-11-02T03:00:00Z", 0..30)];
        assert_eq!(days(&hours)[0].seen.len(), 30);
    }

    #[test]
    fn night_is_told_by_the_banks_clock() {
        // 06:30, 07:00, 20:59 and 21:00 in Shanghai.
        assert_eq!(kinds(&[hour("2026-11-01T22:30:00Z", 0..3)], None), [AnomalyKind::Night]);
        assert_eq!(kinds(&[hour("2026-11-01T23:00:00Z", 0..3)], None), []);
        assert_eq!(kinds(&[hour("2026-11-02T12:59:00Z", 0..3)], None), []);
        assert_eq!(kinds(&[hour("2026-11-02T13:00:00Z", 0..3)], None), [AnomalyKind::Night]);
        assert_eq!(kinds(&[hour("2026-11-02T13:00:00Z", 0..2)], None), []);
    }
}

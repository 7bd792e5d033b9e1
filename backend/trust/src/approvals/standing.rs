//! Where a request stands and what may follow: the rules alone, without the database.

use chrono::{DateTime, Utc};
use platform::ids::StaffId;
use uuid::Uuid;

use super::{
    faults::ApprovalError,
    model::{ApprovalRow, ApprovalStatus},
};

impl ApprovalStatus {
    /// Whether this may become that.
    pub(super) fn may_become(self, next: Self) -> bool {
        use ApprovalStatus::{Approved, Executed, Expired, Failed, Pending, Rejected, Stale, Withdrawn};
        matches!(
            (self, next),
            (Pending, Approved | Executed | Rejected | Withdrawn | Expired | Stale)
                | (Approved, Executed | Failed)
        )
    }

    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Approved)
    }
}

/// What the rules need to know of a request.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub status: ApprovalStatus,
    pub maker_id: StaffId,
    /// What it is about: perhaps a member of staff.
    pub object_id: Uuid,
    pub approvals_needed: i16,
    pub expires_at: DateTime<Utc>,
    /// Who has approved.
    pub checkers: Vec<StaffId>,
}

impl Standing {
    pub(super) fn of(row: &ApprovalRow, checkers: Vec<StaffId>) -> Self {
        Self {
            status: row.status,
            maker_id: row.maker_id,
            object_id: row.object_id,
            approvals_needed: row.approvals_needed,
            expires_at: row.expires_at,
            checkers,
        }
    }

    pub(super) fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.status == ApprovalStatus::Pending && self.expires_at <= now
    }

    /// Whether this person's decision counts.
    pub(super) fn admit(&self, checker_id: StaffId) -> Result<(), ApprovalError> {
        if self.status != ApprovalStatus::Pending {
            return Err(ApprovalError::NotPending { status: self.status });
        }
        if checker_id == self.maker_id {
            return Err(ApprovalError::OwnRequest);
        }
        if checker_id.0 == self.object_id {
            return Err(ApprovalError::OwnCase);
        }
        if self.checkers.contains(&checker_id) {
            return Err(ApprovalError::DecidedAlready);
        }
        Ok(())
    }

    /// Whether one more approval is the last.
    pub(super) fn is_decided_by_one_more(&self) -> bool {
        self.checkers.len() + 1 >= usize::try_from(self.approvals_needed).unwrap_or(usize::MAX)
    }

    /// Whether this person may take the request back.
    pub(super) fn admit_withdrawal(&self, staff_id: StaffId) -> Result<(), ApprovalError> {
        if staff_id != self.maker_id {
            return Err(ApprovalError::Missing);
        }
        if self.status != ApprovalStatus::Pending {
            return Err(ApprovalError::NotPending { status: self.status });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone)]
    enum Event {
        Approve(u8),
        Reject(u8),
        Withdraw(u8),
        /// Somebody changes what it was asked upon.
        BaseMoves,
        HoursPass(i64),
        ExpiryJob,
        JobEnds {
            is_done: bool,
        },
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            4 => (0..6_u8).prop_map(Event::Approve),
            1 => (0..6_u8).prop_map(Event::Reject),
            1 => (0..6_u8).prop_map(Event::Withdraw),
            1 => Just(Event::BaseMoves),
            1 => (1..40_i64).prop_map(Event::HoursPass),
            1 => Just(Event::ExpiryJob),
            2 => any::<bool>().prop_map(|is_done| Event::JobEnds { is_done }),
        ]
    }

    /// A request with the world around it, moved by the same rules that the use cases ask.
    struct World {
        standing: Standing,
        now: DateTime<Utc>,
        is_base_moved: bool,
        is_done_later: bool,
        executions: u32,
        path: Vec<ApprovalStatus>,
    }

    fn person(n: u8) -> StaffId {
        StaffId(Uuid::from_u128(u128::from(n)))
    }

    impl World {
        fn new(needed: i16, is_done_later: bool) -> Self {
            let now = DateTime::UNIX_EPOCH;
            let standing = Standing {
                status: ApprovalStatus::Pending,
                maker_id: person(0),
                object_id: person(1).0,
                approvals_needed: needed,
                expires_at: now + TimeDelta::hours(72),
                checkers: Vec::new(),
            };
            Self {
                standing,
                now,
                is_base_moved: false,
                is_done_later,
                executions: 0,
                path: vec![ApprovalStatus::Pending],
            }
        }

        fn become_(&mut self, next: ApprovalStatus) {
            assert!(self.standing.status.may_become(next), "{:?} → {next:?}", self.standing.status);
            self.standing.status = next;
            self.path.push(next);
        }

        /// As `decide::approve` and `decide::reject` do.
        fn decide(&mut self, who: StaffId, is_yes: bool) {
            if self.standing.admit(who).is_err() {
                return;
            }
            if self.standing.is_overdue(self.now) {
                return self.become_(ApprovalStatus::Expired);
            }
            if !is_yes {
                return self.become_(ApprovalStatus::Rejected);
            }
            let is_last = self.standing.is_decided_by_one_more();
            if is_last && self.is_base_moved {
                return self.become_(ApprovalStatus::Stale);
            }
            self.standing.checkers.push(who);
            if is_last && self.is_done_later {
                self.become_(ApprovalStatus::Approved);
            } else if is_last {
                self.executions += 1;
                self.become_(ApprovalStatus::Executed);
            }
        }

        fn happen(&mut self, event: &Event) {
            match event {
                Event::Approve(n) => self.decide(person(*n), true),
                Event::Reject(n) => self.decide(person(*n), false),
                Event::Withdraw(n) => {
                    if self.standing.admit_withdrawal(person(*n)).is_ok() {
                        self.become_(ApprovalStatus::Withdrawn);
                    }
                }
                Event::BaseMoves => self.is_base_moved = true,
                Event::HoursPass(hours) => self.now += TimeDelta::hours(*hours),
                Event::ExpiryJob => {
                    if self.standing.is_overdue(self.now) {
                        self.become_(ApprovalStatus::Expired);
                    }
                }
                Event::JobEnds { is_done } => {
                    let next = if *is_done { ApprovalStatus::Executed } else { ApprovalStatus::Failed };
                    if self.standing.status.may_become(next)
                        && self.standing.status == ApprovalStatus::Approved
                    {
                        self.executions += u32::from(*is_done);
                        self.become_(next);
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_run_of_events_reaches_what_the_rules_forbid(
            needed in 1..=3_i16,
            is_done_later in any::<bool>(),
            events in proptest::collection::vec(event(), 0..40),
        ) {
            let mut world = World::new(needed, is_done_later);
            for event in &events {
                let before = world.standing.status;
                world.happen(event);
                // What has ended stays as it is.
                prop_assert!(before.is_open() || world.standing.status == before);
                prop_assert!(world.executions <= 1);
                let Standing { checkers, maker_id, object_id, .. } = &world.standing;
                prop_assert!(!checkers.contains(maker_id) && !checkers.iter().any(|checker| checker.0 == *object_id));
                let mut distinct = checkers.clone();
                distinct.sort();
                distinct.dedup();
                prop_assert_eq!(distinct.len(), checkers.len());
            }
            let is_executed = world.standing.status == ApprovalStatus::Executed;
            prop_assert_eq!(world.executions == 1, is_executed);
            let is_decided = matches!(world.standing.status, ApprovalStatus::Executed | ApprovalStatus::Approved | ApprovalStatus::Failed);
            prop_assert_eq!(is_decided, world.standing.checkers.len() == usize::try_from(needed).unwrap());
            prop_assert!(world.path.windows(2).all(|pair| pair[0].may_become(pair[1])));
        }
    }

    #[test]
    fn what_has_ended_becomes_nothing_else() {
        for from in ApprovalStatus::ALL.iter().filter(|status| !status.is_open()) {
            assert!(ApprovalStatus::ALL.iter().all(|to| !from.may_become(*to)), "{from}");
        }
    }
}

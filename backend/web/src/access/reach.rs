//! Whose cardholders a caller's query may touch.

use std::sync::Arc;

use platform::ids::{BranchId, CardholderId, StaffId};

/// The part of the bank that somebody works in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// The whole bank.
    Bank,
    /// Cardholders whose home branch is one of these (sorted).
    Branches(Arc<[BranchId]>),
    /// Cardholders managed by this member of staff.
    Managed(StaffId),
}

/// Applied by every list, get, search and aggregate. Lists go by the span alone; a single cardholder may also be read when
/// their record was opened by break-glass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub span: Span,
    /// Sorted.
    opened: Arc<[CardholderId]>,
}

impl From<Span> for Reach {
    fn from(span: Span) -> Self {
        Self { span, opened: Arc::from([]) }
    }
}

impl Reach {
    /// The same, and these cardholders (sorted) one by one.
    #[must_use]
    pub fn with_opened(self, opened: Arc<[CardholderId]>) -> Self {
        Self { opened, ..self }
    }

    /// Whether this cardholder with this home branch and manager may be seen.
    pub fn covers(
        &self,
        cardholder_id: CardholderId,
        branch_id: BranchId,
        manager_id: Option<StaffId>,
    ) -> bool {
        let is_within = match &self.span {
            Span::Bank => true,
            Span::Branches(branches) => branches.binary_search(&branch_id).is_ok(),
            Span::Managed(staff_id) => manager_id == Some(*staff_id),
        };
        is_within || self.opened.binary_search(&cardholder_id).is_ok()
    }

    /// Whether nobody is within the other who is not within this one too. What was opened one by one is not carried along.
    pub fn contains(&self, other: &Self) -> bool {
        match (&self.span, &other.span) {
            (Span::Bank, _) => true,
            (Span::Branches(mine), Span::Branches(theirs)) => {
                theirs.iter().all(|branch| mine.binary_search(branch).is_ok())
            }
            // Whom somebody looks after may be at home anywhere.
            (mine, theirs) => mine == theirs,
        }
    }

    /// Whether somebody may be created in, or moved to, this branch.
    pub fn covers_branch(&self, branch_id: BranchId) -> bool {
        match &self.span {
            Span::Bank => true,
            Span::Branches(branches) => branches.binary_search(&branch_id).is_ok(),
            Span::Managed(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_part_holds_itself_and_what_is_smaller() {
        let branch = |n: u128| BranchId(Uuid::from_u128(n));
        let of = |branches: &[u128]| {
            Reach::from(Span::Branches(branches.iter().map(|n| branch(*n)).collect::<Vec<_>>().into()))
        };
        let own = |n: u128| Reach::from(Span::Managed(StaffId(Uuid::from_u128(n))));
        let bank = Reach::from(Span::Bank);
        for other in [&bank, &of(&[1, 2]), &own(1)] {
            assert!(bank.contains(other) && other.contains(other));
        }
        assert!(of(&[1, 2, 3]).contains(&of(&[1, 3])) && of(&[1]).contains(&of(&[])));
        assert!(
            !of(&[1, 3]).contains(&of(&[1, 2])) && !of(&[1]).contains(&bank) && !own(1).contains(&own(2))
        );
        assert!(!of(&[1]).contains(&own(1)) && !own(1).contains(&of(&[1])));
    }
}

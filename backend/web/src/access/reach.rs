//! Whose cardholders a caller's query may touch.

use std::sync::Arc;

use platform::ids::{BranchId, StaffId};

/// Applied by every list, get, search and aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The whole bank.
    Bank,
    /// Cardholders whose home branch is one of these (sorted).
    Branches(Arc<[BranchId]>),
    /// Cardholders managed by this member of staff.
    Managed(StaffId),
}

impl Reach {
    /// Whether a cardholder with this home branch and manager may be seen.
    pub fn covers(&self, branch_id: BranchId, manager_id: Option<StaffId>) -> bool {
        match self {
            Self::Bank => true,
            Self::Branches(branches) => branches.binary_search(&branch_id).is_ok(),
            Self::Managed(staff_id) => manager_id == Some(*staff_id),
        }
    }

    /// Whether somebody may be created in, or moved to, this branch.
    pub fn covers_branch(&self, branch_id: BranchId) -> bool {
        match self {
            Self::Bank => true,
            Self::Branches(branches) => branches.binary_search(&branch_id).is_ok(),
            Self::Managed(_) => false,
        }
    }
}

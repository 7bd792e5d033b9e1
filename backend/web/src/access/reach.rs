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

    /// Whether somebody may be created in, or moved to, this branch.
    pub fn covers_branch(&self, branch_id: BranchId) -> bool {
        match &self.span {
            Span::Bank => true,
            Span::Branches(branches) => branches.binary_search(&branch_id).is_ok(),
            Span::Managed(_) => false,
        }
    }
}

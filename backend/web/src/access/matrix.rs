//! The table an auditor asks for first: role × permission, role × field class, role × default scope.

use platform::{Role, Scope};

use super::{FieldClass, Permission};

use FieldClass::{Financial, Open, Personal};
use Permission::{
    AccessLogRead, AccountsRead, AnomaliesRead, AnomaliesReview, ApprovalsDecide, ApprovalsRead, AuditRead,
    BranchesRead, BranchesWrite, BreakGlassRead, BreakGlassReview, BreakGlassUse, CardholdersApprove,
    CardholdersLifecycle, CardholdersRead, CardholdersReveal, CardholdersWrite, CardsFreeze,
    ConsentTextsWrite, ConsentsRead, ConsentsWrite, ExportsApprove, ExportsRun, ImportsWrite, JobsRead,
    JobsWrite, KeysRead, KeysRotate, LegalHoldsWrite, RetentionRead, RetentionRun, StaffApprove, StaffRead,
    StaffWrite, StatisticsRead, SubjectPackagesOpen, SubjectRequestsHandle, SubjectRequestsRead,
    SubjectRequestsWrite, TransactionsRead, ViewsWrite, WorkItemsWrite,
};

/// One line per role: what it may do, what it sees, whose cardholders.
#[rustfmt::skip]
const MATRIX: &[(Role, &[Permission], &[FieldClass], Scope)] = &[
    (Role::Teller,              &[CardholdersRead, CardholdersWrite, CardholdersReveal, AccountsRead, CardsFreeze, TransactionsRead, BranchesRead, ViewsWrite, BreakGlassRead, BreakGlassUse, WorkItemsWrite, ApprovalsRead, ConsentsRead, ConsentsWrite, SubjectRequestsRead, SubjectRequestsWrite],
                                &[Open, Personal, Financial], Scope::Branch),
    (Role::RelationshipManager, &[CardholdersRead, CardholdersWrite, CardholdersReveal, AccountsRead, TransactionsRead, BranchesRead, ViewsWrite, BreakGlassRead, BreakGlassUse, WorkItemsWrite, ApprovalsRead, ConsentsRead, ConsentsWrite, SubjectRequestsRead, SubjectRequestsWrite, ExportsRun, StatisticsRead],
                                &[Open, Personal, Financial], Scope::Branch),
    (Role::ServiceAgent,        &[CardholdersRead, CardholdersReveal, AccountsRead, CardsFreeze, TransactionsRead, BranchesRead, ViewsWrite, WorkItemsWrite, ConsentsRead, ConsentsWrite, SubjectRequestsRead, SubjectRequestsWrite],
                                &[Open, Personal], Scope::Bank),
    (Role::RiskOfficer,         &[CardholdersRead, CardholdersReveal, AccountsRead, CardsFreeze, TransactionsRead, BranchesRead, ViewsWrite, BreakGlassRead, BreakGlassUse, WorkItemsWrite, ConsentsRead, ExportsRun, StatisticsRead],
                                &[Open, Personal, Financial], Scope::SubTree),
    (Role::RiskManager,         &[CardholdersRead, CardholdersReveal, CardholdersLifecycle, AccountsRead, CardsFreeze, TransactionsRead, BranchesRead, JobsRead, ViewsWrite, BreakGlassRead, BreakGlassReview, WorkItemsWrite, AccessLogRead, AnomaliesRead, ApprovalsRead, ApprovalsDecide, CardholdersApprove, ExportsApprove, ConsentsRead, ConsentTextsWrite, SubjectRequestsRead, SubjectRequestsHandle, SubjectPackagesOpen, LegalHoldsWrite, ExportsRun, StatisticsRead],
                                &[Open, Personal, Financial], Scope::Bank),
    (Role::Marketer,            &[CardholdersRead, AccountsRead, BranchesRead, ViewsWrite, WorkItemsWrite, ConsentsRead, StatisticsRead],
                                &[Open], Scope::SubTree),
    (Role::MarketingManager,    &[CardholdersRead, AccountsRead, BranchesRead, JobsRead, ViewsWrite, WorkItemsWrite, ConsentsRead, ExportsRun, StatisticsRead],
                                &[Open, Personal], Scope::Bank),
    (Role::BranchManager,       &[CardholdersRead, CardholdersWrite, CardholdersReveal, CardholdersLifecycle, AccountsRead, CardsFreeze, TransactionsRead, StaffRead, BranchesRead, ViewsWrite, BreakGlassRead, BreakGlassUse, BreakGlassReview, WorkItemsWrite, AccessLogRead, AnomaliesRead, ApprovalsRead, ApprovalsDecide, CardholdersApprove, StaffApprove, ExportsApprove, ConsentsRead, ConsentsWrite, SubjectRequestsRead, SubjectRequestsWrite, SubjectRequestsHandle, SubjectPackagesOpen, ExportsRun, StatisticsRead, ImportsWrite],
                                &[Open, Personal, Financial], Scope::SubTree),
    (Role::Auditor,             &[CardholdersRead, AccountsRead, TransactionsRead, StaffRead, BranchesRead, AuditRead, KeysRead, JobsRead, ViewsWrite, BreakGlassRead, WorkItemsWrite, AccessLogRead, AnomaliesRead, AnomaliesReview, ApprovalsRead, ConsentsRead, SubjectRequestsRead, ExportsRun, StatisticsRead, RetentionRead],
                                &[Open, Personal, Financial], Scope::Bank),
    (Role::Admin,               &[StaffRead, StaffWrite, BranchesRead, BranchesWrite, AuditRead, KeysRead, KeysRotate, JobsRead, JobsWrite, ViewsWrite, WorkItemsWrite, ApprovalsRead, ApprovalsDecide, StaffApprove, RetentionRead, RetentionRun],
                                &[Open], Scope::Bank),
];

fn line(role: Role) -> Option<&'static (Role, &'static [Permission], &'static [FieldClass], Scope)> {
    MATRIX.iter().find(|(of, ..)| *of == role)
}

pub fn may(role: Role, permission: Permission) -> bool {
    permissions_of(role).contains(&permission)
}

pub fn permissions_of(role: Role) -> &'static [Permission] {
    line(role).map_or(&[], |(_, permissions, ..)| permissions)
}

pub fn sees(role: Role, class: FieldClass) -> bool {
    line(role).is_some_and(|(_, _, classes, _)| classes.contains(&class))
}

/// The classes of fields that a role sees, from the least to the most sensitive.
pub fn classes_of(role: Role) -> Vec<FieldClass> {
    FieldClass::ALL.iter().copied().filter(|class| sees(role, *class)).collect()
}

/// The scope a new member of staff gets unless another is named.
pub fn default_scope(role: Role) -> Scope {
    line(role).map_or(Scope::Own, |(.., scope)| *scope)
}

/// Those who approve: they must have a second factor.
pub const OWE_SECOND_FACTOR: &[Role] =
    &[Role::RiskOfficer, Role::RiskManager, Role::BranchManager, Role::MarketingManager, Role::Admin];

pub fn owes_second_factor(role: Role) -> bool {
    OWE_SECOND_FACTOR.contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_line_and_no_permission_is_nobodys() {
        for role in Role::ALL {
            assert!(line(*role).is_some(), "{role}");
        }
        for permission in Permission::ALL {
            assert!(Role::ALL.iter().any(|role| may(*role, *permission)), "{permission}");
        }
    }

    #[test]
    fn whoever_opens_a_package_may_be_shown_what_is_in_it() {
        let needed = [Permission::CardholdersReveal, Permission::SubjectRequestsRead];
        for role in Role::ALL.iter().filter(|role| may(**role, Permission::SubjectPackagesOpen)) {
            assert!(needed.iter().all(|permission| may(*role, *permission)), "{role}");
            assert!([Personal, Financial].iter().all(|class| sees(*role, *class)), "{role}");
        }
    }
}

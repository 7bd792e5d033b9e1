//! Who is shown what.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use platform::{Role, ids::StaffId};
use web::{Permission, Reach};

use super::model::{Figure, Listing};
use Figure::{
    ApprovalsWaiting, AuditEntriesToday, BranchCardholders, BranchesOpen, JobsFailed, JobsRunning,
    MyCardholders, OpenedThisMonth, PastDueMinor, PastDueStatements, Prospects, SignInsRefused, StaffActive,
    StaffLocked,
};
use Listing::{BirthdaysThisWeek, NoManager, PastDue, RecentlyOpened};

/// One line per role. Nobody is shown what an operation of the same matter would refuse them; a test compares.
#[rustfmt::skip]
const PLAN: &[(Role, &[Figure], &[Listing])] = &[
    (Role::Teller,              &[BranchCardholders, OpenedThisMonth, Figure::FrozenCards, Figure::Dormant],
                                &[RecentlyOpened, Listing::FrozenCards]),
    (Role::RelationshipManager, &[MyCardholders, OpenedThisMonth, Prospects, Figure::Dormant],
                                &[BirthdaysThisWeek, RecentlyOpened, Listing::Dormant]),
    (Role::ServiceAgent,        &[BranchCardholders, OpenedThisMonth, Figure::FrozenCards],
                                &[Listing::FrozenCards, RecentlyOpened]),
    (Role::RiskOfficer,         &[PastDueStatements, PastDueMinor, Figure::FrozenCards, BranchCardholders],
                                &[PastDue, Listing::FrozenCards]),
    (Role::RiskManager,         &[ApprovalsWaiting, PastDueStatements, PastDueMinor, Figure::FrozenCards, JobsFailed],
                                &[PastDue, Listing::FrozenCards]),
    (Role::Marketer,            &[BranchCardholders, OpenedThisMonth, Prospects, Figure::Dormant],
                                &[RecentlyOpened, Listing::Dormant]),
    (Role::MarketingManager,    &[BranchCardholders, OpenedThisMonth, Prospects, Figure::Dormant, JobsFailed],
                                &[RecentlyOpened, Listing::Dormant]),
    (Role::BranchManager,       &[ApprovalsWaiting, BranchCardholders, OpenedThisMonth, Figure::Dormant, PastDueStatements, StaffActive],
                                &[PastDue, RecentlyOpened, NoManager]),
    (Role::Auditor,             &[AuditEntriesToday, SignInsRefused, StaffActive, JobsFailed],
                                &[Listing::FrozenCards, RecentlyOpened]),
    (Role::Admin,               &[ApprovalsWaiting, StaffActive, StaffLocked, BranchesOpen, SignInsRefused, JobsRunning, JobsFailed],
                                &[]),
];

pub fn figures_of(role: Role) -> &'static [Figure] {
    PLAN.iter().find(|(of, ..)| *of == role).map_or(&[], |(_, figures, _)| figures)
}

pub fn listings_of(role: Role) -> &'static [Listing] {
    PLAN.iter().find(|(of, ..)| *of == role).map_or(&[], |(.., listings)| listings)
}

/// Who asks, whose cardholders they see, and when.
#[derive(Debug, Clone)]
pub struct Asked {
    pub staff_id: StaffId,
    pub reach: Reach,
    pub permissions: &'static [Permission],
    /// The bank's present day.
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
}

impl Asked {
    pub fn month_start(&self) -> NaiveDate {
        self.today.with_day(1).unwrap_or(self.today)
    }

    /// The list that holds what a figure counts, below `/api/v1`.
    pub fn link_of(&self, figure: Figure) -> Option<String> {
        Some(match figure {
            MyCardholders => format!("/cardholders?manager_id={}", self.staff_id),
            BranchCardholders => "/cardholders".to_owned(),
            OpenedThisMonth => format!("/cardholders?opened_from={}", self.month_start()),
            Prospects => "/cardholders?lifecycle=prospect".to_owned(),
            Figure::Dormant => "/cardholders?lifecycle=dormant".to_owned(),
            StaffActive => "/staff?is_active=true".to_owned(),
            BranchesOpen => "/branches".to_owned(),
            JobsRunning => "/jobs?status=running".to_owned(),
            JobsFailed => "/jobs?status=failed".to_owned(),
            SignInsRefused => "/audit_entries?action=sessions.sign_in".to_owned(),
            AuditEntriesToday => "/audit_entries".to_owned(),
            ApprovalsWaiting => "/approvals?decidable=true".to_owned(),
            Figure::FrozenCards | PastDueStatements | PastDueMinor | StaffLocked => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::{FieldClass, access};

    fn needed_for_figure(figure: Figure) -> (Permission, FieldClass) {
        match figure {
            MyCardholders | BranchCardholders | OpenedThisMonth | Prospects | Figure::Dormant => {
                (Permission::CardholdersRead, FieldClass::Open)
            }
            Figure::FrozenCards => (Permission::AccountsRead, FieldClass::Open),
            PastDueStatements | PastDueMinor => (Permission::AccountsRead, FieldClass::Financial),
            StaffActive | StaffLocked => (Permission::StaffRead, FieldClass::Open),
            BranchesOpen => (Permission::BranchesRead, FieldClass::Open),
            JobsRunning | JobsFailed => (Permission::JobsRead, FieldClass::Open),
            SignInsRefused | AuditEntriesToday => (Permission::AuditRead, FieldClass::Open),
            ApprovalsWaiting => (Permission::ApprovalsDecide, FieldClass::Open),
        }
    }

    fn needed_for_listing(listing: Listing) -> (Permission, FieldClass) {
        match listing {
            RecentlyOpened | Listing::Dormant | NoManager => (Permission::CardholdersRead, FieldClass::Open),
            BirthdaysThisWeek => (Permission::CardholdersRead, FieldClass::Personal),
            Listing::FrozenCards => (Permission::AccountsRead, FieldClass::Open),
            PastDue => (Permission::AccountsRead, FieldClass::Financial),
        }
    }

    #[test]
    fn nobody_is_shown_what_their_role_may_not_see() {
        for role in Role::ALL {
            assert!(!figures_of(*role).is_empty(), "{role}");
            let figures = figures_of(*role).iter().map(|figure| needed_for_figure(*figure));
            let listings = listings_of(*role).iter().map(|listing| needed_for_listing(*listing));
            for (permission, class) in figures.chain(listings) {
                assert!(access::may(*role, permission) && access::sees(*role, class), "{role} {permission}");
            }
            let lists_people = !listings_of(*role).is_empty();
            assert!(!lists_people || access::may(*role, Permission::CardholdersRead), "{role}");
        }
    }
}

//! One table of the lists that can be had as a file, and the one gate in front of them: it is asked when a file is asked for, when it
//! is written and when it is fetched, each time by what whoever asked may do then.

use std::collections::HashSet;

use platform::{Role, StaffActor};
use web::{Permission, Sight, access};

use super::{
    faults::ExportError,
    model::{ExportList, ExportRow},
    sources::{ExportColumn, Exporter},
};

/// Whose rows a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportReach {
    /// Of the caller's part of the bank.
    Part,
    /// Of one cardholder in it.
    Cardholder,
    /// Whoever may read it reads all of it.
    Whole,
}

/// One list.
#[derive(Debug, Clone, Copy)]
pub struct ExportRule {
    pub list: ExportList,
    /// What reading the list itself asks for; taking it out asks for `exports:run` besides.
    pub permission: Permission,
    pub reach: ExportReach,
}

/// Every list: whose rows it has and who reads it. That columns of classes somebody does not see are left out, and that nobody
/// filters by them, is the same for all.
#[rustfmt::skip]
pub const EXPORT_RULES: &[ExportRule] = &[
    ExportRule { list: ExportList::Cardholders,  permission: Permission::CardholdersRead,  reach: ExportReach::Part },
    ExportRule { list: ExportList::Transactions, permission: Permission::TransactionsRead, reach: ExportReach::Cardholder },
    ExportRule { list: ExportList::AuditEntries, permission: Permission::AuditRead,        reach: ExportReach::Whole },
    ExportRule { list: ExportList::Statistics,   permission: Permission::StatisticsRead,   reach: ExportReach::Part },
];

/// The list's rule, if this person may take it out.
pub(super) fn admit(exporter: &Exporter, list: ExportList) -> Result<&'static ExportRule, ExportError> {
    let rule = EXPORT_RULES.iter().find(|rule| rule.list == list).ok_or(ExportError::ListForbidden)?;
    let is_allowed = exporter.may(rule.permission) && exporter.may(Permission::ExportsRun);
    if is_allowed { Ok(rule) } else { Err(ExportError::ListForbidden) }
}

/// Whether whoever fetches a file may still have everything that was written into it: they reach whom they reached then, see what
/// they saw then, and read what they read then. Of a file whose powers are not known nothing can be said.
pub(super) fn still_covers(
    exporter: &Exporter,
    row: &ExportRow,
    rule: &ExportRule,
    columns: &[ExportColumn],
) -> bool {
    let (Some(role), Some(scope), Some(branch_id)) =
        (row.written_role, row.written_scope, row.written_branch_id)
    else {
        return false;
    };
    let then = Exporter {
        staff: StaffActor { role, scope, branch_id, ..exporter.staff.clone() },
        directory: exporter.directory.clone(),
        now: exporter.now,
        business_on: exporter.business_on,
    };
    let (before, present) = (Sight::of(role), exporter.sight());
    let is_within = rule.reach == ExportReach::Whole || exporter.reach().contains(&then.reach());
    is_within
        && columns.iter().all(|column| present.sees(column.class()) || !before.sees(column.class()))
        && reads(role).is_subset(&reads(exporter.staff.role))
}

/// What a role reads. Figures tell more to whoever sees the rows behind them.
fn reads(role: Role) -> HashSet<Permission> {
    let all = access::permissions_of(role).iter().copied();
    all.filter(|permission| EXPORT_RULES.iter().any(|rule| rule.permission == *permission))
        .chain(access::may(role, Permission::AccountsRead).then_some(Permission::AccountsRead))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_one_rule() {
        let of = |list: &ExportList| EXPORT_RULES.iter().filter(|rule| rule.list == *list).count();
        assert!(ExportList::ALL.iter().all(|list| of(list) == 1));
    }
}

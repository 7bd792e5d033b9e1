//! The table of what needs an approval: operation, condition, who may ask, who may decide, how many, how long, at which level.
//! A line of the bank's own (`approval_policies`) replaces the standing lines of its operation.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult,
    ids::{BranchId, PolicyId},
    schema::approval_policies,
};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Permission, Snapshot};

use super::model::{ApprovalOperation, AuthorityScope};
use ApprovalOperation::{
    ChangeName, ChangeNationalId, ChangePrimaryPhone, ChangeRole, Erase, Merge, RunExport,
};
use AuthorityScope::{Bank, Branch};
use Permission::{
    CardholdersApprove, CardholdersLifecycle, CardholdersWrite, ExportsApprove, ExportsRun, StaffApprove,
    StaffWrite,
};

/// Rows that anybody may export without asking.
pub const EXPORT_ROWS_FREE: i64 = 5_000;
/// Lines that a bank may have of its own.
const POLICIES_MAX: i64 = 500;

const fn standing(
    operation: ApprovalOperation,
    (maker_permission, checker_permission): (Permission, Permission),
    (approvals_needed, expires_hours): (i16, i32),
    authority_scope: AuthorityScope,
    min_rows: Option<i64>,
) -> ApprovalPolicy {
    ApprovalPolicy {
        policy_id: None,
        operation,
        min_amount_minor: None,
        min_amount_currency: None,
        min_rows,
        field: None,
        maker_permission,
        checker_permission,
        approvals_needed,
        expires_hours,
        authority_scope,
    }
}

/// The standing policy.
#[rustfmt::skip]
const STANDING: &[ApprovalPolicy] = &[
    //       what                who may ask           who may decide       how many, hours  whose level  from how many rows
    standing(ChangeName,         (CardholdersWrite,     CardholdersApprove), (1, 72),         Branch,      None),
    standing(ChangeNationalId,   (CardholdersWrite,     CardholdersApprove), (1, 72),         Branch,      None),
    standing(ChangePrimaryPhone, (CardholdersWrite,     CardholdersApprove), (1, 72),         Branch,      None),
    standing(ChangeRole,         (StaffWrite,           StaffApprove),       (1, 72),         Branch,      None),
    standing(RunExport,          (ExportsRun,           ExportsApprove),     (1, 24),         Branch,      Some(EXPORT_ROWS_FREE + 1)),
    standing(Erase,              (CardholdersLifecycle, CardholdersApprove), (2, 168),        Bank,        None),
    standing(Merge,              (CardholdersWrite,     CardholdersApprove), (1, 72),         Branch,      None),
];

/// One line: from which amount, rows or field on an operation needs how many approvals of whom.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = approval_policies)]
pub struct ApprovalPolicy {
    /// Null for the standing policy.
    #[diesel(select_expression = approval_policies::policy_id.nullable())]
    pub policy_id: Option<PolicyId>,
    pub operation: ApprovalOperation,
    /// From this amount on.
    pub min_amount_minor: Option<i64>,
    pub min_amount_currency: Option<String>,
    /// From so many rows on.
    pub min_rows: Option<i64>,
    /// Only where this field changes.
    pub field: Option<String>,
    pub maker_permission: Permission,
    pub checker_permission: Permission,
    #[schema(minimum = 1, maximum = 3)]
    pub approvals_needed: i16,
    pub expires_hours: i32,
    pub authority_scope: AuthorityScope,
}

/// What a change weighs, for the conditions.
#[derive(Debug, Clone, Default)]
pub struct Weight<'a> {
    pub amount: Option<(i64, &'a str)>,
    pub rows: Option<i64>,
    pub fields: &'a [&'a str],
}

impl ApprovalPolicy {
    fn covers(&self, weight: &Weight<'_>) -> bool {
        let is_enough = match (self.min_amount_minor, &self.min_amount_currency, weight.amount) {
            (None, ..) => true,
            // Amounts of another currency can't be compared, so that they count as large.
            (Some(min), Some(currency), Some((minor, of))) => currency != of || minor >= min,
            (Some(_), ..) => false,
        };
        let is_many = self.min_rows.is_none_or(|min| weight.rows.is_some_and(|rows| rows >= min));
        let is_named = self.field.as_deref().is_none_or(|field| weight.fields.contains(&field));
        is_enough && is_many && is_named
    }

    /// The strictest first.
    fn strictness(&self) -> (i16, AuthorityScope, Option<i64>, Option<i64>) {
        (self.approvals_needed, self.authority_scope, self.min_amount_minor, self.min_rows)
    }
}

/// The place that a checker's scope must cover: the request's branch, or what stands above it at the authority's level.
pub(super) fn authority_branch(directory: &Snapshot, branch_id: BranchId, scope: AuthorityScope) -> BranchId {
    let parent = |id: BranchId| directory.branches.get(&id).and_then(|branch| branch.parent_id);
    let up: Vec<BranchId> = std::iter::successors(Some(branch_id), |id| parent(*id)).take(16).collect();
    let from_top = |steps: usize| up.len().checked_sub(steps + 1).map_or(branch_id, |at| up[at]);
    match scope {
        AuthorityScope::Branch => branch_id,
        AuthorityScope::City => from_top(1),
        AuthorityScope::Bank => from_top(0),
    }
}

/// The policy that this operation needs an approval by; none where it needs none.
pub async fn policy_for(
    conn: &Conn,
    operation: ApprovalOperation,
    weight: &Weight<'_>,
) -> DbResult<Option<ApprovalPolicy>> {
    let lines = in_force(conn).await?.into_iter();
    let covering = lines.filter(|policy| policy.operation == operation && policy.covers(weight));
    Ok(covering.max_by_key(ApprovalPolicy::strictness))
}

/// Every line in force, by operation.
pub(super) async fn in_force(mut conn: &Conn) -> DbResult<Vec<ApprovalPolicy>> {
    let order = (approval_policies::operation, approval_policies::policy_id);
    let own: Vec<ApprovalPolicy> =
        ApprovalPolicy::query().order(order).limit(POLICIES_MAX).load(&mut conn).await?;
    let is_replaced =
        |standing: &ApprovalPolicy| own.iter().any(|policy| policy.operation == standing.operation);
    let mut lines: Vec<ApprovalPolicy> =
        STANDING.iter().filter(|standing| !is_replaced(standing)).cloned().collect();
    lines.extend(own);
    lines.sort_by_key(|policy| (policy.operation, policy.policy_id));
    Ok(lines)
}

/// The operations that somebody who may do these things can ask for.
pub(super) fn asked_for_by(permissions: &[Permission]) -> Vec<ApprovalOperation> {
    let mine = STANDING.iter().filter(|policy| permissions.contains(&policy.maker_permission));
    mine.map(|policy| policy.operation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::Role;
    use web::access;

    #[test]
    fn every_operation_has_a_standing_policy_and_somebody_who_may_decide() {
        for operation in ApprovalOperation::ALL {
            let line = STANDING.iter().find(|policy| policy.operation == *operation).unwrap();
            let decides = |role: &&Role| {
                [Permission::ApprovalsDecide, line.checker_permission].iter().all(|p| access::may(**role, *p))
            };
            assert!(Role::ALL.iter().any(|role| decides(&role)), "{operation}");
        }
    }

    #[test]
    fn whoever_may_decide_a_kind_of_request_may_decide_at_all() {
        for role in Role::ALL {
            let decides = STANDING.iter().any(|policy| access::may(*role, policy.checker_permission));
            assert_eq!(decides, access::may(*role, Permission::ApprovalsDecide), "{role}");
        }
    }

    #[test]
    fn conditions_hold_from_the_bound_on() {
        let above = |min_rows, min_amount: Option<i64>| ApprovalPolicy {
            min_rows,
            min_amount_minor: min_amount,
            min_amount_currency: min_amount.map(|_| "CNY".to_owned()),
            ..STANDING[0].clone()
        };
        let rows = |rows| Weight { rows: Some(rows), ..Weight::default() };
        assert!(above(Some(10), None).covers(&rows(10)) && !above(Some(10), None).covers(&rows(9)));
        let amount = |minor, currency| Weight { amount: Some((minor, currency)), ..Weight::default() };
        let policy = above(None, Some(5_000));
        assert!(policy.covers(&amount(5_000, "CNY")) && !policy.covers(&amount(4_999, "CNY")));
        assert!(policy.covers(&amount(1, "USD")) && !policy.covers(&Weight::default()));
        let field = ApprovalPolicy { field: Some("scope".to_owned()), ..STANDING[0].clone() };
        assert!(field.covers(&Weight { fields: &["role", "scope"], ..Weight::default() }));
        assert!(!field.covers(&Weight { fields: &["role"], ..Weight::default() }));
    }
}

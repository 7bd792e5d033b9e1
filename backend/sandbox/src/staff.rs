//! The bank's people: the sandbox's sign-ins first, then as many as its branches need.

use platform::{Role, Scope, clock::uuid_v7};
use uuid::Uuid;

use crate::branches::{Branch, Kind};
use crate::chance::{Chance, Stream};
use crate::names;
use crate::plan::Plan;
use crate::{BANK_FOUNDED, moment_at};

/// The password of every sandbox sign-in.
pub const PASSWORD: &str = "Cardea-2026";

/// The sign-ins that the product's documents name: number and role.
pub const SIGN_INS: [(&str, Role); 10] = [
    ("T0001", Role::Teller),
    ("R0001", Role::RelationshipManager),
    ("S0001", Role::ServiceAgent),
    ("K0001", Role::RiskOfficer),
    ("K0002", Role::RiskManager),
    ("M0001", Role::Marketer),
    ("M0002", Role::MarketingManager),
    ("B0001", Role::BranchManager),
    ("U0001", Role::Auditor),
    ("A0001", Role::Admin),
];

const TELLERS_PER_BRANCH: u32 = 2;
const MANAGERS_PER_BRANCH: std::ops::RangeInclusive<u32> = 3..=8;
const CARDHOLDERS_PER_MANAGER: u32 = 250;
const CARDHOLDERS_PER_AGENT: u32 = 20_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employee {
    pub staff_id: Uuid,
    pub staff_no: String,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    /// The place of the branch in the tree's list.
    pub branch: usize,
}

/// The scope of a new member of staff, as `web::access::matrix` has it.
pub fn default_scope(role: Role) -> Scope {
    match role {
        Role::Teller | Role::RelationshipManager => Scope::Branch,
        Role::RiskOfficer | Role::Marketer | Role::BranchManager => Scope::SubTree,
        Role::ServiceAgent | Role::RiskManager | Role::MarketingManager | Role::Auditor | Role::Admin => {
            Scope::Bank
        }
    }
}

fn letter(role: Role) -> char {
    match role {
        Role::Teller => 'T',
        Role::RelationshipManager => 'R',
        Role::ServiceAgent => 'S',
        Role::RiskOfficer | Role::RiskManager => 'K',
        Role::Marketer | Role::MarketingManager => 'M',
        Role::BranchManager => 'B',
        Role::Auditor => 'U',
        Role::Admin => 'A',
    }
}

/// Posts in the order in which staff numbers are given, so that the documented sign-ins come first.
fn posts(plan: &Plan, tree: &[Branch]) -> Vec<(Role, usize)> {
    let of = |kind: Kind| (0..tree.len()).filter(move |at| tree[*at].kind == kind);
    let branches = of(Kind::Branch).count().max(1) as u32;
    let managers = (plan.cardholders / branches / CARDHOLDERS_PER_MANAGER)
        .clamp(*MANAGERS_PER_BRANCH.start(), *MANAGERS_PER_BRANCH.end());
    let mut posts = Vec::new();
    for (nth, city) in of(Kind::City).enumerate() {
        posts.push((Role::RiskOfficer, city));
        posts.push((Role::Marketer, city));
        if nth == 0 {
            posts.extend([Role::RiskManager, Role::MarketingManager].map(|role| (role, 0)));
        }
    }
    for branch in of(Kind::Branch) {
        posts.push((Role::BranchManager, branch));
        posts.extend((0..TELLERS_PER_BRANCH).map(|_| (Role::Teller, branch)));
        posts.extend((0..managers).map(|_| (Role::RelationshipManager, branch)));
    }
    posts.extend(of(Kind::City).map(|city| (Role::BranchManager, city)));
    let head =
        [Role::RiskManager, Role::MarketingManager, Role::Auditor, Role::Auditor, Role::Admin, Role::Admin];
    posts.extend(head.map(|role| (role, 0)));
    posts.extend((0..4 + plan.cardholders / CARDHOLDERS_PER_AGENT).map(|_| (Role::ServiceAgent, 0)));
    posts
}

/// Everybody, in the order of the posts.
pub fn employees(plan: &Plan, tree: &[Branch]) -> Vec<Employee> {
    let mut chance = Chance::of(plan.seed, Stream::Staff, 1);
    let mut numbers = std::collections::BTreeMap::<char, u32>::new();
    let posts = posts(plan, tree);
    posts
        .into_iter()
        .map(|(role, branch)| {
            let letter = letter(role);
            let number = numbers.entry(letter).or_default();
            *number += 1;
            Employee {
                staff_id: uuid_v7(moment_at(BANK_FOUNDED, 0), chance.tail()),
                staff_no: format!("{letter}{number:04}"),
                name: names::stranger(&mut chance),
                role,
                scope: default_scope(role),
                branch,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::branches;

    #[test]
    fn the_documented_sign_ins_have_their_roles() {
        for cardholders in [10, 2_000, 1_000_000] {
            let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
            let plan = Plan { seed: 1, cardholders, months: 1, tx_per_month: 1, today };
            let tree = branches::tree(&plan);
            let employees = employees(&plan, &tree);
            for (staff_no, role) in SIGN_INS {
                let employee = employees.iter().find(|employee| employee.staff_no == staff_no).unwrap();
                assert_eq!(employee.role, role, "{staff_no}");
            }
            let numbers: std::collections::BTreeSet<&str> =
                employees.iter().map(|e| e.staff_no.as_str()).collect();
            assert_eq!(numbers.len(), employees.len());
            let branch_of = |no: &str| employees.iter().find(|e| e.staff_no == no).unwrap().branch;
            assert_eq!(branch_of("T0001"), branch_of("R0001"));
            assert_eq!(branch_of("B0001"), branch_of("R0001"));
        }
    }
}

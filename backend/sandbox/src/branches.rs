//! The branch tree: head office, cities in the order the bank grew into them, branches by the people who live there.

use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::chance::{Chance, Stream, scrambled};
use crate::places::{CITIES, coined_of};
use crate::plan::Plan;
use crate::{BANK_FOUNDED, moment_at};

const CITIES_MIN: u32 = 6;
const CITIES_MAX: u32 = 30;
const CARDHOLDERS_PER_CITY: u32 = 5_000;
const BRANCHES_MIN: u32 = 20;
const BRANCHES_MAX: u32 = 900;
const CARDHOLDERS_PER_BRANCH: u32 = 1_500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    HeadOffice,
    City,
    Branch,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HeadOffice => "head_office",
            Self::City => "city",
            Self::Branch => "branch",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub branch_id: Uuid,
    pub code: String,
    pub name: String,
    pub kind: Kind,
    /// The place in the tree's list of the one above.
    pub parent: Option<usize>,
    /// Of [`CITIES`]; the head office has none.
    pub city: Option<u8>,
}

/// The tree, parents before children.
pub fn tree(plan: &Plan) -> Vec<Branch> {
    let mut chance = Chance::of(plan.seed, Stream::Staff, 0);
    let mut id = || uuid_v7(moment_at(BANK_FOUNDED, 0), chance.tail());
    let cities = (CITIES_MIN + plan.cardholders / CARDHOLDERS_PER_CITY).min(CITIES_MAX) as usize;
    let branches = (BRANCHES_MIN + plan.cardholders / CARDHOLDERS_PER_BRANCH).min(BRANCHES_MAX);
    let mut tree = vec![Branch {
        branch_id: id(),
        code: "0000".to_owned(),
        name: "总行".to_owned(),
        kind: Kind::HeadOffice,
        parent: None,
        city: None,
    }];
    for city in 0..cities {
        tree.push(Branch {
            branch_id: id(),
            code: format!("{:02}00", city + 1),
            name: format!("{}分行", CITIES[city].name),
            kind: Kind::City,
            parent: Some(0),
            city: Some(city as u8),
        });
    }
    let mut per_city = vec![0_u32; cities];
    for _ in 0..branches {
        // The next branch goes where most people share one (d'Hondt).
        let crowd = |city: usize| CITIES[city].weight / f64::from(per_city[city] + 1);
        let city = (0..cities).max_by(|a, b| crowd(*a).total_cmp(&crowd(*b)).then(b.cmp(a))).unwrap_or(0);
        let nth = per_city[city];
        per_city[city] += 1;
        tree.push(Branch {
            branch_id: id(),
            code: format!("{:02}{:02}", city + 1, nth + 1),
            name: branch_name(city, nth as usize),
            kind: Kind::Branch,
            parent: Some(1 + city),
            city: Some(city as u8),
        });
    }
    tree
}

/// 上海徐汇支行, and 上海徐汇澄岳路支行 where the district has several.
fn branch_name(city: usize, nth: usize) -> String {
    let districts = &CITIES[city].districts;
    let district = districts[nth % districts.len()];
    let short = district.trim_end_matches("新区").trim_end_matches('区');
    let round = nth / districts.len();
    let road = if round == 0 {
        String::new()
    } else {
        format!("{}路", coined_of(scrambled((city << 16 | nth) as u64)))
    };
    format!("{}{short}{road}支行", CITIES[city].name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(cardholders: u32) -> Plan {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        Plan { seed: 1, cardholders, months: 1, tx_per_month: 1, today }
    }

    #[test]
    fn the_tree_grows_with_the_bank_and_its_codes_are_unique() {
        for (cardholders, cities, branches) in
            [(1, 6, 20), (2_000, 6, 21), (100_000, 26, 86), (5_000_000, 30, 900)]
        {
            let tree = tree(&plan(cardholders));
            let of = |kind| tree.iter().filter(|branch| branch.kind == kind).count();
            assert_eq!((of(Kind::HeadOffice), of(Kind::City), of(Kind::Branch)), (1, cities, branches));
            let codes: std::collections::BTreeSet<&str> =
                tree.iter().map(|branch| branch.code.as_str()).collect();
            assert_eq!(codes.len(), tree.len());
            assert!(
                tree.iter().enumerate().all(|(at, branch)| branch.parent.is_none_or(|parent| parent < at))
            );
        }
    }
}

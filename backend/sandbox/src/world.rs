//! What every part of the bank is made from: calendar, places with branches, staff, employers.

use uuid::Uuid;

use crate::branches::{self, Branch, Kind};
use crate::calendar::Calendar;
use crate::chance::{Chance, running};
use crate::employers::Employers;
use crate::places::CITIES;
use crate::plan::Plan;
use crate::staff::{self, Employee};

/// The people of one branch who act on a cardholder's file.
#[derive(Debug, Default, Clone)]
pub struct Desk {
    /// Places in the list of employees.
    pub managers: Vec<usize>,
    pub tellers: Vec<usize>,
}

#[derive(Debug)]
pub struct World {
    pub plan: Plan,
    pub calendar: Calendar,
    pub tree: Vec<Branch>,
    pub staff: Vec<Employee>,
    pub employers: Employers,
    /// By place in the tree.
    pub desks: Vec<Desk>,
    /// By city: the branches there, places in the tree.
    branches_of: Vec<Vec<usize>>,
    city_running: Vec<f64>,
}

impl World {
    pub fn new(plan: Plan) -> Self {
        let tree = branches::tree(&plan);
        let staff = staff::employees(&plan, &tree);
        let cities = tree.iter().filter(|branch| branch.kind == Kind::City).count();
        let mut branches_of = vec![Vec::new(); cities];
        for (at, branch) in tree.iter().enumerate().filter(|(_, branch)| branch.kind == Kind::Branch) {
            if let Some(city) = branch.city {
                branches_of[usize::from(city)].push(at);
            }
        }
        let mut desks = vec![Desk::default(); tree.len()];
        for (at, employee) in staff.iter().enumerate() {
            match employee.role {
                platform::Role::RelationshipManager => desks[employee.branch].managers.push(at),
                platform::Role::Teller => desks[employee.branch].tellers.push(at),
                _ => {}
            }
        }
        Self {
            calendar: Calendar::new(plan.begins_on(), plan.today),
            employers: Employers::new(&plan, cities),
            city_running: running(CITIES[..cities].iter().map(|city| city.weight)),
            plan,
            tree,
            staff,
            desks,
            branches_of,
        }
    }

    /// Takes the ids that rows already in the database have.
    pub fn adopt(
        &mut self,
        branch_ids: impl Fn(&str) -> Option<Uuid>,
        staff_ids: impl Fn(&str) -> Option<Uuid>,
    ) {
        for branch in &mut self.tree {
            branch.branch_id = branch_ids(&branch.code).unwrap_or(branch.branch_id);
        }
        for employee in &mut self.staff {
            employee.staff_id = staff_ids(&employee.staff_no).unwrap_or(employee.staff_id);
        }
    }

    pub fn some_city(&self, chance: &mut Chance) -> u8 {
        chance.step(&self.city_running) as u8
    }

    pub fn some_branch(&self, city: u8, chance: &mut Chance) -> usize {
        *chance.one(&self.branches_of[usize::from(city)])
    }
}

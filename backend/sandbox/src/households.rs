//! Who lives together, and the chunk of the bank that is made at once. Ties never leave a chunk.

use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::chance::{Chance, Stream};
use crate::people::{self, Draft, Person};
use crate::places::{self, CITIES};
use crate::words::Gender;
use crate::world::World;
use crate::{BANK_FOUNDED, moment_at, names};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kin {
    Head,
    Spouse,
    Child,
    Parent,
}

impl Kin {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Spouse => "spouse",
            Self::Child => "child",
            Self::Parent => "parent",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Household {
    pub household_id: Uuid,
    /// The number of its head in the whole bank.
    pub number: u64,
    pub city: u8,
    pub district: usize,
    /// Place in the tree.
    pub branch: usize,
    pub street: String,
    pub has_landline: bool,
    /// Its people, places in the neighbourhood.
    pub members: std::ops::Range<usize>,
}

/// The people of one chunk.
#[derive(Debug, PartialEq)]
pub struct Neighbourhood {
    pub households: Vec<Household>,
    pub people: Vec<Person>,
}

/// Shapes of households among the bank's cardholders, and how frequent they are.
const SHAPES: &[(f64, &[Kin])] = &[
    (0.46, &[Kin::Head]),
    (0.28, &[Kin::Head, Kin::Spouse]),
    (0.10, &[Kin::Head, Kin::Spouse, Kin::Child]),
    (0.08, &[Kin::Head, Kin::Child]),
    (0.05, &[Kin::Head, Kin::Spouse, Kin::Parent]),
    (0.03, &[Kin::Head, Kin::Spouse, Kin::Child, Kin::Parent]),
];
const ADULT_AGE: i32 = 18;

/// The people of a chunk, household after household.
pub fn settle(world: &World, chunk: u32) -> Neighbourhood {
    let numbers = world.plan.chunk(chunk);
    let weights: Vec<f64> = SHAPES.iter().map(|(weight, _)| *weight).collect();
    let mut neighbourhood =
        Neighbourhood { households: Vec::new(), people: Vec::with_capacity(numbers.len()) };
    let mut next = numbers.start;
    while next < numbers.end {
        let mut chance = Chance::of(world.plan.seed, Stream::Household, u64::from(next));
        let shape = SHAPES[chance.weighed(&weights)].1;
        let size = (shape.len() as u32).min(numbers.end - next);
        let first = neighbourhood.people.len();
        let home = household(world, next, first..first + size as usize, &mut chance);
        for draft in drafts(&shape[..size as usize], next, neighbourhood.households.len(), &mut chance) {
            neighbourhood.people.push(people::draw(world, draft, &home));
        }
        neighbourhood.households.push(home);
        next += size;
    }
    neighbourhood
}

fn household(world: &World, number: u32, members: std::ops::Range<usize>, chance: &mut Chance) -> Household {
    let city = world.some_city(chance);
    Household {
        household_id: uuid_v7(moment_at(BANK_FOUNDED, 0), chance.tail()),
        number: u64::from(number),
        city,
        district: chance.below(CITIES[usize::from(city)].districts.len()),
        branch: world.some_branch(city, chance),
        street: places::street(chance),
        has_landline: chance.happens(0.12),
        members,
    }
}

/// Ages, genders and surnames that fit together.
fn drafts(shape: &[Kin], first: u32, household: usize, chance: &mut Chance) -> Vec<Draft> {
    let is_couple = shape.contains(&Kin::Spouse);
    let (has_grown_child, has_parent) = (shape.contains(&Kin::Child), shape.contains(&Kin::Parent));
    let ages = match (is_couple, has_grown_child, has_parent) {
        (_, true, true) => 43..=54,
        (_, true, false) => 43..=70,
        (true, false, true) => 28..=54,
        (true, ..) => 24..=78,
        _ => 18..=82,
    };
    let head_age = ((40.0 + 13.5 * chance.normal()).round() as i32).clamp(*ages.start(), *ages.end());
    let head = if chance.happens(if is_couple { 0.7 } else { 0.5 }) { Gender::Male } else { Gender::Female };
    let other = if head == Gender::Male { Gender::Female } else { Gender::Male };
    let surname = names::surname(chance);
    let has_child = is_couple && head_age < 55 && chance.happens(0.65) || has_grown_child;
    let child_age = chance.days(ADULT_AGE, (head_age - 24).clamp(ADULT_AGE + 1, 42));
    (first..)
        .zip(shape)
        .map(|(number, kin)| {
            let (gender, age, surname) = match kin {
                Kin::Head => (head, head_age, (shape.len() > 1).then_some(surname)),
                Kin::Spouse => (other, (head_age + chance.days(-4, 3)).max(21), None),
                Kin::Child => {
                    let gender = if chance.happens(0.52) { Gender::Male } else { Gender::Female };
                    (gender, child_age, (head == Gender::Male || !is_couple).then_some(surname))
                }
                Kin::Parent => {
                    let gender = if chance.happens(0.4) { Gender::Male } else { Gender::Female };
                    (
                        gender,
                        (head_age + chance.days(22, 32)).min(93),
                        (gender == head && head == Gender::Male).then_some(surname),
                    )
                }
            };
            let is_couple = is_couple && matches!(kin, Kin::Head | Kin::Spouse);
            let has_child = has_child && matches!(kin, Kin::Head | Kin::Spouse);
            Draft { number, household, kin: *kin, gender, age, surname, has_child, is_couple }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;
    use crate::words::{Lifecycle, MaritalStatus};

    fn neighbourhood() -> Neighbourhood {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        settle(
            &World::new(Plan { seed: 20_261_101, cardholders: 3_000, months: 1, tx_per_month: 20, today }),
            1,
        )
    }

    #[test]
    fn a_chunk_repeats_to_the_last_letter() {
        assert_eq!(neighbourhood(), neighbourhood());
    }

    #[test]
    fn everybody_lives_in_one_household_and_families_fit() {
        let neighbourhood = neighbourhood();
        let mut next = 0;
        for (at, home) in neighbourhood.households.iter().enumerate() {
            assert_eq!(home.members.start, next);
            next = home.members.end;
            let members = &neighbourhood.people[home.members.clone()];
            assert!(members.iter().all(|person| person.household == at && person.city == home.city));
            assert_eq!(members[0].kin, Kin::Head);
            for person in members {
                match person.kin {
                    Kin::Child => assert!(members[0].born + 18 * 365 < person.born, "{person:?}"),
                    Kin::Parent => assert!(person.born + 18 * 365 < members[0].born, "{person:?}"),
                    Kin::Spouse => assert_ne!(person.gender, members[0].gender),
                    Kin::Head => {}
                }
            }
        }
        assert_eq!(next, 1_000);
    }

    #[test]
    fn the_mix_is_a_banks() {
        let people = neighbourhood().people;
        let share = |holds: &dyn Fn(&Person) -> bool| {
            people.iter().filter(|person| holds(person)).count() as f64 / people.len() as f64
        };
        assert!((0.84..0.95).contains(&share(&|p| p.lifecycle == Lifecycle::Active)));
        for lifecycle in [Lifecycle::Prospect, Lifecycle::Dormant, Lifecycle::Closed, Lifecycle::Deceased] {
            assert!((0.001..0.08).contains(&share(&|p| p.lifecycle == lifecycle)), "{lifecycle:?}");
        }
        assert!((0.4..0.6).contains(&share(&|p| p.gender == Gender::Female)));
        assert!((0.4..0.8).contains(&share(&|p| p.marital_status == Some(MaritalStatus::Married))));
        assert!((0.04..0.3).contains(&share(&|p| p.occupation.name == crate::occupations::RETIRED)));
        assert!(
            people.iter().all(|person| person.age_at(person.opened) >= 15
                && person.opened < person.ended.unwrap_or(i32::MAX))
        );
        let mut incomes: Vec<i64> = people.iter().map(|person| person.persona.yearly_income / 100).collect();
        incomes.sort_unstable();
        assert!((60_000..160_000).contains(&incomes[500]), "{}", incomes[500]);
    }
}

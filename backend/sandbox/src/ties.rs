//! Who is tied to whom within a neighbourhood: guarantees, and the money that relatives and friends send each other.
//! A transfer is drawn from the tie alone, so that both ends tell it alike.

use crate::accounts::{Holdings, MAIN};
use crate::calendar::{Day, Hours, Moment, day_at, moment, spring_festival};
use crate::chance::{Chance, Stream};
use crate::destiny::Destiny;
use crate::households::{Kin, Neighbourhood};
use crate::occupations::{self, Livelihood};
use crate::people::Person;
use crate::products::{LOAN_BUSINESS, LOAN_CONSUMER};
use crate::words::Lifecycle;
use crate::world::World;

/// One cardholder answers for another's loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guarantee {
    pub borrower: usize,
    pub guarantor: usize,
    /// Place in the borrower's loans.
    pub loan: usize,
    pub amount: i64,
    /// Guarantees of one circle share it.
    pub circle: Option<u32>,
}

/// Members of a circle in which each answers for the next.
const CIRCLE: std::ops::RangeInclusive<i64> = 3..=6;

/// Guarantee circles among owners of businesses, and single guarantors for the rest.
pub fn guarantees(
    world: &World,
    neighbourhood: &Neighbourhood,
    holdings: &[Holdings],
    chunk: u32,
) -> Vec<Guarantee> {
    let mut chance = Chance::of(world.plan.seed, Stream::Guarantees, u64::from(chunk));
    let loan_of = |at: usize, product: &str| {
        holdings[at].loans.iter().position(|loan| {
            holdings[at].accounts[loan.slot].product_code == product && loan.ends() > world.calendar.begins
        })
    };
    let everybody = 0..neighbourhood.people.len();
    let mut in_business: Vec<(usize, usize)> =
        everybody.clone().filter_map(|at| loan_of(at, LOAN_BUSINESS).map(|loan| (at, loan))).collect();
    let mut found = Vec::new();
    let mut circle = 0;
    while in_business.len() >= *CIRCLE.start() as usize && chance.happens(0.7) {
        let size = (chance.between(*CIRCLE.start(), *CIRCLE.end()) as usize).min(in_business.len());
        let members: Vec<(usize, usize)> = in_business.drain(..size).collect();
        for (nth, (borrower, loan)) in members.iter().enumerate() {
            let mut answers = |other: usize, chance: &mut Chance| {
                let guarantor = members[other % size].0;
                found.push(guarantee(
                    &holdings[*borrower],
                    (*borrower, *loan),
                    guarantor,
                    Some(circle),
                    chance,
                ));
            };
            answers(nth + 1, &mut chance);
            if size > 3 && chance.happens(0.3) {
                answers(nth + 2, &mut chance);
            }
        }
        circle += 1;
    }
    let consumers = everybody.clone().filter_map(|at| loan_of(at, LOAN_CONSUMER).map(|loan| (at, loan)));
    let wanting: Vec<(usize, usize, f64)> = in_business
        .into_iter()
        .map(|(at, loan)| (at, loan, 0.6))
        .chain(consumers.map(|(at, loan)| (at, loan, 0.15)))
        .collect();
    for (borrower, loan, probability) in wanting {
        let guarantor = chance.below(neighbourhood.people.len());
        if chance.happens(probability)
            && guarantor != borrower
            && can_answer(&neighbourhood.people[guarantor])
        {
            found.push(guarantee(&holdings[borrower], (borrower, loan), guarantor, None, &mut chance));
        }
    }
    found
}

fn can_answer(person: &Person) -> bool {
    person.lifecycle == Lifecycle::Active && person.persona.yearly_income > 6_000_000
}

fn guarantee(
    holdings: &Holdings,
    (borrower, loan): (usize, usize),
    guarantor: usize,
    circle: Option<u32>,
    chance: &mut Chance,
) -> Guarantee {
    let share = *chance.one(&[0.3, 0.5, 0.5, 1.0]);
    let amount = (holdings.loans[loan].amount as f64 * share) as i64 / 10_000 * 10_000;
    Guarantee { borrower, guarantor, loan, amount, circle }
}

/// Why money goes between two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bond {
    /// Household money, monthly.
    Keep,
    /// A grown child to its parents, or parents to a student.
    Support,
    Friend,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    from: usize,
    to: usize,
    bond: Bond,
}

/// One transfer between two cardholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gift {
    pub at: Moment,
    pub from: usize,
    pub to: usize,
    pub amount: i64,
    pub purpose: &'static str,
}

/// The ties of a neighbourhood: within households, and one friend now and then.
pub fn ties(world: &World, neighbourhood: &Neighbourhood, chunk: u32) -> Vec<Tie> {
    let mut chance = Chance::of(world.plan.seed, Stream::Pair, u64::from(chunk) << 32);
    let mut found = Vec::new();
    for home in &neighbourhood.households {
        let head = home.members.start;
        for other in home.members.clone().skip(1) {
            let person = &neighbourhood.people[other];
            match person.kin {
                Kin::Spouse if chance.happens(0.6) => {
                    found.push(Tie { from: head, to: other, bond: Bond::Keep })
                }
                Kin::Child if person.occupation.livelihood == Livelihood::Dependent => {
                    found.push(Tie { from: head, to: other, bond: Bond::Support });
                }
                Kin::Child if chance.happens(0.5) => {
                    found.push(Tie { from: other, to: head, bond: Bond::Support })
                }
                Kin::Parent if chance.happens(0.6) => {
                    found.push(Tie { from: head, to: other, bond: Bond::Support })
                }
                _ => {}
            }
        }
    }
    for from in 0..neighbourhood.people.len() {
        let to = chance.below(neighbourhood.people.len());
        if to != from && chance.happens(0.35) {
            found.push(Tie { from, to, bond: Bond::Friend });
        }
    }
    found
}

impl Tie {
    pub fn joins(&self, person: usize) -> bool {
        self.from == person || self.to == person
    }

    /// Transfers of a month, about.
    pub fn gifts_per_month(&self) -> f64 {
        match self.bond {
            Bond::Keep | Bond::Support => 1.0,
            Bond::Friend => 0.35,
        }
    }

    /// Its transfers in the history, while both live and the giver can afford it.
    pub fn gifts(
        &self,
        world: &World,
        people: &[Person],
        destinies: &[Destiny],
        holdings: &[Holdings],
    ) -> Vec<Gift> {
        let (giver, taker) = (&people[self.from], &people[self.to]);
        if holdings[self.from].accounts.get(MAIN).is_none() || holdings[self.to].accounts.get(MAIN).is_none()
        {
            return Vec::new();
        }
        let (mine, theirs) = (giver.lives(world), taker.lives(world));
        // A new account is funded on its first days.
        let both = mine.start.max(theirs.start) + 3..mine.end.min(theirs.end) - 1;
        let mut chance = Chance::of(
            world.plan.seed,
            Stream::Pair,
            u64::from(giver.number) << 32 | u64::from(taker.number) | 1 << 31,
        );
        let monthly = chance.within(0.08, 0.3) * giver.monthly_income() as f64;
        let day_of_month = chance.between(1, 28) as u32;
        let mut gifts = Vec::new();
        for month in &world.calendar.months {
            let (count, purpose, size) = match self.bond {
                Bond::Keep => (1, "家用", monthly),
                Bond::Support => (
                    1,
                    if taker.occupation.name == occupations::STUDENT { "生活费" } else { "赡养" },
                    monthly * 0.5,
                ),
                Bond::Friend => (
                    chance.count(0.35),
                    *chance.one(&["转账", "还钱", "聚餐AA", "代付"]),
                    chance.log_normal(30_000.0, 0.9),
                ),
            };
            for _ in 0..count {
                let day = if self.bond == Bond::Friend {
                    Some(month.first + chance.days(0, month.days() - 1))
                } else {
                    month.day(day_of_month)
                };
                gifts.extend(self.give(day, size, purpose, &mut chance));
            }
            let festival =
                spring_festival(month.year).filter(|eve| (month.first..month.end()).contains(&(eve - 1)));
            if self.bond != Bond::Friend && festival.is_some() {
                let size = *chance.one(&[66_600.0, 88_800.0, 100_000.0, 168_800.0, 200_000.0]);
                gifts.extend(self.give(festival.map(|eve| eve - 1), size, "新年红包", &mut chance));
            }
        }
        gifts.retain(|gift| {
            both.contains(&day_at(gift.at)) && !destinies[self.from].is_strained(day_at(gift.at))
        });
        gifts
    }

    fn give(&self, day: Option<Day>, size: f64, purpose: &'static str, chance: &mut Chance) -> Option<Gift> {
        let at = moment(day?, Hours::Evening.some_time(chance));
        let amount = ((size / 10_000.0).round() as i64 * 10_000).clamp(10_000, 5_000_000);
        Some(Gift { at, from: self.from, to: self.to, amount, purpose })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;

    #[test]
    fn circles_close_and_nobody_answers_for_themself() {
        let scene = Scene::sample(0);
        let mut circles = std::collections::BTreeMap::<u32, Vec<Guarantee>>::new();
        for guarantee in &scene.guarantees {
            assert_ne!(guarantee.borrower, guarantee.guarantor);
            assert!(guarantee.amount > 0);
            if let Some(circle) = guarantee.circle {
                circles.entry(circle).or_default().push(*guarantee);
            }
        }
        assert!(!circles.is_empty() && scene.guarantees.iter().any(|guarantee| guarantee.circle.is_none()));
        for circle in circles.values() {
            for guarantee in circle {
                assert!(circle.iter().any(|other| other.borrower == guarantee.guarantor), "{circle:?}");
            }
        }
    }

    #[test]
    fn a_tie_tells_the_same_story_to_both_ends() {
        let scene = Scene::sample(0);
        let mut gifts = 0;
        for tie in &scene.ties {
            let told = |_: usize| {
                tie.gifts(&scene.world, &scene.neighbourhood.people, &scene.destinies, &scene.holdings)
            };
            assert_eq!(told(tie.from), told(tie.to));
            gifts += told(tie.from).len();
        }
        assert!(gifts > 1_000);
    }
}

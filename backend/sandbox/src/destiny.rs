//! What is going to happen to somebody: lost work, trouble with debts, fraud. The bank sees only what follows from it.

use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::accounts::Holdings;
use crate::calendar::{Day, HOUR_MS};
use crate::chance::{Chance, Stream, scrambled};
use crate::employers::Employer;
use crate::households::Neighbourhood;
use crate::moment_at;
use crate::occupations::Livelihood;
use crate::people::{Discipline, Person};
use crate::ties::Guarantee;
use crate::words::{AccountKind, Lifecycle, MaritalStatus};
use crate::world::World;

/// How far behind today defaults are already decided.
const FORESIGHT_DAYS: Day = 365;
/// The days before the first missed bill in which somebody already lives on credit.
const STRAIN_DAYS: Day = 120;
/// A debt is in default when it is this long overdue (Basel).
pub const DEFAULT_DAYS: Day = 90;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeEvent {
    pub kind: &'static str,
    pub day: Day,
    pub until: Option<Day>,
}

/// Bills are not paid from `onset` until `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    pub onset: Day,
    pub until: Option<Day>,
    pub cause: &'static str,
}

impl Trouble {
    /// Whether it lasts long enough to become a default.
    pub fn is_default(&self) -> bool {
        self.until.is_none_or(|until| until - self.onset > DEFAULT_DAYS + 40)
    }

    /// The first bill falls due some weeks after the onset.
    pub fn defaults(&self) -> Day {
        self.onset + DEFAULT_DAYS + 20
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FraudKind {
    CardNotPresent,
    StolenAbroad,
    AccountTakeover,
    /// The cardholder turns the limit into cash with a merchant who plays along.
    CashOut,
    /// The cardholder passes on other people's money.
    Mule,
}

impl FraudKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CardNotPresent => "card_not_present",
            Self::StolenAbroad => "stolen_abroad",
            Self::AccountTakeover => "account_takeover",
            Self::CashOut => "cash_out",
            Self::Mule => "mule",
        }
    }

    /// Committed by the cardholder.
    pub fn is_first_party(self) -> bool {
        matches!(self, Self::CashOut | Self::Mule)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FraudStory {
    pub burst_id: Uuid,
    pub kind: FraudKind,
    pub day: Day,
    /// When the victim calls the bank.
    pub reported: Option<Day>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Destiny {
    pub events: Vec<LifeEvent>,
    /// No salary from the first to the second; then from another employer.
    pub out_of_work: Option<(Day, Day)>,
    /// The employer pays nothing for two months, then all of it.
    pub unpaid: Option<(Day, Day)>,
    pub trouble: Option<Trouble>,
    pub fraud: Option<FraudStory>,
}

impl Destiny {
    /// Bills stay unpaid.
    pub fn is_in_trouble(&self, day: Day) -> bool {
        self.trouble
            .is_some_and(|trouble| day >= trouble.onset && trouble.until.is_none_or(|until| day < until))
    }

    /// Trouble is there or near: money is short.
    pub fn is_strained(&self, day: Day) -> bool {
        self.trouble.is_some_and(|trouble| {
            day >= trouble.onset - STRAIN_DAYS && trouble.until.is_none_or(|until| day < until)
        })
    }

    /// Whom they work for when the history ends.
    pub fn employer_now(&self, world: &World, person: &Person) -> Option<u32> {
        self.employer_on(world, person, world.calendar.today)
    }

    /// Whom they work for on a day: after a time without work, somebody else.
    pub fn employer_on(&self, world: &World, person: &Person, day: Day) -> Option<u32> {
        let first = person.employer?;
        let others = world.employers.all.len() as u64;
        match self.out_of_work {
            Some((_, until)) if day >= until => {
                Some((scrambled(u64::from(first) ^ u64::from(person.number) << 32) % others) as u32)
            }
            _ => Some(first),
        }
    }

    pub fn has_pay(&self, day: Day) -> bool {
        !self.out_of_work.is_some_and(|(from, until)| (from..until).contains(&day))
    }
}

/// Everybody's, the guarantors' after those they answer for.
pub fn foresee(
    world: &World,
    neighbourhood: &Neighbourhood,
    holdings: &[Holdings],
    guarantees: &[Guarantee],
) -> Vec<Destiny> {
    let mut destinies: Vec<Destiny> = neighbourhood
        .people
        .iter()
        .zip(holdings)
        .map(|(person, holdings)| own(world, person, holdings))
        .collect();
    for guarantee in guarantees {
        let Some(trouble) = destinies[guarantee.borrower].trouble.filter(Trouble::is_default) else {
            continue;
        };
        let guarantor = &neighbourhood.people[guarantee.guarantor];
        let mut chance =
            Chance::of(world.plan.seed, Stream::Guarantees, u64::from(guarantor.number) | 1 << 40);
        let onset = trouble.defaults() + chance.days(15, 120);
        if has_debts(&holdings[guarantee.guarantor])
            && destinies[guarantee.guarantor].trouble.is_none()
            && chance.happens(0.3)
        {
            let until = chance.happens(0.3).then(|| onset + chance.days(60, 300));
            destinies[guarantee.guarantor].trouble =
                Some(Trouble { onset, until, cause: "guarantee_called" });
        }
    }
    destinies
}

fn has_debts(holdings: &Holdings) -> bool {
    holdings.slots(AccountKind::CreditCard).next().is_some() || !holdings.loans.is_empty()
}

fn own(world: &World, person: &Person, holdings: &Holdings) -> Destiny {
    let mut destiny = Destiny::default();
    let lives = person.lives(world);
    if lives.end - lives.start < 60 {
        return destiny;
    }
    let mut chance = Chance::of(world.plan.seed, Stream::Destiny, u64::from(person.number));
    let years = f64::from(lives.end - lives.start) / 365.25;
    let fragility = person.occupation.fragility;
    if let Some(employer) = person.employer.map(|employer| &world.employers.all[employer as usize]) {
        destiny.unpaid = crisis(world, employer);
        if let Some((day, until)) = destiny.unpaid {
            destiny.events.push(LifeEvent { kind: "employer_crisis", day, until: Some(until) });
        }
        if person.occupation.livelihood == Livelihood::Employed && chance.happens(0.018 * fragility * years) {
            let day = chance.days(lives.start, lives.end - 1);
            let until = day + chance.days(50, 280);
            destiny.out_of_work = Some((day, until));
            destiny.events.push(LifeEvent { kind: "job_loss", day, until: Some(until) });
        }
    }
    family_events(person, &lives, years, &mut chance, &mut destiny);
    if person.lifecycle == Lifecycle::Active && has_debts(holdings) {
        destiny.trouble = trouble(world, person, &destiny, &mut chance);
    }
    if person.lifecycle == Lifecycle::Active && destiny.trouble.is_none() && !holdings.cards.is_empty() {
        destiny.fraud = fraud(holdings, &lives, &mut chance);
    }
    destiny
}

/// An employer in difficulties leaves everybody unpaid at the same time.
fn crisis(world: &World, employer: &Employer) -> Option<(Day, Day)> {
    let calendar = &world.calendar;
    let mut chance = Chance::of(world.plan.seed, Stream::Employer, employer.employer_id.as_u128() as u64);
    let span = (calendar.today - calendar.begins).max(120);
    let day = calendar.begins + chance.days(30, span - 60);
    employer.is_shaky.then_some((day, day + 62))
}

fn family_events(
    person: &Person,
    lives: &std::ops::Range<Day>,
    years: f64,
    chance: &mut Chance,
    destiny: &mut Destiny,
) {
    let age = person.age_at(lives.start);
    let is_married = person.marital_status == Some(MaritalStatus::Married);
    let wishes = [
        ("marriage", if is_married && (23..36).contains(&age) { 0.07 } else { 0.0 }),
        ("child_birth", if person.persona.has_child && (24..41).contains(&age) { 0.06 } else { 0.0 }),
        ("illness", if age > 55 { 0.06 } else { 0.015 }),
        ("moved_home", 0.03),
    ];
    for (kind, yearly) in wishes {
        if chance.happens(yearly * years) {
            destiny.events.push(LifeEvent {
                kind,
                day: chance.days(lives.start, lives.end - 1),
                until: None,
            });
        }
    }
}

fn trouble(world: &World, person: &Person, destiny: &Destiny, chance: &mut Chance) -> Option<Trouble> {
    let (begins, horizon) = (person.lives(world).start, world.calendar.today + FORESIGHT_DAYS);
    let years = f64::from(horizon - begins) / 365.25;
    let discipline = match person.persona.discipline {
        Discipline::Full => 0.35,
        Discipline::Part => 1.3,
        Discipline::Minimum => 2.8,
    };
    let poverty = (9_000_000.0 / person.persona.yearly_income as f64).powf(0.5).clamp(0.5, 2.0);
    let blow = destiny.events.iter().find_map(|event| match event.kind {
        "job_loss" => Some((event.day, 0.22, "job_loss")),
        "employer_crisis" => Some((event.day, 0.08, "employer_crisis")),
        "illness" => Some((event.day, 0.07, "illness")),
        _ => None,
    });
    let (onset, cause) = match blow {
        Some((day, probability, cause)) if chance.happens(probability * poverty) => {
            (day + chance.days(35, 120), cause)
        }
        _ if chance.happens(0.026 * person.occupation.fragility * discipline * poverty * years) => {
            let cause = if person.occupation.livelihood == Livelihood::SelfEmployed {
                "business_failure"
            } else {
                "over_indebted"
            };
            (chance.days(begins + 60, horizon), cause)
        }
        _ => return None,
    };
    let until = match chance.weighed(&[0.42, 0.14, 0.44]) {
        // Paid again before it became a default, or long after.
        0 => Some(onset + chance.days(35, 85)),
        1 => Some(onset + chance.days(160, 330)),
        _ => None,
    };
    Some(Trouble { onset, until, cause })
}

fn fraud(holdings: &Holdings, lives: &std::ops::Range<Day>, chance: &mut Chance) -> Option<FraudStory> {
    let has_credit = holdings.slots(AccountKind::CreditCard).next().is_some();
    let kind =
        match chance.weighed(&[0.009, 0.004, 0.004, if has_credit { 0.005 } else { 0.0 }, 0.002, 0.976]) {
            0 => FraudKind::CardNotPresent,
            1 => FraudKind::StolenAbroad,
            2 => FraudKind::AccountTakeover,
            3 => FraudKind::CashOut,
            4 => FraudKind::Mule,
            _ => return None,
        };
    let day = chance.days(lives.start + 40, lives.end - 3);
    let reported = (!kind.is_first_party() && chance.happens(0.7))
        .then(|| day + chance.days(1, 9))
        .filter(|day| *day < lives.end);
    Some(FraudStory { burst_id: uuid_v7(moment_at(day, 3 * HOUR_MS), chance.tail()), kind, day, reported })
}

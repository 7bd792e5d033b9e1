//! One cardholder: who they are, where they are reached, how they live.

use chrono::Datelike;
use kernel::{EmailAddress, NationalId, PhoneNumber};
use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::calendar::{Day, HOUR_MS, date_of};
use crate::chance::{Chance, Stream};
use crate::households::{Household, Kin};
use crate::occupations::{self, Livelihood, OCCUPATIONS, Occupation};
use crate::places::{self, CITIES};
use crate::words::{AddressKind, Education, EmailKind, Gender, IdKind, Lifecycle, MaritalStatus, PhoneKind};
use crate::world::World;
use crate::{BANK_FOUNDED, identity, moment_at, names};

/// How long ago people came, on average and at most (the few beyond are spread over the last of it).
const YEARS_MEAN: f64 = 9.0;
const YEARS_OPEN: f64 = 19.0;
const PROSPECTS: f64 = 0.04;

/// The share of its months for which a cardholder is there: some come late, some have left, some never began.
pub fn presence(months: u32) -> f64 {
    let spans = f64::from(months) / 12.0 / YEARS_MEAN;
    let come = (1.0 - (-spans).exp()) / spans;
    // About one in eleven has left; the longer one looks back, the more of them were still there.
    let stayed = (0.912 + 0.0125 * f64::from(months) / 12.0).min(0.97);
    (1.0 - PROSPECTS) * come * stayed
}

/// How somebody pays credit-card bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    Full,
    Part,
    Minimum,
}

/// What drives the simulated life; the bank sees only its traces.
#[derive(Debug, Clone, PartialEq)]
pub struct Persona {
    /// Transactions next to the average cardholder.
    pub activity: f64,
    /// Size of purchases next to the price level.
    pub spending: f64,
    /// Share of purchases put on a credit card where there is one.
    pub card_love: f64,
    pub online: f64,
    pub trips_per_year: f64,
    pub discipline: Discipline,
    /// Chance that a bill is forgotten for some days.
    pub forgetful: f64,
    /// Share of visits to the usual shops.
    pub loyalty: f64,
    pub has_car: bool,
    pub has_child: bool,
    pub owns_home: bool,
    pub yearly_income: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Phone {
    pub phone_id: Uuid,
    pub kind: PhoneKind,
    pub number: PhoneNumber,
    pub is_primary: bool,
    pub is_verified: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Email {
    pub email_id: Uuid,
    pub kind: EmailKind,
    pub address: EmailAddress,
    pub is_verified: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    pub address_id: Uuid,
    pub kind: AddressKind,
    pub city: u8,
    pub district: usize,
    pub street: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Place in the whole bank.
    pub number: u32,
    pub household: usize,
    pub kin: Kin,
    pub cardholder_id: Uuid,
    pub customer_no: String,
    pub name: String,
    pub gender: Gender,
    pub born: Day,
    pub id_kind: IdKind,
    pub national_id: Option<NationalId>,
    pub nationality: &'static str,
    pub occupation: &'static Occupation,
    pub employer: Option<u32>,
    pub education: Option<Education>,
    pub marital_status: Option<MaritalStatus>,
    pub city: u8,
    /// Place in the tree.
    pub branch: usize,
    /// Place in the list of staff.
    pub manager: Option<usize>,
    pub lifecycle: Lifecycle,
    pub opened: Day,
    /// The day since which they are dormant, gone or dead.
    pub ended: Option<Day>,
    pub persona: Persona,
    pub phones: Vec<Phone>,
    pub emails: Vec<Email>,
    pub addresses: Vec<Address>,
}

impl PartialEq for Occupation {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// What a household decides before its member is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    pub number: u32,
    pub household: usize,
    pub kin: Kin,
    pub gender: Gender,
    pub age: i32,
    /// A child has its father's.
    pub surname: Option<&'static str>,
    pub has_child: bool,
    pub is_couple: bool,
}

impl Person {
    pub fn age_at(&self, day: Day) -> i32 {
        ((day - self.born) as f64 / 365.25) as i32
    }

    /// From when on, and until when (exclusive), there is life in the history.
    pub fn lives(&self, world: &World) -> std::ops::Range<Day> {
        let calendar = &world.calendar;
        let until = self.ended.unwrap_or(calendar.today).min(calendar.today);
        match self.lifecycle {
            Lifecycle::Prospect => calendar.today..calendar.today,
            _ => self.opened.max(calendar.begins)..until.max(self.opened.max(calendar.begins)),
        }
    }

    pub fn monthly_income(&self) -> i64 {
        self.persona.yearly_income / 12
    }
}

pub fn draw(world: &World, draft: Draft, home: &Household) -> Person {
    let mut chance = Chance::of(world.plan.seed, Stream::Person, u64::from(draft.number));
    let today = world.calendar.today;
    let born = today - draft.age * 365 - draft.age / 4 - chance.days(0, 364);
    let (occupation, education) = livelihood(draft, &mut chance);
    let (lifecycle, opened, ended) = standing(today, born, draft.age, &mut chance);
    let (name, id_kind, nationality) = naming(draft, date_of(born).year(), &mut chance);
    let branch = if chance.happens(0.85) { home.branch } else { world.some_branch(home.city, &mut chance) };
    let manager = chance.happens(0.85).then(|| *chance.one(&world.desks[branch].managers));
    let employer = match occupation.industries {
        [] => None,
        industries => Some(world.employers.some(home.city, *chance.one(industries), &mut chance)),
    };
    let persona = persona(draft, occupation, home.city, &mut chance);
    let is_unknown = lifecycle == Lifecycle::Prospect && chance.happens(0.4);
    let national_id = match id_kind {
        _ if is_unknown => None,
        IdKind::ResidentId => identity::resident_id(draft.number, date_of(born), draft.gender),
        other => identity::other_document(other, draft.number),
    };
    let mut person = Person {
        number: draft.number,
        household: draft.household,
        kin: draft.kin,
        cardholder_id: uuid_v7(
            moment_at(opened, 9 * HOUR_MS + chance.between(0, 7 * HOUR_MS)),
            chance.tail(),
        ),
        customer_no: identity::customer_no(draft.number),
        name,
        gender: draft.gender,
        born,
        id_kind,
        national_id,
        nationality,
        occupation,
        employer,
        education: chance.happens(0.94).then_some(education),
        marital_status: chance.happens(0.95).then(|| marital_status(draft, &mut chance)),
        city: home.city,
        branch,
        manager,
        lifecycle,
        opened,
        ended,
        persona,
        phones: Vec::new(),
        emails: Vec::new(),
        addresses: Vec::new(),
    };
    contacts(world, home, &mut person);
    person
}

fn livelihood(draft: Draft, chance: &mut Chance) -> (&'static Occupation, Education) {
    let retires_at = if draft.gender == Gender::Male { 60 } else { 55 };
    let occupation = if draft.age >= retires_at && chance.happens(0.88) {
        occupations::named(occupations::RETIRED)
    } else if draft.age < 23 && chance.happens(0.7) {
        occupations::named(occupations::STUDENT)
    } else {
        let fits = |o: &Occupation| {
            o.ages.contains(&draft.age) && (o.name != "家庭主妇" || draft.gender == Gender::Female)
        };
        let weights: Vec<f64> = OCCUPATIONS.iter().map(|o| if fits(o) { o.weight } else { 0.0 }).collect();
        match weights.iter().sum::<f64>() > 0.0 {
            true => &OCCUPATIONS[chance.weighed(&weights)],
            false => occupations::named(occupations::RETIRED),
        }
    };
    let education = match draft.age {
        ..22 if occupation.education.contains(&Education::University) => Education::HighSchool,
        ..25 if occupation.name == occupations::STUDENT => Education::University,
        _ => *chance.one(occupation.education),
    };
    (occupation, education)
}

/// Lifecycle, the day the customer came, and the day on which they went.
fn standing(today: Day, born: Day, age: i32, chance: &mut Chance) -> (Lifecycle, Day, Option<Day>) {
    if chance.happens(PROSPECTS) {
        return (Lifecycle::Prospect, today - chance.days(1, 180), None);
    }
    let years = match -(1.0 - chance.unit()).ln() * YEARS_MEAN {
        years if years < YEARS_OPEN => years,
        _ => chance.within(YEARS_OPEN * 0.6, YEARS_OPEN),
    };
    let of_age = born + 16 * 366;
    let opened = (today - 3 - (years * 365.25) as Day).max(of_age).max(BANK_FOUNDED + 14).min(today - 3);
    let died = if age > 65 { 0.12 } else { 0.001 };
    let (lifecycle, since) = match chance.weighed(&[died, 0.03, 0.05, 0.92 - died]) {
        0 => (Lifecycle::Deceased, chance.days(10, 700)),
        1 => (Lifecycle::Closed, chance.days(20, 700)),
        2 => (Lifecycle::Dormant, chance.days(370, 900)),
        _ => return (Lifecycle::Active, opened, None),
    };
    let ended = today - since;
    // Nobody leaves before they had time to stay.
    if ended < opened + 60 { (Lifecycle::Active, opened, None) } else { (lifecycle, opened, Some(ended)) }
}

fn naming(draft: Draft, birth_year: i32, chance: &mut Chance) -> (String, IdKind, &'static str) {
    if draft.kin == Kin::Head && draft.surname.is_none() {
        if chance.happens(0.012) {
            let listed = names::from_abroad(draft.gender, chance);
            let (kind, nationality) = match listed.nationality {
                "HK" => (IdKind::HkMacauPermit, "CN"),
                "TW" => (IdKind::TaiwanPermit, "CN"),
                other => (IdKind::Passport, other),
            };
            return (listed.name.to_owned(), kind, nationality);
        }
        if chance.happens(0.012) {
            return (
                names::of_another_people(draft.gender, chance).name.to_owned(),
                IdKind::ResidentId,
                "CN",
            );
        }
    }
    let surname = draft.surname.unwrap_or_else(|| names::surname(chance));
    (format!("{surname}{}", names::given_name(draft.gender, birth_year, chance)), IdKind::ResidentId, "CN")
}

fn marital_status(draft: Draft, chance: &mut Chance) -> MaritalStatus {
    match draft.kin {
        _ if draft.is_couple => MaritalStatus::Married,
        Kin::Child => MaritalStatus::Single,
        _ if draft.age > 68 => {
            *chance.one(&[MaritalStatus::Widowed, MaritalStatus::Married, MaritalStatus::Divorced])
        }
        _ if draft.age > 32 => *chance.one(&[
            MaritalStatus::Married,
            MaritalStatus::Divorced,
            MaritalStatus::Single,
            MaritalStatus::Married,
        ]),
        _ => MaritalStatus::Single,
    }
}

fn persona(draft: Draft, occupation: &Occupation, city: u8, chance: &mut Chance) -> Persona {
    // Pay rises with age until the late forties.
    let seniority = 0.78 + 0.011 * f64::from((draft.age.clamp(20, 48) - 20).max(0)) * 1.3;
    let seniority = if occupation.livelihood == Livelihood::Employed { seniority } else { 1.0 };
    let city = &CITIES[usize::from(city)];
    let yuan = chance
        .log_normal(occupation.median_yuan * city.price_level() * seniority, occupation.sigma)
        .clamp(9_600.0, 6_000_000.0);
    let wealth = (yuan / 100_000.0).powf(0.45);
    let youth = (1.25 - f64::from(draft.age) / 80.0).clamp(0.35, 1.1);
    let is_old = draft.age > 60;
    Persona {
        activity: chance.log_normal(0.92, 0.4).clamp(0.25, 3.5) * (0.55 + 0.45 * youth) * 1.12,
        spending: wealth * city.price_level().sqrt() * chance.log_normal(1.0, 0.2),
        card_love: chance.within(0.35, 0.95),
        online: (youth * chance.within(0.6, 1.3)).clamp(0.05, 1.2),
        trips_per_year: 1.1 * wealth * chance.log_normal(0.8, 0.6),
        discipline: match chance.weighed(&[0.62, 0.27, 0.11]) {
            0 => Discipline::Full,
            1 => Discipline::Part,
            _ => Discipline::Minimum,
        },
        forgetful: if chance.happens(0.25) { chance.within(0.03, 0.15) } else { 0.005 },
        loyalty: chance.within(0.45, 0.85),
        has_car: !is_old && yuan > 70_000.0 && chance.happens(0.5),
        has_child: draft.has_child,
        owns_home: draft.age > 28 && chance.happens(0.55 + 0.1 * wealth.min(2.0)),
        yearly_income: (yuan / 100.0).round() as i64 * 10_000,
    }
}

fn contacts(world: &World, home: &Household, person: &mut Person) {
    let mut chance = Chance::of(world.plan.seed, Stream::Contacts, u64::from(person.number));
    let opened = moment_at(person.opened, 12 * HOUR_MS);
    let id = |chance: &mut Chance| uuid_v7(opened, chance.tail());
    let is_verified = person.lifecycle != Lifecycle::Prospect;
    let kinds = [(true, PhoneKind::Mobile), (chance.happens(0.12), PhoneKind::Work)];
    for (nth, (_, kind)) in (0_u32..).zip(kinds).filter(|(_, (has, _))| *has) {
        if let Some(number) = identity::mobile(person.number, nth) {
            let is_primary = nth == 0;
            person.phones.push(Phone {
                phone_id: id(&mut chance),
                kind,
                number,
                is_primary,
                is_verified: is_verified && chance.happens(0.93),
            });
        }
    }
    if home.has_landline
        && let Some(number) = identity::landline(home.number, &CITIES[usize::from(home.city)])
    {
        person.phones.push(Phone {
            phone_id: id(&mut chance),
            kind: PhoneKind::Home,
            number,
            is_primary: false,
            is_verified: false,
        });
    }
    let (pinyin, _) = kernel::person_name::pinyin_of(&person.name);
    let has_mail = chance.happens(0.25 + 0.6 * person.persona.online.min(1.0));
    let has_work_mail = person.employer.is_some() && chance.happens(0.15);
    for (has, kind) in [(has_mail, EmailKind::Personal), (has_work_mail, EmailKind::Work)] {
        if let Some(address) =
            identity::email(person.number, &pinyin, kind == EmailKind::Work).filter(|_| has)
        {
            person.emails.push(Email {
                email_id: id(&mut chance),
                kind,
                address,
                is_verified: is_verified && chance.happens(0.7),
            });
        }
    }
    if is_verified || chance.happens(0.3) {
        let street = home.street.clone();
        person.addresses.push(Address {
            address_id: id(&mut chance),
            kind: AddressKind::Home,
            city: home.city,
            district: home.district,
            street,
        });
    }
    if let Some(employer) = person.employer.filter(|_| is_verified && chance.happens(0.3)) {
        let mut works_at = Chance::of(world.plan.seed, Stream::Stranger, u64::from(employer));
        let city = world.employers.all[employer as usize].city;
        let district = works_at.below(CITIES[usize::from(city)].districts.len());
        let street = places::street(&mut works_at);
        person.addresses.push(Address {
            address_id: id(&mut chance),
            kind: AddressKind::Work,
            city,
            district,
            street,
        });
    }
}

//! What a cardholder holds: accounts, cards, loans, and who else may use them.

use kernel::CardNumber;
use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::calendar::{Day, HOUR_MS};
use crate::cards;
use crate::chance::{Chance, Stream};
use crate::households::{Kin, Neighbourhood};
use crate::loans::Loan;
use crate::occupations::{self, Livelihood};
use crate::people::{Discipline, Person};
use crate::products::{
    CC_CLASSIC, CC_GOLD, CC_PLATINUM, CC_TRAVEL, CC_WORLD, CC_YOUTH, CUR_MERCHANT, DEP_1Y, DEP_3Y, DEP_6M,
    LOAN_BUSINESS, LOAN_CAR, LOAN_CONSUMER, LOAN_HOME, SAV_BASIC, SAV_PAYROLL,
};
use crate::words::{AccountKind, CardStatus, Lifecycle, PartyRole};
use crate::world::World;
use crate::{identity, moment_at};

/// The main savings account's place in the holdings.
pub const MAIN: usize = 0;

#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub account_id: Uuid,
    pub account_no: String,
    pub kind: AccountKind,
    pub product_code: &'static str,
    pub opened: Day,
    /// What stood on it when the history begins; nothing where it was opened later. A deposit's is its sum.
    pub opening_minor: i64,
    pub limit_minor: Option<i64>,
    pub cycle_day: Option<u32>,
    /// Another cardholder of the neighbourhood who may use it, and as what.
    pub user: Option<(usize, PartyRole)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub card_id: Uuid,
    pub slot: usize,
    /// Place in the neighbourhood.
    pub holder: usize,
    pub product_code: &'static str,
    pub number: CardNumber,
    pub issued: Day,
    pub expires: Day,
    /// When it can be paid with.
    pub usable: std::ops::Range<Day>,
    pub status: CardStatus,
    pub status_reason: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Holdings {
    pub accounts: Vec<Account>,
    pub cards: Vec<Card>,
    pub loans: Vec<Loan>,
}

impl Holdings {
    pub fn slots(&self, kind: AccountKind) -> impl Iterator<Item = usize> {
        (0..self.accounts.len()).filter(move |slot| self.accounts[*slot].kind == kind)
    }

    /// The card with which `holder` pays from an account on a day.
    pub fn card(&self, slot: usize, holder: usize, day: Day) -> Option<usize> {
        self.cards
            .iter()
            .rposition(|card| card.slot == slot && card.holder == holder && card.usable.contains(&day))
    }
}

/// Draws the holdings of one person.
struct Opening<'a> {
    world: &'a World,
    neighbourhood: &'a Neighbourhood,
    me: usize,
    chance: Chance,
    holdings: Holdings,
}

pub fn open(world: &World, neighbourhood: &Neighbourhood, me: usize) -> Holdings {
    let person = &neighbourhood.people[me];
    if person.lifecycle == Lifecycle::Prospect {
        return Holdings::default();
    }
    let chance = Chance::of(world.plan.seed, Stream::Holdings, u64::from(person.number));
    let mut opening = Opening { world, neighbourhood, me, chance, holdings: Holdings::default() };
    opening.main();
    if person.occupation.livelihood == Livelihood::SelfEmployed && opening.chance.happens(0.75) {
        opening.merchant();
    }
    opening.credit();
    opening.deposits();
    opening.loans();
    cards::issue(world, neighbourhood, me, &mut opening.chance, &mut opening.holdings);
    opening.holdings
}

impl Opening<'_> {
    fn person(&self) -> &Person {
        &self.neighbourhood.people[self.me]
    }

    /// The spouse of the household's head, or the head of their spouse, if the bank has them.
    fn partner(&self) -> Option<usize> {
        let members = self.neighbourhood.households[self.person().household].members.clone();
        let wanted = match self.person().kin {
            Kin::Head => Kin::Spouse,
            Kin::Spouse => Kin::Head,
            Kin::Child | Kin::Parent => return None,
        };
        members.into_iter().find(|at| {
            let other = &self.neighbourhood.people[*at];
            other.kin == wanted && other.lifecycle == Lifecycle::Active
        })
    }

    fn account(&mut self, kind: AccountKind, product_code: &'static str, opened: Day) -> &mut Account {
        let slot = self.holdings.accounts.len();
        let digit = match kind {
            AccountKind::Savings => 1,
            AccountKind::Current => 2,
            AccountKind::CreditCard => 3,
            AccountKind::Loan => 4,
            AccountKind::Deposit => 5,
        };
        self.holdings.accounts.push(Account {
            account_id: uuid_v7(moment_at(opened, 10 * HOUR_MS), self.chance.tail()),
            account_no: identity::account_no(digit, identity::serial(self.person().number, slot)),
            kind,
            product_code,
            opened,
            opening_minor: 0,
            limit_minor: None,
            cycle_day: None,
            user: None,
        });
        &mut self.holdings.accounts[slot]
    }

    fn is_old(&self, opened: Day) -> bool {
        opened < self.world.calendar.begins
    }

    fn main(&mut self) {
        let (opened, monthly) = (self.person().opened, self.person().monthly_income());
        let is_gone = self.person().ended.is_some_and(|ended| ended <= self.world.calendar.begins);
        let product = if self.person().employer.is_some() { SAV_PAYROLL } else { SAV_BASIC };
        let mut savings = (self.chance.log_normal(monthly as f64 * 1.8, 0.9) as i64).clamp(100, 50_000_000);
        if self.person().lifecycle == Lifecycle::Closed && is_gone {
            savings = 0;
        }
        let opening_minor = if self.is_old(opened) { savings } else { 0 };
        let joint = self
            .partner()
            .filter(|_| self.person().kin == Kin::Head && self.person().lifecycle == Lifecycle::Active);
        let user = joint.filter(|_| self.chance.happens(0.12)).map(|partner| (partner, PartyRole::Joint));
        let account = self.account(AccountKind::Savings, product, opened);
        account.opening_minor = opening_minor;
        account.user = user;
    }

    fn merchant(&mut self) {
        if self.person().lifecycle != Lifecycle::Active {
            return;
        }
        let opened = self.some_day_since_opening();
        let balance = self.chance.log_normal(self.person().monthly_income() as f64 * 0.6, 0.8) as i64;
        let opening_minor = if self.is_old(opened) { balance } else { 0 };
        self.account(AccountKind::Current, CUR_MERCHANT, opened).opening_minor = opening_minor;
    }

    fn some_day_since_opening(&mut self) -> Day {
        let (opened, today) = (self.person().opened, self.world.calendar.today);
        let span = f64::from((today - 45 - opened).max(0));
        (opened + (span * self.chance.unit().powi(2)) as Day).min(today - 2)
    }

    fn credit(&mut self) {
        let (age, income) =
            (self.person().age_at(self.world.calendar.today), self.person().persona.yearly_income / 100);
        let willing = match self.person().lifecycle {
            Lifecycle::Active => 1.0,
            Lifecycle::Closed => 0.3,
            _ => return,
        };
        let probability = match age {
            18..=24 => 0.3,
            25..=55 if income > 45_000 => 0.68,
            25..=64 => 0.3,
            _ => 0.06,
        };
        if !self.chance.happens(willing * probability) {
            return;
        }
        let product = match income {
            _ if age < 25 => CC_YOUTH,
            300_000.. => CC_PLATINUM,
            120_000.. => CC_GOLD,
            _ => CC_CLASSIC,
        };
        self.credit_line(product);
        if income > 60_000 && self.chance.happens(0.18) {
            let product = if self.chance.happens(0.6) { CC_WORLD } else { CC_TRAVEL };
            self.credit_line(product);
        }
    }

    fn credit_line(&mut self, product: &'static str) {
        let opened = self.some_day_since_opening();
        let monthly = self.person().monthly_income() as f64;
        let limit = (monthly * self.chance.within(0.8, 3.0)).clamp(300_000.0, 30_000_000.0);
        let limit = (limit / 100_000.0).round() as i64 * 100_000;
        let used = match self.person().persona.discipline {
            Discipline::Full => self.chance.within(0.0, 0.2),
            Discipline::Part => self.chance.within(0.15, 0.55),
            Discipline::Minimum => self.chance.within(0.35, 0.8),
        };
        let is_gone = self.person().ended.is_some_and(|ended| ended <= self.world.calendar.begins);
        let owed = if self.is_old(opened) && !is_gone { (limit as f64 * used) as i64 } else { 0 };
        let cycle_day = self.chance.between(1, 28) as u32;
        let partner = self.partner().filter(|_| self.person().lifecycle == Lifecycle::Active);
        let user =
            partner.filter(|_| self.chance.happens(0.22)).map(|partner| (partner, PartyRole::AuthorisedUser));
        let account = self.account(AccountKind::CreditCard, product, opened);
        account.opening_minor = -owed;
        account.limit_minor = Some(limit);
        account.cycle_day = Some(cycle_day);
        account.user = user;
    }

    fn deposits(&mut self) {
        if !matches!(self.person().lifecycle, Lifecycle::Active | Lifecycle::Deceased) {
            return;
        }
        let age = self.person().age_at(self.world.calendar.today);
        let likes = if age > 50 { 0.4 } else { 0.14 };
        for nth in 0..2 {
            if !self.chance.happens(likes / f64::from(nth + 1)) {
                return;
            }
            let (product, term) =
                *self.chance.one(&[(DEP_6M, 183), (DEP_1Y, 366), (DEP_1Y, 366), (DEP_3Y, 1_096)]);
            let earliest = self.person().opened.max(self.world.calendar.today - term + 1);
            let latest = self.person().lives(self.world).end - 5;
            if earliest >= latest {
                return;
            }
            let opened = self.chance.days(earliest, latest);
            let yuan = self.chance.log_normal(self.person().monthly_income() as f64 / 100.0 * 5.0, 0.8);
            let amount = ((yuan / 1_000.0).ceil() as i64 * 100_000).min(500_000_000);
            // One that is opened in the history is funded from the main account on that day.
            self.account(AccountKind::Deposit, product, opened).opening_minor = amount;
        }
    }

    fn loans(&mut self) {
        let person = self.person();
        let (age, income) = (person.age_at(self.world.calendar.today), person.persona.yearly_income / 100);
        if person.lifecycle != Lifecycle::Active || !(23..=62).contains(&age) {
            return;
        }
        let self_employed = match person.occupation.livelihood {
            Livelihood::SelfEmployed if person.occupation.name == occupations::BUSINESS_OWNER => 0.6,
            Livelihood::SelfEmployed => 0.3,
            _ => 0.0,
        };
        let (home, car) = (person.persona.owns_home && income > 80_000, person.persona.has_car);
        let wishes: [(&'static str, f64, f64, [u32; 3], i64); 4] = [
            (LOAN_HOME, if home { 0.2 } else { 0.0 }, 5.5, [180, 240, 360], 390),
            (LOAN_CAR, if car { 0.2 } else { 0.0 }, 0.9, [36, 48, 60], 450),
            (LOAN_BUSINESS, self_employed, 1.0, [12, 24, 36], 550),
            (LOAN_CONSUMER, 0.11, 0.45, [12, 24, 36], 720),
        ];
        for (product, probability, incomes, months, rate_bp) in wishes {
            if self.holdings.loans.len() < 2 && self.chance.happens(probability) {
                let amount = self.chance.log_normal(income as f64 * incomes, 0.4).clamp(8_000.0, 4_000_000.0);
                let months = *self.chance.one(&months);
                let rate_bp = rate_bp + self.chance.between(-6, 12) * 5;
                self.loan(product, (amount / 1_000.0).round() as i64 * 100_000, months, rate_bp);
            }
        }
    }

    fn loan(&mut self, product: &'static str, amount: i64, months: u32, rate_bp: i64) {
        let (today, begins) = (self.world.calendar.today, self.world.calendar.begins);
        let oldest = self.person().opened.max(today - (months + 18).min(140).cast_signed() * 31);
        let granted = self.chance.days(oldest, today - 40);
        if granted < self.person().opened {
            return;
        }
        let mut loan = Loan {
            loan_id: uuid_v7(moment_at(granted, 11 * HOUR_MS), self.chance.tail()),
            slot: self.holdings.accounts.len(),
            granted,
            amount,
            months,
            rate_bp,
            payment: 0,
            is_for_purchase: matches!(product, LOAN_HOME | LOAN_CAR),
        };
        loan.payment = Loan::payment_for(amount, months, rate_bp);
        // Nobody is lent what takes more than two fifths of the pay.
        let bearable = self.person().monthly_income() * 2 / 5;
        if loan.payment > bearable {
            loan.amount = (amount as f64 * bearable as f64 / loan.payment as f64) as i64 / 100_000 * 100_000;
            loan.payment = Loan::payment_for(loan.amount, months, rate_bp);
        }
        if loan.amount < 500_000
            || self.holdings.loans.iter().any(|other| other.is_for_purchase == loan.is_for_purchase)
        {
            return;
        }
        let outstanding = if granted < begins { loan.standing_at(begins).0 } else { 0 };
        self.account(AccountKind::Loan, product, granted).opening_minor = -outstanding;
        self.holdings.loans.push(loan);
    }
}

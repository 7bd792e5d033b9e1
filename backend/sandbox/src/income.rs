//! Where the money comes from: salaries on the employer's pay day, pensions, takings, allowances.

use chrono::Datelike;

use crate::accounts::MAIN;
use crate::agenda::{Deed, Need};
use crate::calendar::{Day, HOUR_MS, Hours, MINUTE_MS, date_of, spring_festival, workday_before};
use crate::ledger::{Party, What};
use crate::life::Living;
use crate::occupations::{Livelihood, STUDENT};
use crate::words::{AccountKind, Channel, Direction, TxKind};

/// Salaries of a year, the thirteenth before the Spring Festival.
const SALARIES: i64 = 13;
/// When the pension authority pays.
const PENSION_DAY: u32 = 12;

impl Living<'_> {
    pub fn plan_income(&mut self) {
        match self.person().occupation.livelihood {
            Livelihood::Employed => self.plan_salary(),
            Livelihood::SelfEmployed => self.plan_takings(),
            Livelihood::Retired => self.plan_pension(),
            Livelihood::Dependent => self.plan_allowance(),
        }
    }

    /// Money that comes to the main account.
    fn receive(&mut self, day: Day, at: i64, amount: i64, what: What) {
        self.on(
            day,
            at,
            Deed::Move { slot: MAIN, direction: Direction::Credit, amount, what, need: Need::Vital },
        );
    }

    fn plan_salary(&mut self) {
        let Some(first_employer) = self.person().employer else { return self.plan_allowance() };
        self.planned += 1.1;
        let monthly = self.person().persona.yearly_income / SALARIES;
        let varies = if self.person().occupation.name == "销售人员" { 0.25 } else { 0.02 };
        let unpaid = self.destiny().unpaid;
        let mut kept_back = 0;
        for month in &self.world().calendar.months {
            let Some(employer_no) = self.destiny().employer_on(self.world(), self.person(), month.first)
            else {
                continue;
            };
            let employer = &self.world().employers.all[employer_no as usize];
            let Some(pay_day) = month.day(employer.pay_day).map(workday_before) else { continue };
            if !self.destiny().has_pay(pay_day) {
                continue;
            }
            let raised = 1.0 + 0.03 * f64::from(month.year - self.world().calendar.months[0].year);
            let mut amount =
                (monthly as f64 * raised * (1.0 + varies * self.chance.normal()).max(0.4)) as i64;
            if unpaid.is_some_and(|(from, until)| (from..until).contains(&pay_day))
                && employer_no == first_employer
            {
                kept_back += amount;
                continue;
            }
            amount += std::mem::take(&mut kept_back);
            // Colleagues are paid in one batch.
            let at = employer.pay_time + i64::from(self.person().number % 600) * 100;
            let what = What::new(TxKind::Salary, Channel::Transfer)
                .purpose("工资")
                .party(Party::Employer(employer_no));
            self.receive(pay_day, at, amount, what);
            self.plan_bonus(month.year, pay_day, monthly, employer_no);
        }
    }

    /// Paid with the last salary before the Spring Festival.
    fn plan_bonus(&mut self, year: i32, pay_day: Day, monthly: i64, employer: u32) {
        let is_last = |festival: Day| (festival - 31..festival).contains(&pay_day);
        if spring_festival(year).is_some_and(is_last) || spring_festival(year + 1).is_some_and(is_last) {
            let amount = (monthly as f64 * self.chance.within(0.8, 2.2)) as i64;
            let what = What::new(TxKind::Salary, Channel::Transfer)
                .purpose("年终奖")
                .party(Party::Employer(employer));
            self.receive(pay_day, 16 * HOUR_MS, amount, what);
        }
    }

    fn plan_pension(&mut self) {
        self.planned += 1.0;
        let monthly = self.person().monthly_income() / 10 * 10;
        for month in &self.world().calendar.months {
            if let Some(day) = month.day(PENSION_DAY).map(workday_before) {
                let authority = Party::Firm("社会保险事业管理中心", self.person().city);
                let what = What::new(TxKind::Pension, Channel::Transfer).purpose("养老金").party(authority);
                self.receive(day, 8 * HOUR_MS + i64::from(self.person().number % 900) * 100, monthly, what);
            }
        }
    }

    /// Takings of a business, to the merchant account where there is one, and what its suppliers are paid.
    fn plan_takings(&mut self) {
        let merchant = self.holdings().slots(AccountKind::Current).next();
        let settlements = (self.budget * 0.2).clamp(1.0, 9.0);
        let supplies = if merchant.is_some() { (self.budget * 0.06).clamp(0.2, 3.0) } else { 0.0 };
        self.planned += settlements + supplies + if merchant.is_some() { 2.0 } else { 0.0 };
        let turnover = self.person().monthly_income() as f64 * if merchant.is_some() { 1.45 } else { 1.0 };
        let suppliers = [self.chance.word(), self.chance.word(), self.chance.word()];
        for month in &self.world().calendar.months {
            let mood = self.chance.log_normal(1.0, 0.18);
            for _ in 0..self.chance.count(settlements).max(1) {
                let day = month.first + self.chance.days(0, month.days() - 1);
                let share = turnover * mood / settlements * self.chance.log_normal(0.94, 0.35);
                let factor =
                    if self.destiny().is_strained(day) || !self.destiny().has_pay(day) { 0.35 } else { 1.0 };
                let what = What::new(TxKind::TransferIn, Channel::Transfer)
                    .purpose("商户结算")
                    .party(Party::Firm("收单结算中心", self.person().city));
                let amount = (share * factor) as i64;
                let slot = self.business_slot(day);
                self.on(
                    day,
                    23 * HOUR_MS,
                    Deed::Move { slot, direction: Direction::Credit, amount, what, need: Need::Vital },
                );
            }
            for _ in 0..self.chance.count(supplies) {
                let day = month.first + self.chance.days(0, month.days() - 1);
                let amount =
                    (turnover * 0.3 / supplies * self.chance.log_normal(0.9, 0.4)) as i64 / 1_000 * 1_000;
                let supplier = *self.chance.one(&suppliers);
                let what = What::new(TxKind::TransferOut, Channel::Online)
                    .purpose("货款")
                    .party(Party::Stranger(supplier));
                let at = Hours::Office.some_time(&mut self.chance);
                let slot = self.business_slot(day);
                self.on(
                    day,
                    at,
                    Deed::Move { slot, direction: Direction::Debit, amount, what, need: Need::Wish },
                );
            }
        }
    }

    /// The merchant account, once it is open.
    fn business_slot(&self, day: Day) -> usize {
        self.holdings()
            .slots(AccountKind::Current)
            .find(|slot| self.account(*slot).opened < day)
            .unwrap_or(MAIN)
    }

    /// From family that banks elsewhere; relatives in this bank give through their ties.
    fn plan_allowance(&mut self) {
        self.planned += 1.0;
        let family = self.chance.word();
        let purpose = if self.person().occupation.name == STUDENT { "生活费" } else { "家用" };
        let day_of_month = self.chance.between(1, 28) as u32;
        for month in &self.world().calendar.months {
            if let Some(day) = month.day(day_of_month) {
                let amount = (self.person().monthly_income() as f64 * self.chance.within(0.85, 1.2)) as i64
                    / 10_000
                    * 10_000;
                let what = What::new(TxKind::TransferIn, Channel::Mobile)
                    .purpose(purpose)
                    .party(Party::Stranger(family));
                self.receive(day, 19 * HOUR_MS, amount.max(10_000), what);
            }
        }
    }

    /// Interest each quarter, and the monthly clearing-up.
    pub fn plan_quarters(&mut self) {
        let clears_up = self.afford(0.6);
        self.planned += 0.34;
        for month in &self.world().calendar.months {
            if month.month % 3 == 0
                && let Some(day) = month.day(21)
            {
                for slot in 0..self.holdings().accounts.len() {
                    if matches!(self.account(slot).kind, AccountKind::Savings | AccountKind::Current) {
                        self.on(
                            day,
                            HOUR_MS + slot as i64 * MINUTE_MS,
                            Deed::Interest { slot, yearly_bp: 15, days: 91 },
                        );
                    }
                }
            }
            let has_takings = self.holdings().slots(AccountKind::Current).next().is_some();
            if clears_up || has_takings {
                let last = month.end() - 1;
                if date_of(last + 1).day() == 1 {
                    self.on(last, 23 * HOUR_MS + 30 * MINUTE_MS, Deed::Sweep);
                }
            }
        }
    }
}

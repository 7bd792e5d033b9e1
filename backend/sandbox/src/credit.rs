//! Credit cards: statements, what is paid of them and when, instalments, interest, and what happens when nothing is paid.

use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::accounts::{Holdings, MAIN};
use crate::agenda::{Deed, Need};
use crate::calendar::{Day, HOUR_MS, Moment, day_at, moment};
use crate::instant;
use crate::ledger::{Entry, What};
use crate::life::Living;
use crate::people::Discipline;
use crate::words::{AccountKind, Channel, Direction, TxKind, TxStatus};

/// From the close of a statement to its due date.
const DAYS_TO_PAY: Day = 20;
/// A month's interest on what was not paid: 0.05 % a day for 31 days, in hundred-thousandths.
const MONTHLY_INTEREST: i64 = 1_550;
/// Five percent of the minimum that was missed.
const LATE_FEE_PCT: i64 = 5;
const LATE_FEE_MIN: i64 = 1_000;
/// A purchase from here on may be paid in instalments.
const INSTALMENT_MIN: i64 = 200_000;
/// Charged on each instalment, in hundredths of a percent of the purchase.
const INSTALMENT_FEE_BP: i64 = 60;
/// Days overdue after which a card is refused.
const BLOCKED_DAYS: Day = 30;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statement {
    pub statement_id: Uuid,
    pub slot: usize,
    pub closed: Day,
    pub due: Day,
    pub billed: i64,
    pub minimum: i64,
    /// Paid until the next one closed.
    pub paid: i64,
    /// Paid since, whichever statement it was meant for.
    paid_since: i64,
    /// The day on which the minimum was reached.
    met: Option<Day>,
    is_paid_in_time: bool,
}

impl Statement {
    /// Days past due: until the minimum was reached, or until today.
    pub fn days_past_due(&self, today: Day) -> i16 {
        let until = if self.minimum == 0 { self.due } else { self.met.unwrap_or(today) };
        i16::try_from((until - self.due).max(0)).unwrap_or(i16::MAX)
    }

    /// The scale of the card industry: −2 nothing used, −1 paid in full, 0 revolving, n so many months late.
    pub fn repayment_status(&self, today: Day) -> Option<i16> {
        let late = self.days_past_due(today);
        match () {
            () if self.billed == 0 => Some(-2),
            () if late > 0 => Some((late / 30 + 1).min(8)),
            () if self.is_paid_in_time => Some(-1),
            () if self.due < today || self.met.is_some() => Some(0),
            () => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repayment {
    pub repayment_id: Uuid,
    pub slot: usize,
    /// Place among the statements.
    pub statement: Option<usize>,
    pub paid: Day,
    pub amount: i64,
}

/// A purchase paid in parts.
#[derive(Debug, Clone, Copy)]
struct Instalments {
    part: i64,
    fee: i64,
    left: u32,
}

/// One credit-card account.
#[derive(Debug, Clone)]
pub struct Line {
    pub slot: usize,
    limit: i64,
    cycle_day: u32,
    /// Places among the statements, oldest first.
    statements: Vec<usize>,
    instalments: Vec<Instalments>,
}

impl Line {
    pub fn all(holdings: &Holdings) -> Vec<Self> {
        let line = |slot: usize| {
            let account = &holdings.accounts[slot];
            let (limit, cycle_day) = (account.limit_minor.unwrap_or(0), account.cycle_day.unwrap_or(1));
            Self { slot, limit, cycle_day, statements: Vec::new(), instalments: Vec::new() }
        };
        holdings.slots(AccountKind::CreditCard).map(line).collect()
    }

    pub fn instalments_left(&self) -> i64 {
        self.instalments.iter().map(|plan| plan.part * i64::from(plan.left)).sum()
    }

    /// The longest time that a minimum has been due without being reached.
    pub fn worst_overdue(&self, statements: &[Statement], today: Day) -> Day {
        let unmet = self
            .statements
            .iter()
            .map(|at| &statements[*at])
            .filter(|statement| statement.minimum > 0 && statement.met.is_none());
        unmet.map(|statement| today - statement.due).max().unwrap_or(0)
    }
}

impl Living<'_> {
    pub fn plan_credit(&mut self) {
        for line in 0..self.lines.len() {
            self.planned += 2.3;
            for month in &self.world().calendar.months {
                let Some(day) = month.day(self.lines[line].cycle_day) else { continue };
                if day > self.account(self.lines[line].slot).opened {
                    self.on(day, 2 * HOUR_MS, Deed::Cycle { line });
                }
            }
            let Some(trouble) = self.destiny().trouble else { continue };
            for _ in 0..self.chance.between(2, 5) {
                let day = trouble.onset - self.chance.days(1, 90);
                let amount = self.chance.between(5, 60) * 10_000;
                let at = 18 * HOUR_MS + self.chance.between(0, 4 * HOUR_MS);
                self.on(day, at, Deed::Advance { line, amount });
            }
        }
    }

    /// What can still be spent on a line on a day; nothing where the bank refuses it.
    pub fn room(&self, line: usize, day: Day) -> i64 {
        let line = &self.lines[line];
        if self.account(line.slot).opened > day
            || line.worst_overdue(&self.life.statements, day) > BLOCKED_DAYS
        {
            return 0;
        }
        line.limit + self.ledger.balances[line.slot] - self.ledger.held[line.slot] - line.instalments_left()
    }

    /// Cash on credit, with its fee.
    pub fn advance(&mut self, at: Moment, line: usize, amount: i64) {
        let (slot, day) = (self.lines[line].slot, day_at(at));
        let fee = (amount / 100).max(1_000);
        let Some(card) = self.holdings().card(slot, self.me, day) else { return };
        if self.room(line, day) < amount + fee {
            return;
        }
        let place = crate::places::Place::Home(self.person().city);
        let what =
            What::new(TxKind::CashWithdrawal, Channel::Atm).purpose("信用卡取现").mcc("6011").place(place);
        let entry = Entry { at, slot, card: Some(card), direction: Direction::Debit, amount, what };
        self.ledger.post(entry, &mut self.chance);
        self.post(
            at,
            (slot, Direction::Debit, fee),
            What::new(TxKind::Fee, Channel::System).purpose("取现手续费"),
        );
    }

    /// Charges what is due on the day, then bills everything that is owed.
    pub fn close_statement(&mut self, at: Moment, line: usize) {
        let (slot, day) = (self.lines[line].slot, day_at(at));
        self.charge_instalments(at, line);
        self.charge_interest(at, line);
        self.convert_to_instalments(at, line);
        let billed = (-self.ledger.balances[slot]).max(0);
        let unmet: i64 = self
            .last(line)
            .filter(|last| last.met.is_none())
            .map_or(0, |last| (last.minimum - last.paid).max(0));
        let minimum = ((billed / 10).max(5_000) + unmet).min(billed);
        let statement = Statement {
            statement_id: uuid_v7(instant(at), self.chance.tail()),
            slot,
            closed: day,
            due: day + DAYS_TO_PAY,
            billed,
            minimum,
            paid: 0,
            paid_since: 0,
            met: None,
            is_paid_in_time: false,
        };
        let number = self.life.statements.len();
        self.life.statements.push(statement);
        self.lines[line].statements.push(number);
        if billed > 0 {
            let early = self.chance.days(0, 6);
            let at = 9 * HOUR_MS + self.chance.between(0, 12 * HOUR_MS);
            self.on(statement.due - early, at, Deed::Settle { line, statement: number });
        }
    }

    fn last(&self, line: usize) -> Option<&crate::credit::Statement> {
        self.lines[line].statements.last().map(|at| &self.life.statements[*at])
    }

    fn charge_instalments(&mut self, at: Moment, line: usize) {
        let slot = self.lines[line].slot;
        for plan in 0..self.lines[line].instalments.len() {
            let Instalments { part, fee, .. } = self.lines[line].instalments[plan];
            self.post(
                at,
                (slot, Direction::Debit, part),
                What::new(TxKind::Other, Channel::System).purpose("账单分期本金"),
            );
            self.post(
                at,
                (slot, Direction::Debit, fee),
                What::new(TxKind::Fee, Channel::System).purpose("分期手续费"),
            );
            self.lines[line].instalments[plan].left -= 1;
        }
        self.lines[line].instalments.retain(|plan| plan.left > 0);
    }

    fn charge_interest(&mut self, at: Moment, line: usize) {
        let slot = self.lines[line].slot;
        let Some(last) = self.last(line).copied() else { return };
        let unpaid = (last.billed - last.paid).max(0);
        let interest = unpaid * MONTHLY_INTEREST / 100_000;
        if interest > 0 {
            self.post(
                at,
                (slot, Direction::Debit, interest),
                What::new(TxKind::Interest, Channel::System).purpose("信用卡利息"),
            );
        }
        if last.minimum > 0 && last.met.is_none_or(|met| met > last.due) {
            let fee = ((last.minimum - last.paid).max(0) * LATE_FEE_PCT / 100).max(LATE_FEE_MIN);
            self.post(
                at,
                (slot, Direction::Debit, fee),
                What::new(TxKind::PenaltyInterest, Channel::System).purpose("违约金"),
            );
        }
    }

    /// The largest purchase since the last statement may be turned into instalments.
    fn convert_to_instalments(&mut self, at: Moment, line: usize) {
        let slot = self.lines[line].slot;
        if self.person().persona.discipline == Discipline::Full || !self.chance.happens(0.4) {
            return;
        }
        let since = moment(self.last(line).map_or(Day::MIN, |last| last.closed).max(day_at(at) - 31), 0);
        let bought = self.ledger.txs.iter().rev().take_while(|tx| tx.entry.at >= since);
        let large = bought.filter(|tx| {
            tx.entry.slot == slot && tx.entry.what.kind == TxKind::Purchase && tx.status == TxStatus::Posted
        });
        let amount =
            large.filter(|tx| tx.entry.what.fraud.is_none()).map(|tx| tx.entry.amount).max().unwrap_or(0);
        if amount < INSTALMENT_MIN || amount > -self.ledger.balances[slot] {
            return;
        }
        let months = *self.chance.one(&[3_u32, 6, 6, 12, 12, 24]);
        let part = amount / i64::from(months);
        let principal = part * i64::from(months);
        self.post(
            at,
            (slot, Direction::Credit, principal),
            What::new(TxKind::Other, Channel::System).purpose("账单分期转出"),
        );
        self.lines[line].instalments.push(Instalments {
            part,
            fee: principal * INSTALMENT_FEE_BP / 10_000,
            left: months,
        });
    }

    /// Pays a statement as its holder does: in full, in part, the minimum, late, or not at all.
    pub fn settle(&mut self, at: Moment, line: usize, statement: usize) {
        let bill = self.life.statements[statement];
        let day = day_at(at);
        if self.destiny().is_in_trouble(day) {
            return;
        }
        let persona = &self.person().persona;
        if day <= bill.due && self.chance.happens(persona.forgetful) {
            let late = bill.due + self.chance.days(1, 24);
            self.on(late, 20 * HOUR_MS, Deed::Settle { line, statement });
            return;
        }
        let unpaid = (bill.billed - bill.paid).max(0);
        let wanted = match persona.discipline {
            _ if self.destiny().is_strained(day) => bill.minimum,
            Discipline::Full => unpaid,
            Discipline::Part => {
                ((bill.billed as f64 * self.chance.within(0.2, 0.7)) as i64).max(bill.minimum)
            }
            Discipline::Minimum => bill.minimum,
        };
        self.pay_card(at, line, wanted.min(unpaid));
    }

    /// Pays what has been due for longest, after trouble.
    pub fn pay_overdue(&mut self, at: Moment, line: usize) {
        if let Some(last) = self.last(line).filter(|last| last.met.is_none()) {
            let wanted = last.minimum - last.paid_since;
            self.pay_card(at, line, wanted);
        }
    }

    pub fn pay_everything(&mut self, at: Moment, line: usize) {
        let left = self.lines[line].instalments_left();
        let slot = self.lines[line].slot;
        self.lines[line].instalments.clear();
        if left > 0 {
            self.post(
                at,
                (slot, Direction::Debit, left),
                What::new(TxKind::Other, Channel::System).purpose("分期提前结清"),
            );
        }
        let owed = -self.ledger.balances[slot];
        self.pay_card(at, line, owed);
    }

    fn pay_card(&mut self, at: Moment, line: usize, amount: i64) {
        let slot = self.lines[line].slot;
        let amount = amount.min(-self.ledger.balances[slot]);
        if amount <= 0 || !self.has_money(at, MAIN, amount, Need::Vital) {
            return;
        }
        let channel = if self.chance.happens(0.5) { Channel::DirectDebit } else { Channel::Mobile };
        let what = What::new(TxKind::Repayment, channel).purpose("信用卡还款");
        self.post(at, (MAIN, Direction::Debit, amount), what);
        let paid =
            self.post(at, (slot, Direction::Credit, amount), What { channel: Channel::Transfer, ..what });
        let (at, day) = (self.ledger.txs[paid].entry.at, day_at(at));
        let statement = self.lines[line].statements.last().copied();
        let repayment_id = uuid_v7(instant(at), self.chance.tail());
        self.life.repayments.push(Repayment { repayment_id, slot, statement, paid: day, amount });
        for (age, number) in self.lines[line].statements.iter().rev().enumerate() {
            let bill = &mut self.life.statements[*number];
            bill.paid += if age == 0 { amount } else { 0 };
            bill.paid_since += amount;
            if bill.met.is_none() && bill.paid_since >= bill.minimum {
                bill.met = Some(day);
            }
            bill.is_paid_in_time |= age == 0 && bill.paid >= bill.billed && day <= bill.due;
        }
    }
}

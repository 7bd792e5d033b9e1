//! Loans as they are paid, or not.

use crate::accounts::{Holdings, MAIN};
use crate::agenda::{Deed, Need};
use crate::calendar::{Day, HOUR_MS, MINUTE_MS, Moment, day_at};
use crate::ledger::{Party, What};
use crate::life::Living;
use crate::words::{AccountKind, Channel, Direction, OrderPurpose, TxKind};

/// Penalty interest is half as much again as the loan's own, on what is overdue.
const PENALTY_DAYS: i64 = 30;

/// A loan in the course of the history.
#[derive(Debug, Clone, Copy)]
pub struct Debt {
    /// The next payment, the first being 1.
    next: u32,
    /// Payments missed and not made up.
    pub arrears: u32,
}

impl Debt {
    pub fn all(holdings: &Holdings, begins: Day) -> Vec<Self> {
        holdings.loans.iter().map(|loan| Self { next: loan.standing_at(begins).1, arrears: 0 }).collect()
    }
}

impl Living<'_> {
    pub fn plan_debts(&mut self) {
        for debt in 0..self.debts.len() {
            let loan = &self.holdings().loans[debt];
            if loan.granted >= self.world().calendar.begins {
                self.on(loan.granted, 14 * HOUR_MS, Deed::LoanGranted { debt });
            }
            if loan.ends() >= self.days.start {
                self.planned += 3.0;
                self.committed += loan.payment as f64;
                self.order(OrderPurpose::LoanPayment, loan.payment, Party::Lender(loan.slot));
                self.on(loan.due(self.debts[debt].next), 4 * HOUR_MS, Deed::LoanDue { debt });
            }
        }
        if let Some(until) = self.destiny().trouble.and_then(|trouble| trouble.until) {
            self.on(until, 10 * HOUR_MS, Deed::Recover);
        }
    }

    pub fn take_loan(&mut self, at: Moment, debt: usize) {
        let loan = &self.holdings().loans[debt];
        let what = What::new(TxKind::Other, Channel::System).purpose("贷款发放");
        self.post(at, (loan.slot, Direction::Debit, loan.amount), what);
        self.post(at, (MAIN, Direction::Credit, loan.amount), What { kind: TxKind::TransferIn, ..what });
        if loan.is_for_purchase {
            let seller = Party::Stranger(self.chance.word());
            let what = What::new(TxKind::TransferOut, Channel::Branch).purpose("受托支付").party(seller);
            self.post(at + 20 * MINUTE_MS, (MAIN, Direction::Debit, loan.amount), what);
        }
    }

    pub fn pay_loan(&mut self, at: Moment, debt: usize) {
        let loan = &self.holdings().loans[debt];
        let owed = -self.ledger.balances[loan.slot];
        if owed <= 0 {
            return;
        }
        let next = self.debts[debt].next + 1;
        self.debts[debt].next = next;
        self.on(loan.due(next), 4 * HOUR_MS, Deed::LoanDue { debt });
        let interest = loan.interest_on(owed);
        let charge = What::new(TxKind::Interest, Channel::System).purpose("贷款利息");
        self.post(at, (loan.slot, Direction::Debit, interest), charge);
        let wanted = loan.payment * i64::from(self.debts[debt].arrears + 1);
        let amount = wanted.min(owed + interest);
        if self.destiny().is_in_trouble(day_at(at)) || !self.has_money(at, MAIN, amount, Need::Vital) {
            self.debts[debt].arrears += 1;
            let overdue = loan.payment * i64::from(self.debts[debt].arrears);
            let penalty = overdue * loan.rate_bp * 3 / 2 * PENALTY_DAYS / 365 / 10_000;
            if penalty > 0 {
                let what = What::new(TxKind::PenaltyInterest, Channel::System).purpose("逾期罚息");
                self.post(at, (loan.slot, Direction::Debit, penalty), what);
            }
            return;
        }
        self.debts[debt].arrears = 0;
        self.repay_loan(at, loan.slot, amount);
    }

    fn repay_loan(&mut self, at: Moment, slot: usize, amount: i64) {
        let what = What::new(TxKind::LoanPayment, Channel::DirectDebit).purpose("贷款还款");
        self.post(at, (MAIN, Direction::Debit, amount), what);
        self.post(at, (slot, Direction::Credit, amount), What { channel: Channel::Transfer, ..what });
    }

    /// Makes up for every missed payment: loans first, then cards.
    pub fn recover(&mut self, at: Moment) {
        for debt in 0..self.debts.len() {
            let loan = &self.holdings().loans[debt];
            let amount =
                (loan.payment * i64::from(self.debts[debt].arrears)).min(-self.ledger.balances[loan.slot]);
            if amount > 0 && self.has_money(at, MAIN, amount, Need::Vital) {
                self.debts[debt].arrears = 0;
                self.repay_loan(at, loan.slot, amount);
            }
        }
        for line in 0..self.lines.len() {
            self.pay_overdue(at, line);
        }
    }

    /// Deposits bear interest once a year, and when they fall due.
    pub fn plan_deposits(&mut self) {
        for slot in self.holdings().slots(AccountKind::Deposit) {
            let opened = self.account(slot).opened;
            for years in 1..=3 {
                self.on(
                    opened + 365 * years,
                    5 * HOUR_MS,
                    Deed::Interest { slot, yearly_bp: 165, days: 365 },
                );
            }
        }
    }
}

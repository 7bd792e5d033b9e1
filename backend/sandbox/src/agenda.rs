//! What a cardholder is going to do, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::calendar::Moment;
use crate::destiny::FraudKind;
use crate::ledger::What;
use crate::merchants::Shop;
use crate::places::Place;
use crate::words::Direction;

/// How hard it is tried to find the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Money is fetched from the account with another bank if it must be.
    Vital,
    /// Done only when there is money.
    Wish,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deed {
    /// Money comes to, or leaves, one of the accounts.
    Move {
        slot: usize,
        direction: Direction,
        amount: i64,
        what: What,
        need: Need,
    },
    Buy {
        shop: Shop,
        amount: i64,
        fraud: Option<FraudKind>,
    },
    Cash {
        amount: i64,
        place: Place,
        fraud: Option<FraudKind>,
    },
    /// A credit-card statement closes. Credit lines, statements and debts by their places.
    Cycle {
        line: usize,
    },
    /// A statement is about to fall due.
    Settle {
        line: usize,
        statement: usize,
    },
    Advance {
        line: usize,
        amount: i64,
    },
    LoanGranted {
        debt: usize,
    },
    LoanDue {
        debt: usize,
    },
    /// Trouble is over: what is overdue is paid.
    Recover,
    DepositOpened {
        slot: usize,
    },
    Interest {
        slot: usize,
        yearly_bp: i64,
        days: i64,
    },
    /// A purchase or a stolen payment is given back.
    GiveBack {
        tx: usize,
        is_reversal: bool,
        amount: i64,
    },
    /// Takings are moved to the main account; what is not needed is invested elsewhere.
    Sweep,
    /// Everything is paid off and withdrawn.
    Leave,
}

#[derive(Debug, Default)]
pub struct Agenda {
    order: BinaryHeap<Reverse<(Moment, u32)>>,
    deeds: Vec<Deed>,
}

impl Agenda {
    pub fn add(&mut self, at: Moment, deed: Deed) {
        self.order.push(Reverse((at, self.deeds.len() as u32)));
        self.deeds.push(deed);
    }

    pub fn next(&mut self) -> Option<(Moment, Deed)> {
        let Reverse((at, number)) = self.order.pop()?;
        Some((at, self.deeds[number as usize]))
    }
}

//! One cardholder's accounts as the history runs: every entry moves a balance and says what it was.

use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::accounts::Holdings;
use crate::calendar::{Day, HOUR_MS, Moment, day_at, moment};
use crate::chance::Chance;
use crate::destiny::FraudKind;
use crate::instant;
use crate::merchants::Shop;
use crate::places::Place;
use crate::words::{AccountKind, Channel, Direction, TxKind, TxStatus};

/// The other side of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// Another cardholder, place in the neighbourhood.
    Holder(usize),
    Employer(u32),
    /// Somebody with another bank; the number is the same person again.
    Stranger(u64),
    /// This bank, for one of the cardholder's accounts with it.
    Lender(usize),
    /// The cardholder's own account with another bank.
    Own,
    /// A utility, agency or authority of a city.
    Firm(&'static str, u8),
}

/// What an entry says besides account, time and amount.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct What {
    pub kind: TxKind,
    pub channel: Channel,
    pub purpose: Option<&'static str>,
    pub shop: Option<Shop>,
    /// Where there is no shop.
    pub mcc: Option<&'static str>,
    pub place: Option<Place>,
    /// Latitude and longitude in hundred-thousandths of a degree.
    pub spot: Option<(i32, i32)>,
    pub party: Option<Party>,
    pub fraud: Option<FraudKind>,
}

impl What {
    pub fn new(kind: TxKind, channel: Channel) -> Self {
        Self {
            kind,
            channel,
            purpose: None,
            shop: None,
            mcc: None,
            place: None,
            spot: None,
            party: None,
            fraud: None,
        }
    }

    pub fn purpose(self, purpose: &'static str) -> Self {
        Self { purpose: Some(purpose), ..self }
    }

    pub fn party(self, party: Party) -> Self {
        Self { party: Some(party), ..self }
    }

    pub fn mcc(self, mcc: &'static str) -> Self {
        Self { mcc: Some(mcc), ..self }
    }

    pub fn place(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }
}

/// An entry to be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    pub at: Moment,
    /// Place in the holdings.
    pub slot: usize,
    pub card: Option<usize>,
    pub direction: Direction,
    pub amount: i64,
    pub what: What,
}

/// An entry that was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tx {
    pub transaction_id: Uuid,
    pub entry: Entry,
    pub posted: Option<Moment>,
    /// `None` where the balance did not move.
    pub balance_after: Option<i64>,
    pub status: TxStatus,
    /// Place in the ledger.
    pub reversal_of: Option<usize>,
}

#[derive(Debug)]
pub struct Ledger {
    pub balances: Vec<i64>,
    /// Authorised and not yet posted, by account.
    pub held: Vec<i64>,
    pub txs: Vec<Tx>,
    is_credit: Vec<bool>,
    today: Day,
    last: Moment,
}

impl Ledger {
    pub fn new(holdings: &Holdings, begins: Day, today: Day) -> Self {
        let opening = |account: &crate::accounts::Account| match account.kind {
            AccountKind::Deposit if account.opened >= begins => 0,
            _ => account.opening_minor,
        };
        Self {
            balances: holdings.accounts.iter().map(opening).collect(),
            held: vec![0; holdings.accounts.len()],
            txs: Vec::new(),
            is_credit: holdings
                .accounts
                .iter()
                .map(|account| account.kind == AccountKind::CreditCard)
                .collect(),
            today,
            last: Moment::MIN,
        }
    }

    /// Entries of one cardholder never share a moment, so that their order is their time.
    fn at(&mut self, wanted: Moment) -> Moment {
        self.last = wanted.max(self.last.saturating_add(1));
        self.last
    }

    fn push(&mut self, entry: Entry, posted: Option<Moment>, status: TxStatus, chance: &mut Chance) -> usize {
        let at = self.at(entry.at);
        let balance_after = posted.map(|_| self.balances[entry.slot]);
        let transaction_id = uuid_v7(instant(at), chance.tail());
        let posted = posted.map(|posted| posted.max(at));
        self.txs.push(Tx {
            transaction_id,
            entry: Entry { at, ..entry },
            posted,
            balance_after,
            status,
            reversal_of: None,
        });
        self.txs.len() - 1
    }

    /// Moves the balance, or holds the amount while a card payment of the last day waits for its merchant.
    pub fn post(&mut self, entry: Entry, chance: &mut Chance) -> usize {
        let is_purchase = entry.what.kind == TxKind::Purchase && self.is_credit[entry.slot];
        let posted = if is_purchase { moment(day_at(entry.at) + 1, 2 * HOUR_MS) } else { entry.at };
        if posted >= moment(self.today, 0) {
            self.held[entry.slot] += entry.amount;
            return self.push(entry, None, TxStatus::Pending, chance);
        }
        self.balances[entry.slot] += entry.direction.signed(entry.amount);
        self.push(entry, Some(posted), TxStatus::Posted, chance)
    }

    /// Keeps an attempt that was refused.
    pub fn decline(&mut self, entry: Entry, chance: &mut Chance) -> usize {
        self.push(entry, None, TxStatus::Declined, chance)
    }

    /// Takes an entry back, in whole or in part.
    pub fn give_back(&mut self, tx: usize, entry: Entry, chance: &mut Chance) -> usize {
        if entry.what.kind == TxKind::Reversal {
            self.txs[tx].status = TxStatus::Reversed;
        }
        let back = self.post(entry, chance);
        self.txs[back].reversal_of = Some(tx);
        back
    }
}

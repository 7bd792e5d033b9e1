//! One cardholder's history: plans what they want to do, then lets it happen in the order of time.

use crate::accounts::{Account, Holdings, MAIN};
use crate::agenda::{Agenda, Deed, Need};
use crate::calendar::{Day, HOUR_MS, MINUTE_MS, Moment, day_at, moment};
use crate::chance::{Chance, Stream};
use crate::credit::{Line, Repayment, Statement};
use crate::debts::Debt;
use crate::destiny::Destiny;
use crate::ledger::{Entry, Ledger, Party, Tx, What};
use crate::people::{self, Person};
use crate::scene::Scene;
use crate::trips::Trip;
use crate::words::{AccountKind, AccountStatus, Channel, Direction, Lifecycle, LoanStatus, TxKind};
use crate::world::World;

/// How an account stands when the history ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub balance: i64,
    pub available: i64,
    pub status: AccountStatus,
    pub closed: Option<Day>,
    /// Overdue for so long that its cards are frozen.
    pub is_blocked: bool,
}

/// What a history leaves behind.
#[derive(Debug, PartialEq, Default)]
pub struct Life {
    pub txs: Vec<Tx>,
    pub statements: Vec<Statement>,
    pub repayments: Vec<Repayment>,
    /// By account.
    pub standings: Vec<Standing>,
    /// By loan.
    pub loans: Vec<LoanStatus>,
    pub orders: Vec<Order>,
}

/// A standing order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order {
    pub amount: i64,
    pub purpose: crate::words::OrderPurpose,
    pub party: Party,
}

/// A history in the making.
pub struct Living<'a> {
    pub scene: &'a Scene,
    pub me: usize,
    pub chance: Chance,
    pub agenda: Agenda,
    pub ledger: Ledger,
    pub lines: Vec<Line>,
    pub debts: Vec<Debt>,
    pub trips: Vec<Trip>,
    pub life: Life,
    /// Transactions of a month that the plan grants, and those already planned.
    pub budget: f64,
    pub planned: f64,
    /// What bills, loans and relatives take of a month's income, in fen.
    pub committed: f64,
    pub days: std::ops::Range<Day>,
}

pub fn live(scene: &Scene, me: usize) -> Life {
    let holdings = &scene.holdings[me];
    if holdings.accounts.is_empty() {
        return Life::default();
    }
    let person = &scene.neighbourhood.people[me];
    let world = &*scene.world;
    let mut living = Living {
        scene,
        me,
        chance: Chance::of(world.plan.seed, Stream::Life, u64::from(person.number)),
        agenda: Agenda::default(),
        ledger: Ledger::new(holdings, world.calendar.begins, world.calendar.today),
        lines: Line::all(holdings),
        debts: Debt::all(holdings, world.calendar.begins),
        trips: Vec::new(),
        life: Life::default(),
        budget: f64::from(world.plan.tx_per_month) * person.persona.activity
            / people::presence(world.plan.months),
        planned: 0.0,
        committed: 0.0,
        days: person.lives(world),
    };
    if !living.days.is_empty() {
        living.plan();
        living.happen();
    }
    living.leave_behind()
}

impl<'a> Living<'a> {
    pub fn world(&self) -> &'a World {
        &self.scene.world
    }

    pub fn person(&self) -> &'a Person {
        &self.scene.neighbourhood.people[self.me]
    }

    pub fn holdings(&self) -> &'a Holdings {
        &self.scene.holdings[self.me]
    }

    pub fn account(&self, slot: usize) -> &'a Account {
        &self.holdings().accounts[slot]
    }

    pub fn destiny(&self) -> &'a Destiny {
        &self.scene.destinies[self.me]
    }

    /// Plans something for a local time of a day, if it is a day of this life.
    pub fn on(&mut self, day: Day, local_ms: i64, deed: Deed) {
        if self.days.contains(&day) {
            self.agenda.add(moment(day, local_ms), deed);
        }
    }

    /// Whether something that comes so often a month still fits; if it does, it is counted.
    pub fn afford(&mut self, per_month: f64) -> bool {
        let fits = self.planned + per_month <= 0.6 * self.budget;
        if fits {
            self.planned += per_month;
        }
        fits
    }

    fn plan(&mut self) {
        self.plan_arrival();
        self.plan_trips();
        self.plan_income();
        self.plan_credit();
        self.plan_debts();
        self.plan_deposits();
        self.plan_bills();
        self.plan_gifts();
        self.plan_fraud();
        self.plan_shopping();
        if self.person().lifecycle == Lifecycle::Closed {
            self.on(self.days.end - 1, 23 * HOUR_MS, Deed::Leave);
        }
    }

    /// Accounts opened in the history get their first money.
    fn plan_arrival(&mut self) {
        let begins = self.world().calendar.begins;
        for slot in 0..self.holdings().accounts.len() {
            let account = self.account(slot);
            if account.opened < begins {
                continue;
            }
            match account.kind {
                AccountKind::Savings | AccountKind::Current => {
                    let amount = (self.person().monthly_income() as f64 * self.chance.within(0.3, 2.0))
                        as i64
                        / 10_000
                        * 10_000
                        + 10_000;
                    let what = What::new(TxKind::CashDeposit, Channel::Branch).purpose("开户存款");
                    self.on(
                        account.opened,
                        11 * HOUR_MS,
                        Deed::Move { slot, direction: Direction::Credit, amount, what, need: Need::Vital },
                    );
                }
                AccountKind::Deposit => self.on(account.opened, 15 * HOUR_MS, Deed::DepositOpened { slot }),
                AccountKind::CreditCard | AccountKind::Loan => {}
            }
        }
    }

    fn happen(&mut self) {
        while let Some((at, deed)) = self.agenda.next() {
            match deed {
                Deed::Move { slot, direction, amount, what, need } => {
                    self.transfer(at, (slot, direction, amount), what, need)
                }
                Deed::Buy { shop, amount, fraud } => self.buy(at, shop, amount, fraud),
                Deed::Cash { amount, place, fraud } => self.withdraw(at, amount, place, fraud),
                Deed::Cycle { line } => self.close_statement(at, line),
                Deed::Settle { line, statement } => self.settle(at, line, statement),
                Deed::Advance { line, amount } => self.advance(at, line, amount),
                Deed::LoanGranted { debt } => self.take_loan(at, debt),
                Deed::LoanDue { debt } => self.pay_loan(at, debt),
                Deed::Recover => self.recover(at),
                Deed::DepositOpened { slot } => self.open_deposit(at, slot),
                Deed::Interest { slot, yearly_bp, days } => self.earn_interest(at, slot, yearly_bp, days),
                Deed::GiveBack { tx, is_reversal, amount } => self.give_back(at, tx, is_reversal, amount),
                Deed::Sweep => self.sweep(at),
                Deed::Leave => {
                    self.leave(at);
                    return;
                }
            }
        }
    }

    /// Puts an entry on an account that has the money for it.
    pub fn post(
        &mut self,
        at: Moment,
        (slot, direction, amount): (usize, Direction, i64),
        what: What,
    ) -> usize {
        self.ledger.post(Entry { at, slot, card: None, direction, amount, what }, &mut self.chance)
    }

    /// Whether the account can bear the amount; money from elsewhere helps where the need is vital and there is any.
    pub fn has_money(&mut self, at: Moment, slot: usize, amount: i64, need: Need) -> bool {
        let missing = amount - self.ledger.balances[slot];
        if missing <= 0 {
            return true;
        }
        if need == Need::Wish || self.destiny().is_in_trouble(day_at(at)) {
            return false;
        }
        let usual = self.person().monthly_income() / 2;
        let fetched = (missing.max(usual) + 99_999) / 100_000 * 100_000;
        let what = What::new(TxKind::TransferIn, Channel::Transfer).purpose("本人他行转入").party(Party::Own);
        self.post(at, (slot, Direction::Credit, fetched), what);
        true
    }

    fn transfer(
        &mut self,
        at: Moment,
        (slot, direction, amount): (usize, Direction, i64),
        what: What,
        need: Need,
    ) {
        let is_possible = direction == Direction::Credit || self.has_money(at, slot, amount, need);
        if is_possible && amount > 0 {
            self.post(at, (slot, direction, amount), what);
        }
    }

    fn open_deposit(&mut self, at: Moment, slot: usize) {
        let amount = self.account(slot).opening_minor;
        let what = |kind| What::new(kind, Channel::Mobile).purpose("定期存款");
        if self.has_money(at, MAIN, amount, Need::Vital) {
            self.post(at, (MAIN, Direction::Debit, amount), what(TxKind::TransferOut));
            self.post(at, (slot, Direction::Credit, amount), what(TxKind::TransferIn));
        } else {
            self.post(at, (slot, Direction::Credit, amount), what(TxKind::TransferIn).party(Party::Own));
        }
    }

    fn earn_interest(&mut self, at: Moment, slot: usize, yearly_bp: i64, days: i64) {
        let amount = self.ledger.balances[slot].max(0) / 10_000 * yearly_bp * days / 365;
        if amount > 0 {
            self.post(
                at,
                (slot, Direction::Credit, amount),
                What::new(TxKind::Interest, Channel::System).purpose("结息"),
            );
        }
    }

    fn give_back(&mut self, at: Moment, tx: usize, is_reversal: bool, amount: i64) {
        let original = self.ledger.txs[tx];
        if original.status != crate::words::TxStatus::Posted {
            return;
        }
        let (kind, purpose) =
            if is_reversal { (TxKind::Reversal, "冲正") } else { (TxKind::Refund, "退款") };
        let what = What {
            kind,
            purpose: Some(purpose),
            channel: Channel::System,
            spot: None,
            fraud: None,
            ..original.entry.what
        };
        let direction = match original.entry.direction {
            Direction::Debit => Direction::Credit,
            Direction::Credit => Direction::Debit,
        };
        let entry = Entry { at, direction, amount, what, ..original.entry };
        self.ledger.give_back(tx, entry, &mut self.chance);
    }

    /// At the end of a month takings are moved over, and what is far more than needed is invested with another house.
    fn sweep(&mut self, at: Moment) {
        let own = |kind, purpose| What::new(kind, Channel::Mobile).purpose(purpose);
        for slot in self.holdings().slots(AccountKind::Current) {
            let spare = (self.ledger.balances[slot] * 7 / 10) / 10_000 * 10_000;
            if spare >= 100_000 {
                self.post(at, (slot, Direction::Debit, spare), own(TxKind::TransferOut, "结算款转出"));
                self.post(at, (MAIN, Direction::Credit, spare), own(TxKind::TransferIn, "结算款转入"));
            }
        }
        let cushion = self.person().monthly_income() * 4 + 2_000_000;
        let spare = ((self.ledger.balances[MAIN] - cushion) as f64 * self.chance.within(0.5, 0.9)) as i64
            / 100_000
            * 100_000;
        if spare >= 500_000 {
            self.post(
                at,
                (MAIN, Direction::Debit, spare),
                own(TxKind::TransferOut, "理财转出").party(Party::Own),
            );
        }
    }

    fn leave(&mut self, at: Moment) {
        for line in 0..self.lines.len() {
            self.pay_everything(at, line);
        }
        for slot in 0..self.holdings().accounts.len() {
            let left = self.ledger.balances[slot];
            if left > 0 {
                let what = What::new(TxKind::CashWithdrawal, Channel::Branch).purpose("销户取款").mcc("6010");
                self.post(at - MINUTE_MS, (slot, Direction::Debit, left), what);
            }
        }
    }

    fn leave_behind(mut self) -> Life {
        let today = self.world().calendar.today;
        for slot in 0..self.holdings().accounts.len() {
            let standing = self.standing(slot, today);
            self.life.standings.push(standing);
        }
        let loans = self.debts.iter().zip(&self.holdings().loans);
        self.life.loans = loans
            .map(|(debt, loan)| loan.status(self.ledger.balances[loan.slot] == 0, debt.arrears, today))
            .collect();
        self.life.txs = self.ledger.txs;
        self.life
    }

    fn standing(&self, slot: usize, today: Day) -> Standing {
        let (account, balance) = (self.account(slot), self.ledger.balances[slot]);
        let line = self.lines.iter().find(|line| line.slot == slot);
        let is_blocked = line.is_some_and(|line| {
            line.worst_overdue(&self.life.statements, today) > crate::destiny::DEFAULT_DAYS
        });
        let ended = self.person().ended;
        let (status, closed) = match self.person().lifecycle {
            Lifecycle::Closed => (AccountStatus::Closed, ended),
            Lifecycle::Deceased => (AccountStatus::Frozen, None),
            Lifecycle::Dormant => (AccountStatus::Dormant, None),
            _ if account.kind == AccountKind::Loan && balance == 0 => {
                let last = self
                    .ledger
                    .txs
                    .iter()
                    .rev()
                    .find(|tx| tx.entry.slot == slot)
                    .map(|tx| day_at(tx.entry.at));
                let loan = self.holdings().loans.iter().find(|loan| loan.slot == slot);
                (AccountStatus::Closed, last.or(loan.map(crate::loans::Loan::ends)))
            }
            _ if is_blocked => (AccountStatus::Frozen, None),
            Lifecycle::Prospect | Lifecycle::Active => (AccountStatus::Active, None),
        };
        let available = match (status, account.kind) {
            (AccountStatus::Closed, _) | (_, AccountKind::Loan) => 0,
            // Interest and fees may go beyond a limit; what can be spent stops at nothing.
            _ => (account.limit_minor.unwrap_or(0) + balance
                - self.ledger.held[slot]
                - line.map_or(0, Line::instalments_left))
            .max(0),
        };
        Standing { balance, available, status, closed, is_blocked }
    }
}

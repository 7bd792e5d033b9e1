//! What is paid again and again: rent, utilities, insurance, savings plans, cash, and money between relatives.

use crate::accounts::MAIN;
use crate::agenda::{Deed, Need};
use crate::calendar::{HOUR_MS, Hours, MonthPart};
use crate::ledger::{Party, What};
use crate::life::{Living, Order};
use crate::places::{CITIES, Place};
use crate::words::{Channel, Direction, OrderPurpose, TxKind};

/// A bill that comes every so many months on the same day.
struct Bill {
    every: u32,
    first_month: u32,
    day: u32,
    amount: f64,
    /// How much it varies from time to time.
    sigma: f64,
    what: What,
}

impl Living<'_> {
    pub fn plan_bills(&mut self) {
        self.plan_quarters();
        self.plan_home();
        self.plan_utilities();
        self.plan_insurance();
        self.plan_savings();
        self.plan_fees();
        self.plan_cash();
    }

    fn plan_bill(&mut self, bill: &Bill) {
        let at = 6 * HOUR_MS + self.chance.between(0, 12 * HOUR_MS);
        self.committed += bill.amount * 100.0 / f64::from(bill.every);
        for month in &self.world().calendar.months {
            let is_due = (month.month + 12 - bill.first_month).is_multiple_of(bill.every);
            let amount = self.chance.log_normal(bill.amount * 100.0, bill.sigma) as i64;
            if let Some(day) = month.day(bill.day).filter(|_| is_due) {
                let amount = if bill.sigma > 0.0 { amount } else { amount / 100 * 100 };
                self.on(
                    day,
                    at,
                    Deed::Move {
                        slot: MAIN,
                        direction: Direction::Debit,
                        amount,
                        what: bill.what,
                        need: Need::Vital,
                    },
                );
            }
        }
    }

    /// Rent for those who own no home; the property manager for those who do.
    fn plan_home(&mut self) {
        let level = CITIES[usize::from(self.person().city)].price_level();
        let day = self.chance.between(1, 28) as u32;
        if !self.person().persona.owns_home && self.person().age_at(self.days.start) > 22 {
            let rent = self.person().monthly_income() as f64 / 100.0 * self.chance.within(0.15, 0.32);
            let amount = ((rent / 100.0).round() * 100.0).clamp(600.0, 15_000.0);
            let landlord = Party::Stranger(self.chance.word());
            let is_quarterly = self.chance.happens(0.35);
            if self.afford(if is_quarterly { 0.34 } else { 1.0 }) {
                let (every, times) = if is_quarterly { (3, 3.0) } else { (1, 1.0) };
                let what = What::new(TxKind::TransferOut, Channel::Mobile).purpose("房租").party(landlord);
                let first_month = self.chance.between(1, 12) as u32;
                self.plan_bill(&Bill { every, first_month, day, amount: amount * times, sigma: 0.0, what });
                self.order(OrderPurpose::Household, (amount * times) as i64 * 100, landlord);
            }
        } else if self.person().persona.owns_home && self.afford(0.34) {
            let manager = Party::Firm("物业服务有限公司", self.person().city);
            let what =
                What::new(TxKind::Purchase, Channel::Mobile).purpose("物业费").mcc("7349").party(manager);
            let first_month = self.chance.between(1, 12) as u32;
            self.plan_bill(&Bill {
                every: 3,
                first_month,
                day,
                amount: (level * 650.0).round(),
                sigma: 0.0,
                what,
            });
        }
    }

    fn plan_utilities(&mut self) {
        let city = self.person().city;
        let utility = |purpose: &'static str, firm: &'static str, mcc: &'static str| {
            What::new(TxKind::Purchase, Channel::DirectDebit)
                .purpose(purpose)
                .mcc(mcc)
                .party(Party::Firm(firm, city))
        };
        let bills = [
            (1, 60.0, 0.35, utility("话费", "移动通信有限公司", "4814")),
            (1, 180.0, 0.45, utility("电费", "供电公司", "4900")),
            (2, 70.0, 0.3, utility("水费", "自来水有限公司", "4900")),
            (1, 99.0, 0.0, utility("宽带费", "宽带服务有限公司", "4816")),
            (2, 90.0, 0.4, utility("燃气费", "燃气有限公司", "4900")),
        ];
        let is_keeper = self.person().kin == crate::households::Kin::Head;
        for (nth, (every, amount, sigma, what)) in bills.into_iter().enumerate() {
            // A household's bills are paid by its head; everybody pays their own telephone.
            if (nth == 0 || is_keeper) && self.afford(1.0 / f64::from(every)) {
                let (first_month, day) =
                    (self.chance.between(1, 12) as u32, self.chance.between(1, 28) as u32);
                self.plan_bill(&Bill { every, first_month, day, amount, sigma, what });
            }
        }
    }

    fn plan_insurance(&mut self) {
        let income = self.person().monthly_income() as f64 / 100.0;
        if !self.chance.happens(0.35) || !self.afford(1.0) {
            return;
        }
        let insurer = Party::Firm("人寿保险股份有限公司", self.person().city);
        let amount = (income * self.chance.within(0.02, 0.06) / 10.0).round() * 10.0;
        let what =
            What::new(TxKind::Purchase, Channel::DirectDebit).purpose("保险费").mcc("6300").party(insurer);
        let day = self.chance.between(1, 28) as u32;
        self.plan_bill(&Bill { every: 1, first_month: 1, day, amount: amount.max(20.0), sigma: 0.0, what });
        self.order(OrderPurpose::Insurance, amount.max(20.0) as i64 * 100, insurer);
    }

    /// A fixed sum into a fund each month.
    fn plan_savings(&mut self) {
        if self.destiny().trouble.is_some() || !self.chance.happens(0.22) || !self.afford(1.0) {
            return;
        }
        let amount = (self.person().monthly_income() as f64 / 100.0 * self.chance.within(0.05, 0.15) / 100.0)
            .round()
            * 100.0;
        let fund = Party::Firm("基金管理有限公司", 0);
        let what = What::new(TxKind::TransferOut, Channel::System).purpose("基金定投").party(fund);
        let day = self.chance.between(1, 28) as u32;
        self.plan_bill(&Bill { every: 1, first_month: 1, day, amount: amount.max(100.0), sigma: 0.0, what });
        self.order(OrderPurpose::Savings, amount.max(100.0) as i64 * 100, fund);
    }

    /// Messages about every movement cost something.
    fn plan_fees(&mut self) {
        if self.chance.happens(0.4) && self.afford(1.0) {
            let what = What::new(TxKind::Fee, Channel::System).purpose("短信服务费");
            self.plan_bill(&Bill { every: 1, first_month: 1, day: 2, amount: 3.0, sigma: 0.0, what });
        }
    }

    pub fn order(&mut self, purpose: OrderPurpose, amount: i64, party: Party) {
        if self.person().lifecycle == crate::words::Lifecycle::Active && amount > 0 {
            self.life.orders.push(Order { amount, purpose, party });
        }
    }

    /// The old still use cash; everybody needs some before the Spring Festival.
    fn plan_cash(&mut self) {
        let age = f64::from(self.person().age_at(self.days.start));
        let per_month = (0.15 + (age - 35.0).max(0.0) / 25.0).min(self.budget * 0.12);
        self.planned += per_month;
        let place = Place::Home(self.person().city);
        for month in &self.world().calendar.months {
            for _ in 0..self.chance.count(per_month) {
                let day = month.some_day(crate::calendar::Season::Everyday, &mut self.chance);
                let amount =
                    *self.chance.one(&[20_000, 30_000, 50_000, 50_000, 100_000, 100_000, 200_000, 300_000]);
                let at = Hours::Daytime.some_time(&mut self.chance);
                self.on(day, at, Deed::Cash { amount, place, fraud: None });
            }
        }
    }

    /// Both sides of what relatives and friends send each other.
    pub fn plan_gifts(&mut self) {
        let scene = self.scene;
        for tie in scene.ties.iter().filter(|tie| tie.joins(self.me)) {
            // A bank with few transactions has none to spare for these.
            if scene.world.plan.tx_per_month < 5 {
                return;
            }
            self.planned += tie.gifts_per_month();
            let gifts =
                tie.gifts(&scene.world, &scene.neighbourhood.people, &scene.destinies, &scene.holdings);
            let given: i64 = gifts.iter().filter(|gift| gift.from == self.me).map(|gift| gift.amount).sum();
            self.committed += given as f64 / scene.world.calendar.months.len() as f64;
            for gift in gifts {
                let (kind, direction, other) = if gift.from == self.me {
                    (TxKind::TransferOut, Direction::Debit, gift.to)
                } else {
                    (TxKind::TransferIn, Direction::Credit, gift.from)
                };
                let what = What::new(kind, Channel::Mobile).purpose(gift.purpose).party(Party::Holder(other));
                self.agenda.add(
                    gift.at,
                    Deed::Move { slot: MAIN, direction, amount: gift.amount, what, need: Need::Vital },
                );
            }
        }
    }
}

/// The share of a month that belongs to a life.
pub fn share_of(month: &MonthPart, days: &std::ops::Range<crate::calendar::Day>) -> f64 {
    let from = month.first.max(days.start);
    let until = month.end().min(days.end);
    f64::from((until - from).max(0)) / f64::from(month.days().max(1))
}

//! Everyday purchases: what, where, when, for how much, and with which card.

use crate::accounts::MAIN;
use crate::agenda::{Deed, Need};
use crate::bills::share_of;
use crate::calendar::{DAY_MS, Hours, Moment, SEASONS, Season, day_at};
use crate::chance::{running, scrambled};
use crate::destiny::FraudKind;
use crate::ledger::{Entry, What};
use crate::life::Living;
use crate::merchants::{self, SHOPS, Shop, TRADES, Taste, Trade};
use crate::places::Place;
use crate::words::{AccountKind, Channel, Direction, Gender, PartyRole, TxKind};

/// Of what bills leave of an income, everyday purchases take this much at most; of the whole at least the second.
const FREE_SHARE: f64 = 0.75;
const INCOME_SHARE_MIN: f64 = 0.15;
const DAYS_PER_MONTH: f64 = 30.44;
const DECLINED_SHARE: f64 = 0.011;
/// Refunds and reversals, of purchases on the web and of all.
const REFUNDED_SHARE: f64 = 0.03;
const REVERSED_SHARE: f64 = 0.0015;
/// Terminals that report where they are.
const LOCATED_SHARE: f64 = 0.4;

/// Running weights of one person's trades, by season.
struct Tastes {
    trades: [Vec<usize>; 4],
    running: [Vec<f64>; 4],
    total: f64,
    mean_yuan: f64,
}

impl Living<'_> {
    pub fn plan_shopping(&mut self) {
        let tastes = self.tastes();
        let per_month = (self.budget - self.planned).max(0.12 * self.budget);
        let persona = &self.person().persona;
        let expected = per_month * tastes.mean_yuan * 100.0 * persona.spending;
        let income = self.person().monthly_income() as f64;
        let free = ((income - self.committed) * FREE_SHARE).max(income * INCOME_SHARE_MIN);
        let thrift = (free / expected).min(1.0);
        let size = persona.spending * thrift;
        let calendar = &self.world().calendar;
        for month in &calendar.months {
            if share_of(month, &self.days) <= 0.0 {
                continue;
            }
            for season in SEASONS {
                let of = season as usize;
                let share = tastes.running[of].last().copied().unwrap_or(0.0) / tastes.total;
                let mean = per_month / DAYS_PER_MONTH * calendar.spending_days(month, season) * share;
                for _ in 0..self.chance.count(mean) {
                    let trade = tastes.trades[of][self.chance.step(&tastes.running[of])];
                    let day = month.some_day(season, &mut self.chance);
                    self.plan_purchase(day, trade, size);
                }
            }
        }
        self.plan_occasions();
    }

    fn tastes(&self) -> Tastes {
        let weight = |at: usize| TRADES[at].weight * self.taste_for(&TRADES[at]);
        let trades: [Vec<usize>; 4] = SEASONS.map(|season| merchants::trades_of(season).collect());
        let running = [0, 1, 2, 3].map(|of: usize| running(trades[of].iter().map(|at| weight(*at))));
        let total: f64 = running.iter().filter_map(|sums| sums.last()).sum();
        let spent = |at: usize| weight(at) * TRADES[at].median_yuan * (TRADES[at].sigma.powi(2) / 2.0).exp();
        let mean_yuan = (0..TRADES.len()).map(spent).sum::<f64>() / total;
        Tastes { trades, running, total, mean_yuan }
    }

    fn taste_for(&self, trade: &Trade) -> f64 {
        let person = self.person();
        let age = person.age_at(self.days.start);
        match trade.taste {
            Taste::All => 1.0,
            Taste::Women => {
                if person.gender == Gender::Female {
                    1.6
                } else {
                    0.45
                }
            }
            Taste::Men => {
                if person.gender == Gender::Male {
                    1.5
                } else {
                    0.5
                }
            }
            Taste::Drivers => {
                if person.persona.has_car {
                    2.2
                } else {
                    0.05
                }
            }
            Taste::Parents => {
                if person.persona.has_child {
                    2.2
                } else {
                    0.15
                }
            }
            Taste::Young => (1.9 - f64::from(age) / 35.0).clamp(0.1, 1.6),
            Taste::Old => (f64::from(age) / 45.0).clamp(0.4, 1.8),
            Taste::Traveller => person.persona.trips_per_year.clamp(0.2, 3.0),
        }
    }

    fn plan_purchase(&mut self, day: crate::calendar::Day, trade: usize, size: f64) {
        if !self.days.contains(&day) {
            return;
        }
        let of = &TRADES[trade];
        let wants_online = self.chance.happens(of.online * self.person().persona.online.max(0.2));
        let time = if wants_online { Hours::Online } else { of.hours }.some_time(&mut self.chance);
        let at = crate::calendar::moment(day, time);
        let place = self.place_at(at);
        let is_online = wants_online || of.online >= 1.0 || place.is_none();
        let place = place.filter(|_| !is_online).unwrap_or(Place::Home(self.person().city));
        let yuan = self.chance.log_normal(of.median_yuan * size, of.sigma).clamp(1.0, 80_000.0);
        let amount = self.priced(yuan);
        let shop = Shop { trade: trade as u8, number: self.usual_shop(trade), place, is_online };
        self.agenda.add(at, Deed::Buy { shop, amount, fraud: None });
    }

    /// Prices end in whole yuan, in nine, or anyhow.
    fn priced(&mut self, yuan: f64) -> i64 {
        let fen = (yuan * 100.0).round() as i64;
        match self.chance.below(10) {
            0..=3 => (fen / 100).max(1) * 100,
            4 | 5 => (fen / 1_000) * 1_000 + 900,
            6 => (fen / 100) * 100 + 50,
            _ => fen.max(1),
        }
    }

    /// One of a few shops of the trade that this person goes to, or any other.
    fn usual_shop(&mut self, trade: usize) -> u16 {
        if self.chance.happens(self.person().persona.loyalty) {
            let favourite = self.chance.below(3) as u64;
            let key = u64::from(self.person().number) << 16 | (trade as u64) << 4 | favourite;
            (scrambled(key) % u64::from(SHOPS)) as u16
        } else {
            self.chance.below(usize::from(SHOPS)) as u16
        }
    }

    /// Weddings, births, illness, a new home: some large purchases within weeks.
    fn plan_occasions(&mut self) {
        for event in &self.destiny().events {
            let (mccs, median): (&[&str], f64) = match event.kind {
                "marriage" => (&["5944", "5812", "7011", "5722"], 6_000.0),
                "child_birth" => (&["8062", "5641", "5641", "5641"], 900.0),
                "illness" => (&["8062", "8062", "5912", "8062"], 2_400.0),
                "moved_home" => (&["5712", "5722", "5200", "7349"], 2_200.0),
                _ => continue,
            };
            for mcc in mccs {
                let day = event.day + self.chance.days(-10, 30);
                let trade = merchants::trade_of(mcc);
                self.plan_purchase(day, trade, self.chance_size(median, trade));
            }
        }
    }

    /// The size that makes a trade's median this one.
    fn chance_size(&self, median: f64, trade: usize) -> f64 {
        median / TRADES[trade].median_yuan
    }

    pub fn buy(&mut self, at: Moment, shop: Shop, amount: i64, fraud: Option<FraudKind>) {
        let Some((slot, card)) = self.means(at, amount, shop, fraud) else { return };
        let place =
            if shop.is_online && matches!(shop.place, Place::Home(_)) { None } else { Some(shop.place) };
        let spot = place
            .filter(|_| !shop.is_online && self.chance.happens(LOCATED_SHARE))
            .map(|place| self.spot(place));
        let channel = self.channel(shop, slot);
        let mut what = What { shop: Some(shop), place, spot, fraud, ..What::new(TxKind::Purchase, channel) };
        let mut entry = Entry { at, slot, card: Some(card), direction: Direction::Debit, amount, what };
        let is_affordable = match self.account(slot).kind {
            AccountKind::CreditCard => amount <= self.room_of(slot, at),
            _ => self.has_money(at, slot, amount, if fraud.is_some() { Need::Wish } else { Need::Vital }),
        };
        if !is_affordable {
            self.ledger.decline(entry, &mut self.chance);
            return;
        }
        if fraud.is_none() && self.chance.happens(DECLINED_SHARE) {
            self.ledger.decline(entry, &mut self.chance);
            what.spot = None;
            entry = Entry { at: at + 40_000, what, ..entry };
        }
        let tx = self.ledger.post(entry, &mut self.chance);
        self.may_come_back(tx, at, amount);
    }

    fn room_of(&self, slot: usize, at: Moment) -> i64 {
        let line = self.lines.iter().position(|line| line.slot == slot);
        line.map_or(0, |line| self.room(line, day_at(at)))
    }

    /// The account and card to pay with.
    fn means(
        &mut self,
        at: Moment,
        amount: i64,
        shop: Shop,
        fraud: Option<FraudKind>,
    ) -> Option<(usize, usize)> {
        let day = day_at(at);
        let holdings = self.holdings();
        let debit = holdings.card(MAIN, self.me, day).map(|card| (MAIN, card));
        let is_abroad = matches!(shop.place, Place::Abroad(_));
        let strained = self.destiny().is_strained(day);
        let love =
            if strained || is_abroad || fraud.is_some() { 1.0 } else { self.person().persona.card_love };
        if self.lines.is_empty() || !self.chance.happens(love) {
            return debit;
        }
        let line = if self.lines.len() > 1 && self.chance.happens(0.3) { 1 } else { 0 };
        let slot = self.lines[line].slot;
        let user =
            self.account(slot).user.filter(|(_, role)| *role == PartyRole::AuthorisedUser && fraud.is_none());
        let holder = user
            .filter(|_| !self.is_travelling(day) && self.chance.happens(0.3))
            .map_or(self.me, |(partner, _)| partner);
        let credit = holdings
            .card(slot, holder, day)
            .or_else(|| holdings.card(slot, self.me, day))
            .map(|card| (slot, card));
        let has_room = self.room(line, day) >= amount;
        match credit {
            Some(credit) if has_room || fraud.is_some() => Some(credit),
            _ => debit,
        }
    }

    fn channel(&mut self, shop: Shop, slot: usize) -> Channel {
        let is_phone_first = matches!(shop.mcc(), "4121" | "4111" | "5814" | "5499");
        let scans = if self.account(slot).kind == AccountKind::CreditCard { 0.3 } else { 0.55 };
        if shop.is_online && is_phone_first
            || !shop.is_online && matches!(shop.place, Place::Home(_)) && self.chance.happens(scans)
        {
            Channel::Mobile
        } else if shop.is_online {
            Channel::Online
        } else {
            Channel::Pos
        }
    }

    /// Somewhere in a city, within some ten kilometres of its middle.
    fn spot(&mut self, place: Place) -> (i32, i32) {
        let (latitude, longitude) = place.middle();
        let near = |of: f64, chance: &mut crate::chance::Chance| {
            ((of + 0.04 * chance.normal()) * 100_000.0).round() as i32
        };
        (near(latitude, &mut self.chance), near(longitude, &mut self.chance))
    }

    fn may_come_back(&mut self, tx: usize, at: Moment, amount: i64) {
        let entry = self.ledger.txs[tx].entry;
        if entry.what.fraud.is_some() {
            return self.plan_chargeback(tx, amount);
        }
        let is_returnable = entry
            .what
            .shop
            .is_some_and(|shop| shop.is_online && TRADES[usize::from(shop.trade)].season == Season::Shopping);
        let (is_reversal, after, share) = if is_returnable && self.chance.happens(REFUNDED_SHARE) {
            let share = if self.chance.happens(0.7) { 1.0 } else { self.chance.within(0.2, 0.8) };
            (false, self.chance.between(2 * DAY_MS, 12 * DAY_MS), share)
        } else if self.chance.happens(REVERSED_SHARE) {
            (true, self.chance.between(2 * DAY_MS, 3 * DAY_MS), 1.0)
        } else {
            return;
        };
        let day = day_at(at + after);
        if self.days.contains(&day) {
            let amount = ((amount as f64 * share) as i64).max(1);
            self.agenda.add(at + after, Deed::GiveBack { tx, is_reversal, amount });
        }
    }

    pub fn withdraw(&mut self, at: Moment, amount: i64, place: Place, fraud: Option<FraudKind>) {
        let Some(card) = self.holdings().card(MAIN, self.me, day_at(at)) else { return };
        let is_known = fraud.is_none() && self.is_travelling(day_at(at));
        let place = if is_known { self.place_at(at).unwrap_or(place) } else { place };
        let spot = self.chance.happens(0.8).then(|| self.spot(place));
        let what = What {
            spot,
            fraud,
            ..What::new(TxKind::CashWithdrawal, Channel::Atm).purpose("取现").mcc("6011").place(place)
        };
        let entry = Entry { at, slot: MAIN, card: Some(card), direction: Direction::Debit, amount, what };
        let need = if fraud.is_some() { Need::Wish } else { Need::Vital };
        let tx = if self.has_money(at, MAIN, amount, need) {
            self.ledger.post(entry, &mut self.chance)
        } else {
            self.ledger.decline(entry, &mut self.chance)
        };
        if fraud.is_some() {
            self.plan_chargeback(tx, amount);
        }
    }
}

//! Fraud as it shows on the accounts: short bursts of stolen payments, and cardholders who cheat themselves.

use crate::accounts::{Holdings, MAIN};
use crate::agenda::{Deed, Need};
use crate::calendar::{Day, HOUR_MS, Hours, MINUTE_MS, Moment, day_at, moment};
use crate::cards::{self, Issuer};
use crate::chance::{Chance, Stream};
use crate::destiny::{Destiny, FraudKind, FraudStory};
use crate::ledger::{Party, What};
use crate::life::Living;
use crate::merchants::{self, Shop};
use crate::people::Person;
use crate::places::Place;
use crate::words::{AccountKind, CardStatus, Channel, Direction, TxKind};
use crate::world::World;

/// For so long after the report the card is frozen and its successor not yet sent.
const CLEARING_DAYS: Day = 20;

/// A reported card is frozen, later replaced. It was the credit card where there is one.
pub fn change_cards(world: &World, person: &Person, destiny: &Destiny, me: usize, holdings: &mut Holdings) {
    let Some((story, reported)) = destiny.fraud.and_then(|story| Some((story, story.reported?))) else {
        return;
    };
    if story.kind == FraudKind::AccountTakeover {
        return;
    }
    let slot = holdings.slots(AccountKind::CreditCard).next().unwrap_or(MAIN);
    let Some(card) = holdings.card(slot, me, story.day) else { return };
    if reported + CLEARING_DAYS >= world.calendar.today {
        let card = &mut holdings.cards[card];
        card.usable.end = card.usable.end.min(reported);
        card.status = CardStatus::Frozen;
        card.status_reason = Some(cards::SUSPECTED);
        return;
    }
    // A card that was to be renewed or lost anyway is left to that.
    if holdings.cards[card].usable.end > reported + CLEARING_DAYS {
        let mut chance = Chance::of(world.plan.seed, Stream::Holdings, u64::from(person.number) | 1 << 40);
        Issuer { world, owner: person, chance: &mut chance, holdings }.replace(card, reported);
    }
}

impl Living<'_> {
    pub fn plan_fraud(&mut self) {
        let Some(story) = self.destiny().fraud else { return };
        match story.kind {
            FraudKind::CardNotPresent => self.plan_stolen_number(story),
            FraudKind::StolenAbroad => self.plan_stolen_card(story),
            FraudKind::AccountTakeover => self.plan_takeover(story),
            FraudKind::CashOut => self.plan_cash_out(story),
            FraudKind::Mule => self.plan_mule(story),
        }
    }

    fn some_shop(&mut self, mccs: &[&str], place: Place, is_online: bool) -> Shop {
        let mcc: &str = self.chance.one::<&str>(mccs);
        let trade = merchants::trade_of(mcc) as u8;
        Shop { trade, number: self.chance.below(usize::from(merchants::SHOPS)) as u16, place, is_online }
    }

    /// At night, on the web: a small payment to try the card, then large ones.
    fn plan_stolen_number(&mut self, story: FraudStory) {
        let place = Place::some_abroad(false, &mut self.chance);
        let mut at = moment(story.day, Hours::Night.some_time(&mut self.chance));
        for nth in 0..self.chance.between(4, 12) {
            let shop = self.some_shop(&["5732", "5399", "5816", "5944", "5691"], place, true);
            let yuan =
                if nth == 0 { self.chance.within(1.0, 12.0) } else { self.chance.log_normal(1_300.0, 0.7) };
            self.steal(at, shop, yuan, story);
            at += self.chance.between(40_000, 9 * MINUTE_MS);
        }
    }

    /// In shops and at machines of a far country, within some hours.
    fn plan_stolen_card(&mut self, story: FraudStory) {
        let place = Place::some_abroad(false, &mut self.chance);
        let mut at = moment(story.day, 8 * HOUR_MS + self.chance.between(0, 12 * HOUR_MS));
        for _ in 0..self.chance.between(4, 10) {
            if self.chance.happens(0.3) {
                let amount = *self.chance.one(&[100_000, 200_000, 300_000]);
                self.agenda.add(at, Deed::Cash { amount, place, fraud: Some(story.kind) });
            } else {
                let shop = self.some_shop(&["5732", "5944", "5311", "5661"], place, false);
                let yuan = self.chance.log_normal(1_800.0, 0.6);
                self.steal(at, shop, yuan, story);
            }
            at += self.chance.between(6 * MINUTE_MS, 45 * MINUTE_MS);
        }
    }

    fn steal(&mut self, at: Moment, shop: Shop, yuan: f64, story: FraudStory) {
        if self.days.contains(&day_at(at)) {
            let amount = (yuan * 100.0).round().max(1.0) as i64;
            self.agenda.add(at, Deed::Buy { shop, amount, fraud: Some(story.kind) });
        }
    }

    /// Someone else is signed in: the account is emptied towards strangers.
    fn plan_takeover(&mut self, story: FraudStory) {
        let mut at = moment(story.day, Hours::Night.some_time(&mut self.chance));
        let income = self.person().monthly_income();
        for _ in 0..self.chance.between(2, 5) {
            let amount = (income as f64 * self.chance.within(0.1, 0.45)) as i64 / 10_000 * 10_000 + 10_000;
            let party = Party::Stranger(self.chance.word());
            let what = What {
                fraud: Some(story.kind),
                ..What::new(TxKind::TransferOut, Channel::Online).purpose("转账").party(party)
            };
            self.agenda.add(
                at,
                Deed::Move { slot: MAIN, direction: Direction::Debit, amount, what, need: Need::Wish },
            );
            at += self.chance.between(2 * MINUTE_MS, 14 * MINUTE_MS);
        }
    }

    /// Round sums, month after month, at the same shop.
    fn plan_cash_out(&mut self, story: FraudStory) {
        let shop = self.some_shop(&["5399", "5921", "5944", "5200"], Place::Home(self.person().city), false);
        let limit = self.lines.first().map_or(0, |line| self.account(line.slot).limit_minor.unwrap_or(0));
        let mut day = story.day;
        for _ in 0..self.chance.between(3, 6) {
            for _ in 0..self.chance.between(1, 3) {
                let amount = (limit as f64 * self.chance.within(0.15, 0.4)) as i64 / 50_000 * 50_000;
                let at = Hours::Office.some_time(&mut self.chance);
                if amount > 0 {
                    self.on(day, at, Deed::Buy { shop, amount, fraud: Some(story.kind) });
                }
            }
            day += 30 + self.chance.days(-3, 3);
        }
    }

    /// Many strangers' money in, and out again within hours.
    fn plan_mule(&mut self, story: FraudStory) {
        let mut at = moment(story.day, 9 * HOUR_MS);
        let mut collected = 0;
        for _ in 0..self.chance.between(6, 16) {
            let amount = self.chance.between(8, 99) * 50_000;
            let party = Party::Stranger(self.chance.word());
            let what = What {
                fraud: Some(story.kind),
                ..What::new(TxKind::TransferIn, Channel::Transfer).purpose("转账").party(party)
            };
            self.agenda.add(
                at,
                Deed::Move { slot: MAIN, direction: Direction::Credit, amount, what, need: Need::Vital },
            );
            collected += amount;
            at += self.chance.between(4 * MINUTE_MS, 70 * MINUTE_MS);
            if self.chance.happens(0.4) {
                let amount = collected * 9 / 10 / 10_000 * 10_000;
                collected -= amount;
                let party = Party::Stranger(self.chance.word());
                let what = What {
                    fraud: Some(story.kind),
                    ..What::new(TxKind::TransferOut, Channel::Mobile).purpose("转账").party(party)
                };
                self.agenda.add(
                    at,
                    Deed::Move { slot: MAIN, direction: Direction::Debit, amount, what, need: Need::Wish },
                );
                at += 3 * MINUTE_MS;
            }
        }
    }

    /// What was stolen is given back some time after the report.
    pub fn plan_chargeback(&mut self, tx: usize, amount: i64) {
        let Some(reported) = self.destiny().fraud.and_then(|story| story.reported) else { return };
        let day = reported + self.chance.days(5, 25);
        if self.days.contains(&day) {
            self.agenda.add(
                moment(day, 10 * HOUR_MS) + (tx as i64 % 1_000) * 1_000,
                Deed::GiveBack { tx, is_reversal: true, amount },
            );
        }
    }
}

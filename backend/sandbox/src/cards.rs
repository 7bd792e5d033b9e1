//! Cards as they are issued, renewed, lost and replaced.

use chrono::{Datelike, NaiveDate};
use platform::clock::uuid_v7;

use crate::accounts::{Card, Holdings};
use crate::calendar::{Day, HOUR_MS, date_of, day_of};
use crate::chance::Chance;
use crate::households::Neighbourhood;
use crate::people::Person;
use crate::products::{DEBIT_CLASSIC, DEBIT_GOLD, network_of};
use crate::words::{AccountKind, CardStatus, Lifecycle, Network, PartyRole};
use crate::world::World;
use crate::{identity, moment_at};

const CREDIT_YEARS: i32 = 5;
const DEBIT_YEARS: i32 = 8;
/// Cards of one account and holder that are still on file.
const CARDS_KEPT: usize = 2;
/// Days between a card's issue and its activation, and before expiry at which the next one is sent.
const ACTIVATION_DAYS: Day = 5;
const RENEWAL_DAYS: Day = 25;

pub const LOST: &str = "持卡人挂失";
pub const SUSPECTED: &str = "疑似欺诈冻结";
pub const REPLACED: &str = "疑似欺诈换卡";
pub const OVERDUE: &str = "逾期超过90天";
const ACCOUNT_CLOSED: &str = "客户销户";
const HOLDER_DIED: &str = "持卡人身故";

/// Gives one cardholder their cards.
pub struct Issuer<'a> {
    pub world: &'a World,
    pub owner: &'a Person,
    pub chance: &'a mut Chance,
    pub holdings: &'a mut Holdings,
}

/// One account's cards for one holder.
#[derive(Clone, Copy)]
struct Series {
    slot: usize,
    holder: usize,
    product_code: &'static str,
    since: Day,
}

/// Issues the cards of every account that has them.
pub fn issue(
    world: &World,
    neighbourhood: &Neighbourhood,
    me: usize,
    chance: &mut Chance,
    holdings: &mut Holdings,
) {
    let owner = &neighbourhood.people[me];
    let debit = if owner.persona.yearly_income > 30_000_000 { DEBIT_GOLD } else { DEBIT_CLASSIC };
    let mut issuer = Issuer { world, owner, chance, holdings };
    for slot in 0..issuer.holdings.accounts.len() {
        let account = &issuer.holdings.accounts[slot];
        let product_code = match account.kind {
            AccountKind::CreditCard => account.product_code,
            AccountKind::Savings => debit,
            AccountKind::Current | AccountKind::Loan | AccountKind::Deposit => continue,
        };
        let (since, user) = (account.opened, account.user);
        issuer.series(Series { slot, holder: me, product_code, since });
        if let Some((partner, PartyRole::AuthorisedUser)) = user {
            let since = (since + issuer.chance.days(20, 400)).max(neighbourhood.people[partner].opened);
            if since < world.calendar.today {
                issuer.series(Series { slot, holder: partner, product_code, since });
            }
        }
    }
}

impl Issuer<'_> {
    /// Blocks a card on a day and sends another one.
    pub fn replace(&mut self, card: usize, day: Day) {
        let Some(blocked) = self.holdings.cards.get_mut(card) else { return };
        blocked.usable.end = blocked.usable.end.min(day);
        blocked.status = CardStatus::Cancelled;
        blocked.status_reason = Some(REPLACED);
        let series = Series {
            slot: blocked.slot,
            holder: blocked.holder,
            product_code: blocked.product_code,
            since: day + 1,
        };
        let expires = blocked.expires;
        self.card(series, day + 1, expires);
    }

    /// A first card and its renewals, of which the last ones are kept.
    fn series(&mut self, series: Series) {
        let until = self.owner.ended.unwrap_or(self.world.calendar.today).min(self.world.calendar.today);
        let years = if self.holdings.accounts[series.slot].kind == AccountKind::CreditCard {
            CREDIT_YEARS
        } else {
            DEBIT_YEARS
        };
        let mut generations = vec![(series.since, month_end(series.since, years))];
        while let Some(&(_, expires)) = generations.last()
            && expires - RENEWAL_DAYS < until
        {
            let issued = expires - RENEWAL_DAYS;
            generations.push((issued, month_end(issued, years)));
        }
        let kept = generations.len().saturating_sub(CARDS_KEPT);
        let mut previous: Option<usize> = None;
        for &(issued, expires) in &generations[kept..] {
            let card = self.card(series, issued, expires);
            if let Some(previous) = previous.and_then(|at| self.holdings.cards.get_mut(at)) {
                previous.usable.end = previous.usable.end.min(issued + ACTIVATION_DAYS);
                previous.status = if previous.expires < self.world.calendar.today {
                    CardStatus::Expired
                } else {
                    CardStatus::Cancelled
                };
                previous.status_reason = None;
            }
            previous = card;
        }
        self.lose(previous);
    }

    /// A few of the cards in use were reported lost in the last weeks.
    fn lose(&mut self, card: Option<usize>) {
        let (today, chance) = (self.world.calendar.today, &mut *self.chance);
        let Some(card) = card.and_then(|at| self.holdings.cards.get_mut(at)) else { return };
        if self.owner.lifecycle == Lifecycle::Active && card.issued + 30 < today && chance.happens(0.012) {
            let since = today - chance.days(1, 25);
            card.usable.end = card.usable.end.min(since.max(card.usable.start));
            card.status = CardStatus::Frozen;
            card.status_reason = Some(LOST);
        }
    }

    fn card(&mut self, series: Series, issued: Day, expires: Day) -> Option<usize> {
        let today = self.world.calendar.today;
        let network = network_of(series.product_code).unwrap_or(Network::Unionpay);
        let is_debit = self.holdings.accounts[series.slot].kind != AccountKind::CreditCard;
        let serial = identity::serial(self.owner.number, self.holdings.cards.len());
        let (status, status_reason) = match self.owner.lifecycle {
            _ if expires < today => (CardStatus::Expired, None),
            Lifecycle::Closed => (CardStatus::Cancelled, Some(ACCOUNT_CLOSED)),
            Lifecycle::Deceased => (CardStatus::Cancelled, Some(HOLDER_DIED)),
            Lifecycle::Prospect | Lifecycle::Active | Lifecycle::Dormant => (CardStatus::Active, None),
        };
        let usable =
            (issued + ACTIVATION_DAYS).min(expires)..expires.min(self.owner.ended.unwrap_or(expires)) + 1;
        self.holdings.cards.push(Card {
            card_id: uuid_v7(moment_at(issued, 10 * HOUR_MS), self.chance.tail()),
            slot: series.slot,
            holder: series.holder,
            product_code: series.product_code,
            number: identity::card_number(network, is_debit, serial)?,
            issued,
            expires,
            usable,
            status,
            status_reason,
        });
        Some(self.holdings.cards.len() - 1)
    }
}

/// The last day of the month `years` after a day.
fn month_end(day: Day, years: i32) -> Day {
    let date = date_of(day);
    let (year, month) = if date.month() == 12 {
        (date.year() + years + 1, 1)
    } else {
        (date.year() + years, date.month() + 1)
    };
    NaiveDate::from_ymd_opt(year, month, 1).map_or(day, |first| day_of(first) - 1)
}

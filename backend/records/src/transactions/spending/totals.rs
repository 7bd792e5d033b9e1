//! Adding up. Integers throughout: only a share becomes a decimal number, at the very end.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Date, Nullable, Text},
};
use kernel::Currency;
use web::{FieldClass, Sight};

use super::{
    model::{Spending, SpendingCategory, SpendingChannel, SpendingMonth},
    window::Window,
};
use crate::{
    reference::MccGroup,
    transactions::model::{Channel, Direction},
};

/// What moved in one month, one way, in one currency, for one category, by one channel.
#[derive(Debug, Clone, QueryableByName)]
pub struct Movement {
    /// The month's first day.
    #[diesel(sql_type = Date)]
    pub month: NaiveDate,
    #[diesel(sql_type = Text)]
    pub direction: Direction,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub mcc_group: Option<MccGroup>,
    #[diesel(sql_type = Nullable<Text>)]
    pub channel: Option<Channel>,
    #[diesel(sql_type = BigInt)]
    pub minor: i64,
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// Money one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Flow {
    minor: i64,
    count: i64,
}

impl Flow {
    fn add(&mut self, movement: &Movement) {
        self.minor = self.minor.saturating_add(movement.minor);
        self.count = self.count.saturating_add(movement.count);
    }
}

/// A cardholder's figures. They are answered as [`Spending`].
#[derive(Debug)]
pub(in crate::transactions) struct Totals {
    currency: String,
    currencies: Vec<String>,
    as_of: NaiveDate,
    is_past: bool,
    months: Vec<(NaiveDate, Flow, Flow)>,
    categories: BTreeMap<Option<MccGroup>, Flow>,
    channels: BTreeMap<Option<Channel>, Flow>,
    out: Flow,
    last_activity: Option<(DateTime<Utc>, String)>,
}

impl Totals {
    /// Adds up the movements of one currency: the wanted one, else the one most used in the window, else the last one used.
    pub(in crate::transactions) fn of(
        movements: &[Movement],
        wanted: Option<String>,
        window: &Window,
        last_activity: Option<(DateTime<Utc>, String)>,
    ) -> Self {
        let mut uses: BTreeMap<&str, i64> = BTreeMap::new();
        for movement in movements {
            *uses.entry(&movement.currency).or_default() += movement.count;
        }
        let most_used =
            uses.iter().rev().max_by_key(|(_, count)| **count).map(|(code, _)| (*code).to_owned());
        let last_used = last_activity.as_ref().map(|(_, currency)| currency.clone());
        let currency =
            wanted.or(most_used).or(last_used).unwrap_or_else(|| Currency::CNY.as_str().to_owned());
        let mut totals = Self {
            currencies: uses.into_keys().map(ToOwned::to_owned).collect(),
            as_of: window.as_of,
            is_past: window.is_past,
            months: window.months.iter().map(|month| (*month, Flow::default(), Flow::default())).collect(),
            categories: BTreeMap::new(),
            channels: BTreeMap::new(),
            out: Flow::default(),
            last_activity,
            currency,
        };
        for movement in movements {
            if movement.currency == totals.currency {
                totals.add(movement);
            }
        }
        totals
    }

    fn add(&mut self, movement: &Movement) {
        let month = self.months.iter_mut().find(|(month, ..)| *month == movement.month);
        match (movement.direction, month) {
            (Direction::Credit, Some((_, money_in, _))) => money_in.add(movement),
            (Direction::Debit, Some((_, _, money_out))) => {
                money_out.add(movement);
                self.out.add(movement);
                self.categories.entry(movement.mcc_group).or_default().add(movement);
                self.channels.entry(movement.channel).or_default().add(movement);
            }
            (_, None) => {}
        }
    }

    pub(in crate::transactions) fn view(self, sight: Sight) -> Spending {
        let sees = sight.sees(FieldClass::Financial);
        let minor = |flow: &Flow| sees.then_some(flow.minor);
        let categories =
            ranked(&self.categories, sees).into_iter().map(|(mcc_group, flow)| SpendingCategory {
                mcc_group,
                out_minor: minor(&flow),
                count: flow.count,
                share_pct: sees.then(|| share_pct(flow.minor, self.out.minor)),
            });
        let channels = ranked(&self.channels, sees).into_iter().map(|(channel, flow)| SpendingChannel {
            channel,
            out_minor: minor(&flow),
            count: flow.count,
        });
        let months = self.months.iter().map(|(month, money_in, money_out)| SpendingMonth {
            month: month.format("%Y-%m").to_string(),
            in_minor: minor(money_in),
            out_minor: minor(money_out),
            in_count: money_in.count,
            out_count: money_out.count,
        });
        Spending {
            categories: categories.collect(),
            channels: channels.collect(),
            months: months.collect(),
            out_count: self.out.count,
            average_ticket_minor: average(self.out).filter(|_| sees),
            last_activity_at: self.last_activity.map(|(at, _)| at),
            currency: self.currency,
            currencies: self.currencies,
            as_of: self.as_of,
            is_past: self.is_past,
            withheld: if sees { Vec::new() } else { FIGURES.to_vec() },
        }
    }
}

/// What is withheld from those who do not see finances, wherever it stands in the answer.
const FIGURES: [&str; 4] = ["in_minor", "out_minor", "share_pct", "average_ticket_minor"];

/// Largest first: by money, or by count for those from whom the money is withheld, so that the order tells them nothing.
fn ranked<K: Ord + Copy>(flows: &BTreeMap<K, Flow>, by_money: bool) -> Vec<(K, Flow)> {
    let mut rows: Vec<(K, Flow)> = flows.iter().map(|(key, flow)| (*key, *flow)).collect();
    rows.sort_by_key(|(_, flow)| std::cmp::Reverse(if by_money { flow.minor } else { flow.count }));
    rows
}

/// Per cent with one decimal, rounded half up; the rounding happens in whole tenths.
fn share_pct(part: i64, whole: i64) -> f64 {
    if whole <= 0 {
        return 0.0;
    }
    let (part, whole) = (i128::from(part.max(0)), i128::from(whole));
    let tenths = (part * 1_000 + whole / 2) / whole;
    i32::try_from(tenths).map_or(100.0, |tenths| f64::from(tenths) / 10.0)
}

/// The mean amount, rounded half up to a minor unit.
fn average(flow: Flow) -> Option<i64> {
    if flow.count <= 0 {
        return None;
    }
    let (minor, count) = (i128::from(flow.minor), i128::from(flow.count));
    i64::try_from((minor + count / 2) / count).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transactions::spending::model::MONTHS_MAX;
    use chrono::Months;
    use platform::Role;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn shares_and_averages_round_half_up_and_never_divide_by_nothing() {
        let pct = |part, whole| format!("{:.1}", share_pct(part, whole));
        assert_eq!(pct(1, 3), "33.3");
        assert_eq!(pct(2, 3), "66.7");
        assert_eq!(pct(1, 2_000), "0.1");
        assert_eq!(pct(0, 0), "0.0");
        assert_eq!(pct(i64::MAX, i64::MAX), "100.0");
        assert_eq!(average(Flow { minor: 5, count: 2 }), Some(3));
        assert_eq!(average(Flow { minor: 0, count: 0 }), None);
        assert_eq!(average(Flow { minor: i64::MAX, count: 1 }), Some(i64::MAX));
    }

    #[test]
    fn the_currency_is_the_wanted_else_the_most_used_else_the_last() {
        let window = Window::of(day("2026-11-22"), 1);
        let moved = |currency: &str, count| Movement {
            month: day("2026-11-01"),
            direction: Direction::Debit,
            currency: currency.to_owned(),
            mcc_group: None,
            channel: None,
            minor: 100,
            count,
        };
        let last = Some(("2026-11-02T01:00:00Z".parse().unwrap(), "CZK".to_owned()));
        let both = [moved("CNY", 2), moved("USD", 2), moved("EUR", 1)];
        let chosen = |movements: &[Movement], wanted: Option<&str>| {
            Totals::of(movements, wanted.map(ToOwned::to_owned), &window, last.clone()).currency
        };
        assert_eq!(chosen(&both, Some("EUR")), "EUR");
        assert_eq!(chosen(&both, None), "CNY");
        assert_eq!(chosen(&[], None), "CZK");
        assert_eq!(Totals::of(&[], None, &window, None).currency, "CNY");
        assert_eq!(Totals::of(&both, None, &window, None).currencies, ["CNY", "EUR", "USD"]);
    }

    fn movements() -> impl Strategy<Value = Vec<Movement>> {
        let month = (0_u32..12).prop_map(|n| day("2026-11-01") - Months::new(n));
        let group = proptest::option::of(proptest::sample::select(MccGroup::ALL));
        let channel = proptest::option::of(proptest::sample::select(Channel::ALL));
        let direction = proptest::sample::select(Direction::ALL);
        let one = (month, direction, group, channel, 0_i64..1_000_000_000, 1_i64..500);
        let one = one.prop_map(|(month, direction, mcc_group, channel, minor, count)| Movement {
            month,
            direction,
            currency: "CNY".to_owned(),
            mcc_group,
            channel,
            minor,
            count,
        });
        proptest::collection::vec(one, 0..60)
    }

    proptest! {
        #[test]
        fn months_categories_and_channels_add_up_to_the_same(moved in movements(), months in 1_u16..=MONTHS_MAX) {
            let window = Window::of(day("2026-11-22"), months);
            let spending = Totals::of(&moved, None, &window, None).view(Sight::of(Role::Teller));
            let sum = |parts: Vec<Option<i64>>| parts.into_iter().flatten().sum::<i64>();
            let by_month = sum(spending.months.iter().map(|m| m.out_minor).collect());
            let by_category = sum(spending.categories.iter().map(|c| c.out_minor).collect());
            let by_channel = sum(spending.channels.iter().map(|c| c.out_minor).collect());
            prop_assert_eq!(spending.months.len(), usize::from(months));
            prop_assert_eq!(by_month, by_category);
            prop_assert_eq!(by_month, by_channel);
            let count: i64 = spending.months.iter().map(|m| m.out_count).sum();
            prop_assert_eq!(count, spending.out_count);
            let all_in = |direction| moved.iter().filter(move |m| m.direction == direction).map(|m| m.minor).sum::<i64>();
            if months >= 12 {
                prop_assert_eq!(by_month, all_in(Direction::Debit));
                prop_assert_eq!(sum(spending.months.iter().map(|m| m.in_minor).collect()), all_in(Direction::Credit));
            }
            let shares: f64 = spending.categories.iter().filter_map(|c| c.share_pct).sum();
            if by_month > 0 {
                let slack = 0.05 * spending.categories.len() as f64 + 1e-9;
                prop_assert!((shares - 100.0).abs() <= slack, "{shares}");
            }
            prop_assert!(spending.categories.is_sorted_by_key(|c| std::cmp::Reverse(c.out_minor)));
        }

        #[test]
        fn without_finances_no_amount_and_no_order_of_amounts_is_told(moved in movements()) {
            let window = Window::of(day("2026-11-22"), 12);
            let spending = Totals::of(&moved, None, &window, None).view(Sight::of(Role::ServiceAgent));
            prop_assert_eq!(&spending.withheld, &FIGURES);
            prop_assert!(spending.months.iter().all(|m| m.in_minor.is_none() && m.out_minor.is_none()));
            prop_assert!(spending.categories.iter().all(|c| c.out_minor.is_none() && c.share_pct.is_none()));
            prop_assert!(spending.channels.iter().all(|c| c.out_minor.is_none()));
            prop_assert_eq!(spending.average_ticket_minor, None);
            prop_assert!(spending.categories.is_sorted_by_key(|c| std::cmp::Reverse(c.count)));
        }
    }
}

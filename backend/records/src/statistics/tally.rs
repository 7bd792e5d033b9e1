//! From cells to figures: which part of the bank, which currency, what is kept back.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Months, NaiveDate};
use kernel::Currency;
use platform::{
    Conn, DbResult, Role,
    ids::{BranchId, StaffId},
};
use web::{Reach, Snapshot, Span};

use super::{
    model::{
        Dimension, MONTHS_DEFAULT, Measure, PEOPLE_MIN, Statistics, StatisticsFilter, StatisticsGroup,
        StatisticsUnit,
    },
    repo::{self, Grouping, Part, Sum},
    suppress::{Groups, Tables, kept_back_together},
};

/// Who asks, of which part of the bank, on which day.
pub struct Asking<'a> {
    pub reach: Reach,
    pub role: Role,
    pub directory: &'a Snapshot,
    pub today: NaiveDate,
    pub now: chrono::DateTime<chrono::Utc>,
}

/// The figures that a filter asks for. It has been admitted.
pub async fn figures(conn: &Conn, asking: &Asking<'_>, filter: &StatisticsFilter) -> DbResult<Statistics> {
    let part = part_of(asking, filter);
    let by = filter.by;
    let (groups, total, refreshed_at) = futures_util::try_join!(
        repo::sums(conn, &part, Grouping::By(by)),
        repo::sums(conn, &part, Grouping::Total),
        repo::refreshed_at(conn)
    )?;
    let table = Table::of(filter, &part, groups, total);
    let as_of = if part.manager.is_some() { Some(asking.now) } else { refreshed_at };
    let has_rows = filter.measure.has_rows(asking.role);
    let hidden =
        if has_rows { vec![false; table.groups.len()] } else { withheld(conn, &part, &table).await? };
    let (mut groups, total) = table.shown(&hidden, has_rows);
    if by == Dimension::Branch {
        for group in &mut groups {
            group.name = branch_name(asking.directory, &group.key);
        }
    }
    let month = |on: Option<NaiveDate>| on.map(|on| on.format("%Y-%m").to_string());
    Ok(Statistics {
        measure: filter.measure,
        by,
        unit: if filter.measure.is_money() { StatisticsUnit::Minor } else { StatisticsUnit::Count },
        currency: table.currency,
        currencies: table.currencies,
        as_of,
        month_from: month(part.from),
        month_to: month(part.to),
        groups,
        total,
        may_narrow: has_rows,
        people_min: PEOPLE_MIN,
    })
}

/// The dimensions, in the order in which their tables are held against each other.
const DIMENSIONS: [Dimension; 3] = [Dimension::Branch, Dimension::Product, Dimension::Month];

/// Which groups are kept back from whoever does not see the rows: what this table alone would tell, and what it would tell to one
/// who asks for the same figures by the other dimensions too.
async fn withheld(conn: &Conn, part: &Part, table: &Table) -> DbResult<Vec<bool>> {
    let mut groups: [Vec<Sum>; 3] = Default::default();
    for (at, by) in DIMENSIONS.into_iter().enumerate() {
        // The groups that are shown are those that are judged, whatever was added up in between.
        groups[at] = if by == table.by {
            table.groups.clone()
        } else {
            table.same(repo::sums(conn, part, Grouping::By(by)).await?)
        };
    }
    let asked = DIMENSIONS.iter().position(|by| *by == table.by).unwrap_or_default();
    let has_few = |sums: &Vec<Sum>| sums.iter().any(|sum| table.people(sum) < PEOPLE_MIN);
    if !groups.iter().any(has_few) {
        return Ok(vec![false; table.groups.len()]);
    }
    let parts = repo::sums(conn, part, Grouping::Parts).await?;
    if parts.len() >= repo::PARTS_MAX as usize {
        return Ok(vec![true; table.groups.len()]);
    }
    let tables = tables_of(table, &groups, &table.same(parts));
    let mut hidden = kept_back_together(&tables, PEOPLE_MIN);
    Ok(std::mem::take(&mut hidden[asked]))
}

fn tables_of(table: &Table, groups: &[Vec<Sum>; 3], parts: &[Sum]) -> Tables {
    let places = groups.each_ref().map(|sums| {
        sums.iter().enumerate().map(|(at, sum)| (sum.key.as_str(), at)).collect::<HashMap<_, _>>()
    });
    let cell = |part: &Sum| {
        let keys = repo::keys_of(part)?;
        let at = |dimension: usize| places[dimension].get(keys[dimension]).copied();
        Some([at(0)?, at(1)?, at(2)?])
    };
    let mut by: [Groups; 3] = Default::default();
    for (at, dimension) in DIMENSIONS.into_iter().enumerate() {
        let people = groups[at].iter().map(|sum| table.people(sum)).collect();
        by[at] = Groups { people, are_distinct: table.are_distinct(dimension) };
    }
    let is_total_shown = table.total.as_ref().is_some_and(|total| table.people(total) >= PEOPLE_MIN);
    Tables { by, cells: parts.iter().filter_map(cell).collect(), is_total_shown }
}

fn branch_name(directory: &Snapshot, key: &str) -> Option<String> {
    let id = BranchId(uuid::Uuid::parse_str(key).ok()?);
    directory.branch_name(id).map(ToOwned::to_owned)
}

fn part_of(asking: &Asking<'_>, filter: &StatisticsFilter) -> Part {
    let manager: Option<StaffId> = match &asking.reach.span {
        Span::Managed(staff_id) => Some(*staff_id),
        Span::Bank | Span::Branches(_) => None,
    };
    let (from, to) = months_of(filter, asking.today);
    Part {
        measure: filter.measure,
        manager,
        branches: branches_of(asking, filter.branch_id),
        product_code: filter.product_code.clone(),
        from,
        to,
    }
}

/// The branches within reach, of these the wanted one and what stands below it.
fn branches_of(asking: &Asking<'_>, wanted: Option<BranchId>) -> Option<Vec<BranchId>> {
    let below = wanted.map(|id| {
        asking.directory.branches.get(&id).map_or_else(|| vec![id], |branch| branch.sub_tree.to_vec())
    });
    match (&asking.reach.span, below) {
        (Span::Branches(mine), Some(below)) => {
            Some(below.into_iter().filter(|id| mine.binary_search(id).is_ok()).collect())
        }
        (Span::Branches(mine), None) => Some(mine.to_vec()),
        (Span::Bank | Span::Managed(_), below) => below,
    }
}

/// First days of the first and the last month. What somebody holds has no period unless one is named; what they do always has.
fn months_of(filter: &StatisticsFilter, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let first = |on: NaiveDate| on.with_day(1).unwrap_or(on);
    let (from, to) = (filter.month_from.map(first), filter.month_to.map(first));
    if !filter.measure.is_flow() {
        return (from, to);
    }
    let to = to.unwrap_or_else(|| first(today));
    let from = from.or_else(|| to.checked_sub_months(Months::new(MONTHS_DEFAULT - 1)));
    (from, Some(to))
}

fn months_between(from: NaiveDate, to: NaiveDate) -> i64 {
    let number = |on: NaiveDate| i64::from(on.year()) * 12 + i64::from(on.month0());
    (number(to) - number(from) + 1).max(1)
}

/// The sums of one currency, and what they are sums of.
struct Table {
    measure: Measure,
    by: Dimension,
    /// The currency, also of what is no money.
    code: String,
    currency: Option<String>,
    currencies: Vec<String>,
    /// Months that a mean is taken over.
    months: i64,
    groups: Vec<Sum>,
    total: Option<Sum>,
}

impl Table {
    fn of(filter: &StatisticsFilter, part: &Part, groups: Vec<Sum>, total: Vec<Sum>) -> Self {
        let mut rows: BTreeMap<&str, i64> = BTreeMap::new();
        for sum in &groups {
            *rows.entry(&sum.currency).or_default() += sum.row_count;
        }
        let of_money = filter.measure.is_money();
        let most = rows.iter().rev().max_by_key(|(_, count)| **count).map(|(code, _)| (*code).to_owned());
        let wanted = filter.currency.clone().filter(|_| of_money);
        let chosen = wanted.or(most).unwrap_or_else(|| Currency::CNY.as_str().to_owned());
        let currencies =
            if of_money { rows.into_keys().map(ToOwned::to_owned).collect() } else { Vec::new() };
        let is_it = |sum: &Sum| sum.currency == chosen;
        let months = part.from.zip(part.to).map_or(1, |(from, to)| months_between(from, to));
        Self {
            measure: filter.measure,
            by: filter.by,
            currencies,
            months,
            groups: groups.into_iter().filter(is_it).collect(),
            total: total.into_iter().find(is_it),
            currency: of_money.then(|| chosen.clone()),
            code: chosen,
        }
    }

    /// How many people stand behind a sum, or at least how many.
    fn people(&self, sum: &Sum) -> i64 {
        if self.measure.is_flow() { sum.people_max } else { sum.people_sum }
    }

    /// Those in the same currency.
    fn same(&self, sums: Vec<Sum>) -> Vec<Sum> {
        sums.into_iter().filter(|sum| sum.currency == self.code).collect()
    }

    /// Whether nobody stands in two groups: everybody has one home and came in one month, but may hold several products and do
    /// something in several months.
    fn are_distinct(&self, by: Dimension) -> bool {
        match by {
            Dimension::Branch => true,
            Dimension::Product => false,
            Dimension::Month => !self.measure.is_flow(),
        }
    }

    fn value(&self, sum: &Sum, months: i64) -> i64 {
        match self.measure {
            Measure::Balances | Measure::Spend => sum.amount_minor,
            Measure::Cardholders => sum.people_sum,
            Measure::Activity => (sum.people_sum + months / 2) / months,
        }
    }

    fn shown(&self, hidden: &[bool], has_rows: bool) -> (Vec<StatisticsGroup>, StatisticsGroup) {
        let months = if self.by == Dimension::Month { 1 } else { self.months };
        let mut groups: Vec<StatisticsGroup> = self
            .groups
            .iter()
            .zip(hidden)
            .map(|(sum, is_hidden)| group(sum, self.value(sum, months), *is_hidden))
            .collect();
        if self.by != Dimension::Month {
            groups.sort_by(|a, b| (b.value, &a.key).cmp(&(a.value, &b.key)));
        }
        let total = match &self.total {
            Some(sum) => {
                let is_hidden = !has_rows && self.people(sum) < PEOPLE_MIN;
                group(sum, self.value(sum, self.months), is_hidden)
            }
            None => StatisticsGroup {
                key: String::new(),
                name: None,
                value: Some(0),
                row_count: Some(0),
                is_suppressed: false,
            },
        };
        (groups, total)
    }
}

fn group(sum: &Sum, value: i64, is_suppressed: bool) -> StatisticsGroup {
    StatisticsGroup {
        key: sum.key.clone(),
        name: None,
        value: (!is_suppressed).then_some(value),
        row_count: (!is_suppressed).then_some(sum.row_count),
        is_suppressed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::suppress::kept_back;
    use proptest::prelude::*;

    /// What a table by itself keeps back, as shown.
    fn kept(table: &Table) -> (Vec<StatisticsGroup>, StatisticsGroup) {
        let people: Vec<i64> = table.groups.iter().map(|sum| table.people(sum)).collect();
        table.shown(&kept_back(&people, table.are_distinct(table.by), PEOPLE_MIN), false)
    }

    fn whole(table: &Table) -> (Vec<StatisticsGroup>, StatisticsGroup) {
        table.shown(&vec![false; table.groups.len()], true)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn filter(measure: Measure, by: Dimension) -> StatisticsFilter {
        StatisticsFilter {
            measure,
            by,
            branch_id: None,
            product_code: None,
            month_from: None,
            month_to: None,
            currency: None,
        }
    }

    fn sum(key: &str, people: i64, amount_minor: i64) -> Sum {
        Sum {
            key: key.to_owned(),
            currency: "CNY".to_owned(),
            people_sum: people,
            people_max: people,
            row_count: people * 2,
            amount_minor,
        }
    }

    fn part(measure: Measure) -> Part {
        let (from, to) = (Some(day("2025-12-01")), Some(day("2026-11-01")));
        Part { measure, manager: None, branches: None, product_code: None, from, to }
    }

    #[test]
    fn what_people_do_has_a_period_and_what_they_hold_has_none() {
        let today = day("2026-11-22");
        let spend = filter(Measure::Spend, Dimension::Month);
        assert_eq!(months_of(&spend, today), (Some(day("2025-12-01")), Some(day("2026-11-01"))));
        assert_eq!(months_of(&filter(Measure::Balances, Dimension::Month), today), (None, None));
        let until = StatisticsFilter { month_to: Some(day("2026-03-31")), ..spend };
        assert_eq!(months_of(&until, today), (Some(day("2025-04-01")), Some(day("2026-03-01"))));
        assert_eq!(months_between(day("2025-12-01"), day("2026-11-01")), 12);
    }

    #[test]
    fn activity_is_the_mean_of_the_months() {
        let groups = vec![Sum { people_max: 9, ..sum("a", 90, 0) }];
        let table = Table::of(
            &filter(Measure::Activity, Dimension::Branch),
            &part(Measure::Activity),
            groups,
            vec![],
        );
        assert_eq!(whole(&table).0[0].value, Some(8), "90 people in twelve months are 7.5 a month");
        assert_eq!(table.currency, None);
    }

    #[test]
    fn a_person_who_is_active_all_year_is_still_one_person() {
        let groups = vec![Sum { people_max: 1, ..sum("a", 12, 900) }, sum("b", 40, 8_000), sum("c", 8, 10)];
        let total = vec![sum("", 48, 8_910)];
        let table =
            Table::of(&filter(Measure::Spend, Dimension::Branch), &part(Measure::Spend), groups, total);
        let (shown, total) = kept(&table);
        let told: Vec<(&str, Option<i64>)> = shown.iter().map(|g| (g.key.as_str(), g.value)).collect();
        assert_eq!(told, [("b", Some(8_000)), ("a", None), ("c", None)]);
        assert_eq!(total.value, Some(8_910));
        assert!(shown.iter().all(|group| group.value.is_some() != group.is_suppressed));
    }

    proptest! {
        #[test]
        fn whoever_sees_the_rows_sees_every_figure_and_they_add_up(people in proptest::collection::vec(1_i64..30, 1..10)) {
            let groups: Vec<Sum> = people.iter().enumerate().map(|(at, n)| sum(&format!("{at}"), *n, n * 100)).collect();
            let all: i64 = people.iter().sum();
            let table = Table::of(&filter(Measure::Balances, Dimension::Branch), &part(Measure::Balances), groups, vec![sum("", all, all * 100)]);
            let (shown, total) = whole(&table);
            prop_assert_eq!(shown.iter().filter_map(|group| group.value).sum::<i64>(), total.value.unwrap());
            prop_assert!(shown.is_sorted_by_key(|group| std::cmp::Reverse(group.value)));
        }

        #[test]
        fn of_what_is_kept_back_neither_value_nor_rows_nor_order_is_told(people in proptest::collection::vec(1_i64..30, 1..10)) {
            let groups: Vec<Sum> = people.iter().enumerate().map(|(at, n)| sum(&format!("{at}"), *n, n * 100)).collect();
            let all: i64 = people.iter().sum();
            let table = Table::of(&filter(Measure::Balances, Dimension::Branch), &part(Measure::Balances), groups, vec![sum("", all, all * 100)]);
            let (shown, total) = kept(&table);
            let kept: Vec<&StatisticsGroup> = shown.iter().filter(|group| group.is_suppressed).collect();
            prop_assert!(kept.iter().all(|group| group.value.is_none() && group.row_count.is_none()));
            prop_assert!(kept.is_sorted_by_key(|group| &group.key));
            if total.value.is_some() && !kept.is_empty() {
                let left = total.row_count.unwrap() - shown.iter().filter_map(|group| group.row_count).sum::<i64>();
                prop_assert!(kept.len() > 1 && left / 2 >= PEOPLE_MIN);
            }
        }
    }
}

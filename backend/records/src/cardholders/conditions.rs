//! What a list of cardholders is narrowed by, as SQL: text with numbered placeholders and their values.

use chrono::{Datelike, NaiveDate};
use diesel::{
    pg::Pg,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_types::{Array, BigInt, Date, Text, Uuid as SqlUuid},
};
use platform::ids::BranchId;
use uuid::Uuid;
use web::{Reach, Span};

use super::{door::AGE_YEARS_MAX, list::CardholderFilter, members::STANDS};

/// The birth date, or the one that a stated age stands for, as `cardholders_born_on_idx` has it.
const BORN_ON: &str =
    "coalesce(c.birth_on, (c.stated_age_on - make_interval(years => c.stated_age_years::int))::date)";

/// The last day on which somebody was born who is that many years old. On a 29th of February a year without one has those who
/// were born by the 28th.
fn years_ago(today: NaiveDate, years: i32) -> NaiveDate {
    let year = today.year() - years;
    today.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(NaiveDate::MIN)
}

/// A value to bind, in order of its placeholder.
pub(super) enum Bind {
    Text(String),
    Date(NaiveDate),
    BigInt(i64),
    Uuid(Uuid),
    Uuids(Vec<Uuid>),
}

/// SQL under construction: text with numbered placeholders and their values.
#[derive(Default)]
pub(super) struct Sql {
    conditions: Vec<String>,
    binds: Vec<Bind>,
}

impl Sql {
    /// The placeholder of a value.
    pub(super) fn bind(&mut self, value: Bind) -> String {
        self.binds.push(value);
        format!("${}", self.binds.len())
    }

    pub(super) fn and(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// Whoever was merged into another is met as the other.
    pub(super) fn where_clause(&self) -> String {
        self.conditions.iter().map(String::as_str).chain([STANDS]).collect::<Vec<_>>().join(" AND ")
    }

    pub(super) fn query<'a>(self, text: String) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
        self.binds.into_iter().fold(diesel::sql_query(text).into_boxed::<Pg>(), |query, bind| match bind {
            Bind::Text(value) => query.bind::<Text, _>(value),
            Bind::Date(value) => query.bind::<Date, _>(value),
            Bind::BigInt(value) => query.bind::<BigInt, _>(value),
            Bind::Uuid(value) => query.bind::<SqlUuid, _>(value),
            Bind::Uuids(value) => query.bind::<Array<SqlUuid>, _>(value),
        })
    }

    fn add_any_branch(&mut self, branches: &[BranchId]) {
        match branches {
            [only] => {
                let place = self.bind(Bind::Uuid(only.0));
                self.and(format!("c.branch_id = {place}"));
            }
            several => {
                let place = self.bind(Bind::Uuids(several.iter().map(|id| id.0).collect()));
                self.and(format!("c.branch_id = ANY ({place})"));
            }
        }
    }

    /// Whose cardholders may be seen, and in which branches they are looked for.
    pub(super) fn add_reach(&mut self, reach: &Reach, filter: &CardholderFilter) {
        match &reach.span {
            Span::Bank => {}
            Span::Branches(branches) => self.add_any_branch(branches),
            Span::Managed(staff_id) => {
                let place = self.bind(Bind::Uuid(staff_id.0));
                self.and(format!("c.manager_id = {place}"));
            }
        }
        if let Some(asked) = &filter.branches {
            self.add_any_branch(asked);
        }
    }

    /// Everything else that is asked of them.
    pub(super) fn add_filter(&mut self, filter: &CardholderFilter, today: NaiveDate) {
        let texts = [
            ("c.lifecycle", filter.lifecycle.map(|l| l.as_str().to_owned())),
            ("c.gender", filter.gender.map(|g| g.as_str().to_owned())),
            ("c.occupation", filter.occupation.clone()),
        ];
        for (column, value) in texts {
            if let Some(value) = value {
                let place = self.bind(Bind::Text(value));
                self.and(format!("{column} = {place}"));
            }
        }
        if let Some(run) = filter.name_run.clone() {
            let place = self.bind(Bind::Text(run));
            self.and(format!("position({place} IN translate(c.name, '·‧•・ ', '')) > 0"));
        }
        if let Some(manager_id) = filter.manager_id {
            let place = self.bind(Bind::Uuid(manager_id.0));
            self.and(format!("c.manager_id = {place}"));
        }
        for (comparison, value) in
            [("c.opened_on >=", filter.opened_from), ("c.opened_on <=", filter.opened_to)]
        {
            if let Some(value) = value {
                let place = self.bind(Bind::Date(value));
                self.and(format!("{comparison} {place}"));
            }
        }
        if filter.age_min.is_some() || filter.age_max.is_some() {
            self.add_age(filter.age_min.unwrap_or(0), filter.age_max.unwrap_or(AGE_YEARS_MAX), today);
        }
        if let Some(kind) = filter.holds_product {
            let place = self.bind(Bind::Text(kind.as_str().to_owned()));
            let own = format!(
                "EXISTS (SELECT FROM accounts a WHERE a.cardholder_id = c.cardholder_id AND a.kind = {place} AND a.status <> 'closed')"
            );
            if filter.holds_by_merge.is_empty() {
                self.and(own);
            } else {
                let others = self.bind(Bind::Uuids(filter.holds_by_merge.iter().map(|id| id.0).collect()));
                self.and(format!("({own} OR c.cardholder_id = ANY ({others}))"));
            }
        }
    }

    /// An age is a span of birth dates.
    fn add_age(&mut self, min: i32, max: i32, today: NaiveDate) {
        let years_ago = |years: i32| years_ago(today, years);
        let (youngest, before_oldest) =
            (self.bind(Bind::Date(years_ago(min))), self.bind(Bind::Date(years_ago(max + 1))));
        self.and(format!("{BORN_ON} <= {youngest} AND {BORN_ON} > {before_oldest}"));
    }
}

/// The branches that are asked for within those that may be asked; `None` where neither narrows the bank by branches alone.
pub(super) fn branches_of(reach: &Reach, filter: &CardholderFilter) -> Option<Vec<Uuid>> {
    let asked = filter.branches.as_deref();
    let branches: Vec<BranchId> = match (&reach.span, asked) {
        (Span::Managed(_), _) | (Span::Bank, None) => return None,
        (Span::Bank, Some(asked)) => asked.to_vec(),
        (Span::Branches(reached), None) => reached.to_vec(),
        (Span::Branches(reached), Some(asked)) => {
            asked.iter().filter(|id| reached.binary_search(id).is_ok()).copied().collect()
        }
    };
    Some(branches.into_iter().map(|id| id.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cardholders::model::years_between;

    #[test]
    fn on_a_29th_of_february_nobody_is_a_year_older_than_they_are() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (today, years, last) in [
            ("2028-02-29", 1, "2027-02-28"),
            ("2028-02-29", 4, "2024-02-29"),
            ("2027-02-28", 3, "2024-02-28"),
            ("2027-03-01", 3, "2024-03-01"),
        ] {
            assert_eq!(years_ago(day(today), years), day(last), "{years} years before {today}");
            assert!(years_between(day(last), day(today)) >= years);
            assert!(years_between(day(last).succ_opt().unwrap(), day(today)) < years);
        }
    }
}

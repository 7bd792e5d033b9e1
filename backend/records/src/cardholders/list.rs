//! The list of cardholders: scoped, filtered, sorted by an index, paged by key.
//!
//! For a caller who sees several branches the query runs once per branch (LATERAL) and merges: each part walks its index, so
//! the page costs the same wherever in the bank the rows lie.

use chrono::{Datelike, NaiveDate};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_types::{Array, BigInt, Date, Nullable, SmallInt, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use kernel::{FieldFault, PageLimit};
use platform::{
    Conn, DbResult,
    database::KeptSql,
    ids::{BranchId, CardholderId, StaffId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;
use web::{Reach, RequestFault, Sight, Snapshot, Span, parse_after};

use super::{
    door::AGE_YEARS_MAX,
    members::STANDS,
    model::{Gender, Lifecycle, age_years},
};

platform::vocabulary! {
    /// Orders that an index serves.
    pub enum CardholderSort { Newest = "-opened_on", Oldest = "opened_on", CustomerNo = "customer_no", NamePinyin = "name_pinyin" }
}

platform::vocabulary! {
    /// Kinds of account that somebody may hold.
    pub enum HeldKind { Current = "current", Savings = "savings", CreditCard = "credit_card", Loan = "loan", Deposit = "deposit" }
}

/// Which cardholders.
#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CardholderFilter {
    pub branch_id: Option<BranchId>,
    pub manager_id: Option<StaffId>,
    pub lifecycle: Option<Lifecycle>,
    pub gender: Option<Gender>,
    #[validate(length(min = 1, max = 60, code = "text.length"))]
    #[param(min_length = 1, max_length = 60)]
    pub occupation: Option<String>,
    #[validate(range(min = 0, max = AGE_YEARS_MAX, code = "number.range"))]
    #[param(minimum = 0, maximum = 130)]
    pub age_min: Option<i32>,
    #[validate(range(min = 0, max = AGE_YEARS_MAX, code = "number.range"))]
    #[param(minimum = 0, maximum = 130)]
    pub age_max: Option<i32>,
    pub opened_from: Option<NaiveDate>,
    pub opened_to: Option<NaiveDate>,
    /// Holds an open account of this kind.
    pub holds_product: Option<HeldKind>,
    #[param(inline)]
    pub sort: Option<CardholderSort>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
    /// Also counts the matches, up to 10,001.
    pub count: Option<bool>,
    /// Who holds `holds_product` by a record merged into theirs; see [`CardholderFilter::look_up`].
    #[serde(skip)]
    pub(super) holds_by_merge: Vec<CardholderId>,
}

/// One line of the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CardholderListItem {
    pub cardholder_id: CardholderId,
    #[schema(example = "C1002834107")]
    pub customer_no: String,
    pub name: Option<String>,
    pub gender: Option<Gender>,
    pub age_years: Option<i32>,
    pub branch_id: BranchId,
    pub branch_name: Option<String>,
    pub manager_id: Option<StaffId>,
    pub manager_name: Option<String>,
    pub lifecycle: Lifecycle,
    pub occupation: Option<String>,
    pub opened_on: NaiveDate,
    #[schema(example = "138****5678")]
    pub primary_phone_masked: Option<String>,
    /// Fields that are null because the caller's role does not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl CardholderFilter {
    /// Refuses filters by fields that the caller does not see.
    pub(super) fn admit(&self, sight: Sight) -> Result<(), RequestFault> {
        let asked = [
            ("gender", "gender", self.gender.is_some()),
            ("occupation", "occupation", self.occupation.is_some()),
            ("age_min", "age_years", self.age_min.is_some()),
            ("age_max", "age_years", self.age_max.is_some()),
        ];
        sight.admit("cardholders", &asked)
    }

    /// Finds out beforehand what a cardholder's own rows don't tell.
    pub(super) async fn look_up(mut self, conn: &Conn) -> DbResult<Self> {
        if let Some(kind) = self.holds_product {
            self.holds_by_merge = holders_by_merge(conn, kind).await?;
        }
        Ok(self)
    }
}

/// Those who hold an open account of a kind by a record that was merged into theirs. Merges are few.
async fn holders_by_merge(mut conn: &Conn, kind: HeldKind) -> DbResult<Vec<CardholderId>> {
    use platform::schema::{accounts as a, cardholder_links as l};
    let held = a::table.inner_join(l::table.on(a::cardholder_id.eq(l::absorbed_id)));
    let held =
        held.filter(l::until_at.is_null()).filter(a::kind.eq(kind.as_str())).filter(a::status.ne("closed"));
    Ok(held.select(l::survivor_id).distinct().load(&mut conn).await?)
}

/// A list row as the database gives it.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Line {
    #[diesel(sql_type = SqlUuid)]
    pub cardholder_id: CardholderId,
    #[diesel(sql_type = Text)]
    pub customer_no: String,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Text)]
    pub sort_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    gender: Option<Gender>,
    #[diesel(sql_type = Nullable<Date>)]
    birth_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    stated_age_years: Option<i16>,
    #[diesel(sql_type = Nullable<Date>)]
    stated_age_on: Option<NaiveDate>,
    #[diesel(sql_type = SqlUuid)]
    branch_id: BranchId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    manager_id: Option<StaffId>,
    #[diesel(sql_type = Text)]
    lifecycle: Lifecycle,
    #[diesel(sql_type = Nullable<Text>)]
    occupation: Option<String>,
    #[diesel(sql_type = Date)]
    pub opened_on: NaiveDate,
    #[diesel(sql_type = Nullable<Text>)]
    primary_phone_masked: Option<String>,
}

impl Line {
    pub(super) fn view(self, sight: Sight, directory: &Snapshot, today: NaiveDate) -> CardholderListItem {
        let mut veil = sight.veil("cardholders");
        let age_years = age_years(self.birth_on, self.stated_age_years, self.stated_age_on, today);
        CardholderListItem {
            age_years: veil.pass("age_years", age_years),
            branch_name: directory.branch_name(self.branch_id).map(ToOwned::to_owned),
            manager_name: self.manager_id.and_then(|id| directory.staff_name(id)).map(ToOwned::to_owned),
            cardholder_id: self.cardholder_id,
            customer_no: self.customer_no,
            name: self.name,
            gender: veil.pass("gender", self.gender),
            branch_id: self.branch_id,
            manager_id: self.manager_id,
            lifecycle: self.lifecycle,
            occupation: veil.pass("occupation", self.occupation),
            opened_on: self.opened_on,
            primary_phone_masked: veil.pass("primary_phone_masked", self.primary_phone_masked),
            withheld: veil.withheld(),
        }
    }
}

/// Where a page starts: the sort key and the id of the row before it.
pub(super) type Position = (String, CardholderId);

/// The position that `after` names; 400 when it was made by a list in another order.
pub(super) fn position_after(filter: &CardholderFilter) -> Result<Option<Position>, RequestFault> {
    let after: Option<Position> = parse_after(filter.after.as_deref())?;
    let is_by_day = matches!(CardholderSort::of(filter), CardholderSort::Newest | CardholderSort::Oldest);
    match after {
        Some((key, _)) if is_by_day && key.parse::<NaiveDate>().is_err() => {
            Err(RequestFault::Unreadable(FieldFault::new("/after", "cursor.unreadable")))
        }
        after => Ok(after),
    }
}

impl CardholderSort {
    fn of(filter: &CardholderFilter) -> Self {
        filter.sort.unwrap_or(Self::Newest)
    }

    fn key(self) -> &'static str {
        match self {
            Self::Newest | Self::Oldest => "c.opened_on",
            Self::CustomerNo => "c.customer_no",
            Self::NamePinyin => "coalesce(c.name_pinyin, '~')",
        }
    }

    fn is_descending(self) -> bool {
        self == Self::Newest
    }

    pub(super) fn position(self, line: &Line) -> Position {
        let key = match self {
            Self::Newest | Self::Oldest => line.opened_on.to_string(),
            Self::CustomerNo => line.customer_no.clone(),
            Self::NamePinyin => line.sort_name.clone(),
        };
        (key, line.cardholder_id)
    }
}

/// A value to bind, in order of its placeholder.
enum Bind {
    Text(String),
    Date(NaiveDate),
    BigInt(i64),
    Uuid(Uuid),
    Uuids(Vec<Uuid>),
}

/// SQL under construction: text with numbered placeholders and their values.
#[derive(Default)]
struct Sql {
    conditions: Vec<String>,
    binds: Vec<Bind>,
}

impl Sql {
    /// The placeholder of a value.
    fn bind(&mut self, value: Bind) -> String {
        self.binds.push(value);
        format!("${}", self.binds.len())
    }

    fn and(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// Whoever was merged into another is met as the other.
    fn where_clause(&self) -> String {
        self.conditions.iter().map(String::as_str).chain([STANDS]).collect::<Vec<_>>().join(" AND ")
    }

    fn query<'a>(self, text: String) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
        self.binds.into_iter().fold(diesel::sql_query(text).into_boxed::<Pg>(), |query, bind| match bind {
            Bind::Text(value) => query.bind::<Text, _>(value),
            Bind::Date(value) => query.bind::<Date, _>(value),
            Bind::BigInt(value) => query.bind::<BigInt, _>(value),
            Bind::Uuid(value) => query.bind::<SqlUuid, _>(value),
            Bind::Uuids(value) => query.bind::<Array<SqlUuid>, _>(value),
        })
    }
}

const COLUMNS: &str = "c.cardholder_id, c.customer_no, c.name, coalesce(c.name_pinyin, '~') AS sort_name, c.gender, c.birth_on,
    c.stated_age_years, c.stated_age_on, c.branch_id, c.manager_id, c.lifecycle, c.occupation, c.opened_on,
    (SELECT p.number_masked FROM cardholder_phones p WHERE p.cardholder_id = c.cardholder_id AND p.is_primary) AS primary_phone_masked";

/// One page, in the filter's order.
pub(super) async fn page(
    mut conn: &Conn,
    filter: &CardholderFilter,
    reach: &Reach,
    (limit, after): (PageLimit, Option<Position>),
    today: NaiveDate,
) -> DbResult<Vec<Line>> {
    let (sql, text) = page_sql(filter, reach, (limit.fetch(), after), today);
    Ok(sql.query(text).load(&mut conn).await?)
}

/// Exactly these cardholders, as far as they match and are within reach, in no particular order.
pub(super) async fn pick(
    mut conn: &Conn,
    ids: &[CardholderId],
    filter: &CardholderFilter,
    reach: &Reach,
    today: NaiveDate,
) -> DbResult<Vec<Line>> {
    let mut sql = Sql::default();
    let place = sql.bind(Bind::Uuids(ids.iter().map(|id| id.0).collect()));
    sql.and(format!("c.cardholder_id = ANY ({place})"));
    add_reach(&mut sql, reach);
    add_filter(&mut sql, filter, today);
    let text = format!("SELECT {COLUMNS} FROM cardholders c WHERE {}", sql.where_clause());
    // The key is the way in whatever else is asked, so one plan serves all values.
    Ok(KeptSql::from(sql.query(text)).load(&mut conn).await?)
}

/// How many match, up to `rows_max`.
pub(super) async fn count(
    mut conn: &Conn,
    filter: &CardholderFilter,
    (reach, today): (&Reach, NaiveDate),
    rows_max: i64,
) -> DbResult<i64> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let mut sql = Sql::default();
    add_reach(&mut sql, reach);
    add_filter(&mut sql, filter, today);
    let text = format!(
        "SELECT count(*) AS n FROM (SELECT FROM cardholders c WHERE {} LIMIT {rows_max}) AS matching",
        sql.where_clause()
    );
    Ok(sql.query(text).get_result::<Count>(&mut conn).await?.n)
}

fn page_sql(
    filter: &CardholderFilter,
    reach: &Reach,
    (rows, after): (i64, Option<Position>),
    today: NaiveDate,
) -> (Sql, String) {
    let sort = CardholderSort::of(filter);
    let mut sql = Sql::default();
    let branches = match (&reach.span, filter.branch_id) {
        (Span::Branches(branches), None) if branches.len() > 1 => {
            Some(sql.bind(Bind::Uuids(branches.iter().map(|id| id.0).collect())))
        }
        _ => {
            add_reach(&mut sql, reach);
            None
        }
    };
    add_filter(&mut sql, filter, today);
    let (direction, beyond) = if sort.is_descending() { ("DESC", "<") } else { ("ASC", ">") };
    if let Some((key, id)) = after {
        let key = match (sort, key.parse::<NaiveDate>()) {
            (CardholderSort::Newest | CardholderSort::Oldest, Ok(date)) => sql.bind(Bind::Date(date)),
            _ => sql.bind(Bind::Text(key)),
        };
        let id = sql.bind(Bind::Uuid(id.0));
        sql.and(format!("({}, c.cardholder_id) {beyond} ({key}, {id})", sort.key()));
    }
    let limit = sql.bind(Bind::BigInt(rows));
    let order = format!("ORDER BY {} {direction}, c.cardholder_id {direction} LIMIT {limit}", sort.key());
    let conditions = sql.where_clause();
    let text = match branches {
        None => format!("SELECT {COLUMNS} FROM cardholders c WHERE {conditions} {order}"),
        Some(branches) => {
            let outer = order.replace("coalesce(c.name_pinyin, '~')", "c.sort_name");
            format!(
                "SELECT c.* FROM unnest({branches}) AS b (branch_id) CROSS JOIN LATERAL
                 (SELECT {COLUMNS} FROM cardholders c WHERE c.branch_id = b.branch_id AND {conditions} {order}) AS c {outer}"
            )
        }
    };
    (sql, text)
}

fn add_reach(sql: &mut Sql, reach: &Reach) {
    match &reach.span {
        Span::Bank => {}
        Span::Branches(branches) => match &branches[..] {
            [only] => {
                let place = sql.bind(Bind::Uuid(only.0));
                sql.and(format!("c.branch_id = {place}"));
            }
            several => {
                let place = sql.bind(Bind::Uuids(several.iter().map(|id| id.0).collect()));
                sql.and(format!("c.branch_id = ANY ({place})"));
            }
        },
        Span::Managed(staff_id) => {
            let place = sql.bind(Bind::Uuid(staff_id.0));
            sql.and(format!("c.manager_id = {place}"));
        }
    }
}

fn add_filter(sql: &mut Sql, filter: &CardholderFilter, today: NaiveDate) {
    let texts = [
        ("c.lifecycle", filter.lifecycle.map(|l| l.as_str().to_owned())),
        ("c.gender", filter.gender.map(|g| g.as_str().to_owned())),
        ("c.occupation", filter.occupation.clone()),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            let place = sql.bind(Bind::Text(value));
            sql.and(format!("{column} = {place}"));
        }
    }
    for (column, value) in
        [("c.branch_id", filter.branch_id.map(|id| id.0)), ("c.manager_id", filter.manager_id.map(|id| id.0))]
    {
        if let Some(value) = value {
            let place = sql.bind(Bind::Uuid(value));
            sql.and(format!("{column} = {place}"));
        }
    }
    for (comparison, value) in [("c.opened_on >=", filter.opened_from), ("c.opened_on <=", filter.opened_to)]
    {
        if let Some(value) = value {
            let place = sql.bind(Bind::Date(value));
            sql.and(format!("{comparison} {place}"));
        }
    }
    if filter.age_min.is_some() || filter.age_max.is_some() {
        add_age(sql, filter.age_min.unwrap_or(0), filter.age_max.unwrap_or(AGE_YEARS_MAX), today);
    }
    if let Some(kind) = filter.holds_product {
        let place = sql.bind(Bind::Text(kind.as_str().to_owned()));
        let own = format!(
            "EXISTS (SELECT FROM accounts a WHERE a.cardholder_id = c.cardholder_id AND a.kind = {place} AND a.status <> 'closed')"
        );
        if filter.holds_by_merge.is_empty() {
            sql.and(own);
        } else {
            let others = sql.bind(Bind::Uuids(filter.holds_by_merge.iter().map(|id| id.0).collect()));
            sql.and(format!("({own} OR c.cardholder_id = ANY ({others}))"));
        }
    }
}

/// The birth date, or the one that a stated age stands for, as `cardholders_born_on_idx` has it.
const BORN_ON: &str =
    "coalesce(c.birth_on, (c.stated_age_on - make_interval(years => c.stated_age_years::int))::date)";

/// An age is a span of birth dates.
fn add_age(sql: &mut Sql, min: i32, max: i32, today: NaiveDate) {
    let years_ago = |years: i32| {
        let year = today.year() - years;
        today.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MIN)
    };
    let (youngest, before_oldest) =
        (sql.bind(Bind::Date(years_ago(min))), sql.bind(Bind::Date(years_ago(max + 1))));
    sql.and(format!("{BORN_ON} <= {youngest} AND {BORN_ON} > {before_oldest}"));
}

/// The filter's own sort, or the usual one.
pub(super) fn sort_of(filter: &CardholderFilter) -> CardholderSort {
    CardholderSort::of(filter)
}

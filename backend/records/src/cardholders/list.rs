//! The list of cardholders: scoped, filtered, sorted by an index, paged by key.
//!
//! For a caller who sees several branches the query runs once per branch (LATERAL) and merges: each part walks its index, so
//! the page costs the same wherever in the bank the rows lie.

use std::sync::Arc;

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_types::{BigInt, Date, Nullable, SmallInt, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use kernel::{FieldFault, PageLimit};
use platform::{
    Conn, DbResult,
    database::KeptSql,
    ids::{BranchId, CardholderId, StaffId},
    vault::Vault,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;
use web::{Reach, RequestFault, Sight, Snapshot};

use super::{
    conditions::{self, Bind, Sql},
    cursor,
    door::AGE_YEARS_MAX,
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
    /// Chinese characters that the name has to hold in a row.
    #[serde(skip)]
    pub(super) name_run: Option<String>,
    /// `branch_id` with all below it, sorted; see [`CardholderFilter::look_up`].
    #[serde(skip)]
    pub(super) branches: Option<Arc<[BranchId]>>,
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
    pub(super) async fn look_up(mut self, conn: &Conn, directory: &Snapshot) -> DbResult<Self> {
        self.branches = self.branch_id.map(|branch_id| match directory.branches.get(&branch_id) {
            Some(branch) => branch.sub_tree.clone(),
            None => Arc::from([branch_id]),
        });
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
pub(super) fn position_after(
    vault: &Vault,
    filter: &CardholderFilter,
) -> Result<Option<Position>, RequestFault> {
    let after: Option<Position> = cursor::opened(vault, filter.after.as_deref())?;
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
    sql.add_reach(reach, filter);
    sql.add_filter(filter, today);
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
    sql.add_reach(reach, filter);
    sql.add_filter(filter, today);
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
    let several = conditions::branches_of(reach, filter).filter(|branches| branches.len() > 1);
    let branches = several.map(|branches| sql.bind(Bind::Uuids(branches)));
    if branches.is_none() {
        sql.add_reach(reach, filter);
    }
    sql.add_filter(filter, today);
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

/// The filter's own sort, or the usual one.
pub(super) fn sort_of(filter: &CardholderFilter) -> CardholderSort {
    CardholderSort::of(filter)
}

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    QueryableByName,
    pg::Pg,
    prelude::*,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_types::{Array, BigInt, Date, Text, Uuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult,
    database::BulkTx,
    ids::{BranchId, StaffId},
    schema::statistic_refreshes,
};

use super::{
    cells::{self, Whose},
    model::{Dimension, Measure},
};

/// Groups of one answer.
const GROUPS_MAX: u32 = 5_000;
/// Parts that are looked at. Of a bank that has more, whoever does not see the rows is told less.
pub(super) const PARTS_MAX: u32 = 200_000;

/// Which cells are added up.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub measure: Measure,
    /// Whose portfolio; none for cells that were added up ahead.
    pub manager: Option<StaffId>,
    /// None: every branch.
    pub branches: Option<Vec<BranchId>>,
    pub product_code: Option<String>,
    /// First days of the first and the last month.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// One group in one currency.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Sum {
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub currency: String,
    /// People, month by month.
    #[diesel(sql_type = BigInt)]
    pub people_sum: i64,
    /// People of the month that has most.
    #[diesel(sql_type = BigInt)]
    pub people_max: i64,
    #[diesel(sql_type = BigInt)]
    pub row_count: i64,
    #[diesel(sql_type = BigInt)]
    pub amount_minor: i64,
}

/// A parameter, in the order of its placeholder.
enum Bind {
    Id(StaffId),
    Text(String),
    Day(NaiveDate),
    Branches(Vec<BranchId>),
}

#[derive(Default)]
struct Sql {
    binds: Vec<Bind>,
    conditions: Vec<String>,
}

impl Sql {
    fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        format!("${}", self.binds.len())
    }

    fn and(&mut self, column: &str, bind: Bind) {
        let place = self.bind(bind);
        self.conditions.push(format!("{column} {place}"));
    }
}

/// What sums are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    Total,
    By(Dimension),
    /// By all of them: the smallest parts, of those that have a product.
    Parts,
}

/// What stands between the keys of the dimensions in the key of a part: in no code and no id.
const BETWEEN: char = '\u{1f}';

/// The statement behind some groups.
pub(super) fn sums_query(part: &Part, by: Grouping) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    let mut sql = Sql::default();
    let source = match part.manager {
        Some(manager) => {
            sql.bind(Bind::Id(manager));
            format!("({}) AS cells", cells::of_measure(part.measure, Whose::Managed))
        }
        None => "statistic_cells AS cells".to_owned(),
    };
    sql.and("measure =", Bind::Text(part.measure.as_str().to_owned()));
    match (&part.product_code, by) {
        (Some(code), _) => sql.and("product_code =", Bind::Text(code.clone())),
        (None, Grouping::By(Dimension::Product) | Grouping::Parts) => {
            sql.conditions.push("product_code > ''".to_owned())
        }
        (None, _) => sql.conditions.push("product_code = ''".to_owned()),
    }
    if let Some(branches) = &part.branches {
        let place = sql.bind(Bind::Branches(branches.clone()));
        sql.conditions.push(format!("branch_id = ANY ({place})"));
    }
    for (column, day) in [("month_on >=", part.from), ("month_on <=", part.to)] {
        if let Some(day) = day {
            sql.and(column, Bind::Day(day));
        }
    }
    let (branch, product, month) = ("branch_id::text", "product_code", "to_char(month_on, 'YYYY-MM')");
    let (key, rows_max) = match by {
        Grouping::By(Dimension::Branch) => (branch.to_owned(), GROUPS_MAX),
        Grouping::By(Dimension::Product) => (product.to_owned(), GROUPS_MAX),
        Grouping::By(Dimension::Month) => (month.to_owned(), GROUPS_MAX),
        Grouping::Total => ("''".to_owned(), GROUPS_MAX),
        Grouping::Parts => (format!("concat_ws(E'\\x1f', {branch}, {product}, {month})"), PARTS_MAX),
    };
    let text = format!(
        "SELECT key, currency, sum(people)::bigint AS people_sum, max(people)::bigint AS people_max,
                sum(row_count)::bigint AS row_count, sum(amount_minor)::bigint AS amount_minor
         FROM (SELECT {key} AS key, currency, month_on, sum(cardholder_count) AS people, sum(row_count) AS row_count,
                      sum(amount_minor) AS amount_minor
               FROM {source} WHERE {} GROUP BY 1, 2, 3) AS monthly
         GROUP BY key, currency ORDER BY key, currency LIMIT {rows_max}",
        sql.conditions.join(" AND ")
    );
    sql.binds.into_iter().fold(diesel::sql_query(text).into_boxed::<Pg>(), |query, bind| match bind {
        Bind::Id(id) => query.bind::<Uuid, _>(id),
        Bind::Text(text) => query.bind::<Text, _>(text),
        Bind::Day(day) => query.bind::<Date, _>(day),
        Bind::Branches(ids) => query.bind::<Array<Uuid>, _>(ids),
    })
}

pub(super) async fn sums(mut conn: &Conn, part: &Part, by: Grouping) -> DbResult<Vec<Sum>> {
    Ok(sums_query(part, by).load(&mut conn).await?)
}

/// The keys of a part: branch, product and month.
pub(super) fn keys_of(part: &Sum) -> Option<[&str; 3]> {
    let keys: Vec<&str> = part.key.split(BETWEEN).collect();
    keys.try_into().ok()
}

/// When the cells were added up.
pub(super) async fn refreshed_at(mut conn: &Conn) -> DbResult<Option<DateTime<Utc>>> {
    let row = statistic_refreshes::table.select(statistic_refreshes::refreshed_at);
    Ok(row.first(&mut conn).await.optional()?)
}

pub(super) async fn note_refresh(tx: &BulkTx<'_>, cell_count: i64) -> DbResult<()> {
    let sql = "INSERT INTO statistic_refreshes (is_current, refreshed_at, cell_count) VALUES (true, $1, $2)
               ON CONFLICT (is_current) DO UPDATE SET refreshed_at = excluded.refreshed_at, cell_count = excluded.cell_count";
    tx.execute(sql, &[&tx.now, &cell_count]).await.map(|_| ())
}

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_types::{Array, Date, Text, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use kernel::page::COUNT_MAX;
use platform::{
    Conn, DbResult,
    ids::{CardholderId, StaffId},
    schema::cardholders,
};
use trust::calendars;
use web::{Reach, Span};

use super::{
    birthdays::births_with_birthday,
    model::{Counted, Figure, Listing, WorkbenchItem},
    plan::Asked,
};
use crate::cardholders::members::{STANDS, counts_within, survivors_of};

type Asking = BoxedSqlQuery<'static, Pg, SqlQuery>;

/// Rows of one list.
const LIST_ROWS: u8 = 8;
/// How long ago is "recently".
const RECENT_DAYS: u64 = 31;
/// A statement closed before this many days is history: its successor has come, or nobody bills the account any more.
const STATEMENT_DAYS: u64 = 62;
/// Jobs that failed longer ago have been seen.
const FAILED_JOB_DAYS: i64 = 30;
const WEEK_DAYS: u64 = 7;

const MINE: &str = "cardholders c WHERE c.manager_id = $1 AND {standing}";
const EVERYBODY: &str = "cardholders c WHERE {standing}";
const OPENED_SINCE: &str = "cardholders c WHERE c.opened_on >= $1 AND {standing}";
const PROSPECTS: &str = "cardholders c WHERE c.lifecycle = 'prospect' AND {standing}";
const DORMANT: &str = "cardholders c WHERE c.lifecycle = 'dormant' AND {standing}";
const NO_MANAGER: &str = "cardholders c WHERE c.manager_id IS NULL AND c.lifecycle = 'active' AND {standing}";
const BORN_ON: &str = "cardholders c WHERE c.birth_on = ANY($1) AND c.lifecycle IN ('prospect', 'active', 'dormant') AND {standing}";
const FROZEN: &str =
    "cards k JOIN cardholders c ON c.cardholder_id = k.cardholder_id WHERE k.status = 'frozen' AND {within}";
/// Overdue by the account's newest statement: an older one says nothing once its successor is out.
const PAST_DUE: &str = "statements s JOIN cardholders c ON c.cardholder_id = s.cardholder_id
    WHERE s.days_past_due > 0 AND s.closed_on >= $1 AND {within}
      AND NOT EXISTS (SELECT FROM statements n WHERE n.cardholder_id = s.cardholder_id AND n.account_id = s.account_id AND n.closed_on > s.closed_on)";

/// As `/approvals?decidable=true` has it.
const WAITING: &str = "(SELECT a.authority_branch_id AS branch_id FROM approvals a WHERE a.status = 'pending' AND a.expires_at > $2
        AND a.checker_permission = ANY($3) AND a.maker_id <> $1 AND a.object_id <> $1
        AND NOT EXISTS (SELECT FROM approval_decisions d WHERE d.approval_id = a.approval_id AND d.checker_id = $1)) AS e
    WHERE {employed_within}";

/// A parameter of a statement, in the order of its placeholders.
enum Bind {
    Id(StaffId),
    Day(NaiveDate),
    Days(Vec<NaiveDate>),
    Moment(DateTime<Utc>),
    Words(Vec<&'static str>),
}

/// The statement with its parameters and the caller's reach: over what hangs on cardholders in place of `{within}`, over people, each
/// of whom is met once, in place of `{standing}`, over staff, who belong to branches only, in place of `{employed_within}`.
fn within(sql: &str, binds: Vec<Bind>, reach: &Reach) -> Asking {
    let reach_at = format!("${}", binds.len() + 1);
    let person = |alias: &str| match &reach.span {
        Span::Bank => "true".to_owned(),
        Span::Branches(_) => format!("{alias}.branch_id = ANY({reach_at})"),
        Span::Managed(_) => format!("{alias}.manager_id = {reach_at}"),
    };
    let staff = match &reach.span {
        Span::Bank => "true".to_owned(),
        Span::Branches(_) => format!("e.branch_id = ANY({reach_at})"),
        Span::Managed(_) => "false".to_owned(),
    };
    let hanging = if reach.span == Span::Bank { "true".to_owned() } else { counts_within(person) };
    let standing = format!("{} AND {STANDS}", person("c"));
    let sql = sql
        .replace("{standing}", &standing)
        .replace("{within}", &hanging)
        .replace("{employed_within}", &staff);
    let has_reach = sql.contains(&reach_at);
    let mut query = diesel::sql_query(sql).into_boxed();
    for bind in binds {
        query = match bind {
            Bind::Id(id) => query.bind::<Uuid, _>(id),
            Bind::Day(day) => query.bind::<Date, _>(day),
            Bind::Days(days) => query.bind::<Array<Date>, _>(days),
            Bind::Moment(at) => query.bind::<Timestamptz, _>(at),
            Bind::Words(words) => query.bind::<Array<Text>, _>(words),
        };
    }
    match &reach.span {
        Span::Branches(branches) if has_reach => query.bind::<Array<Uuid>, _>(branches.to_vec()),
        Span::Managed(staff_id) if has_reach => query.bind::<Uuid, _>(*staff_id),
        _ => query,
    }
}

/// Counts no further than anybody wants to know.
fn counted(from: &str) -> String {
    format!(
        "SELECT count(*) AS value, NULL::text AS currency FROM (SELECT FROM {from} LIMIT {COUNT_MAX}) AS found"
    )
}

/// The statement behind one figure.
pub fn figure_query(asked: &Asked, figure: Figure) -> Asking {
    let reach = &asked.reach;
    let count = |from: &str, binds: Vec<Bind>| within(&counted(from), binds, reach);
    match figure {
        Figure::MyCardholders => count(MINE, vec![Bind::Id(asked.staff_id)]),
        Figure::BranchCardholders => count(EVERYBODY, vec![]),
        Figure::OpenedThisMonth => count(OPENED_SINCE, vec![Bind::Day(asked.month_start())]),
        Figure::Prospects => count(PROSPECTS, vec![]),
        Figure::Dormant => count(DORMANT, vec![]),
        Figure::FrozenCards => count(FROZEN, vec![]),
        Figure::PastDueStatements => count(PAST_DUE, vec![Bind::Day(days_before(asked, STATEMENT_DAYS))]),
        Figure::PastDueMinor => {
            let sql = format!(
                "SELECT sum(greatest(s.billed_minor - s.paid_minor, 0))::bigint AS value, s.currency
                 FROM {PAST_DUE} GROUP BY s.currency ORDER BY count(*) DESC, s.currency LIMIT 1"
            );
            within(&sql, vec![Bind::Day(days_before(asked, STATEMENT_DAYS))], reach)
        }
        Figure::StaffActive => count("staff e WHERE e.is_active AND {employed_within}", vec![]),
        Figure::StaffLocked => {
            count("staff e WHERE e.locked_until > $1 AND {employed_within}", vec![Bind::Moment(asked.now)])
        }
        Figure::BranchesOpen => count("branches WHERE is_open", vec![]),
        Figure::JobsRunning => count("jobs WHERE status = 'running'", vec![]),
        Figure::JobsFailed => {
            let since = asked.now - TimeDelta::days(FAILED_JOB_DAYS);
            count("jobs WHERE status = 'failed' AND created_at >= $1", vec![Bind::Moment(since)])
        }
        Figure::SignInsRefused => count(
            "audit_entries WHERE action = 'sessions.sign_in' AND outcome = 'refused' AND occurred_at >= $1",
            vec![Bind::Moment(day_start(asked))],
        ),
        Figure::ApprovalsWaiting => {
            let words = asked.permissions.iter().map(|permission| permission.as_str()).collect();
            count(WAITING, vec![Bind::Id(asked.staff_id), Bind::Moment(asked.now), Bind::Words(words)])
        }
        Figure::AuditEntriesToday => {
            count("audit_entries WHERE occurred_at >= $1", vec![Bind::Moment(day_start(asked))])
        }
    }
}

/// The statement behind one list.
pub fn listing_query(asked: &Asked, listing: Listing) -> Asking {
    let newest_first = "c.opened_on DESC, c.cardholder_id DESC";
    let opened = "'opened_on', c.opened_on";
    let list = |params: &str, from: &str, order: &str, binds: Vec<Bind>, reach: &Reach| {
        let sql = format!(
            "SELECT c.cardholder_id, c.customer_no, c.name, jsonb_build_object({params}) AS params
             FROM {from} ORDER BY {order} LIMIT {LIST_ROWS}"
        );
        within(&sql, binds, reach)
    };
    let reach = &asked.reach;
    match listing {
        Listing::RecentlyOpened => {
            let since = vec![Bind::Day(days_before(asked, RECENT_DAYS))];
            list(opened, OPENED_SINCE, newest_first, since, reach)
        }
        Listing::Dormant => list(opened, DORMANT, newest_first, vec![], reach),
        Listing::NoManager => list(opened, NO_MANAGER, newest_first, vec![], reach),
        Listing::BirthdaysThisWeek => {
            let births = vec![Bind::Days(births_with_birthday(asked.today, WEEK_DAYS))];
            let order = "array_position($1, c.birth_on), c.cardholder_id";
            list("'birth_on', c.birth_on", BORN_ON, order, births, &Span::Managed(asked.staff_id).into())
        }
        Listing::FrozenCards => {
            let params = "'card_id', k.card_id, 'last_four', k.last_four, 'frozen_at', k.updated_at, 'status_reason', k.status_reason";
            list(params, FROZEN, "k.updated_at DESC, k.cardholder_id, k.card_id", vec![], reach)
        }
        Listing::PastDue => {
            let params = "'account_id', s.account_id, 'statement_id', s.statement_id, 'days_past_due', s.days_past_due,
                'amount_minor', greatest(s.billed_minor - s.paid_minor, 0), 'currency', s.currency";
            let since = vec![Bind::Day(days_before(asked, STATEMENT_DAYS))];
            list(params, PAST_DUE, "s.days_past_due DESC, s.cardholder_id, s.statement_id", since, reach)
        }
    }
}

fn days_before(asked: &Asked, days: u64) -> NaiveDate {
    asked.today.checked_sub_days(Days::new(days)).unwrap_or(asked.today)
}

/// The trail is written by the machine's clock, so its day is the wall clock's and not the business date.
fn day_start(asked: &Asked) -> DateTime<Utc> {
    calendars::day_start(calendars::bank_date(asked.now))
}

pub(super) async fn figure(mut conn: &Conn, asked: &Asked, figure: Figure) -> DbResult<Counted> {
    let rows: Vec<Counted> = figure_query(asked, figure).load(&mut conn).await?;
    // Amounts are grouped by currency: without any row there is no group.
    Ok(rows.into_iter().next().unwrap_or(Counted { value: 0, currency: None }))
}

pub(super) async fn listing(
    mut conn: &Conn,
    asked: &Asked,
    listing: Listing,
) -> DbResult<Vec<WorkbenchItem>> {
    let items = listing_query(asked, listing).load(&mut conn).await?;
    match listing {
        Listing::FrozenCards | Listing::PastDue => standing(conn, items).await,
        _ => Ok(items),
    }
}

/// A card and a statement stay with the record they were made for: who stands for it is shown.
async fn standing(mut conn: &Conn, mut items: Vec<WorkbenchItem>) -> DbResult<Vec<WorkbenchItem>> {
    let ids: Vec<CardholderId> = items.iter().map(|item| item.cardholder_id).collect();
    let survivors = if ids.is_empty() { HashMap::new() } else { survivors_of(conn, &ids).await? };
    if survivors.is_empty() {
        return Ok(items);
    }
    let named: Vec<(CardholderId, String, Option<String>)> = cardholders::table
        .filter(cardholders::cardholder_id.eq_any(survivors.values()))
        .select((cardholders::cardholder_id, cardholders::customer_no, cardholders::name))
        .load(&mut conn)
        .await?;
    for item in &mut items {
        let survivor = survivors.get(&item.cardholder_id);
        if let Some((id, customer_no, name)) = named.iter().find(|(id, ..)| Some(id) == survivor) {
            (item.cardholder_id, item.customer_no, item.name) = (*id, customer_no.clone(), name.clone());
        }
    }
    Ok(items)
}

use chrono::{DateTime, Utc};
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx,
    database::{BulkTx, CountOf},
    ids::{AuditId, CardholderId},
    schema::audit_entries,
};

use super::model::{AccessLine, AuditEntry, AuditFilter};

type BoxedEntries<'a> = audit_entries::BoxedQuery<'a, diesel::pg::Pg>;

/// The number of the writing transaction, by which seals tell what is there to stay.
const WRITTEN_IN: &str = "pg_current_xact_id()::text::bigint";

pub(super) async fn insert(tx: &mut Tx<'_>, row: AuditEntry) -> DbResult<()> {
    let written_in = audit_entries::written_in.eq(sql::<BigInt>(WRITTEN_IN));
    diesel::insert_into(audit_entries::table).values((row, written_in)).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn insert_bulk(tx: &BulkTx<'_>, row: &AuditEntry) -> DbResult<()> {
    let sql = "INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, staff_id, staff_no, role,
                   branch_id, ip, trace_id, object_kind, object_id, cardholder_id, purpose, changes, written_in)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, pg_current_xact_id()::text::bigint)";
    tx.execute(
        sql,
        &[
            &row.occurred_at,
            &row.audit_id.0,
            &row.action,
            &row.outcome.as_str(),
            &row.actor_kind.as_str(),
            &row.staff_id.map(|id| id.0),
            &row.staff_no,
            &row.role.map(platform::Role::as_str),
            &row.branch_id.map(|id| id.0),
            &row.ip,
            &row.trace_id,
            &row.object_kind,
            &row.object_id,
            &row.cardholder_id.map(|id| id.0),
            &row.purpose,
            &row.changes,
        ],
    )
    .await
    .map(|_| ())
}

/// Newest first. The bound on `occurred_at` lets whole years be skipped.
pub(super) async fn list(
    mut conn: &Conn,
    filter: &AuditFilter,
    limit: PageLimit,
    after: Option<(DateTime<Utc>, AuditId)>,
) -> DbResult<Vec<AuditEntry>> {
    use audit_entries as a;
    let mut query = narrowed(filter);
    if let Some((at, id)) = after {
        query = query.filter(a::occurred_at.le(at)).filter(a::occurred_at.lt(at).or(a::audit_id.lt(id)));
    }
    Ok(query
        .select(AuditEntry::as_select())
        .order((a::occurred_at.desc(), a::audit_id.desc()))
        .limit(limit.fetch())
        .load(&mut conn)
        .await?)
}

/// How many there are, up to `rows_max`.
pub(super) async fn count(mut conn: &Conn, filter: &AuditFilter, rows_max: i64) -> DbResult<i64> {
    let found = narrowed(filter).select(audit_entries::audit_id).limit(rows_max);
    Ok(CountOf(found).get_result(&mut conn).await?)
}

fn narrowed(filter: &AuditFilter) -> BoxedEntries<'_> {
    use audit_entries as a;
    let mut query = audit_entries::table.into_boxed();
    if let Some(action) = &filter.action {
        query = match action.strip_suffix('.') {
            Some(_) => query.filter(a::action.like(format!("{}%", action.replace('_', "\\_")))),
            None => query.filter(a::action.eq(action)),
        };
    }
    if let Some(staff_id) = filter.staff_id {
        query = query.filter(a::staff_id.eq(staff_id));
    }
    if let Some(cardholder_id) = filter.cardholder_id {
        query = query.filter(a::cardholder_id.eq(cardholder_id));
    }
    if let Some(object_id) = filter.object_id {
        query = query.filter(a::object_id.eq(object_id));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(a::outcome.eq(outcome));
    }
    if let Some(trace_id) = &filter.trace_id {
        query = query.filter(a::trace_id.eq(trace_id));
    }
    if let Some(role) = filter.role {
        query = query.filter(a::role.eq(role));
    }
    if let Some(branch_id) = filter.branch_id {
        query = query.filter(a::branch_id.eq(branch_id));
    }
    if let Some(ip) = &filter.ip {
        query = query.filter(a::ip.eq(ip));
    }
    if let Some(from) = filter.occurred_from {
        query = query.filter(a::occurred_at.ge(from));
    }
    if let Some(to) = filter.occurred_to {
        query = query.filter(a::occurred_at.lt(to));
    }
    query
}

/// Who looked at one cardholder, newest first.
pub(super) async fn access_log(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    limit: PageLimit,
    after: Option<(DateTime<Utc>, AuditId)>,
) -> DbResult<Vec<AccessLine>> {
    use audit_entries as a;
    let mut query = AccessLine::query().filter(a::cardholder_id.eq(cardholder_id)).into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(a::occurred_at.le(at)).filter(a::occurred_at.lt(at).or(a::audit_id.lt(id)));
    }
    Ok(query.order((a::occurred_at.desc(), a::audit_id.desc())).limit(limit.fetch()).load(&mut conn).await?)
}

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx,
    ids::{AnomalyId, BranchId, CardholderId, StaffId},
    schema::{audit_anomalies, audit_lookups, cardholders},
};
use web::Span;

use super::model::{AnomalyFilter, AnomalyReview, AuditAnomaly};

/// What somebody did in one hour of a day.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub(super) struct HourOf {
    #[diesel(sql_type = SqlUuid)]
    pub staff_id: StaffId,
    #[diesel(sql_type = SqlUuid)]
    pub branch_id: BranchId,
    #[diesel(sql_type = Timestamptz)]
    pub first_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub last_at: DateTime<Utc>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub seen: Vec<CardholderId>,
    /// For whom something was done.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub served: Vec<CardholderId>,
    #[diesel(sql_type = BigInt)]
    pub searches: i64,
    #[diesel(sql_type = BigInt)]
    pub refused: i64,
    /// 0, or the highest share of the quota in per cent.
    #[diesel(sql_type = BigInt)]
    pub quota_notes: i64,
}

/// What shows a cardholder without doing anything for them, besides whatever is read.
const LOOKS: &[&str] = &[
    "cardholders.reveal",
    "exports.download",
    "exports.request",
    "merges.preview",
    "subject_requests.open_package",
];
/// What is done to get at a cardholder, and is no service to them.
const WAYS_IN: &[&str] = &["break_glass.close", "break_glass.open", "cardholders.find_duplicates"];

/// The day, hour by hour and person by person: who was looked at, for whom something was done, and how often somebody was
/// searched for.
pub(super) async fn hours(
    mut conn: &Conn,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> DbResult<Vec<HourOf>> {
    let sql = "SELECT staff_id, branch_id, min(occurred_at) AS first_at, max(occurred_at) AS last_at,
            coalesce(array_agg(DISTINCT cardholder_id) FILTER (WHERE cardholder_id IS NOT NULL AND outcome = 'done'
                AND (action LIKE '%.read' OR action = ANY ($3))), '{}') AS seen,
            coalesce(array_agg(DISTINCT cardholder_id) FILTER (WHERE cardholder_id IS NOT NULL AND outcome = 'done'
                AND action NOT LIKE '%.read' AND action <> ALL ($3) AND action <> ALL ($4)), '{}') AS served,
            count(*) FILTER (WHERE action = 'cardholders.search' AND outcome = 'done') AS searches,
            count(*) FILTER (WHERE outcome = 'refused') AS refused,
            count(*) FILTER (WHERE action = 'cardholders.reveal_quota') AS quota_notes
        FROM audit_entries WHERE occurred_at >= $1 AND occurred_at < $2 AND actor_kind = 'staff' AND branch_id IS NOT NULL
        GROUP BY staff_id, branch_id, date_trunc('hour', occurred_at) ORDER BY staff_id, first_at";
    let query = diesel::sql_query(sql).bind::<Timestamptz, _>(from).bind::<Timestamptz, _>(to);
    Ok(query.bind::<Array<Text>, _>(LOOKS).bind::<Array<Text>, _>(WAYS_IN).load(&mut conn).await?)
}

/// A habit: the medians of the days before.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub(super) struct Habit {
    #[diesel(sql_type = SqlUuid)]
    pub staff_id: StaffId,
    #[diesel(sql_type = BigInt)]
    pub per_day: i64,
    #[diesel(sql_type = BigInt)]
    pub per_hour: i64,
}

pub(super) async fn habits(mut conn: &Conn, from: NaiveDate, before: NaiveDate) -> DbResult<Vec<Habit>> {
    let sql = "SELECT staff_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY cardholders)::bigint AS per_day,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY busiest_hour)::bigint AS per_hour
        FROM audit_lookups WHERE looked_on >= $1 AND looked_on < $2 GROUP BY staff_id";
    Ok(diesel::sql_query(sql).bind::<Date, _>(from).bind::<Date, _>(before).load(&mut conn).await?)
}

/// Remembers a day for the habits of those after it.
pub(super) async fn remember(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    looked_on: NaiveDate,
    (cardholders, busiest_hour): (i32, i32),
) -> DbResult<()> {
    use audit_lookups as l;
    diesel::insert_into(l::table)
        .values((
            l::staff_id.eq(staff_id),
            l::looked_on.eq(looked_on),
            l::cardholders.eq(cardholders),
            l::busiest_hour.eq(busiest_hour),
        ))
        .on_conflict((l::staff_id, l::looked_on))
        .do_update()
        .set((l::cardholders.eq(excluded(l::cardholders)), l::busiest_hour.eq(excluded(l::busiest_hour))))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Home and name of those who were seen.
pub(super) async fn homes(
    mut conn: &Conn,
    ids: &[CardholderId],
) -> DbResult<Vec<(CardholderId, BranchId, Option<String>)>> {
    Ok(cardholders::table
        .filter(cardholders::cardholder_id.eq_any(ids))
        .select((cardholders::cardholder_id, cardholders::branch_id, cardholders::name))
        .load(&mut conn)
        .await?)
}

/// Writes a finding, or counts one anew that nobody has judged yet. Whether it is new.
pub(super) async fn put(tx: &mut Tx<'_>, row: AuditAnomaly) -> DbResult<bool> {
    #[derive(diesel::QueryableByName)]
    struct Put {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        is_new: bool,
    }
    let sql = "INSERT INTO audit_anomalies AS a (anomaly_id, kind, staff_id, branch_id, cardholder_id, happened_on, first_at, last_at, params, found_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (staff_id, happened_on, kind, cardholder_id) DO UPDATE SET params = excluded.params,
            first_at = excluded.first_at, last_at = excluded.last_at WHERE a.verdict IS NULL
        RETURNING xmax = 0 AS is_new";
    let put: Option<Put> = diesel::sql_query(sql)
        .bind::<SqlUuid, _>(row.anomaly_id)
        .bind::<Text, _>(row.kind.as_str())
        .bind::<SqlUuid, _>(row.staff_id)
        .bind::<SqlUuid, _>(row.branch_id)
        .bind::<Nullable<SqlUuid>, _>(row.cardholder_id)
        .bind::<Date, _>(row.happened_on)
        .bind::<Timestamptz, _>(row.first_at)
        .bind::<Timestamptz, _>(row.last_at)
        .bind::<diesel::sql_types::Jsonb, _>(row.params)
        .bind::<Timestamptz, _>(row.found_at)
        .get_result(&mut tx.conn())
        .await
        .optional()?;
    Ok(put.is_some_and(|put| put.is_new))
}

/// Newest day first, within the caller's part of the bank.
pub(super) async fn list(
    mut conn: &Conn,
    filter: &AnomalyFilter,
    span: &Span,
    limit: PageLimit,
    after: Option<(NaiveDate, AnomalyId)>,
) -> DbResult<Vec<AuditAnomaly>> {
    use audit_anomalies as a;
    let mut query = AuditAnomaly::query().into_boxed();
    query = match span {
        Span::Bank => query,
        Span::Branches(branches) => query.filter(a::branch_id.eq_any(branches.to_vec())),
        Span::Managed(_) => query.filter(a::branch_id.eq_any(Vec::<BranchId>::new())),
    };
    if let Some(kind) = filter.kind {
        query = query.filter(a::kind.eq(kind));
    }
    if let Some(staff_id) = filter.staff_id {
        query = query.filter(a::staff_id.eq(staff_id));
    }
    if let Some(from) = filter.happened_from {
        query = query.filter(a::happened_on.ge(from));
    }
    if let Some(to) = filter.happened_to {
        query = query.filter(a::happened_on.le(to));
    }
    query = match filter.is_reviewed {
        Some(true) => query.filter(a::verdict.is_not_null()),
        Some(false) => query.filter(a::verdict.is_null()),
        None => query,
    };
    if let Some((on, id)) = after {
        query = query.filter(a::happened_on.le(on)).filter(a::happened_on.lt(on).or(a::anomaly_id.lt(id)));
    }
    let order = (a::happened_on.desc(), a::anomaly_id.desc());
    Ok(query.order(order).limit(limit.fetch()).load(&mut conn).await?)
}

pub(super) async fn find_for_update(tx: &Tx<'_>, id: AnomalyId) -> DbResult<Option<AuditAnomaly>> {
    let query = AuditAnomaly::query().filter(audit_anomalies::anomaly_id.eq(id)).for_update();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

pub(super) async fn judge(
    tx: &mut Tx<'_>,
    id: AnomalyId,
    reviewer: StaffId,
    review: &AnomalyReview,
) -> DbResult<()> {
    use audit_anomalies as a;
    let now = tx.now;
    diesel::update(a::table.find(id))
        .set((
            a::verdict.eq(review.verdict),
            a::reviewed_by.eq(reviewer),
            a::reviewed_at.eq(now),
            a::review_note.eq(review.review_note.trim()),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

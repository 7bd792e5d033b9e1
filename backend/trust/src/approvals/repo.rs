use chrono::{DateTime, Utc};
use diesel::{dsl, pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx,
    ids::{ApprovalId, CardholderId},
    schema::{approval_decisions, approvals, cardholders, customer_no_index},
};
use serde_json::json;
use uuid::Uuid;
use web::Span;

use super::{
    model::{
        ABSORBED, ApprovalFilter, ApprovalOperation, ApprovalRow, ApprovalStatus, Decision, DecisionRow,
        merged_numbers,
    },
    view::Viewer,
};

type Asking<'a> = approvals::BoxedQuery<'a, Pg>;

/// What this person may see: their own requests, and within their part of the bank what they could ask for or decide.
fn seen_by<'a>(viewer: &Viewer) -> Asking<'a> {
    use approvals as a;
    let is_own = a::maker_id.eq(viewer.staff_id);
    let is_theirs =
        a::operation.eq_any(viewer.operations()).or(a::checker_permission.eq_any(viewer.permissions));
    match &viewer.reach.span {
        Span::Bank => a::table.into_boxed().filter(is_own.or(is_theirs)),
        Span::Branches(branches) => {
            let is_near = a::branch_id.eq_any(branches.to_vec());
            a::table.into_boxed().filter(is_own.or(is_theirs.and(is_near)))
        }
        Span::Managed(_) => a::table.into_boxed().filter(is_own),
    }
}

/// Newest first.
pub(super) async fn list(
    mut conn: &Conn,
    viewer: &Viewer,
    filter: &ApprovalFilter,
    limit: PageLimit,
    after: Option<ApprovalId>,
) -> DbResult<Vec<ApprovalRow>> {
    use approvals as a;
    let mut query = seen_by(viewer);
    if let Some(status) = filter.status {
        query = query.filter(a::status.eq(status));
    }
    if let Some(operation) = filter.operation {
        query = query.filter(a::operation.eq(operation));
    }
    if let Some(object_id) = filter.object_id {
        query = query.filter(a::object_id.eq(object_id));
    }
    match filter.mine {
        Some(true) => query = query.filter(a::maker_id.eq(viewer.staff_id)),
        Some(false) => query = query.filter(a::maker_id.ne(viewer.staff_id)),
        None => {}
    }
    if filter.decidable == Some(true) {
        query = decidable_by(query, viewer);
    }
    if let Some(after) = after {
        query = query.filter(a::approval_id.lt(after));
    }
    let ordered = query.order(a::approval_id.desc()).limit(limit.fetch());
    Ok(ordered.select(ApprovalRow::as_select()).load(&mut conn).await?)
}

fn decidable_by<'a>(query: Asking<'a>, viewer: &Viewer) -> Asking<'a> {
    use approval_decisions as d;
    use approvals as a;
    let decided =
        d::table.filter(d::approval_id.eq(a::approval_id)).filter(d::checker_id.eq(viewer.staff_id));
    let waiting = query
        .filter(a::status.eq(ApprovalStatus::Pending))
        .filter(a::expires_at.gt(viewer.now))
        .filter(a::checker_permission.eq_any(viewer.permissions))
        .filter(a::maker_id.ne(viewer.staff_id))
        .filter(a::object_id.ne(viewer.staff_id.0))
        .filter(dsl::not(dsl::exists(decided)));
    match &viewer.reach.span {
        Span::Bank => waiting,
        Span::Branches(branches) => waiting
            .filter(a::branch_id.eq_any(branches.to_vec()))
            .filter(a::authority_branch_id.eq_any(branches.to_vec())),
        Span::Managed(_) => waiting.filter(a::approval_id.is_null()),
    }
}

pub(super) async fn find(
    mut conn: &Conn,
    viewer: &Viewer,
    approval_id: ApprovalId,
) -> DbResult<Option<ApprovalRow>> {
    let query = seen_by(viewer).filter(approvals::approval_id.eq(approval_id));
    Ok(query.select(ApprovalRow::as_select()).first(&mut conn).await.optional()?)
}

/// One request, whoever asks: for what is noted of those who may not see it.
pub(super) async fn known(mut conn: &Conn, approval_id: ApprovalId) -> DbResult<Option<ApprovalRow>> {
    let query = ApprovalRow::query().filter(approvals::approval_id.eq(approval_id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Everybody whom a request shows: whom it is about, and whom a merge would put behind them.
pub(super) async fn shown_by(mut conn: &Conn, row: &ApprovalRow) -> DbResult<Vec<CardholderId>> {
    let numbers: Vec<String> = merged_numbers(&row.diff);
    let mut shown: Vec<CardholderId> = row.cardholder_id.into_iter().collect();
    for number in numbers {
        let absorbed = customer_no_index::table.find(number).select(customer_no_index::cardholder_id);
        shown.extend(absorbed.first::<CardholderId>(&mut conn).await.optional()?);
    }
    Ok(shown)
}

pub(super) async fn lock(tx: &mut Tx<'_>, approval_id: ApprovalId) -> DbResult<Option<ApprovalRow>> {
    let query = ApprovalRow::query().filter(approvals::approval_id.eq(approval_id)).for_update();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

/// The request under way for the same matter, locked.
pub(super) async fn lock_open(
    tx: &mut Tx<'_>,
    operation: ApprovalOperation,
    object_id: Uuid,
) -> DbResult<Option<ApprovalRow>> {
    let query = ApprovalRow::query()
        .filter(approvals::object_id.eq(object_id))
        .filter(approvals::operation.eq(operation))
        .filter(approvals::status.eq_any([ApprovalStatus::Pending, ApprovalStatus::Approved]))
        .for_update();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

/// Everything that waits about one cardholder, or would put their record behind another, locked.
pub(super) async fn lock_pending_about(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
) -> DbResult<Vec<ApprovalRow>> {
    let named = cardholders_named(tx, vec![cardholder_id]).await?;
    let number = named.into_iter().next().map(|(_, customer_no, _)| customer_no).unwrap_or_default();
    let line = json!([{ "table": ABSORBED.0, "field": ABSORBED.1, "before": number }]);
    let is_absorbed = approvals::operation.eq(ApprovalOperation::Merge).and(approvals::diff.contains(line));
    let query = ApprovalRow::query()
        .filter(approvals::object_id.eq(cardholder_id.0).or(is_absorbed))
        .filter(approvals::status.eq(ApprovalStatus::Pending))
        .for_update();
    Ok(query.load(&mut tx.conn()).await?)
}

/// Requests whose time is over, locked; those that others are just deciding are passed over.
pub(super) async fn lock_overdue(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    rows: i64,
) -> DbResult<Vec<ApprovalRow>> {
    let query = ApprovalRow::query()
        .filter(approvals::status.eq(ApprovalStatus::Pending))
        .filter(approvals::expires_at.le(now))
        .order(approvals::expires_at)
        .limit(rows)
        .for_update()
        .skip_locked();
    Ok(query.load(&mut tx.conn()).await?)
}

pub(super) async fn insert(
    tx: &mut Tx<'_>,
    row: &ApprovalRow,
    (payload_bytes, payload_digest): (Vec<u8>, Vec<u8>),
) -> DbResult<()> {
    use approvals as a;
    diesel::insert_into(a::table)
        .values((
            (a::approval_id.eq(row.approval_id), a::operation.eq(row.operation), a::status.eq(row.status)),
            (
                a::object_kind.eq(&row.object_kind),
                a::object_id.eq(row.object_id),
                a::cardholder_id.eq(row.cardholder_id),
            ),
            (a::branch_id.eq(row.branch_id), a::authority_branch_id.eq(row.authority_branch_id)),
            (
                a::maker_id.eq(row.maker_id),
                a::checker_permission.eq(row.checker_permission),
                a::approvals_needed.eq(row.approvals_needed),
            ),
            (a::evidence_note.eq(&row.evidence_note), a::diff.eq(&row.diff), a::impact.eq(&row.impact)),
            (
                a::base_version.eq(row.base_version),
                a::payload_bytes.eq(payload_bytes),
                a::payload_digest.eq(payload_digest),
            ),
            (a::created_at.eq(row.created_at), a::expires_at.eq(row.expires_at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn set_status(
    tx: &mut Tx<'_>,
    approval_id: ApprovalId,
    status: ApprovalStatus,
) -> DbResult<()> {
    let ended_at = (!status.is_open()).then_some(tx.now);
    diesel::update(approvals::table.find(approval_id))
        .set((approvals::status.eq(status), approvals::ended_at.eq(ended_at)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn insert_decision(tx: &mut Tx<'_>, decision: &DecisionRow) -> DbResult<()> {
    diesel::insert_into(approval_decisions::table).values(decision).execute(&mut tx.conn()).await?;
    Ok(())
}

/// Who decided about these requests, in order.
pub(super) async fn decisions(mut conn: &Conn, ids: Vec<ApprovalId>) -> DbResult<Vec<DecisionRow>> {
    use approval_decisions as d;
    let query = DecisionRow::query().filter(d::approval_id.eq_any(ids));
    Ok(query.order((d::approval_id, d::decided_at, d::checker_id)).load(&mut conn).await?)
}

/// Who has approved this one.
pub(super) async fn checkers(
    mut conn: &Conn,
    approval_id: ApprovalId,
) -> DbResult<Vec<platform::ids::StaffId>> {
    use approval_decisions as d;
    let approving = d::table.filter(d::approval_id.eq(approval_id)).filter(d::decision.eq(Decision::Approve));
    Ok(approving.select(d::checker_id).load(&mut conn).await?)
}

/// Customer numbers and names of these cardholders.
pub(super) async fn cardholders_named(
    mut conn: &Conn,
    ids: Vec<CardholderId>,
) -> DbResult<Vec<(CardholderId, String, Option<String>)>> {
    Ok(cardholders::table
        .filter(cardholders::cardholder_id.eq_any(ids))
        .select((cardholders::cardholder_id, cardholders::customer_no, cardholders::name))
        .load(&mut conn)
        .await?)
}

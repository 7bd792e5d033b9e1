use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    dsl::{Eq, InnerJoinOn, IntoBoxed},
    pg::Pg,
    prelude::*,
};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx,
    ids::{CardholderId, StaffId, SubjectRequestId},
    schema::{cardholders, subject_packages, subject_requests},
    vault::Sealed,
};
use web::Span;

use super::model::{RequestRow, RequestStatus, SubjectRequestFilter};
use crate::cardholders::members::Members;

/// Where a page starts: by due date.
pub(super) type Position = (NaiveDate, SubjectRequestId);

/// Whose requests somebody sees: those of the cardholders who are in their part of the bank now, wherever they were when they
/// asked; with a scope of one's own, those one took in.
#[derive(Debug, Clone)]
pub(super) struct Onlooker {
    pub staff_id: StaffId,
    pub span: Span,
}

/// Requests beside whom they are of.
type OfSomebody = InnerJoinOn<
    subject_requests::table,
    cardholders::table,
    Eq<cardholders::cardholder_id, subject_requests::cardholder_id>,
>;

fn seen_by(onlooker: &Onlooker) -> IntoBoxed<'static, OfSomebody, Pg> {
    use {cardholders as c, subject_requests as r};
    let query = r::table.inner_join(c::table.on(c::cardholder_id.eq(r::cardholder_id))).into_boxed();
    match &onlooker.span {
        Span::Bank => query,
        Span::Branches(branches) => query.filter(c::branch_id.eq_any(branches.to_vec())),
        Span::Managed(_) => query.filter(r::created_by.eq(onlooker.staff_id)),
    }
}

/// The most pressing first.
pub(super) async fn list(
    mut conn: &Conn,
    onlooker: &Onlooker,
    (filter, today): (&SubjectRequestFilter, NaiveDate),
    limit: PageLimit,
    after: Option<Position>,
) -> DbResult<Vec<RequestRow>> {
    use subject_requests as r;
    let mut query = seen_by(onlooker);
    if let Some(status) = filter.status {
        query = query.filter(r::status.eq(status));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(r::kind.eq(kind));
    }
    if filter.is_overdue == Some(true) {
        query = query.filter(r::status.eq(RequestStatus::Open)).filter(r::due_on.lt(today));
    }
    if let Some(cardholder_id) = filter.cardholder_id {
        let members = Members::everybody(conn, cardholder_id).await?;
        query = query.filter(r::cardholder_id.eq_any(members.all().to_vec()));
    }
    if let Some((due_on, request_id)) = after {
        query =
            query.filter(r::due_on.ge(due_on)).filter(r::due_on.gt(due_on).or(r::request_id.gt(request_id)));
    }
    let ordered = query.order((r::due_on, r::request_id)).limit(limit.fetch());
    Ok(ordered.select(RequestRow::as_select()).load(&mut conn).await?)
}

pub(super) async fn find(
    mut conn: &Conn,
    onlooker: &Onlooker,
    request_id: SubjectRequestId,
) -> DbResult<Option<RequestRow>> {
    let query = seen_by(onlooker).filter(subject_requests::request_id.eq(request_id));
    Ok(query.select(RequestRow::as_select()).first(&mut conn).await.optional()?)
}

/// Whose request it is, whoever asks: for what is noted of those who may not see it.
pub(super) async fn asked_by(
    mut conn: &Conn,
    request_id: SubjectRequestId,
) -> DbResult<Option<CardholderId>> {
    let row = subject_requests::table.find(request_id).select(subject_requests::cardholder_id);
    Ok(row.first(&mut conn).await.optional()?)
}

/// Whoever sees it, locked; none for whom it does not exist.
pub(super) async fn lock(tx: &mut Tx<'_>, request_id: SubjectRequestId) -> DbResult<Option<RequestRow>> {
    let query = RequestRow::query().filter(subject_requests::request_id.eq(request_id)).for_update();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, row: &RequestRow) -> DbResult<()> {
    diesel::insert_into(subject_requests::table).values(row).execute(&mut tx.conn()).await?;
    Ok(())
}

/// Writes what may change of a request.
pub(super) async fn update(tx: &mut Tx<'_>, row: &RequestRow) -> DbResult<()> {
    use subject_requests as r;
    diesel::update(r::table.find(row.request_id))
        .set((
            (r::status.eq(row.status), r::due_on.eq(row.due_on), r::answer.eq(&row.answer)),
            (r::wish.eq(&row.wish), r::extension_reason.eq(&row.extension_reason)),
            (r::package_made_at.eq(row.package_made_at), r::package_expires_at.eq(row.package_expires_at)),
            (r::closed_by.eq(row.closed_by), r::closed_at.eq(row.closed_at), r::version.eq(row.version)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Customer numbers and names of these cardholders.
pub(super) async fn subjects(
    mut conn: &Conn,
    ids: Vec<CardholderId>,
) -> DbResult<Vec<(CardholderId, String, Option<String>)>> {
    use cardholders as c;
    let named = c::table.filter(c::cardholder_id.eq_any(ids));
    Ok(named.select((c::cardholder_id, c::customer_no, c::name)).load(&mut conn).await?)
}

/// Keeps a package in the place of the one before.
pub(super) async fn keep_package(tx: &mut Tx<'_>, row: &RequestRow, content: &Sealed) -> DbResult<()> {
    use subject_packages as p;
    diesel::insert_into(p::table)
        .values((
            p::cardholder_id.eq(row.cardholder_id),
            p::request_id.eq(row.request_id),
            p::content_bytes.eq(content),
            p::made_at.eq(tx.now),
        ))
        .on_conflict((p::cardholder_id, p::request_id))
        .do_update()
        .set((p::content_bytes.eq(content), p::made_at.eq(tx.now)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn package(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    request_id: SubjectRequestId,
) -> DbResult<Option<Sealed>> {
    let row = subject_packages::table.find((cardholder_id, request_id));
    Ok(row.select(subject_packages::content_bytes).first(&mut conn).await.optional()?)
}

pub(super) async fn delete_package(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
    request_id: SubjectRequestId,
) -> DbResult<()> {
    diesel::delete(subject_packages::table.find((cardholder_id, request_id))).execute(&mut tx.conn()).await?;
    Ok(())
}

/// Requests whose packages are over, locked.
pub(super) async fn lock_ended(tx: &mut Tx<'_>, now: DateTime<Utc>, rows: i64) -> DbResult<Vec<RequestRow>> {
    use subject_requests as r;
    let query = RequestRow::query().filter(r::package_expires_at.le(now)).order(r::package_expires_at);
    Ok(query.limit(rows).for_update().skip_locked().load(&mut tx.conn()).await?)
}

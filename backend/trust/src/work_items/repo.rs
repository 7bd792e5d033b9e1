use chrono::{DateTime, Utc};
use diesel::{
    dsl,
    pg::Pg,
    prelude::*,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx,
    events::{EventKind, NewEvent},
    ids::{BranchId, StaffId},
    schema::work_items,
};
use serde_json::json;
use uuid::Uuid;
use web::{Permission, Span};

use super::model::{Position, WorkCount, WorkItem, WorkItemFilter, WorkKind, WorkShare, Worker};

/// What waits and this person may take.
fn waiting_for(worker: &Worker) -> work_items::BoxedQuery<'static, Pg> {
    use work_items as w;
    let mut query = w::table
        .into_boxed()
        .filter(w::done_at.is_null())
        .filter(w::permission.eq_any(worker.permissions))
        .filter(w::maker_id.is_null().or(w::maker_id.ne(worker.staff_id).assume_not_null()));
    match &worker.span {
        Span::Bank => {}
        Span::Branches(branches) => query = query.filter(w::branch_id.eq_any(branches.to_vec())),
        Span::Managed(_) => query = query.filter(w::branch_id.eq(worker.branch_id)),
    }
    query
}

/// By due date, the most pressing first.
pub(super) async fn list(
    mut conn: &Conn,
    worker: &Worker,
    filter: &WorkItemFilter,
    limit: PageLimit,
    after: Option<Position>,
) -> DbResult<Vec<WorkItem>> {
    use work_items as w;
    let mut query = waiting_for(worker);
    if let Some(kind) = filter.kind {
        query = query.filter(w::kind.eq(kind));
    }
    match filter.share.unwrap_or(WorkShare::Open) {
        WorkShare::Open => {}
        WorkShare::Mine => query = query.filter(w::claimed_by.eq(worker.staff_id)),
        WorkShare::Unclaimed => query = query.filter(w::claimed_by.is_null()),
    }
    if let Some((due_at, kind, item_id)) = after {
        let same_day =
            w::due_at.gt(due_at).or(w::kind.gt(kind)).or(w::kind.eq(kind).and(w::item_id.gt(item_id)));
        query = query.filter(w::due_at.ge(due_at)).filter(same_day);
    }
    let ordered = query.order((w::due_at, w::kind, w::item_id)).limit(limit.fetch());
    Ok(ordered.select(WorkItem::as_select()).load(&mut conn).await?)
}

/// How much waits, by kind.
pub(super) async fn counts(mut conn: &Conn, worker: &Worker, now: DateTime<Utc>) -> DbResult<Vec<WorkCount>> {
    let branches: Option<Vec<Uuid>> = match &worker.span {
        Span::Bank => None,
        Span::Branches(branches) => Some(branches.iter().map(|id| id.0).collect()),
        Span::Managed(_) => Some(vec![worker.branch_id.0]),
    };
    let permissions: Vec<&str> = worker.permissions.iter().map(|permission| permission.as_str()).collect();
    let sql = "SELECT kind, count(*) AS open_count, count(*) FILTER (WHERE claimed_by = $1) AS mine_count,
            count(*) FILTER (WHERE due_at < $2) AS overdue_count
        FROM work_items WHERE done_at IS NULL AND permission = ANY ($3) AND maker_id IS DISTINCT FROM $1
            AND ($4 IS NULL OR branch_id = ANY ($4))
        GROUP BY kind ORDER BY kind";
    Ok(diesel::sql_query(sql)
        .bind::<SqlUuid, _>(worker.staff_id)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<Text>, _>(permissions)
        .bind::<Nullable<Array<SqlUuid>>, _>(branches)
        .load(&mut conn)
        .await?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, item: &WorkItem) -> DbResult<()> {
    diesel::insert_into(work_items::table).values(item).execute(&mut tx.conn()).await?;
    tell(tx, item.kind, item.permission, item.branch_id).await
}

/// Open inboxes learn that there is more or less in them.
async fn tell(tx: &mut Tx<'_>, kind: WorkKind, permission: Permission, branch_id: BranchId) -> DbResult<()> {
    let event = NewEvent {
        kind: EventKind::WorkItems,
        staff_id: None,
        permission: Some(permission.as_str().to_owned()),
        branch_id: Some(branch_id),
        params: json!({ "kind": kind }),
    };
    tx.tell(&event).await
}

/// One that still waits, locked.
pub(super) async fn lock(tx: &mut Tx<'_>, kind: WorkKind, item_id: Uuid) -> DbResult<Option<WorkItem>> {
    let query = WorkItem::query()
        .filter(work_items::kind.eq(kind))
        .filter(work_items::item_id.eq(item_id))
        .filter(work_items::done_at.is_null())
        .for_update();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

/// The most pressing one that nobody has taken, locked; those that others are just taking are passed over.
pub(super) async fn lock_next(
    tx: &mut Tx<'_>,
    worker: &Worker,
    kind: Option<WorkKind>,
) -> DbResult<Option<WorkItem>> {
    use work_items as w;
    let branches: Option<Vec<Uuid>> = match &worker.span {
        Span::Bank => None,
        Span::Branches(branches) => Some(branches.iter().map(|id| id.0).collect()),
        Span::Managed(_) => Some(vec![worker.branch_id.0]),
    };
    let is_near = dsl::sql::<diesel::sql_types::Bool>("(")
        .bind::<Nullable<Array<SqlUuid>>, _>(branches.clone())
        .sql(" IS NULL OR work_items.branch_id = ANY (")
        .bind::<Nullable<Array<SqlUuid>>, _>(branches)
        .sql("))");
    let kinds: Vec<WorkKind> = kind.map_or_else(|| WorkKind::ALL.to_vec(), |kind| vec![kind]);
    let query = WorkItem::query()
        .filter(w::done_at.is_null())
        .filter(w::claimed_by.is_null())
        .filter(w::kind.eq_any(kinds))
        .filter(w::permission.eq_any(worker.permissions))
        .filter(w::maker_id.is_null().or(w::maker_id.ne(worker.staff_id).assume_not_null()))
        .filter(is_near)
        .order((w::due_at, w::kind, w::item_id))
        .for_update()
        .skip_locked();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

pub(super) async fn set_claim(
    tx: &mut Tx<'_>,
    item: &WorkItem,
    claim: Option<(StaffId, DateTime<Utc>)>,
) -> DbResult<()> {
    diesel::update(work_items::table.find((item.kind, item.item_id)))
        .set((
            work_items::claimed_by.eq(claim.map(|(staff_id, _)| staff_id)),
            work_items::claimed_at.eq(claim.map(|(_, at)| at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    tell(tx, item.kind, item.permission, item.branch_id).await
}

pub(super) async fn set_due(
    tx: &mut Tx<'_>,
    kind: WorkKind,
    item_id: Uuid,
    due_at: DateTime<Utc>,
) -> DbResult<()> {
    diesel::update(work_items::table.find((kind, item_id)))
        .set(work_items::due_at.eq(due_at))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends the waiting; whoever did it is remembered, the house itself is nobody.
pub(super) async fn set_done(
    tx: &mut Tx<'_>,
    kind: WorkKind,
    item_id: Uuid,
    done_by: Option<StaffId>,
) -> DbResult<()> {
    let open = work_items::table.find((kind, item_id)).filter(work_items::done_at.is_null());
    let ended: Vec<(Permission, BranchId)> = diesel::update(open)
        .set((work_items::done_at.eq(Some(tx.now)), work_items::done_by.eq(done_by)))
        .returning((work_items::permission, work_items::branch_id))
        .get_results(&mut tx.conn())
        .await?;
    for (permission, branch_id) in ended {
        tell(tx, kind, permission, branch_id).await?;
    }
    Ok(())
}

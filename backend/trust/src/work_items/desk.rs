//! Putting things into the inbox, taking them and ending them.

use chrono::{DateTime, Utc};
use platform::{DbResult, Tx, actor::Identity};
use uuid::Uuid;

use super::{
    model::{NewWorkItem, WorkItem, WorkItemError, WorkKind, Worker},
    repo,
};
use crate::audit::{self, Entry};

/// Lets something wait for somebody. The deed's own audit row covers it.
pub async fn put(tx: &mut Tx<'_>, new: NewWorkItem) -> DbResult<()> {
    let item = WorkItem {
        kind: new.kind,
        item_id: new.item_id,
        cardholder_id: new.cardholder_id,
        branch_id: new.branch_id,
        permission: new.permission,
        maker_id: new.maker_id,
        priority: new.priority,
        params: new.params,
        created_at: tx.now,
        due_at: new.due_at,
        claimed_by: None,
        claimed_at: None,
        done_at: None,
        done_by: None,
    };
    repo::insert(tx, &item).await
}

/// Ends the waiting, in the transaction of whatever ended it.
pub async fn finish(tx: &mut Tx<'_>, kind: WorkKind, item_id: impl Into<Uuid>) -> DbResult<()> {
    let done_by = match &tx.actor.identity {
        Identity::Staff(staff) => Some(staff.staff_id),
        Identity::System(_) | Identity::Anonymous => None,
    };
    repo::set_done(tx, kind, item_id.into(), done_by).await
}

/// Ends the waiting without anybody having done the work: what waited is gone.
pub async fn lapse(tx: &mut Tx<'_>, kind: WorkKind, item_id: impl Into<Uuid>) -> DbResult<()> {
    repo::set_done(tx, kind, item_id.into(), None).await
}

/// It may wait longer, in the transaction of whatever gave it the time.
pub async fn postpone(
    tx: &mut Tx<'_>,
    kind: WorkKind,
    item_id: impl Into<Uuid>,
    due_at: DateTime<Utc>,
) -> DbResult<()> {
    repo::set_due(tx, kind, item_id.into(), due_at).await
}

/// Takes one item; taking what one has already changes nothing.
pub(super) async fn claim(
    tx: &mut Tx<'_>,
    worker: &Worker,
    kind: WorkKind,
    item_id: Uuid,
) -> Result<WorkItem, WorkItemError> {
    let item = repo::lock(tx, kind, item_id).await?;
    let item = item.filter(|item| worker.may_take(item)).ok_or(WorkItemError::Missing)?;
    match item.claimed_by {
        Some(other) if other != worker.staff_id => Err(WorkItemError::Taken),
        Some(_) => {
            tx.mark_unchanged();
            Ok(item)
        }
        None => take(tx, worker, item).await,
    }
}

/// Takes the most pressing item that nobody has.
pub(super) async fn take_next(
    tx: &mut Tx<'_>,
    worker: &Worker,
    kind: Option<WorkKind>,
) -> Result<WorkItem, WorkItemError> {
    let item = repo::lock_next(tx, worker, kind).await?.ok_or(WorkItemError::NothingWaits)?;
    take(tx, worker, item).await
}

/// Puts one's own item back for others.
pub(super) async fn release(
    tx: &mut Tx<'_>,
    worker: &Worker,
    kind: WorkKind,
    item_id: Uuid,
) -> Result<WorkItem, WorkItemError> {
    let item = repo::lock(tx, kind, item_id).await?;
    let item = item.filter(|item| worker.may_take(item)).ok_or(WorkItemError::Missing)?;
    if item.claimed_by != Some(worker.staff_id) {
        return Err(WorkItemError::Taken);
    }
    repo::set_claim(tx, &item, None).await?;
    note(tx, "work_items.release", &item).await?;
    Ok(WorkItem { claimed_by: None, claimed_at: None, ..item })
}

async fn take(tx: &mut Tx<'_>, worker: &Worker, item: WorkItem) -> Result<WorkItem, WorkItemError> {
    let now = tx.now;
    repo::set_claim(tx, &item, Some((worker.staff_id, now))).await?;
    note(tx, "work_items.claim", &item).await?;
    Ok(WorkItem { claimed_by: Some(worker.staff_id), claimed_at: Some(now), ..item })
}

async fn note(tx: &mut Tx<'_>, action: &'static str, item: &WorkItem) -> DbResult<()> {
    let entry = Entry::of(action).on(item.kind.as_str(), item.item_id);
    let entry = match item.cardholder_id {
        Some(cardholder_id) => entry.about(cardholder_id),
        None => entry,
    };
    audit::record(tx, entry).await?;
    Ok(())
}

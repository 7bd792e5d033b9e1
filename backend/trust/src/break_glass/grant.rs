//! Opening a record, closing it early, judging it.

use chrono::TimeDelta;
use platform::{StaffActor, Tx, ids::GrantId};
use serde_json::json;
use web::{Permission, Reach};

use super::{
    model::{
        BreakGlassError, BreakGlassGrant, BreakGlassReview, GRANTS_PER_DAY, MINUTES_DEFAULT, MINUTES_MAX,
        NewBreakGlassGrant, REVIEW_DAYS,
    },
    repo::{self, Onlooker},
};
use crate::{
    audit::{self, Entry},
    work_items::{self, NewWorkItem, WorkKind},
};

/// Opens the record and lets the review wait at the cardholder's home branch.
pub(super) async fn open(
    tx: &mut Tx<'_>,
    staff: &StaffActor,
    reach: &Reach,
    new: NewBreakGlassGrant,
) -> Result<BreakGlassGrant, BreakGlassError> {
    let day_ago = tx.now - TimeDelta::days(1);
    let earlier = repo::granted_since(tx, staff.staff_id, day_ago).await?;
    if earlier.len() as i64 >= GRANTS_PER_DAY {
        let first = earlier.first().copied().unwrap_or(tx.now);
        return Err(BreakGlassError::TooMany { retry_after_seconds: (first - day_ago).num_seconds().max(1) });
    }
    let found = repo::cardholder_of(tx, &new.customer_no.trim().to_uppercase()).await?;
    let (cardholder_id, branch_id, manager_id) = found.ok_or(BreakGlassError::Missing)?;
    if reach.covers(cardholder_id, branch_id, manager_id) {
        return Err(BreakGlassError::WithinReach);
    }
    let minutes = i64::from(new.minutes.unwrap_or(MINUTES_DEFAULT).min(MINUTES_MAX));
    let grant = BreakGlassGrant {
        grant_id: tx.new_id(),
        staff_id: staff.staff_id,
        staff_branch_id: staff.branch_id,
        cardholder_id,
        branch_id,
        reason: new.reason,
        note: new.note,
        granted_at: tx.now,
        ends_at: tx.now + TimeDelta::minutes(minutes),
        verdict: None,
        reviewed_by: None,
        reviewed_at: None,
        review_note: None,
    };
    repo::insert(tx, &grant).await?;
    let item = NewWorkItem {
        kind: WorkKind::BreakGlassReview,
        item_id: grant.grant_id.0,
        cardholder_id: Some(cardholder_id),
        branch_id,
        permission: Permission::BreakGlassReview,
        maker_id: Some(staff.staff_id),
        priority: 2,
        params: json!({ "staff_no": staff.staff_no, "reason": grant.reason, "minutes": minutes }),
        due_at: tx.now + TimeDelta::days(REVIEW_DAYS),
    };
    work_items::put(tx, item).await?;
    let entry = Entry::of("break_glass.open").on("break_glass_grant", grant.grant_id).about(cardholder_id);
    audit::record(tx, entry.because(grant.reason.as_str())).await?;
    Ok(grant)
}

/// Closes one's own grant before its time.
pub(super) async fn close(
    tx: &mut Tx<'_>,
    staff: &StaffActor,
    grant_id: GrantId,
) -> Result<BreakGlassGrant, BreakGlassError> {
    let grant = repo::lock(tx, grant_id).await?.filter(|grant| grant.staff_id == staff.staff_id);
    let grant = grant.ok_or(BreakGlassError::Missing)?;
    if grant.ends_at <= tx.now {
        tx.mark_unchanged();
        return Ok(grant);
    }
    repo::set_end(tx, grant_id).await?;
    let entry = Entry::of("break_glass.close").on("break_glass_grant", grant_id).about(grant.cardholder_id);
    audit::record(tx, entry).await?;
    Ok(BreakGlassGrant { ends_at: tx.now, ..grant })
}

/// Judges somebody else's grant, once.
pub(super) async fn review(
    tx: &mut Tx<'_>,
    onlooker: &Onlooker,
    grant_id: GrantId,
    review: BreakGlassReview,
) -> Result<BreakGlassGrant, BreakGlassError> {
    repo::find(tx, onlooker, grant_id).await?.ok_or(BreakGlassError::Missing)?;
    let grant = repo::lock(tx, grant_id).await?.ok_or(BreakGlassError::Missing)?;
    if grant.staff_id == onlooker.staff_id {
        return Err(BreakGlassError::OwnGrant);
    }
    if grant.verdict.is_some() {
        return Err(BreakGlassError::Reviewed);
    }
    repo::set_review(tx, grant_id, onlooker.staff_id, &review).await?;
    work_items::finish(tx, WorkKind::BreakGlassReview, grant_id).await?;
    let entry = Entry::of("break_glass.review").on("break_glass_grant", grant_id).about(grant.cardholder_id);
    audit::record(tx, entry.changing(json!({ "verdict": [null, review.verdict] }))).await?;
    Ok(BreakGlassGrant {
        verdict: Some(review.verdict),
        reviewed_by: Some(onlooker.staff_id),
        reviewed_at: Some(tx.now),
        review_note: Some(review.review_note),
        ..grant
    })
}

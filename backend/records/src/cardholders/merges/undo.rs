//! Undoing a merge: each record stands where it stood before.

use platform::{Tx, ids::CardholderId};
use serde_json::json;
use trust::audit::{self, Entry};
use web::Reach;

use super::{
    model::{MergeError, Unmerge, reversible_until},
    plan::{self, Link},
    repo,
};
use crate::cardholders::{
    gate,
    history::{self, Change},
    model::CardholderRow,
    repo as profile,
};

pub(super) async fn unmerge(
    tx: &mut Tx<'_>,
    reach: &Reach,
    survivor_id: CardholderId,
    Unmerge { merge_id, reason }: Unmerge,
) -> Result<(), MergeError> {
    let ids: Vec<CardholderId> = repo::of_merge(tx, merge_id)
        .await?
        .iter()
        .map(|link| link.absorbed_id)
        .chain([survivor_id])
        .collect();
    let rows = repo::lock_all(tx, &ids).await?;
    gate::check(tx, reach, survivor_id).await?;
    gate::refuse_erased(tx, survivor_id).await?;
    // Whoever parts them answers for each of them, as whoever put them together did.
    if !rows.iter().all(|row| reach.covers(row.cardholder_id, row.branch_id, row.manager_id)) {
        return Err(MergeError::Missing);
    }
    // Read again behind the locks: somebody may have been faster.
    let links = repo::of_merge(tx, merge_id).await?;
    let first = links.first().filter(|link| link.survivor_id == survivor_id).ok_or(MergeError::Missing)?;
    let until = reversible_until(first.merged_at);
    if tx.now > until {
        return Err(MergeError::TooLate { until });
    }
    let previous = repo::previous_of(tx, &links).await?;
    let steps = plan::part(&links, &previous, tx.now, &mut || tx.new_id());
    repo::apply(tx, &steps).await?;
    tell(tx, first, &rows, &reason).await
}

/// In both histories and trails.
async fn tell(tx: &mut Tx<'_>, link: &Link, rows: &[CardholderRow], reason: &str) -> Result<(), MergeError> {
    let row_of = |id| rows.iter().find(|row| row.cardholder_id == id).ok_or(MergeError::Missing);
    let (survivor, absorbed) = (row_of(link.survivor_id)?, row_of(link.absorbed_id)?);
    for (row, field, other) in
        [(survivor, "absorbed", &absorbed.customer_no), (absorbed, "absorbed_into", &survivor.customer_no)]
    {
        profile::bump_version(tx, row).await?;
        let change = Change::new(field, Some(other), None);
        history::write(tx, row.cardholder_id, vec![change], Some(reason)).await?;
        let entry = Entry::of("cardholders.unmerge").on("cardholder", row.cardholder_id.0);
        let entry = entry.about(row.cardholder_id).because(reason);
        audit::record(tx, entry.changing(json!({ field: [other, null] }))).await?;
    }
    Ok(())
}

//! Placing and lifting a hold.

use platform::{
    Tx,
    ids::{CardholderId, LegalHoldId},
};
use serde_json::json;
use trust::audit::{self, Entry};
use web::Reach;

use super::{
    model::{ErasureError, LegalHold, NewLegalHold},
    repo,
};
use crate::cardholders::{gate, members::Members};

pub(super) async fn place(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
    new: NewLegalHold,
) -> Result<LegalHold, ErasureError> {
    gate::lock(tx, reach, cardholder_id).await?;
    let placed_by = tx.actor.staff().map(|staff| staff.staff_id).ok_or(ErasureError::NoPolicy)?;
    let hold = LegalHold {
        hold_id: tx.new_id(),
        cardholder_id,
        reason: new.reason,
        note: new.note,
        placed_by,
        placed_at: tx.now,
        lifted_by: None,
        lifted_at: None,
    };
    repo::insert_hold(tx, &hold).await?;
    audit::record(tx, entry("erasures.place_hold", &hold)).await?;
    Ok(hold)
}

pub(super) async fn lift(
    tx: &mut Tx<'_>,
    reach: &Reach,
    (cardholder_id, hold_id): (CardholderId, LegalHoldId),
) -> Result<LegalHold, ErasureError> {
    gate::lock(tx, reach, cardholder_id).await?;
    let members = Members::everybody(tx, cardholder_id).await?;
    let standing = members.each(async |id| repo::holds(tx, id).await).await?;
    let hold = standing.into_iter().find(|hold| hold.hold_id == hold_id).ok_or(ErasureError::HoldMissing)?;
    let lifted_by = tx.actor.staff().map(|staff| staff.staff_id);
    let hold = LegalHold { lifted_by, lifted_at: Some(tx.now), ..hold };
    repo::lift_hold(tx, &hold).await?;
    audit::record(tx, entry("erasures.lift_hold", &hold)).await?;
    Ok(hold)
}

fn entry(action: &'static str, hold: &LegalHold) -> Entry {
    Entry::of(action)
        .on("legal_hold", hold.hold_id)
        .about(hold.cardholder_id)
        .because(hold.reason.as_str())
        .changing(json!({ "lifted_at": [null, hold.lifted_at] }))
}

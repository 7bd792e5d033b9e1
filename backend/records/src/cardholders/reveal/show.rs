use platform::{
    Tx,
    ids::CardholderId,
    vault::{DataKey, Sealed, Vault},
};
use serde_json::{Value, json};
use trust::{
    audit::{self, Entry},
    staff::require_step_up,
};
use uuid::Uuid;
use web::Reach;

use super::{
    model::{RevealError, RevealField, RevealWish, Revealed, SHOWN_SECONDS},
    quota, repo,
};
use crate::cardholders::{gate, members::Members};

/// What showing needs besides the wish.
pub(crate) struct Counter<'a> {
    pub vault: &'a Vault,
    pub reach: Reach,
    pub daily_max: i32,
}

/// Opens one value. The outer error undoes everything; the inner one has left its audit row.
pub(super) async fn show(
    tx: &mut Tx<'_>,
    counter: &Counter<'_>,
    cardholder_id: CardholderId,
    wish: RevealWish,
) -> Result<Result<Revealed, RevealError>, RevealError> {
    let members = gate::members(tx, &counter.reach, cardholder_id).await?;
    let row = row_of(cardholder_id, &wish)?;
    let (owner, sealed) = find(tx, &members, (wish.field, row)).await?.ok_or(RevealError::Missing)?;
    require_step_up(tx).await?;
    let key = data_key(tx, counter.vault, owner).await?;
    let Some(used) = quota::take(tx, 1, counter.daily_max).await? else {
        audit::record(tx, entry(owner, row, &wish).refused()).await?;
        return Ok(Err(quota::exceeded(tx, counter.daily_max)));
    };
    let value = open(&key, wish.field, row, &sealed)?;
    audit::record(tx, entry(owner, row, &wish)).await?;
    let left_today = counter.daily_max - used;
    Ok(Ok(Revealed { value, shown_seconds: SHOWN_SECONDS, left_today }))
}

/// The ciphertext, and whose it is: the cardholder's, or that of somebody merged into them, sealed by that one's key.
async fn find(
    tx: &Tx<'_>,
    members: &Members,
    field: (RevealField, Uuid),
) -> Result<Option<(CardholderId, Sealed)>, RevealError> {
    // Of identity numbers each record has its own, and the survivor's is shown.
    let is_meant = |owner: &&CardholderId| field.0 != RevealField::NationalId || owner.0 == field.1;
    for owner in members.all().iter().filter(is_meant) {
        if let Some(sealed) = repo::sealed(tx, *owner, field).await? {
            return Ok(Some((*owner, sealed)));
        }
    }
    Ok(None)
}

/// The row whose column is meant.
fn row_of(cardholder_id: CardholderId, wish: &RevealWish) -> Result<Uuid, RevealError> {
    match (wish.field, wish.item_id) {
        (RevealField::NationalId, None) => Ok(cardholder_id.0),
        (RevealField::NationalId, Some(_)) => Err(RevealError::invalid("reveals.one_only")),
        (_, Some(item_id)) => Ok(item_id),
        (_, None) => Err(RevealError::invalid("field.missing")),
    }
}

async fn data_key(tx: &Tx<'_>, vault: &Vault, cardholder_id: CardholderId) -> Result<DataKey, RevealError> {
    let wrapped = repo::wrapped_key(tx, cardholder_id).await?.ok_or(RevealError::KeyDestroyed)?;
    Ok(vault.unwrap(&wrapped, cardholder_id.0)?)
}

fn open(key: &DataKey, field: RevealField, row: Uuid, sealed: &Sealed) -> Result<String, RevealError> {
    Ok(key.open(repo::place(field, row), sealed)?.to_string())
}

/// Who saw which value of whom, and why; never the value.
fn entry(cardholder_id: CardholderId, row: Uuid, wish: &RevealWish) -> Entry {
    let kind = match wish.field {
        RevealField::NationalId => "cardholder",
        RevealField::Phone => "phone",
        RevealField::Email => "email",
        RevealField::Address => "address",
    };
    let note = wish.note.as_deref().map_or(Value::Null, |note| note.trim().into());
    Entry::of("cardholders.reveal")
        .on(kind, row)
        .about(cardholder_id)
        .because(wish.purpose.as_str())
        .changing(json!({ "revealed": [null, wish.field], "note": [null, note] }))
}

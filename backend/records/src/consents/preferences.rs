//! What somebody wishes whatever they agreed to.

use platform::{Tx, ids::CardholderId};
use serde_json::{Map, Value, json};
use trust::audit::{self, Entry};
use web::{IfMatch, Precondition, Reach};

use super::{
    model::{ConsentError, ContactPreferences, ContactPreferencesPatch},
    repo,
};
use crate::cardholders::{gate, members::Members};

pub(super) async fn change(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
    IfMatch(version): IfMatch,
    patch: ContactPreferencesPatch,
) -> Result<ContactPreferences, ConsentError> {
    gate::lock(tx, reach, cardholder_id).await?;
    let before = present(tx, cardholder_id).await?;
    if before.version != version {
        return Err(Precondition::Stale.into());
    }
    let after = patched(&before, &patch);
    match (after.quiet_from_minute, after.quiet_to_minute) {
        (Some(_), None) => return Err(ConsentError::QuietHours("/quiet_to_minute")),
        (None, Some(_)) => return Err(ConsentError::QuietHours("/quiet_from_minute")),
        _ => {}
    }
    keep(tx, &before, after).await?;
    let members = Members::everybody(tx, cardholder_id).await?;
    change_absorbed(tx, &members, &patch).await?;
    Ok(repo::wishes_of_all(tx, &members, tx.now).await?)
}

fn patched(before: &ContactPreferences, patch: &ContactPreferencesPatch) -> ContactPreferences {
    ContactPreferences {
        is_do_not_contact: patch.is_do_not_contact.unwrap_or(before.is_do_not_contact),
        is_personalisation_refused: patch
            .is_personalisation_refused
            .unwrap_or(before.is_personalisation_refused),
        quiet_from_minute: patch.quiet_from_minute.unwrap_or(before.quiet_from_minute),
        quiet_to_minute: patch.quiet_to_minute.unwrap_or(before.quiet_to_minute),
        utc_offset_minutes: patch.utc_offset_minutes.unwrap_or(before.utc_offset_minutes),
        ..before.clone()
    }
}

/// A wish counts at whichever record of somebody it was said, and so it is taken back there as well.
async fn change_absorbed(
    tx: &mut Tx<'_>,
    members: &Members,
    patch: &ContactPreferencesPatch,
) -> Result<(), ConsentError> {
    for before in repo::wishes(tx, members.all()).await? {
        let mut after = patched(&before, patch);
        if after.quiet_from_minute.is_none() || after.quiet_to_minute.is_none() {
            (after.quiet_from_minute, after.quiet_to_minute) = (None, None);
        }
        if before.cardholder_id != members.survivor() && !differences(&before, &after).is_empty() {
            keep(tx, &before, after).await?;
        }
    }
    Ok(())
}

/// An objection: no offers chosen by automated decisions from now on.
pub(crate) async fn refuse_personalisation(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
) -> Result<(), ConsentError> {
    let before = present(tx, cardholder_id).await?;
    let after = ContactPreferences { is_personalisation_refused: true, ..before.clone() };
    keep(tx, &before, after).await?;
    Ok(())
}

async fn present(tx: &Tx<'_>, cardholder_id: CardholderId) -> Result<ContactPreferences, ConsentError> {
    let kept = repo::preferences(tx, cardholder_id).await?;
    Ok(kept.unwrap_or_else(|| ContactPreferences::of_nobody_asked(cardholder_id, tx.now)))
}

async fn keep(
    tx: &mut Tx<'_>,
    before: &ContactPreferences,
    after: ContactPreferences,
) -> Result<ContactPreferences, ConsentError> {
    let after = ContactPreferences {
        version: before.version + 1,
        changed_by: tx.actor.staff().map(|staff| staff.staff_id),
        changed_at: tx.now,
        ..after
    };
    repo::save_preferences(tx, &after).await?;
    let entry = Entry::of("consents.change_preferences").about(after.cardholder_id);
    audit::record(tx, entry.changing(Value::Object(differences(before, &after)))).await?;
    Ok(after)
}

fn differences(before: &ContactPreferences, after: &ContactPreferences) -> Map<String, Value> {
    let pairs = [
        ("is_do_not_contact", json!(before.is_do_not_contact), json!(after.is_do_not_contact)),
        (
            "is_personalisation_refused",
            json!(before.is_personalisation_refused),
            json!(after.is_personalisation_refused),
        ),
        ("quiet_from_minute", json!(before.quiet_from_minute), json!(after.quiet_from_minute)),
        ("quiet_to_minute", json!(before.quiet_to_minute), json!(after.quiet_to_minute)),
        ("utc_offset_minutes", json!(before.utc_offset_minutes), json!(after.utc_offset_minutes)),
    ];
    let changed = pairs.into_iter().filter(|(_, before, after)| before != after);
    changed.map(|(field, before, after)| (field.to_owned(), json!([before, after]))).collect()
}

//! Writing down a yes and its taking back. Both take effect with their transaction.

use platform::{DbResult, Tx, ids::CardholderId};
use serde_json::json;
use trust::audit::{self, Entry};
use web::Reach;

use super::{
    model::{
        ConsentDecision, ConsentError, ConsentGrant, ConsentPurpose, ConsentRow, ConsentWithdrawal,
        ContactChannel,
    },
    repo,
};
use crate::cardholders::gate;

/// A yes to the text in force.
pub(super) async fn grant(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
    grant: ConsentGrant,
) -> Result<(), ConsentError> {
    gate::check(tx, reach, cardholder_id).await?;
    check_channels(grant.purpose, &grant.channels)?;
    let text = repo::text_in_force(tx, grant.purpose).await?;
    if text.is_none_or(|text| text.text_id != grant.text_id) {
        return Err(ConsentError::TextNotInForce);
    }
    let staff_id = tx.actor.staff().map(|staff| staff.staff_id);
    let row = |channel| ConsentRow {
        cardholder_id,
        consent_id: tx.new_id(),
        purpose: grant.purpose,
        channel,
        decision: ConsentDecision::Granted,
        text_id: Some(grant.text_id),
        evidence: grant.evidence,
        evidence_note: grant.evidence_note.clone(),
        staff_id,
        recorded_at: tx.now,
    };
    let rows: Vec<ConsentRow> = distinct(&grant.channels).map(row).collect();
    keep(tx, "consents.grant", &rows).await
}

/// A yes taken back, where there is one; it is taken back where it was given, also on a record that was merged into this one.
pub(super) async fn withdraw(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
    withdrawal: ConsentWithdrawal,
) -> Result<(), ConsentError> {
    let members = gate::members(tx, reach, cardholder_id).await?;
    check_channels(withdrawal.purpose, &withdrawal.channels)?;
    let standing = repo::standing(tx, members.all()).await?;
    let is_meant = |row: &&ConsentRow| {
        row.purpose == withdrawal.purpose
            && row.decision == ConsentDecision::Granted
            && withdrawal.channels.contains(&row.channel)
    };
    let staff_id = tx.actor.staff().map(|staff| staff.staff_id);
    let taken_back = |row: &ConsentRow| ConsentRow {
        consent_id: tx.new_id(),
        decision: ConsentDecision::Withdrawn,
        evidence: withdrawal.evidence,
        evidence_note: withdrawal.evidence_note.clone(),
        staff_id,
        recorded_at: tx.now,
        ..row.clone()
    };
    let rows: Vec<ConsentRow> = standing.iter().filter(is_meant).map(taken_back).collect();
    if rows.is_empty() {
        return Err(ConsentError::NothingToWithdraw);
    }
    keep(tx, "consents.withdraw", &rows).await
}

fn distinct(channels: &[ContactChannel]) -> impl Iterator<Item = ContactChannel> {
    ContactChannel::ALL.iter().copied().filter(|channel| channels.contains(channel))
}

fn check_channels(purpose: ConsentPurpose, channels: &[ContactChannel]) -> Result<(), ConsentError> {
    let is_shared = purpose == ConsentPurpose::DataSharing;
    let is_fit = channels.iter().all(|channel| (*channel == ContactChannel::Partner) == is_shared);
    if is_fit { Ok(()) } else { Err(ConsentError::Channel) }
}

async fn keep(tx: &mut Tx<'_>, action: &'static str, rows: &[ConsentRow]) -> Result<(), ConsentError> {
    repo::insert(tx, rows).await?;
    for row in rows {
        note(tx, action, row).await?;
    }
    Ok(())
}

async fn note(tx: &mut Tx<'_>, action: &'static str, row: &ConsentRow) -> DbResult<()> {
    let changes = json!({ "decision": [null, row.decision], "channel": [null, row.channel] });
    let entry = Entry::of(action).on("consent", row.consent_id).about(row.cardholder_id);
    audit::record(tx, entry.because(row.purpose.as_str()).changing(changes)).await?;
    Ok(())
}

//! Which phone is primary decides where the bank's codes go: once there is one, it changes by approval.

use kernel::PhoneNumber;
use platform::{Tx, vault::Blind};
use serde::{Deserialize, Serialize};
use trust::approvals::{
    self, ApprovalError, ApprovalOperation, ApprovalRow, FieldDiff, NewApproval, Order, Weight,
};
use uuid::Uuid;

use super::{
    model::{ContactKind, ContactPatch, ContactRow, NewPhone, PhoneKind},
    repo,
    tend::{self, NewContact},
};
use crate::cardholders::{
    create::Desk,
    guarded::impact_of,
    model::{CardholderError, CardholderRow},
    repo as profile,
};

/// What waits.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "act", deny_unknown_fields)]
pub(super) enum PrimaryPhoneChange {
    #[serde(rename = "add")]
    Add { kind: PhoneKind, number: String },
    #[serde(rename = "promote")]
    Promote { phone_id: Uuid },
    #[serde(rename = "demote")]
    Demote { phone_id: Uuid },
    #[serde(rename = "delete")]
    Delete { phone_id: Uuid },
}

type Waiting = Option<Box<ApprovalRow>>;

/// A new phone that is to be primary, where another is.
pub(super) async fn ask_to_add(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    row: &CardholderRow,
    new: &NewPhone,
) -> Result<Waiting, CardholderError> {
    let number = PhoneNumber::parse(&new.number)
        .ok_or_else(|| CardholderError::invalid("/number", "phone.invalid"))?;
    let blind = desk.vault.blind(Blind::PhoneNumber, number.expose());
    if repo::is_phone_known(tx, row.cardholder_id, &blind).await? {
        return Err(CardholderError::ContactKnown("/number"));
    }
    let change = PrimaryPhoneChange::Add { kind: new.kind, number: new.number.clone() };
    ask(tx, desk, row, (&change, Some(number.masked())), None).await
}

/// Another phone that is to be primary, or the primary one that is to be so no more.
pub(super) async fn ask_to_change(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    row: &CardholderRow,
    contact: &ContactRow,
    patch: &ContactPatch,
) -> Result<Waiting, CardholderError> {
    let phone_id = contact.id;
    let (change, after) = match (contact.is_primary, patch.is_primary) {
        (false, Some(true)) => (PrimaryPhoneChange::Promote { phone_id }, Some(contact.masked.clone())),
        (true, Some(false)) => (PrimaryPhoneChange::Demote { phone_id }, None),
        _ => return Ok(None),
    };
    let waiting = ask(tx, desk, row, (&change, after), patch.evidence_note.clone()).await?;
    if waiting.is_some() && patch.is_verified.is_some() {
        return Err(ApprovalError::MixedChange { fields: vec!["is_verified".to_owned()] }.into());
    }
    Ok(waiting)
}

/// The primary phone that is to go.
pub(super) async fn ask_to_delete(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    row: &CardholderRow,
    contact: &ContactRow,
) -> Result<Waiting, CardholderError> {
    if !contact.is_primary {
        return Ok(None);
    }
    ask(tx, desk, row, (&PrimaryPhoneChange::Delete { phone_id: contact.id }, None), None).await
}

/// Lets it wait, where there is a primary phone and a policy asks for an approval.
async fn ask(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    row: &CardholderRow,
    (change, after): (&PrimaryPhoneChange, Option<String>),
    evidence_note: Option<String>,
) -> Result<Waiting, CardholderError> {
    let cardholder_id = row.cardholder_id;
    let Some(primary) = repo::primary_phone_masked(tx, cardholder_id).await? else { return Ok(None) };
    let weight = Weight { fields: &["phone"], ..Weight::default() };
    let operation = ApprovalOperation::ChangePrimaryPhone;
    let Some(policy) = approvals::policy_for(tx, operation, &weight).await? else { return Ok(None) };
    // One who came without a key gets it now: what waits is sealed by it.
    profile::data_key(tx, desk.vault, cardholder_id).await?;
    let new = NewApproval {
        operation,
        object: ("cardholder", cardholder_id.0),
        cardholder_id: Some(cardholder_id),
        branch_id: row.branch_id,
        base_version: row.version,
        payload: approvals::payload_of(change)?,
        diff: vec![FieldDiff::new("cardholders", "primary_phone_masked", Some(primary), after)],
        impact: impact_of(tx, cardholder_id).await?,
        evidence_note,
    };
    Ok(Some(Box::new(approvals::submit(tx, (desk.vault, desk.directory), &policy, new).await?)))
}

/// Does what was approved.
pub(in crate::cardholders) async fn carry_out(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    row: &CardholderRow,
    order: &Order,
) -> Result<(), CardholderError> {
    let change: PrimaryPhoneChange = order.read().map_err(CardholderError::Payload)?;
    let (phone_id, is_primary) = match change {
        PrimaryPhoneChange::Add { kind, number } => {
            let phone = NewContact::Phone(NewPhone { kind, number, is_primary: true });
            tend::add_now(tx, desk, row, &phone, order.evidence_note.as_deref()).await?;
            return Ok(());
        }
        PrimaryPhoneChange::Promote { phone_id } => (phone_id, Some(true)),
        PrimaryPhoneChange::Demote { phone_id } => (phone_id, Some(false)),
        PrimaryPhoneChange::Delete { phone_id } => (phone_id, None),
    };
    let contact = repo::lock(tx, ContactKind::Phone, row.cardholder_id, phone_id).await?;
    let contact = contact.ok_or(CardholderError::ContactMissing)?;
    let reason = order.evidence_note.as_deref();
    match is_primary {
        None => tend::delete_now(tx, row, (ContactKind::Phone, &contact), reason).await,
        Some(_) => {
            let patch = ContactPatch { is_primary, ..ContactPatch::default() };
            tend::change_now(tx, row, (ContactKind::Phone, contact), &patch, reason).await.map(|_| ())
        }
    }
}

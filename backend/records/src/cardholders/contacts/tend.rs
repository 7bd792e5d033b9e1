//! Adding, changing and deleting contacts. Each moves the cardholder's version, so that two editors notice each other.

use kernel::{EmailAddress, PhoneNumber, Street};
use platform::{
    DbError, Tx,
    ids::{AddressId, CardholderId, EmailId, PhoneId},
    vault::{Blind, DataKey, Place, Vault, VaultError},
};
use serde_json::{Map, Value};
use trust::{
    approvals::Settled,
    audit::{self, Entry},
};
use uuid::Uuid;
use web::{IfMatch, Precondition};

use super::{
    guarded,
    model::{CONTACTS_MAX, ContactKind, ContactPatch, ContactRow, NewAddress, NewEmail, NewPhone},
    repo::{self, SealedAddress, SealedEmail, SealedPhone, SealedStreet},
};
use crate::cardholders::{
    create::Desk,
    history::{self, Change},
    model::{CardholderError, CardholderRow},
    new::NewCardholder,
    repo as profile,
};

/// A contact that is to be added.
pub(super) enum NewContact {
    Phone(NewPhone),
    Email(NewEmail),
    Address(NewAddress),
}

impl NewContact {
    pub(super) fn kind(&self) -> ContactKind {
        match self {
            Self::Phone(_) => ContactKind::Phone,
            Self::Email(_) => ContactKind::Email,
            Self::Address(_) => ContactKind::Address,
        }
    }

    fn is_primary(&self) -> bool {
        match self {
            Self::Phone(new) => new.is_primary,
            Self::Email(new) => new.is_primary,
            Self::Address(new) => new.is_primary,
        }
    }

    fn pointer(&self) -> &'static str {
        match self {
            Self::Phone(_) => "/number",
            Self::Email(_) | Self::Address(_) => "/address",
        }
    }
}

/// The blind indexes of phones that are about to be added.
pub(in crate::cardholders) fn blinds_of(vault: &Vault, phones: &[NewPhone]) -> Vec<Vec<u8>> {
    phones
        .iter()
        .filter_map(|new| PhoneNumber::parse(&new.number))
        .map(|number| vault.blind(Blind::PhoneNumber, number.expose()))
        .collect()
}

/// The contacts a new cardholder came with. The first of each kind is primary unless another says so.
pub(in crate::cardholders) async fn insert_all(
    tx: &mut Tx<'_>,
    vault: &Vault,
    key: &DataKey,
    row: &CardholderRow,
    new: &NewCardholder,
) -> Result<(), CardholderError> {
    let id = row.cardholder_id;
    let primary = |flags: Vec<bool>, at: usize| flags.iter().position(|flag| *flag).unwrap_or(0) == at;
    for (at, phone) in new.phones.iter().enumerate() {
        let is_primary = primary(new.phones.iter().map(|p| p.is_primary).collect(), at);
        let pointed = |error| at_index(error, "/phones", at, "/number");
        insert(tx, vault, key, id, &NewContact::Phone(NewPhone { is_primary, ..phone.clone() }))
            .await
            .map_err(pointed)?;
    }
    for (at, email) in new.emails.iter().enumerate() {
        let is_primary = primary(new.emails.iter().map(|e| e.is_primary).collect(), at);
        let pointed = |error| at_index(error, "/emails", at, "/address");
        insert(tx, vault, key, id, &NewContact::Email(NewEmail { is_primary, ..email.clone() }))
            .await
            .map_err(pointed)?;
    }
    for (at, address) in new.addresses.iter().enumerate() {
        let is_primary = primary(new.addresses.iter().map(|a| a.is_primary).collect(), at);
        insert(tx, vault, key, id, &NewContact::Address(NewAddress { is_primary, ..address.clone() }))
            .await?;
    }
    Ok(())
}

fn at_index(error: CardholderError, list: &str, at: usize, field: &str) -> CardholderError {
    match error {
        CardholderError::ContactKnown(_) => {
            CardholderError::invalid(&format!("{list}/{at}{field}"), "cardholders.contact_known")
        }
        other => other,
    }
}

/// Adds a contact; a new primary phone in another's place waits for an approval.
pub(super) async fn add(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    id: CardholderId,
    new: NewContact,
) -> Result<Settled<(Uuid, i64)>, CardholderError> {
    let row = profile::lock(tx, &desk.reach, id).await?;
    if repo::count(tx, new.kind(), id).await? >= CONTACTS_MAX {
        return Err(CardholderError::TooManyContacts);
    }
    if let NewContact::Phone(phone) = &new
        && phone.is_primary
        && let Some(waiting) = guarded::ask_to_add(tx, desk, &row, phone).await?
    {
        return Ok(Settled::Waiting(waiting));
    }
    Ok(Settled::Done(add_now(tx, desk, &row, &new, None).await?))
}

pub(super) async fn add_now(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    row: &CardholderRow,
    new: &NewContact,
    reason: Option<&str>,
) -> Result<(Uuid, i64), CardholderError> {
    let (kind, id) = (new.kind(), row.cardholder_id);
    let before = if new.is_primary() { repo::step_back(tx, kind, id).await? } else { None };
    let key = profile::data_key(tx, desk.vault, id).await?;
    let (contact_id, masked) = insert(tx, desk.vault, &key, id, new).await?;
    let mut changes = vec![Change::new(kind.field(), None, Some(&masked))];
    if new.is_primary() {
        changes.push(Change::new(kind.primary_field(), before.as_deref(), Some(&masked)));
    }
    Ok((contact_id, noted(tx, row, kind, Told { verb: "add", changes, reason }).await?))
}

/// Changes a contact; another primary phone waits for an approval.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    (kind, id, contact_id): (ContactKind, CardholderId, Uuid),
    if_match: IfMatch,
    patch: ContactPatch,
) -> Result<Settled<i64>, CardholderError> {
    let row = lock(tx, desk, id, if_match).await?;
    let contact = repo::lock(tx, kind, id, contact_id).await?.ok_or(CardholderError::ContactMissing)?;
    if kind == ContactKind::Phone
        && let Some(waiting) = guarded::ask_to_change(tx, desk, &row, &contact, &patch).await?
    {
        return Ok(Settled::Waiting(waiting));
    }
    Ok(Settled::Done(change_now(tx, &row, (kind, contact), &patch, None).await?))
}

pub(super) async fn change_now(
    tx: &mut Tx<'_>,
    row: &CardholderRow,
    (kind, mut contact): (ContactKind, ContactRow),
    patch: &ContactPatch,
    reason: Option<&str>,
) -> Result<i64, CardholderError> {
    let id = row.cardholder_id;
    let mut changes = Vec::new();
    match patch.is_primary {
        Some(true) if !contact.is_primary => {
            let before = repo::step_back(tx, kind, id).await?;
            changes.push(Change::new(kind.primary_field(), before.as_deref(), Some(&contact.masked)));
        }
        Some(false) if contact.is_primary => {
            changes.push(Change::new(kind.primary_field(), Some(&contact.masked), None));
        }
        _ => {}
    }
    contact.is_primary = patch.is_primary.unwrap_or(contact.is_primary);
    if let Some(is_verified) = patch.is_verified {
        let shown = Some(contact.masked.as_str());
        let (before, after) =
            (shown.filter(|_| contact.verified_at.is_some()), shown.filter(|_| is_verified));
        changes.push(Change::new(kind.verified_field(), before, after));
        contact.verified_at = is_verified.then_some(tx.now);
    }
    repo::update(tx, kind, id, &contact).await?;
    noted(tx, row, kind, Told { verb: "change", changes, reason }).await
}

/// Deletes a contact; the primary phone waits for an approval.
pub(super) async fn delete(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    (kind, id, contact_id): (ContactKind, CardholderId, Uuid),
    if_match: IfMatch,
) -> Result<Settled<()>, CardholderError> {
    let row = lock(tx, desk, id, if_match).await?;
    let contact = repo::lock(tx, kind, id, contact_id).await?.ok_or(CardholderError::ContactMissing)?;
    if kind == ContactKind::Phone
        && let Some(waiting) = guarded::ask_to_delete(tx, desk, &row, &contact).await?
    {
        return Ok(Settled::Waiting(waiting));
    }
    Ok(Settled::Done(delete_now(tx, &row, (kind, &contact), None).await?))
}

pub(super) async fn delete_now(
    tx: &mut Tx<'_>,
    row: &CardholderRow,
    (kind, contact): (ContactKind, &ContactRow),
    reason: Option<&str>,
) -> Result<(), CardholderError> {
    repo::delete(tx, kind, row.cardholder_id, contact).await?;
    let mut changes = vec![Change::new(kind.field(), Some(&contact.masked), None)];
    if contact.is_primary {
        changes.push(Change::new(kind.primary_field(), Some(&contact.masked), None));
    }
    noted(tx, row, kind, Told { verb: "delete", changes, reason }).await?;
    Ok(())
}

async fn lock(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    id: CardholderId,
    IfMatch(version): IfMatch,
) -> Result<CardholderRow, CardholderError> {
    let row = profile::lock(tx, &desk.reach, id).await?;
    if row.version == version { Ok(row) } else { Err(Precondition::Stale.into()) }
}

/// What the history and the audit trail say of a change.
struct Told<'a> {
    verb: &'a str,
    changes: Vec<Change>,
    reason: Option<&'a str>,
}

async fn noted(
    tx: &mut Tx<'_>,
    row: &CardholderRow,
    kind: ContactKind,
    Told { verb, changes, reason }: Told<'_>,
) -> Result<i64, CardholderError> {
    let version = profile::bump_version(tx, row).await?;
    let told: Map<String, Value> =
        changes.iter().map(|change| (change.field().to_owned(), change.as_pair())).collect();
    history::write(tx, row.cardholder_id, changes, reason).await?;
    let entry = Entry::of(kind.action(verb)).on("cardholder", row.cardholder_id.0).about(row.cardholder_id);
    audit::record(tx, entry.changing(Value::Object(told))).await?;
    Ok(version)
}

/// Seals and stores one contact; says what is shown of it.
async fn insert(
    tx: &mut Tx<'_>,
    vault: &Vault,
    key: &DataKey,
    id: CardholderId,
    new: &NewContact,
) -> Result<(Uuid, String), CardholderError> {
    let stored = match new {
        NewContact::Phone(phone) => {
            let sealed = seal_phone(tx, vault, key, phone)?;
            repo::insert_phone(tx, id, phone, &sealed).await.map(|()| (sealed.phone_id.0, sealed.masked))
        }
        NewContact::Email(email) => {
            let sealed = seal_email(tx, vault, key, email)?;
            repo::insert_email(tx, id, email, &sealed).await.map(|()| (sealed.email_id.0, sealed.masked))
        }
        NewContact::Address(address) => {
            let sealed = seal_address(tx, vault, key, address)?;
            let parts = [
                address.province.as_deref(),
                address.city.as_deref(),
                address.district.as_deref(),
                sealed.street.as_ref().map(|street| street.masked.as_str()),
            ];
            let label = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            repo::insert_address(tx, id, address, &sealed).await.map(|()| (sealed.address_id.0, label))
        }
    };
    stored.map_err(|error: DbError| {
        let is_known = error.is_constraint("cardholder_phones_number_key")
            || error.is_constraint("cardholder_emails_address_key");
        if is_known { CardholderError::ContactKnown(new.pointer()) } else { error.into() }
    })
}

fn seal_phone(
    tx: &Tx<'_>,
    vault: &Vault,
    key: &DataKey,
    new: &NewPhone,
) -> Result<SealedPhone, CardholderError> {
    let number = PhoneNumber::parse(&new.number)
        .ok_or_else(|| CardholderError::invalid("/number", "phone.invalid"))?;
    let phone_id: PhoneId = tx.new_id();
    let place = Place { table: "cardholder_phones", column: "number_sealed", row: phone_id.0 };
    Ok(SealedPhone {
        phone_id,
        sealed: key.seal(place, number.expose())?,
        blind: vault.blind(Blind::PhoneNumber, number.expose()),
        tail_blind: vault.blind(Blind::PhoneTail, number.tail()),
        masked: number.masked(),
    })
}

fn seal_email(
    tx: &Tx<'_>,
    vault: &Vault,
    key: &DataKey,
    new: &NewEmail,
) -> Result<SealedEmail, CardholderError> {
    let address = EmailAddress::parse(&new.address)
        .ok_or_else(|| CardholderError::invalid("/address", "email.invalid"))?;
    let email_id: EmailId = tx.new_id();
    let place = Place { table: "cardholder_emails", column: "address_sealed", row: email_id.0 };
    Ok(SealedEmail {
        email_id,
        sealed: key.seal(place, address.expose())?,
        blind: vault.blind(Blind::EmailAddress, &address.folded()),
        masked: address.masked(),
    })
}

fn seal_address(
    tx: &Tx<'_>,
    vault: &Vault,
    key: &DataKey,
    new: &NewAddress,
) -> Result<SealedAddress, VaultError> {
    let address_id: AddressId = tx.new_id();
    let street = new
        .street
        .as_deref()
        .map(|text| seal_street(vault, key, address_id.0, &Street::new(text)))
        .transpose()?;
    Ok(SealedAddress { address_id, street })
}

pub(in crate::cardholders) fn seal_street(
    vault: &Vault,
    key: &DataKey,
    address_id: Uuid,
    street: &Street,
) -> Result<SealedStreet, VaultError> {
    let place = Place { table: "cardholder_addresses", column: "street_sealed", row: address_id };
    Ok(SealedStreet {
        sealed: key.seal(place, street.expose())?,
        blind: vault.blind(Blind::Street, &street.folded()),
        masked: street.masked(),
    })
}

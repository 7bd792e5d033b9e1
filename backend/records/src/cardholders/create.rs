//! Taking somebody on.

use chrono::NaiveDate;
use kernel::{FieldFault, PersonName, person_name};
use platform::{
    StaffActor, Tx,
    ids::CardholderId,
    vault::{Blind, Place, Vault},
};
use serde_json::json;
use trust::{
    audit::{self, Entry},
    calendars::business_on,
};
use web::{Reach, Snapshot, Span};

use super::{
    contacts,
    customer_no::customer_no,
    duplicates::{self, Found, Sought},
    history,
    identity::{self, Claimed, Identity},
    model::{CardholderError, CardholderRow, Lifecycle},
    new::{FieldWarning, NewCardholder},
    repo::{self, SealedId},
};

/// Contacts of one kind that somebody may come with.
const NEW_CONTACTS_MAX: usize = 10;
/// Customer numbers tried before giving up.
const NUMBER_ATTEMPTS_MAX: u32 = 8;

/// What a caller brings to every change of a cardholder.
pub(super) struct Desk<'a> {
    pub vault: &'a Vault,
    pub reach: Reach,
    pub directory: &'a Snapshot,
}

pub(super) async fn create(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    new: NewCardholder,
) -> Result<(CardholderRow, Vec<FieldWarning>), CardholderError> {
    check_place(tx.actor.staff(), &desk.reach, desk.directory, &new)?;
    let claimed = Claimed {
        id_kind: new.id_kind,
        national_id: new.national_id.as_deref(),
        birth_on: new.birth_on,
        gender: new.gender,
    };
    let today = business_on(tx, tx.now).await?;
    let identity = identity::establish(&claimed, today)?;
    refuse_duplicates(tx, desk, &new, &identity).await?;
    let row = row_of(tx, &new, &identity, today).await?;
    repo::insert(tx, &row).await?;
    let (key, wrapped) = desk.vault.new_data_key(row.cardholder_id.0)?;
    repo::insert_key(tx, row.cardholder_id, &wrapped).await?;
    let sealed_id = seal_id(desk.vault, &key, row.cardholder_id, &identity)?;
    repo::set_national_id(tx, row.cardholder_id, sealed_id.as_ref()).await?;
    repo::rewrite_grams(tx, None, &row).await?;
    contacts::insert_all(tx, desk.vault, &key, &row, &new).await?;
    let reason = new.duplicate_override_reason.as_deref();
    history::write(
        tx,
        row.cardholder_id,
        vec![history::Change::new("created", None, Some(&row.customer_no))],
        reason,
    )
    .await?;
    let entry =
        Entry::of("cardholders.create").on("cardholder", row.cardholder_id.0).about(row.cardholder_id);
    let entry = entry.changing(json!({ "customer_no": [null, row.customer_no], "branch_id": [null, row.branch_id], "lifecycle": [null, row.lifecycle] }));
    audit::record(tx, reason.into_iter().fold(entry, |entry, reason| entry.because(reason))).await?;
    let masked = sealed_id.map(|id| id.masked);
    Ok((CardholderRow { national_id_masked: masked, ..row }, identity.warnings))
}

/// Branch and manager must be the bank's and within the caller's reach.
pub(super) fn check_place(
    staff: Option<&StaffActor>,
    reach: &Reach,
    directory: &Snapshot,
    new: &NewCardholder,
) -> Result<(), CardholderError> {
    let is_own = matches!(&reach.span, Span::Managed(me) if new.manager_id == Some(*me) && staff.is_some_and(|s| s.branch_id == new.branch_id));
    if !directory.branches.contains_key(&new.branch_id) || !(reach.covers_branch(new.branch_id) || is_own) {
        return Err(CardholderError::invalid("/branch_id", "branches.missing"));
    }
    if new.manager_id.is_some_and(|id| !is_manager(directory, id)) {
        return Err(CardholderError::invalid("/manager_id", "staff.not_a_manager"));
    }
    if !matches!(new.lifecycle, None | Some(Lifecycle::Active | Lifecycle::Prospect)) {
        return Err(CardholderError::invalid("/lifecycle", "cardholders.lifecycle_not_allowed"));
    }
    check_contacts("/phones", new.phones.iter().map(|phone| phone.is_primary))?;
    check_contacts("/emails", new.emails.iter().map(|email| email.is_primary))?;
    check_contacts("/addresses", new.addresses.iter().map(|address| address.is_primary))?;
    if new.yearly_income_minor.is_some() != new.yearly_income_currency.is_some() {
        return Err(CardholderError::invalid("/yearly_income_currency", "field.missing"));
    }
    Ok(())
}

/// Contacts of one kind: not too many, and one of them the primary one at most.
fn check_contacts(
    pointer: &str,
    are_primary: impl ExactSizeIterator<Item = bool>,
) -> Result<(), CardholderError> {
    if are_primary.len() > NEW_CONTACTS_MAX {
        return Err(CardholderError::invalid(pointer, "list.length"));
    }
    match are_primary.enumerate().filter(|(_, is_primary)| *is_primary).nth(1) {
        None => Ok(()),
        Some((at, _)) => Err(CardholderError::Invalid(vec![FieldFault::new(
            format!("{pointer}/{at}/is_primary"),
            "cardholders.primary_twice",
        )])),
    }
}

pub(super) fn is_manager(directory: &Snapshot, staff_id: platform::ids::StaffId) -> bool {
    directory
        .staff
        .get(&staff_id)
        .is_some_and(|staff| staff.is_active && staff.role == platform::Role::RelationshipManager)
}

async fn refuse_duplicates(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    new: &NewCardholder,
    identity: &Identity,
) -> Result<(), CardholderError> {
    let id_blind = identity.national_id.as_ref().map(|id| desk.vault.blind(Blind::NationalId, id.expose()));
    let phone_blinds = contacts::blinds_of(desk.vault, &new.phones);
    let sought = Sought {
        name: new.name.as_ref().map(PersonName::as_str),
        birth_on: identity.birth_on,
        national_id_blind: id_blind.as_deref(),
        phone_blinds: &phone_blinds,
    };
    duplicates::take_turn(tx, &sought).await?;
    if new.duplicate_override_reason.is_some() {
        return Ok(());
    }
    let found = duplicates::look_for(tx, &sought, &desk.reach, desk.directory).await?;
    let erased_on = match &id_blind {
        Some(blind) => repo::erased_on(tx, desk.vault, blind).await?,
        None => None,
    };
    if found.candidates.is_empty() && found.hidden_count == 0 && erased_on.is_none() {
        return Ok(());
    }
    let Found { candidates, hidden_count } = found;
    Err(CardholderError::PossibleDuplicate { candidates, hidden_count, erased_on })
}

async fn row_of(
    tx: &mut Tx<'_>,
    new: &NewCardholder,
    identity: &Identity,
    today: NaiveDate,
) -> Result<CardholderRow, CardholderError> {
    let cardholder_id: CardholderId = tx.new_id();
    let (name_pinyin, name_initials) =
        pinyin_of(new.name.as_ref().map(PersonName::as_str), new.name_pinyin.as_deref());
    Ok(CardholderRow {
        cardholder_id,
        customer_no: free_customer_no(tx, cardholder_id).await?,
        name: new.name.clone().map(Into::into),
        name_pinyin,
        name_initials,
        gender: identity.gender,
        birth_on: identity.birth_on,
        stated_age_years: None,
        stated_age_on: None,
        id_kind: identity.id_kind,
        national_id_masked: None,
        nationality: new.nationality.clone(),
        occupation: new.occupation.clone(),
        employer: new.employer.clone(),
        education: new.education,
        marital_status: new.marital_status,
        yearly_income_minor: new.yearly_income_minor,
        yearly_income_currency: new.yearly_income_currency.clone(),
        branch_id: new.branch_id,
        manager_id: new.manager_id,
        lifecycle: new.lifecycle.unwrap_or(Lifecycle::Active),
        lifecycle_reason: None,
        opened_on: today,
        source: "branch".to_owned(),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    })
}

/// Pinyin as somebody corrected it, or as the name is usually read; initials follow.
pub(super) fn pinyin_of(name: Option<&str>, corrected: Option<&str>) -> (Option<String>, Option<String>) {
    let Some(name) = name else { return (None, None) };
    let (usual, usual_initials) = person_name::pinyin_of(name);
    match corrected {
        None => (Some(usual), Some(usual_initials)),
        Some(corrected) => {
            let words: Vec<String> =
                corrected.to_lowercase().split_whitespace().map(ToOwned::to_owned).collect();
            let initials = words.iter().filter_map(|word| word.chars().next()).collect();
            (Some(words.join(" ")), Some(initials))
        }
    }
}

async fn free_customer_no(tx: &mut Tx<'_>, cardholder_id: CardholderId) -> Result<String, CardholderError> {
    for attempt in 0..NUMBER_ATTEMPTS_MAX {
        let number = customer_no(cardholder_id, attempt);
        if !repo::is_customer_no_taken(tx, &number).await? {
            return Ok(number);
        }
    }
    Err(CardholderError::NoCustomerNo)
}

/// The identity number as the table keeps it.
pub(super) fn seal_id(
    vault: &Vault,
    key: &platform::vault::DataKey,
    cardholder_id: CardholderId,
    identity: &Identity,
) -> Result<Option<SealedId>, CardholderError> {
    let Some(id) = &identity.national_id else { return Ok(None) };
    let place = Place { table: "cardholders", column: "national_id_sealed", row: cardholder_id.0 };
    let sealed = key.seal(place, id.expose())?;
    Ok(Some(SealedId { sealed, blind: vault.blind(Blind::NationalId, id.expose()), masked: id.masked() }))
}

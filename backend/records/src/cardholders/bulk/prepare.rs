//! One row of a file as a cardholder: the very checks of the form, then sealed.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Currency, EmailAddress, PersonName, PhoneNumber, Street};
use platform::{
    Clock, Db, DbResult, StaffActor,
    clock::uuid_v7_named,
    ids::{BranchId, CardholderId, StaffId},
    vault::{Blind, DataKey, Place, Vault, VaultError},
};
use trust::{
    calendars::business_on,
    imports::{Row, RowFault},
};
use uuid::Uuid;
use validator::Validate;
use web::{Reach, Snapshot};

use super::{
    FIELDS, StagedPerson,
    words::{
        ADDRESS_KINDS, EDUCATIONS, EMAIL_KINDS, GENDERS, ID_KINDS, LIFECYCLES, MARITAL_STATUSES, PHONE_KINDS,
    },
};
use crate::cardholders::{
    contacts::{AddressKind, EmailKind, NewAddress, NewEmail, NewPhone, PhoneKind, seal_street},
    create::{check_place, pinyin_of, seal_id},
    customer_no::customer_no,
    erased_mark,
    identity::{self, Claimed},
    model::{CardholderError, Education, Gender, IdKind, Lifecycle, MaritalStatus},
    new::NewCardholder,
};

/// What ids of imported cardholders carry for a moment: 2020-01-01, the same in every run.
const ORIGIN: DateTime<Utc> = match DateTime::from_timestamp(1_577_836_800, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};
const HOME_COUNTRY: &str = "CN";
const ADDRESS_FIELDS: &[&str] = &["province", "city", "district", "street", "postcode"];

/// Codes that checks of several fields answer, as constants.
const CODES: &[&str] = &[
    "birth_on.in_future",
    "branches.missing",
    "cardholders.lifecycle_not_allowed",
    "field.missing",
    "national_id.birth_date",
    "national_id.birth_date_differs",
    "national_id.checksum",
    "national_id.document_shape",
    "national_id.gender_differs",
    "national_id.shape",
    "staff.not_a_manager",
];

/// Who imports, what they reach, and what rows are compared with.
pub struct BulkDesk {
    vault: Vault,
    reach: Reach,
    directory: Arc<Snapshot>,
    staff: StaffActor,
    today: NaiveDate,
    clock: Clock,
    branches: HashMap<String, BranchId>,
    staff_by_no: HashMap<String, StaffId>,
}

impl BulkDesk {
    pub async fn open(db: &Db, vault: Vault, directory: Arc<Snapshot>, staff: StaffActor) -> DbResult<Self> {
        let clock = db.clock().clone();
        let today = business_on(&*db.read().await?, clock.now()).await?;
        // A branch goes by its code; by its name where no code is the same.
        let names = directory.branches.iter().map(|(id, branch)| (branch.name.clone(), *id));
        let codes = directory.branches.iter().map(|(id, branch)| (branch.code.clone(), *id));
        Ok(Self {
            reach: directory.reach_of(staff.staff_id, staff.scope, staff.branch_id),
            branches: names.chain(codes).collect(),
            staff_by_no: directory.staff.iter().map(|(id, staff)| (staff.staff_no.clone(), *id)).collect(),
            today,
            vault,
            directory,
            staff,
            clock,
        })
    }

    /// One row, checked as the form checks and sealed.
    pub fn prepare(&self, row: &Row<'_>) -> Result<StagedPerson, RowFault> {
        let ref_of_row = self.reference_of(row)?;
        let new = self.read(row)?;
        new.validate().map_err(|errors| match web::first_fault(&errors) {
            Some((pointer, code)) => fault_at(&pointer, code),
            None => RowFault::of_row("field.invalid"),
        })?;
        check_place(Some(&self.staff), &self.reach, &self.directory, &new).map_err(|e| fault_of(&e))?;
        let claimed = Claimed {
            id_kind: new.id_kind,
            national_id: new.national_id.as_deref(),
            birth_on: new.birth_on,
            gender: new.gender,
        };
        let identity = identity::establish(&claimed, self.today).map_err(|error| fault_of(&error))?;
        let id = CardholderId(uuid_v7_named(ORIGIN, &["import", "cardholder", &ref_of_row]));
        let (key, wrapped) = self.vault.new_data_key(id.0).map_err(not_sealed)?;
        let sealed_id =
            seal_id(&self.vault, &key, id, &identity).map_err(|_| RowFault::of_row("imports.not_sealed"))?;
        let name = new.name.as_ref().map(PersonName::as_str);
        let (name_pinyin, name_initials) = pinyin_of(name, new.name_pinyin.as_deref());
        let grams = kernel::person_name::grams_of(
            name.unwrap_or_default(),
            name_pinyin.as_deref().unwrap_or_default(),
            name_initials.as_deref().unwrap_or_default(),
        );
        let mut person = StagedPerson {
            cardholder_id: id.0,
            line: row.line.cast_signed(),
            customer_no: customer_no(id, 0),
            sort_key: name_pinyin.clone().unwrap_or_default(),
            name: new.name.map(Into::into),
            name_pinyin,
            name_initials,
            gender: identity.gender.map(Gender::as_str),
            birth_on: identity.birth_on,
            id_kind: identity.id_kind.map(IdKind::as_str),
            national_id_sealed: sealed_id.as_ref().map(|id| id.sealed.as_bytes().to_vec()),
            national_id_blind: sealed_id.as_ref().map(|id| id.blind.clone()),
            erased_mark: sealed_id.as_ref().map(|id| erased_mark(&self.vault, &id.blind)),
            national_id_masked: sealed_id.map(|id| id.masked),
            nationality: new.nationality,
            occupation: new.occupation,
            employer: new.employer,
            education: new.education.map(Education::as_str),
            marital_status: new.marital_status.map(MaritalStatus::as_str),
            yearly_income_minor: new.yearly_income_minor,
            yearly_income_currency: new.yearly_income_currency,
            branch_id: new.branch_id.0,
            manager_id: new.manager_id.map(|id| id.0),
            lifecycle: new.lifecycle.unwrap_or(Lifecycle::Active).as_str(),
            opened_on: self.today,
            source_ref: ref_of_row,
            wrapped_key: wrapped.bytes,
            master_key_id: wrapped.master_key_id,
            grams: grams.join("\n"),
            change_id: self.clock.new_id(),
            override_reason: new.duplicate_override_reason,
            maker_id: self.staff.staff_id.0,
            maker_name: self.staff.name.clone(),
            ..StagedPerson::default()
        };
        self.seal_contacts(&mut person, &key, (&new.phones, &new.emails, &new.addresses))
            .map_err(not_sealed)?;
        Ok(person)
    }

    /// What makes the row the same row when it comes again: its own reference, or else everything that it says.
    fn reference_of(&self, row: &Row<'_>) -> Result<String, RowFault> {
        let mut texts = Vec::with_capacity(FIELDS.len());
        for field in FIELDS {
            texts.push(row.text(field.name)?);
        }
        if texts.iter().all(|text| text.is_empty()) {
            return Err(RowFault::of_row("imports.empty_row"));
        }
        if let Some(stated) = row.optional("source_ref")? {
            if let Some(found) = kernel::free_text::identifying_number(&stated) {
                return Err(row.fault("source_ref", found.code()));
            }
            return Ok(stated);
        }
        let parts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
        let mark = self.vault.mark("imported cardholder", &parts);
        let bytes = mark.first_chunk::<16>().copied().unwrap_or_default();
        Ok(format!("row-{}", Uuid::from_bytes(bytes).simple()))
    }

    fn read(&self, row: &Row<'_>) -> Result<NewCardholder, RowFault> {
        let national_id = row.optional("national_id")?;
        // A number without a kind is a resident's: that is what the column means in China.
        let id_kind = word(row, "id_kind", ID_KINDS)?.or(national_id.as_ref().map(|_| IdKind::ResidentId));
        let (yearly_income_minor, yearly_income_currency) = income(row)?;
        let branch = row.required("branch")?;
        let branch_id = self.branches.get(&branch).copied();
        let manager = row.optional("manager_no")?;
        let manager_id = match manager {
            None => None,
            Some(no) => Some(
                self.staff_by_no.get(&no).copied().ok_or(row.fault("manager_no", "staff.not_a_manager"))?,
            ),
        };
        Ok(NewCardholder {
            name: row.optional("name")?.map(PersonName::from),
            name_pinyin: row.optional("name_pinyin")?,
            gender: word(row, "gender", GENDERS)?,
            birth_on: optional_date(row, "birth_on")?,
            id_kind,
            national_id,
            nationality: row.optional("nationality")?,
            occupation: row.optional("occupation")?,
            employer: row.optional("employer")?,
            education: word(row, "education", EDUCATIONS)?,
            marital_status: word(row, "marital_status", MARITAL_STATUSES)?,
            yearly_income_minor,
            yearly_income_currency,
            branch_id: branch_id.ok_or(row.fault("branch", "branches.missing"))?,
            manager_id,
            lifecycle: word(row, "lifecycle", LIFECYCLES)?,
            phones: phone(row)?,
            emails: email(row)?,
            addresses: address(row)?,
            duplicate_override_reason: row.optional("duplicate_override_reason")?,
        })
    }

    fn seal_contacts(
        &self,
        person: &mut StagedPerson,
        key: &DataKey,
        (phones, emails, addresses): (&[NewPhone], &[NewEmail], &[NewAddress]),
    ) -> Result<(), VaultError> {
        let sealed = |table, column, row, text: &str| {
            key.seal(Place { table, column, row }, text).map(|sealed| sealed.as_bytes().to_vec())
        };
        if let Some((phone, number)) = phones.first().and_then(|p| Some((p, PhoneNumber::parse(&p.number)?)))
        {
            let id: Uuid = self.clock.new_id();
            person.phone_id = Some(id);
            person.phone_kind = Some(phone.kind.as_str());
            person.number_sealed = Some(sealed("cardholder_phones", "number_sealed", id, number.expose())?);
            person.number_blind = Some(self.vault.blind(Blind::PhoneNumber, number.expose()));
            person.tail_blind = Some(self.vault.blind(Blind::PhoneTail, number.tail()));
            person.number_masked = Some(number.masked());
        }
        if let Some((email, address)) =
            emails.first().and_then(|e| Some((e, EmailAddress::parse(&e.address)?)))
        {
            let id: Uuid = self.clock.new_id();
            person.email_id = Some(id);
            person.email_kind = Some(email.kind.as_str());
            person.address_sealed =
                Some(sealed("cardholder_emails", "address_sealed", id, address.expose())?);
            person.address_blind = Some(self.vault.blind(Blind::EmailAddress, &address.folded()));
            person.address_masked = Some(address.masked());
        }
        if let Some(address) = addresses.first() {
            let id: Uuid = self.clock.new_id();
            person.address_id = Some(id);
            person.address_kind = Some(address.kind.as_str());
            person.country = Some(address.country.clone());
            person.province.clone_from(&address.province);
            person.city.clone_from(&address.city);
            person.district.clone_from(&address.district);
            person.postcode.clone_from(&address.postcode);
            if let Some(street) = &address.street {
                let street = seal_street(&self.vault, key, id, &Street::new(street))?;
                person.street_sealed = Some(street.sealed.as_bytes().to_vec());
                person.street_blind = Some(street.blind);
                person.street_masked = Some(street.masked);
            }
        }
        Ok(())
    }
}

fn not_sealed(_: VaultError) -> RowFault {
    RowFault::of_row("imports.not_sealed")
}

/// A word of a closed set, in either language; none where the field is empty.
fn word<T: Copy>(row: &Row<'_>, column: &'static str, words: &[(&str, T)]) -> Result<Option<T>, RowFault> {
    if row.text(column)?.is_empty() { Ok(None) } else { row.word(column, words).map(Some) }
}

fn optional_date(row: &Row<'_>, column: &'static str) -> Result<Option<NaiveDate>, RowFault> {
    if row.text(column)?.is_empty() { Ok(None) } else { row.date_any(column).map(Some) }
}

/// An income is in yuan unless the row says otherwise.
fn income(row: &Row<'_>) -> Result<(Option<i64>, Option<String>), RowFault> {
    if row.text("yearly_income")?.is_empty() {
        return Ok((None, None));
    }
    let code = row.optional("yearly_income_currency")?.unwrap_or_else(|| Currency::CNY.to_string());
    let currency = Currency::parse(&code).ok_or(row.fault("yearly_income_currency", "currency.unknown"))?;
    Ok((Some(row.amount_minor("yearly_income", currency)?), Some(code)))
}

fn phone(row: &Row<'_>) -> Result<Vec<NewPhone>, RowFault> {
    let kind = word(row, "phone_kind", PHONE_KINDS)?.unwrap_or(PhoneKind::Mobile);
    Ok(row.optional("phone")?.map(|number| NewPhone { kind, number, is_primary: true }).into_iter().collect())
}

fn email(row: &Row<'_>) -> Result<Vec<NewEmail>, RowFault> {
    let kind = word(row, "email_kind", EMAIL_KINDS)?.unwrap_or(EmailKind::Personal);
    Ok(row
        .optional("email")?
        .map(|address| NewEmail { kind, address, is_primary: true })
        .into_iter()
        .collect())
}

/// An address is one where the row says more than its kind and country.
fn address(row: &Row<'_>) -> Result<Vec<NewAddress>, RowFault> {
    let kind = word(row, "address_kind", ADDRESS_KINDS)?.unwrap_or(AddressKind::Home);
    let country = row.optional("country")?.unwrap_or_else(|| HOME_COUNTRY.to_owned());
    let mut is_told = false;
    for field in ADDRESS_FIELDS {
        is_told |= !row.text(field)?.is_empty();
    }
    if !is_told {
        return Ok(Vec::new());
    }
    Ok(vec![NewAddress {
        kind,
        country,
        province: row.optional("province")?,
        city: row.optional("city")?,
        district: row.optional("district")?,
        street: row.optional("street")?,
        postcode: row.optional("postcode")?,
        is_primary: true,
    }])
}

/// The column of a file behind a pointer into the form.
fn column_of(pointer: &str) -> Option<&'static str> {
    let name = match pointer.split('/').nth(1)? {
        "branch_id" => "branch",
        "manager_id" => "manager_no",
        "yearly_income_minor" => "yearly_income",
        "phones" => "phone",
        "emails" => "email",
        "addresses" => pointer.rsplit('/').next()?,
        name => name,
    };
    FIELDS.iter().find(|field| field.name == name).map(|field| field.name)
}

fn fault_at(pointer: &str, code: &'static str) -> RowFault {
    RowFault { column: column_of(pointer), code }
}

fn fault_of(error: &CardholderError) -> RowFault {
    let CardholderError::Invalid(faults) = error else { return RowFault::of_row("field.invalid") };
    let Some(first) = faults.first() else { return RowFault::of_row("field.invalid") };
    let code = CODES.iter().find(|code| **code == first.code).copied().unwrap_or("field.invalid");
    fault_at(&first.pointer, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pointer_of_the_form_has_its_column() {
        for (pointer, column) in [
            ("/name", Some("name")),
            ("/phones/0/number", Some("phone")),
            ("/emails/0/address", Some("email")),
            ("/addresses/0/postcode", Some("postcode")),
            ("/branch_id", Some("branch")),
            ("/yearly_income_minor", Some("yearly_income")),
            ("/nothing", None),
        ] {
            assert_eq!(column_of(pointer), column, "{pointer}");
        }
    }
}

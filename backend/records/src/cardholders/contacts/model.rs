use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::{
    ids::{AddressId, CardholderId, EmailId, PhoneId},
    schema::{cardholder_addresses, cardholder_emails, cardholder_phones},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;
use web::free_text;

use super::super::door;

/// Contacts of one kind that a cardholder may have.
pub(super) const CONTACTS_MAX: i64 = 20;

platform::vocabulary! {
    pub enum PhoneKind { Mobile = "mobile", Home = "home", Work = "work", Other = "other" }
}

platform::vocabulary! {
    pub enum EmailKind { Personal = "personal", Work = "work", Other = "other" }
}

platform::vocabulary! {
    pub enum AddressKind { Home = "home", Work = "work", Mailing = "mailing", Registered = "registered", Other = "other" }
}

/// A phone as it is shown.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = cardholder_phones)]
pub struct Phone {
    /// The cardholder, or who was merged into them and brought it along; changed under the former only.
    pub cardholder_id: CardholderId,
    #[serde(skip)]
    pub number_blind: Vec<u8>,
    pub phone_id: PhoneId,
    pub kind: PhoneKind,
    pub is_primary: bool,
    #[schema(example = "138****5678")]
    pub number_masked: String,
    pub verified_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// An e-mail address as it is shown.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = cardholder_emails)]
pub struct Email {
    /// The cardholder, or who was merged into them and brought it along; changed under the former only.
    pub cardholder_id: CardholderId,
    #[serde(skip)]
    pub address_blind: Vec<u8>,
    pub email_id: EmailId,
    pub kind: EmailKind,
    pub is_primary: bool,
    #[schema(example = "sh***@example.com")]
    pub address_masked: String,
    pub verified_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// An address as it is shown: the street is masked, the rest is not.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = cardholder_addresses)]
pub struct Address {
    /// The cardholder, or who was merged into them and brought it along; changed under the former only.
    pub cardholder_id: CardholderId,
    pub address_id: AddressId,
    pub kind: AddressKind,
    pub is_primary: bool,
    pub country: String,
    pub province: Option<String>,
    pub city: Option<String>,
    pub district: Option<String>,
    pub street_masked: Option<String>,
    pub postcode: Option<String>,
    pub verified_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// Every way to reach a cardholder, masked; the primary one first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contacts {
    pub phones: Vec<Phone>,
    pub emails: Vec<Email>,
    pub addresses: Vec<Address>,
    /// Fields that are empty because the caller's role does not see them.
    pub withheld: Vec<String>,
}

impl Contacts {
    /// What a role without personal fields gets.
    pub(super) fn withheld() -> Self {
        let withheld = ["phones", "emails", "addresses"].map(ToOwned::to_owned).to_vec();
        Self { phones: Vec::new(), emails: Vec::new(), addresses: Vec::new(), withheld }
    }
}

/// A phone to be added.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPhone {
    pub kind: PhoneKind,
    #[validate(length(max = 32, code = "text.length"), custom(function = "door::phone"))]
    #[schema(max_length = 32, example = "13800005678")]
    pub number: String,
    #[serde(default)]
    pub is_primary: bool,
}

/// An e-mail address to be added.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEmail {
    pub kind: EmailKind,
    #[validate(length(max = 254, code = "text.length"), custom(function = "door::email"))]
    #[schema(max_length = 254, example = "shen@example.com")]
    pub address: String,
    #[serde(default)]
    pub is_primary: bool,
}

/// An address to be added.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    pub kind: AddressKind,
    #[validate(custom(function = "door::country"))]
    #[schema(pattern = "^[A-Z]{2}$", example = "CN")]
    pub country: String,
    #[validate(length(min = 1, max = 40, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 40, example = "浙江省")]
    pub province: Option<String>,
    #[validate(length(min = 1, max = 40, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 40, example = "杭州市")]
    pub city: Option<String>,
    #[validate(length(min = 1, max = 40, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 40, example = "上城区")]
    pub district: Option<String>,
    #[validate(length(min = 1, max = 200, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 200, example = "解放东路 18 号")]
    pub street: Option<String>,
    #[validate(length(min = 1, max = 12, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 12, example = "310016")]
    pub postcode: Option<String>,
    #[serde(default)]
    pub is_primary: bool,
}

/// What may change of a contact. The number itself does not: delete it and add another.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPatch {
    /// Makes it the primary one; the one before steps back.
    pub is_primary: Option<bool>,
    /// True notes that it was verified now; false takes that back.
    pub is_verified: Option<bool>,
    /// For whoever approves another primary phone: why, and what it rests on.
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "持卡人临柜办理，已核验本人")]
    pub evidence_note: Option<String>,
}

/// The three kinds of contact, as far as they are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContactKind {
    Phone,
    Email,
    Address,
}

impl ContactKind {
    /// The field's name in the history.
    pub fn field(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
        }
    }

    /// Which of them is the primary one, in the history.
    pub fn primary_field(self) -> &'static str {
        match self {
            Self::Phone => "primary_phone",
            Self::Email => "primary_email",
            Self::Address => "primary_address",
        }
    }

    /// Which of them is verified, in the history.
    pub fn verified_field(self) -> &'static str {
        match self {
            Self::Phone => "verified_phone",
            Self::Email => "verified_email",
            Self::Address => "verified_address",
        }
    }

    pub fn action(self, verb: &str) -> &'static str {
        match (self, verb) {
            (Self::Phone, "add") => "cardholders.add_phone",
            (Self::Phone, "change") => "cardholders.change_phone",
            (Self::Phone, _) => "cardholders.delete_phone",
            (Self::Email, "add") => "cardholders.add_email",
            (Self::Email, "change") => "cardholders.change_email",
            (Self::Email, _) => "cardholders.delete_email",
            (Self::Address, "add") => "cardholders.add_address",
            (Self::Address, "change") => "cardholders.change_address",
            (Self::Address, _) => "cardholders.delete_address",
        }
    }
}

/// A contact as the use cases see it.
#[derive(Debug, Clone)]
pub(super) struct ContactRow {
    pub id: Uuid,
    pub masked: String,
    pub is_primary: bool,
    pub verified_at: Option<DateTime<Utc>>,
    /// Digests by which it is found: of the whole, and of a phone's last four.
    pub blind: Option<Vec<u8>>,
    pub tail_blind: Option<Vec<u8>>,
}

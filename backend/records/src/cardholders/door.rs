//! What a profile's texts must look like; each check gives the code that the form shows on its field.

use chrono::NaiveDate;
use kernel::{Currency, EmailAddress, PhoneNumber, country, years};
use serde::{Deserialize, Deserializer};
use validator::ValidationError;

/// The largest yearly income that is believed: 10 billion yuan, in fen.
pub(super) const INCOME_MINOR_MAX: i64 = 1_000_000_000_000;

/// The greatest age that lists and searches are asked for; the front end's filter ends there too.
pub(super) const AGE_YEARS_MAX: i32 = 130;

fn check(is_fine: bool, code: &'static str) -> Result<(), ValidationError> {
    if is_fine { Ok(()) } else { Err(ValidationError::new(code)) }
}

pub(super) fn phone(text: &str) -> Result<(), ValidationError> {
    check(PhoneNumber::parse(text).is_some(), "phone.invalid")
}

pub(super) fn email(text: &str) -> Result<(), ValidationError> {
    check(EmailAddress::parse(text).is_some(), "email.invalid")
}

pub(super) fn currency(code: &str) -> Result<(), ValidationError> {
    check(Currency::parse(code).is_some(), "currency.unknown")
}

pub(super) fn country(code: &str) -> Result<(), ValidationError> {
    check(country::is_code(code), "country.invalid")
}

/// A birth date that somebody alive can have. Days after today are refused by the use case, which knows the date.
pub(super) fn birth(date: &NaiveDate) -> Result<(), ValidationError> {
    check(years::may_be_birth(*date), "birth_on.impossible")
}

/// Tells an absent field (`None`) from one that is null (`Some(None)`).
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

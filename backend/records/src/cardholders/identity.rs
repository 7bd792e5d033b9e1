//! The identity document: what its number says must agree with what the form says.

use chrono::NaiveDate;
use kernel::{FieldFault, NationalId, national_id::NationalIdError};

use super::{
    model::{CardholderError, Gender, IdKind},
    new::FieldWarning,
};

/// What a form says about somebody's identity.
pub(super) struct Claimed<'a> {
    pub id_kind: Option<IdKind>,
    pub national_id: Option<&'a str>,
    pub birth_on: Option<NaiveDate>,
    pub gender: Option<Gender>,
}

/// What is true of it.
pub(super) struct Identity {
    pub id_kind: Option<IdKind>,
    pub national_id: Option<NationalId>,
    pub birth_on: Option<NaiveDate>,
    pub gender: Option<Gender>,
    pub warnings: Vec<FieldWarning>,
}

/// Parses the number and compares it with birth date and gender; what the number says fills what the form left open.
pub(super) fn establish(claimed: &Claimed<'_>, today: NaiveDate) -> Result<Identity, CardholderError> {
    let mut identity = Identity {
        id_kind: claimed.id_kind,
        national_id: None,
        birth_on: claimed.birth_on,
        gender: claimed.gender,
        warnings: Vec::new(),
    };
    match (claimed.id_kind, claimed.national_id) {
        (_, None) => {}
        (None, Some(_)) => return Err(CardholderError::invalid("/id_kind", "field.missing")),
        (Some(IdKind::ResidentId), Some(text)) => read_resident(&mut identity, text)?,
        (Some(_), Some(text)) => identity.national_id = Some(NationalId::parse_other(text).map_err(refused)?),
    }
    if identity.birth_on.is_some_and(|date| date > today) {
        return Err(CardholderError::invalid("/birth_on", "birth_on.in_future"));
    }
    Ok(identity)
}

fn read_resident(identity: &mut Identity, text: &str) -> Result<(), CardholderError> {
    let (id, facts) = NationalId::parse_resident(text).map_err(refused)?;
    let gender = if facts.is_male { Gender::Male } else { Gender::Female };
    let mut faults = Vec::new();
    if identity.birth_on.is_some_and(|date| date != facts.birth_on) {
        faults.push(FieldFault::new("/birth_on", "national_id.birth_date_differs"));
    }
    if identity.gender.is_some_and(|claimed| claimed != gender) {
        faults.push(FieldFault::new("/gender", "national_id.gender_differs"));
    }
    if !faults.is_empty() {
        return Err(CardholderError::Invalid(faults));
    }
    if facts.is_region_unknown {
        identity.warnings.push(FieldWarning {
            pointer: "/national_id".to_owned(),
            code: "national_id.region_unknown".to_owned(),
        });
    }
    identity.national_id = Some(id);
    identity.birth_on = Some(facts.birth_on);
    identity.gender = Some(gender);
    Ok(())
}

fn refused(error: NationalIdError) -> CardholderError {
    CardholderError::invalid("/national_id", error.code())
}

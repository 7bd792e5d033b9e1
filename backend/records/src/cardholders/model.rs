use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    DbError,
    ids::{BranchId, CardholderId, StaffId},
    schema::cardholders,
    vault::VaultError,
};
use serde::Serialize;
use serde_json::{Map, Value};
use trust::approvals::{ApprovalError, Refusal};
use utoipa::ToSchema;
use web::{Precondition, Sight, Snapshot};

use super::{duplicates::Candidate, gate::GateError};

platform::vocabulary! {
    pub enum Gender { Male = "male", Female = "female" }
}

platform::vocabulary! {
    /// What kind of document the identity number is of.
    pub enum IdKind {
        ResidentId = "resident_id",
        Passport = "passport",
        HkMacauPermit = "hk_macau_permit",
        TaiwanPermit = "taiwan_permit",
        ForeignPermanentId = "foreign_permanent_id",
        Other = "other",
    }
}

platform::vocabulary! {
    pub enum Education {
        Primary = "primary",
        MiddleSchool = "middle_school",
        HighSchool = "high_school",
        JuniorCollege = "junior_college",
        University = "university",
        GraduateSchool = "graduate_school",
        Other = "other",
    }
}

platform::vocabulary! {
    pub enum MaritalStatus { Single = "single", Married = "married", Divorced = "divorced", Widowed = "widowed", Other = "other" }
}

platform::vocabulary! {
    /// Where a cardholder stands with the bank.
    pub enum Lifecycle { Prospect = "prospect", Active = "active", Dormant = "dormant", Closed = "closed", Deceased = "deceased" }
}

/// The row, without its ciphertexts. It becomes a [`Cardholder`] for somebody through [`CardholderRow::view`].
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = cardholders)]
pub struct CardholderRow {
    pub cardholder_id: CardholderId,
    pub customer_no: String,
    pub name: Option<String>,
    pub name_pinyin: Option<String>,
    pub name_initials: Option<String>,
    pub gender: Option<Gender>,
    pub birth_on: Option<NaiveDate>,
    pub stated_age_years: Option<i16>,
    pub stated_age_on: Option<NaiveDate>,
    pub id_kind: Option<IdKind>,
    pub national_id_masked: Option<String>,
    pub nationality: Option<String>,
    pub occupation: Option<String>,
    pub employer: Option<String>,
    pub education: Option<Education>,
    pub marital_status: Option<MaritalStatus>,
    pub yearly_income_minor: Option<i64>,
    pub yearly_income_currency: Option<String>,
    pub branch_id: BranchId,
    pub manager_id: Option<StaffId>,
    pub lifecycle: Lifecycle,
    pub lifecycle_reason: Option<String>,
    pub opened_on: NaiveDate,
    pub source: String,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A cardholder's profile, with the fields the caller's role may see.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cardholder {
    pub cardholder_id: CardholderId,
    #[schema(example = "C1002834107")]
    pub customer_no: String,
    #[schema(example = "沈嘉怡")]
    pub name: Option<String>,
    #[schema(example = "shen jia yi")]
    pub name_pinyin: Option<String>,
    #[schema(example = "sjy")]
    pub name_initials: Option<String>,
    pub gender: Option<Gender>,
    pub birth_on: Option<NaiveDate>,
    /// Derived from the birth date, or from the age that the source stated.
    pub age_years: Option<i32>,
    pub stated_age_years: Option<i16>,
    pub stated_age_on: Option<NaiveDate>,
    pub id_kind: Option<IdKind>,
    #[schema(example = "990***********2428")]
    pub national_id_masked: Option<String>,
    #[schema(example = "CN")]
    pub nationality: Option<String>,
    pub occupation: Option<String>,
    pub employer: Option<String>,
    pub education: Option<Education>,
    pub marital_status: Option<MaritalStatus>,
    pub yearly_income_minor: Option<i64>,
    pub yearly_income_currency: Option<String>,
    pub branch_id: BranchId,
    pub branch_name: Option<String>,
    pub manager_id: Option<StaffId>,
    pub manager_name: Option<String>,
    pub lifecycle: Lifecycle,
    pub lifecycle_reason: Option<String>,
    pub opened_on: NaiveDate,
    pub source: String,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Fields that are null because the caller's role does not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl CardholderRow {
    /// The profile as one caller may see it. `today` is the bank's business date.
    pub fn view(self, sight: Sight, directory: &Snapshot, today: NaiveDate) -> Cardholder {
        let mut veil = sight.veil("cardholders");
        Cardholder {
            age_years: veil.pass("age_years", self.age_years(today)),
            branch_name: directory.branch_name(self.branch_id).map(ToOwned::to_owned),
            manager_name: self.manager_id.and_then(|id| directory.staff_name(id)).map(ToOwned::to_owned),
            cardholder_id: self.cardholder_id,
            customer_no: self.customer_no,
            name: self.name,
            name_pinyin: self.name_pinyin,
            name_initials: self.name_initials,
            gender: veil.pass("gender", self.gender),
            birth_on: veil.pass("birth_on", self.birth_on),
            stated_age_years: veil.pass("stated_age_years", self.stated_age_years),
            stated_age_on: veil.pass("stated_age_on", self.stated_age_on),
            id_kind: veil.pass("id_kind", self.id_kind),
            national_id_masked: veil.pass("national_id_masked", self.national_id_masked),
            nationality: veil.pass("nationality", self.nationality),
            occupation: veil.pass("occupation", self.occupation),
            employer: veil.pass("employer", self.employer),
            education: veil.pass("education", self.education),
            marital_status: veil.pass("marital_status", self.marital_status),
            yearly_income_minor: veil.pass("yearly_income_minor", self.yearly_income_minor),
            yearly_income_currency: veil.pass("yearly_income_currency", self.yearly_income_currency),
            branch_id: self.branch_id,
            manager_id: self.manager_id,
            lifecycle: self.lifecycle,
            lifecycle_reason: self.lifecycle_reason,
            opened_on: self.opened_on,
            source: self.source,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            withheld: veil.withheld(),
        }
    }

    fn age_years(&self, today: NaiveDate) -> Option<i32> {
        age_years(self.birth_on, self.stated_age_years, self.stated_age_on, today)
    }
}

/// Whole years since birth; without a birth date, the stated age and the whole years since it was stated.
pub(crate) fn age_years(
    birth_on: Option<NaiveDate>,
    stated: Option<i16>,
    stated_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<i32> {
    match (birth_on, stated, stated_on) {
        (Some(birth_on), ..) => Some(years_between(birth_on, today)),
        (None, Some(stated), Some(stated_on)) => Some(i32::from(stated) + years_between(stated_on, today)),
        _ => None,
    }
}

pub(super) fn years_between(from: NaiveDate, to: NaiveDate) -> i32 {
    let is_before_anniversary = (to.month(), to.day()) < (from.month(), from.day());
    to.year() - from.year() - i32::from(is_before_anniversary)
}

#[derive(Debug, thiserror::Error)]
pub enum CardholderError {
    #[error(transparent)]
    Gate(#[from] GateError),
    /// Somebody who may be the same person is here already.
    #[error("a possible duplicate exists")]
    PossibleDuplicate {
        candidates: Vec<Candidate>,
        hidden_count: usize,
        /// Since when somebody with this identity number is erased.
        erased_on: Option<NaiveDate>,
    },
    #[error("fields contradict each other or the bank")]
    Invalid(Vec<FieldFault>),
    #[error("this step of the lifecycle is not allowed")]
    LifecycleNotAllowed { from: Lifecycle, to: Lifecycle },
    #[error("no such contact")]
    ContactMissing,
    #[error("the cardholder has this contact already")]
    ContactKnown(&'static str),
    #[error("too many contacts")]
    TooManyContacts,
    #[error("the vault: {0}")]
    Vault(#[from] VaultError),
    #[error("what was approved can't be read: {0}")]
    Payload(Refusal),
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    #[error("no free customer number was found")]
    NoCustomerNo,
    #[error(transparent)]
    Precondition(#[from] Precondition),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl CardholderError {
    pub(super) fn invalid(pointer: &str, code: &str) -> Self {
        Self::Invalid(vec![FieldFault::new(pointer, code)])
    }
}

impl Fault for CardholderError {
    fn kind(&self) -> Kind {
        match self {
            Self::Gate(error) => error.kind(),
            Self::PossibleDuplicate { .. }
            | Self::LifecycleNotAllowed { .. }
            | Self::ContactKnown(_)
            | Self::TooManyContacts => Kind::Conflict,
            Self::Invalid(_) => Kind::Invalid,
            Self::ContactMissing => Kind::Missing,
            Self::Vault(_) | Self::NoCustomerNo => Kind::Internal,
            Self::Payload(refusal) => refusal.kind(),
            Self::Approval(error) => error.kind(),
            Self::Precondition(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Gate(error) => error.code(),
            Self::PossibleDuplicate { .. } => "cardholders.possible_duplicate",
            Self::Invalid(_) => "request.invalid_fields",
            Self::LifecycleNotAllowed { .. } => "cardholders.lifecycle_not_allowed",
            Self::ContactMissing => "cardholders.contact_missing",
            Self::ContactKnown(_) => "cardholders.contact_known",
            Self::TooManyContacts => "cardholders.too_many_contacts",
            Self::Vault(_) | Self::NoCustomerNo => "internal",
            Self::Payload(refusal) => refusal.code(),
            Self::Approval(error) => error.code(),
            Self::Precondition(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::PossibleDuplicate { candidates, hidden_count, erased_on } => Map::from_iter([
                ("erased_on".to_owned(), serde_json::json!(erased_on)),
                ("candidates".to_owned(), serde_json::to_value(candidates).unwrap_or_default()),
                ("hidden_count".to_owned(), (*hidden_count).into()),
            ]),
            Self::LifecycleNotAllowed { from, to } => Map::from_iter([
                ("from".to_owned(), from.as_str().into()),
                ("to".to_owned(), to.as_str().into()),
            ]),
            Self::Gate(error) => error.params(),
            Self::Approval(error) => error.params(),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Invalid(fields) => fields.clone(),
            Self::ContactKnown(pointer) => vec![FieldFault::new(*pointer, self.code())],
            Self::Approval(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_counts_whole_years_on_leap_days_too() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let age = |birth: &str, today: &str| age_years(Some(date(birth)), None, None, date(today));
        assert_eq!(age("2000-02-29", "2026-02-28"), Some(25));
        assert_eq!(age("2000-02-29", "2026-03-01"), Some(26));
        assert_eq!(age("1990-11-02", "2026-11-02"), Some(36));
        assert_eq!(age_years(None, Some(24), Some(date("2005-09-30")), date("2026-11-02")), Some(45));
        assert_eq!(age_years(None, None, None, date("2026-11-02")), None);
    }
}

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{Fault, FieldFault, Kind};
use platform::{
    DbError,
    ids::{CardholderId, MergeId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trust::approvals::{ApprovalError, Refusal};
use utoipa::ToSchema;
use validator::Validate;
use web::{Precondition, free_text};

use super::super::{gate::GateError, model::CardholderError};

/// Days within which a merge can be undone.
pub const REVERSIBLE_DAYS: i64 = 30;
/// Records that one may stand for.
pub const ABSORBED_MAX: usize = 20;

/// Until when the merge of this moment can be undone.
pub(super) fn reversible_until(merged_at: DateTime<Utc>) -> DateTime<Utc> {
    merged_at + TimeDelta::days(REVERSIBLE_DAYS)
}

/// Which record the cardholder in the address absorbs.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    pub absorbed_id: CardholderId,
    /// For whoever approves it: why these are one person, and what that rests on.
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "证件与手机号一致，临柜核验为同一人")]
    pub evidence_note: String,
}

/// Which merge is undone, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmerge {
    pub merge_id: MergeId,
    #[validate(length(min = 2, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 200, example = "核实为同名的两位客户")]
    pub reason: String,
}

/// Whom the cardholder in the address would absorb.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WishedMerge {
    pub absorbed_id: CardholderId,
}

/// The records that a cardholder stands for, by merge, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Merges {
    pub items: Vec<Merge>,
}

/// One merge in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct Merge {
    pub merge_id: MergeId,
    pub merged_at: DateTime<Utc>,
    pub reversible_until: DateTime<Utc>,
    /// Whether the caller may undo it now: in time, and competent for every record of it.
    pub is_reversible: bool,
    /// The record that was absorbed, then those it had absorbed before.
    pub records: Vec<AbsorbedRecord>,
}

/// A record that another stands for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AbsorbedRecord {
    pub cardholder_id: CardholderId,
    #[schema(example = "C1002834107")]
    pub customer_no: String,
    pub name: Option<String>,
    pub branch_name: Option<String>,
    pub opened_on: NaiveDate,
}

/// What a merge would lead to. Nothing is changed by asking.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergePreview {
    pub survivor_id: CardholderId,
    pub absorbed_id: CardholderId,
    /// Fields of the profile that differ; after the merge the survivor's are shown.
    #[schema(example = json!(["occupation", "employer"]))]
    pub differing: Vec<String>,
    /// Whether both have the same identity number; null where one has none.
    pub is_same_national_id: Option<bool>,
    pub survivor: Holdings,
    pub absorbed: Holdings,
    /// What the survivor's pages show afterwards.
    pub together: Holdings,
    pub needs_approval: bool,
    /// Days within which it can be undone.
    #[schema(example = 30)]
    pub reversible_days: i64,
    /// Figures that are empty because the caller's role does not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

/// How much hangs on a record, with everybody merged into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Holdings {
    /// Records of one person.
    pub records: i64,
    pub accounts: i64,
    pub cards: i64,
    pub loans: i64,
    pub standing_orders: i64,
    pub transactions: i64,
    pub statements: i64,
    pub repayments: i64,
    /// Different ones.
    pub phones: i64,
    /// Different ones.
    pub emails: i64,
    pub addresses: i64,
    /// Of all accounts, by currency.
    pub balances: Vec<Balance>,
}

/// A sum of balances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, diesel::QueryableByName)]
pub struct Balance {
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[schema(example = "CNY")]
    pub currency: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub balance_minor: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error(transparent)]
    Cardholder(#[from] CardholderError),
    /// The other record can't be absorbed, for the coded reason.
    #[error("the other record can't be absorbed: {0}")]
    NotAbsorbable(&'static str),
    #[error("one record can't stand for so many")]
    TooMany,
    #[error("no such merge in force")]
    Missing,
    #[error("the merge is too old to be undone")]
    TooLate { until: DateTime<Utc> },
    #[error("what was approved can't be read: {0}")]
    Payload(Refusal),
}

impl MergeError {
    /// The other record can't be absorbed.
    pub(super) fn invalid(code: &'static str) -> Self {
        Self::NotAbsorbable(code)
    }
}

impl From<DbError> for MergeError {
    fn from(error: DbError) -> Self {
        CardholderError::from(error).into()
    }
}

impl From<GateError> for MergeError {
    fn from(error: GateError) -> Self {
        CardholderError::from(error).into()
    }
}

impl From<ApprovalError> for MergeError {
    fn from(error: ApprovalError) -> Self {
        CardholderError::from(error).into()
    }
}

impl From<Precondition> for MergeError {
    fn from(error: Precondition) -> Self {
        CardholderError::from(error).into()
    }
}

impl Fault for MergeError {
    fn kind(&self) -> Kind {
        match self {
            Self::Cardholder(error) => error.kind(),
            Self::NotAbsorbable(_) => Kind::Invalid,
            Self::TooMany | Self::TooLate { .. } => Kind::Conflict,
            Self::Missing => Kind::Missing,
            Self::Payload(refusal) => refusal.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Cardholder(error) => error.code(),
            Self::NotAbsorbable(_) => "request.invalid_fields",
            Self::TooMany => "merges.too_many",
            Self::Missing => "merges.missing",
            Self::TooLate { .. } => "merges.too_late",
            Self::Payload(refusal) => refusal.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Cardholder(error) => error.params(),
            Self::TooMany => Map::from_iter([("max".to_owned(), ABSORBED_MAX.into())]),
            Self::TooLate { until } => Map::from_iter([("until".to_owned(), until.to_rfc3339().into())]),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Cardholder(error) => error.fields(),
            Self::NotAbsorbable(code) => vec![FieldFault::new("/absorbed_id", *code)],
            _ => Vec::new(),
        }
    }
}

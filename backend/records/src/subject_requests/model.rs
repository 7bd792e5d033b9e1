use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    DbError,
    ids::{BranchId, CardholderId, JobId, StaffId, SubjectRequestId},
    schema::subject_requests,
    vault::VaultError,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trust::staff::StepUpError;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;
use web::{Precondition, free_text};

use crate::{
    cardholders::{
        CardholderError,
        gate::GateError,
        reveal::{RevealError, RevealPurpose},
    },
    consents::ConsentError,
};

/// Days from receipt within which a request is answered.
pub(super) const DAYS: u64 = 30;
/// A decision that a machine made hurts as long as it stands.
pub(super) const DAYS_HUMAN_REVIEW: u64 = 15;
/// Days that one extension may add.
pub(super) const EXTENSION_DAYS_MAX: u16 = 30;
/// A request that came by letter may have lain about for so long.
pub(super) const RECEIVED_DAYS_AGO_MAX: u64 = 30;
/// Days for which a package can be fetched.
pub(super) const PACKAGE_DAYS: i64 = 14;

platform::vocabulary! {
    /// What is asked for.
    pub enum SubjectRequestKind {
        /// To see and have a copy of what the bank keeps.
        Access = "access",
        /// To take it along in a form that machines read.
        Portability = "portability",
        Correction = "correction",
        Erasure = "erasure",
        /// No more automated decisions for offers.
        Objection = "objection",
        /// A person is to look at what a machine decided.
        HumanReview = "human_review",
    }
}

platform::vocabulary! {
    /// Where it stands.
    pub enum RequestStatus { Open = "open", Done = "done", Refused = "refused" }
}

platform::vocabulary! {
    /// How it came in.
    pub enum ReceivedVia { Counter = "counter", Phone = "phone", Letter = "letter", Online = "online" }
}

impl SubjectRequestKind {
    /// Whether it is answered with a package.
    pub fn has_package(self) -> bool {
        matches!(self, Self::Access | Self::Portability)
    }

    pub(super) fn days(self) -> u64 {
        if self == Self::HumanReview { DAYS_HUMAN_REVIEW } else { DAYS }
    }
}

/// The row. It becomes a [`SubjectRequest`] for somebody.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = subject_requests)]
pub struct RequestRow {
    pub request_id: SubjectRequestId,
    pub cardholder_id: CardholderId,
    pub branch_id: BranchId,
    pub kind: SubjectRequestKind,
    pub status: RequestStatus,
    pub received_via: ReceivedVia,
    pub received_on: NaiveDate,
    pub due_on: NaiveDate,
    pub wish: Option<String>,
    pub extension_reason: Option<String>,
    pub answer: Option<String>,
    pub package_made_at: Option<DateTime<Utc>>,
    pub package_expires_at: Option<DateTime<Utc>>,
    pub created_by: StaffId,
    pub created_at: DateTime<Utc>,
    pub closed_by: Option<StaffId>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// One request, its clock, and the names that a page shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubjectRequest {
    pub request_id: SubjectRequestId,
    pub cardholder_id: CardholderId,
    #[schema(example = "C1002834107")]
    pub customer_no: Option<String>,
    #[schema(example = "沈嘉怡")]
    pub subject_name: Option<String>,
    pub branch_id: BranchId,
    pub branch_name: Option<String>,
    pub kind: SubjectRequestKind,
    pub status: RequestStatus,
    pub received_via: ReceivedVia,
    pub received_on: NaiveDate,
    pub due_on: NaiveDate,
    /// Days until it is due; less than nothing when it is late. Of one that is closed, as it stood then.
    pub days_left: i64,
    pub is_overdue: bool,
    pub wish: Option<String>,
    /// There once it was extended, which happens once.
    pub extension_reason: Option<String>,
    pub answer: Option<String>,
    pub package_made_at: Option<DateTime<Utc>>,
    /// Until when the package can be fetched.
    pub package_expires_at: Option<DateTime<Utc>>,
    pub created_by: StaffId,
    pub created_by_name: Option<String>,
    pub created_at: DateTime<Utc>,
    pub closed_by_name: Option<String>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubjectRequestFilter {
    #[param(inline)]
    pub status: Option<RequestStatus>,
    #[param(inline)]
    pub kind: Option<SubjectRequestKind>,
    /// Only what is open and late.
    pub is_overdue: Option<bool>,
    pub cardholder_id: Option<CardholderId>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// A request that came in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubjectRequest {
    pub kind: SubjectRequestKind,
    pub received_via: ReceivedVia,
    /// The clock starts here; today unless named.
    pub received_on: Option<NaiveDate>,
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "希望了解银行保存了哪些个人信息")]
    pub wish: Option<String>,
}

/// More time, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestExtension {
    #[validate(range(min = 1, max = EXTENSION_DAYS_MAX, code = "number.range"))]
    #[schema(minimum = 1, maximum = 30)]
    pub days: u16,
    #[validate(length(min = 4, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 4, max_length = 500, example = "历史数据分散在多个系统，需要逐一核对")]
    pub extension_reason: String,
}

/// What was done, or why it was not.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestAnswer {
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "已当面交付副本")]
    pub answer: String,
}

/// What the package is handed over for, as for any sealed value that is shown.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageOpening {
    pub purpose: RevealPurpose,
    /// A reference or a word more on the purpose.
    #[validate(length(min = 1, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 1, max_length = 200, example = "客户本人到柜面领取")]
    pub note: Option<String>,
}

/// The job that makes a package.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackageStarted {
    pub job_id: JobId,
}

/// Everything that the bank keeps of somebody, for themselves. Not to be kept.
#[derive(Serialize, ToSchema)]
pub struct SubjectPackage {
    pub request_id: SubjectRequestId,
    pub made_at: DateTime<Utc>,
    /// Table by table, row by row, every field by its name in the database; what is sealed there is in clear here.
    #[schema(value_type = Object)]
    pub content: Value,
}

#[derive(Debug, thiserror::Error)]
pub enum SubjectRequestError {
    #[error("no such request within reach")]
    Missing,
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error("it came in on a day that can't be")]
    ReceivedOn,
    #[error("the request is closed")]
    Closed { status: RequestStatus },
    #[error("a request is extended once")]
    ExtendedAlready,
    #[error("this kind of request is answered otherwise")]
    OtherKind,
    #[error("the package has not been made")]
    PackageMissing,
    #[error("the package is over, or the key to it was destroyed")]
    PackageGone,
    #[error(transparent)]
    StepUp(#[from] StepUpError),
    #[error(transparent)]
    Reveal(#[from] RevealError),
    #[error(transparent)]
    Cardholder(#[from] CardholderError),
    #[error(transparent)]
    Consent(#[from] ConsentError),
    #[error(transparent)]
    Precondition(#[from] Precondition),
    #[error("the vault: {0}")]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for SubjectRequestError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Gate(error) => error.kind(),
            Self::ReceivedOn => Kind::Invalid,
            Self::Closed { .. }
            | Self::ExtendedAlready
            | Self::OtherKind
            | Self::PackageMissing
            | Self::PackageGone => Kind::Conflict,
            Self::StepUp(error) => error.kind(),
            Self::Reveal(error) => error.kind(),
            Self::Cardholder(error) => error.kind(),
            Self::Consent(error) => error.kind(),
            Self::Precondition(error) => error.kind(),
            Self::Vault(_) => Kind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "subject_requests.missing",
            Self::Gate(error) => error.code(),
            Self::ReceivedOn => "request.invalid_fields",
            Self::Closed { .. } => "subject_requests.closed",
            Self::ExtendedAlready => "subject_requests.extended_already",
            Self::OtherKind => "subject_requests.other_kind",
            Self::PackageMissing => "subject_requests.package_missing",
            Self::PackageGone => "subject_requests.package_gone",
            Self::StepUp(error) => error.code(),
            Self::Reveal(error) => error.code(),
            Self::Cardholder(error) => error.code(),
            Self::Consent(error) => error.code(),
            Self::Precondition(error) => error.code(),
            Self::Vault(_) => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Closed { status } => Map::from_iter([("status".to_owned(), status.as_str().into())]),
            Self::Gate(error) => error.params(),
            Self::Cardholder(error) => error.params(),
            Self::StepUp(error) => error.params(),
            Self::Reveal(error) => error.params(),
            Self::Consent(error) => error.params(),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::ReceivedOn => vec![FieldFault::new("/received_on", "subject_requests.received_on")],
            _ => Vec::new(),
        }
    }
}

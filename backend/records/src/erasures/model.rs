use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};
use platform::{
    DbError,
    ids::{CardholderId, LegalHoldId, StaffId, SubjectRequestId},
    schema::legal_holds,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use trust::approvals::ApprovalError;
use utoipa::ToSchema;
use validator::Validate;
use web::free_text;

use crate::{
    cardholders::{CardholderError, gate::GateError},
    subject_requests::SubjectRequestError,
};

/// Years for which identity and transactions are kept after the last of them (anti-money-laundering law, article 34).
pub(super) const RETENTION_YEARS: u32 = 10;

platform::vocabulary! {
    /// Why data must be kept.
    pub enum HoldReason {
        Litigation = "litigation", Investigation = "investigation", Regulator = "regulator", Dispute = "dispute",
    }
}

platform::vocabulary! {
    /// What stands in the way of an erasure.
    pub enum ObstacleKind {
        /// There is still an account: the contract goes on.
        OpenAccount = "open_account",
        /// The law says for how long.
        StatutoryRetention = "statutory_retention",
        LegalHold = "legal_hold",
    }
}

/// A hold on somebody's data.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = legal_holds)]
pub struct LegalHold {
    pub hold_id: LegalHoldId,
    pub cardholder_id: CardholderId,
    pub reason: HoldReason,
    pub note: Option<String>,
    pub placed_by: StaffId,
    pub placed_at: DateTime<Utc>,
    pub lifted_by: Option<StaffId>,
    pub lifted_at: Option<DateTime<Utc>>,
}

/// A hold about to be placed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLegalHold {
    pub reason: HoldReason,
    #[validate(length(min = 2, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 200, example = "法院调查令 2026-88")]
    pub note: Option<String>,
}

/// Something that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Obstacle {
    pub obstacle: ObstacleKind,
    /// Until when, where a date says so.
    pub until_on: Option<NaiveDate>,
    /// Which hold, and why it was placed.
    pub hold_id: Option<LegalHoldId>,
    pub reason: Option<HoldReason>,
}

/// Whether somebody may be erased, and what stands in the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureCheck {
    pub is_allowed: bool,
    pub is_erased: bool,
    pub erased_at: Option<DateTime<Utc>>,
    pub obstacles: Vec<Obstacle>,
}

/// What is to be executed: whose erasure, upon which request of theirs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Erasure {
    pub request_id: SubjectRequestId,
}

#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error("data must be kept")]
    Held { obstacles: Vec<Obstacle> },
    #[error("they have been erased")]
    Erased,
    #[error("no such hold, or it was lifted")]
    HoldMissing,
    #[error("no policy lets anybody erase")]
    NoPolicy,
    #[error(transparent)]
    Request(#[from] SubjectRequestError),
    #[error(transparent)]
    Cardholder(#[from] CardholderError),
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for ErasureError {
    fn kind(&self) -> Kind {
        match self {
            Self::Gate(error) => error.kind(),
            Self::Held { .. } | Self::Erased => Kind::Conflict,
            Self::HoldMissing => Kind::Missing,
            Self::NoPolicy => Kind::Forbidden,
            Self::Request(error) => error.kind(),
            Self::Cardholder(error) => error.kind(),
            Self::Approval(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Gate(error) => error.code(),
            Self::Held { .. } => "erasures.held",
            Self::Erased => "cardholders.erased",
            Self::HoldMissing => "erasures.hold_missing",
            Self::NoPolicy => "staff.forbidden",
            Self::Request(error) => error.code(),
            Self::Cardholder(error) => error.code(),
            Self::Approval(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Held { obstacles } => Map::from_iter([("obstacles".to_owned(), json!(obstacles))]),
            Self::Gate(error) => error.params(),
            Self::Request(error) => error.params(),
            Self::Cardholder(error) => error.params(),
            Self::Approval(error) => error.params(),
            _ => Map::new(),
        }
    }
}

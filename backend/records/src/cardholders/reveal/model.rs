use kernel::{Fault, FieldFault, Kind};
use platform::{DbError, vault::VaultError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trust::staff::StepUpError;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;
use web::free_text;

use crate::cardholders::gate::GateError;

/// Seconds for which a page shows a value in clear.
pub(super) const SHOWN_SECONDS: u32 = 60;

platform::vocabulary! {
    /// Which sealed value. Of an address it is the street; the rest is readable.
    pub enum RevealField { NationalId = "national_id", Phone = "phone", Email = "email", Address = "address" }
}

platform::vocabulary! {
    /// What a sealed value is needed for.
    pub enum RevealPurpose {
        IdentityCheck = "identity_check",
        CallBack = "call_back",
        CorrectionRequested = "correction_requested",
        DeliveryOfDocuments = "delivery_of_documents",
        FraudInvestigation = "fraud_investigation",
        Collection = "collection",
        LegalRequest = "legal_request",
    }
}

/// One value, and why.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealWish {
    pub field: RevealField,
    /// Which phone, e-mail address or address; not for the identity number, of which there is one.
    pub item_id: Option<Uuid>,
    pub purpose: RevealPurpose,
    /// A reference or a word more on the purpose.
    #[validate(length(min = 1, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 1, max_length = 200, example = "工单 2026-1187")]
    pub note: Option<String>,
}

/// The value in clear. Not to be kept.
#[derive(Serialize, ToSchema)]
pub struct Revealed {
    #[schema(example = "+8613800005678")]
    pub value: String,
    /// Seconds after which a page masks it again.
    #[schema(example = 60)]
    pub shown_seconds: u32,
    /// Values that the caller may still be shown today.
    #[schema(example = 49)]
    pub left_today: i32,
}

#[derive(Debug, thiserror::Error)]
pub enum RevealError {
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error(transparent)]
    StepUp(#[from] StepUpError),
    #[error("which one is not said, or said where there is one only")]
    Item(&'static str),
    #[error("the cardholder has no such value")]
    Missing,
    #[error("the cardholder's data key was destroyed")]
    KeyDestroyed,
    #[error("today's quota is used up")]
    QuotaExceeded { daily_max: i32, retry_after_seconds: i64 },
    #[error("the vault: {0}")]
    Vault(VaultError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl RevealError {
    pub(super) fn invalid(code: &'static str) -> Self {
        Self::Item(code)
    }
}

impl From<VaultError> for RevealError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::KeyDestroyed => Self::KeyDestroyed,
            other => Self::Vault(other),
        }
    }
}

impl Fault for RevealError {
    fn kind(&self) -> Kind {
        match self {
            Self::Gate(error) => error.kind(),
            Self::StepUp(error) => error.kind(),
            Self::Item(_) => Kind::Invalid,
            Self::Missing => Kind::Missing,
            Self::KeyDestroyed => Kind::Conflict,
            Self::QuotaExceeded { .. } => Kind::TooMany,
            Self::Vault(_) => Kind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Gate(error) => error.code(),
            Self::StepUp(error) => error.code(),
            Self::Item(_) => "request.invalid_fields",
            Self::Missing => "reveals.missing",
            Self::KeyDestroyed => "reveals.key_destroyed",
            Self::QuotaExceeded { .. } => "reveals.quota_exceeded",
            Self::Vault(_) => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Gate(error) => error.params(),
            Self::StepUp(error) => error.params(),
            Self::QuotaExceeded { daily_max, retry_after_seconds } => Map::from_iter([
                ("daily_max".to_owned(), (*daily_max).into()),
                ("retry_after_seconds".to_owned(), (*retry_after_seconds).into()),
            ]),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Item(code) => vec![FieldFault::new("/item_id", *code)],
            _ => Vec::new(),
        }
    }
}

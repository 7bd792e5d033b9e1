use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    ids::StaffId,
    schema::staff_second_factors,
    vault::{Place, Sealed},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::staff::StepUpError;

/// One's own second factor as it stands.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorState {
    /// From then on nothing but setting one up is allowed; null where the role needs none.
    pub second_factor_due_at: Option<DateTime<Utc>>,
    pub second_factor_enrolled_at: Option<DateTime<Utc>>,
    #[schema(example = 10)]
    pub recovery_codes_left: i64,
}

/// What an authenticator is told. It counts for nothing until a code confirms it.
#[derive(Serialize, ToSchema)]
pub struct NewSecondFactor {
    /// Base32, to be typed where no camera is at hand.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// What the QR code says.
    #[schema(example = "otpauth://totp/Cardea:K0001?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Cardea")]
    pub otpauth_uri: String,
}

/// The code that shows that the authenticator has understood.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorConfirmation {
    #[validate(length(equal = 6, code = "text.length"))]
    #[schema(min_length = 6, max_length = 6, example = "287082")]
    pub code: String,
}

/// Codes to be kept on paper; they are shown this once, and each is good once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

#[derive(HasQuery)]
#[diesel(table_name = staff_second_factors)]
pub(super) struct SecondFactor {
    pub staff_id: StaffId,
    pub sealed_secret: Sealed,
    pub master_key_id: String,
    pub last_used_step: Option<i64>,
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Where a secret is sealed to.
pub(super) fn place_of(staff_id: StaffId) -> Place {
    Place { table: "staff_second_factors", column: "sealed_secret", row: staff_id.0 }
}

#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    #[error("there is a second factor already")]
    Enrolled,
    #[error("nothing is being set up")]
    NotBegun,
    #[error("there is no second factor")]
    Missing,
    #[error("the code is wrong")]
    WrongCode,
    #[error("no randomness could be had")]
    Random(#[from] platform::totp::NoRandomness),
    #[error("the vault does not open")]
    Vault(#[from] platform::vault::VaultError),
    #[error(transparent)]
    StepUp(#[from] StepUpError),
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for SecondFactorError {
    fn kind(&self) -> Kind {
        match self {
            Self::Enrolled | Self::NotBegun => Kind::Conflict,
            Self::Missing => Kind::Missing,
            Self::WrongCode => Kind::Invalid,
            Self::Random(_) | Self::Vault(_) => Kind::Internal,
            Self::StepUp(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Enrolled => "staff.second_factor_enrolled",
            Self::NotBegun => "staff.second_factor_not_begun",
            Self::Missing => "staff.second_factor_missing",
            Self::WrongCode => "staff.second_factor_wrong",
            Self::Random(_) | Self::Vault(_) => "internal",
            Self::StepUp(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::StepUp(error) => error.params(),
            _ => serde_json::Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::WrongCode => vec![FieldFault::new("/code", self.code())],
            _ => Vec::new(),
        }
    }
}

use chrono::{DateTime, Utc};
use kernel::{Fault, Kind};
use platform::{DbError, ids::JobId, vault::KeyFileError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{jobs::JobStatus, staff::StepUpError};

platform::vocabulary! {
    /// What is changed: the master key that wraps the data keys, the key that signs access tokens, or nothing but the data
    /// keys that older master keys still wrap.
    pub enum RotationKind { Master = "master", Token = "token", Rewrap = "rewrap" }
}

platform::vocabulary! {
    /// Where a master key stands: it wraps what is new, it still wraps something, it wraps nothing any more, or it is not here
    /// although it wraps something.
    pub enum MasterKeyStatus { Current = "current", InUse = "in_use", Retired = "retired", Missing = "missing" }
}

/// A master key; the key itself never leaves the vault.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterKey {
    #[schema(example = "m2")]
    pub key_id: String,
    /// Absent where it was made before such moments were noted.
    pub created_at: Option<DateTime<Utc>>,
    pub status: MasterKeyStatus,
    /// Cardholders and files whose key it wraps, and secrets of second factors that it seals itself.
    pub data_key_count: i64,
}

/// A key of access tokens that is accepted now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedTokenKey {
    #[schema(example = "t2")]
    pub key_id: String,
    pub created_at: Option<DateTime<Utc>>,
    /// Signs what is new.
    pub is_current: bool,
    /// The moment from which its tokens are refused.
    pub until: Option<DateTime<Utc>>,
}

/// Every key, and how far the latest rotation is.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyOverview {
    /// False where the keys come from the environment: whoever starts the process changes them there.
    pub is_rotatable: bool,
    pub master_keys: Vec<MasterKey>,
    pub token_keys: Vec<AcceptedTokenKey>,
    /// The latest job that wrapped data keys anew.
    pub rotation: Option<JobStatus>,
}

/// What is to be rotated.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotationWish {
    pub kind: RotationKind,
}

/// A rotation that has begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyRotation {
    /// The key that is current now.
    #[schema(example = "m2")]
    pub key_id: String,
    /// The job that wraps the data keys anew.
    pub job_id: Option<JobId>,
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the keys come from the environment: add the new one there and start every process again")]
    FromEnvironment { next_key_id: String },
    #[error("a rotation is under way")]
    RotationRunning,
    #[error(transparent)]
    StepUp(#[from] StepUpError),
    #[error("the key file: {0}")]
    File(#[from] KeyFileError),
    #[error("the key file could not be waited for")]
    Interrupted,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for KeyError {
    fn kind(&self) -> Kind {
        match self {
            Self::FromEnvironment { .. } | Self::RotationRunning => Kind::Conflict,
            Self::StepUp(error) => error.kind(),
            Self::File(_) | Self::Interrupted => Kind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::FromEnvironment { .. } => "keys.from_environment",
            Self::RotationRunning => "keys.rotation_running",
            Self::StepUp(error) => error.code(),
            Self::File(_) | Self::Interrupted => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::FromEnvironment { next_key_id } => {
                serde_json::Map::from_iter([("next_key_id".to_owned(), next_key_id.clone().into())])
            }
            Self::StepUp(error) => error.params(),
            _ => serde_json::Map::new(),
        }
    }
}

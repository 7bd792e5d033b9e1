//! Why the door stays closed.

use kernel::{Fault, FieldFault, Kind};

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Unknown name, wrong password, disabled account: the same answer for all.
    #[error("sign-in refused")]
    Refused,
    #[error("the account is locked")]
    Locked { retry_after_seconds: i64 },
    /// The password was right, and that is not enough.
    #[error("the second factor is missing")]
    SecondFactorRequired { challenge: String },
    #[error("the code is wrong or was used")]
    SecondFactorWrong,
    /// It ran out, was used, or was not ours.
    #[error("sign in from the beginning")]
    ChallengeEnded,
    #[error("the session has ended")]
    Ended,
    #[error("no such open session")]
    Missing,
    #[error("the current password is wrong")]
    WrongPassword,
    #[error("the password shown once more is wrong")]
    StepUpRefused,
    #[error("the code shown once more is wrong or was used")]
    StepUpCodeRefused,
    #[error("something else is asked for")]
    StepUpMissing { pointer: &'static str },
    #[error("the new password is too weak")]
    WeakPassword { reason: &'static str },
    #[error("no token could be made")]
    Token(#[from] platform::tokens::TokenError),
    #[error("the vault does not open")]
    Vault(#[from] platform::vault::VaultError),
    #[error("no hash could be made")]
    Hash(#[from] platform::passwords::HashError),
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for SessionError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused
            | Self::SecondFactorRequired { .. }
            | Self::SecondFactorWrong
            | Self::ChallengeEnded
            | Self::Ended => Kind::Unauthenticated,
            Self::Locked { .. } => Kind::TooMany,
            Self::Missing => Kind::Missing,
            Self::WrongPassword
            | Self::StepUpRefused
            | Self::StepUpCodeRefused
            | Self::StepUpMissing { .. }
            | Self::WeakPassword { .. } => Kind::Invalid,
            Self::Token(_) | Self::Hash(_) | Self::Vault(_) => Kind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Refused => "staff.sign_in_refused",
            Self::Locked { .. } => "staff.locked_out",
            Self::SecondFactorRequired { .. } => "staff.second_factor_required",
            Self::SecondFactorWrong | Self::StepUpCodeRefused => "staff.second_factor_wrong",
            Self::ChallengeEnded => "staff.challenge_ended",
            Self::Ended => "staff.session_ended",
            Self::Missing => "sessions.missing",
            Self::StepUpMissing { .. } => "field.missing",
            Self::WrongPassword | Self::StepUpRefused => "staff.password_wrong",
            Self::WeakPassword { .. } => "staff.password_weak",
            Self::Token(_) | Self::Hash(_) | Self::Vault(_) => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::Locked { retry_after_seconds } => serde_json::Map::from_iter([(
                "retry_after_seconds".to_owned(),
                (*retry_after_seconds).into(),
            )]),
            Self::SecondFactorRequired { challenge } => {
                serde_json::Map::from_iter([("challenge".to_owned(), challenge.as_str().into())])
            }
            Self::WeakPassword { reason } => {
                serde_json::Map::from_iter([("reason".to_owned(), (*reason).into())])
            }
            _ => serde_json::Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::WrongPassword => vec![FieldFault::new("/current_password", self.code())],
            Self::StepUpRefused => vec![FieldFault::new("/password", self.code())],
            Self::StepUpCodeRefused => vec![FieldFault::new("/code", self.code())],
            Self::StepUpMissing { pointer } => vec![FieldFault::new(*pointer, self.code())],
            Self::WeakPassword { reason } => {
                vec![FieldFault::new("/new_password", self.code()).with("reason", *reason)]
            }
            _ => Vec::new(),
        }
    }
}

/// Something asks that the caller has proved to be themselves a moment ago.
#[derive(Debug, thiserror::Error)]
pub enum StepUpError {
    #[error("prove once more to be yourself")]
    Required { has_second_factor: bool },
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

/// The ways in which somebody may prove it, without and with a second factor.
const BY_PASSWORD: &[&str] = &["password"];
const BY_SECOND_FACTOR: &[&str] = &["code", "recovery_code"];

impl Fault for StepUpError {
    fn kind(&self) -> Kind {
        match self {
            Self::Required { .. } => Kind::Forbidden,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Required { .. } => "staff.step_up_required",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::Required { has_second_factor } => {
                let methods = if *has_second_factor { BY_SECOND_FACTOR } else { BY_PASSWORD };
                serde_json::Map::from_iter([("methods".to_owned(), methods.into())])
            }
            Self::Db(_) => serde_json::Map::new(),
        }
    }
}

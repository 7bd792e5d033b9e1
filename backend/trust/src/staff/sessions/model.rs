use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    Role, Scope, StaffActor,
    actor::Identity,
    ids::{BranchId, SessionId, StaffId},
    schema::{staff, staff_sessions},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use web::{AnySignedIn, Caller, FieldClass, Permission, access};

platform::vocabulary! {
    /// Why a session ended.
    pub enum EndReason {
        SignedOut = "signed_out",
        RefreshReused = "refresh_reused",
        PasswordChanged = "password_changed",
        Disabled = "disabled",
        Expired = "expired",
    }
}

/// What somebody types at the door.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[validate(length(min = 1, max = 32, code = "text.length"))]
    #[schema(min_length = 1, max_length = 32, example = "T0001")]
    pub staff_no: String,
    #[validate(length(min = 1, max = 128, code = "text.length"))]
    #[schema(min_length = 1, max_length = 128, example = "Cardea-2026")]
    pub password: String,
}

/// The access token. The refresh token travels in an HttpOnly cookie.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    pub access_token: String,
    /// Seconds until the access token runs out.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// Nothing else is allowed before the initial password has been changed.
    pub must_change_password: bool,
}

/// A new password, and the present one as proof.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[validate(length(min = 1, max = 128, code = "text.length"))]
    #[schema(min_length = 1, max_length = 128, example = "Cardea-2026")]
    pub current_password: String,
    #[validate(length(min = 1, max = 128, code = "text.length"))]
    #[schema(min_length = 1, max_length = 128, example = "Zhi-Yuan-4827")]
    pub new_password: String,
}

/// What somebody shows once more to prove to be themselves.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    #[validate(length(min = 1, max = 128, code = "text.length"))]
    #[schema(min_length = 1, max_length = 128, example = "Cardea-2026")]
    pub password: String,
}

/// Who is signed in, and what they may do.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub staff_id: StaffId,
    #[schema(example = "T0001")]
    pub staff_no: String,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    pub branch_id: BranchId,
    pub branch_name: String,
    pub permissions: Vec<Permission>,
    /// The classes of fields that this role sees.
    pub classes: Vec<FieldClass>,
    pub must_change_password: bool,
    /// The bank's current business date.
    pub business_on: NaiveDate,
}

impl Me {
    pub(super) fn of(caller: Caller<AnySignedIn>, business_on: NaiveDate) -> Self {
        let Caller { staff, directory, .. } = caller;
        let entry = directory.staff.get(&staff.staff_id);
        Self {
            branch_name: directory.branch_name(staff.branch_id).unwrap_or_default().to_owned(),
            permissions: access::permissions_of(staff.role).to_vec(),
            classes: access::classes_of(staff.role),
            must_change_password: entry.is_some_and(|entry| entry.must_change_password),
            business_on,
            staff_id: staff.staff_id,
            staff_no: staff.staff_no,
            name: staff.name,
            role: staff.role,
            scope: staff.scope,
            branch_id: staff.branch_id,
        }
    }
}

/// The part of a staff row that the door looks at.
#[derive(HasQuery)]
#[diesel(table_name = staff)]
pub(super) struct Credentials {
    pub staff_id: StaffId,
    pub staff_no: String,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    pub branch_id: BranchId,
    pub is_active: bool,
    pub password_hash: String,
    pub must_change_password: bool,
    pub failed_sign_ins: i32,
    pub locked_until: Option<DateTime<Utc>>,
}

impl Credentials {
    /// Whoever proved to be this person, for the audit row of the session's own events.
    pub(super) fn identity(&self, session_id: SessionId) -> Identity {
        Identity::Staff(StaffActor {
            staff_id: self.staff_id,
            staff_no: self.staff_no.clone(),
            name: self.name.clone(),
            role: self.role,
            scope: self.scope,
            branch_id: self.branch_id,
            session_id,
        })
    }
}

#[derive(HasQuery, Insertable)]
#[diesel(table_name = staff_sessions)]
pub(super) struct Session {
    pub session_id: SessionId,
    pub staff_id: StaffId,
    pub refresh_hash: Vec<u8>,
    pub previous_refresh_hash: Option<Vec<u8>>,
    /// Which attempt exchanged the previous token for the present one.
    pub refresh_attempt_hash: Option<Vec<u8>>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub end_reason: Option<EndReason>,
    pub ip: String,
    pub user_agent: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Unknown name, wrong password, disabled account: the same answer for all.
    #[error("sign-in refused")]
    Refused,
    #[error("the account is locked")]
    Locked { retry_after_seconds: i64 },
    #[error("the session has ended")]
    Ended,
    #[error("the current password is wrong")]
    WrongPassword,
    #[error("the password shown once more is wrong")]
    StepUpRefused,
    #[error("the new password is too weak")]
    WeakPassword { reason: &'static str },
    #[error("no token could be made")]
    Token(#[from] platform::tokens::TokenError),
    #[error("no hash could be made")]
    Hash(#[from] platform::passwords::HashError),
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for SessionError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused | Self::Ended => Kind::Unauthenticated,
            Self::Locked { .. } => Kind::TooMany,
            Self::WrongPassword | Self::StepUpRefused | Self::WeakPassword { .. } => Kind::Invalid,
            Self::Token(_) | Self::Hash(_) => Kind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Refused => "staff.sign_in_refused",
            Self::Locked { .. } => "staff.locked_out",
            Self::Ended => "staff.session_ended",
            Self::WrongPassword | Self::StepUpRefused => "staff.password_wrong",
            Self::WeakPassword { .. } => "staff.password_weak",
            Self::Token(_) | Self::Hash(_) => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::Locked { retry_after_seconds } => serde_json::Map::from_iter([(
                "retry_after_seconds".to_owned(),
                (*retry_after_seconds).into(),
            )]),
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
    Required,
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

/// The ways in which somebody may prove it.
const STEP_UP_METHODS: &[&str] = &["password"];

impl Fault for StepUpError {
    fn kind(&self) -> Kind {
        match self {
            Self::Required => Kind::Forbidden,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Required => "staff.step_up_required",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::Required => serde_json::Map::from_iter([("methods".to_owned(), STEP_UP_METHODS.into())]),
            Self::Db(_) => serde_json::Map::new(),
        }
    }
}

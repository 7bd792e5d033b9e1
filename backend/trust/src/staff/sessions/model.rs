use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
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
        SecondFactorChanged = "second_factor_changed",
        Disabled = "disabled",
        Expired = "expired",
        Idle = "idle",
        EndedByOwner = "ended_by_owner",
        EndedByAdmin = "ended_by_admin",
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
    /// What the authenticator shows, where there is a second factor; without it the answer is a challenge.
    #[validate(length(equal = 6, code = "text.length"))]
    #[schema(min_length = 6, max_length = 6, example = "287082")]
    pub code: Option<String>,
    /// One of the codes on paper, in place of `code`.
    #[validate(length(min = 16, max = 40, code = "text.length"))]
    #[schema(min_length = 16, max_length = 40, example = "abcd-efgh-ijkl-mnop")]
    pub recovery_code: Option<String>,
}

/// The second half of signing in: the challenge of the first, and one of the codes.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorSignIn {
    #[validate(length(min = 1, max = 2048, code = "text.length"))]
    #[schema(min_length = 1, max_length = 2048, example = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")]
    pub challenge: String,
    #[validate(length(equal = 6, code = "text.length"))]
    #[schema(min_length = 6, max_length = 6, example = "287082")]
    pub code: Option<String>,
    #[validate(length(min = 16, max = 40, code = "text.length"))]
    #[schema(min_length = 16, max_length = 40, example = "abcd-efgh-ijkl-mnop")]
    pub recovery_code: Option<String>,
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

/// What somebody shows once more to prove to be themselves: one of the `methods` of `staff.step_up_required`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// Of whoever has no second factor.
    #[validate(length(min = 1, max = 128, code = "text.length"))]
    #[schema(min_length = 1, max_length = 128, example = "Cardea-2026")]
    pub password: Option<String>,
    /// Of whoever has one.
    #[validate(length(equal = 6, code = "text.length"))]
    #[schema(min_length = 6, max_length = 6, example = "287082")]
    pub code: Option<String>,
    /// In place of `code`.
    #[validate(length(min = 16, max = 40, code = "text.length"))]
    #[schema(min_length = 16, max_length = 40, example = "abcd-efgh-ijkl-mnop")]
    pub recovery_code: Option<String>,
}

/// A session that has neither ended nor run out.
#[derive(Serialize, ToSchema)]
pub struct OpenSession {
    pub session_id: SessionId,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ip: String,
    /// Browser and system, as far as the program said.
    #[schema(example = "Chrome · Windows")]
    pub device: Option<String>,
    /// The one that asks.
    pub is_current: bool,
}

/// Open sessions, the one used last first.
#[derive(Serialize, ToSchema)]
pub struct OpenSessions {
    pub items: Vec<OpenSession>,
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
    /// From then on nothing but setting a second factor up is allowed; null where the role needs none.
    pub second_factor_due_at: Option<DateTime<Utc>>,
    pub second_factor_enrolled_at: Option<DateTime<Utc>>,
    /// Without a request for this long the session ends.
    #[schema(example = 15)]
    pub idle_minutes: i64,
    /// The bank's current business date.
    pub business_on: NaiveDate,
}

impl Me {
    pub(super) fn of(caller: Caller<AnySignedIn>, business_on: NaiveDate, idle_minutes: i64) -> Self {
        let Caller { staff, directory, .. } = caller;
        let entry = directory.staff.get(&staff.staff_id);
        Self {
            branch_name: directory.branch_name(staff.branch_id).unwrap_or_default().to_owned(),
            permissions: access::permissions_of(staff.role).to_vec(),
            classes: access::classes_of(staff.role),
            must_change_password: entry.is_some_and(|entry| entry.must_change_password),
            second_factor_due_at: entry.and_then(|entry| entry.second_factor_due_at),
            second_factor_enrolled_at: entry.and_then(|entry| entry.second_factor_enrolled_at),
            idle_minutes,
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
    pub last_failed_sign_in_at: Option<DateTime<Utc>>,
    pub last_sign_in_at: Option<DateTime<Utc>>,
    pub second_factor_enrolled_at: Option<DateTime<Utc>>,
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
    pub refreshed_at: Option<DateTime<Utc>>,
}

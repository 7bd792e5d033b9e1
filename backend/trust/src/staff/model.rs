use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind, PersonName};
use platform::{
    Role, Scope,
    ids::{BranchId, StaffId},
    schema::staff,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;
use web::{Precondition, free_text};

use super::sessions::{SessionError, StepUpError};
use crate::approvals::{Approval, ApprovalError};

/// A member of staff. The password hash is not part of it.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = staff)]
pub struct Staff {
    pub staff_id: StaffId,
    #[schema(example = "R0001")]
    pub staff_no: String,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    pub branch_id: BranchId,
    pub is_active: bool,
    pub must_change_password: bool,
    pub locked_until: Option<DateTime<Utc>>,
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// From then on nothing but setting one up is allowed; null where the role needs none.
    pub second_factor_due_at: Option<DateTime<Utc>>,
    pub second_factor_enrolled_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StaffFilter {
    pub branch_id: Option<BranchId>,
    pub role: Option<Role>,
    pub is_active: Option<bool>,
    /// The beginning of a staff number, or a part of a name.
    #[validate(length(min = 1, max = 40, code = "text.length"))]
    #[param(min_length = 1, max_length = 40)]
    pub q: Option<String>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// Somebody to be employed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStaff {
    #[validate(
        length(min = 2, max = 16, code = "text.length"),
        custom(function = "plain_number", code = "staff.staff_no")
    )]
    #[schema(min_length = 2, max_length = 16, pattern = "^[A-Z0-9]{2,16}$", example = "R0042")]
    pub staff_no: String,
    #[validate(custom(function = "free_text::name"))]
    #[schema(value_type = String, min_length = 1, max_length = 60, example = "林静怡")]
    pub name: PersonName,
    pub role: Role,
    /// The role's usual scope unless named.
    pub scope: Option<Scope>,
    pub branch_id: BranchId,
    /// For whoever approves it: why, and what it rests on.
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "录用通知已核对")]
    pub evidence_note: Option<String>,
}

fn plain_number(text: &str) -> Result<(), validator::ValidationError> {
    let is_plain = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if is_plain { Ok(()) } else { Err(validator::ValidationError::new("staff.staff_no")) }
}

/// Changes to a member of staff: absent fields stay.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffPatch {
    #[validate(custom(function = "free_text::name"))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub name: Option<PersonName>,
    pub role: Option<Role>,
    pub scope: Option<Scope>,
    pub branch_id: Option<BranchId>,
    pub is_active: Option<bool>,
    /// For whoever approves other powers: why, and what it rests on.
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "岗位调整通知已核对")]
    pub evidence_note: Option<String>,
}

/// A new member of staff and the password to hand over; it is shown this once.
#[derive(Serialize, ToSchema)]
pub struct Employed {
    pub staff: Staff,
    #[schema(example = "k7mt-w3qa-n9xd-p2ve-h4zb")]
    pub initial_password: String,
    /// What must be approved before they may sign in.
    pub approval: Option<Approval>,
}

/// A password to hand over; it is shown this once.
#[derive(Serialize, ToSchema)]
pub struct InitialPassword {
    #[schema(example = "k7mt-w3qa-n9xd-p2ve-h4zb")]
    pub initial_password: String,
}

/// A relationship manager, for pickers.
#[derive(Debug, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = staff)]
pub struct Manager {
    pub staff_id: StaffId,
    pub staff_no: String,
    pub name: String,
    pub branch_id: BranchId,
}

/// Relationship managers, for pickers.
#[derive(Serialize, ToSchema)]
pub struct Managers {
    pub items: Vec<Manager>,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ManagerFilter {
    pub branch_id: Option<BranchId>,
}

#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    #[error("no such member of staff")]
    Missing,
    #[error("the staff number is taken")]
    NumberTaken,
    #[error("no such branch")]
    BranchMissing,
    #[error("nobody may change their own role, scope or activity")]
    Oneself,
    #[error("somebody works here already")]
    AlreadyFounded,
    #[error("no password could be made")]
    Password,
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    #[error(transparent)]
    Precondition(#[from] Precondition),
    #[error(transparent)]
    StepUp(#[from] StepUpError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for StaffError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::NumberTaken | Self::Oneself | Self::AlreadyFounded => Kind::Conflict,
            Self::BranchMissing => Kind::Invalid,
            Self::Password => Kind::Internal,
            Self::Approval(error) => error.kind(),
            Self::Precondition(error) => error.kind(),
            Self::StepUp(error) => error.kind(),
            Self::Session(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "staff.missing",
            Self::NumberTaken => "staff.staff_no_taken",
            Self::BranchMissing => "branches.missing",
            Self::Oneself => "staff.oneself",
            Self::AlreadyFounded => "staff.already_founded",
            Self::Password => "internal",
            Self::Approval(error) => error.code(),
            Self::Precondition(error) => error.code(),
            Self::StepUp(error) => error.code(),
            Self::Session(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::Approval(error) => error.params(),
            Self::StepUp(error) => error.params(),
            _ => serde_json::Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::NumberTaken => vec![FieldFault::new("/staff_no", self.code())],
            Self::BranchMissing => vec![FieldFault::new("/branch_id", self.code())],
            Self::Approval(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{ids::BranchId, schema::branches};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use web::{Precondition, free_text};

platform::vocabulary! {
    /// A branch's level in the tree.
    pub enum BranchKind { HeadOffice = "head_office", City = "city", Branch = "branch" }
}

/// One place of the bank.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = branches)]
pub struct Branch {
    pub branch_id: BranchId,
    #[schema(example = "HZ01")]
    pub code: String,
    #[schema(example = "钱江新城支行")]
    pub name: String,
    pub kind: BranchKind,
    pub parent_id: Option<BranchId>,
    pub city: Option<String>,
    pub is_open: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The whole tree that the caller may see.
#[derive(Serialize, ToSchema)]
pub struct BranchTree {
    pub items: Vec<Branch>,
}

/// A branch to be opened.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBranch {
    #[validate(length(min = 1, max = 16, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 16, example = "HZ09")]
    pub code: String,
    #[validate(length(min = 1, max = 60, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 60, example = "西溪支行")]
    pub name: String,
    pub kind: BranchKind,
    pub parent_id: BranchId,
    #[validate(length(max = 40, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(max_length = 40, example = "杭州")]
    pub city: Option<String>,
}

/// Changes to a branch: absent fields stay.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchPatch {
    #[validate(length(min = 1, max = 60, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    #[validate(length(max = 40, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(max_length = 40)]
    pub city: Option<String>,
    pub is_open: Option<bool>,
    pub parent_id: Option<BranchId>,
}

#[derive(Debug, thiserror::Error)]
pub enum BranchError {
    #[error("no such branch")]
    Missing,
    #[error("the code is taken")]
    CodeTaken,
    #[error("the parent is not one level up")]
    ParentNotAbove,
    #[error("the branch still has open branches below it or active staff")]
    StillInUse,
    #[error(transparent)]
    Precondition(#[from] Precondition),
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for BranchError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::CodeTaken | Self::StillInUse => Kind::Conflict,
            Self::ParentNotAbove => Kind::Invalid,
            Self::Precondition(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "branches.missing",
            Self::CodeTaken => "branches.code_taken",
            Self::ParentNotAbove => "branches.parent_not_above",
            Self::StillInUse => "branches.still_in_use",
            Self::Precondition(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::CodeTaken => vec![FieldFault::new("/code", self.code())],
            Self::ParentNotAbove => vec![FieldFault::new("/parent_id", self.code())],
            Self::StillInUse => vec![FieldFault::new("/is_open", self.code())],
            _ => Vec::new(),
        }
    }
}

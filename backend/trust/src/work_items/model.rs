use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};
use platform::{
    ids::{BranchId, CardholderId, StaffId},
    schema::work_items,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;
use web::{Permission, Span};

platform::vocabulary! {
    /// What waits.
    pub enum WorkKind {
        BreakGlassReview = "break_glass_review",
        Approval = "approval",
        SubjectRequest = "subject_request",
    }
}

platform::vocabulary! {
    /// Which part of the inbox.
    pub enum WorkShare {
        /// Everything the caller may take.
        Open = "open",
        /// What the caller has taken.
        Mine = "mine",
        /// What nobody has taken.
        Unclaimed = "unclaimed",
    }
}

/// A row of the inbox.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = work_items)]
pub struct WorkItem {
    pub kind: WorkKind,
    /// The thing's own id in its own table.
    pub item_id: Uuid,
    pub cardholder_id: Option<CardholderId>,
    pub branch_id: BranchId,
    /// Who may take it.
    pub permission: Permission,
    /// Who brought it about and therefore may not take it.
    pub maker_id: Option<StaffId>,
    /// 1 is the most urgent, 4 the least.
    #[schema(minimum = 1, maximum = 4)]
    pub priority: i16,
    /// What a sentence about it needs: codes and figures, never personal data.
    #[schema(value_type = Object)]
    pub params: Value,
    pub created_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub claimed_by: Option<StaffId>,
    pub claimed_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub done_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub done_by: Option<StaffId>,
}

/// A thing about to wait for somebody.
#[derive(Debug, Clone)]
pub struct NewWorkItem {
    pub kind: WorkKind,
    pub item_id: Uuid,
    pub cardholder_id: Option<CardholderId>,
    pub branch_id: BranchId,
    pub permission: Permission,
    pub maker_id: Option<StaffId>,
    pub priority: i16,
    pub params: Value,
    pub due_at: DateTime<Utc>,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkItemFilter {
    pub kind: Option<WorkKind>,
    #[param(inline)]
    pub share: Option<WorkShare>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// What to take next.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeNext {
    pub kind: Option<WorkKind>,
}

/// How much of one kind waits.
#[derive(Debug, Clone, QueryableByName, Serialize, ToSchema)]
pub struct WorkCount {
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub kind: WorkKind,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub open_count: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub mine_count: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub overdue_count: i64,
}

/// How much waits, by kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkCounts {
    pub items: Vec<WorkCount>,
}

/// Where a page of the inbox starts: by due date.
pub(super) type Position = (DateTime<Utc>, WorkKind, Uuid);

/// Who looks into the inbox.
#[derive(Debug, Clone)]
pub(super) struct Worker {
    pub staff_id: StaffId,
    pub branch_id: BranchId,
    pub span: Span,
    pub permissions: &'static [Permission],
}

impl Worker {
    /// Whether this item is for this person.
    pub(super) fn may_take(&self, item: &WorkItem) -> bool {
        let is_near = match &self.span {
            Span::Bank => true,
            Span::Branches(branches) => branches.binary_search(&item.branch_id).is_ok(),
            Span::Managed(_) => item.branch_id == self.branch_id,
        };
        is_near && item.maker_id != Some(self.staff_id) && self.permissions.contains(&item.permission)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum WorkItemError {
    #[error("no such item for this caller")]
    Missing,
    #[error("somebody else has taken it")]
    Taken,
    #[error("nothing is waiting")]
    NothingWaits,
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for WorkItemError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing | Self::NothingWaits => Kind::Missing,
            Self::Taken => Kind::Conflict,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "work_items.missing",
            Self::Taken => "work_items.taken",
            Self::NothingWaits => "work_items.nothing_waits",
            Self::Db(error) => error.code(),
        }
    }
}

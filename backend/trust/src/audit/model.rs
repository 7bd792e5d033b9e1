use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::{
    Role,
    ids::{AuditId, BranchId, CardholderId, StaffId},
    schema::audit_entries,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;
use web::Sight;

platform::vocabulary! {
    /// How what was tried ended.
    pub enum Outcome { Done = "done", Refused = "refused", Failed = "failed" }
}

platform::vocabulary! {
    /// What kind of actor it was.
    pub enum ActorKind { Staff = "staff", System = "system", Anonymous = "anonymous" }
}

/// One line of the audit trail.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = audit_entries)]
pub struct AuditEntry {
    pub occurred_at: DateTime<Utc>,
    pub audit_id: AuditId,
    /// What was done: `slice.verb`.
    #[schema(example = "cardholders.create")]
    pub action: String,
    pub outcome: Outcome,
    pub actor_kind: ActorKind,
    pub staff_id: Option<StaffId>,
    pub staff_no: Option<String>,
    pub role: Option<Role>,
    pub branch_id: Option<BranchId>,
    pub ip: Option<String>,
    pub trace_id: Option<String>,
    pub object_kind: Option<String>,
    pub object_id: Option<Uuid>,
    pub cardholder_id: Option<CardholderId>,
    pub purpose: Option<String>,
    /// Before and after of each changed field, sensitive ones masked.
    #[schema(value_type = Option<Object>)]
    pub changes: Option<serde_json::Value>,
}

impl AuditEntry {
    /// Without the changes of fields that the reader does not see.
    pub(super) fn seen_with(mut self, sight: Sight) -> Self {
        if let Some(serde_json::Value::Object(changes)) = &mut self.changes {
            changes.retain(|field, _| sight.sees_everywhere(field));
        }
        self
    }
}

/// Which part of the trail.
#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// `slice.verb`, exactly.
    #[validate(length(max = 80, code = "text.length"))]
    #[param(max_length = 80)]
    pub action: Option<String>,
    pub staff_id: Option<StaffId>,
    pub cardholder_id: Option<CardholderId>,
    pub occurred_from: Option<DateTime<Utc>>,
    pub occurred_to: Option<DateTime<Utc>>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

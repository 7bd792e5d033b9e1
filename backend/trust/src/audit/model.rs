use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};
use platform::{
    DbError, Role,
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
    /// `slice.verb` exactly, or `slice.` for everything of a slice.
    #[validate(length(max = 80, code = "text.length"))]
    #[param(max_length = 80)]
    pub action: Option<String>,
    pub staff_id: Option<StaffId>,
    pub cardholder_id: Option<CardholderId>,
    /// What it was done to: an account, a grant, a job.
    pub object_id: Option<Uuid>,
    #[param(inline)]
    pub outcome: Option<Outcome>,
    #[param(inline)]
    pub role: Option<Role>,
    /// The branch of whoever did it.
    pub branch_id: Option<BranchId>,
    #[validate(length(max = 45, code = "text.length"))]
    #[param(max_length = 45)]
    pub ip: Option<String>,
    #[validate(length(max = 64, code = "text.length"))]
    #[param(max_length = 64)]
    pub trace_id: Option<String>,
    pub occurred_from: Option<DateTime<Utc>>,
    pub occurred_to: Option<DateTime<Utc>>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// Days that a question may span which no index answers.
const DAYS_MAX: i64 = 31;

impl AuditFilter {
    /// Refuses a question that would read the whole trail: a slice's prefix, a role, a branch or an address asks for a span of
    /// time, unless something else in the filter leads to few rows.
    pub fn admit(&self) -> Result<(), AuditError> {
        let is_exact = self.action.as_ref().is_some_and(|action| !action.ends_with('.'));
        let is_led = is_exact
            || self.staff_id.is_some()
            || self.cardholder_id.is_some()
            || self.object_id.is_some()
            || self.trace_id.is_some();
        let is_wide =
            self.action.is_some() || self.role.is_some() || self.branch_id.is_some() || self.ip.is_some();
        let span = self.occurred_from.zip(self.occurred_to).map(|(from, to)| to - from);
        let is_short = span.is_some_and(|span| span <= chrono::TimeDelta::days(DAYS_MAX));
        if is_led || !is_wide || is_short { Ok(()) } else { Err(AuditError::RangeRequired) }
    }
}

/// One look at a cardholder, or one thing done to them: who, when, why.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = audit_entries)]
pub struct AccessLine {
    pub occurred_at: DateTime<Utc>,
    pub audit_id: AuditId,
    pub action: String,
    pub outcome: Outcome,
    pub actor_kind: ActorKind,
    pub staff_id: Option<StaffId>,
    pub staff_no: Option<String>,
    pub role: Option<Role>,
    pub branch_id: Option<BranchId>,
    pub purpose: Option<String>,
    /// The grant that opened the record, where one did.
    pub object_kind: Option<String>,
    pub object_id: Option<Uuid>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("this question needs a span of time")]
    RangeRequired,
    #[error("the purpose is no word")]
    PurposeInvalid,
    #[error("the audit trail could not be written, so nothing is answered")]
    NotWritten(#[source] DbError),
    #[error("no such anomaly within reach")]
    AnomalyMissing,
    #[error("the anomaly has been judged")]
    AnomalyReviewed,
    #[error("nobody judges themselves")]
    OwnAnomaly,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for AuditError {
    fn kind(&self) -> Kind {
        match self {
            Self::RangeRequired | Self::PurposeInvalid => Kind::Malformed,
            Self::NotWritten(_) => Kind::Busy,
            Self::AnomalyMissing => Kind::Missing,
            Self::AnomalyReviewed => Kind::Conflict,
            Self::OwnAnomaly => Kind::Forbidden,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::RangeRequired => "audit.range_required",
            Self::PurposeInvalid => "audit.purpose_invalid",
            Self::NotWritten(_) => "audit.not_written",
            Self::AnomalyMissing => "audit.anomaly_missing",
            Self::AnomalyReviewed => "audit.anomaly_reviewed",
            Self::OwnAnomaly => "audit.own_anomaly",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::RangeRequired => serde_json::Map::from_iter([("days_max".to_owned(), DAYS_MAX.into())]),
            _ => serde_json::Map::new(),
        }
    }
}

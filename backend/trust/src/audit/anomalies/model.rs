use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use platform::{
    ids::{AnomalyId, BranchId, CardholderId, StaffId},
    schema::audit_anomalies,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;
use web::free_text;

platform::vocabulary! {
    /// What is out of the ordinary.
    pub enum AnomalyKind {
        /// Many look-ups in one hour for whose cardholders nothing was done that day, against the person's own habit.
        BusyHour = "busy_hour",
        /// Many in one day, likewise.
        BusyDay = "busy_day",
        /// Look-ups between nine in the evening and seven in the morning.
        Night = "night",
        /// Cardholders of branches outside the person's own part of the bank, opened by break-glass.
        OtherBranch = "other_branch",
        /// A cardholder who bears the name of somebody of the same branch's staff, or of the person themselves.
        PossibleColleague = "possible_colleague",
        /// Many refusals.
        Refusals = "refusals",
        /// The day's quota of reveals was nearly or wholly used.
        RevealQuota = "reveal_quota",
    }
}

platform::vocabulary! {
    /// What the auditor found.
    pub enum AnomalyVerdict { Harmless = "harmless", Suspicious = "suspicious" }
}

/// One finding: one person, one day, one kind.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = audit_anomalies)]
pub struct AuditAnomaly {
    pub anomaly_id: AnomalyId,
    pub kind: AnomalyKind,
    pub staff_id: StaffId,
    /// The person's branch on that day.
    pub branch_id: BranchId,
    /// Where the finding is about one cardholder.
    pub cardholder_id: Option<CardholderId>,
    pub happened_on: NaiveDate,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// What was counted, and what is usual: the parameters of the client's sentence.
    #[schema(value_type = Object)]
    pub params: serde_json::Value,
    pub found_at: DateTime<Utc>,
    pub verdict: Option<AnomalyVerdict>,
    pub reviewed_by: Option<StaffId>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub review_note: Option<String>,
}

/// A finding with the names that a list shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnomalyLine {
    #[serde(flatten)]
    pub anomaly: AuditAnomaly,
    pub staff_no: Option<String>,
    pub staff_name: Option<String>,
    pub branch_name: Option<String>,
    pub reviewer_name: Option<String>,
    /// Whether the caller may judge it.
    pub is_reviewable: bool,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AnomalyFilter {
    #[param(inline)]
    pub kind: Option<AnomalyKind>,
    pub staff_id: Option<StaffId>,
    pub happened_from: Option<NaiveDate>,
    /// This day too.
    pub happened_to: Option<NaiveDate>,
    pub is_reviewed: Option<bool>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// A judgement.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnomalyReview {
    pub verdict: AnomalyVerdict,
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "本人办理业务，已与网点核对")]
    pub review_note: String,
}

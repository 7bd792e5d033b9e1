use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};
use platform::{
    ids::{BranchId, CardholderId, GrantId, StaffId},
    schema::break_glass_grants,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;
use web::free_text;

/// How long a record stays open, in minutes.
pub(super) const MINUTES_DEFAULT: u16 = 60;
pub(super) const MINUTES_MAX: u16 = 240;
/// Records that one person may open within 24 hours.
pub(super) const GRANTS_PER_DAY: i64 = 10;
/// Days within which a grant is to be judged.
pub(super) const REVIEW_DAYS: i64 = 7;

platform::vocabulary! {
    /// Why another branch's record had to be opened.
    pub enum BreakGlassReason {
        WalkIn = "walk_in",
        FraudInvestigation = "fraud_investigation",
        EmergencyBlock = "emergency_block",
        Complaint = "complaint",
        LegalRequest = "legal_request",
    }
}

platform::vocabulary! {
    /// What the reviewer found.
    pub enum Verdict { Justified = "justified", Questionable = "questionable" }
}

/// One record opened in an emergency.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = break_glass_grants)]
pub struct BreakGlassGrant {
    pub grant_id: GrantId,
    pub staff_id: StaffId,
    pub staff_branch_id: BranchId,
    pub cardholder_id: CardholderId,
    /// The cardholder's home branch at that time.
    pub branch_id: BranchId,
    pub reason: BreakGlassReason,
    pub note: String,
    pub granted_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub verdict: Option<Verdict>,
    pub reviewed_by: Option<StaffId>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub review_note: Option<String>,
}

/// A grant with the names that a list shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BreakGlassLine {
    #[serde(flatten)]
    pub grant: BreakGlassGrant,
    pub staff_name: Option<String>,
    pub staff_branch_name: Option<String>,
    pub branch_name: Option<String>,
    pub reviewer_name: Option<String>,
    #[schema(example = "C1002834107")]
    pub customer_no: Option<String>,
    /// Whether the caller may judge it.
    pub is_reviewable: bool,
}

/// A wish to open a record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBreakGlassGrant {
    /// Exactly: nobody browses another branch.
    #[validate(length(min = 4, max = 32, code = "text.length"))]
    #[schema(min_length = 4, max_length = 32, example = "C1002834107")]
    pub customer_no: String,
    pub reason: BreakGlassReason,
    #[validate(length(min = 10, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 10, max_length = 500, example = "持卡人在本网点柜台，卡片遗失，需核对账户状态")]
    pub note: String,
    #[validate(range(min = 5, max = 240, code = "number.range"))]
    #[schema(minimum = 5, maximum = 240)]
    pub minutes: Option<u16>,
}

/// A judgement.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakGlassReview {
    pub verdict: Verdict,
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "柜台登记簿有此笔业务")]
    pub review_note: String,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BreakGlassFilter {
    pub granted_from: Option<DateTime<Utc>>,
    /// Before.
    pub granted_to: Option<DateTime<Utc>>,
    pub is_reviewed: Option<bool>,
    pub staff_id: Option<StaffId>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum BreakGlassError {
    #[error("no such grant, or no such cardholder")]
    Missing,
    #[error("the cardholder is within the caller's reach already")]
    WithinReach,
    #[error("too many records opened within a day")]
    TooMany { retry_after_seconds: i64 },
    #[error("the grant has been judged")]
    Reviewed,
    #[error("nobody judges their own grant")]
    OwnGrant,
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for BreakGlassError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::WithinReach | Self::Reviewed => Kind::Conflict,
            Self::OwnGrant => Kind::Forbidden,
            Self::TooMany { .. } => Kind::TooMany,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "break_glass.missing",
            Self::WithinReach => "break_glass.within_reach",
            Self::Reviewed => "break_glass.reviewed",
            Self::OwnGrant => "break_glass.own_grant",
            Self::TooMany { .. } => "break_glass.too_many",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::TooMany { retry_after_seconds } => serde_json::Map::from_iter([(
                "retry_after_seconds".to_owned(),
                (*retry_after_seconds).into(),
            )]),
            _ => serde_json::Map::new(),
        }
    }
}

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use kernel::{Fault, Kind};
use platform::{
    DbError,
    ids::{JobId, RetentionRunId, StaffId},
    jobs::JobState,
    schema::{retention_results, retention_runs},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::rules::{self, Period, Rule};
use crate::staff::StepUpError;

platform::vocabulary! {
    /// Why rows are kept as long as they are.
    pub enum RetentionGround {
        /// Anti-money-laundering law, article 34.
        AmlLaw = "aml_law",
        /// What proves that personal information was handled rightly (personal information law).
        PrivacyLaw = "privacy_law",
        Security = "security",
        Operation = "operation",
        PurposeEnded = "purpose_ended",
        /// Whoever made a row said when it ends.
        OwnTime = "own_time",
    }
}

platform::vocabulary! {
    /// What happens when the time is over: a walk deletes it, something else does so by itself, or it stays.
    pub enum RetentionEnd { Delete = "delete", Owner = "owner", Keep = "keep" }
}

platform::vocabulary! {
    /// What a period is counted in.
    pub enum RetentionUnit { Day = "day", Year = "year" }
}

platform::vocabulary! {
    /// Why a table has no period.
    pub enum KeptReason {
        /// One row for each thing there is; it goes with the thing and does not pile up.
        Current = "current",
        /// Who somebody is: it goes with an erasure, once the law lets it.
        Cardholder = "cardholder",
        /// It follows an account or a card, under an id that leads to nobody after an erasure.
        Ledger = "ledger",
        /// It proves who did what.
        Accountability = "accountability",
        /// It says that somebody was erased.
        Tombstone = "tombstone",
    }
}

/// How long one table keeps its rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRule {
    #[schema(example = "staff_sessions")]
    pub table_name: String,
    /// The column that a row's age is counted from.
    #[schema(example = "expires_at")]
    pub counted_from: String,
    /// Absent where each row has an end of its own, or where the trail is kept for good.
    pub period: Option<u32>,
    pub unit: RetentionUnit,
    pub ground: RetentionGround,
    pub end: RetentionEnd,
    /// What ends such rows by itself.
    #[schema(example = "files.expire")]
    pub owner: Option<String>,
    /// Rows of a cardholder under a legal hold stay.
    pub is_held_back: bool,
}

impl RetentionRule {
    pub(super) fn of(rule: &Rule, trail_years: u16) -> Self {
        let (period, unit) = match rule.period {
            Period::Days(days) => (Some(days), RetentionUnit::Day),
            Period::Years(years) => (Some(years), RetentionUnit::Year),
            Period::RowsOwn => (None, RetentionUnit::Day),
            Period::Configured => (Some(trail_years.into()).filter(|years| *years > 0), RetentionUnit::Year),
        };
        let (end, owner, is_held_back) = match rule.end {
            rules::End::Delete(deletion) => (RetentionEnd::Delete, None, deletion.is_held_back),
            rules::End::Owner(owner) => (RetentionEnd::Owner, Some(owner.to_owned()), false),
            rules::End::Keep => (RetentionEnd::Keep, None, false),
        };
        Self {
            table_name: rule.table.to_owned(),
            counted_from: rule.age.column().to_owned(),
            period,
            unit,
            ground: rule.ground,
            end,
            owner,
            is_held_back,
        }
    }
}

/// A table that has no period, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptTable {
    #[schema(example = "erased_cardholders")]
    pub table_name: String,
    pub reason: KeptReason,
}

/// Every table of the bank: how long it keeps its rows, or why it keeps them for good.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRules {
    pub rules: Vec<RetentionRule>,
    pub kept: Vec<KeptTable>,
}

impl RetentionRules {
    pub(super) fn standing(trail_years: u16) -> Self {
        let kept = |(table, reason): &(&str, KeptReason)| KeptTable {
            table_name: (*table).to_owned(),
            reason: *reason,
        };
        Self {
            rules: rules::RULES.iter().map(|rule| RetentionRule::of(rule, trail_years)).collect(),
            kept: rules::KEPT.iter().map(kept).collect(),
        }
    }
}

/// A walk over the rules that somebody wants.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionWish {
    /// Counts only.
    pub is_dry_run: bool,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RetentionRunFilter {
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// A walk as it is kept.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = retention_runs)]
pub(super) struct RunRow {
    pub run_id: RetentionRunId,
    pub is_dry_run: bool,
    pub run_on: NaiveDate,
    pub job_id: JobId,
    pub created_by: Option<StaffId>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A walk over the rules, and what it came to in all.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub struct RetentionRun {
    #[diesel(sql_type = SqlUuid)]
    pub run_id: RetentionRunId,
    #[diesel(sql_type = Bool)]
    pub is_dry_run: bool,
    /// The bank's day whose rules it goes by.
    #[diesel(sql_type = Date)]
    pub run_on: NaiveDate,
    #[diesel(sql_type = Text)]
    pub status: JobState,
    /// Who asked for it; absent where it is the nightly count.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(example = "A0001")]
    pub staff_no: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    pub job_id: JobId,
    #[diesel(sql_type = BigInt)]
    pub due_count: i64,
    #[diesel(sql_type = BigInt)]
    pub held_count: i64,
    #[diesel(sql_type = BigInt)]
    pub deleted_count: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub finished_at: Option<DateTime<Utc>>,
}

/// What a walk found in one table.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = retention_results)]
pub struct RetentionResult {
    #[serde(skip)]
    pub run_id: RetentionRunId,
    pub table_name: String,
    /// Rows whose time is over.
    pub due_count: i64,
    /// Those of them that a legal hold keeps.
    pub held_count: i64,
    /// Rows deleted so far.
    pub deleted_count: i64,
    /// The day of the oldest row there was.
    pub oldest_on: Option<NaiveDate>,
}

/// A walk with what it found, table by table.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionReport {
    pub run: RetentionRun,
    pub results: Vec<RetentionResult>,
}

#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    #[error("no such run")]
    Missing,
    #[error("nobody has looked today at what would be deleted")]
    NoDryRun,
    #[error("a run is under way")]
    Running,
    #[error(transparent)]
    StepUp(#[from] StepUpError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for RetentionError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::NoDryRun | Self::Running => Kind::Conflict,
            Self::StepUp(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "retention.missing",
            Self::NoDryRun => "retention.no_dry_run",
            Self::Running => "retention.running",
            Self::StepUp(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> serde_json::Map<String, serde_json::Value> {
        match self {
            Self::StepUp(error) => error.params(),
            _ => serde_json::Map::new(),
        }
    }
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};
use platform::{
    ids::{JobId, StaffId},
    jobs::JobState,
    schema::jobs,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// One job, without its payload.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = jobs)]
pub struct JobStatus {
    pub job_id: JobId,
    #[schema(example = "sources.import_berka")]
    pub kind: String,
    pub status: JobState,
    pub attempts: i32,
    pub attempts_max: i32,
    pub progress_done: i64,
    pub progress_total: Option<i64>,
    #[schema(value_type = Option<Object>)]
    pub result: Option<serde_json::Value>,
    /// Why the last attempt did not succeed.
    pub error_code: Option<String>,
    pub is_cancel_requested: bool,
    pub created_by: Option<StaffId>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl JobStatus {
    /// Whether it waits or runs.
    pub fn is_live(&self) -> bool {
        matches!(self.status, JobState::Queued | JobState::Running)
    }
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobFilter {
    pub status: Option<JobState>,
    #[validate(length(max = 80, code = "text.length"))]
    #[param(max_length = 80)]
    pub kind: Option<String>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    #[error("no such job")]
    Missing,
    #[error("the job has ended")]
    Ended,
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for JobsError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Ended => Kind::Conflict,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "jobs.missing",
            Self::Ended => "jobs.ended",
            Self::Db(error) => error.code(),
        }
    }
}

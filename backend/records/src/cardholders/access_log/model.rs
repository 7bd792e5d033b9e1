use serde::{Deserialize, Serialize};
use trust::audit::AccessLine;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// One line with the names that a page shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessLogLine {
    #[serde(flatten)]
    pub line: AccessLine,
    pub staff_name: Option<String>,
    pub branch_name: Option<String>,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessLogFilter {
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

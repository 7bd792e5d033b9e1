use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    ids::{StaffId, ViewId},
    schema::saved_views,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};
use web::{Precondition, free_text};

/// Views that one person keeps per page at most.
pub const VIEWS_MAX: i64 = 50;
/// Bytes of one view's query at most.
const QUERY_BYTES_MAX: usize = 4_096;
/// The largest number in a query: 2^53 - 1.
const NUMBER_MAX: f64 = 9_007_199_254_740_991.0;

platform::vocabulary! {
    /// Pages that keep views.
    pub enum ViewPage { Cardholders = "cardholders" }
}

/// A page's filters, sort and columns under a name.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = saved_views)]
pub struct SavedView {
    #[serde(skip)]
    pub staff_id: StaffId,
    pub view_id: ViewId,
    pub page: ViewPage,
    pub name: String,
    #[schema(value_type = Object)]
    pub query: Value,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The views of one page, oldest first.
#[derive(Serialize, ToSchema)]
pub struct SavedViews {
    pub items: Vec<SavedView>,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ViewFilter {
    pub page: ViewPage,
}

/// A view to be saved.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    pub page: ViewPage,
    #[validate(length(min = 1, max = 40, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 40, example = "我的沉睡客户")]
    pub name: String,
    #[validate(custom(function = "small"))]
    #[schema(value_type = Object)]
    pub query: Map<String, Value>,
}

/// Changes to a view: absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewPatch {
    #[validate(length(min = 1, max = 40, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 40)]
    pub name: Option<String>,
    #[validate(custom(function = "small"))]
    #[schema(value_type = Option<Object>)]
    pub query: Option<Map<String, Value>>,
}

/// Small, and without a number that identifies: what is looked for is not what is kept.
fn small(query: &Map<String, Value>) -> Result<(), ValidationError> {
    let text = serde_json::to_string(query).unwrap_or_default();
    if text.len() > QUERY_BYTES_MAX {
        return Err(ValidationError::new("views.query_too_large"));
    }
    if !query.values().all(is_readable) {
        return Err(ValidationError::new("field.invalid"));
    }
    free_text::note(&text)
}

/// Whether every number in it comes back as it went in: PostgreSQL writes out all digits of the largest ones, and the parser
/// refuses those. No filter needs a number that a browser can't count to.
fn is_readable(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() <= NUMBER_MAX),
        Value::Array(items) => items.iter().all(is_readable),
        Value::Object(fields) => fields.values().all(is_readable),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error("no such view")]
    Missing,
    #[error("a view of that name exists")]
    NameTaken,
    #[error("too many views")]
    TooMany,
    #[error(transparent)]
    Precondition(#[from] Precondition),
    #[error(transparent)]
    Db(#[from] platform::DbError),
}

impl Fault for ViewError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::NameTaken | Self::TooMany => Kind::Conflict,
            Self::Precondition(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "views.missing",
            Self::NameTaken => "views.name_taken",
            Self::TooMany => "views.too_many",
            Self::Precondition(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::NameTaken => vec![FieldFault::new("/name", self.code())],
            _ => Vec::new(),
        }
    }
}

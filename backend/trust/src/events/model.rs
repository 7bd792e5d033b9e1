use std::fmt::{self, Display, Formatter};

use kernel::{Fault, Kind};
use platform::DbError;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// How a stream is read.
#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Waits for more; otherwise the stream ends once it has told what is there.
    pub is_waiting: Option<bool>,
}

/// One event of the stream, by the names that its lines have there.
#[derive(ToSchema)]
pub struct StreamEvent {
    /// What `Last-Event-ID` goes on after.
    #[schema(value_type = String, example = "50")]
    pub id: i64,
    /// What happened, in the words of `event_kind`, or `reset`.
    #[schema(example = "job")]
    pub event: String,
    /// Ids and codes of what happened, as JSON.
    #[schema(
        content_media_type = "application/json",
        example = r#"{"work_item_id":"0190a1b2-0000-7000-8000-000000000001"}"#
    )]
    pub data: String,
}

impl Display for StreamEvent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "id: {}\nevent: {}\ndata: {}\n\n", self.id, self.event, self.data)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    #[error("this person follows events from too many places")]
    TooMany,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for EventsError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooMany => Kind::TooMany,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::TooMany => "events.too_many",
            Self::Db(error) => error.code(),
        }
    }
}

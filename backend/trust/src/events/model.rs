use kernel::{Fault, Kind};
use platform::DbError;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

/// How a stream is read.
#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Waits for more; otherwise the stream ends once it has told what is there.
    pub is_waiting: Option<bool>,
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

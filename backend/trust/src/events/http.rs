use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, ContentEncoding},
    web::Data,
};
use futures_util::TryStreamExt;
use platform::{Db, config::Config};
use tokio::time::Instant;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{AnyStaff, ApiResult, Caller, Directory, LimitedProblems, Query};

use super::{
    hub::EventHub,
    model::{EventQuery, StreamEvent},
    stream::{self, Reader},
};

const LAST_EVENT_ID: &str = "last-event-id";

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_events);
}

/// Events as they happen
///
/// A stream of server-sent events for the caller: `job` (one's own jobs, or all for who may see jobs) and `work_items` (an inbox
/// has changed). They carry ids and codes; what has changed is read where it is. `Last-Event-ID` goes on where a stream broke
/// off; `reset` says that too much has been missed. A stream ends with its access token or its session.
#[utoipa::path(
    tag = "events",
    params(EventQuery, ("Last-Event-ID" = Option<String>, Header, description = "The last id that was seen")),
    responses((status = 200, description = "The stream", body = StreamEvent, content_type = "text/event-stream"), LimitedProblems),
    security(("staff" = []))
)]
#[get("/events")]
async fn list_events(
    caller: Caller<AnyStaff>,
    (db, directory, hub, config): (Data<Db>, Data<Directory>, Data<EventHub>, Data<Config>),
    Query(query): Query<EventQuery>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let follower = hub.follow(caller.staff.staff_id)?;
    let (event_no, greeting) = stream::beginning(&db, last_event_id(&request)).await?;
    let (db, directory, staff) = (db.as_ref().clone(), directory.as_ref().clone(), caller.staff);
    let is_waiting = query.is_waiting.unwrap_or(false);
    let ends_at = Instant::now() + lifetime(&config);
    let reader = Reader { db, directory, staff, follower, event_no, is_waiting, ends_at, greeting };
    Ok(as_stream(reader))
}

/// An id that was not given here is as good as none.
fn last_event_id(request: &HttpRequest) -> Option<i64> {
    let text = request.headers().get(LAST_EVENT_ID)?.to_str().ok()?;
    text.trim().parse().ok().filter(|id| *id >= 0)
}

/// No stream outlives the token that it was opened with.
fn lifetime(config: &Config) -> Duration {
    Duration::from_secs(60 * config.sessions.access_token_minutes.unsigned_abs())
}

fn as_stream(reader: Reader) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // A compressor would wait for more.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("x-accel-buffering", "no"))
        .streaming(stream::lines(reader).map_ok(actix_web::web::Bytes::from))
}

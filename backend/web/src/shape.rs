//! The last hand on every answer: trace id, security headers, and one form for all that went wrong.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use kernel::{Fault, Kind};
use platform::Clock;

use crate::{ApiError, Problem, language, problem::Language};

/// Requests slower than this are logged.
const SLOW_MS: u128 = 1_000;
/// Seconds after which a client should try again when the database is away.
const RETRY_AFTER_SECONDS: &str = "2";
const PROBLEM_JSON: &str = "application/problem+json";

#[derive(Clone)]
struct TraceId(String);

/// The id under which this request is found in logs and audit rows.
pub(crate) fn trace_id_of(request: &HttpRequest) -> String {
    request.extensions().get::<TraceId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// There is nothing at this address.
#[derive(Debug, thiserror::Error)]
#[error("there is nothing here")]
pub struct NotFound(pub &'static str);

impl Fault for NotFound {
    fn kind(&self) -> Kind {
        Kind::Missing
    }

    fn code(&self) -> &str {
        self.0
    }
}

/// The default service of every API scope.
pub async fn not_found() -> Result<HttpResponse, ApiError> {
    Err(NotFound("request.unknown_route").into())
}

/// Wraps the whole application.
pub async fn shape(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let trace_id = trace_id_for(&request);
    request.extensions_mut().insert(TraceId(trace_id.clone()));
    let language = language::asked_for(request.get_header().as_ref());
    let response = next.call(request).await?.map_into_boxed_body();
    let mut response = as_problem(response, language, &trace_id);
    put_headers(&mut response, &trace_id);
    let elapsed = started.elapsed().as_millis();
    if elapsed > SLOW_MS {
        let path = response.request().match_pattern().unwrap_or_default();
        tracing::info!(%trace_id, method = %response.request().method(), path, status = response.status().as_u16(), elapsed_ms = elapsed, "slow request");
    }
    Ok(response)
}

/// The caller's W3C trace id where there is a usable one, else a new id.
fn trace_id_for(request: &ServiceRequest) -> String {
    let sent = request
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split('-').nth(1));
    match sent {
        Some(id) if id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()) => id.to_owned(),
        _ => request
            .app_data::<Data<Clock>>()
            .map(|clock| clock.new_id::<uuid::Uuid>().simple().to_string())
            .unwrap_or_default(),
    }
}

/// Gives every failure that is not yet a problem document its document.
fn as_problem(
    response: ServiceResponse<BoxBody>,
    language: Language,
    trace_id: &str,
) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let is_api = !response.request().path().starts_with("/docs");
    if !(status.is_client_error() || status.is_server_error()) || !is_api {
        return response;
    }
    let problem = match response.response().error().and_then(|error| error.as_error::<ApiError>()) {
        Some(error) => {
            log_internal(error, trace_id);
            Problem::of_fault(&*error.fault, language, trace_id.to_owned())
        }
        None => Problem::bare(status, code_of(status), language, trace_id.to_owned()),
    };
    let mut builder = HttpResponse::build(StatusCode::from_u16(problem.status).unwrap_or(status));
    builder.content_type(PROBLEM_JSON);
    for (name, value) in response.headers() {
        if name == header::ALLOW || name == header::WWW_AUTHENTICATE {
            builder.insert_header((name.clone(), value.clone()));
        }
    }
    match problem.status {
        401 => {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        429 => {
            let seconds = problem
                .params
                .get("retry_after_seconds")
                .map_or_else(|| RETRY_AFTER_SECONDS.to_owned(), ToString::to_string);
            builder.insert_header((header::RETRY_AFTER, seconds));
        }
        503 => {
            builder.insert_header((header::RETRY_AFTER, RETRY_AFTER_SECONDS));
        }
        _ => {}
    }
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    response.into_response(builder.body(body))
}

/// Our own mistakes are logged once, with what caused them; the caller sees a neutral sentence and the trace id.
fn log_internal(error: &ApiError, trace_id: &str) {
    if matches!(error.fault.kind(), Kind::Internal | Kind::Busy) {
        let mut causes = Vec::new();
        let mut source = error.fault.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        tracing::error!(%trace_id, code = error.fault.code(), error = %error.fault, causes = ?causes, "request failed");
    }
}

fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "request.malformed",
        404 => "request.unknown_route",
        405 => "request.method_not_allowed",
        408 => "request.timeout",
        413 => "request.too_large",
        415 => "request.unsupported_media_type",
        500.. => "internal",
        _ => "request.refused",
    }
}

/// Scripts come from our own origin only; styles may be inline because the component library writes them at run time.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
                   connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Two years, as browsers' lists of such sites ask for.
const STRICT_TRANSPORT: &str = "max-age=63072000; includeSubDomains";

fn put_headers(response: &mut ServiceResponse<BoxBody>, trace_id: &str) {
    let is_api = response.request().path().starts_with("/api/");
    // Told by whoever ends TLS before us; without TLS browsers would not listen to it.
    let is_secure = response.request().connection_info().scheme() == "https";
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 7] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, CSP),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT));
    }
    if is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(trace_id) {
        headers.insert(HeaderName::from_static("x-trace-id"), value);
    }
}

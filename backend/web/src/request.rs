//! Everything a request brings is parsed at the door: bodies, queries and paths, each with its problem document.

use std::{borrow::Cow, future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header,
    web::{self, Bytes, PathConfig},
};
use kernel::{Fault, FieldFault, Kind, years};
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::{ApiError, NotFound, secrets};

/// What is wrong with a request before any slice sees it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RequestFault {
    #[error("the body is not JSON")]
    MalformedJson { line: usize, column: usize },
    #[error("a field can't be read")]
    Unreadable(FieldFault),
    #[error("fields are not acceptable")]
    Invalid(Vec<FieldFault>),
    #[error("the caller's role does not see what is filtered by")]
    Withheld(Vec<FieldFault>),
    #[error("the content type is not application/json")]
    MediaType,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body did not arrive whole")]
    Incomplete,
    /// Never said where or which: that would repeat a part of it.
    #[error("the request carries what no bank may keep")]
    Secret,
}

impl RequestFault {
    /// The code of a filter by fields that the caller does not see.
    pub const WITHHELD: &str = "request.filter_withheld";
}

impl Fault for RequestFault {
    fn kind(&self) -> Kind {
        match self {
            Self::Withheld(_) => Kind::Forbidden,
            Self::Invalid(_) => Kind::Invalid,
            Self::MediaType => Kind::UnsupportedMedia,
            Self::TooLarge => Kind::TooLarge,
            Self::MalformedJson { .. } | Self::Unreadable(_) | Self::Incomplete | Self::Secret => {
                Kind::Malformed
            }
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::MalformedJson { .. } => "request.malformed_json",
            Self::Unreadable(_) => "request.unreadable_field",
            Self::Invalid(_) => "request.invalid_fields",
            Self::Withheld(_) => Self::WITHHELD,
            Self::MediaType => "request.unsupported_media_type",
            Self::TooLarge => "request.too_large",
            Self::Incomplete => "request.incomplete",
            Self::Secret => "card.secret_refused",
        }
    }

    fn params(&self) -> serde_json::Map<String, Value> {
        match self {
            Self::MalformedJson { line, column } => serde_json::Map::from_iter([
                ("line".to_owned(), (*line).into()),
                ("column".to_owned(), (*column).into()),
            ]),
            _ => serde_json::Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Unreadable(field) => vec![field.clone()],
            Self::Invalid(fields) | Self::Withheld(fields) => fields.clone(),
            _ => Vec::new(),
        }
    }
}

/// A JSON body, parsed and validated.
pub struct Valid<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(
                |value| {
                    value
                        .split(';')
                        .next()
                        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
                },
            );
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json {
                return Err(ApiError::from(RequestFault::MediaType).into());
            }
            let bytes = bytes.await.map_err(|error| ApiError::from(payload_fault(&error)))?;
            parse(&bytes).map(Valid).map_err(|fault| ApiError::from(fault).into())
        })
    }
}

fn payload_fault(error: &actix_web::Error) -> RequestFault {
    match error.as_error::<actix_web::error::PayloadError>() {
        Some(actix_web::error::PayloadError::Overflow) => RequestFault::TooLarge,
        _ if error.as_response_error().status_code() == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE => {
            RequestFault::TooLarge
        }
        _ => RequestFault::Incomplete,
    }
}

fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, RequestFault> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| RequestFault::MalformedJson { line: error.line(), column: error.column() })?;
    if secrets::carries_secret(&value) {
        return Err(RequestFault::Secret);
    }
    let mut at = String::new();
    if has_control_character(&value, &mut at) {
        return Err(RequestFault::Invalid(vec![FieldFault::new(at, "text.control_character")]));
    }
    let parsed: T = serde_path_to_error::deserialize(value)
        .map_err(|error| RequestFault::Unreadable(unreadable(&error)))?;
    parsed.validate().map_err(|errors| RequestFault::Invalid(flatten_validation(&errors)))?;
    Ok(parsed)
}

/// A part of a body that is a list's own filter, read as that list reads its query. `at` is where it stands in the body.
pub fn parse_part<T: DeserializeOwned + Validate>(part: &Value, at: &str) -> Result<T, RequestFault> {
    let moved = |mut fault: FieldFault| {
        fault.pointer.insert_str(0, at);
        fault
    };
    let parsed: T = serde_path_to_error::deserialize(part)
        .map_err(|error| RequestFault::Unreadable(moved(unreadable(&error))))?;
    parsed.validate().map_err(|errors| {
        RequestFault::Invalid(flatten_validation(&errors).into_iter().map(moved).collect())
    })?;
    Ok(parsed)
}

/// Text with control characters is refused whole: PostgreSQL can't keep NUL, and nobody means the others.
fn has_control_character(value: &Value, at: &mut String) -> bool {
    match value {
        Value::String(text) => text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')),
        Value::Array(items) => {
            items.iter().enumerate().any(|(index, item)| descend(item, at, &index.to_string()))
        }
        Value::Object(fields) => fields.iter().any(|(name, field)| descend(field, at, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn descend(value: &Value, at: &mut String, step: &str) -> bool {
    let length = at.len();
    at.push('/');
    at.push_str(&step.replace('~', "~0").replace('/', "~1"));
    let is_found = has_control_character(value, at);
    if !is_found {
        at.truncate(length);
    }
    is_found
}

/// Serde's words become a code; its sentence never leaves, because it may quote the value.
fn unreadable<E: std::fmt::Display>(error: &serde_path_to_error::Error<E>) -> FieldFault {
    let message = error.inner().to_string();
    let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
    let pointer = pointer_of(error.path());
    if message.starts_with("unknown field") {
        let name = quoted();
        // The path already ends with the unknown field's name where the format keeps track of it.
        let pointer =
            if pointer.ends_with(&format!("/{name}")) { pointer } else { format!("{pointer}/{name}") };
        FieldFault::new(pointer, "field.unknown")
    } else if message.starts_with("missing field") {
        FieldFault::new(format!("{pointer}/{}", quoted()), "field.missing")
    } else if message.starts_with("duplicate field") {
        FieldFault::new(format!("{pointer}/{}", quoted()), "field.duplicate")
    } else {
        FieldFault::new(pointer, "field.wrong_type")
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{key}"),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// Validation errors as field faults with JSON pointers.
pub fn flatten_validation(errors: &ValidationErrors) -> Vec<FieldFault> {
    let mut found = Vec::new();
    collect(errors, "", &mut found);
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

fn collect(errors: &ValidationErrors, at: &str, found: &mut Vec<FieldFault>) {
    for (field, kind) in errors.errors() {
        let pointer = format!("{at}/{field}");
        match kind {
            ValidationErrorsKind::Field(faults) => found.extend(faults.iter().map(|fault| {
                let mut field_fault = FieldFault::new(pointer.clone(), fault.code.to_string());
                // Limits help the client word its sentence; the refused value itself is never repeated.
                let limits = fault.params.iter().filter(|(name, _)| name.as_ref() != "value");
                field_fault.params.extend(limits.map(|(name, value)| (name.to_string(), value.clone())));
                field_fault
            })),
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, found),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{pointer}/{index}"), found);
                }
            }
        }
    }
}

/// The first thing that is wrong, by the order of the pointers, with a code that is a constant of the source.
pub fn first_fault(errors: &ValidationErrors) -> Option<(String, &'static str)> {
    let mut first: Option<(String, &'static str)> = None;
    for (field, kind) in errors.errors() {
        let found = match kind {
            ValidationErrorsKind::Field(faults) => faults.first().map(|fault| {
                let code = match &fault.code {
                    Cow::Borrowed(code) => code,
                    Cow::Owned(_) => "field.invalid",
                };
                (format!("/{field}"), code)
            }),
            ValidationErrorsKind::Struct(inner) => {
                first_fault(inner).map(|(pointer, code)| (format!("/{field}{pointer}"), code))
            }
            ValidationErrorsKind::List(items) => items.iter().find_map(|(index, inner)| {
                first_fault(inner).map(|(pointer, code)| (format!("/{field}/{index}{pointer}"), code))
            }),
        };
        if let Some(found) = found
            && first.as_ref().is_none_or(|(pointer, _)| found.0 < *pointer)
        {
            first = Some(found);
        }
    }
    first
}

/// Query parameters; unknown ones are refused by name.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Query<T> {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(
            parse_query(request.query_string()).map(Query).map_err(|fault| ApiError::from(fault).into()),
        )
    }
}

fn parse_query<T: DeserializeOwned + Validate>(query: &str) -> Result<T, RequestFault> {
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if secrets::is_secret_name(&name) {
            return Err(RequestFault::Secret);
        }
        if name.contains('\0') || value.chars().any(char::is_control) {
            let pointer = format!("/{}", name.replace('\0', ""));
            return Err(RequestFault::Unreadable(FieldFault::new(pointer, "text.control_character")));
        }
        if years::is_beyond(&value) {
            return Err(RequestFault::Unreadable(FieldFault::new(format!("/{name}"), "date.range")));
        }
    }
    let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    let parsed: T = serde_path_to_error::deserialize(deserializer)
        .map_err(|error| RequestFault::Unreadable(unreadable(&error)))?;
    // A query is an address, not a form: what is out of range is as unreadable as what is no number.
    parsed.validate().map_err(|errors| {
        RequestFault::Unreadable(
            flatten_validation(&errors)
                .into_iter()
                .next()
                .unwrap_or_else(|| FieldFault::new("", "field.invalid")),
        )
    })?;
    Ok(parsed)
}

/// The position that `after` names; 400 when it was not made by this list.
pub fn parse_after<K: DeserializeOwned>(after: Option<&str>) -> Result<Option<K>, RequestFault> {
    let unreadable = || RequestFault::Unreadable(FieldFault::new("/after", "cursor.unreadable"));
    after.map(|text| kernel::Cursor::decode(text).ok_or_else(unreadable)).transpose()
}

/// Ids in the path. One that is no id names nothing: 404.
pub type IdPath<T> = web::Path<T>;

/// Makes the framework's own refusals problem documents too.
pub fn configure_extractors(config: &mut web::ServiceConfig) {
    config.app_data(
        PathConfig::default().error_handler(|_, _| ApiError::from(NotFound("request.unknown_id")).into()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[validate(length(min = 1, max = 3, code = "text.length"))]
        name: String,
        #[validate(nested)]
        #[serde(default)]
        items: Vec<Item>,
    }

    #[derive(Debug, serde::Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Item {
        #[validate(range(min = 1, code = "number.range"))]
        n: i32,
    }

    fn fault(text: &str) -> (String, String, Kind) {
        let fault = parse::<Body>(text.as_bytes()).unwrap_err();
        let field = fault.fields().first().cloned().unwrap_or_else(|| FieldFault::new("", ""));
        (fault.code().to_owned(), format!("{} {}", field.pointer, field.code), fault.kind())
    }

    #[test]
    fn every_kind_of_wrong_body_names_its_field() {
        assert_eq!(fault("{").0, "request.malformed_json");
        assert_eq!(fault(r#"{"name":"a","colour":1}"#).1, "/colour field.unknown");
        assert_eq!(fault(r#"{}"#).1, "/name field.missing");
        assert_eq!(fault(r#"{"name":7}"#).1, "/name field.wrong_type");
        assert_eq!(fault(r#"{"name":"a","items":[{"n":1},{"n":"x"}]}"#).1, "/items/1/n field.wrong_type");
        assert_eq!(
            fault(r#"{"name":"a","items":[{"n":1},{"n":0}]}"#),
            ("request.invalid_fields".into(), "/items/1/n number.range".into(), Kind::Invalid)
        );
        assert_eq!(fault(r#"{"name":"abcd"}"#).1, "/name text.length");
        assert_eq!(fault("{\"name\":\"a\\u0000\"}").1, "/name text.control_character");
    }

    #[test]
    fn a_secret_is_refused_before_anything_else_and_nothing_of_it_is_repeated() {
        let fault = parse::<Body>(br#"{"name":7,"colour":1,"cvv":"917"}"#).unwrap_err();
        assert_eq!((fault.kind(), fault.code()), (Kind::Malformed, "card.secret_refused"));
        assert!(fault.fields().is_empty() && fault.params().is_empty());
        assert_eq!(parse_query::<Filter>("cvv2=1").unwrap_err(), RequestFault::Secret);
    }

    #[test]
    fn a_refused_value_is_never_repeated() {
        let fault = parse::<Body>(br#"{"name":"secret"}"#).unwrap_err();
        assert!(!format!("{:?}", fault.fields()).contains("secret"));
    }

    #[derive(Debug, serde::Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Filter {
        limit: Option<u16>,
    }

    #[test]
    fn a_filter_inside_a_body_is_named_with_where_it_stands() {
        let pointer =
            |part: Value| parse_part::<Body>(&part, "/query").unwrap_err().fields()[0].pointer.clone();
        assert_eq!(pointer(serde_json::json!({ "name": "a", "colour": 1 })), "/query/colour");
        assert_eq!(pointer(serde_json::json!({ "name": "abcd" })), "/query/name");
        assert_eq!(parse_part::<Body>(&serde_json::json!({ "name": "a" }), "/query").unwrap().name, "a");
    }

    #[test]
    fn unknown_and_unreadable_parameters_are_named() {
        let pointer = |query: &str| parse_query::<Filter>(query).unwrap_err().fields()[0].pointer.clone();
        assert_eq!(pointer("limit=x"), "/limit");
        assert_eq!(pointer("offset=3"), "/offset");
        assert_eq!(pointer("limit=%00"), "/limit");
        assert!(parse_query::<Filter>("limit=7").unwrap().limit.is_some());
    }
}

//! Optimistic concurrency: a resource's version travels as `ETag`, and comes back as `If-Match`.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    dev::Payload,
    http::{StatusCode, header},
};
use kernel::{Fault, Kind};
use serde::{Serialize, de::DeserializeOwned};
use validator::Validate;

use crate::{ApiError, Valid};

/// The version that the caller read; compared by the use case inside its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Precondition {
    #[error("If-Match is required")]
    Required,
    #[error("the resource has changed since it was read")]
    Stale,
}

impl Fault for Precondition {
    fn kind(&self) -> Kind {
        match self {
            Self::Required => Kind::Unconditional,
            Self::Stale => Kind::Stale,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Required => "request.if_match_required",
            Self::Stale => "request.stale",
        }
    }
}

impl FromRequest for IfMatch {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(header::IF_MATCH).ok_or(Precondition::Required);
        let version = header.and_then(|value| {
            let text = value.to_str().map_err(|_| Precondition::Stale)?;
            // A tag that is not one of ours can't match anything.
            text.trim()
                .strip_prefix('"')
                .and_then(|t| t.strip_suffix('"'))
                .and_then(|t| t.parse().ok())
                .ok_or(Precondition::Stale)
        });
        std::future::ready(version.map(IfMatch).map_err(|fault| ApiError::from(fault).into()))
    }
}

/// A conditional change: what was read, by its `If-Match`, and what the body asks to become of it.
pub struct Change<T> {
    pub if_match: IfMatch,
    pub body: T,
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Change<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let if_match = IfMatch::from_request(request, payload).into_inner();
        let body = Valid::<T>::from_request(request, payload);
        Box::pin(async move {
            let if_match = if_match?;
            let Valid(body) = body.await?;
            Ok(Self { if_match, body })
        })
    }
}

/// A body with its `ETag`.
pub struct Tagged<T> {
    status: StatusCode,
    version: i64,
    body: T,
}

impl<T: Serialize> Tagged<T> {
    pub fn ok(body: T, version: i64) -> Self {
        Self { status: StatusCode::OK, version, body }
    }

    pub fn accepted(body: T, version: i64) -> Self {
        Self { status: StatusCode::ACCEPTED, version, body }
    }

    pub fn created(body: T, version: i64) -> Self {
        Self { status: StatusCode::CREATED, version, body }
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::build(self.status)
            .insert_header((header::ETAG, format!("\"{}\"", self.version)))
            .json(self.body)
    }
}

//! The built web application. Its own addresses all get `index.html`; a missing asset is a 404, never a page.

use std::path::{Path, PathBuf};

use actix_files::{Files, NamedFile};
use actix_web::{
    HttpRequest, HttpResponse, Responder,
    guard::{Any, Get, Head},
    http::header::{CACHE_CONTROL, HeaderValue},
    web::{ServiceConfig, route},
};
use web::{ApiError, NotFound};

/// Assets carry a hash in their names.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const NEVER: HeaderValue = HeaderValue::from_static("no-cache");

/// First path segments that are never a page.
const NOT_PAGES: &[&str] = &["api", "partner", "openapi", "docs", "oauth", "assets", "healthz", "readyz"];

pub(crate) fn routes(config: &mut ServiceConfig, web_dir: &str) {
    if web_dir.is_empty() {
        return;
    }
    let root = PathBuf::from(web_dir);
    let index = root.join("index.html");
    config.service(Files::new("/assets", root.join("assets")).prefer_utf8(true).use_etag(true));
    let pages = route().guard(Any(Get()).or(Head()));
    config.route(
        "/{path:.*}",
        pages.to(move |request: HttpRequest| page(root.clone(), index.clone(), request)),
    );
}

async fn page(root: PathBuf, index: PathBuf, request: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    let path = request.match_info().query("path");
    let first = path.split('/').next().unwrap_or("");
    if NOT_PAGES.contains(&first) {
        return Err(ApiError::from(NotFound("request.unknown_route")).into());
    }
    let file = named(&root, path).filter(|file| file.is_file()).unwrap_or(index);
    let opened =
        NamedFile::open_async(&file).await.map_err(|_| ApiError::from(NotFound("request.unknown_route")))?;
    let mut response = opened.respond_to(&request).map_into_boxed_body();
    response.headers_mut().insert(CACHE_CONTROL, cache_rule(&file));
    Ok(response)
}

/// A file directly in the root, such as `favicon.svg`; nothing that climbs out of it.
fn named(root: &Path, path: &str) -> Option<PathBuf> {
    let is_plain = !path.is_empty() && !path.contains("..") && !path.contains('/') && !path.starts_with('.');
    is_plain.then(|| root.join(path))
}

fn cache_rule(file: &Path) -> HeaderValue {
    if file.components().any(|part| part.as_os_str() == "assets") { FOREVER } else { NEVER }
}

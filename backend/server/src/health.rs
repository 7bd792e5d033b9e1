//! `/healthz`: this process answers. `/readyz`: it can do its work.

use actix_web::{
    HttpResponse, get,
    web::{Data, ServiceConfig},
};
use platform::{Db, database};
use serde_json::json;
use web::ApiResult;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(healthz).service(readyz);
}

#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// Without its database it says so as every other address does: a problem document with `Retry-After`.
#[get("/readyz")]
async fn readyz(db: Data<Db>) -> ApiResult<HttpResponse> {
    let state = database::readiness(&db).await?;
    Ok(HttpResponse::Ok().json(json!({
        "status": "ready",
        "is_append_only_enforced": state.is_append_only_enforced,
        "oldest_job_seconds": state.oldest_job_seconds,
    })))
}

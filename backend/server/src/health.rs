//! `/healthz`: this process answers. `/readyz`: it can do its work.

use actix_web::{
    HttpResponse, get,
    web::{Data, ServiceConfig},
};
use platform::{Db, database};
use serde_json::json;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(healthz).service(readyz);
}

#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

#[get("/readyz")]
async fn readyz(db: Data<Db>) -> HttpResponse {
    match database::readiness(&db).await {
        Ok(state) => HttpResponse::Ok().json(json!({
            "status": "ready",
            "is_append_only_enforced": state.is_append_only_enforced,
            "oldest_job_seconds": state.oldest_job_seconds,
        })),
        Err(_) => HttpResponse::ServiceUnavailable().insert_header(("retry-after", "2")).finish(),
    }
}

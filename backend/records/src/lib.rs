//! Records: who the cardholders are, what they hold, what they do.

use utoipa_actix_web::service_config::ServiceConfig;

/// The chapter's operations, below `/api/v1`.
pub fn routes(_config: &mut ServiceConfig) {}

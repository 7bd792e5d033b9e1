//! Records: who the cardholders are, what they hold, what they do.

pub mod cardholders;
pub mod sources;

use utoipa_actix_web::service_config::ServiceConfig;

/// The chapter's operations, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    cardholders::routes(config);
}

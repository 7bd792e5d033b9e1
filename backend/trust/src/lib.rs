//! Trust: who may do what, who did it, when the bank's day is. The lowest chapter; every other stands on it.

pub mod access_matrix;
pub mod approvals;
pub mod audit;
pub mod branches;
pub mod break_glass;
pub mod calendars;
pub mod events;
pub mod exports;
pub mod files;
pub mod imports;
pub mod jobs;
pub mod keys;
pub mod retention;
pub mod staff;
pub mod views;
pub mod work_items;

use utoipa_actix_web::service_config::ServiceConfig;

/// The chapter's operations, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    branches::routes(config);
    staff::routes(config);
    views::routes(config);
    jobs::routes(config);
    keys::routes(config);
    retention::routes(config);
    audit::routes(config);
    work_items::routes(config);
    break_glass::routes(config);
    access_matrix::routes(config);
    approvals::routes(config);
    exports::routes(config);
    events::routes(config);
}

//! Records: who the cardholders are, what they hold, what they do.

pub mod accounts;
pub mod billing;
pub mod cardholders;
pub mod consents;
pub mod erasures;
pub mod imports;
pub mod reference;
pub mod sources;
pub mod statistics;
pub mod subject_requests;
pub mod transactions;
pub mod workbench;

use utoipa_actix_web::service_config::ServiceConfig;

/// The chapter's operations, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    // A request is held against one pattern after the other: what is asked most goes first.
    cardholders::routes(config);
    transactions::routes(config);
    accounts::routes(config);
    cardholders::contacts::routes(config);
    cardholders::reveal::routes(config);
    cardholders::merges::routes(config);
    cardholders::access_log::routes(config);
    billing::routes(config);
    consents::routes(config);
    subject_requests::routes(config);
    erasures::routes(config);
    reference::routes(config);
    workbench::routes(config);
    statistics::routes(config);
    imports::routes(config);
}

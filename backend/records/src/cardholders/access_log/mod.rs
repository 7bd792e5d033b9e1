//! "Who looked, when, why": the audit trail of one cardholder, for those who answer for their branch.

mod http;
mod model;

pub use http::routes;

//! Behaviour in the trail that somebody should look at. A job counts each day; an auditor judges.

mod find;
mod http;
mod jobs;
mod model;
mod repo;

pub(super) use http::routes;
pub use jobs::{FindAnomalies, keep, register};
pub use model::{AnomalyKind, AnomalyVerdict, AuditAnomaly};

//! Jobs as people see them: what runs, how far it is, what failed; and the way to cancel one.

mod http;
mod model;
mod repo;

pub use http::routes;
pub use model::JobStatus;
pub use repo::{find_all, latest};

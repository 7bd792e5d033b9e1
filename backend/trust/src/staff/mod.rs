//! Staff: who works where, in which role, whose cardholders they see, and their sessions.

mod employ;
mod http;
mod model;
mod repo;
mod sessions;

pub use http::routes;
pub use model::{Staff, StaffError};

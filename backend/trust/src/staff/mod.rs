//! Staff: who works where, in which role, and whose cardholders they see.

mod employ;
mod http;
mod model;
mod repo;

pub use http::routes;
pub use model::{Staff, StaffError};

//! Staff: who works where, in which role, and whose cardholders they see.

mod employ;
mod found;
mod http;
mod model;
mod repo;

pub use found::found;
pub use http::routes;
pub use model::{Employed, Staff, StaffError};

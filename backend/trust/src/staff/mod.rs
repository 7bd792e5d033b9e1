//! Staff: who works where, in which role, whose cardholders they see, and their sessions.

mod employ;
mod found;
mod http;
mod model;
mod powers;
mod repo;
mod sessions;

pub use found::found;
pub use http::routes;
pub use model::{Employed, Staff, StaffError};
pub use powers::register_executors;
pub use sessions::{StepUpError, require_step_up};

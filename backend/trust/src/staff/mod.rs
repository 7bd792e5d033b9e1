//! Staff: who works where, in which role, whose cardholders they see, and their sessions.

mod employ;
mod found;
mod http;
mod model;
mod powers;
mod repo;
mod second_factor;
mod sessions;

pub use found::found;
pub use http::routes;
pub use model::{Employed, Staff, StaffError};
pub use powers::register_executors;
pub use second_factor::{
    demand_second_factors, reseal as reseal_second_factors, sealed_under as second_factors_by_master_key,
};
pub use sessions::{StepUpError, keep_activity, require_step_up};

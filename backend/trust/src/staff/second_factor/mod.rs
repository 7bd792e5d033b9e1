//! The second factor: one-time codes of an authenticator, and recovery codes on paper for whoever has lost it.

mod enrol;
mod http;
mod model;
mod prove;
mod repo;
mod rewrap;

pub use enrol::demand_second_factors;
pub(super) use enrol::reset;
pub(super) use http::routes;
pub(super) use prove::{Proof, is_proved};
pub use rewrap::{reseal, sealed_under};

//! The house's keys as people tend them: which there are, how many data keys each wraps, and the rotations: a new master key
//! whose job wraps every data key anew, a new key for access tokens.

mod http;
mod jobs;
mod model;
mod repo;
mod rotate;

pub use http::routes;
pub use jobs::{RewrapDataKeys, register};
pub use model::{KeyError, KeyRotation, RotationKind, RotationWish};
pub use rotate::{are_of_this_database, overview, rotate};

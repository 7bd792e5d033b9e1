//! Erasing a person: their data key is destroyed, and what else says who they were is taken out of every table. The ledger stays
//! under an id that leads to nobody. A legal hold and what the law says must be kept go before, and are told.

mod check;
mod clear;
mod execute;
mod holds;
mod http;
mod jobs;
mod model;
mod repo;
mod submit;

pub use execute::register_executor;
pub use http::routes;
pub use jobs::{EraseCardholder, register as register_jobs};
pub use model::{ErasureError, HoldReason, ObstacleKind};

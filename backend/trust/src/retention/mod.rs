//! Retention: how long each table keeps its rows, and the walk that deletes those whose time is over.
//!
//! The rules are source (`rules.rs`), read and reviewed like the rest; nobody changes them over the API. A dry run counts; a real
//! one follows a dry run of the same day, asks for a step-up and deletes in batches, each with its audit row. What belongs to a
//! cardholder under a legal hold stays, whichever of the records of one person the hold was placed on.

mod http;
mod jobs;
mod model;
mod repo;
mod rules;
mod start;

pub use http::routes;
pub use jobs::{CountNightly, register};
pub use model::{KeptReason, RetentionGround};
pub use rules::{Age, Deletion, End, KEPT, Period, RULES, Rule};

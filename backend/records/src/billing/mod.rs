//! Billing: what a card account was asked to pay each month, and what was paid.

mod http;
mod model;
mod repo;

pub use http::routes;
pub use model::{BillingFilter, Repayment, Statement};
pub use repo::{repayments, statements};

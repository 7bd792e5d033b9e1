//! Commitments: what an account is bound to pay. Loans and standing orders, as the bank records them.

mod http;
mod model;
mod repo;

pub(super) use http::routes;
pub use model::{Loan, LoanStatus, OrderPurpose, StandingOrder};

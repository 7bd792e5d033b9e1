//! Accounts: what a cardholder owns or may use, with the cards on it and what it is bound to pay.

mod cards;
mod commitments;
mod holdings;
mod http;
mod model;
mod repo;

pub use cards::{Card, CardError, CardStatus};
pub use commitments::{Loan, LoanStatus, OrderPurpose, StandingOrder};
pub use model::{Access, Account, AccountKind, AccountStatus, StatementFrequency};

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    http::routes(config);
    cards::routes(config);
    commitments::routes(config);
}

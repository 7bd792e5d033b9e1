//! What a cardholder's transactions add up to, one currency at a time.

mod model;
mod totals;
mod window;

pub use model::{Spending, SpendingFilter};
pub use totals::Movement;
pub(super) use totals::Totals;
pub use window::Window;

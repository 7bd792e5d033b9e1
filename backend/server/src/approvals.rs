//! Who does what has been approved: every slice's executors, together.

use platform::Tx;
use trust::approvals::{Executing, Executors, refusal};

use crate::app::Parts;

/// Every executor of every chapter.
pub(crate) fn executors(parts: &Parts) -> Executors {
    let mut executors = Executors::new(demand_step_up);
    trust::staff::register_executors(&mut executors, parts.config.sessions.clone());
    trust::exports::register_executors(&mut executors);
    records::cardholders::register_executors(&mut executors, parts.vault.clone(), parts.directory.clone());
    records::erasures::register_executor(&mut executors);
    executors
}

/// An approval is no click at somebody's unlocked screen.
fn demand_step_up<'a>(tx: &'a mut Tx<'_>) -> Executing<'a, ()> {
    Box::pin(async move { trust::staff::require_step_up(tx).await.map_err(refusal) })
}

//! Who does what has been approved: every slice's executors, together.

use platform::Tx;
use trust::approvals::{Executing, Executors};

use crate::app::Parts;

/// Every executor of every chapter.
pub(crate) fn executors(parts: &Parts) -> Executors {
    let mut executors = Executors::new(demand_step_up);
    trust::staff::register_executors(&mut executors);
    records::cardholders::register_executors(&mut executors, parts.vault.clone(), parts.directory.clone());
    executors
}

/// What a checker must prove before a decision counts: being signed in, so far.
fn demand_step_up<'a>(_: &'a mut Tx<'_>) -> Executing<'a, ()> {
    Box::pin(std::future::ready(Ok(())))
}

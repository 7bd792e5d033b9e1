//! What is done once an erasure has been approved: a job is set to work, which looks at the obstacles once more.

use std::sync::Arc;

use platform::{Tx, ids::CardholderId};
use trust::{
    approvals::{ApprovalOperation, Done, Executing, Executor, Executors, Order, Refusal, refusal},
    calendars::bank_date,
};

use super::{
    check,
    jobs::EraseCardholder,
    model::{Erasure, ErasureError},
};
use crate::cardholders::{self, members::Members};

struct EraseExecutor;

async fn set_to_work(tx: &mut Tx<'_>, order: &Order) -> Result<(), Refusal> {
    let Erasure { request_id } = order.read()?;
    let cardholder_id = CardholderId(order.object_id);
    let members = Members::everybody(tx, cardholder_id).await.map_err(refusal)?;
    let obstacles = check::obstacles(tx, &members, bank_date(tx.now)).await.map_err(refusal)?;
    if !obstacles.is_empty() {
        return Err(refusal(ErasureError::Held { obstacles }));
    }
    let job = EraseCardholder { cardholder_id, request_id, approval_id: order.approval_id };
    tx.enqueue(&job).await.map_err(refusal)?;
    Ok(())
}

impl Executor for EraseExecutor {
    fn lock_version<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Option<i64>> {
        Box::pin(async move {
            cardholders::lock_version(tx, CardholderId(order.object_id)).await.map_err(refusal)
        })
    }

    fn execute<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Done> {
        Box::pin(async move {
            set_to_work(tx, order).await?;
            Ok(Done::Later)
        })
    }
}

/// What this slice does once it is approved.
pub fn register_executor(executors: &mut Executors) {
    executors.register(ApprovalOperation::Erase, Arc::new(EraseExecutor));
}

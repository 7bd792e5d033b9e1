//! What is done with a cardholder once it has been approved.

use std::sync::Arc;

use platform::{Tx, ids::CardholderId, vault::Vault};
use trust::approvals::{ApprovalOperation, Done, Executing, Executor, Executors, Order, refusal};
use web::{Directory, Reach, Span};

use super::{
    change, contacts, create::Desk, gate::GateError, guarded::IdentityChange, merges, model::CardholderError,
    new::CardholderPatch, repo,
};

struct CardholderExecutor {
    vault: Vault,
    directory: Directory,
}

/// Whoever may approve it was asked before; what is approved is done wherever the cardholder is.
pub(super) fn whole_bank() -> Reach {
    Reach::from(Span::Bank)
}

impl CardholderExecutor {
    async fn do_it(&self, tx: &mut Tx<'_>, order: &Order) -> Result<(), CardholderError> {
        let snapshot = self.directory.snapshot();
        let desk = Desk { vault: &self.vault, reach: whole_bank(), directory: &snapshot };
        let cardholder_id = CardholderId(order.object_id);
        let before = repo::lock(tx, &desk.reach, cardholder_id).await?;
        if order.operation == ApprovalOperation::ChangePrimaryPhone {
            return contacts::carry_out(tx, &desk, &before, order).await;
        }
        let change: IdentityChange = order.read().map_err(CardholderError::Payload)?;
        let plan = change::plan(tx, &desk, before, &CardholderPatch::from(change)).await?;
        change::carry_out(tx, &desk, plan, Some(order)).await?;
        Ok(())
    }
}

impl Executor for CardholderExecutor {
    fn lock_version<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Option<i64>> {
        Box::pin(async move {
            match repo::lock(tx, &whole_bank(), CardholderId(order.object_id)).await {
                Ok(row) => Ok(Some(row.version)),
                Err(CardholderError::Gate(
                    GateError::Missing | GateError::Erased | GateError::Absorbed { .. },
                )) => Ok(None),
                Err(error) => Err(refusal(error)),
            }
        })
    }

    fn execute<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Done> {
        Box::pin(async move {
            self.do_it(tx, order).await.map_err(refusal)?;
            Ok(Done::Now)
        })
    }
}

/// What this slice does once it is approved.
pub fn register_executors(executors: &mut Executors, vault: Vault, directory: Directory) {
    let executor = Arc::new(CardholderExecutor { vault, directory });
    for operation in [
        ApprovalOperation::ChangeName,
        ApprovalOperation::ChangeNationalId,
        ApprovalOperation::ChangePrimaryPhone,
    ] {
        executors.register(operation, executor.clone());
    }
    merges::register_executor(executors);
}

//! Making two records one, once it has been approved.

use std::sync::Arc;

use platform::{Tx, ids::ApprovalId};
use serde_json::json;
use trust::{
    approvals::{ApprovalOperation, Done, Executing, Executor, Executors, Order, refusal},
    audit::{self, Entry},
};

use super::{
    ask::{self, Pair},
    model::MergeError,
    plan::Steps,
    repo,
};
use crate::cardholders::{
    approved::whole_bank,
    gate::GateError,
    history::{self, Change},
    model::CardholderError,
    repo as profile,
};

struct MergeExecutor;

impl Executor for MergeExecutor {
    /// Both records count: where the other one changed since, this is not what was asked upon.
    fn lock_version<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Option<i64>> {
        Box::pin(async move {
            match ask::locked(tx, order, &whole_bank()).await {
                Ok((pair, merge)) => {
                    let is_as_it_was = pair.absorbed.version == merge.absorbed_version;
                    Ok(is_as_it_was.then_some(pair.survivor.version))
                }
                Err(MergeError::NotAbsorbable(_)) => Ok(None),
                Err(MergeError::Cardholder(CardholderError::Gate(
                    GateError::Missing | GateError::Erased | GateError::Absorbed { .. },
                ))) => Ok(None),
                Err(error) => Err(refusal(error)),
            }
        })
    }

    fn execute<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Done> {
        Box::pin(async move {
            let (pair, _) = ask::locked(tx, order, &whole_bank()).await.map_err(refusal)?;
            let steps = pair.steps(tx).await.map_err(refusal)?;
            let why = (order.evidence_note.as_deref(), Some(order.approval_id));
            carry_out(tx, &pair, &steps, why).await.map_err(refusal)?;
            Ok(Done::Now)
        })
    }
}

/// Links the two, and tells it in both histories and trails.
pub(super) async fn carry_out(
    tx: &mut Tx<'_>,
    pair: &Pair,
    steps: &Steps,
    (reason, approval_id): (Option<&str>, Option<ApprovalId>),
) -> Result<(), MergeError> {
    repo::apply(tx, steps).await?;
    let (survivor, absorbed) = (&pair.survivor, &pair.absorbed);
    for (row, field, other) in
        [(survivor, "absorbed", &absorbed.customer_no), (absorbed, "absorbed_into", &survivor.customer_no)]
    {
        profile::bump_version(tx, row).await?;
        let change = Change::new(field, None, Some(other));
        history::write(tx, row.cardholder_id, vec![change], reason).await?;
        let entry = Entry::of("cardholders.merge").on("cardholder", row.cardholder_id.0);
        let entry = entry.about(row.cardholder_id).changing(json!({ field: [null, other] }));
        let approved = |entry: Entry, id| entry.because(format!("approval {id}"));
        audit::record(tx, approval_id.into_iter().fold(entry, approved)).await?;
    }
    Ok(())
}

/// What this part does once it is approved.
pub(in crate::cardholders) fn register_executor(executors: &mut Executors) {
    executors.register(ApprovalOperation::Merge, Arc::new(MergeExecutor));
}

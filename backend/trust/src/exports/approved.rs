//! What happens when a file has been approved: its job goes into the queue.

use std::sync::Arc;

use platform::{Tx, ids::ExportId};

use super::{
    model::ExportStatus,
    repo,
    request::{self, Approved},
};
use crate::approvals::{
    ApprovalError, ApprovalOperation, Done, Executing, Executor, Executors, Order, refusal,
};

struct Start;

impl Executor for Start {
    fn lock_version<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Option<i64>> {
        Box::pin(async move {
            let row = repo::lock(tx, ExportId(order.object_id)).await.map_err(refusal)?;
            Ok(row.filter(|row| row.status == ExportStatus::Waiting).map(|row| row.version))
        })
    }

    fn execute<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Done> {
        Box::pin(async move {
            let export_id = ExportId(order.object_id);
            let row = repo::lock(tx, export_id).await.map_err(refusal)?;
            let approved: Approved = order.read()?;
            if row.is_none_or(|row| Approved::of(&row) != approved) {
                return Err(refusal(ApprovalError::PayloadDamaged));
            }
            request::start(tx, export_id).await.map_err(refusal)?;
            Ok(Done::Later)
        })
    }
}

pub fn register_executors(executors: &mut Executors) {
    executors.register(ApprovalOperation::RunExport, Arc::new(Start));
}

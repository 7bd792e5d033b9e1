//! Who does what has been approved. The doing slice may stand above this one, so that it registers itself; the server puts all
//! of them together.

use std::{collections::HashMap, sync::Arc};

use futures_util::future::BoxFuture;
use kernel::Fault;
use platform::{
    Tx,
    ids::{ApprovalId, CardholderId, StaffId},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{faults::ApprovalError, model::ApprovalOperation};

/// Why something could not be done, in the doing slice's own words.
pub type Refusal = Box<dyn Fault>;

/// A fault on its way to whoever decides.
pub fn refusal(fault: impl Fault) -> Refusal {
    Box::new(fault)
}

/// A step of an execution, within the deciding transaction.
pub type Executing<'a, T> = BoxFuture<'a, Result<T, Refusal>>;

/// Proves once more who the checker is, before their decision counts.
pub type StepUp = for<'a> fn(&'a mut Tx<'_>) -> Executing<'a, ()>;

/// What has been approved.
pub struct Order {
    pub approval_id: ApprovalId,
    pub operation: ApprovalOperation,
    pub object_id: Uuid,
    pub cardholder_id: Option<CardholderId>,
    pub maker_id: StaffId,
    pub evidence_note: Option<String>,
    /// Byte for byte what was submitted.
    pub payload: String,
}

impl Order {
    /// The payload as the slice that wrote it reads it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_str(&self.payload).map_err(|_| refusal(ApprovalError::PayloadDamaged))
    }
}

/// Whether it is done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// In this transaction.
    Now,
    /// By a job that this transaction enqueued, which says so with [`super::settle`].
    Later,
}

pub trait Executor: Send + Sync + 'static {
    /// The object's present version, with the object locked; none when it is gone. Writes nothing.
    fn lock_version<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Option<i64>>;

    /// Does it. The version is the one it was asked upon. An error rolls the decision back.
    fn execute<'a>(&'a self, tx: &'a mut Tx<'_>, order: &'a Order) -> Executing<'a, Done>;
}

/// Every executor of the house, by operation.
#[derive(Clone)]
pub struct Executors {
    by_operation: HashMap<ApprovalOperation, Arc<dyn Executor>>,
    step_up: StepUp,
}

impl Executors {
    pub fn new(step_up: StepUp) -> Self {
        Self { by_operation: HashMap::new(), step_up }
    }

    pub fn register(&mut self, operation: ApprovalOperation, executor: Arc<dyn Executor>) {
        self.by_operation.insert(operation, executor);
    }

    pub(super) fn of(&self, operation: ApprovalOperation) -> Option<Arc<dyn Executor>> {
        self.by_operation.get(&operation).cloned()
    }

    pub(super) async fn demand_step_up(&self, tx: &mut Tx<'_>) -> Result<(), Refusal> {
        (self.step_up)(tx).await
    }
}

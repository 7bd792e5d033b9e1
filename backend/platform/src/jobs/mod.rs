//! The durable job queue. A job is a row written in the transaction that makes it necessary; a worker takes it, tells how far
//! it is, survives a crash, and can be cancelled. Payloads carry ids, never personal data.

mod queue;
mod worker;

pub use queue::{Cancelled, JobState, enqueue_now};
pub use worker::{JobError, JobRun, Registry, Worker};

use serde::{Serialize, de::DeserializeOwned};

/// One kind of background work. Running it twice must do no harm.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `slice.verb_noun`
    const KIND: &'static str;
    const ATTEMPTS_MAX: i32 = 5;
    /// Lower runs first.
    const PRIORITY: i16 = 100;

    /// At most one job of this kind and key is queued or running at a time.
    fn unique_key(&self) -> Option<String> {
        None
    }
}

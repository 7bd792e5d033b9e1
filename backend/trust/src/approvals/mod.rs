//! Approvals: what one person asks for and another decides (maker and checker). A slice that meets a change of this kind calls
//! [`submit`] instead of doing it; the last approval does it, in its own transaction, through the [`Executor`] that the slice
//! registered. What is done is what was approved, byte for byte, and upon the state it was asked for.

mod decide;
mod executors;
mod faults;
mod http;
mod jobs;
mod model;
mod payload;
mod policies;
mod repo;
mod standing;
mod submit;
mod view;

pub use decide::{give_up, settle, void_about};
pub use executors::{Done, Executing, Executor, Executors, Order, Refusal, StepUp, refusal};
pub use faults::ApprovalError;
pub use http::{accepted, routes, shown_to};
pub use jobs::{ExpireApprovals, register};
pub use model::{
    ABSORBED, ApprovalOperation, ApprovalRow, ApprovalStatus, AuthorityScope, Decision, FieldDiff,
    NewApproval,
};
pub use policies::{ApprovalPolicy, Weight, policy_for};
pub use submit::{Settled, payload_of, submit};
pub use view::{Approval, SubmittedApproval};

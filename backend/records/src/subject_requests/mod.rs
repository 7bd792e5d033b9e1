//! What cardholders ask for under the law on personal information: to see and take along what the bank keeps of them, to have it
//! corrected or erased, to object, to have a person look at what a machine decided. Each has its clock and waits in the inbox.

mod handle;
mod http;
mod jobs;
mod model;
mod package;
mod register;
mod repo;
mod view;

pub(crate) use handle::{close_erased, lock_open};
pub use http::routes;
pub use jobs::{EndPackages, MakePackage, register as register_jobs};
pub use model::{RequestStatus, SubjectRequestError, SubjectRequestKind};

//! The branch tree: head office → city → branch. Scope is read from it.

mod bulk;
mod http;
mod model;
mod repo;
mod tend;

pub use bulk::{IMPORTED, KnownBranches, StagedBranch, known};
pub use http::routes;
pub use model::{Branch, BranchError, BranchKind};
pub use tend::open_head_office;

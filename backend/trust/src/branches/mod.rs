//! The branch tree: head office → city → branch. Scope is read from it.

mod http;
mod model;
mod repo;
mod tend;

pub use http::routes;
pub use model::{Branch, BranchError, BranchKind};
pub use tend::open_head_office;

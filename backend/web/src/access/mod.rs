//! Who may do and see what: one readable table (`matrix`), applied by one mechanism to every operation.

mod matrix;
mod permission;
mod reach;

pub use matrix::{FieldClass, default_scope, may, permissions_of, sees};
pub use permission::{Permission, markers};
pub use reach::Reach;

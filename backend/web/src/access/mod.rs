//! Who may do and see what: one readable table (`matrix`), applied by one mechanism to every operation.

mod field_classes;
mod matrix;
mod permission;
mod reach;

pub use field_classes::{ClassedField, FieldClass, class_of, classed_fields};
pub use matrix::{
    OWE_SECOND_FACTOR, classes_of, default_scope, may, owes_second_factor, permissions_of, sees,
};
pub use permission::{Permission, markers};
pub use reach::{Reach, Span};

//! Cardholders by the thousand, out of a file: each row passes the checks of the form, then all are merged at once.

mod doubles;
mod fields;
mod prepare;
mod staged;
mod words;

pub use doubles::{free_numbers, refuse_doubles};
pub use fields::FIELDS;
pub use prepare::BulkDesk;
pub use staged::{PEOPLE, StagedPerson};

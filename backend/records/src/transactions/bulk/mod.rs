//! Transactions by the thousand, out of a file: what has happened on accounts that are here. Balances are the accounts' own
//! affair and stay as they are.

mod prepare;
mod staged;

pub use prepare::{FIELDS, prepare};
pub use staged::{MOVEMENTS, StagedMovement, settle};

//! Transactions: what cardholders do, newest first, and what it adds up to.
//!
//! A transaction's id is a UUIDv7 that carries the millisecond of its `occurred_at`. Everything that makes transactions keeps to
//! that rule, because a look-up by id finds the year's partition and the key's range by it.

pub mod bulk;
mod export;
mod filter;
mod http;
mod model;
mod repo;
mod spending;

pub use export::TransactionsExport;
pub use filter::{Position, TransactionFilter};
pub use http::routes;
pub use model::{Channel, Direction, Transaction, TransactionKind, TransactionStatus};
// Their plans are examined at volume, each as the very query that is sent.
pub use repo::{IS_FLOW, by_id, movements, page};
pub use spending::Window;

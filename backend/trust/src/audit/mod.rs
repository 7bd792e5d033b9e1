//! The audit trail: one row for every write, every sign-in and every refusal worth remembering, written in the transaction
//! that does the thing. Rows are only ever added; the application's database role can't change them.

mod http;
mod model;
mod record;
mod repo;

pub use http::routes;
pub use model::{AuditEntry, Outcome};
pub use record::{Entry, record, record_bulk};

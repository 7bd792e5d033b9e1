//! Every inbox of the house. A thing that waits for somebody (an approval, a review, later an alert or a task) keeps its own
//! table and puts one row here in the same transaction; boards, counts and "take next" read this table alone.

mod desk;
mod http;
mod model;
mod repo;

pub use desk::{finish, lapse, postpone, put};
pub use http::routes;
pub use model::{NewWorkItem, WorkItem, WorkItemError, WorkKind};

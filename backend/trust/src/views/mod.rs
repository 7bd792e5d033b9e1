//! Saved views: a page's filters, sort and columns under a name, per member of staff.

mod http;
mod model;
mod repo;
mod tend;

pub use http::routes;

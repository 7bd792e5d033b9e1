//! Who may do and see what, for people to read: the table that `web::access` applies, as it is applied.

mod http;
mod model;

pub use http::routes;

//! Showing one sealed value in clear: for a purpose, to somebody who has just proved to be themselves, so many times a day,
//! and never without its audit row.

mod http;
mod model;
pub(crate) mod quota;
mod repo;
mod show;
mod window;

pub use http::routes;
pub(crate) use model::{RevealError, RevealPurpose};
pub(crate) use show::Counter;
pub(crate) use window::Window;

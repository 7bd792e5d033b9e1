//! Cards: plastic on an account, in somebody's hands. A card can be frozen at once, by whoever the holder reaches.

mod freeze;
mod http;
mod model;
mod repo;

pub(super) use http::routes;
pub use model::{Card, CardError, CardStatus};

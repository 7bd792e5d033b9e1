//! The stream of events to open pages: each gets what concerns its person, within the reach and the permissions that they have
//! at that moment, and goes on where it broke off.

mod http;
mod hub;
mod model;
mod stream;

pub use http::routes;
pub use hub::EventHub;

//! How a cardholder is reached: phones, e-mails, addresses. Numbers, addresses and streets are sealed.

mod http;
mod model;
mod repo;
mod tend;

pub use http::routes;
pub use model::{Contacts, NewAddress, NewEmail, NewPhone};
pub(super) use tend::{blinds_of, insert_all};

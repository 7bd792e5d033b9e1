//! How a cardholder is reached: phones, e-mails, addresses. Numbers, addresses and streets are sealed.

mod guarded;
mod http;
mod jobs;
mod model;
mod repo;
mod tend;

pub(super) use guarded::carry_out;
pub use http::routes;
pub use jobs::{IndexStreets, has_unindexed_streets, register_jobs};
pub use model::{AddressKind, EmailKind, PhoneKind};
pub use model::{Contacts, NewAddress, NewEmail, NewPhone};
pub(super) use tend::{blinds_of, insert_all, seal_street};

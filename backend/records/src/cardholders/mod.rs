//! Cardholders: who they are, how they are reached, what changed and who changed it. Identity numbers, phones, e-mails and
//! streets are sealed; they are found through blind indexes and shown masked.

mod absorbed;
pub mod access_log;
mod approved;
pub mod bulk;
mod change;
mod conditions;
pub mod contacts;
mod create;
mod cursor;
mod customer_no;
mod door;
mod duplicates;
mod export;
pub mod gate;
mod grams;
mod guarded;
mod history;
mod http;
mod identity;
mod lifecycle;
mod list;
pub mod members;
pub mod merges;
mod model;
mod new;
mod repo;
pub mod reveal;
mod search;

pub use approved::register_executors;
pub use contacts::{IndexStreets, has_unindexed_streets, register_jobs};
pub(crate) use door::nullable;
pub use export::CardholdersExport;
pub use grams::{GramPosition, Grams, Whose, grams_page};
pub use http::routes;
pub use model::{Cardholder, CardholderError, Education, Gender, IdKind, Lifecycle, MaritalStatus};
pub(crate) use repo::{erased_mark, lock_standing, lock_version, make_data_key};

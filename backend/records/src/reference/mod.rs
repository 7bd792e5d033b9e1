//! Reference data: what the bank offers, and what merchants sell. Small tables that every shard has a copy of.

mod http;
mod model;
mod repo;

pub use http::routes;
pub use model::{MccGroup, MerchantCategory, Network, Product, ProductKind};

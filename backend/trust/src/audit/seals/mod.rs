//! Seals over the trail: what was written is chained batch by batch, under a mark that only the house's keys make, and anchored
//! outside the database. Whoever edits, deletes, inserts or moves a row afterwards is found out, whatever their rights there.

mod anchors;
mod canon;
mod http;
mod jobs;
mod model;
mod repo;
mod retire;
mod seal;
mod verify;

pub(super) use http::routes;
pub use jobs::{VerifyTrail, keep, register};
pub use model::{BatchVerdict, FaultKind, SealKind};

use std::path::PathBuf;

use platform::{Db, config::Config, vault::Vault};

/// Seals, anchors and verifies.
#[derive(Clone)]
pub struct Notary {
    pub(super) db: Db,
    vault: Vault,
    anchor_dir: PathBuf,
}

impl Notary {
    pub fn new(db: Db, vault: Vault, config: &Config) -> Self {
        Self { db, vault, anchor_dir: config.anchor_dir() }
    }
}

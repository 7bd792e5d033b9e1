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
pub use model::{BatchVerdict, FaultKind, SealError, SealKind};

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use platform::{Db, config::Config, vault::Vault};

/// Seals, anchors and verifies.
#[derive(Clone)]
pub struct Notary {
    pub(super) db: Db,
    vault: Vault,
    anchor_dir: PathBuf,
    /// Whether the trail says already that it was cut off.
    has_told: Arc<AtomicBool>,
}

impl Notary {
    pub fn new(db: Db, vault: Vault, config: &Config) -> Self {
        Self { db, vault, anchor_dir: config.anchor_dir(), has_told: Arc::default() }
    }
}

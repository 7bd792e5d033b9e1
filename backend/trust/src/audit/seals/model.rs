use std::io;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::{DbError, ids::JobId, schema::audit_seals};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::canon::Canon;

platform::vocabulary! {
    /// What a seal stands for.
    pub enum SealKind { Rows = "rows", Tombstone = "tombstone" }
}

platform::vocabulary! {
    /// What is wrong with a batch.
    pub enum FaultKind {
        /// A row says something else than when it was sealed.
        Edited = "edited",
        /// A row is gone.
        Deleted = "deleted",
        /// A row is there that was not sealed, or came too late to be true.
        Inserted = "inserted",
        /// A row stands at another time.
        Reordered = "reordered",
        /// The seal, its entries or the chain were changed.
        SealBroken = "seal_broken",
        /// An anchor outside the database says otherwise.
        AnchorMismatch = "anchor_mismatch",
        /// The chain ends before what was anchored of it.
        Truncated = "truncated",
    }
}

/// Why nothing is sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error(
        "the audit trail was cut off: link {anchored} is anchored in {name} and does not stand in the database, whose chain ends at {found}"
    )]
    CutOff { name: String, anchored: i64, found: i64 },
    #[error("the anchor {name} is not as this house wrote it")]
    Anchor { name: String },
    #[error("the anchors can't be written: {0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// One link of the chain.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = audit_seals)]
pub(super) struct SealRow {
    pub batch_no: i64,
    pub kind: SealKind,
    pub sealed_at: DateTime<Utc>,
    pub from_written: i64,
    pub to_written: i64,
    pub first_at: Option<DateTime<Utc>>,
    pub last_at: Option<DateTime<Utc>>,
    pub row_count: i64,
    pub dropped_until: Option<DateTime<Utc>>,
    pub entries: Vec<u8>,
    pub root: Vec<u8>,
    pub previous: Vec<u8>,
    pub seal: Vec<u8>,
}

impl SealRow {
    /// What the seal is a mark under.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = Canon::new(b"cardea.audit.seal.1");
        for number in [
            self.batch_no,
            self.sealed_at.timestamp_micros(),
            self.from_written,
            self.to_written,
            self.row_count,
        ] {
            text.put(&number.to_be_bytes());
        }
        for moment in [self.first_at, self.last_at, self.dropped_until] {
            let micros = moment.map(|at| at.timestamp_micros().to_be_bytes());
            text.put_option(micros.as_ref().map(<[u8; 8]>::as_slice));
        }
        text.put(self.kind.as_str().as_bytes());
        text.put(&self.root);
        text.put(&self.previous);
        text.bytes().to_vec()
    }
}

/// What is wrong, and with which rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BatchFault {
    pub kind: FaultKind,
    /// The first twenty.
    pub audit_ids: Vec<Uuid>,
    pub row_count: usize,
}

/// One batch, looked over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BatchVerdict {
    pub batch_no: i64,
    pub kind: SealKind,
    pub sealed_at: DateTime<Utc>,
    pub first_at: Option<DateTime<Utc>>,
    pub last_at: Option<DateTime<Utc>>,
    pub row_count: i64,
    pub is_whole: bool,
    pub faults: Vec<BatchFault>,
}

/// Which part of the chain.
#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VerifyFilter {
    /// Batches sealed from here on.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// A wish to have a long part of the chain looked over.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerification {
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

/// The job that does it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedVerification {
    pub job_id: JobId,
}

/// An anchor: what the chain was on one day, kept outside the database.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnchorLine {
    #[schema(example = "2026-11-22.json")]
    pub name: String,
    pub batch_no: i64,
    pub sealed_at: DateTime<Utc>,
    /// The seal, in hexadecimal.
    pub seal: String,
    /// Whether the file bears the house's mark.
    pub is_signed: bool,
}

/// The anchors there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnchorList {
    /// Newest first, at most a hundred.
    pub items: Vec<AnchorLine>,
}

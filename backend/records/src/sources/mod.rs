//! Ready mappings of public data sets onto the bank's own records: which column of which file becomes which column here, and
//! what is left empty because the source does not know it. Nothing is invented.
//!
//! Every id is derived from the source's own: the same files give the same ids in every run and every database, which is what
//! makes a second run find everything there. An imported amount owed is negative, as everywhere in the bank.

pub mod berka;
mod jobs;
mod offices;
mod staged_facts;
mod staged_holdings;
pub mod uci_credit_default;

pub use jobs::{ImportBerka, ImportUciCreditDefault, register};

use chrono::{DateTime, Datelike, Utc};
use platform::{Db, DbError, DbResult, clock::uuid_v7_named, database, vault::Vault};
use trust::imports::Import;
use uuid::Uuid;

/// What an import needs of the house.
#[derive(Clone)]
pub struct Sources {
    pub db: Db,
    pub vault: Vault,
    /// Makes the partitions of the years in a file.
    pub owner_url: String,
}

/// A source's name, and the moment that ids of undated things carry.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    pub name: &'static str,
    pub began_at: DateTime<Utc>,
}

impl Origin {
    /// The id of something the source numbers and does not date.
    pub(crate) fn id(&self, entity: &str, source_ref: &str) -> Uuid {
        self.id_at(self.began_at, entity, source_ref)
    }

    /// The id of something whose moment is part of what it is.
    pub(crate) fn id_at(&self, at: DateTime<Utc>, entity: &str, source_ref: &str) -> Uuid {
        uuid_v7_named(at, &[self.name, entity, source_ref])
    }
}

impl Sources {
    /// Makes sure that the transactions which were staged have a year to go to. Asks the owner only when one is missing.
    pub(crate) async fn ensure_years(&self, import: &Import, stage: &str) -> DbResult<()> {
        let Some((first, last)) = import.span(stage, "occurred_at").await? else { return Ok(()) };
        let years = first.year()..=last.year();
        let names: Vec<String> = years.clone().map(|year| format!("transactions_{year}")).collect();
        let sql = "SELECT count(*) FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL";
        let missing: i64 = match import.bulk().query(sql, &[&names]).await?.first() {
            Some(row) => row.get(0),
            None => return Err(DbError::Unavailable(None)),
        };
        if missing > 0 {
            database::ensure_partitions_of(&self.owner_url, &["transactions"], years).await?;
        }
        Ok(())
    }
}

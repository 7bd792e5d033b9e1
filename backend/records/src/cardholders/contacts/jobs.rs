//! The job that makes streets findable that were stored before streets were indexed. What is indexed is indexed: a run that was
//! killed leaves less for the next one.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::Street;
use platform::{
    Actor, Conn, DbResult, Tx,
    ids::CardholderId,
    jobs::{Job, JobError, JobRun, Registry},
    schema::cardholder_addresses,
    vault::{Blind, Place, Sealed, Vault},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trust::audit::{self, Entry};
use uuid::Uuid;

use super::repo::index_street;
use crate::cardholders::repo::wrapped_key;

/// Addresses of one transaction.
const BATCH: i64 = 500;

/// Gives every sealed street its place in the blind index.
#[derive(Debug, Serialize, Deserialize)]
pub struct IndexStreets {}

impl Job for IndexStreets {
    const KIND: &'static str = "cardholders.index_streets";

    fn unique_key(&self) -> Option<String> {
        Some("all".to_owned())
    }
}

type Position = (CardholderId, Uuid);

pub fn register_jobs(registry: &mut Registry, vault: &Vault) {
    let vault = vault.clone();
    registry.register(move |run: JobRun, _: IndexStreets| {
        let vault = vault.clone();
        async move { index_all(&run, &vault).await }
    });
}

/// Whether there is anything for the job to do.
pub async fn has_unindexed_streets(conn: &Conn) -> DbResult<bool> {
    Ok(!unindexed(conn, None, 1).await?.is_empty())
}

async fn index_all(run: &JobRun, vault: &Vault) -> Result<Value, JobError> {
    let mut indexed = run.checkpoint.as_ref().and_then(|kept| kept["indexed"].as_i64()).unwrap_or(0);
    let mut unreadable = 0;
    let mut after = None;
    loop {
        let batch = unindexed(&*run.db.read().await?, after, BATCH).await?;
        let Some(last) = batch.last().copied() else { break };
        let done = index_batch(run, vault, &batch, indexed).await?;
        unreadable += batch.len() as i64 - (done - indexed);
        indexed = done;
        run.progress(indexed, None).await?;
        after = Some(last);
    }
    Ok(json!({ "indexed": indexed, "unreadable": unreadable }))
}

async fn index_batch(run: &JobRun, vault: &Vault, batch: &[Position], before: i64) -> DbResult<i64> {
    run.db
        .write(&Actor::system("cardholders.index_streets"), async |tx| {
            let mut indexed = before;
            for position in batch {
                indexed += i64::from(index_one(tx, vault, *position).await?);
            }
            run.checkpoint_in(tx, &json!({ "indexed": indexed })).await?;
            let entry = Entry::of("cardholders.index_streets").on("job", run.job_id.0);
            audit::record(tx, entry.changing(json!({ "indexed": [before, indexed] }))).await?;
            Ok(indexed)
        })
        .await
}

/// Says whether it is indexed now: a street whose key is lost is not, nor is one that was deleted meanwhile.
async fn index_one(tx: &mut Tx<'_>, vault: &Vault, (cardholder_id, address_id): Position) -> DbResult<bool> {
    use cardholder_addresses as a;
    let row = a::table.find((cardholder_id, address_id)).filter(a::street_sealed.is_not_null());
    let row = row.select(a::street_sealed.assume_not_null()).for_update();
    let sealed: Option<Sealed> = row.first(&mut tx.conn()).await.optional()?;
    let wrapped = wrapped_key(tx, cardholder_id).await?;
    let key = wrapped.and_then(|wrapped| vault.unwrap(&wrapped, cardholder_id.0).ok());
    let (Some(sealed), Some(key)) = (sealed, key) else { return Ok(false) };
    let place = Place { table: "cardholder_addresses", column: "street_sealed", row: address_id };
    let Ok(text) = key.open(place, &sealed) else { return Ok(false) };
    let blind = vault.blind(Blind::Street, &Street::new(&text).folded());
    diesel::update(a::table.find((cardholder_id, address_id)))
        .set(a::street_blind.eq(&blind))
        .execute(&mut tx.conn())
        .await?;
    index_street(tx, cardholder_id, &blind).await?;
    Ok(true)
}

async fn unindexed(mut conn: &Conn, after: Option<Position>, limit: i64) -> DbResult<Vec<Position>> {
    use cardholder_addresses as a;
    let (id, address_id) = after.unwrap_or((CardholderId(Uuid::nil()), Uuid::nil()));
    Ok(a::table
        .filter(a::street_sealed.is_not_null())
        .filter(a::street_blind.is_null())
        .filter(a::cardholder_id.gt(id).or(a::cardholder_id.eq(id).and(a::address_id.gt(address_id))))
        .order((a::cardholder_id, a::address_id))
        .select((a::cardholder_id, a::address_id))
        .limit(limit)
        .load(&mut conn)
        .await?)
}

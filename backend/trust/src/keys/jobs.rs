//! The job that wraps every data key under the current master key, in batches that commit one by one. What is wrapped is
//! wrapped: a run that was killed leaves less for the next one, and a second run over a finished one finds nothing.

use platform::{
    Actor, DbError, files,
    jobs::{Job, JobError, JobRun, Registry},
    vault::Vault,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::repo::{self, Position, Rewrapped};
use crate::{
    audit::{self, Entry},
    staff,
};

/// Data keys of one transaction.
const BATCH: i64 = 500;

/// Wraps every data key under the current master key.
#[derive(Debug, Serialize, Deserialize)]
pub struct RewrapDataKeys {}

impl Job for RewrapDataKeys {
    const KIND: &'static str = "keys.rewrap";

    fn unique_key(&self) -> Option<String> {
        Some("all".to_owned())
    }
}

/// How far a run is.
#[derive(Default)]
struct Count {
    rewrapped: i64,
    /// Data keys that no master key here opens.
    unreadable: i64,
}

pub fn register(registry: &mut Registry, vault: &Vault) {
    let vault = vault.clone();
    registry.register(move |run: JobRun, _: RewrapDataKeys| {
        let vault = vault.clone();
        async move { rewrap_all(&run, &vault).await }
    });
}

/// Walks over the outdated data keys until a walk finds none that it can wrap: somebody may have been taken on meanwhile
/// under the key of before.
async fn rewrap_all(run: &JobRun, vault: &Vault) -> Result<Value, JobError> {
    let done = run.checkpoint.as_ref().and_then(|kept| kept["rewrapped"].as_i64()).unwrap_or(0);
    let mut count = Count { rewrapped: done, unreadable: 0 };
    let current = current_key(vault);
    let total = done + repo::outdated_count(&*run.db.read().await?, &current).await?;
    loop {
        let before = count.rewrapped;
        count.unreadable = 0;
        let mut after = repo::beginning();
        while let Some(next) = rewrap_batch(run, vault, &after, &mut count).await? {
            run.progress(count.rewrapped, Some(total.max(count.rewrapped))).await?;
            after = next;
        }
        if count.rewrapped == before {
            break;
        }
    }
    count.unreadable += reseal_second_factors(run, vault, &current).await?;
    let files = rewrap_files(run, vault, &current).await?;
    let result = json!({
        "master_key_id": current, "rewrapped": count.rewrapped, "unreadable": count.unreadable, "files": files,
    });
    if count.unreadable > 0 {
        return Err(JobError::permanent("keys.unreadable").with_result(result));
    }
    Ok(result)
}

/// Files, likewise until a walk finds none that it can wrap: one may have been begun meanwhile under the key of before.
async fn rewrap_files(run: &JobRun, vault: &Vault, current: &str) -> Result<usize, DbError> {
    let mut rewrapped = 0;
    loop {
        match files::rewrap(&*run.db.read().await?, vault, current).await? {
            0 => return Ok(rewrapped),
            more => rewrapped += more,
        }
    }
}

/// The secrets of second factors, which the master key seals itself: as many as there are staff, in one transaction. Says how
/// many no key here opens.
async fn reseal_second_factors(run: &JobRun, vault: &Vault, current: &str) -> Result<i64, DbError> {
    let kept = staff::second_factors_by_master_key(&*run.db.read().await?).await?;
    if kept.keys().all(|key_id| key_id == current) {
        return Ok(0);
    }
    run.db
        .write(&Actor::system("keys.rewrap"), async |tx| {
            let (resealed, unreadable) = staff::reseal_second_factors(tx, vault, current).await?;
            let entry = Entry::of("keys.rewrap").on("job", run.job_id.0);
            audit::record(tx, entry.changing(json!({ "second_factors": [0, resealed] }))).await?;
            Ok(unreadable)
        })
        .await
}

/// One batch in one transaction; says where the next begins, or that there is none.
async fn rewrap_batch(
    run: &JobRun,
    vault: &Vault,
    after: &Position,
    count: &mut Count,
) -> Result<Option<Position>, JobError> {
    let outdated = repo::outdated(&*run.db.read().await?, &current_key(vault), after, BATCH).await?;
    let Some(last) = outdated.last().map(|(id, key)| (key.master_key_id.clone(), *id)) else {
        return Ok(None);
    };
    let found = outdated.len();
    let rewrapped: Vec<Rewrapped> = outdated
        .into_iter()
        .filter_map(|(cardholder_id, before)| {
            let after = vault.rewrap(&before, cardholder_id).ok()?;
            Some(Rewrapped { cardholder_id, before, after })
        })
        .collect();
    count.unreadable += i64::try_from(found - rewrapped.len()).unwrap_or(0);
    if !rewrapped.is_empty() {
        count.rewrapped = store(run, &rewrapped, count.rewrapped).await?;
    }
    Ok(Some(last))
}

async fn store(run: &JobRun, rewrapped: &[Rewrapped], before: i64) -> Result<i64, DbError> {
    run.db
        .write(&Actor::system("keys.rewrap"), async |tx| {
            let stored = repo::store(tx, rewrapped).await?;
            let count = before + stored;
            run.checkpoint_in(tx, &json!({ "rewrapped": count })).await?;
            let entry = Entry::of("keys.rewrap").on("job", run.job_id.0);
            audit::record(tx, entry.changing(json!({ "rewrapped": [before, count] }))).await?;
            Ok(count)
        })
        .await
}

fn current_key(vault: &Vault) -> String {
    let keys = vault.keyring().master_keys();
    keys.into_iter().find(|key| key.is_current).map(|key| key.key_id).unwrap_or_default()
}

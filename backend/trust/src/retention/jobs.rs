//! The walk: it counts table by table, then deletes in batches that commit one by one, each with its audit row. One that was
//! killed has deleted whole batches; the next attempt, or the next run, goes on from what is left.

use platform::{
    Actor, DbError,
    ids::RetentionRunId,
    jobs::{Job, JobError, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    model::{RetentionError, RetentionResult, RunRow},
    repo,
    rules::{RULES, Rule},
    start,
};
use crate::{
    audit::{self, Entry},
    calendars::bank_date,
};

/// Rows that one transaction deletes.
const BATCH_ROWS: i64 = 500;
const ACTOR: &str = "retention";

/// Goes over the rules for one run.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyRules {
    pub run_id: RetentionRunId,
}

impl Job for ApplyRules {
    const KIND: &'static str = "retention.apply";

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// Has it counted once on each day of the bank.
#[derive(Debug, Serialize, Deserialize)]
pub struct CountNightly {}

impl Job for CountNightly {
    const KIND: &'static str = "retention.count_nightly";
    /// Whoever waits for something goes first.
    const PRIORITY: i16 = 200;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// `owner_url` leads to the role that may take out of what the application may only add to.
pub fn register(registry: &mut Registry, owner_url: &str) {
    let owner_url = owner_url.to_owned();
    registry.register(move |run: JobRun, job: ApplyRules| {
        let owner_url = owner_url.clone();
        async move { apply(&run, &owner_url, job.run_id).await }
    });
    registry.register(|run: JobRun, _: CountNightly| async move { count_nightly(&run).await });
}

async fn count_nightly(run: &JobRun) -> Result<Value, JobError> {
    let today = bank_date(run.db.clock().now());
    if repo::has_nightly(&*run.db.read().await?, today).await? {
        return Ok(json!({ "is_fresh": true }));
    }
    match run.db.write(&Actor::system(ACTOR), async |tx| start::begin(tx, true).await).await {
        Ok(run_id) => Ok(json!({ "run_id": run_id })),
        // Somebody is at it; later then.
        Err(RetentionError::Running) => Ok(json!({ "is_running": true })),
        Err(RetentionError::Db(error)) => Err(error.into()),
        Err(error) => Err(JobError::permanent(kernel::Fault::code(&error))),
    }
}

async fn apply(run: &JobRun, owner_url: &str, run_id: RetentionRunId) -> Result<Value, JobError> {
    let row = repo::row(&*run.db.read().await?, run_id).await?;
    let row = row.ok_or_else(|| JobError::permanent("retention.missing"))?;
    let mut results = repo::results(&*run.db.read().await?, run_id).await?;
    if results.is_empty() {
        results = count(run, &row).await?;
    }
    let sum = |part: fn(&RetentionResult) -> i64| results.iter().map(part).sum::<i64>();
    let (due, held) = (sum(|result| result.due_count), sum(|result| result.held_count));
    if row.is_dry_run {
        return Ok(json!({ "due": due, "held": held }));
    }
    let mut deleted = sum(|result| result.deleted_count);
    for rule in RULES {
        if let Some(deletion) = rule.deletion(row.run_on) {
            repo::delete_with(owner_url, rule, deletion).await?;
        }
        clear(run, &row, rule, (&mut deleted, due - held)).await?;
    }
    run.db
        .write(&Actor::system(ACTOR), async |tx| {
            repo::finish(tx, run_id).await?;
            let entry = Entry::of("retention.finish").on("retention_run", run_id);
            audit::record(tx, entry.changing(json!({ "deleted": [null, deleted] }))).await
        })
        .await?;
    Ok(json!({ "due": due, "held": held, "deleted": deleted }))
}

/// Looks at every table before anything is deleted. That is all there is to a dry run.
async fn count(run: &JobRun, row: &RunRow) -> Result<Vec<RetentionResult>, JobError> {
    let mut results = Vec::new();
    for rule in RULES {
        let Some(deletion) = rule.deletion(row.run_on) else { continue };
        let counted = repo::count(&*run.db.read().await?, rule, deletion).await?;
        results.push(RetentionResult {
            run_id: row.run_id,
            table_name: rule.table.to_owned(),
            due_count: counted.due_count,
            held_count: counted.held_count,
            deleted_count: 0,
            oldest_on: counted.oldest_on(),
        });
        run.check_cancelled()?;
    }
    let due: i64 = results.iter().map(|result| result.due_count).sum();
    run.db
        .write(&Actor::system(ACTOR), async |tx| {
            repo::insert_results(tx, &results).await?;
            if row.is_dry_run {
                repo::finish(tx, row.run_id).await?;
            }
            let entry = Entry::of("retention.count").on("retention_run", row.run_id);
            audit::record(tx, entry.changing(json!({ "due": [null, due] }))).await
        })
        .await?;
    Ok(results)
}

/// Deletes what is due of one table.
async fn clear(
    run: &JobRun,
    row: &RunRow,
    rule: &Rule,
    (deleted, total): (&mut i64, i64),
) -> Result<(), JobError> {
    let Some(deletion) = rule.deletion(row.run_on) else { return Ok(()) };
    let mut after = None;
    loop {
        let batch = run
            .db
            .write(&Actor::system(ACTOR), async |tx| {
                let place = (after.as_ref(), BATCH_ROWS);
                let batch = repo::delete_batch(tx, rule, deletion, place).await?;
                if batch.count == 0 {
                    tx.mark_unchanged();
                    return Ok(batch);
                }
                let so_far = repo::note_deleted(tx, row.run_id, rule.table, batch.count).await?;
                let entry = Entry::of("retention.apply").on("retention_run", row.run_id);
                let changes =
                    json!({ "table": [null, rule.table], "deleted": [so_far - batch.count, so_far] });
                audit::record(tx, entry.changing(changes)).await?;
                Ok::<_, DbError>(batch)
            })
            .await?;
        if batch.last.is_none() {
            return Ok(());
        }
        *deleted += batch.count;
        run.progress(*deleted, Some(total.max(*deleted))).await?;
        after = batch.last;
    }
}

//! The job that adds up the whole bank: all cells anew in one transaction, so that a page sees the old ones or the new ones.

use chrono::TimeDelta;
use platform::{
    Actor, DbError,
    jobs::{Job, JobError, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trust::audit::{self, Entry};

use super::{cells, repo};

/// Adds everything up, unless that was done a moment ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefreshStatistics {
    /// Minutes for which figures are fresh.
    pub fresh_minutes: i64,
}

impl Job for RefreshStatistics {
    const KIND: &'static str = "statistics.refresh";
    /// Whoever waits for something goes first.
    const PRIORITY: i16 = 200;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

pub fn register(registry: &mut Registry) {
    registry.register(|run: JobRun, job: RefreshStatistics| async move { refresh(&run, &job).await });
}

async fn refresh(run: &JobRun, job: &RefreshStatistics) -> Result<Value, JobError> {
    let refreshed_at = repo::refreshed_at(&*run.db.read().await?).await?;
    let fresh = TimeDelta::minutes(job.fresh_minutes);
    if refreshed_at.is_some_and(|at| run.db.clock().now() - at < fresh) {
        return Ok(json!({ "is_fresh": true }));
    }
    let actor = Actor::system("statistics.refresh");
    let mut bulk = run.db.bulk().await?;
    let written = bulk
        .write(&actor, async |tx| {
            tx.execute("DELETE FROM statistic_cells", &[]).await?;
            let mut written = 0;
            for filling in cells::fillings() {
                written += tx.execute(&filling, &[]).await?;
            }
            repo::note_refresh(tx, i64::try_from(written).unwrap_or(i64::MAX)).await?;
            audit::record_bulk(tx, Entry::of("statistics.refresh")).await?;
            Ok::<_, DbError>(written)
        })
        .await?;
    Ok(json!({ "cells": written }))
}

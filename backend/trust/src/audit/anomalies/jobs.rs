//! The job that counts a day, and the timer that asks for it.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use platform::{
    Actor, Db, DbError, DbResult, Tx,
    ids::CardholderId,
    jobs::{Job, JobError, JobRun, Registry, enqueue_now},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use web::{Directory, Snapshot};

use super::{
    find::{self, BANK_OFFSET, DayOf, Finding, Seen},
    model::AuditAnomaly,
    repo,
};
use crate::audit::{Entry, record};

/// How often the present day is counted anew.
const EVERY: Duration = Duration::from_secs(1800);
/// Days that make a habit.
const HABIT_DAYS: i64 = 30;
/// Cardholders asked for at a time.
const ASKED_MAX: usize = 5_000;

/// Counts one day of the bank. Counting it again changes only what nobody has judged.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindAnomalies {
    pub day: NaiveDate,
}

impl Job for FindAnomalies {
    const KIND: &'static str = "audit.find_anomalies";

    fn unique_key(&self) -> Option<String> {
        Some(self.day.to_string())
    }
}

pub fn register(registry: &mut Registry, directory: &Directory) {
    let directory = directory.clone();
    registry.register(move |run: JobRun, job: FindAnomalies| {
        let directory = directory.clone();
        async move { count_day(&run.db, &directory.snapshot(), job.day).await }
    });
}

/// Asks for today, and for yesterday, which may have ended since it was last counted.
pub async fn keep(db: Db) {
    loop {
        if let Err(error) = ask(&db).await {
            tracing::warn!(error = %error, "the day's anomalies can't be asked for");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn ask(db: &Db) -> DbResult<()> {
    let today = (db.clock().now() + BANK_OFFSET).date_naive();
    let conn = db.read().await?;
    for day in [today - TimeDelta::days(1), today] {
        enqueue_now(&conn, &FindAnomalies { day }, db.clock()).await?;
    }
    Ok(())
}

async fn count_day(db: &Db, bank: &Snapshot, day: NaiveDate) -> Result<Value, JobError> {
    let conn = db.read().await?;
    let hours = repo::hours(&conn, find::span_of(day)).await?;
    let days = find::days(&hours);
    let habits = repo::habits(&conn, day - TimeDelta::days(HABIT_DAYS), day).await?;
    let mut seen = Seen::new();
    let ids: Vec<CardholderId> = days.iter().flat_map(|day| day.seen.iter().copied()).collect();
    for ids in ids.chunks(ASKED_MAX) {
        let homes = repo::homes(&conn, ids).await?;
        seen.extend(homes.into_iter().map(|(id, branch_id, name)| (id, (branch_id, name))));
    }
    drop(conn);
    let finding = |day: &DayOf<'_>| {
        day.findings(habits.iter().find(|habit| habit.staff_id == day.staff_id), &seen, bank)
    };
    let found: Vec<Finding> = days.iter().flat_map(finding).collect();
    let actor = Actor::system("anomalies");
    let count = db.write(&actor, async |tx| keep_day(tx, day, &days, found).await).await?;
    Ok(json!({ "new": count }))
}

/// How many findings are new.
async fn keep_day(
    tx: &mut Tx<'_>,
    day: NaiveDate,
    days: &[DayOf<'_>],
    found: Vec<Finding>,
) -> Result<usize, DbError> {
    for of in days.iter().filter(|of| of.idle > 0 || !of.seen.is_empty()) {
        let counts = (of.idle as i32, of.busiest as i32);
        repo::remember(tx, of.staff_id, day, counts).await?;
    }
    let mut count = 0;
    for finding in found {
        let row = AuditAnomaly {
            anomaly_id: tx.new_id(),
            kind: finding.kind,
            staff_id: finding.staff_id,
            branch_id: finding.branch_id,
            cardholder_id: finding.cardholder_id,
            happened_on: day,
            first_at: finding.first_at,
            last_at: finding.last_at,
            params: finding.params,
            found_at: tx.now,
            verdict: None,
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
        };
        count += usize::from(repo::put(tx, row).await?);
    }
    if count > 0 {
        record(tx, Entry::of("audit.find_anomalies").changing(json!({ "day": day, "new": count }))).await?;
    } else {
        tx.mark_unchanged();
    }
    Ok(count)
}

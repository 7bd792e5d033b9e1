use platform::{
    Actor, Db, DbResult,
    jobs::{Job, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{bank_date, open_day};

const ACTOR: &str = "calendars";

/// Opens the day that the bank's calendar has come to.
#[derive(Debug, Serialize, Deserialize)]
pub struct OpenDay {}

impl Job for OpenDay {
    const KIND: &'static str = "calendars.open_day";
    /// Everybody works by it, and it takes a moment.
    const PRIORITY: i16 = 10;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

pub fn register(registry: &mut Registry) {
    registry
        .register(|run: JobRun, _: OpenDay| async move { Ok(json!({ "opened": catch_up(&run.db).await? })) });
}

/// Opens today, unless it is open already; says whether it did. Days that nobody was there for are passed over.
pub async fn catch_up(db: &Db) -> DbResult<bool> {
    db.write(&Actor::system(ACTOR), async |tx| {
        let is_opened = open_day(tx, bank_date(tx.now)).await?;
        if !is_opened {
            tx.mark_unchanged();
        }
        Ok(is_opened)
    })
    .await
}

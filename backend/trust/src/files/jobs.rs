use platform::{
    Actor, DbError, files,
    jobs::{Job, JobError, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{self, Entry};

/// Files that one transaction ends; a large one has thousands of chunks.
const BATCH_FILES: i64 = 10;

/// Ends every file whose time is over, and what lost writers have left.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireFiles {}

impl Job for ExpireFiles {
    const KIND: &'static str = "files.expire";

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

pub fn register(registry: &mut Registry) {
    registry.register(|run: JobRun, _: ExpireFiles| async move { expire(&run).await });
}

async fn expire(run: &JobRun) -> Result<Value, JobError> {
    let actor = Actor::system("files.expire");
    let mut expired = 0;
    loop {
        let ended = run
            .db
            .write(&actor, async |tx| {
                let ended = files::delete_expired(tx, BATCH_FILES).await?;
                if ended == 0 {
                    tx.mark_unchanged();
                } else {
                    audit::record(tx, Entry::of("files.expire").changing(json!({ "files": [ended, 0] })))
                        .await?;
                }
                Ok::<_, DbError>(ended)
            })
            .await?;
        expired += ended;
        run.check_cancelled()?;
        if ended == 0 {
            return Ok(json!({ "expired": expired }));
        }
    }
}

//! Requests that nobody decided in time come to their end.

use platform::{
    Actor, DbError,
    jobs::{Job, JobError, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{model::ApprovalStatus, repo, submit::end};

/// Requests that one transaction ends.
const BATCH_ROWS: i64 = 200;

/// Ends every request whose time is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireApprovals {}

impl Job for ExpireApprovals {
    const KIND: &'static str = "approvals.expire";

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

pub fn register(registry: &mut Registry) {
    registry.register(|run: JobRun, _: ExpireApprovals| async move { expire(&run).await });
}

async fn expire(run: &JobRun) -> Result<Value, JobError> {
    let actor = Actor::system("approvals.expire");
    let mut expired = 0;
    loop {
        let ended = run
            .db
            .write(&actor, async |tx| {
                let overdue = repo::lock_overdue(tx, tx.now, BATCH_ROWS).await?;
                if overdue.is_empty() {
                    tx.mark_unchanged();
                }
                for row in &overdue {
                    end(tx, row, ApprovalStatus::Expired, "approvals.expire").await?;
                }
                Ok::<_, DbError>(overdue.len())
            })
            .await?;
        expired += ended;
        run.check_cancelled()?;
        if ended == 0 {
            return Ok(json!({ "expired": expired }));
        }
    }
}

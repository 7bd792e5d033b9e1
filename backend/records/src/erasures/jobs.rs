//! The erasure itself. It may be begun again wherever it was stopped: what is gone is gone, and the tombstone says so.

use platform::{
    Actor,
    ids::{ApprovalId, CardholderId, SubjectRequestId},
    jobs::{Job, JobError, JobRun, Registry},
    vault::Vault,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trust::{
    approvals,
    audit::{self, Entry},
    calendars::bank_date,
};

use super::{check, clear, model::ErasureError, repo};
use crate::{cardholders::members::Members, subject_requests};

/// Erases one person, as it was approved: with every record that was merged into theirs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct EraseCardholder {
    pub cardholder_id: CardholderId,
    pub request_id: SubjectRequestId,
    pub approval_id: ApprovalId,
}

impl Job for EraseCardholder {
    const KIND: &'static str = "erasures.erase";

    fn unique_key(&self) -> Option<String> {
        Some(self.cardholder_id.to_string())
    }
}

/// `owner_url` leads to the role that may take out of what the application may only add to.
pub fn register(registry: &mut Registry, vault: &Vault, owner_url: &str) {
    let (vault, owner_url) = (vault.clone(), owner_url.to_owned());
    registry.register(move |run: JobRun, job: EraseCardholder| {
        let (vault, owner_url) = (vault.clone(), owner_url.clone());
        async move { erase(&run, &vault, &owner_url, &job).await }
    });
}

async fn erase(
    run: &JobRun,
    vault: &Vault,
    owner_url: &str,
    job: &EraseCardholder,
) -> Result<Value, JobError> {
    let actor = Actor::system("erasures.erase");
    let members = Members::everybody(&*run.db.read().await?, job.cardholder_id).await?;
    let cleared = run.db.write(&actor, async |tx| {
        if repo::erased_at(tx, job.cardholder_id).await?.is_some() {
            tx.mark_unchanged();
            return Ok(true);
        }
        // Who is being changed, held or merged at this moment comes first, and whoever wants to be later finds them erased.
        repo::lock_all(tx, members.all()).await?;
        // A hold that was placed since goes before, and so does a merge that was made or undone.
        let is_as_it_was = Members::everybody(tx, job.cardholder_id).await? == members;
        if !is_as_it_was || !check::obstacles(tx, &members, bank_date(tx.now)).await?.is_empty() {
            approvals::settle(tx, job.approval_id, false).await?;
            return Ok(false);
        }
        for cardholder_id in members.all() {
            let job = EraseCardholder { cardholder_id: *cardholder_id, ..*job };
            approvals::void_about(tx, job.cardholder_id).await?;
            clear::clear(tx, vault, &job).await?;
            audit::record(tx, entry("erasures.clear", &job)).await?;
        }
        Ok::<_, ErasureError>(true)
    });
    if !cleared.await.map_err(failed)? {
        // That they are kept is no failure of the job; the approval says that it could not be carried out.
        return Ok(json!({ "is_held": true }));
    }
    for cardholder_id in members.all() {
        clear::clear_append_only(owner_url, *cardholder_id).await?;
    }
    let finished = run.db.write(&actor, async |tx| {
        // A file that was begun before they were gone, and was not there yet to be ended.
        for cardholder_id in members.all() {
            clear::end_files(tx, *cardholder_id).await?;
        }
        approvals::settle(tx, job.approval_id, true).await?;
        subject_requests::close_erased(tx, job.request_id).await?;
        audit::record(tx, entry("erasures.erase", job)).await?;
        Ok::<_, ErasureError>(())
    });
    finished.await.map_err(failed)?;
    Ok(json!({}))
}

fn entry(action: &'static str, job: &EraseCardholder) -> Entry {
    Entry::of(action)
        .on("cardholder", job.cardholder_id.0)
        .about(job.cardholder_id)
        .because(format!("approval {}", job.approval_id))
}

fn failed(error: ErasureError) -> JobError {
    match error {
        ErasureError::Db(error) => error.into(),
        ErasureError::Approval(approvals::ApprovalError::Db(error)) => error.into(),
        other => JobError::permanent(kernel::Fault::code(&other).to_owned()),
    }
}

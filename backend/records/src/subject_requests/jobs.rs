//! Making packages, and ending those whose time is over.

use chrono::TimeDelta;
use platform::{
    Actor, DbError,
    ids::SubjectRequestId,
    jobs::{Job, JobError, JobRun, Registry},
    vault::Vault,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trust::audit;

use super::{
    model::{PACKAGE_DAYS, RequestRow, RequestStatus, SubjectRequestError},
    package,
    register::entry,
    repo,
};

/// Packages that one transaction ends.
const BATCH_ROWS: i64 = 100;

/// Gathers everything that the bank keeps of whoever asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct MakePackage {
    pub request_id: SubjectRequestId,
}

impl Job for MakePackage {
    const KIND: &'static str = "subject_requests.make_package";

    fn unique_key(&self) -> Option<String> {
        Some(self.request_id.to_string())
    }
}

/// Deletes every package whose time is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndPackages {}

impl Job for EndPackages {
    const KIND: &'static str = "subject_requests.end_packages";

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

pub fn register(registry: &mut Registry, vault: &Vault) {
    let vault = vault.clone();
    registry.register(move |run: JobRun, job: MakePackage| {
        let vault = vault.clone();
        async move { make(&run, &vault, job.request_id).await }
    });
    registry.register(|run: JobRun, _: EndPackages| async move { end(&run).await });
}

async fn make(run: &JobRun, vault: &Vault, request_id: SubjectRequestId) -> Result<Value, JobError> {
    let actor = Actor::system("subject_requests.make_package");
    let made = run.db.write(&actor, async |tx| {
        let row = repo::lock(tx, request_id).await?.ok_or(SubjectRequestError::Missing)?;
        if row.status != RequestStatus::Open {
            return Err(SubjectRequestError::Closed { status: row.status });
        }
        let count = package::make(tx, vault, &row).await?;
        let row = RequestRow {
            package_made_at: Some(tx.now),
            package_expires_at: Some(tx.now + TimeDelta::days(PACKAGE_DAYS)),
            version: row.version + 1,
            ..row
        };
        repo::update(tx, &row).await?;
        audit::record(tx, entry("subject_requests.make_package", &row)).await?;
        Ok(count)
    });
    match made.await {
        Ok(count) => Ok(json!({ "rows": count })),
        Err(SubjectRequestError::Db(error)) => Err(error.into()),
        Err(error) => Err(JobError::permanent(kernel::Fault::code(&error).to_owned())),
    }
}

async fn end(run: &JobRun) -> Result<Value, JobError> {
    let actor = Actor::system("subject_requests.end_packages");
    let mut ended = 0;
    loop {
        let count = run
            .db
            .write(&actor, async |tx| {
                let rows = repo::lock_ended(tx, tx.now, BATCH_ROWS).await?;
                if rows.is_empty() {
                    tx.mark_unchanged();
                }
                for row in &rows {
                    repo::delete_package(tx, row.cardholder_id, row.request_id).await?;
                    let row = RequestRow { package_made_at: None, package_expires_at: None, ..row.clone() };
                    repo::update(tx, &row).await?;
                    audit::record(tx, entry("subject_requests.end_package", &row)).await?;
                }
                Ok::<_, DbError>(rows.len())
            })
            .await?;
        ended += count;
        run.check_cancelled()?;
        if count == 0 {
            return Ok(json!({ "ended": ended }));
        }
    }
}

//! A run as a job: progress in its row, cancelled between steps, whole or not at all.

use actix_web::web::Data;
use platform::{
    Actor, StaffActor,
    actor::Identity,
    config::Config,
    files::{self, FileError, Files},
    ids::{ImportId, SessionId, StaffId},
    jobs::{Job, JobError, JobRun, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trust::{
    audit::{self, Entry},
    imports::Watch,
};
use uuid::Uuid;
use web::{Directory, Permission, access};

use super::{
    correction, mapping,
    model::{ImportOutcome, ImportRow},
    repo,
    run::{self, Order, Ran},
};
use crate::sources::Sources;

/// Imports an uploaded file as its owner has said.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunImport {
    pub import_id: ImportId,
}

impl Job for RunImport {
    const KIND: &'static str = "imports.run";

    fn unique_key(&self) -> Option<String> {
        Some(self.import_id.to_string())
    }
}

/// What runs need of the house.
#[derive(Clone)]
pub struct Importer {
    pub sources: Sources,
    pub directory: Directory,
    pub config: Data<Config>,
}

pub fn register(registry: &mut Registry, importer: &Importer) {
    let importer = importer.clone();
    registry.register(move |run: JobRun, job: RunImport| {
        let importer = importer.clone();
        async move { import(&importer, run, job.import_id).await }
    });
}

async fn import(importer: &Importer, job: JobRun, import_id: ImportId) -> Result<Value, JobError> {
    let row =
        repo::find(&*job.db.read().await?, import_id).await?.ok_or(JobError::permanent("imports.missing"))?;
    let now = job.db.clock().now();
    let file = files::find(&*job.db.read().await?, row.file_id, now).await?.ok_or(FileError::Gone)?;
    // What its owner may do is what they may do now.
    importer.directory.refresh(&job.db).await?;
    let staff = staff_of(importer, row.created_by)?;
    let actor = Actor {
        identity: Identity::Staff(staff.clone()),
        ip: None,
        trace_id: job.job_id.0.simple().to_string(),
    };
    let order = Order { row: &row, file: &file, staff, actor: actor.clone() };
    let ran = run::run(importer, order, Watch::of_job(job.clone())).await?;
    keep_refused(importer, &job, &actor, &row, &ran).await?;
    let outcome = match (ran.is_refused, ran.report.is_dry_run) {
        (true, _) => ImportOutcome::Refused,
        (false, true) => ImportOutcome::Checked,
        (false, false) => ImportOutcome::Imported,
    };
    Ok(json!({ "outcome": outcome, "report": ran.report }))
}

/// Whoever uploaded the file, as they are now.
fn staff_of(importer: &Importer, staff_id: StaffId) -> Result<StaffActor, JobError> {
    let directory = importer.directory.snapshot();
    let entry = directory.staff.get(&staff_id).filter(|entry| entry.is_active);
    let entry = entry.filter(|entry| access::may(entry.role, Permission::ImportsWrite));
    let entry = entry.ok_or(JobError::permanent("staff.forbidden"))?;
    Ok(StaffActor {
        staff_id,
        staff_no: entry.staff_no.clone(),
        name: entry.name.clone(),
        role: entry.role,
        scope: entry.scope,
        branch_id: entry.branch_id,
        // No session: they may have gone home.
        session_id: SessionId(Uuid::nil()),
    })
}

/// Gives back what was refused, where anything was.
async fn keep_refused(
    importer: &Importer,
    job: &JobRun,
    actor: &Actor,
    row: &ImportRow,
    ran: &Ran,
) -> Result<(), JobError> {
    let Some(format) = row.format().filter(|_| ran.refused.iter().any(|error| error.line > 0)) else {
        return Ok(());
    };
    let files = Files::new(job.db.clone(), importer.sources.vault.clone());
    let file = files.reader(row.file_id).await?.file().clone();
    let layout = mapping::layout(row.kind, format, &row.mapping());
    let written =
        correction::write(&files, &importer.config.files, &file, layout, ran.refused.clone()).await?;
    job.db
        .write(actor, async |tx| {
            repo::set_errors_file(tx, row.import_id, Some(written.file_id)).await?;
            let changes = json!({ "refused": [null, ran.report.refused] });
            audit::record(tx, Entry::of("imports.refuse").on("import", row.import_id).changing(changes))
                .await?;
            Ok::<_, platform::DbError>(())
        })
        .await?;
    Ok(())
}

//! The imports as jobs: progress in the job's row, cancel between steps, resume after the last finished one.

use std::path::PathBuf;

use platform::jobs::{Job, JobError, JobRun, Registry};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trust::imports::{ImportError, ImportOptions, ImportReport, Watch};

use super::{Sources, berka, uci_credit_default};

/// Imports the nine Berka files of a folder on the server.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportBerka {
    pub folder: PathBuf,
    pub options: ImportOptions,
}

impl Job for ImportBerka {
    const KIND: &'static str = "sources.import_berka";

    fn unique_key(&self) -> Option<String> {
        Some(self.folder.display().to_string())
    }
}

/// Imports the UCI credit-card default file of a folder on the server.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportUciCreditDefault {
    pub folder: PathBuf,
    pub options: ImportOptions,
}

impl Job for ImportUciCreditDefault {
    const KIND: &'static str = "sources.import_uci_credit_default";

    fn unique_key(&self) -> Option<String> {
        Some(self.folder.display().to_string())
    }
}

/// Registers the chapter's imports.
pub fn register(registry: &mut Registry, sources: &Sources) {
    let of_berka = sources.clone();
    registry.register(move |run: JobRun, job: ImportBerka| {
        let sources = of_berka.clone();
        async move { told(berka::import(&sources, &job.folder, job.options, Watch::of_job(run)).await) }
    });
    let of_uci = sources.clone();
    registry.register(move |run: JobRun, job: ImportUciCreditDefault| {
        let sources = of_uci.clone();
        async move {
            told(uci_credit_default::import(&sources, &job.folder, job.options, Watch::of_job(run)).await)
        }
    });
}

/// The report as the job's result.
fn told(outcome: Result<ImportReport, ImportError>) -> Result<Value, JobError> {
    serde_json::to_value(outcome?).map_err(|_| JobError::permanent("internal"))
}

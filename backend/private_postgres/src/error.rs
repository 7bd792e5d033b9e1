//! Why a private server did not start, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use crate::programs::MissingPrograms;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Programs(#[from] MissingPrograms),

    #[error(
        "{} was made by PostgreSQL {made_by}, which is not installed any more ({missing}); install that \
         version again, or dump and load the data",
        data_dir.display()
    )]
    OtherVersion { data_dir: PathBuf, made_by: u32, missing: MissingPrograms },

    #[error(
        "{} is in use{}; stop that one first, or give this one a data folder of its own",
        data_dir.display(),
        pid.map(|pid| format!(" by process {pid}")).unwrap_or_default()
    )]
    InUse { data_dir: PathBuf, pid: Option<u32> },

    #[error(
        "the PostgreSQL server that was left on {} (process {pid}) did not end within {} s",
        data_dir.display(),
        waited.as_secs()
    )]
    LeftoverStays { data_dir: PathBuf, pid: u32, waited: Duration },

    #[error(
        "PostgreSQL refuses to run as root, and the account {account} that would run it may not pass through \
         {}; open that folder (chmod o+x) or put the data elsewhere",
        closed.display()
    )]
    Unreachable { account: String, closed: PathBuf },

    #[error(
        "PostgreSQL refuses to run as root, and there is no account {wanted} to run it; create one, or start as \
         an ordinary user"
    )]
    NoAccount { wanted: String },

    #[error(
        "{} belongs to account number {owner}; start as that account, or as root, or give the data another folder",
        path.display()
    )]
    NotOurs { path: PathBuf, owner: u32 },

    #[error(
        "{} is neither empty nor a PostgreSQL data folder; give the data another folder",
        path.display()
    )]
    Foreign { path: PathBuf },

    #[error("initdb failed ({status}): {output}")]
    Initdb { status: ExitStatus, output: String },

    #[error("PostgreSQL ended while it started ({status}); the end of {} says:\n{tail}", log.display())]
    Ended { status: ExitStatus, log: PathBuf, tail: String },

    #[error(
        "PostgreSQL was not ready after {} s; the end of {} says:\n{tail}",
        waited.as_secs(),
        log.display()
    )]
    NotReady { waited: Duration, log: PathBuf, tail: String },

    #[error("cannot {doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

impl StartError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}

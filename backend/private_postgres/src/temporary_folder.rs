//! A folder that goes with its owner, in a place that the server's account can reach.

use std::env;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nix::unistd::geteuid;

use crate::account::Account;
use crate::error::StartError;
use crate::folder_lock::FolderLock;

const PREFIX: &str = "cardea-temporary-";

/// A folder this old whose lock is free was left by a program that was killed.
const ABANDONED_AFTER: Duration = Duration::from_secs(600);

/// Removed when dropped. What a killed program leaves is removed when another folder is made later.
#[derive(Debug)]
pub struct TemporaryFolder {
    path: PathBuf,
    _lock: FolderLock,
}

impl TemporaryFolder {
    pub fn new() -> Result<Self, StartError> {
        Self::passable_for(Account::for_cluster(Path::new("/"), None)?.as_ref())
    }

    /// Others than the account (and the caller) may not look into it.
    pub(crate) fn passable_for(account: Option<&Account>) -> Result<Self, StartError> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let base = base(account)?;
        sweep(&base);
        loop {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            let path = base.join(format!("{PREFIX}{}-{number}", process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(StartError::io("create", &path)(error)),
            }
            if account.is_some() {
                let passable = Permissions::from_mode(0o711);
                fs::set_permissions(&path, passable).map_err(StartError::io("open", &path))?;
            }
            let lock = FolderLock::take(&path)?;
            return Ok(Self { path, _lock: lock });
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed now is swept later.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn base(account: Option<&Account>) -> Result<PathBuf, StartError> {
    let closed = |base: &PathBuf| account.and_then(|account| account.closed_folder(base));
    let bases = [env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    bases.into_iter().find(|base| base.is_dir() && closed(base).is_none()).ok_or_else(|| {
        StartError::Unreachable {
            account: account.map(|account| account.name.clone()).unwrap_or_default(),
            closed: env::temp_dir(),
        }
    })
}

fn sweep(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else { return };
    for entry in entries.flatten() {
        let is_named_so = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let Ok(metadata) = entry.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
        let is_ours = metadata.is_dir() && metadata.uid() == geteuid().as_raw();
        if is_named_so && is_ours && age > ABANDONED_AFTER && FolderLock::take(&entry.path()).is_ok() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn what_a_killed_program_left_is_removed_and_what_is_in_use_stays() {
        let in_use = TemporaryFolder::new().unwrap();
        let abandoned = in_use.path().with_file_name(format!("{PREFIX}of-the-dead-{}", process::id()));
        fs::create_dir(&abandoned).unwrap();
        for folder in [in_use.path(), &abandoned] {
            let long_ago = SystemTime::now() - 2 * ABANDONED_AFTER;
            fs::File::open(folder).unwrap().set_modified(long_ago).unwrap();
        }
        drop(TemporaryFolder::new().unwrap());
        assert!(in_use.path().exists());
        assert!(!abandoned.exists());
    }
}

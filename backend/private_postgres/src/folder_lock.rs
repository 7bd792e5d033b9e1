//! One program at a time on a data folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::process;

use nix::libc::O_NOFOLLOW;

use crate::error::StartError;

/// Held as long as this value lives. The kernel releases it with the process, however that ends, so a
/// killed program never leaves the folder locked; the file itself stays, since removing it would let two
/// programs lock two files of one name.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    pub(crate) const FILE: &str = "lock";

    pub(crate) fn take(data_dir: &Path) -> Result<Self, StartError> {
        let path = data_dir.join(Self::FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o644)
            .custom_flags(O_NOFOLLOW)
            .open(&path)
            .map_err(|source| not_ours(&path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(data_dir, &path)),
            Err(TryLockError::Error(source)) => return Err(StartError::io("lock", &path)(source)),
        }
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "{}", process::id()))
            .map_err(StartError::io("write", &path))?;
        Ok(Self { _file: file })
    }
}

fn in_use(data_dir: &Path, path: &Path) -> StartError {
    let pid = fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok());
    StartError::InUse { data_dir: data_dir.to_owned(), pid }
}

fn not_ours(path: &Path, source: std::io::Error) -> StartError {
    let owned = path.exists().then_some(path).or_else(|| path.parent()).unwrap_or(path);
    match fs::metadata(owned) {
        Ok(metadata) if source.kind() == std::io::ErrorKind::PermissionDenied => {
            StartError::NotOurs { path: owned.to_owned(), owner: metadata.uid() }
        }
        _ => StartError::io("open", path)(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_told_who_holds_the_folder() {
        let folder = std::env::temp_dir().join(format!("folder-lock-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let held = FolderLock::take(&folder).unwrap();
        match FolderLock::take(&folder) {
            Err(StartError::InUse { pid, .. }) => assert_eq!(pid, Some(process::id())),
            other => panic!("a second taker got {other:?}"),
        }
        drop(held);
        drop(FolderLock::take(&folder).unwrap());
        fs::remove_dir_all(&folder).unwrap();
    }
}

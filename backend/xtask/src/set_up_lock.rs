//! One set-up of a clone at a time: two first starts would install into the same folders.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

use crate::command::{Doing, Failure};
use crate::say;

/// Held as long as this value lives; the kernel releases it with the process, however that ends.
#[derive(Debug)]
pub(crate) struct SetUpLock {
    _file: File,
}

impl SetUpLock {
    const FILE: &str = "set-up.lock";

    /// Waits for whoever holds it, and says so. What was missing before may be there afterwards.
    pub(crate) fn take(tools: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(tools).doing(format!("create {}", tools.display()))?;
        let path = tools.join(Self::FILE);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .doing(format!("open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                say::step("another `cargo xtask` is setting up this clone; waiting for it");
                file.lock().doing(format!("lock {}", path.display()))?;
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).doing(format!("lock {}", path.display()));
            }
        }
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_second_set_up_waits_for_the_first() {
        let tools = std::env::temp_dir().join(format!("set-up-lock-{}", std::process::id()));
        let first = SetUpLock::take(&tools).unwrap();
        let (tell, told) = mpsc::channel();
        let folder = tools.clone();
        let second = thread::spawn(move || tell.send(SetUpLock::take(&folder).map(|_| ())).unwrap());
        assert!(told.recv_timeout(Duration::from_millis(200)).is_err(), "it went ahead");
        drop(first);
        assert_eq!(told.recv(), Ok(Ok(())));
        second.join().unwrap();
        fs::remove_dir_all(&tools).unwrap();
    }
}

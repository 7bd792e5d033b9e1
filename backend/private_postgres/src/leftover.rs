//! A server that a killed program left behind on our data folder.
//!
//! The operating system tells an orphan to shut down, but that takes as long as its last checkpoint. The
//! next start waits for it instead of failing on the files it still holds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::error::StartError;

const POLL: Duration = Duration::from_millis(20);

/// Returns once no server runs on the cluster, and removes a lock file that would stop ours by mistake.
///
/// Only to be called while the folder's own lock is held: whatever still runs then has no owner.
pub(crate) fn wait_out(data_dir: &Path, cluster: &Path, patience: Duration) -> Result<(), StartError> {
    let Ok(cluster) = cluster.canonicalize() else { return Ok(()) };
    let since = Instant::now();
    let mut told = false;
    while let Some(pid) = running_on(&cluster).first().copied() {
        if !told && recorded_pid(&cluster) == Some(pid) {
            // Harmless when it is shutting down already, needed where no parent's death was reported to it.
            let _ = kill(as_pid(pid), Signal::SIGINT);
            told = true;
        }
        if since.elapsed() > patience {
            return Err(StartError::LeftoverStays { data_dir: data_dir.to_owned(), pid, waited: patience });
        }
        thread::sleep(POLL);
    }
    remove_if_number_was_reused(&cluster)
}

/// PostgreSQL takes any living process with the recorded number for a server, which is wrong once the
/// number was given to another program: after a reboot, or in a container, where numbers are small.
fn remove_if_number_was_reused(cluster: &Path) -> Result<(), StartError> {
    let file = cluster.join("postmaster.pid");
    match recorded_pid(cluster) {
        Some(pid) if is_alive(pid) => fs::remove_file(&file).map_err(StartError::io("remove", &file)),
        _ => Ok(()),
    }
}

fn recorded_pid(cluster: &Path) -> Option<u32> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

fn is_alive(pid: u32) -> bool {
    matches!(kill(as_pid(pid), None), Ok(()) | Err(Errno::EPERM))
}

fn as_pid(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).unwrap_or(i32::MAX))
}

/// The PostgreSQL processes whose working folder is this cluster, the recorded server first. Every server
/// process works in its cluster's folder, also the ones that outlive a killed server for a moment.
fn running_on(cluster: &Path) -> Vec<u32> {
    let recorded = recorded_pid(cluster);
    let Ok(processes) = fs::read_dir("/proc") else {
        // Without a process file system the recorded number is all there is to go by.
        return recorded.filter(|pid| is_alive(*pid)).into_iter().collect();
    };
    let mut pids: Vec<u32> = processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| works_in(*pid, cluster, recorded))
        .collect();
    pids.sort_by_key(|pid| Some(*pid) != recorded);
    pids
}

fn works_in(pid: u32, cluster: &Path, recorded: Option<u32>) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let is_postgres = fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim() == "postgres");
    is_postgres
        && match fs::read_link(process.join("cwd")) {
            Ok(folder) => folder == cluster,
            // Root in a container may not look; then the recorded number must do.
            Err(error) => error.kind() == io::ErrorKind::PermissionDenied && recorded == Some(pid),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_number_that_belongs_to_another_program_is_forgotten() {
        let cluster = std::env::temp_dir().join(format!("leftover-{}", std::process::id()));
        fs::create_dir_all(&cluster).unwrap();
        let file = cluster.join("postmaster.pid");

        fs::write(&file, format!("{}\n/somewhere\n", std::process::id())).unwrap();
        wait_out(&cluster, &cluster, Duration::ZERO).unwrap();
        assert!(!file.exists(), "our own number is not a server's");

        fs::write(&file, "2147483646\n").unwrap();
        wait_out(&cluster, &cluster, Duration::ZERO).unwrap();
        assert!(file.exists(), "a dead number is PostgreSQL's own business");
        fs::remove_dir_all(&cluster).unwrap();
    }
}

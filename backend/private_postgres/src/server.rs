//! A running private server.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use nix::libc::O_NOFOLLOW;
use nix::sys::signal::Signal;

use crate::child::WatchedChild;
use crate::error::StartError;
use crate::folder_lock::FolderLock;
use crate::home::{Home, was_moved};
use crate::programs::Programs;
use crate::settings::Settings;
use crate::{cluster, configuration, leftover};

const READY_POLL: Duration = Duration::from_millis(5);

/// How long an immediate shutdown may take before the process is killed.
const QUIT_PATIENCE: Duration = Duration::from_secs(10);

const LOG_LIMIT_BYTES: u64 = 16 << 20;
const LOG_TAIL_LINES: usize = 20;

/// Runs until it is stopped or dropped, or until this process ends in whatever way.
#[derive(Debug)]
pub struct PrivatePostgres {
    settings: Settings,
    programs: Programs,
    home: Home,
    child: WatchedChild,
    // Last: the folder is free for others only when everything above is gone.
    _lock: FolderLock,
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// With its last checkpoint: the next start has nothing to recover.
    Cleanly,
    /// By force, since it did not end in time, or on its own before it was asked: the next start recovers.
    Abruptly,
}

impl PrivatePostgres {
    /// Returns when the server accepts connections. Blocks for about a second the first time, which makes
    /// the cluster, and for a few tens of milliseconds later.
    pub fn start(settings: Settings) -> Result<Self, StartError> {
        let home = Home::choose(&settings)?;
        let lock = FolderLock::take(&home.data_dir)?;
        home.give_to_account(&home.data_dir.join(FolderLock::FILE))?;
        leftover::wait_out(&home.data_dir, &home.cluster(), settings.stop_patience)?;
        let programs = cluster::ensure(&settings, &home)?;
        let child = launch(&settings, &programs, &home)?;
        Ok(Self { settings, programs, home, child, _lock: lock })
    }

    /// `postgres://user@%2Fpath:5432/database`, the path being that of the socket's folder.
    pub fn url(&self, database: &str, user: &str) -> String {
        let host = percent_encoded(&self.home.socket_dir().display().to_string());
        format!("postgres://{}@{host}:5432/{}", percent_encoded(user), percent_encoded(database))
    }

    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Where the data really lies: see [`PrivatePostgres::moved_from`].
    pub fn data_dir(&self) -> &Path {
        &self.home.data_dir
    }

    /// The data folder that was asked for, if the account that runs the server could not reach it (a
    /// clone under root's closed home) and the data therefore lies elsewhere.
    pub fn moved_from(&self) -> Option<&Path> {
        let asked = self.settings.data_dir.as_path();
        (!self.home.is_temporary() && was_moved(asked, &self.home.data_dir)).then_some(asked)
    }

    pub fn socket_dir(&self) -> &Path {
        self.home.socket_dir()
    }

    pub fn log_file(&self) -> PathBuf {
        self.home.log()
    }

    /// The account that privileges were dropped to.
    pub fn server_account(&self) -> Option<&str> {
        self.home.account.as_ref().map(|account| account.name.as_str())
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// The server's end, if it has ended; it never does so on its own unless something is badly wrong.
    pub fn ended(&self) -> Option<ExitStatus> {
        self.child.ended()
    }

    /// Closes open connections and waits for the last checkpoint. Does nothing the second time.
    pub fn stop(&self) -> Stopped {
        self.child.signal(Signal::SIGINT);
        if let Some(status) = self.child.wait(self.settings.stop_patience) {
            return if status.success() { Stopped::Cleanly } else { Stopped::Abruptly };
        }
        self.child.signal(Signal::SIGQUIT);
        if self.child.wait(QUIT_PATIENCE).is_none() {
            self.child.signal(Signal::SIGKILL);
            let _ = self.child.wait(QUIT_PATIENCE);
        }
        Stopped::Abruptly
    }

    /// Starts the server again on the same data and socket, stopping it first if it runs.
    pub fn restart(&mut self) -> Result<(), StartError> {
        self.stop();
        leftover::wait_out(&self.home.data_dir, &self.home.cluster(), self.settings.stop_patience)?;
        self.child = launch(&self.settings, &self.programs, &self.home)?;
        Ok(())
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        self.stop();
        self.home.remove_outside_socket_dir();
    }
}

fn launch(settings: &Settings, programs: &Programs, home: &Home) -> Result<WatchedChild, StartError> {
    home.private_folder(home.socket_dir())?;
    configuration::write(settings, home, programs)?;
    let log = open_log(&home.log())?;
    home.give_to_account(&home.log())?;
    let errors = log.try_clone().map_err(StartError::io("open", &home.log()))?;
    let mut command = cluster::server_program(programs, "postgres", home);
    command.arg("-D").arg(home.cluster()).stdout(log).stderr(errors);
    let child = WatchedChild::spawn(command).map_err(StartError::io("run", &programs.program("postgres")))?;
    match wait_until_ready(&child, home, settings.start_patience) {
        Ok(()) => Ok(child),
        Err(error) => {
            child.signal(Signal::SIGQUIT);
            let _ = child.wait(QUIT_PATIENCE);
            Err(error)
        }
    }
}

/// The server writes its state into the eighth line of its lock file, below its own process number.
fn wait_until_ready(child: &WatchedChild, home: &Home, patience: Duration) -> Result<(), StartError> {
    let file = home.cluster().join("postmaster.pid");
    let own_id = child.id().to_string();
    let since = Instant::now();
    loop {
        if let Some(status) = child.ended() {
            return Err(StartError::Ended { status, log: home.log(), tail: tail(&home.log()) });
        }
        let text = fs::read_to_string(&file).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        if lines.next() == Some(&own_id) && lines.nth(6) == Some("ready") {
            return Ok(());
        }
        if since.elapsed() > patience {
            return Err(StartError::NotReady { waited: patience, log: home.log(), tail: tail(&home.log()) });
        }
        thread::sleep(READY_POLL);
    }
}

/// Appends, and begins anew beside the old one when that has grown too long.
fn open_log(path: &Path) -> Result<File, StartError> {
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > LOG_LIMIT_BYTES) {
        let older = path.with_extension("log.1");
        fs::rename(path, &older).map_err(StartError::io("rename", path))?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(O_NOFOLLOW)
        .open(path)
        .map_err(StartError::io("open", path))
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded + &char::from(byte).to_string()
        } else {
            encoded + &format!("%{byte:02X}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_folder_becomes_a_host_name() {
        assert_eq!(percent_encoded("/srv/a b/银"), "%2Fsrv%2Fa%20b%2F%E9%93%B6");
    }
}

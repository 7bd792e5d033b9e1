//! The server as a child process that cannot outlive its parent.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// A child that is watched by a thread of its own.
///
/// The thread also spawns it, and lives as long as it: Linux reports the end of the spawning *thread*,
/// not of the process, so a server spawned from a short-lived thread would be stopped with it.
#[derive(Debug)]
pub(crate) struct WatchedChild {
    pid: Pid,
    watch: Arc<Watch>,
}

#[derive(Debug, Default)]
struct Watch {
    ended: Mutex<Option<ExitStatus>>,
    changed: Condvar,
}

impl WatchedChild {
    pub(crate) fn spawn(mut command: Command) -> io::Result<Self> {
        // Ctrl-C at a terminal reaches the whole foreground group; the application decides when its
        // database stops, after its own last writes.
        command.process_group(0);
        end_with_parent(&mut command, Signal::SIGINT);
        let watch = Arc::new(Watch::default());
        let watched = Arc::clone(&watch);
        let (spawned, result) = mpsc::channel();
        thread::Builder::new().name("private-postgres".to_owned()).spawn(move || match command.spawn() {
            Ok(child) => {
                let _ = spawned.send(Ok(child.id()));
                watched.follow(child);
            }
            Err(error) => {
                let _ = spawned.send(Err(error));
            }
        })?;
        let id = result.recv().map_err(io::Error::other)??;
        let pid = Pid::from_raw(i32::try_from(id).map_err(io::Error::other)?);
        Ok(Self { pid, watch })
    }

    pub(crate) fn id(&self) -> u32 {
        self.pid.as_raw().unsigned_abs()
    }

    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        *self.watch.lock()
    }

    /// Sends the signal unless the child has ended. The lock keeps the process number from being reused
    /// between the two.
    pub(crate) fn signal(&self, signal: Signal) {
        let ended = self.watch.lock();
        if ended.is_none() {
            let _ = kill(self.pid, signal);
        }
    }

    pub(crate) fn wait(&self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        let mut ended = self.watch.lock();
        while ended.is_none() {
            let left = until.checked_duration_since(Instant::now())?;
            ended = self.watch.changed.wait_timeout(ended, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *ended
    }
}

impl Watch {
    fn lock(&self) -> MutexGuard<'_, Option<ExitStatus>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits without collecting first: the number stays the child's until it is collected under the lock.
    #[cfg(target_os = "linux")]
    fn follow(&self, mut child: Child) {
        use nix::sys::wait::{Id, WaitPidFlag, waitid};

        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX));
        while waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(Errno::EINTR) {}
        let mut ended = self.lock();
        *ended = Some(child.wait().unwrap_or_default());
        self.changed.notify_all();
    }

    /// The same by asking again and again, where there is no waiting without collecting.
    #[cfg(not(target_os = "linux"))]
    fn follow(&self, mut child: Child) {
        loop {
            let mut ended = self.lock();
            if let Ok(Some(status)) = child.try_wait() {
                *ended = Some(status);
                self.changed.notify_all();
                return;
            }
            drop(ended);
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Asks the system to send `signal` to the command's process when the thread that spawns it ends.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "only code between fork and exec can ask for the parent's death signal")]
pub(crate) fn end_with_parent(command: &mut Command, signal: Signal) {
    use nix::sys::prctl::set_pdeathsig;
    use nix::unistd::{getpid, getppid};

    let parent = getpid();
    let ask = move || {
        set_pdeathsig(signal)?;
        // The parent may have been killed before the line above.
        if getppid() == parent { Ok(()) } else { Err(Errno::ESRCH.into()) }
    };
    // SAFETY: the closure makes system calls only; it neither allocates nor takes a lock.
    unsafe { command.pre_exec(ask) };
}

/// Elsewhere an orphan is stopped by the next start (see `leftover`).
#[cfg(not(target_os = "linux"))]
pub(crate) fn end_with_parent(_command: &mut Command, _signal: Signal) {}

//! A whole bank for the tests that come through the door: the real server on a private cluster of its own.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use private_postgres::TemporaryFolder;

use crate::command::{self, Doing, Failure};
use crate::http_check;
use crate::say;
use crate::start::serve_pages;
use crate::workspace::Workspace;

/// A debug build fills its sandbox in this time on a slow machine.
const START_PATIENCE: Duration = Duration::from_secs(300);
const STOP_PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);
const LOG_TAIL_LINES: usize = 40;

/// Enough for every page to have something on it, and quick to fill.
const CARDHOLDERS: &str = "300";

pub(crate) struct SandboxServer {
    child: Child,
    address: SocketAddr,
    // Dropped after the server has ended.
    folder: TemporaryFolder,
}

impl SandboxServer {
    pub(crate) fn start(workspace: &Workspace) -> Result<Self, Failure> {
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--package", "server", "--bin", "cardea"]);
        command::run("cargo build (the server of the end-to-end tests)", &mut cargo)?;
        let folder = TemporaryFolder::new()?;
        let address = free_address()?;
        let log = File::create(folder.path().join("server.log")).doing("write the server's log")?;
        let mut server = Command::new(workspace.built("debug", "cardea"));
        server.current_dir(workspace.root()).arg("serve").stdin(Stdio::null());
        server.stdout(log.try_clone().doing("write the server's log")?).stderr(log);
        for ours in ["DATABASE_URL", "DATABASE_OWNER_URL", "CARDEA_CONFIG", "CARDEA_KEYS__FILE"] {
            server.env_remove(ours);
        }
        server
            .env("CARDEA_SERVER__LISTEN", address.to_string())
            .env("CARDEA_PRIVATE_POSTGRES__DATA_DIR", folder.path().join("data"))
            .env("CARDEA_SANDBOX__CARDHOLDERS", CARDHOLDERS);
        serve_pages(&mut server, &workspace.path("frontend/dist"));
        say::step(format!("cardea serve on http://{address}"));
        let child = server.spawn().doing("run cardea serve")?;
        let mut sandbox = Self { child, address, folder };
        sandbox.wait_until_ready()?;
        Ok(sandbox)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn wait_until_ready(&mut self) -> Result<(), Failure> {
        let since = Instant::now();
        while http_check::status(self.address, "/readyz") != Some(200) {
            let ended = self.child.try_wait().doing("wait for cardea serve")?;
            if ended.is_some() || since.elapsed() > START_PATIENCE {
                say::line(self.log_tail());
                let how = ended
                    .map_or_else(|| "is not ready in time".to_owned(), |status| format!("ended: {status}"));
                return Err(Failure::new(format!("cardea serve {how}")));
            }
            thread::sleep(POLL);
        }
        say::note(format!("ready after {:.1} s", since.elapsed().as_secs_f64()));
        Ok(())
    }

    pub(crate) fn log_tail(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
    }
}

impl Drop for SandboxServer {
    fn drop(&mut self) {
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGINT);
        }
        let since = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if since.elapsed() > STOP_PATIENCE {
                let _ = self.child.kill();
            }
            thread::sleep(POLL);
        }
    }
}

/// The system's choice; nobody else takes it in the moment until the server does.
fn free_address() -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing("find a free port")?;
    listener.local_addr().doing("find a free port")
}

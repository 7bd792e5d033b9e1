//! A folder per test, a program that keeps a server, and questions to both.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use private_postgres::{PrivatePostgres, Programs, SUPERUSER};

const DEADLINE: Duration = Duration::from_secs(60);

/// Removed when the test is over, whatever its outcome.
pub struct Ground {
    folder: PathBuf,
}

pub struct Keeper {
    pub process: Child,
    pub url: String,
}

impl Ground {
    pub fn new(name: &str) -> Self {
        let folder = Path::new("/tmp").join(format!("private-postgres-{name}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        set_mode(&folder, 0o755);
        Self { folder }
    }

    pub fn owned_by(name: &str, user: &str) -> Self {
        let ground = Self::new(name);
        let user = User::from_name(user).unwrap().unwrap();
        chown(&ground.folder, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
        ground
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Another program that holds a kept server.
    pub fn keep(&self, name: &str) -> Keeper {
        self.follow(self.keeper(name))
    }

    pub fn keep_as(&self, name: &str, user: &str) -> Keeper {
        self.follow(self.keeper_as(name, user))
    }

    pub fn fail_to_keep_as(&self, name: &str, user: &str) -> String {
        let output = self.keeper_as(name, user).stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }

    fn keeper(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_private-postgres"));
        command.arg(self.path(name));
        command
    }

    /// From a copy, since the build's own folder may be closed to that user.
    fn keeper_as(&self, name: &str, user: &str) -> Command {
        let copy = self.path("keeper");
        if !copy.exists() {
            fs::copy(env!("CARGO_BIN_EXE_private-postgres"), &copy).unwrap();
            set_mode(&copy, 0o755);
        }
        let user = User::from_name(user).unwrap().unwrap();
        let mut command = Command::new(copy);
        command.arg(self.path(name)).uid(user.uid.as_raw()).gid(user.gid.as_raw()).current_dir("/");
        command
    }

    fn follow(&self, mut command: Command) -> Keeper {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        assert!(url.starts_with("postgres://"), "the keeper said {url:?}");
        Keeper { process, url: url.trim().to_owned() }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn query(server: &PrivatePostgres, sql: &str) -> String {
    try_query(server, SUPERUSER, sql).unwrap()
}

pub fn try_query(server: &PrivatePostgres, user: &str, sql: &str) -> Result<String, String> {
    ask(&server.url("postgres", user), sql)
}

pub fn query_at(url: &str, sql: &str) -> String {
    ask(url, sql).unwrap()
}

fn ask(url: &str, sql: &str) -> Result<String, String> {
    let psql = Programs::find().unwrap().program("psql");
    let mut process = Command::new(psql)
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-v", "ON_ERROR_STOP=1", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A refused connection closes the pipe before it is read.
    let _ = process.stdin.take().unwrap().write_all(sql.as_bytes());
    let (mut answer, mut complaint) = (String::new(), String::new());
    process.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    process.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    if process.wait().unwrap().success() { Ok(answer.trim().to_owned()) } else { Err(complaint) }
}

/// The number of the server that the folder's own lock file names.
pub fn recorded_server(data_dir: &Path) -> u32 {
    let text = fs::read_to_string(data_dir.join("cluster/postmaster.pid")).unwrap();
    text.lines().next().unwrap().trim().parse().unwrap()
}

pub fn is_running(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

pub fn account_of(pid: u32) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap();
    let uid: u32 = uid.split_whitespace().next().unwrap().parse().unwrap();
    User::from_uid(uid.into()).unwrap().unwrap().name
}

pub fn groups_of(pid: u32) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    status.lines().find_map(|line| line.strip_prefix("Groups:")).unwrap().trim().to_owned()
}

pub fn interrupt(process: &Child) {
    kill(Pid::from_raw(process.id().cast_signed()), Signal::SIGINT).unwrap();
}

pub fn kill_process(pid: u32) {
    kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL).unwrap();
}

pub fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < DEADLINE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Says so, where the runner collects such lines, when the test cannot run.
pub fn run_as_root_only(test: impl FnOnce()) {
    if geteuid().is_root() {
        return test();
    }
    if let Some(log) = std::env::var_os("CARDEA_SKIP_LOG") {
        let name = thread::current().name().unwrap_or_default().to_owned();
        let mut file = fs::OpenOptions::new().append(true).create(true).open(log).unwrap();
        writeln!(file, "{name}: needs root, who may change accounts").unwrap();
    }
}

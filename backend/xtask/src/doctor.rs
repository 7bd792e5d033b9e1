//! What is missing or misconfigured, each with what to do about it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use private_postgres::Programs;

use crate::chromium;
use crate::command::{self, Failure};
use crate::http_check;
use crate::node::{MINIMUM, Node};
use crate::package_manager::has_program;
use crate::say;
use crate::start::serve_pages;
use crate::workspace::Workspace;

/// Where the server listens unless it is told otherwise.
const LISTEN: &str = "127.0.0.1:8080";

/// A first build and a sandbox bank take about half of this.
const FREE_DISK_GIB: u64 = 10;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    Fine(String),
    /// Works, but not for everything.
    Note(String),
    Wrong(String),
}

use Finding::{Fine, Note, Wrong};

pub(crate) fn run(workspace: &Workspace) -> Result<bool, Failure> {
    let findings = [
        ("Rust", rust()),
        ("C compiler", c_compiler()),
        ("PostgreSQL", postgres()),
        ("database", database()),
        ("Node", node(workspace)),
        ("packages", packages(workspace)),
        ("browser", browser()),
        ("address", address()),
        ("key file", key_file(&key_file_path(workspace))),
        ("disk", disk(workspace.root())),
    ];
    let mut is_well = true;
    for (name, finding) in findings {
        let (mark, text) = match &finding {
            Fine(text) => ("ok   ", text),
            Note(text) => ("note ", text),
            Wrong(text) => ("WRONG", text),
        };
        is_well &= !matches!(finding, Wrong(_));
        say::line(format!("{mark}  {name:12} {text}"));
    }
    Ok(is_well & the_server_s_own(workspace))
}

/// The server knows its settings, its keys and its roles better; asked once it is built.
fn the_server_s_own(workspace: &Workspace) -> bool {
    let programs = ["release", "debug"].map(|profile| workspace.built(profile, "cardea"));
    let Some(program) = programs.iter().find(|program| program.is_file()) else {
        say::line("note   server       not built yet; `cargo xtask run` builds it, and then it is asked too");
        return true;
    };
    let mut server = Command::new(program);
    serve_pages(&mut server, &workspace.root().join("frontend/dist"));
    match server.arg("doctor").current_dir(workspace.root()).status() {
        // An older build, or one without the verb: a wrong use of it, which says nothing of the machine.
        Ok(status) if status.code() == Some(2) => {
            say::line("note   server       the built server does not know `doctor`");
            true
        }
        status => status.is_ok_and(|status| status.success()),
    }
}

fn rust() -> Finding {
    match command::answer(Command::new("rustc").arg("--version")) {
        Some(version) => Fine(version),
        None => Wrong("rustc does not run".to_owned()),
    }
}

fn c_compiler() -> Finding {
    if has_program("cc") {
        Fine("cc is there".to_owned())
    } else {
        Wrong("cc is missing; some crates build C: install gcc".to_owned())
    }
}

fn postgres() -> Finding {
    match Programs::find() {
        Ok(programs) => Fine(format!("{} in {}", programs.version(), programs.bin().display())),
        Err(missing) if named("DATABASE_URL").is_some() => {
            Note(format!("the tests need their own: {missing}; `cargo xtask test` installs it where it may"))
        }
        Err(missing) => Wrong(format!("{missing}; `cargo xtask run` installs it where it may")),
    }
}

/// The address itself is not shown: it may hold a password.
fn database() -> Finding {
    let Some(url) = named("DATABASE_URL") else {
        return Fine("DATABASE_URL is not set: the server brings its own".to_owned());
    };
    let in_programs = Programs::find().map(|programs| programs.program("psql")).ok();
    let in_path = || has_program("psql").then(|| PathBuf::from("psql"));
    match in_programs.filter(|file| file.is_file()).or_else(in_path) {
        Some(psql) => asked_with(&psql, &url),
        None => Note(
            "no psql is here to ask DATABASE_URL with; once the server is built, it asks itself".to_owned(),
        ),
    }
}

fn asked_with(psql: &Path, url: &OsStr) -> Finding {
    let mut query = Command::new(psql);
    query.args(["--no-psqlrc", "-tAc", "SHOW server_version_num", "-d"]).arg(url);
    query.env("PGCONNECT_TIMEOUT", "5");
    match command::answer(&mut query) {
        None => Wrong("the server that DATABASE_URL names does not answer psql".to_owned()),
        Some(version) if version.parse::<u32>().is_ok_and(|number| number < 150_000) => {
            Wrong(format!("the server that DATABASE_URL names is too old ({version}); 15 is needed"))
        }
        Some(_) if named("DATABASE_OWNER_URL").is_none() => {
            Note("answers, but without DATABASE_OWNER_URL append-only tables are not enforced".to_owned())
        }
        Some(version) => Fine(format!("the server that DATABASE_URL names answers ({version})")),
    }
}

fn node(workspace: &Workspace) -> Finding {
    let [major, minor] = MINIMUM;
    match Node::find(workspace) {
        Some(node) => Fine(node.version().unwrap_or_default()),
        None => Wrong(format!("no Node {major}.{minor} or newer with npm; `cargo xtask run` installs one")),
    }
}

fn packages(workspace: &Workspace) -> Finding {
    if workspace.path("frontend/node_modules/.package-lock.json").is_file() {
        Fine("frontend/node_modules is there".to_owned())
    } else {
        Note("frontend/node_modules is not installed yet; `cargo xtask run` does it".to_owned())
    }
}

fn browser() -> Finding {
    chromium::find().map_or_else(
        || Note(format!("{}; the end-to-end tests are skipped", chromium::absence())),
        |file| Fine(file.display().to_string()),
    )
}

fn address() -> Finding {
    match named("CARDEA_SERVER__LISTEN").map(|listen| listen.to_string_lossy().into_owned()) {
        Some(listen) => listening_on(&listen),
        // Only the server reads that file.
        None if named("CARDEA_CONFIG").is_some() => {
            Note("CARDEA_CONFIG may name one; once the server is built, it says which".to_owned())
        }
        None => listening_on(LISTEN),
    }
}

fn listening_on(listen: &str) -> Finding {
    let is_ours = || {
        let mut addresses = listen.to_socket_addrs().into_iter().flatten();
        addresses.any(|address| http_check::status(address, "/readyz") == Some(200))
    };
    match TcpListener::bind(listen) {
        Ok(_) => Fine(format!("{listen} is free")),
        Err(error) if error.kind() != ErrorKind::AddrInUse => {
            Wrong(format!("{listen} can't be listened on: {error}; correct CARDEA_SERVER__LISTEN"))
        }
        Err(_) if is_ours() => Fine(format!("Cardea is running on {listen}")),
        Err(error) => Wrong(format!(
            "{listen}: {error}; stop what listens there or set CARDEA_SERVER__LISTEN to another address"
        )),
    }
}

fn key_file_path(workspace: &Workspace) -> PathBuf {
    let in_data = || {
        let data = named("CARDEA_PRIVATE_POSTGRES__DATA_DIR").unwrap_or_else(|| "data".into());
        Path::new(&data).join("keys.json")
    };
    workspace.root().join(named("CARDEA_KEYS__FILE").map_or_else(in_data, PathBuf::from))
}

fn key_file(file: &Path) -> Finding {
    let shown = file.display();
    match fs::metadata(file) {
        Err(_) => Fine(format!("{shown} is made at the first start")),
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            Wrong(format!("others may read {shown}: chmod 600 {shown}"))
        }
        Ok(_) => Fine(format!("{shown} is private")),
    }
}

fn disk(folder: &Path) -> Finding {
    let answer = command::answer(Command::new("df").arg("-Pk").arg(folder));
    match answer.as_deref().and_then(free_gib) {
        None => Note("free space is unknown: df does not answer".to_owned()),
        Some(free) if free < FREE_DISK_GIB => {
            Note(format!("{free} GiB free; a build and a bank may need more"))
        }
        Some(free) => Fine(format!("{free} GiB free")),
    }
}

/// The fourth word of the line below the heading, in KiB.
fn free_gib(df: &str) -> Option<u64> {
    let kib: u64 = df.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib >> 20)
}

fn named(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_space_is_read_from_df() {
        let df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda 9 1 20971520 6% /\n";
        assert_eq!(free_gib(df), Some(20));
        assert_eq!(free_gib("df: no such folder"), None);
    }

    #[test]
    fn the_address_is_wrong_only_while_somebody_else_listens_there() {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = other.local_addr().unwrap().to_string();
        let asked = std::thread::spawn(move || drop(other.accept()));
        assert!(matches!(listening_on(&listen), Wrong(text) if text.contains(&listen)));
        asked.join().unwrap();
        assert_eq!(listening_on(&listen), Fine(format!("{listen} is free")));
        assert!(matches!(listening_on("nowhere"), Wrong(text) if text.contains("correct")));
    }

    /// Runs this program anew, since a test can't change what its neighbours read.
    #[test]
    fn what_is_set_is_what_is_looked_at() {
        const INSIDE: &str = "CARDEA_DOCTOR_TEST";
        if env::var_os(INSIDE).is_some() {
            assert_eq!(address(), Fine("127.0.0.1:0 is free".to_owned()));
            assert!(matches!(database(), Note(text) if text.contains("no psql")));
            return;
        }
        let test = Command::new(env::current_exe().unwrap())
            .args(["doctor::tests::what_is_set_is_what_is_looked_at", "--exact"])
            .envs([(INSIDE, "1"), ("CARDEA_SERVER__LISTEN", "127.0.0.1:0")])
            .envs([("DATABASE_URL", "postgres://nobody@localhost/none"), ("PG_BIN", "/nonexistent")])
            .env("PATH", "/nonexistent")
            .output();
        assert!(test.unwrap().status.success());
    }

    #[test]
    fn a_key_file_that_others_may_read_is_wrong() {
        let file = env::temp_dir().join(format!("doctor-{}", std::process::id()));
        assert!(matches!(key_file(&file), Fine(_)));
        fs::write(&file, "{}").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(key_file(&file), Wrong(_)));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(key_file(&file), Fine(_)));
        fs::remove_file(&file).unwrap();
    }
}

//! The cluster's files: made once, whole or not at all, and opened by the version that made them.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;
use nix::unistd::geteuid;

use crate::SUPERUSER;
use crate::account::owner_of;
use crate::child::end_with_parent;
use crate::configuration::INCLUDED_FILE;
use crate::error::StartError;
use crate::home::Home;
use crate::programs::Programs;
use crate::settings::Settings;

/// Makes the cluster where there is none, and returns the programs that can open it.
pub(crate) fn ensure(settings: &Settings, home: &Home) -> Result<Programs, StartError> {
    let cluster = home.cluster();
    if !cluster.exists() {
        let programs = match &settings.programs {
            Some(programs) => programs.clone(),
            None => Programs::find()?,
        };
        create(&programs, home, settings.is_kept())?;
        return Ok(programs);
    }
    if let Some(owner) = owner_of(&cluster).filter(|owner| !geteuid().is_root() && *owner != geteuid()) {
        return Err(StartError::NotOurs { path: cluster, owner: owner.as_raw() });
    }
    let made_by = made_by(&cluster).ok_or_else(|| StartError::Foreign { path: cluster.clone() })?;
    match &settings.programs {
        Some(programs) if programs.major() == made_by => Ok(programs.clone()),
        _ => Programs::find_major(made_by).map_err(|missing| StartError::OtherVersion {
            data_dir: home.data_dir.clone(),
            made_by,
            missing,
        }),
    }
}

fn made_by(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// initdb works beside the final place, so that a cluster which exists is complete.
fn create(programs: &Programs, home: &Home, is_kept: bool) -> Result<(), StartError> {
    let unfinished = home.data_dir.join("cluster.unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(StartError::io("remove", &unfinished))?;
    }
    home.private_folder(&unfinished)?;
    let mut command = server_program(programs, "initdb", home);
    command.arg("-D").arg(&unfinished).args(["-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8"]);
    // The rules of access are written at every start and before the first.
    command.arg("--auth=trust");
    if !is_kept {
        command.arg("--no-sync");
    }
    end_with_parent(&mut command, Signal::SIGKILL);
    let output = command.output().map_err(StartError::io("run", &programs.program("initdb")))?;
    if !output.status.success() {
        let text = [output.stdout, output.stderr].concat();
        let output_text = String::from_utf8_lossy(&text).trim().to_owned();
        return Err(StartError::Initdb { status: output.status, output: output_text });
    }
    include_settings(&unfinished, home)?;
    fs::rename(&unfinished, home.cluster()).map_err(StartError::io("rename", &unfinished))
}

fn include_settings(cluster: &Path, home: &Home) -> Result<(), StartError> {
    let included = cluster.join(INCLUDED_FILE);
    fs::write(&included, "").map_err(StartError::io("write", &included))?;
    home.give_to_account(&included)?;
    let main = cluster.join("postgresql.conf");
    let mut file = fs::OpenOptions::new().append(true).open(&main).map_err(StartError::io("open", &main))?;
    writeln!(file, "\ninclude '{INCLUDED_FILE}'").map_err(StartError::io("write", &main))
}

/// Whether this build of PostgreSQL knows a value of a setting. The program answers without a start.
pub(crate) fn accepts(programs: &Programs, home: &Home, setting: &str, value: &str) -> bool {
    let mut command = server_program(programs, "postgres", home);
    command.arg("-D").arg(home.cluster()).args(["-C", setting, "-c", &format!("{setting}={value}")]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A program of the installation, run as the server's account, without the caller's `PG…` settings,
/// terminal or working folder.
pub(crate) fn server_program(programs: &Programs, name: &str, home: &Home) -> Command {
    let mut command = Command::new(programs.program(name));
    command.current_dir("/").stdin(Stdio::null()).env_clear();
    for kept in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    if let Some(account) = &home.account {
        account.run_as(&mut command);
    }
    command
}

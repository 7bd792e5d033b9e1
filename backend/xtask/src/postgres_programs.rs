//! PostgreSQL's programs: found, or installed without a server of the system's.

use private_postgres::{MINIMUM_MAJOR, MissingPrograms, Programs};

use crate::command::{self, Failure};
use crate::package_manager::{Apt, Missing, Packages};
use crate::say;

/// Read by Debian's packages before they create and start a cluster of their own.
const NO_CLUSTER_FILE: &str = "/etc/postgresql-common/createcluster.d/cardea.conf";

const PACKAGES: &Packages = &[
    ("apt-get", "postgresql"),
    ("dnf", "postgresql-server"),
    ("zypper", "postgresql-server"),
    ("pacman", "postgresql"),
    ("apk", "postgresql"),
    ("brew", "postgresql@17"),
];

/// For whoever may not install; where the programs are here, nothing.
pub(crate) fn missing() -> Option<Missing> {
    Programs::find().err().map(|missing| not_here(&missing))
}

fn not_here(missing: &MissingPrograms) -> Missing {
    Missing { what: missing.to_string(), packages: PACKAGES }
}

pub(crate) fn ensure() -> Result<Programs, Failure> {
    let missing = match Programs::find() {
        Ok(programs) => return Ok(programs),
        Err(missing) => missing,
    };
    // A folder that was named and does not serve is the user's to correct.
    let is_named = std::env::var_os("PG_BIN").is_some_and(|value| !value.is_empty());
    let Some(apt) = Apt::usable().filter(|_| !is_named) else { return Err(not_here(&missing).failure()) };
    say::step(format!(
        "PostgreSQL {MINIMUM_MAJOR} or newer is missing; installing the machine's own package"
    ));
    without_system_cluster(apt, || apt.install(&["postgresql"]))?;
    let programs = Programs::find().map_err(|missing| not_here(&missing).failure())?;
    say::note(format!(
        "PostgreSQL {} is in {}; no system cluster was created",
        programs.version(),
        programs.bin().display()
    ));
    Ok(programs)
}

/// The setting holds for this installation only: the machine's owner may want a cluster later.
fn without_system_cluster(apt: Apt, install: impl Fn() -> Result<(), Failure>) -> Result<(), Failure> {
    let write = format!(
        "mkdir -p \"$(dirname {NO_CLUSTER_FILE})\" && echo 'create_main_cluster = false' > {NO_CLUSTER_FILE}"
    );
    command::output(apt.command("sh").args(["-c", &write]))?;
    let installed = install();
    let removed = command::output(apt.command("rm").args(["-f", NO_CLUSTER_FILE]));
    installed.and(removed.map(|_| ()))
}

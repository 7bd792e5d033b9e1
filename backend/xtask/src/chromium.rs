//! The browser of the end-to-end tests.

use std::env;
use std::path::PathBuf;

use crate::package_manager::has_program;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// `$CHROMIUM`, or the first of the usual names in `PATH`.
pub(crate) fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(named)).filter(|file| file.is_file());
    }
    let name = NAMES.into_iter().find(|name| has_program(name))?;
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What to tell a person who has none.
pub(crate) fn absence() -> String {
    match env::var("CHROMIUM") {
        Ok(named) if !named.is_empty() => format!("CHROMIUM names {named}, which is no file"),
        _ => format!("no Chromium was found (looked for CHROMIUM and {})", NAMES.join(", ")),
    }
}

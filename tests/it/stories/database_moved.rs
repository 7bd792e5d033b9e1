//! A private PostgreSQL whose account may not enter the folder that was asked for.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::PathBuf,
    process::Command,
};

use super::killed::DEED;

/// Both go with the test.
struct Folders {
    closed: PathBuf,
    taken: Option<PathBuf>,
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in [Some(&self.closed), self.taken.as_ref()].into_iter().flatten() {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

#[test]
fn a_start_says_where_the_data_lies_if_not_where_it_was_asked_to() {
    let closed = std::env::temp_dir().join(format!("cardea-database-moved-{}", std::process::id()));
    let mut folders = Folders { closed, taken: None };
    fs::create_dir(&folders.closed).expect("a folder");
    fs::set_permissions(&folders.closed, fs::Permissions::from_mode(0o700)).expect("closed");
    if fs::metadata(&folders.closed).expect("a folder").uid() != 0 {
        return it::skip("database_moved", "needs root, for whom PostgreSQL runs as somebody else");
    }
    let data = folders.closed.join("data");
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["stories::killed::the_process_that_is_killed", "--exact", "--nocapture"])
        .env(DEED, "migrate")
        .env("CARDEA_MODE", "production")
        .env("CARDEA_AUDIT__ANCHOR_DIR", folders.closed.join("anchors"))
        .env("CARDEA_PRIVATE_POSTGRES__DATA_DIR", &data)
        .env_remove("CARDEA_KEYS__FILE")
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_OWNER_URL")
        .output()
        .expect("a start");
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().find_map(|line| line.split_once("the database lies in ")).map(|(_, rest)| rest);
    let rest = line.unwrap_or_else(|| panic!("{said}"));
    let taken = PathBuf::from(rest.split(',').next().expect("a folder"));
    folders.taken = Some(taken.clone());
    assert!(output.status.success(), "{said}");
    assert!(taken.join("cluster").is_dir(), "{rest}");
    assert!(data.join("keys.json").is_file());
    let anew = format!("to begin anew, remove {} and {}", taken.display(), data.display());
    assert!(rest.ends_with(&anew), "{rest}");
}

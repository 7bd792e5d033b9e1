//! Finds the machine's PostgreSQL programs.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest PostgreSQL whose SQL Cardea is written for.
pub const MINIMUM_MAJOR: u32 = 15;

/// Where Debian and Ubuntu keep one folder per major version.
const DISTRIBUTION_FOLDER: &str = "/usr/lib/postgresql";

/// One installation's folder of programs, whose version was asked for and is new enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    bin: PathBuf,
    major: u32,
    version: String,
}

/// Says what was looked at, so that the reader can see why nothing served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no PostgreSQL {MINIMUM_MAJOR} or newer was found (looked at: {}); install it, or name its folder of \
     programs in PG_BIN",
    if looked_at.is_empty() { "nothing to look at".to_owned() } else { looked_at.join("; ") }
)]
pub struct MissingPrograms {
    pub looked_at: Vec<String>,
}

impl Programs {
    /// `$PG_BIN` alone where it is set; otherwise `pg_config --bindir`, the distribution's folders and
    /// `PATH`, the newest first.
    pub fn find() -> Result<Self, MissingPrograms> {
        Self::choose(|_| true)
    }

    /// A data folder can only be opened by the major version that made it.
    pub fn find_major(major: u32) -> Result<Self, MissingPrograms> {
        Self::choose(|programs| programs.major == major)
    }

    fn choose(serves: impl Fn(&Self) -> bool) -> Result<Self, MissingPrograms> {
        let mut looked_at = Vec::new();
        let mut found = Vec::new();
        for folder in candidates() {
            match Self::at(&folder) {
                Ok(programs) if serves(&programs) => found.push(programs),
                Ok(programs) => looked_at.push(format!("{}: version {}", folder.display(), programs.version)),
                Err(why) => looked_at.push(format!("{}: {why}", folder.display())),
            }
        }
        // The first of equally new ones: an earlier candidate was named more explicitly.
        found.reverse();
        found.into_iter().max_by_key(|programs| programs.major).ok_or(MissingPrograms { looked_at })
    }

    /// The programs of one folder, or why it does not serve.
    pub fn at(bin: &Path) -> Result<Self, String> {
        for name in ["postgres", "initdb"] {
            if !bin.join(name).is_file() {
                return Err(format!("has no {name}"));
            }
        }
        let output = Command::new(bin.join("postgres"))
            .arg("--version")
            .output()
            .map_err(|error| format!("postgres does not run: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let (major, version) =
            parse_version(&text).ok_or_else(|| format!("unknown version {:?}", text.trim()))?;
        if major < MINIMUM_MAJOR {
            return Err(format!("version {version} is too old"));
        }
        Ok(Self { bin: bin.to_owned(), major, version })
    }

    pub fn bin(&self) -> &Path {
        &self.bin
    }

    pub fn major(&self) -> u32 {
        self.major
    }

    /// As the program says it, for example `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The path of one of the programs, for example `psql`. Client programs may be packaged apart, so the
    /// file need not exist.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

fn candidates() -> Vec<PathBuf> {
    if let Some(named) = env::var_os("PG_BIN").filter(|value| !value.is_empty()) {
        return vec![PathBuf::from(named)];
    }
    let mut folders: Vec<PathBuf> = pg_config_bindir().into_iter().collect();
    folders.extend(distribution_folders(Path::new(DISTRIBUTION_FOLDER)));
    let path = env::var_os("PATH").unwrap_or_default();
    folders.extend(env::split_paths(&path).filter(|folder| folder.join("postgres").is_file()));
    let mut seen = Vec::new();
    folders.retain(|folder| {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        let is_new = !seen.contains(&real);
        seen.push(real);
        is_new
    });
    folders
}

fn pg_config_bindir() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim())).filter(|folder| output.status.success() && folder.is_dir())
}

fn distribution_folders(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut versions: Vec<u32> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse().ok()))
        .collect();
    versions.sort_unstable_by(|left, right| right.cmp(left));
    versions.into_iter().map(|version| parent.join(version.to_string()).join(OsStr::new("bin"))).collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian …)`, `… 17beta2`, `… 16devel`.
fn parse_version(text: &str) -> Option<(u32, String)> {
    let version = text.split_whitespace().skip_while(|word| !word.starts_with('(')).nth(1)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_however_it_is_packaged() {
        let cases = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some((15, "15.18"))),
            ("postgres (PostgreSQL) 17beta2", Some((17, "17beta2"))),
            ("postgres (PostgreSQL) 9.6.24", Some((9, "9.6.24"))),
            ("postgres", None),
            ("", None),
            ("postgres (PostgreSQL) unknown", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(major, version)| (major, version.to_owned()));
            assert_eq!(parse_version(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_folder_without_the_programs_says_what_it_lacks() {
        assert_eq!(Programs::at(Path::new("/nonexistent")), Err("has no postgres".to_owned()));
    }

    #[test]
    fn the_message_names_every_place_that_was_looked_at() {
        let missing =
            MissingPrograms { looked_at: vec!["/a: has no initdb".into(), "/b: version 14.2".into()] };
        let text = missing.to_string();
        assert!(text.contains("/a: has no initdb; /b: version 14.2"), "{text}");
        assert!(text.contains("PG_BIN"), "{text}");
    }
}

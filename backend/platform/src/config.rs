//! Settings: the commented default file, then a file of the bank's own, then the environment.

use chrono::{DateTime, Utc};
use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

use crate::vault::{KeyFileError, Keyring};

/// The variable that holds the keys, without its prefix.
const KEYS_JSON: &str = "KEYS__JSON";

/// The file that documents every setting.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Mode {
    #[serde(rename = "sandbox")]
    Sandbox,
    #[serde(rename = "production")]
    Production,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub mode: Mode,
    pub server: ServerConfig,
    pub database: DatabaseConfig,
    pub private_postgres: PrivatePostgresConfig,
    pub keys: KeysConfig,
    pub reveals: RevealsConfig,
    pub exports: ExportsConfig,
    pub sessions: SessionsConfig,
    pub jobs: JobsConfig,
    pub files: FilesConfig,
    pub audit: AuditConfig,
    pub sandbox: SandboxConfig,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    pub listen: String,
    pub web_dir: String,
    pub workers: usize,
    pub body_bytes_max: usize,
    pub is_cookie_secure: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    pub url: String,
    pub owner_url: String,
    pub pool_connections: usize,
    pub statement_timeout_ms: u32,
}

impl std::fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("pool_connections", &self.pool_connections)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivatePostgresConfig {
    pub data_dir: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    pub file: PathBuf,
    /// The keys themselves, from `CARDEA_KEYS__JSON` and nowhere else.
    #[serde(skip)]
    pub json: Option<SecretString>,
}

/// How often and after what sealed values are shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevealsConfig {
    pub daily_max: i32,
}

/// How much of the bank leaves it in files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportsConfig {
    pub daily_max: i32,
    pub rows_max: i64,
    pub bytes_max: u64,
    pub expires_hours: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionsConfig {
    pub access_token_minutes: i64,
    pub refresh_token_hours: i64,
    pub sign_ins_before_lock: i32,
    pub lock_seconds: i64,
    pub step_up_minutes: i64,
    pub idle_minutes: i64,
    pub second_factor_grace_days: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobsConfig {
    pub concurrency: usize,
    pub poll_ms: u64,
}

/// Where files are kept. An S3-compatible store has its word here once it is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum FileStore {
    #[serde(rename = "postgres")]
    Postgres,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    pub store: FileStore,
    pub upload_bytes_max: u64,
    pub upload_days: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditConfig {
    pub anchor_dir: PathBuf,
    pub seal_seconds: u64,
    pub retention_years: u16,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxConfig {
    pub cardholders: u32,
    pub months: u32,
    pub seed: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("the configuration is not usable: {0}")]
pub struct ConfigError(#[from] Box<figment::Error>);

impl Config {
    /// Defaults ← `CARDEA_CONFIG` file ← `CARDEA_…__…` ← `DATABASE_URL`, `DATABASE_OWNER_URL`.
    pub fn load() -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = std::env::var_os("CARDEA_CONFIG") {
            figment = figment.merge(Toml::file_exact(PathBuf::from(file)));
        }
        let sections = [
            "MODE",
            "SERVER",
            "DATABASE",
            "PRIVATE_POSTGRES",
            "KEYS",
            "REVEALS",
            "EXPORTS",
            "SESSIONS",
            "JOBS",
            "FILES",
            "AUDIT",
            "SANDBOX",
        ];
        let ours = Env::prefixed("CARDEA_")
            .filter(move |key| {
                // Read apart: a secret is not parsed as a setting.
                !key.as_str().eq_ignore_ascii_case(KEYS_JSON)
                    && sections.iter().any(|s| {
                        key.as_str().split("__").next().is_some_and(|first| first.eq_ignore_ascii_case(s))
                    })
            })
            .split("__");
        let mut config: Self = figment
            .merge(ours)
            .merge(Env::raw().only(&["DATABASE_URL"]).map(|_| "database.url".into()))
            .merge(Env::raw().only(&["DATABASE_OWNER_URL"]).map(|_| "database.owner_url".into()))
            .extract()
            .map_err(|error| ConfigError(Box::new(error)))?;
        config.keys.json = std::env::var(format!("CARDEA_{KEYS_JSON}")).ok().map(SecretString::from);
        Ok(config)
    }

    /// The keys: those of the environment, else those of the key file, which is made where there is none.
    pub fn keyring(&self, now: DateTime<Utc>) -> Result<Keyring, KeyFileError> {
        match &self.keys.json {
            Some(text) => Keyring::from_environment(text),
            None => Keyring::open_or_create(&self.key_file(), now),
        }
    }

    /// The defaults alone, for tests.
    pub fn defaults() -> Result<Self, ConfigError> {
        Figment::from(Toml::string(DEFAULTS)).extract().map_err(|error| ConfigError(Box::new(error)))
    }

    /// Where the anchors of the audit trail are kept.
    pub fn anchor_dir(&self) -> PathBuf {
        if self.audit.anchor_dir.as_os_str().is_empty() {
            self.private_postgres.data_dir.join("anchors")
        } else {
            self.audit.anchor_dir.clone()
        }
    }

    /// Where the keys come from, as an operator knows it.
    pub fn key_source(&self) -> String {
        match &self.keys.json {
            Some(_) => format!("CARDEA_{KEYS_JSON}"),
            None => self.key_file().display().to_string(),
        }
    }

    /// Where the keys are kept.
    pub fn key_file(&self) -> PathBuf {
        if self.keys.file.as_os_str().is_empty() {
            self.private_postgres.data_dir.join("keys.json")
        } else {
            self.keys.file.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_sets_everything_and_nothing_else() {
        let config = Config::defaults().unwrap();
        assert_eq!(config.mode, Mode::Sandbox);
        assert_eq!(config.key_file(), PathBuf::from("data/keys.json"));
    }
}

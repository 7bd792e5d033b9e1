//! From settings to a database that is there, current, and filled: what every command does first.

use std::net::AddrParseError;

use actix_web::web::Data;
use chrono::TimeDelta;
use platform::{
    Clock, Db, DbError,
    config::{Config, ConfigError, Mode},
    database::{self, APP_ROLE, DbSettings, OWNER_ROLE, TRUTH_ROLE},
    tokens::Tokens,
    vault::{KeyFileError, Vault},
};
use private_postgres::{SUPERUSER, Settings, StartError};
use trust::{audit::ReadLog, imports::ImportError};
use web::Directory;

use crate::{app::Parts, commands::say, private_server::PrivateServer, running_server};

/// The database's name on the private server.
const DATABASE: &str = "cardea";

#[derive(Debug, thiserror::Error)]
pub enum BootError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    #[error(
        "{0} does not hold the keys of this database: bring those back that were kept beside it, or give it an empty database"
    )]
    OtherKeys(String),
    #[error("the private PostgreSQL did not start: {0}")]
    Postgres(#[from] StartError),
    #[error("the database: {error}{}", causes(.error))]
    Db { error: DbError },
    #[error("the address to listen on is not usable")]
    Listen(#[from] AddrParseError),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Sandbox(String),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("{0}")]
    Usage(String),
}

impl From<DbError> for BootError {
    fn from(error: DbError) -> Self {
        Self::Db { error }
    }
}

/// What lies below the error.
pub(crate) fn causes(error: &DbError) -> String {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source())
        .map(|cause| format!(": {cause}"))
        .collect()
}

/// Ways into the database, one per role. On a server of the bank's own they may all be the same.
#[derive(Clone)]
pub struct Urls {
    pub app: String,
    pub owner: String,
    /// Owns the sandbox's truth, which the application can't read. `None` where the bank gave us one role only.
    pub truth: Option<String>,
}

/// A database that is up and current. Dropping it stops the private server.
pub struct Database {
    pub urls: Urls,
    private: Option<PrivateServer>,
}

impl Database {
    /// Starts the private server or takes the bank's own, creates what is missing and migrates.
    pub async fn open(config: &Config, clock: &Clock) -> Result<Self, BootError> {
        let database = if config.database.url.is_empty() {
            Self::start_private(config).await?
        } else {
            Self::external(config)
        };
        database.prepare(clock).await?;
        Ok(database)
    }

    async fn start_private(config: &Config) -> Result<Self, BootError> {
        let data_dir = std::path::absolute(config.private_postgres.data_dir.join("postgres"))?;
        let settings = Settings::kept(data_dir, [OWNER_ROLE, APP_ROLE, TRUTH_ROLE]);
        let private = PrivateServer::start(settings).await?;
        if let Some(place) = private.moved() {
            say(&place);
        }
        database::create_roles_and_database(&private.url("postgres", SUPERUSER), DATABASE).await?;
        let url = |role: &str| private.url(DATABASE, role);
        let urls = Urls { app: url(APP_ROLE), owner: url(OWNER_ROLE), truth: Some(url(TRUTH_ROLE)) };
        Ok(Self { urls, private: Some(private) })
    }

    /// As [`Self::open`]; but where another process runs the private server, joins it as it is.
    pub async fn open_or_join(config: &Config, clock: &Clock) -> Result<Self, BootError> {
        match Self::open(config, clock).await {
            Err(BootError::Postgres(StartError::InUse { data_dir, pid })) => {
                let urls = running_server::urls_in(&data_dir, DATABASE)
                    .ok_or(StartError::InUse { data_dir, pid })?;
                if !database::is_current(&urls.owner).await? {
                    return Err(BootError::Usage(
                        "the server that is running is of another version; stop it and start this one first"
                            .to_owned(),
                    ));
                }
                Ok(Self { urls, private: None })
            }
            opened => opened,
        }
    }

    fn external(config: &Config) -> Self {
        let app = config.database.url.clone();
        let owner = if config.database.owner_url.is_empty() {
            app.clone()
        } else {
            config.database.owner_url.clone()
        };
        Self { urls: Urls { app, owner, truth: None }, private: None }
    }

    async fn prepare(&self, clock: &Clock) -> Result<(), BootError> {
        for migration in database::migrate(&self.urls.owner).await? {
            tracing::info!(migration, "migrated");
        }
        database::ensure_partitions(&self.urls.owner, database::years_ahead(clock.now())).await?;
        database::grant(&self.urls.owner, &self.urls.app).await?;
        Ok(())
    }

    pub fn is_private(&self) -> bool {
        self.private.is_some()
    }

    /// Looks after the private server for as long as it is wanted; the bank's own has somebody else for that.
    pub(crate) fn keep(&self) -> impl Future<Output = ()> + use<> {
        let private = self.private.clone();
        async move {
            if let Some(private) = private {
                private.keep().await;
            }
        }
    }

    /// Stops the private server cleanly; the bank's own is left alone.
    pub async fn close(self) {
        if let Some(private) = self.private {
            private.stop().await;
        }
    }
}

/// Keys and settings, before any database is needed.
pub struct House {
    pub config: Config,
    pub clock: Clock,
    pub vault: Vault,
    pub tokens: Data<Tokens>,
}

impl House {
    pub fn open() -> Result<Self, BootError> {
        let config = Config::load()?;
        let clock = Clock::system();
        let keyring = config.keyring(clock.now())?;
        let lifetime = TimeDelta::minutes(config.sessions.access_token_minutes);
        let tokens = Data::new(Tokens::new(keyring.clone(), lifetime));
        Ok(Self { clock, vault: Vault::new(keyring), tokens, config })
    }

    /// Everything that handlers and jobs need, on this database; refused where other keys sealed what it holds. Searches would
    /// find nothing of that, and what came in would be sealed so that the right keys can't open it.
    pub async fn parts(&self, urls: &Urls) -> Result<Parts, BootError> {
        let parts = self.parts_under_any_keys(urls).await?;
        let is_theirs = trust::keys::are_of_this_database(&*parts.db.read().await?, &self.vault).await?;
        if is_theirs { Ok(parts) } else { Err(BootError::OtherKeys(self.config.key_source())) }
    }

    /// The same for whoever has to see what is wrong with the keys.
    pub(crate) async fn parts_under_any_keys(&self, urls: &Urls) -> Result<Parts, BootError> {
        let settings = DbSettings {
            url: urls.app.clone(),
            pool_connections: self.config.database.pool_connections,
            statement_timeout_ms: self.config.database.statement_timeout_ms,
        };
        let db = Db::new(settings, self.clock.clone())?;
        let directory = Directory::default();
        directory.refresh(&db).await?;
        Ok(Parts {
            read_log: ReadLog::start(db.clone())?,
            db,
            vault: self.vault.clone(),
            tokens: self.tokens.clone(),
            directory,
            clock: self.clock.clone(),
            config: Data::new(self.config.clone()),
            owner_url: urls.owner.clone(),
        })
    }

    pub fn is_sandbox(&self) -> bool {
        self.config.mode == Mode::Sandbox
    }
}

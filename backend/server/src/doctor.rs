//! `cardea doctor`: each setting that matters, whether it is right, and what to do when it is not.

use std::{net::TcpListener, path::Path};

use platform::{
    Clock, Db,
    config::{Config, Mode},
    database::{self, DbSettings},
    vault::{KeyFileError, Keyring, Vault},
};

use trust::audit::{Notary, SealError};

use crate::{
    bootstrap::{BootError, causes},
    commands::say,
};

/// One finding.
enum Finding {
    Fine(String),
    /// It works, but not as a bank should run it.
    Weak(String),
    Wrong(String),
}

/// Prints every finding; fails when one is wrong.
pub(crate) async fn doctor() -> Result<(), BootError> {
    let config = Config::load()?;
    let mut findings = vec![mode(&config), listen(&config), web_dir(&config), keys(&config)];
    findings.extend(database_findings(&config).await);
    let mut wrong = 0;
    for finding in &findings {
        match finding {
            Finding::Fine(text) => say(&format!("ok     {text}")),
            Finding::Weak(text) => say(&format!("weak   {text}")),
            Finding::Wrong(text) => {
                wrong += 1;
                say(&format!("wrong  {text}"));
            }
        }
    }
    if wrong == 0 {
        Ok(())
    } else {
        Err(BootError::Usage(format!("{wrong} of {} settings are wrong", findings.len())))
    }
}

fn mode(config: &Config) -> Finding {
    match config.mode {
        Mode::Sandbox => {
            Finding::Fine("mode: sandbox, with an invented bank and published sign-ins".to_owned())
        }
        Mode::Production if !config.server.is_cookie_secure => {
            Finding::Wrong("mode: production with server.is_cookie_secure = false".to_owned())
        }
        Mode::Production => Finding::Fine("mode: production".to_owned()),
    }
}

fn listen(config: &Config) -> Finding {
    match TcpListener::bind(&config.server.listen) {
        Ok(_) => Finding::Fine(format!("server.listen: {} is free", config.server.listen)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::Fine(format!(
            "server.listen: {} is in use; `cardea serve` may be running",
            config.server.listen
        )),
        Err(error) => {
            Finding::Wrong(format!("server.listen: {} can't be listened on: {error}", config.server.listen))
        }
    }
}

fn web_dir(config: &Config) -> Finding {
    match config.server.web_dir.as_str() {
        "" => Finding::Weak(
            "server.web_dir: empty, so the API is served without the web application".to_owned(),
        ),
        folder if Path::new(folder).join("index.html").is_file() => {
            Finding::Fine(format!("server.web_dir: {folder}"))
        }
        folder => {
            Finding::Wrong(format!("server.web_dir: {folder} has no index.html; build the front end first"))
        }
    }
}

fn keys(config: &Config) -> Finding {
    if let Some(text) = &config.keys.json {
        return match Keyring::from_environment(text) {
            Ok(_) => Finding::Fine("CARDEA_KEYS__JSON: holds the keys; no key file is used".to_owned()),
            Err(error) => Finding::Wrong(format!("CARDEA_KEYS__JSON: {error}")),
        };
    }
    let path = config.key_file();
    if !path.exists() {
        return Finding::Fine(format!("keys.file: {} will be made at the first start", path.display()));
    }
    match Keyring::open_or_create(&path, Clock::system().now()) {
        Ok(_) => Finding::Fine(format!("keys.file: {}", path.display())),
        Err(error @ KeyFileError::Readable(_)) => Finding::Wrong(format!("keys.file: {error}; chmod 600 it")),
        Err(error) => Finding::Wrong(format!("keys.file: {error}")),
    }
}

async fn database_findings(config: &Config) -> Vec<Finding> {
    if config.database.url.is_empty() {
        return vec![match private_postgres::Programs::find() {
            Ok(_) => Finding::Fine(
                "database.url: empty, so the private PostgreSQL is used; its programs are here".to_owned(),
            ),
            Err(error) => Finding::Wrong(format!("database.url: empty, and {error}")),
        }];
    }
    let owner =
        if config.database.owner_url.is_empty() { &config.database.url } else { &config.database.owner_url };
    let mut findings = Vec::new();
    let url = &config.database.url;
    let is_current = database::is_current(owner).await;
    findings.push(match &is_current {
        Ok(true) => Finding::Fine("database.owner_url: reachable, and the schema is current".to_owned()),
        Ok(false) => Finding::Fine(
            "database.owner_url: reachable; the next start brings the schema up to date".to_owned(),
        ),
        Err(error) => Finding::Wrong(format!("database.owner_url: {error}{}", causes(error))),
    });
    let is_made = is_current.is_ok_and(|is_current| is_current);
    if is_made {
        findings.extend(keys_of_the_database(config, url).await);
        findings.extend(end_of_the_trail(config, url).await);
    }
    findings.push(match database::is_granted(url).await {
        Err(error) => Finding::Wrong(format!("database.url: {error}{}", causes(&error))),
        Ok(_) if !is_made => Finding::Fine("database.url: reachable; the next start gives its role what it needs".to_owned()),
        Ok(false) => Finding::Wrong(
            "database.url: its role may not write here; start once with database.owner_url, whose role grants it".to_owned(),
        ),
        Ok(true) => match database::is_append_only_enforced(url).await {
            Ok(true) => Finding::Fine("database.url: the application's role can't change an audit row".to_owned()),
            _ => Finding::Weak("database.url: this role owns the tables, so nothing keeps it from changing an audit row, nor a sandbox's truth from being read; set database.owner_url apart".to_owned()),
        },
    });
    if database::is_exposed(url) || database::is_exposed(owner) {
        findings.push(Finding::Weak(
            "database.url: what is said to the database passes the network in plain; add sslmode=verify-full"
                .to_owned(),
        ));
    }
    findings
}

/// Whether the keys open what the database holds; nothing where that can't be told.
async fn keys_of_the_database(config: &Config, url: &str) -> Option<Finding> {
    if config.keys.json.is_none() && !config.key_file().exists() {
        return None;
    }
    let keyring = config.keyring(Clock::system().now()).ok()?;
    let conn = database::connect_once(url).await.ok()?;
    let is_theirs = trust::keys::are_of_this_database(&conn, &Vault::new(keyring)).await.ok()?;
    let source = config.key_source();
    Some(if is_theirs {
        Finding::Fine(format!("{source}: opens what the database holds"))
    } else {
        Finding::Wrong(format!(
            "{source}: other keys than these sealed what the database holds; bring those back"
        ))
    })
}

/// Whether the audit trail still ends where it was anchored; nothing where there is no anchor so far, or the trail can't be read.
async fn end_of_the_trail(config: &Config, url: &str) -> Option<Finding> {
    let folder = config.anchor_dir();
    if !folder.exists() || (config.keys.json.is_none() && !config.key_file().exists()) {
        return None;
    }
    let clock = Clock::system();
    let vault = Vault::new(config.keyring(clock.now()).ok()?);
    let settings = DbSettings {
        url: url.to_owned(),
        pool_connections: 1,
        statement_timeout_ms: config.database.statement_timeout_ms,
    };
    let notary = Notary::new(Db::new(settings, clock).ok()?, vault, config);
    match notary.check_head().await {
        Ok(()) => Some(Finding::Fine(format!(
            "audit.anchor_dir: {}; the trail ends where it was anchored",
            folder.display()
        ))),
        Err(SealError::Db(_)) => None,
        Err(error) => Some(Finding::Wrong(format!(
            "audit.anchor_dir: {}: {error}; nothing is sealed until this is cleared up",
            folder.display()
        ))),
    }
}

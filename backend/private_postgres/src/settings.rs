//! What a caller may choose about its private server.

use std::path::PathBuf;
use std::time::Duration;

use crate::programs::Programs;

/// Long enough for a crash recovery that has several gigabytes of log to replay.
const START_PATIENCE: Duration = Duration::from_secs(300);

/// Long enough for the shutdown checkpoint of a large buffer pool on a slow disk.
const STOP_PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone)]
pub struct Settings {
    /// Holds the cluster, its socket, its log and the lock. Created where it is missing.
    pub data_dir: PathBuf,
    pub durability: Durability,
    /// `None` finds them, the data folder's own major version first.
    pub programs: Option<Programs>,
    /// Who runs the server when the caller is root, which PostgreSQL refuses; `None` takes the owner of an
    /// existing cluster, else `postgres`, else `nobody`.
    pub server_account: Option<String>,
    pub max_connections: u32,
    /// What the server's buffers are sized for; `None` asks the machine.
    pub memory_bytes: Option<u64>,
    /// Further server settings, which win over those derived here.
    pub extra: Vec<(String, String)>,
    pub start_patience: Duration,
    pub stop_patience: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Durability {
    /// Commits survive a power cut. Only this account and root may connect, as the superuser or as one of
    /// these database users (the roles need not exist yet).
    Kept { database_users: Vec<String> },
    /// No fsync; whoever can reach the socket may connect as anybody. For tests.
    Lost,
    /// As `Lost`, and the data folder is removed when the server stops.
    ThrownAway,
}

impl Settings {
    /// A durable server whose data is found again at the next start.
    pub fn kept<S: Into<String>>(
        data_dir: impl Into<PathBuf>,
        database_users: impl IntoIterator<Item = S>,
    ) -> Self {
        let database_users = database_users.into_iter().map(Into::into).collect();
        Self::new(data_dir.into(), Durability::Kept { database_users }, 100)
    }

    /// A fast server without durability in a folder that stays.
    pub fn lost(data_dir: impl Into<PathBuf>) -> Self {
        Self::new(data_dir.into(), Durability::Lost, 300)
    }

    /// A fast server in a new temporary folder that goes when the server stops.
    ///
    /// The folder is chosen at the start, so that it is one which the server's account can reach.
    pub fn thrown_away() -> Self {
        Self::new(PathBuf::new(), Durability::ThrownAway, 300)
    }

    fn new(data_dir: PathBuf, durability: Durability, max_connections: u32) -> Self {
        Self {
            data_dir,
            durability,
            programs: None,
            server_account: None,
            max_connections,
            memory_bytes: None,
            extra: Vec::new(),
            start_patience: START_PATIENCE,
            stop_patience: STOP_PATIENCE,
        }
    }

    pub(crate) fn is_kept(&self) -> bool {
        matches!(self.durability, Durability::Kept { .. })
    }
}

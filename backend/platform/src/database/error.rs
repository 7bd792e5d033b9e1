//! What can go wrong with the database, in the house's words. `diesel::Error` never leaves a repository.

use diesel::result::{DatabaseErrorKind, Error};
use kernel::{Fault, Kind};
use tokio_postgres::error::SqlState;

pub type DbResult<T> = Result<T, DbError>;

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection could be had, or it broke.
    #[error("the database can't be reached")]
    Unavailable(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
    /// The statement ran longer than the house allows.
    #[error("the statement took too long")]
    TooSlow,
    /// A named constraint refused the row.
    #[error("constraint {0} refused the row")]
    Constraint(String),
    /// `Db::write` was about to commit a change that left no audit row.
    #[error("a write left no audit row and was rolled back")]
    Unaudited,
    #[error("the database refused the statement")]
    Other(#[source] Error),
}

impl DbError {
    /// Whether the named constraint refused the row.
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint(constraint) if constraint == name)
    }

    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(Some(source.into()))
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | Error::BrokenTransactionManager => Self::Unavailable(Some(Box::new(error))),
            Error::DatabaseError(_, info) => match info.constraint_name() {
                Some(name) => Self::Constraint(without_shard(name).to_owned()),
                None if info.message().contains("statement timeout") => Self::TooSlow,
                None if is_going_away(info.message()) => Self::Unavailable(Some(Box::new(error))),
                None => Self::Other(error),
            },
            _ => Self::Other(error),
        }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            let is_broken = error.is_closed()
                || std::error::Error::source(&error).is_some_and(|cause| cause.is::<std::io::Error>());
            return if is_broken {
                Self::unavailable(error)
            } else {
                Self::Other(Error::QueryBuilderError(Box::new(error)))
            };
        };
        if let Some(constraint) = refusal.constraint() {
            return Self::Constraint(without_shard(constraint).to_owned());
        }
        if is_going_away(refusal.message()) {
            return Self::Unavailable(Some(Box::new(error)));
        }
        match *refusal.code() {
            SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE => Self::TooSlow,
            // The message alone: PostgreSQL's details may quote a row.
            _ => Self::Other(Error::DatabaseError(
                DatabaseErrorKind::Unknown,
                Box::new(refusal.message().to_owned()),
            )),
        }
    }
}

/// PostgreSQL's own words when it stops or starts; it gives no other sign through this interface.
fn is_going_away(message: &str) -> bool {
    [
        "terminating connection",
        "the database system is",
        "connection closed",
        "server closed the connection",
        "too many clients",
    ]
    .iter()
    .any(|words| message.contains(words))
}

/// Citus names a shard's constraint `accounts_pkey_102009`.
fn without_shard(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((stem, digits)) if digits.len() >= 5 && digits.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => name,
    }
}

impl Fault for DbError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) | Self::TooSlow => Kind::Busy,
            Self::Constraint(_) => Kind::Conflict,
            Self::Unaudited | Self::Other(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Unavailable(_) => "database.unavailable",
            Self::TooSlow => "database.too_slow",
            Self::Constraint(_) => "database.constraint",
            Self::Unaudited | Self::Other(_) => "internal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_shard;

    #[test]
    fn a_shard_suffix_is_not_part_of_a_constraint() {
        assert_eq!(without_shard("accounts_pkey_102009"), "accounts_pkey");
        assert_eq!(without_shard("accounts_pkey"), "accounts_pkey");
        assert_eq!(without_shard("x_2026"), "x_2026");
    }
}

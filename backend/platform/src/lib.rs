//! Everything that touches the world outside: configuration, the database, jobs, the vault, tokens, telemetry.
//! Slices see transactions ([`Tx`]), readers ([`Conn`]) and sealed values; never sockets, files or clocks.

pub mod actor;
pub mod clock;
pub mod config;
pub mod database;
pub mod events;
pub mod files;
pub mod ids;
pub mod jobs;
pub mod moment_text;
pub mod passwords;
pub mod schema;
pub mod telemetry;
pub mod tokens;
pub mod totp;
pub mod vault;
pub mod vocabulary;

pub use actor::{Actor, Role, Scope, StaffActor};
pub use clock::Clock;
pub use database::{Conn, Db, DbError, DbResult, Tx};

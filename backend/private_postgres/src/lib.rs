//! A private PostgreSQL: found, initialised, started and stopped by the program that uses it.
//!
//! With no database configured, Cardea and its tests bring their own server: real PostgreSQL from the
//! machine's packages, on a Unix socket that only this account can reach, in a folder of its own. It ends
//! with the program that started it, also when that program is killed, and a kept data folder is found
//! again at the next start.
//!
//! ```no_run
//! use private_postgres::{PrivatePostgres, Settings};
//!
//! let server = PrivatePostgres::start(Settings::kept("data/postgres", ["bank_owner", "bank_app"]))?;
//! println!("{}", server.url("postgres", private_postgres::SUPERUSER));
//! # Ok::<(), private_postgres::StartError>(())
//! ```

mod account;
mod child;
mod cluster;
mod configuration;
mod error;
mod folder_lock;
mod home;
mod leftover;
mod memory;
mod programs;
mod server;
mod settings;
mod temporary_folder;

pub use error::StartError;
pub use programs::{MINIMUM_MAJOR, MissingPrograms, Programs};
pub use server::{PrivatePostgres, Stopped};
pub use settings::{Durability, Settings};
pub use temporary_folder::TemporaryFolder;

/// The superuser that every cluster is initialised with.
pub const SUPERUSER: &str = "cardea_admin";

//! The test harness: the real application on a real PostgreSQL, one database per test, a clock that stands still.

mod app;
mod cluster;
mod contents;
mod people;
mod reply;
mod source_folder;

pub use app::App;
pub use cluster::{empty_database, shared_data, skip};
pub use contents::contents;
pub use people::{PASSWORD, Place, Someone};
pub use reply::Reply;
pub use source_folder::SourceFolder;

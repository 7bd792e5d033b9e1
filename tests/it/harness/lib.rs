//! The test harness: the real application on a real PostgreSQL, one database per test, a clock that stands still.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a harness fails by panicking, and libtest captures what it prints"
)]

mod app;
mod cluster;
mod contents;
mod holdings;
mod people;
mod plan;
mod planted;
mod reply;
mod routing;
mod source_folder;
mod statements;
mod tables;
mod workbook;

pub use app::App;
pub use cluster::{empty_database, shared_data, skip};
pub use contents::contents;
pub use holdings::Holdings;
pub use people::{PASSWORD, Place, Someone};
pub use plan::{is_prepared_once, plan_of};
pub use planted::{DumpedColumn, Planted, delimited_numbers, dump};
pub use reply::Reply;
pub use routing::{ASKS_EVERYWHERE, unrouted};
pub use source_folder::SourceFolder;
pub use statements::Statement;
pub use tables::{Spread, TABLES, Table};
pub use workbook::{archive, workbook};

//! Files that somebody uploads to be imported: looked into, mapped, tried, imported, and given back with what was refused.
//!
//! An upload streams into `platform::files` and is read from there; parsing, staging and merging are `trust::imports`. Each row
//! passes the checks of the form that takes one. A row that is there already is left alone, so that a file may be sent again.

mod correction;
mod ended;
mod header;
mod http;
mod jobs;
mod mapping;
mod model;
mod repo;
mod run;
mod start;
mod upload;

pub use ended::end_uploads;
pub use http::routes;
pub use jobs::{Importer, RunImport, register};

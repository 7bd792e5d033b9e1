//! Exports: a list as a file. Every list of the house can offer itself as an [`ExportSource`]; what is written is what the list
//! shows to whoever asked: its own query, their reach, their sight. The file carries who, when and what for, is kept sealed for a
//! day, and each look at it leaves its row. Many rows wait for somebody else's approval.

mod approved;
mod cell;
mod csv;
mod ended;
mod faults;
mod fetch;
mod http;
mod jobs;
mod model;
mod ndjson;
mod repo;
mod request;
mod rules;
mod sources;
mod trail;
mod watermark;
mod write;
mod writer;
mod xlsx;
mod zip;

pub use approved::register_executors;
pub use cell::Cell;
pub use ended::end_holding;
pub use faults::ExportError;
pub use http::routes;
pub use jobs::{RunExport, register};
pub use model::{Export, ExportFormat, ExportList, ExportPurpose, ExportStage, ExportStatus, NewExport};
pub use rules::{EXPORT_RULES, ExportReach, ExportRule};
pub use sources::{Asked, BATCH_ROWS, Batch, ExportColumn, ExportSource, ExportSources, Exporter, Exporting};
pub use trail::TrailExport;

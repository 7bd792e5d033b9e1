//! The lines of the table, one file each.

mod audited_get;
mod edit;
mod fastapi;
mod get;
mod http_export;
mod http_import;
mod import;
mod latest50;
mod name;
mod sandbox;

use clap::ValueEnum;

use crate::bank::Bank;
use crate::measure::{Outcome, Told};

/// Connections of a busy branch network, in every line that speaks of throughput.
const CONNECTIONS: usize = 16;
/// Requests made ready before a repetition, so that the generator only sends them.
const REQUESTS: i64 = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Line {
    /// One cardholder's profile over HTTP
    Get,
    /// The same, and that every answer left its audit row
    #[value(name = "audited_get")]
    AuditedGet,
    /// The latest 50 transactions, and how a long list reads at its end
    Latest50,
    /// The import of transactions
    Import,
    /// Every cardholder as a file
    #[value(name = "http_export")]
    HttpExport,
    /// Transactions as an uploaded file
    #[value(name = "http_import")]
    HttpImport,
    /// A two-character name search
    Name,
    /// The sandbox bank's generator
    Sandbox,
    /// A plain FastAPI service over the same table
    Fastapi,
    /// A debug check after an edit of a chapter
    Edit,
}

impl Line {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::AuditedGet => "audited_get",
            Self::Latest50 => "latest50",
            Self::Import => "import",
            Self::HttpExport => "http_export",
            Self::HttpImport => "http_import",
            Self::Name => "name",
            Self::Sandbox => "sandbox",
            Self::Fastapi => "fastapi",
            Self::Edit => "edit",
        }
    }

    pub(crate) fn measure(self, bank: &mut Bank) -> Outcome<Vec<Told>> {
        match self {
            Self::Get => get::measure(bank),
            Self::AuditedGet => audited_get::measure(bank),
            Self::Latest50 => latest50::measure(bank),
            Self::Import => import::measure(bank),
            Self::HttpExport => http_export::measure(bank),
            Self::HttpImport => http_import::measure(bank),
            Self::Name => name::measure(bank),
            Self::Sandbox => sandbox::measure(bank),
            Self::Fastapi => fastapi::measure(bank),
            Self::Edit => edit::measure(bank),
        }
    }
}

//! Logs: errors, slow requests and what the start does; written off-thread. A request that went well is not a log line.

use std::io::IsTerminal;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

/// Crates below us that write statements with their parameters, headers or frames into their finer log lines. Whatever
/// somebody asks for, these stay this quiet: an operator who looks for a fault must not fill the log with people.
const QUIET: &[&str] = &[
    "actix_http=info",
    "deadpool=info",
    "diesel=info",
    "diesel_async=info",
    "h2=info",
    "hyper=info",
    "hyper_util=info",
    "postgres_protocol=info",
    "postgres_types=info",
    "reqwest=info",
    "rustls=info",
    "tokio_postgres=info",
];

/// Starts logging to standard error; keep the guard until the end. `CARDEA_LOG` filters (default `info`).
pub fn start() -> WorkerGuard {
    let (writer, guard) = tracing_appender::non_blocking(std::io::stderr());
    let filter =
        EnvFilter::try_from_env("CARDEA_LOG").unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    let filter = QUIET
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, |filter, directive| filter.add_directive(directive));
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
    guard
}

//! Logs: errors, slow requests and what the start does; written off-thread. A request that went well is not a log line.

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error; keep the guard until the end. `CARDEA_LOG` filters (default `info`).
pub fn start() -> WorkerGuard {
    let (writer, guard) = tracing_appender::non_blocking(std::io::stderr());
    let filter =
        EnvFilter::try_from_env("CARDEA_LOG").unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    // A second start in one process (tests) keeps the first.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_target(false).try_init();
    guard
}

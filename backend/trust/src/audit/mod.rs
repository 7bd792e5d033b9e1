//! The audit trail: one row for every write, read, sign-in and refusal. A write's row is written in its transaction, a read's
//! before its answer leaves. Rows are only ever added; the application's database role can't change them, and seals tell when
//! somebody else did.

mod anomalies;
mod http;
mod model;
mod read_log;
mod record;
mod refusals;
mod repo;
mod seals;
mod watch;

pub use anomalies::{AnomalyKind, AnomalyVerdict, AuditAnomaly, FindAnomalies};
pub use http::routes;
pub use model::{AccessLine, AuditEntry, AuditError, AuditFilter, Outcome};
pub use read_log::ReadLog;
pub use record::{Entry, record, record_bulk, veiled};
pub use refusals::TokenRefusals;
pub use seals::{BatchVerdict, FaultKind, Notary, SealError, SealKind, VerifyTrail};
pub use watch::watch;

use chrono::{DateTime, Utc};
use kernel::{Page, PageLimit};
use platform::{
    Conn, Db, DbResult,
    config::AuditConfig,
    ids::{AuditId, CardholderId},
    jobs::Registry,
};
use web::{Directory, Sight};

/// Who looked at one cardholder or changed something of theirs, newest first. The caller proves that they are in reach.
pub async fn access_log(
    conn: &Conn,
    cardholder_id: CardholderId,
    limit: PageLimit,
    after: Option<(DateTime<Utc>, AuditId)>,
) -> DbResult<Vec<AccessLine>> {
    repo::access_log(conn, cardholder_id, limit, after).await
}

/// A page of the trail as somebody sees it, newest first. The filter has been admitted.
pub async fn list(
    conn: &Conn,
    filter: &AuditFilter,
    sight: Sight,
    (limit, after): (PageLimit, Option<(DateTime<Utc>, AuditId)>),
) -> DbResult<Page<AuditEntry>> {
    let rows = repo::list(conn, filter, limit, after).await?;
    let page = Page::cut(rows, limit, |entry| (entry.occurred_at, entry.audit_id));
    Ok(page.map(|entry| entry.seen_with(sight)))
}

/// How many rows such pages have, up to `rows_max`.
pub async fn count(conn: &Conn, filter: &AuditFilter, rows_max: i64) -> DbResult<i64> {
    repo::count(conn, filter, rows_max).await
}

/// The slice's jobs.
pub fn register(registry: &mut Registry, notary: &Notary, directory: &Directory) {
    seals::register(registry, notary);
    anomalies::register(registry, directory);
}

/// What the trail needs for as long as the process lives: seals, anchors, retention, and a look at each day.
pub async fn keep(notary: Notary, db: Db, owner_url: String, config: AuditConfig) {
    tokio::join!(seals::keep(notary, owner_url, config), anomalies::keep(db));
}

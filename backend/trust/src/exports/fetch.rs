//! What whoever asked does with an export: looks at it, fetches its file, gives it up.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use platform::{
    Conn, Db, DbResult, StaffActor, Tx,
    files::StoredFile,
    ids::{ExportId, FileId, StaffId},
};

use super::{
    faults::ExportError,
    model::{Export, ExportRow, ExportStatus},
    repo,
    request::entry,
    rules::{self, ExportReach},
    sources::{Asked, ExportSource, ExportSources, Exporter, seen},
};
use crate::{
    approvals,
    audit::{self, Entry},
};

/// Rows as their asker sees them.
pub(super) async fn shown(conn: &Conn, rows: Vec<ExportRow>, now: DateTime<Utc>) -> DbResult<Vec<Export>> {
    let underway = repo::underway(conn, &rows).await?;
    Ok(rows.into_iter().zip(underway).map(|(row, underway)| row.view(underway, now)).collect())
}

/// One of somebody's own, and its version.
pub(super) async fn find(
    db: &Db,
    staff: &StaffActor,
    export_id: ExportId,
) -> Result<(Export, i64), ExportError> {
    let conn = db.read().await?;
    let row = repo::find(&conn, export_id).await?.filter(|row| row.staff_id == staff.staff_id);
    let row = row.ok_or(ExportError::Missing)?;
    let version = row.version;
    let shown = shown(&conn, vec![row], db.clock().now()).await?;
    Ok((shown.into_iter().next().ok_or(ExportError::Missing)?, version))
}

/// The file of one of the caller's own exports; it is noted before the first byte leaves. Whoever may no longer have all that it
/// holds gets nothing of it. The outer error undoes everything; the inner one has left its audit row.
pub(super) async fn hand_out(
    tx: &mut Tx<'_>,
    sources: &ExportSources,
    exporter: &Exporter,
    export_id: ExportId,
) -> Result<Result<FileId, ExportError>, ExportError> {
    let row = repo::lock(tx, export_id).await?.filter(|row| row.staff_id == exporter.staff.staff_id);
    let row = row.ok_or(ExportError::Missing)?;
    let source = sources.of(row.list).ok_or(ExportError::ListForbidden)?;
    let file_id = row.file_id.filter(|_| row.is_available(tx.now)).ok_or(ExportError::NotReady)?;
    if let Err(refused) = still_admitted(tx, &*source, exporter, &row).await {
        let columns = seen(&*source, exporter.sight());
        audit::record(tx, entry("exports.download", &row, &columns).refused()).await?;
        return Ok(Err(refused));
    }
    repo::note_download(tx, export_id).await?;
    audit::record(tx, entry("exports.download", &row, &seen(&*source, exporter.sight()))).await?;
    Ok(Ok(file_id))
}

/// Whether the caller could have the same file written now: the list, whoever it is of, and everything in it.
async fn still_admitted(
    tx: &Tx<'_>,
    source: &dyn ExportSource,
    exporter: &Exporter,
    row: &ExportRow,
) -> Result<(), ExportError> {
    let rule = rules::admit(exporter, row.list)?;
    if !rules::still_covers(exporter, row, rule, source.columns()) {
        return Err(ExportError::Narrowed);
    }
    if rule.reach == ExportReach::Cardholder {
        let asked = Asked { exporter, cardholder_id: row.cardholder_id, query: &row.query };
        source.count(tx, asked, 1).await.map_err(|_| ExportError::Narrowed)?;
    }
    Ok(())
}

/// Gives an export up that has not ended.
pub(super) async fn cancel(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    export_id: ExportId,
) -> Result<(), ExportError> {
    // The approval is locked before the export, as where it is decided.
    let row = repo::find(tx.conn(), export_id).await?.filter(|row| row.staff_id == staff_id);
    if let Some(approval_id) = row.ok_or(ExportError::Missing)?.approval_id {
        approvals::give_up(tx, approval_id).await?;
    }
    let row = repo::lock(tx, export_id).await?.ok_or(ExportError::Missing)?;
    if !repo::note_end(tx, export_id, (ExportStatus::Cancelled, None)).await? {
        return Err(ExportError::Ended);
    }
    if let Some(job_id) = row.job_id {
        tx.cancel_job(job_id).await?;
    }
    audit::record(tx, Entry::of("exports.cancel").on("export", export_id.0).because(row.purpose.as_str()))
        .await?;
    Ok(())
}

/// The size of a file, and what its answer says of it.
pub(super) fn headers(file: &StoredFile) -> (u64, Vec<(&'static str, String)>) {
    let media = file.media.map_or("application/octet-stream", platform::files::Media::content_type);
    let digest = file.sha256.as_ref().map(|digest| format!("sha-256=:{}:", STANDARD.encode(digest)));
    let mut headers = vec![
        ("content-type", media.to_owned()),
        // Our own words and digits alone: nothing to quote.
        ("content-disposition", format!("attachment; filename=\"{}\"", file.name)),
        // Packing it once more would hide its size.
        ("content-encoding", "identity".to_owned()),
    ];
    headers.extend(digest.map(|digest| ("repr-digest", digest)));
    (file.byte_count.unsigned_abs(), headers)
}

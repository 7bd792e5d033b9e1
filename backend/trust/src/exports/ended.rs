//! Ending files that hold somebody who is being erased, or may come to hold them: those that lie ready, those that are written at
//! this moment from what was there before, and those of theirs that still wait. They are few and live for a day: whoever needs one
//! asks again.

use kernel::Fault;
use platform::{
    DbResult, Tx, files,
    ids::{ApprovalId, CardholderId, FileId},
};
use serde_json::json;

use super::{
    faults::ExportError,
    model::{ExportRow, ExportStatus},
    repo,
};
use crate::{
    approvals::{self, ApprovalError},
    audit::{self, Entry},
};

/// To be called before the person goes, and once more when they are gone: a file may have been begun in between. A list of one
/// cardholder that waits is of nobody any more; a list of many will be written without them.
pub async fn end_holding(tx: &mut Tx<'_>, cardholder_id: CardholderId) -> DbResult<()> {
    let mut file_ids: Vec<FileId> = Vec::new();
    for row in repo::lock_holding(tx, cardholder_id).await? {
        match row.status {
            ExportStatus::Ready => repo::note_over(tx, row.export_id).await?,
            ExportStatus::Queued => fail(tx, &row).await?,
            ExportStatus::Waiting if row.cardholder_id.is_some() => fail(tx, &row).await?,
            ExportStatus::Waiting | ExportStatus::Failed | ExportStatus::Cancelled => continue,
        }
        file_ids.extend(row.file_id);
        let entry = Entry::of("exports.end").on("export", row.export_id.0).because(row.purpose.as_str());
        let code = ExportError::ErasedMeanwhile.code().to_owned();
        audit::record(tx, entry.changing(json!({ "code": [null, code] }))).await?;
    }
    files::delete(tx, &file_ids).await?;
    Ok(())
}

/// It ends without a file; one that is being written finds so when it is done.
async fn fail(tx: &mut Tx<'_>, row: &ExportRow) -> DbResult<()> {
    let code = ExportError::ErasedMeanwhile;
    repo::note_end(tx, row.export_id, (ExportStatus::Failed, Some(code.code()))).await?;
    match row.approval_id {
        Some(approval_id) if row.status == ExportStatus::Waiting => approvals::give_up(tx, approval_id).await,
        Some(approval_id) => settle_failed(tx, approval_id).await,
        None => Ok(()),
    }
}

async fn settle_failed(tx: &mut Tx<'_>, approval_id: ApprovalId) -> DbResult<()> {
    match approvals::settle(tx, approval_id, false).await {
        Err(ApprovalError::Db(error)) => Err(error),
        // It was settled already.
        Ok(()) | Err(_) => Ok(()),
    }
}

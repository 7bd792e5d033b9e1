use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, StaffActor, Tx,
    database::DailyQuota,
    files::StoredFile,
    ids::{ApprovalId, CardholderId, ExportId, JobId, StaffId},
    jobs::JobState,
    schema::{approvals, exports, jobs},
};

use super::model::{ExportList, ExportRow, ExportStatus, Underway};
use crate::approvals::ApprovalStatus;

/// How many files each had on each day.
pub(super) const QUOTA: DailyQuota = DailyQuota::of("export_quotas");

pub(super) async fn insert(tx: &mut Tx<'_>, row: ExportRow) -> DbResult<()> {
    diesel::insert_into(exports::table).values(row).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn find(mut conn: &Conn, export_id: ExportId) -> DbResult<Option<ExportRow>> {
    let row = ExportRow::query().filter(exports::export_id.eq(export_id));
    Ok(row.first(&mut conn).await.optional()?)
}

pub(super) async fn lock(tx: &mut Tx<'_>, export_id: ExportId) -> DbResult<Option<ExportRow>> {
    let row = exports::table.find(export_id).select(ExportRow::as_select()).for_update();
    Ok(row.first(&mut tx.conn()).await.optional()?)
}

/// Those that hold somebody or may come to hold them, and have not ended yet.
fn holding(cardholder_id: CardholderId, now: DateTime<Utc>) -> exports::BoxedQuery<'static, Pg> {
    let is_of_people = exports::list.eq_any([ExportList::Cardholders, ExportList::Transactions]);
    let is_theirs =
        exports::cardholder_id.is_null().or(exports::cardholder_id.eq(cardholder_id).assume_not_null());
    let is_there = exports::status.eq(ExportStatus::Ready).and(exports::expires_at.gt(now).assume_not_null());
    let is_coming = exports::status.eq_any([ExportStatus::Waiting, ExportStatus::Queued]);
    exports::table.into_boxed().filter(is_of_people).filter(is_theirs).filter(is_there.or(is_coming))
}

/// The same, locked, with their approvals, which go before them as everywhere.
pub(super) async fn lock_holding(tx: &mut Tx<'_>, cardholder_id: CardholderId) -> DbResult<Vec<ExportRow>> {
    let waiting = holding(cardholder_id, tx.now).select(exports::approval_id);
    let approval_ids: Vec<Option<ApprovalId>> = waiting.load(&mut tx.conn()).await?;
    let ids: Vec<ApprovalId> = approval_ids.into_iter().flatten().collect();
    let locked = approvals::table.filter(approvals::approval_id.eq_any(ids)).order(approvals::approval_id);
    locked.for_update().select(approvals::approval_id).load::<ApprovalId>(&mut tx.conn()).await?;
    // One that is finished at this moment is found as it is then.
    let ids: Vec<ExportId> =
        holding(cardholder_id, tx.now).select(exports::export_id).load(&mut tx.conn()).await?;
    let rows = exports::table.filter(exports::export_id.eq_any(ids)).order(exports::export_id);
    Ok(rows.for_update().select(ExportRow::as_select()).load(&mut tx.conn()).await?)
}

/// Its file goes now.
pub(super) async fn note_over(tx: &mut Tx<'_>, export_id: ExportId) -> DbResult<()> {
    diesel::update(exports::table.find(export_id))
        .set((exports::expires_at.eq(Some(tx.now)), exports::version.eq(exports::version + 1)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Somebody's own, newest first.
pub(super) async fn list(
    mut conn: &Conn,
    staff_id: StaffId,
    list: Option<ExportList>,
    (limit, after): (PageLimit, Option<ExportId>),
) -> DbResult<Vec<ExportRow>> {
    let mut query = ExportRow::query().filter(exports::staff_id.eq(staff_id)).into_boxed();
    if let Some(list) = list {
        query = query.filter(exports::list.eq(list));
    }
    if let Some(after) = after {
        query = query.filter(exports::export_id.lt(after));
    }
    Ok(query.order(exports::export_id.desc()).limit(limit.fetch()).load(&mut conn).await?)
}

/// How far the jobs and approvals of some exports are, in their order.
pub(super) async fn underway(mut conn: &Conn, rows: &[ExportRow]) -> DbResult<Vec<Underway>> {
    type JobLine = (JobId, JobState, i64, Option<String>);
    let job_ids: Vec<JobId> = rows.iter().filter_map(|row| row.job_id).collect();
    let approval_ids: Vec<_> = rows.iter().filter_map(|row| row.approval_id).collect();
    let known_jobs: Vec<JobLine> = jobs::table
        .filter(jobs::job_id.eq_any(job_ids))
        .select((jobs::job_id, jobs::status, jobs::progress_done, jobs::error_code))
        .load(&mut conn)
        .await?;
    let known_approvals: Vec<(_, ApprovalStatus)> = approvals::table
        .filter(approvals::approval_id.eq_any(approval_ids))
        .select((approvals::approval_id, approvals::status))
        .load(&mut conn)
        .await?;
    let of = |row: &ExportRow| {
        let job = known_jobs.iter().find(|(job_id, ..)| Some(*job_id) == row.job_id);
        let approval = known_approvals.iter().find(|(approval_id, _)| Some(*approval_id) == row.approval_id);
        Underway {
            job: job.map(|(_, state, done, code)| (*state, *done, code.clone())),
            approval: approval.map(|(_, status)| *status),
        }
    };
    Ok(rows.iter().map(of).collect())
}

/// Its job is in the queue.
pub(super) async fn note_job(tx: &mut Tx<'_>, export_id: ExportId, job_id: JobId) -> DbResult<()> {
    diesel::update(exports::table.find(export_id))
        .set((
            exports::status.eq(ExportStatus::Queued),
            exports::job_id.eq(Some(job_id)),
            exports::version.eq(exports::version + 1),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The file that became of it; says whether anybody still waited for it.
pub(super) async fn note_file(
    tx: &mut Tx<'_>,
    export_id: ExportId,
    (file, row_count): (&StoredFile, i64),
    staff: &StaffActor,
) -> DbResult<bool> {
    let waiting = exports::table.find(export_id).filter(exports::status.eq(ExportStatus::Queued));
    let noted = diesel::update(waiting)
        .set((
            (exports::status.eq(ExportStatus::Ready), exports::file_id.eq(Some(file.file_id))),
            (exports::file_name.eq(Some(&file.name)), exports::row_count.eq(Some(row_count))),
            (exports::byte_count.eq(Some(file.byte_count)), exports::sha256.eq(file.sha256.as_ref())),
            (exports::finished_at.eq(Some(tx.now)), exports::expires_at.eq(file.expires_at)),
            (exports::written_role.eq(Some(staff.role)), exports::written_scope.eq(Some(staff.scope))),
            exports::written_branch_id.eq(Some(staff.branch_id)),
            exports::version.eq(exports::version + 1),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(noted == 1)
}

/// It ended without a file; says whether it had not ended before.
pub(super) async fn note_end(
    tx: &mut Tx<'_>,
    export_id: ExportId,
    (status, error_code): (ExportStatus, Option<&str>),
) -> DbResult<bool> {
    let open = exports::table
        .find(export_id)
        .filter(exports::status.eq_any([ExportStatus::Waiting, ExportStatus::Queued]));
    let noted = diesel::update(open)
        .set((
            exports::status.eq(status),
            exports::error_code.eq(error_code),
            exports::finished_at.eq(Some(tx.now)),
            exports::version.eq(exports::version + 1),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(noted == 1)
}

pub(super) async fn note_download(tx: &mut Tx<'_>, export_id: ExportId) -> DbResult<()> {
    diesel::update(exports::table.find(export_id))
        .set(exports::download_count.eq(exports::download_count + 1))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

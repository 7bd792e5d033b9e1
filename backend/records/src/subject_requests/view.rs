//! A request as a page shows it: its clock, and people and places by their names.

use chrono::NaiveDate;
use platform::{Conn, DbResult};
use trust::calendars::bank_date;
use web::{Caller, Requires};

use super::{
    model::{RequestRow, RequestStatus, SubjectRequest},
    repo,
};

impl RequestRow {
    /// Days until it is due. Time stops for one that is closed.
    pub(super) fn days_left(&self, today: NaiveDate) -> i64 {
        let until = self.closed_at.map_or(today, bank_date);
        (self.due_on - until).num_days()
    }
}

pub(super) async fn shown<P: Requires>(
    conn: &Conn,
    caller: &Caller<P>,
    rows: Vec<RequestRow>,
) -> DbResult<Vec<SubjectRequest>> {
    let subjects = repo::subjects(conn, rows.iter().map(|row| row.cardholder_id).collect()).await?;
    let today = bank_date(caller.now);
    let staff_name = |id| caller.directory.staff_name(id).map(ToOwned::to_owned);
    let one = |row: RequestRow| {
        let subject = subjects.iter().find(|(id, ..)| *id == row.cardholder_id);
        let days_left = row.days_left(today);
        SubjectRequest {
            customer_no: subject.map(|(_, customer_no, _)| customer_no.clone()),
            subject_name: subject.and_then(|(.., name)| name.clone()),
            branch_name: caller.directory.branch_name(row.branch_id).map(ToOwned::to_owned),
            days_left,
            is_overdue: row.status == RequestStatus::Open && days_left < 0,
            created_by_name: staff_name(row.created_by),
            closed_by_name: row.closed_by.and_then(staff_name),
            request_id: row.request_id,
            cardholder_id: row.cardholder_id,
            branch_id: row.branch_id,
            kind: row.kind,
            status: row.status,
            received_via: row.received_via,
            received_on: row.received_on,
            due_on: row.due_on,
            wish: row.wish,
            extension_reason: row.extension_reason,
            answer: row.answer,
            package_made_at: row.package_made_at,
            package_expires_at: row.package_expires_at.filter(|until| *until > caller.now),
            created_by: row.created_by,
            created_at: row.created_at,
            closed_at: row.closed_at,
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(one).collect())
}

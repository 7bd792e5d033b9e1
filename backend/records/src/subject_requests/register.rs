//! Taking a request in: the clock starts, somebody has it in their inbox, and an objection counts from now on.

use chrono::{Days, TimeDelta};
use platform::{Tx, ids::CardholderId};
use serde_json::json;
use trust::{
    audit::{self, Entry},
    calendars::{bank_date, day_start},
    work_items::{self, NewWorkItem, WorkKind},
};
use web::{Permission, Reach};

use super::{
    model::{
        NewSubjectRequest, RECEIVED_DAYS_AGO_MAX, RequestRow, RequestStatus, SubjectRequestError,
        SubjectRequestKind,
    },
    repo,
};
use crate::{cardholders::gate, consents};

pub(super) async fn register(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
    new: NewSubjectRequest,
) -> Result<RequestRow, SubjectRequestError> {
    let branch_id = gate::lock(tx, reach, cardholder_id).await?;
    let staff = tx.actor.staff().cloned().ok_or(SubjectRequestError::Missing)?;
    let today = bank_date(tx.now);
    let received_on = new.received_on.unwrap_or(today);
    let earliest = today - Days::new(RECEIVED_DAYS_AGO_MAX);
    if received_on > today || received_on < earliest {
        return Err(SubjectRequestError::ReceivedOn);
    }
    let row = RequestRow {
        request_id: tx.new_id(),
        cardholder_id,
        branch_id,
        kind: new.kind,
        status: RequestStatus::Open,
        received_via: new.received_via,
        received_on,
        due_on: received_on + Days::new(new.kind.days()),
        wish: new.wish,
        extension_reason: None,
        answer: None,
        package_made_at: None,
        package_expires_at: None,
        created_by: staff.staff_id,
        created_at: tx.now,
        closed_by: None,
        closed_at: None,
        version: 1,
    };
    repo::insert(tx, &row).await?;
    if row.kind == SubjectRequestKind::Objection {
        consents::refuse_personalisation(tx, cardholder_id).await?;
    }
    work_items::put(tx, waiting(&row, &staff.staff_no)).await?;
    audit::record(tx, entry("subject_requests.register", &row)).await?;
    Ok(row)
}

fn waiting(row: &RequestRow, staff_no: &str) -> NewWorkItem {
    NewWorkItem {
        kind: WorkKind::SubjectRequest,
        item_id: row.request_id.0,
        cardholder_id: Some(row.cardholder_id),
        branch_id: row.branch_id,
        permission: Permission::SubjectRequestsHandle,
        maker_id: None,
        priority: 2,
        params: json!({ "request": row.kind, "staff_no": staff_no }),
        due_at: due_at(row),
    }
}

/// The last day is over with the next day's beginning.
pub(super) fn due_at(row: &RequestRow) -> chrono::DateTime<chrono::Utc> {
    day_start(row.due_on) + TimeDelta::days(1)
}

pub(super) fn entry(action: &'static str, row: &RequestRow) -> Entry {
    Entry::of(action)
        .on("subject_request", row.request_id)
        .about(row.cardholder_id)
        .because(row.kind.as_str())
        .changing(json!({ "status": [null, row.status], "due_on": [null, row.due_on] }))
}

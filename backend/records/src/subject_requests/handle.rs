//! What is done with a request: more time once, an answer, a refusal with its reason, the package and its handing over.

use chrono::Days;
use platform::{
    Tx,
    ids::{JobId, SubjectRequestId},
};
use serde_json::{Value, json};
use trust::{
    audit,
    staff::require_step_up,
    work_items::{self, WorkKind},
};

use super::{
    jobs::MakePackage,
    model::{
        PackageOpening, RequestAnswer, RequestExtension, RequestRow, RequestStatus, SubjectPackage,
        SubjectRequestError, SubjectRequestKind,
    },
    package,
    register::{due_at, entry},
    repo::{self, Onlooker},
};
use crate::cardholders::{
    gate,
    members::Members,
    reveal::{Counter, quota},
};

/// One that is open and within reach, locked.
async fn open(
    tx: &mut Tx<'_>,
    onlooker: &Onlooker,
    request_id: SubjectRequestId,
) -> Result<RequestRow, SubjectRequestError> {
    let row = reached(tx, onlooker, request_id).await?;
    if row.status == RequestStatus::Open {
        Ok(row)
    } else {
        Err(SubjectRequestError::Closed { status: row.status })
    }
}

async fn reached(
    tx: &mut Tx<'_>,
    onlooker: &Onlooker,
    request_id: SubjectRequestId,
) -> Result<RequestRow, SubjectRequestError> {
    repo::find(tx, onlooker, request_id).await?.ok_or(SubjectRequestError::Missing)?;
    repo::lock(tx, request_id).await?.ok_or(SubjectRequestError::Missing)
}

pub(super) async fn extend(
    tx: &mut Tx<'_>,
    onlooker: &Onlooker,
    request_id: SubjectRequestId,
    extension: RequestExtension,
) -> Result<RequestRow, SubjectRequestError> {
    let row = open(tx, onlooker, request_id).await?;
    if row.extension_reason.is_some() {
        return Err(SubjectRequestError::ExtendedAlready);
    }
    let row = RequestRow {
        due_on: row.due_on + Days::new(u64::from(extension.days)),
        extension_reason: Some(extension.extension_reason),
        version: row.version + 1,
        ..row
    };
    repo::update(tx, &row).await?;
    work_items::postpone(tx, WorkKind::SubjectRequest, request_id, due_at(&row)).await?;
    audit::record(tx, entry("subject_requests.extend", &row)).await?;
    Ok(row)
}

/// Done. What is asked for with a package is done when there is one; an erasure ends by being carried out.
pub(super) async fn complete(
    tx: &mut Tx<'_>,
    onlooker: &Onlooker,
    request_id: SubjectRequestId,
    answer: RequestAnswer,
) -> Result<RequestRow, SubjectRequestError> {
    let row = open(tx, onlooker, request_id).await?;
    if row.kind == SubjectRequestKind::Erasure {
        return Err(SubjectRequestError::OtherKind);
    }
    if row.kind.has_package() && row.package_made_at.is_none() {
        return Err(SubjectRequestError::PackageMissing);
    }
    close(tx, row, (RequestStatus::Done, answer), "subject_requests.complete").await
}

pub(super) async fn refuse(
    tx: &mut Tx<'_>,
    onlooker: &Onlooker,
    request_id: SubjectRequestId,
    answer: RequestAnswer,
) -> Result<RequestRow, SubjectRequestError> {
    let row = open(tx, onlooker, request_id).await?;
    close(tx, row, (RequestStatus::Refused, answer), "subject_requests.refuse").await
}

async fn close(
    tx: &mut Tx<'_>,
    row: RequestRow,
    (status, answer): (RequestStatus, RequestAnswer),
    action: &'static str,
) -> Result<RequestRow, SubjectRequestError> {
    let row = RequestRow {
        status,
        answer: Some(answer.answer),
        closed_by: tx.actor.staff().map(|staff| staff.staff_id),
        closed_at: Some(tx.now),
        version: row.version + 1,
        ..row
    };
    repo::update(tx, &row).await?;
    work_items::finish(tx, WorkKind::SubjectRequest, row.request_id).await?;
    audit::record(tx, entry(action, &row)).await?;
    Ok(row)
}

/// Lets a job make the package.
pub(super) async fn start_package(
    tx: &mut Tx<'_>,
    onlooker: &Onlooker,
    request_id: SubjectRequestId,
) -> Result<JobId, SubjectRequestError> {
    let row = open(tx, onlooker, request_id).await?;
    if !row.kind.has_package() {
        return Err(SubjectRequestError::OtherKind);
    }
    let job_id = tx.enqueue(&MakePackage { request_id }).await?;
    audit::record(tx, entry("subject_requests.start_package", &row)).await?;
    Ok(job_id)
}

/// Hands the package over, for a purpose, to somebody who has just proved to be themselves. Each sealed value in it counts in their
/// quota like one that is shown. The outer error undoes everything; the inner one has left its audit row.
pub(super) async fn open_package(
    tx: &mut Tx<'_>,
    (counter, onlooker): (&Counter<'_>, &Onlooker),
    request_id: SubjectRequestId,
    opening: PackageOpening,
) -> Result<Result<SubjectPackage, SubjectRequestError>, SubjectRequestError> {
    let row = reached(tx, onlooker, request_id).await?;
    // What is in it is of everybody merged into one, so that whoever may not look at that one may not look at it.
    let survivor = Members::everybody(tx, row.cardholder_id).await?.survivor();
    gate::check(tx, &counter.reach, survivor).await?;
    let (made_at, until) =
        row.package_made_at.zip(row.package_expires_at).ok_or(SubjectRequestError::PackageMissing)?;
    if until <= tx.now {
        return Err(SubjectRequestError::PackageGone);
    }
    require_step_up(tx).await?;
    let content = package::read(tx, counter.vault, &row).await?;
    let count = package::sealed_values(&content);
    let note = opening.note.as_deref().map_or(Value::Null, |note| note.trim().into());
    let entry = entry("subject_requests.open_package", &row)
        .because(opening.purpose.as_str())
        .changing(json!({ "revealed": [null, count], "note": [null, note] }));
    if quota::take(tx, count, counter.daily_max).await?.is_none() {
        audit::record(tx, entry.refused()).await?;
        return Ok(Err(quota::exceeded(tx, counter.daily_max).into()));
    }
    audit::record(tx, entry).await?;
    Ok(Ok(SubjectPackage { request_id, made_at, content }))
}

/// The open request of this kind, locked, for a slice that carries it out. Whoever calls proves that it is within reach.
pub(crate) async fn lock_open(
    tx: &mut Tx<'_>,
    request_id: SubjectRequestId,
    kind: SubjectRequestKind,
) -> Result<RequestRow, SubjectRequestError> {
    let row = repo::lock(tx, request_id).await?.ok_or(SubjectRequestError::Missing)?;
    match row.status {
        RequestStatus::Open if row.kind == kind => Ok(row),
        RequestStatus::Open => Err(SubjectRequestError::OtherKind),
        status => Err(SubjectRequestError::Closed { status }),
    }
}

/// The erasure was carried out. One that was closed meanwhile stays as it is.
pub(crate) async fn close_erased(
    tx: &mut Tx<'_>,
    request_id: SubjectRequestId,
) -> Result<(), SubjectRequestError> {
    let Some(row) = repo::lock(tx, request_id).await? else { return Ok(()) };
    if row.status != RequestStatus::Open {
        return Ok(());
    }
    let version = row.version + 1;
    let row = RequestRow { status: RequestStatus::Done, closed_at: Some(tx.now), version, ..row };
    repo::update(tx, &row).await?;
    work_items::finish(tx, WorkKind::SubjectRequest, request_id).await?;
    audit::record(tx, entry("subject_requests.complete", &row)).await?;
    Ok(())
}

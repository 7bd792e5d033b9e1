use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use platform::{
    Conn, Db,
    ids::{CardholderId, LegalHoldId, SubjectRequestId},
    vault::Vault,
};
use trust::{
    approvals::{self, SubmittedApproval},
    calendars::bank_date,
};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, RecordProblems, Valid,
    access::markers::{LegalHoldsWrite, SubjectRequestsHandle, SubjectRequestsRead},
};

use super::{
    check, holds,
    model::{ErasureCheck, LegalHold, NewLegalHold},
    repo, submit,
};
use crate::cardholders::{gate, members::Members};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_erasure_check).service(request_erasure);
    config.service(place_legal_hold).service(lift_legal_hold);
}

/// May this cardholder be erased
///
/// What stands in the way: an open account, what the law has kept and until when, a legal hold.
#[utoipa::path(
    tag = "subject_requests",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The answer", body = ErasureCheck), RecordProblems),
    security(("staff" = ["subject_requests:read"]))
)]
#[get("/cardholders/{cardholder_id}/erasure_check")]
async fn get_erasure_check(
    caller: Caller<SubjectRequestsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Json<ErasureCheck>> {
    let today = bank_date(caller.now);
    let read = async |conn: &Conn, members: &Members| {
        let erased_at = repo::erased_at(conn, *id).await?;
        Ok((erased_at, check::obstacles(conn, members, today).await?))
    };
    let (erased_at, obstacles) = gate::slow(&db, &caller.reading_reach(), *id, read).await?;
    let is_erased = erased_at.is_some();
    let is_allowed = obstacles.is_empty() && !is_erased;
    Ok(Json(ErasureCheck { is_allowed, is_erased, erased_at, obstacles }))
}

/// Ask for the erasure
///
/// Upon a request of the cardholder. Refused where data must be kept; otherwise it waits for its approvals and is carried out by
/// a job, which destroys the data key.
#[utoipa::path(
    tag = "subject_requests",
    params(("request_id" = SubjectRequestId, Path)),
    responses((status = 202, description = "Waits for its approvals", body = SubmittedApproval), CreateProblems),
    security(("staff" = ["subject_requests:handle"]))
)]
#[post("/subject_requests/{request_id}/erase")]
async fn request_erasure(
    caller: Caller<SubjectRequestsHandle>,
    db: Data<Db>,
    vault: Data<Vault>,
    id: IdPath<SubjectRequestId>,
) -> ApiResult<HttpResponse> {
    let (reach, bank) = (caller.reach(), (&**vault, &*caller.directory));
    let row = db.write(&caller.actor, async |tx| submit::submit(tx, bank, &reach, *id).await).await?;
    Ok(approvals::accepted(&db, &caller, row).await?)
}

/// Place a legal hold
///
/// As long as it stands, nobody erases this cardholder.
#[utoipa::path(
    tag = "subject_requests",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = NewLegalHold,
    responses((status = 201, description = "Placed", body = LegalHold), CreateProblems),
    security(("staff" = ["legal_holds:write"]))
)]
#[post("/cardholders/{cardholder_id}/legal_holds")]
async fn place_legal_hold(
    caller: Caller<LegalHoldsWrite>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Valid(new): Valid<NewLegalHold>,
) -> ApiResult<HttpResponse> {
    let reach = caller.reach();
    let hold = db.write(&caller.actor, async |tx| holds::place(tx, &reach, *id, new).await).await?;
    Ok(HttpResponse::Created().json(hold))
}

/// Lift a legal hold
///
/// What the law has kept stays kept.
#[utoipa::path(
    tag = "subject_requests",
    params(("cardholder_id" = CardholderId, Path), ("hold_id" = LegalHoldId, Path)),
    responses((status = 200, description = "Lifted", body = LegalHold), CreateProblems),
    security(("staff" = ["legal_holds:write"]))
)]
#[post("/cardholders/{cardholder_id}/legal_holds/{hold_id}/lift")]
async fn lift_legal_hold(
    caller: Caller<LegalHoldsWrite>,
    db: Data<Db>,
    id: IdPath<(CardholderId, LegalHoldId)>,
) -> ApiResult<Json<LegalHold>> {
    let reach = caller.reach();
    Ok(Json(db.write(&caller.actor, async |tx| holds::lift(tx, &reach, *id).await).await?))
}

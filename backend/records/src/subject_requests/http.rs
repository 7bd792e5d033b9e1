use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{
    Db, Tx,
    ids::{CardholderId, SubjectRequestId},
};
use trust::calendars::bank_date;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, LimitedProblems, Query, ReadProblems, Remarks, Requires,
    Valid,
    access::markers::{
        SubjectPackagesOpen, SubjectRequestsHandle, SubjectRequestsRead, SubjectRequestsWrite,
    },
    parse_after,
};

use super::{
    handle,
    model::{
        NewSubjectRequest, PackageOpening, PackageStarted, RequestAnswer, RequestExtension, RequestRow,
        SubjectPackage, SubjectRequest, SubjectRequestError, SubjectRequestFilter,
    },
    register,
    repo::{self, Onlooker},
    view,
};
use crate::cardholders::reveal::{Counter, Window};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_subject_requests).service(get_subject_request).service(register_subject_request);
    config.service(extend_subject_request).service(complete_subject_request).service(refuse_subject_request);
    config.service(make_subject_package).service(open_subject_package);
}

/// List requests of cardholders
///
/// Of the caller's part of the bank, by due date, the most pressing first.
#[utoipa::path(
    tag = "subject_requests",
    params(SubjectRequestFilter),
    responses((status = 200, description = "A page of requests", body = Page<SubjectRequest>), ReadProblems),
    security(("staff" = ["subject_requests:read"]))
)]
#[get("/subject_requests")]
async fn list_subject_requests(
    caller: Caller<SubjectRequestsRead>,
    db: Data<Db>,
    remarks: Remarks,
    Query(filter): Query<SubjectRequestFilter>,
) -> ApiResult<Json<Page<SubjectRequest>>> {
    remarks.about(filter.cardholder_id);
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let (conn, today) = (db.read().await?, bank_date(caller.now));
    let rows = repo::list(&conn, &onlooker(&caller), (&filter, today), limit, after).await?;
    let Page { items, next, count } = Page::cut(rows, limit, |row| (row.due_on, row.request_id));
    Ok(Json(Page { items: view::shown(&conn, &caller, items).await?, next, count }))
}

/// One request of a cardholder
///
/// With its clock.
#[utoipa::path(
    tag = "subject_requests",
    params(("request_id" = SubjectRequestId, Path)),
    responses((status = 200, description = "The request", body = SubjectRequest), ReadProblems),
    security(("staff" = ["subject_requests:read"]))
)]
#[get("/subject_requests/{request_id}")]
async fn get_subject_request(
    caller: Caller<SubjectRequestsRead>,
    db: Data<Db>,
    remarks: Remarks,
    id: IdPath<SubjectRequestId>,
) -> ApiResult<Json<SubjectRequest>> {
    let conn = db.read().await?;
    remarks.about(repo::asked_by(&conn, *id).await?);
    let row = repo::find(&conn, &onlooker(&caller), *id).await?;
    drop(conn);
    shown(&db, &caller, row.ok_or(SubjectRequestError::Missing)?).await
}

/// Take in a request of a cardholder
///
/// The clock starts on the day of receipt, and it waits in the inbox of whoever handles it. An objection counts at once.
#[utoipa::path(
    tag = "subject_requests",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = NewSubjectRequest,
    responses((status = 201, description = "Taken in", body = SubjectRequest), CreateProblems),
    security(("staff" = ["subject_requests:write"]))
)]
#[post("/cardholders/{cardholder_id}/subject_requests")]
async fn register_subject_request(
    caller: Caller<SubjectRequestsWrite>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Valid(new): Valid<NewSubjectRequest>,
) -> ApiResult<HttpResponse> {
    let reach = caller.reach();
    let row = db.write(&caller.actor, async |tx| register::register(tx, &reach, *id, new).await).await?;
    let Json(request) = shown(&db, &caller, row).await?;
    Ok(HttpResponse::Created().json(request))
}

/// Take more time
///
/// Once, by thirty days at most, with the reason that the cardholder is told.
#[utoipa::path(
    tag = "subject_requests",
    params(("request_id" = SubjectRequestId, Path)),
    request_body = RequestExtension,
    responses((status = 200, description = "Extended", body = SubjectRequest), CreateProblems),
    security(("staff" = ["subject_requests:handle"]))
)]
#[post("/subject_requests/{request_id}/extend")]
async fn extend_subject_request(
    caller: Caller<SubjectRequestsHandle>,
    db: Data<Db>,
    id: IdPath<SubjectRequestId>,
    Valid(extension): Valid<RequestExtension>,
) -> ApiResult<Json<SubjectRequest>> {
    let me = onlooker(&caller);
    let row = db.write(&caller.actor, async |tx| handle::extend(tx, &me, *id, extension).await).await?;
    shown(&db, &caller, row).await
}

/// Answer a request
///
/// It is done. Access and portability are answered with a package; an erasure ends by being carried out.
#[utoipa::path(
    tag = "subject_requests",
    params(("request_id" = SubjectRequestId, Path)),
    request_body = RequestAnswer,
    responses((status = 200, description = "Done", body = SubjectRequest), CreateProblems),
    security(("staff" = ["subject_requests:handle"]))
)]
#[post("/subject_requests/{request_id}/complete")]
async fn complete_subject_request(
    caller: Caller<SubjectRequestsHandle>,
    db: Data<Db>,
    id: IdPath<SubjectRequestId>,
    Valid(answer): Valid<RequestAnswer>,
) -> ApiResult<Json<SubjectRequest>> {
    let me = onlooker(&caller);
    let row = db.write(&caller.actor, async |tx| handle::complete(tx, &me, *id, answer).await).await?;
    shown(&db, &caller, row).await
}

/// Refuse a request
///
/// With the reason that the cardholder is told.
#[utoipa::path(
    tag = "subject_requests",
    params(("request_id" = SubjectRequestId, Path)),
    request_body = RequestAnswer,
    responses((status = 200, description = "Refused", body = SubjectRequest), CreateProblems),
    security(("staff" = ["subject_requests:handle"]))
)]
#[post("/subject_requests/{request_id}/refuse")]
async fn refuse_subject_request(
    caller: Caller<SubjectRequestsHandle>,
    db: Data<Db>,
    id: IdPath<SubjectRequestId>,
    Valid(answer): Valid<RequestAnswer>,
) -> ApiResult<Json<SubjectRequest>> {
    let me = onlooker(&caller);
    let row = db.write(&caller.actor, async |tx| handle::refuse(tx, &me, *id, answer).await).await?;
    shown(&db, &caller, row).await
}

/// Make the package
///
/// A job gathers everything that the bank keeps of whoever asked, and keeps it sealed by their own key for fourteen days.
#[utoipa::path(
    tag = "subject_requests",
    params(("request_id" = SubjectRequestId, Path)),
    responses((status = 202, description = "Being made", body = PackageStarted), CreateProblems),
    security(("staff" = ["subject_requests:handle"]))
)]
#[post("/subject_requests/{request_id}/package")]
async fn make_subject_package(
    caller: Caller<SubjectRequestsHandle>,
    db: Data<Db>,
    id: IdPath<SubjectRequestId>,
) -> ApiResult<HttpResponse> {
    let me = onlooker(&caller);
    let job_id = db.write(&caller.actor, async |tx| handle::start_package(tx, &me, *id).await).await?;
    Ok(HttpResponse::Accepted().json(PackageStarted { job_id }))
}

/// Hand the package over
///
/// In clear, for a purpose, after `POST /auth/step_up`. Each sealed value in it counts in the daily quota like one that is shown;
/// each handing over leaves an audit row.
#[utoipa::path(
    tag = "subject_requests",
    params(("request_id" = SubjectRequestId, Path)),
    request_body = PackageOpening,
    responses((status = 200, description = "The package", body = SubjectPackage), LimitedProblems),
    security(("staff" = ["subject_packages:open"]))
)]
#[post("/subject_requests/{request_id}/open_package")]
async fn open_subject_package(
    caller: Caller<SubjectPackagesOpen>,
    Window { db, vault, config }: Window,
    id: IdPath<SubjectRequestId>,
    Valid(opening): Valid<PackageOpening>,
) -> ApiResult<Json<SubjectPackage>> {
    let counter = Counter { vault: &vault, reach: caller.reach(), daily_max: config.reveals.daily_max };
    let desk = (&counter, &onlooker(&caller));
    let work = async |tx: &mut Tx<'_>| handle::open_package(tx, desk, *id, opening).await;
    let opened = db.write(&caller.actor, work).await?;
    Ok(Json(opened?))
}

fn onlooker<P: Requires>(caller: &Caller<P>) -> Onlooker {
    Onlooker { staff_id: caller.staff.staff_id, span: caller.reach().span }
}

async fn shown<P: Requires>(db: &Db, caller: &Caller<P>, row: RequestRow) -> ApiResult<Json<SubjectRequest>> {
    let shown = view::shown(&*db.read().await?, caller, vec![row]).await?.pop();
    Ok(Json(shown.ok_or(SubjectRequestError::Missing)?))
}

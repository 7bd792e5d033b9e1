use actix_web::{
    Either, HttpResponse, get, patch, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{
    Db, Tx,
    ids::{SessionId, StaffId},
};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, Change, CreateProblems, Directory, IdPath, Query, ReadProblems, Span, Tagged, Valid,
    WriteProblems,
    access::markers::{CardholdersRead, StaffRead, StaffWrite},
    parse_after,
};

use super::{
    employ,
    model::{
        Employed, InitialPassword, ManagerFilter, Managers, NewStaff, Staff, StaffError, StaffFilter,
        StaffPatch,
    },
    repo, second_factor,
    sessions::{self, Door, EndReason, OpenSessions},
};
use crate::approvals::{self, Settled, SubmittedApproval};

pub fn routes(config: &mut ServiceConfig) {
    // The literal goes first: `/staff/{staff_id}` would swallow it.
    config
        .service(list_managers)
        .service(list_staff)
        .service(employ_staff)
        .service(get_staff)
        .service(change_staff)
        .service(reset_staff_password)
        .service(unlock_staff)
        .service(reset_staff_second_factor)
        .service(list_staff_sessions)
        .service(end_staff_sessions)
        .service(end_staff_session);
    sessions::routes(config);
    second_factor::routes(config);
}

/// List staff
///
/// By staff number, within the caller's branches.
#[utoipa::path(
    tag = "staff",
    params(StaffFilter),
    responses((status = 200, description = "A page of staff", body = Page<Staff>), ReadProblems),
    security(("staff" = ["staff:read"]))
)]
#[get("/staff")]
async fn list_staff(
    caller: Caller<StaffRead>,
    db: Data<Db>,
    Query(filter): Query<StaffFilter>,
) -> ApiResult<Json<Page<Staff>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after::<String>(filter.after.as_deref())?;
    let rows = repo::list(&*db.read().await?, &filter, &caller.reach(), limit, after).await?;
    Ok(Json(Page::cut(rows, limit, |staff| staff.staff_no.clone())))
}

/// Relationship managers
///
/// For pickers: the active ones within the caller's branches, or of one of them.
#[utoipa::path(
    tag = "staff",
    params(ManagerFilter),
    responses((status = 200, description = "Relationship managers", body = Managers), ReadProblems),
    security(("staff" = ["cardholders:read"]))
)]
#[get("/staff/managers")]
async fn list_managers(
    caller: Caller<CardholdersRead>,
    db: Data<Db>,
    Query(filter): Query<ManagerFilter>,
) -> ApiResult<Json<Managers>> {
    let reach = caller.reach();
    let within = match (&reach.span, filter.branch_id) {
        (_, Some(branch_id)) if reach.covers_branch(branch_id) => Some(vec![branch_id]),
        (_, Some(_)) => Some(Vec::new()),
        (Span::Bank, None) => None,
        (Span::Branches(branches), None) => Some(branches.to_vec()),
        (Span::Managed(_), None) => Some(vec![caller.staff.branch_id]),
    };
    Ok(Json(Managers { items: repo::managers(&*db.read().await?, within).await? }))
}

/// Employ somebody
///
/// Answers the initial password once; it must be changed at the first sign-in. They may sign in when somebody else has approved
/// what they are to do.
#[utoipa::path(
    tag = "staff",
    request_body = NewStaff,
    responses((status = 201, description = "Employed", body = Employed), CreateProblems),
    security(("staff" = ["staff:write"]))
)]
#[post("/staff")]
async fn employ_staff(
    caller: Caller<StaffWrite>,
    door: Door,
    Valid(new): Valid<NewStaff>,
) -> ApiResult<Tagged<Employed>> {
    let (db, password) = (&door.db, employ::new_password().await?);
    let desk = ((&**door.vault, &*caller.directory), &door.config.sessions);
    let work = async |tx: &mut Tx<'_>| employ::employ(tx, desk, new, password).await;
    let (mut employed, waiting) = db.write(&caller.actor, work).await?;
    door.directory.refresh(db).await?;
    if let Some(row) = waiting {
        employed.approval = Some(approvals::shown_to(db, &caller, *row).await?);
    }
    let version = employed.staff.version;
    Ok(Tagged::created(employed, version))
}

/// One member of staff
///
/// With the `ETag` that a change needs.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 200, description = "The member of staff", body = Staff), ReadProblems),
    security(("staff" = ["staff:read"]))
)]
#[get("/staff/{staff_id}")]
async fn get_staff(caller: Caller<StaffRead>, db: Data<Db>, id: IdPath<StaffId>) -> ApiResult<Tagged<Staff>> {
    let found = repo::find(&*db.read().await?, *id)
        .await?
        .filter(|staff| caller.reach().covers_branch(staff.branch_id));
    let staff = found.ok_or(StaffError::Missing)?;
    let version = staff.version;
    Ok(Tagged::ok(staff, version))
}

/// Change somebody's role, scope, branch, name or activity
///
/// Bites at once: a disabled account's sessions end. Nobody changes their own powers. Another role or scope, letting somebody in
/// again and a branch outside of what they see now wait for somebody else's approval, and come without another name.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = StaffPatch,
    responses(
        (status = 200, description = "Changed", body = Staff),
        (status = 202, description = "Waits for an approval", body = SubmittedApproval),
        WriteProblems
    ),
    security(("staff" = ["staff:write"]))
)]
#[patch("/staff/{staff_id}")]
async fn change_staff(
    caller: Caller<StaffWrite>,
    door: Door,
    id: IdPath<StaffId>,
    Change { if_match, body: patch }: Change<StaffPatch>,
) -> ApiResult<Either<Tagged<Staff>, HttpResponse>> {
    let (db, rules) = (&door.db, &door.config.sessions);
    let desk = ((&**door.vault, &*caller.directory), rules);
    match db.write(&caller.actor, async |tx| employ::change(tx, desk, *id, if_match, patch).await).await? {
        Settled::Waiting(row) => Ok(Either::Right(approvals::accepted(db, &caller, *row).await?)),
        Settled::Done(staff) => {
            door.directory.refresh(db).await?;
            let version = staff.version;
            Ok(Either::Left(Tagged::ok(staff, version)))
        }
    }
}

/// Give somebody a new initial password
///
/// Ends all their sessions and lifts a lock.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 200, description = "The new password, shown this once", body = InitialPassword), CreateProblems),
    security(("staff" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/reset_password")]
async fn reset_staff_password(
    caller: Caller<StaffWrite>,
    db: Data<Db>,
    directory: Data<Directory>,
    id: IdPath<StaffId>,
) -> ApiResult<Json<InitialPassword>> {
    let password = employ::new_password().await?;
    let shown = db.write(&caller.actor, async |tx| employ::reset_password(tx, *id, password).await).await?;
    directory.refresh(&db).await?;
    Ok(Json(shown))
}

/// Lift a lock
///
/// After too many wrong passwords an account is locked for a while; this ends the while.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 204, description = "Unlocked"), CreateProblems),
    security(("staff" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/unlock")]
async fn unlock_staff(
    caller: Caller<StaffWrite>,
    db: Data<Db>,
    id: IdPath<StaffId>,
) -> ApiResult<HttpResponse> {
    db.write(&caller.actor, async |tx| employ::unlock(tx, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take away somebody's second factor
///
/// For whoever has lost it: all their sessions end, and where the role needs one, setting up another is the first thing they
/// may do. Needs a step-up.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 204, description = "Taken away"), CreateProblems),
    security(("staff" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/reset_second_factor")]
async fn reset_staff_second_factor(
    caller: Caller<StaffWrite>,
    db: Data<Db>,
    directory: Data<Directory>,
    id: IdPath<StaffId>,
) -> ApiResult<HttpResponse> {
    db.write(&caller.actor, async |tx| second_factor::reset(tx, *id).await).await?;
    directory.refresh(&db).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Somebody's sessions
///
/// The open ones: on what and from where.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 200, description = "Open sessions", body = OpenSessions), ReadProblems),
    security(("staff" = ["staff:write"]))
)]
#[get("/staff/{staff_id}/sessions")]
async fn list_staff_sessions(
    caller: Caller<StaffWrite>,
    door: Door,
    id: IdPath<StaffId>,
) -> ApiResult<Json<OpenSessions>> {
    let conn = door.db.read().await?;
    repo::find(&conn, *id).await?.ok_or(StaffError::Missing)?;
    let (activity, rules) = (door.directory.activity(), &door.config.sessions);
    let asked = (Some(caller.staff.session_id), caller.now);
    Ok(Json(sessions::list_open(&conn, activity, rules, *id, asked).await?))
}

/// End all of somebody's sessions
///
/// They can sign in again; disable the account to prevent that.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 204, description = "Ended"), CreateProblems),
    security(("staff" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/sessions/end")]
async fn end_staff_sessions(
    caller: Caller<StaffWrite>,
    db: Data<Db>,
    directory: Data<Directory>,
    id: IdPath<StaffId>,
) -> ApiResult<HttpResponse> {
    db.write(&caller.actor, async |tx| employ::end_sessions(tx, *id).await).await?;
    directory.refresh(&db).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End one of somebody's sessions
///
/// It can do nothing from then on.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("session_id" = SessionId, Path)),
    responses((status = 204, description = "Ended"), CreateProblems),
    security(("staff" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/sessions/{session_id}/end")]
async fn end_staff_session(
    caller: Caller<StaffWrite>,
    db: Data<Db>,
    directory: Data<Directory>,
    ids: IdPath<(StaffId, SessionId)>,
) -> ApiResult<HttpResponse> {
    let (staff_id, session_id) = *ids;
    let reason = EndReason::EndedByAdmin;
    db.write(&caller.actor, async |tx| sessions::end_one(tx, staff_id, session_id, reason).await).await?;
    directory.refresh(&db).await?;
    Ok(HttpResponse::NoContent().finish())
}

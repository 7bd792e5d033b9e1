use std::ops::RangeInclusive;

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    get, post,
    web::Json,
};
use platform::{config::Config, ids::SessionId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{AnySignedIn, ApiResult, Caller, IdPath, LimitedProblems, SignInProblems, Stranger, Valid};

use super::{
    change_password,
    door::{Door, Issued},
    faults::SessionError,
    model::{EndReason, Me, OpenSessions, PasswordChange, SecondFactorSignIn, SignIn, SignedIn, StepUp},
    refresh, sign_in, step_up, tend,
};
use crate::calendars;

const COOKIE: &str = "cardea_refresh";
const COOKIE_PATH: &str = "/api/v1/auth";
const ATTEMPT: &str = "refresh-attempt";
/// A name that nobody else can guess.
const ATTEMPT_CHARS: RangeInclusive<usize> = 16..=64;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(login)
        .service(login_with_second_factor)
        .service(refresh_session)
        .service(logout)
        .service(change_own_password)
        .service(step_up_session)
        .service(list_sessions)
        .service(end_other_sessions)
        .service(end_session)
        .service(get_me);
}

/// Sign in
///
/// Answers an access token; the refresh token is set as an HttpOnly cookie. Wrong names and wrong passwords get the same
/// answers. Whoever has a second factor and shows no `code` gets 401 `staff.second_factor_required` with a `challenge` once
/// the password is right. Repeated failures lock the name for a growing time,
/// whether somebody has it or not.
#[utoipa::path(
    tag = "sessions",
    request_body = SignIn,
    responses((status = 200, description = "Signed in", body = SignedIn), SignInProblems),
    security(())
)]
#[post("/auth/login")]
async fn login(stranger: Stranger, door: Door, Valid(attempt): Valid<SignIn>) -> ApiResult<HttpResponse> {
    let issued = sign_in::sign_in(&door, &stranger, attempt).await?;
    Ok(answer(issued, &door.config))
}

/// Sign in, second half
///
/// With the `challenge` that signing in answered, good for five minutes and once, and the authenticator's code or a recovery
/// code. Each code is good once; wrong ones count as wrong passwords do.
#[utoipa::path(
    tag = "sessions",
    request_body = SecondFactorSignIn,
    responses((status = 200, description = "Signed in", body = SignedIn), SignInProblems),
    security(())
)]
#[post("/auth/login/second_factor")]
async fn login_with_second_factor(
    stranger: Stranger,
    door: Door,
    Valid(shown): Valid<SecondFactorSignIn>,
) -> ApiResult<HttpResponse> {
    let issued = sign_in::sign_in_with_second_factor(&door, &stranger, shown).await?;
    Ok(answer(issued, &door.config))
}

/// Stay signed in
///
/// Exchanges the refresh cookie for a new access token and a new cookie. A cookie that is used twice ends the session,
/// unless the same attempt asks for an answer that was lost on its way.
#[utoipa::path(
    tag = "sessions",
    params(
        (
            "Refresh-Attempt" = Option<String>, Header,
            description = "A secret random name of this attempt, 16 to 64 characters; others are ignored. Sent again with the \
                           same cookie within a minute, it gets the same new cookie",
        ),
        (
            "X-Idle-Seconds" = Option<u32>, Header,
            description = "For how long nobody has touched the page that asks. Any request may say so: what a page asks by \
                           itself keeps no session",
        ),
    ),
    responses((status = 200, description = "Still signed in", body = SignedIn), SignInProblems),
    security(())
)]
#[post("/auth/refresh")]
async fn refresh_session(stranger: Stranger, door: Door, request: HttpRequest) -> ApiResult<HttpResponse> {
    let cookie = request.cookie(COOKIE).ok_or(SessionError::Ended)?;
    let worked_at = web::worked_at(request.headers(), door.db.clock().now());
    let asked = (attempt_of(&request), worked_at);
    let issued = refresh::refresh(&door, &stranger.actor, cookie.value(), asked).await;
    if issued.is_err() {
        door.directory.refresh(&door.db).await?;
    }
    Ok(answer(issued?, &door.config))
}

/// Sign out
///
/// Ends the session of the refresh cookie. Answers the same when there is none.
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "Signed out"), SignInProblems),
    security(())
)]
#[post("/auth/logout")]
async fn logout(stranger: Stranger, door: Door, request: HttpRequest) -> ApiResult<HttpResponse> {
    if let Some(cookie) = request.cookie(COOKIE) {
        refresh::sign_out(&door, &stranger.actor, cookie.value()).await?;
        door.directory.refresh(&door.db).await?;
    }
    let mut gone = refresh_cookie(String::new(), &door.config);
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).insert_header(("clear-site-data", "\"cache\"")).finish())
}

/// Change one's own password
///
/// Ends every other session of the caller. Wrong passwords count as they do at sign-in.
#[utoipa::path(
    tag = "sessions",
    request_body = PasswordChange,
    responses((status = 204, description = "Changed"), LimitedProblems),
    security(("staff" = []))
)]
#[post("/auth/password")]
async fn change_own_password(
    caller: Caller<AnySignedIn>,
    door: Door,
    Valid(change): Valid<PasswordChange>,
) -> ApiResult<HttpResponse> {
    change_password::change_password(&door, &caller.actor, &caller.staff, change).await?;
    door.directory.refresh(&door.db).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Prove once more to be oneself
///
/// For some minutes the session may then do what asks for it (`staff.step_up_required`). Whoever has a second factor shows
/// that, the others their password. Wrong ones count as they do at sign-in.
#[utoipa::path(
    tag = "sessions",
    request_body = StepUp,
    responses((status = 204, description = "Proved"), LimitedProblems),
    security(("staff" = []))
)]
#[post("/auth/step_up")]
async fn step_up_session(
    caller: Caller<AnySignedIn>,
    door: Door,
    Valid(proof): Valid<StepUp>,
) -> ApiResult<HttpResponse> {
    step_up::step_up(&door, &caller.actor, &caller.staff, proof).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who am I
///
/// The signed-in member of staff, their permissions and the bank's business date.
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, description = "The caller", body = Me), web::ReadProblems),
    security(("staff" = []))
)]
#[get("/me")]
async fn get_me(caller: Caller<AnySignedIn>, door: Door) -> ApiResult<Json<Me>> {
    let business_on = calendars::business_on(&*door.db.read().await?, caller.now).await?;
    Ok(Json(Me::of(caller, business_on, door.config.sessions.idle_minutes)))
}

/// One's own sessions
///
/// The open ones: on what and from where, the one that asks first.
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, description = "Open sessions", body = OpenSessions), web::ReadProblems),
    security(("staff" = []))
)]
#[get("/sessions")]
async fn list_sessions(caller: Caller<AnySignedIn>, door: Door) -> ApiResult<Json<OpenSessions>> {
    let (conn, rules) = (door.db.read().await?, &door.config.sessions);
    let asked = (Some(caller.staff.session_id), caller.now);
    let activity = door.directory.activity();
    Ok(Json(tend::list_open(&conn, activity, rules, caller.staff.staff_id, asked).await?))
}

/// End one's other sessions
///
/// All but the one that asks.
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "Ended"), web::CreateProblems),
    security(("staff" = []))
)]
#[post("/sessions/end_others")]
async fn end_other_sessions(caller: Caller<AnySignedIn>, door: Door) -> ApiResult<HttpResponse> {
    let (staff_id, current) = (caller.staff.staff_id, caller.staff.session_id);
    door.db.write(&caller.actor, async |tx| tend::end_others(tx, staff_id, current).await).await?;
    door.directory.refresh(&door.db).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End one of one's own sessions
///
/// It can do nothing from then on.
#[utoipa::path(
    tag = "sessions",
    params(("session_id" = SessionId, Path)),
    responses((status = 204, description = "Ended"), web::CreateProblems),
    security(("staff" = []))
)]
#[post("/sessions/{session_id}/end")]
async fn end_session(
    caller: Caller<AnySignedIn>,
    door: Door,
    id: IdPath<SessionId>,
) -> ApiResult<HttpResponse> {
    let (staff_id, reason) = (caller.staff.staff_id, EndReason::EndedByOwner);
    door.db.write(&caller.actor, async |tx| tend::end_one(tx, staff_id, *id, reason).await).await?;
    door.directory.refresh(&door.db).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn attempt_of(request: &HttpRequest) -> Option<&str> {
    let attempt = request.headers().get(ATTEMPT)?.to_str().ok()?;
    ATTEMPT_CHARS.contains(&attempt.len()).then_some(attempt)
}

fn answer(issued: Issued, config: &Config) -> HttpResponse {
    HttpResponse::Ok().cookie(refresh_cookie(issued.refresh_token, config)).json(issued.signed_in)
}

fn refresh_cookie(token: String, config: &Config) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(config.server.is_cookie_secure)
        .max_age(Duration::hours(config.sessions.refresh_token_hours))
        .finish()
}

use actix_web::{HttpResponse, delete, get, post, web::Json};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{AnySignedIn, ApiResult, Caller, CreateProblems, ReadProblems, Valid};

use super::{
    enrol,
    model::{NewSecondFactor, RecoveryCodes, SecondFactorConfirmation, SecondFactorState},
};
use crate::staff::sessions::Door;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_second_factor)
        .service(begin_second_factor)
        .service(confirm_second_factor)
        .service(delete_second_factor);
}

/// One's own second factor
///
/// Whether there is one, when one is due, and how many recovery codes are left.
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, description = "As it stands", body = SecondFactorState), ReadProblems),
    security(("staff" = []))
)]
#[get("/auth/second_factor")]
async fn get_second_factor(caller: Caller<AnySignedIn>, door: Door) -> ApiResult<Json<SecondFactorState>> {
    Ok(Json(enrol::state(&*door.db.read().await?, caller.staff.staff_id).await?))
}

/// Begin to set up a second factor
///
/// Answers a secret for an authenticator (RFC 6238). It counts for nothing until a code confirms it; asked again before
/// that, there is another one. Needs a step-up.
#[utoipa::path(
    tag = "sessions",
    responses((status = 201, description = "The secret, shown this once", body = NewSecondFactor), CreateProblems),
    security(("staff" = []))
)]
#[post("/auth/second_factor")]
async fn begin_second_factor(caller: Caller<AnySignedIn>, door: Door) -> ApiResult<HttpResponse> {
    let begun =
        door.db.write(&caller.actor, async |tx| enrol::begin(tx, &door.vault, &caller.staff).await).await?;
    Ok(HttpResponse::Created().json(begun))
}

/// Confirm a second factor
///
/// With the first code that the authenticator shows. From then on signing in asks for one. Answers the recovery codes.
#[utoipa::path(
    tag = "sessions",
    request_body = SecondFactorConfirmation,
    responses((status = 201, description = "The recovery codes, shown this once", body = RecoveryCodes), CreateProblems),
    security(("staff" = []))
)]
#[post("/auth/second_factor/confirm")]
async fn confirm_second_factor(
    caller: Caller<AnySignedIn>,
    door: Door,
    Valid(shown): Valid<SecondFactorConfirmation>,
) -> ApiResult<HttpResponse> {
    let staff_id = caller.staff.staff_id;
    let confirm =
        async |tx: &mut platform::Tx<'_>| enrol::confirm(tx, &door.vault, staff_id, &shown.code).await;
    let codes = door.db.write(&caller.actor, confirm).await?;
    door.directory.refresh(&door.db).await?;
    Ok(HttpResponse::Created().json(codes))
}

/// Take one's own second factor away
///
/// Ends every other session of the caller. Where the role needs one, another must be set up by when the first was due. Needs
/// a step-up.
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "Taken away"), CreateProblems),
    security(("staff" = []))
)]
#[delete("/auth/second_factor")]
async fn delete_second_factor(caller: Caller<AnySignedIn>, door: Door) -> ApiResult<HttpResponse> {
    door.db.write(&caller.actor, async |tx| enrol::remove(tx, &caller.staff).await).await?;
    door.directory.refresh(&door.db).await?;
    Ok(HttpResponse::NoContent().finish())
}

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use platform::{Db, tokens::Tokens, vault::Vault};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, ReadProblems, Valid,
    access::markers::{KeysRead, KeysRotate},
};

use super::{
    model::{KeyOverview, KeyRotation, RotationWish},
    rotate,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_keys).service(start_key_rotation);
}

/// The keys
///
/// Which master keys there are and how many data keys each wraps, which keys of access tokens are accepted, how far the
/// latest rotation is. Never a key itself.
#[utoipa::path(
    tag = "keys",
    responses((status = 200, description = "Every key", body = KeyOverview), ReadProblems),
    security(("staff" = ["keys:read"]))
)]
#[get("/keys")]
async fn get_keys(
    _caller: Caller<KeysRead>,
    db: Data<Db>,
    vault: Data<Vault>,
) -> ApiResult<Json<KeyOverview>> {
    Ok(Json(rotate::overview(&*db.read().await?, vault.keyring(), db.clock().now()).await?))
}

/// Begin a rotation
///
/// After `POST /auth/step_up`. A new master key wraps what is new at once; a job wraps the rest anew while everything stays
/// readable. A new token key signs at once; the one before is accepted while its tokens live. Where the keys come from the
/// environment the answer is 409: add the key there, start every process again, then ask for `rewrap`.
#[utoipa::path(
    tag = "keys",
    request_body = RotationWish,
    responses((status = 202, description = "It has begun", body = KeyRotation), CreateProblems),
    security(("staff" = ["keys:rotate"]))
)]
#[post("/keys/rotations")]
async fn start_key_rotation(
    caller: Caller<KeysRotate>,
    db: Data<Db>,
    vault: Data<Vault>,
    tokens: Data<Tokens>,
    Valid(wish): Valid<RotationWish>,
) -> ApiResult<HttpResponse> {
    let (keyring, overlap) = (vault.keyring(), tokens.lifetime());
    let begun = db.write(&caller.actor, async |tx| rotate::rotate(tx, keyring, wish, overlap).await).await?;
    Ok(HttpResponse::Accepted().json(begun))
}

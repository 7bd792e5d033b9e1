use actix_web::{post, web::Json};
use platform::ids::CardholderId;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, IdPath, LimitedProblems, Valid, access::markers::CardholdersReveal};

use super::{
    model::{RevealWish, Revealed},
    show::{self, Counter},
    window::Window,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(reveal_cardholder_value);
}

/// Show one sealed value in clear
///
/// For a purpose, after `POST /auth/step_up`, within a daily quota; each leaves an audit row. Not to be kept: a page masks it
/// again after `shown_seconds`.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = RevealWish,
    responses((status = 200, description = "The value", body = Revealed), LimitedProblems),
    security(("staff" = ["cardholders:reveal"]))
)]
#[post("/cardholders/{cardholder_id}/reveal")]
async fn reveal_cardholder_value(
    caller: Caller<CardholdersReveal>,
    Window { db, vault, config }: Window,
    id: IdPath<CardholderId>,
    Valid(wish): Valid<RevealWish>,
) -> ApiResult<Json<Revealed>> {
    let counter =
        Counter { vault: &vault, reach: caller.reading_reach(), daily_max: config.reveals.daily_max };
    let shown = db.write(&caller.actor, async |tx| show::show(tx, &counter, *id, wish).await).await?;
    Ok(Json(shown?))
}

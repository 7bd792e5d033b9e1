use actix_web::{
    get, post,
    web::{Data, Json},
};
use platform::{
    Conn, Db,
    ids::{CardId, CardholderId},
};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, IdPath, IfMatch, RecordProblems, Tagged, Valid, WriteProblems,
    access::markers::{AccountsRead, CardsFreeze},
};

use super::{
    freeze::{self, CardAt},
    model::{Card, CardError, CardReason, Cards, Turn},
};
use crate::cardholders::{gate, members::Members};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(list_cards).service(get_card).service(freeze_card).service(unfreeze_card);
}

/// A cardholder's cards
///
/// Those on their own accounts, in whosever hands, then those they hold on accounts of others that they may use now.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The cards", body = Cards), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/cards")]
async fn list_cards(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Json<Cards>> {
    let now = db.clock().now();
    let read = async |conn: &Conn, members: &Members| freeze::cards_of(conn, now, members, None).await;
    Ok(Json(Cards { items: gate::quick(&db, &caller.reading_reach(), *id, read).await? }))
}

/// One card
///
/// With the `ETag` that freezing needs.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path), ("card_id" = CardId, Path)),
    responses((status = 200, description = "The card", body = Card), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/cards/{card_id}")]
async fn get_card(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    path: IdPath<(CardholderId, CardId)>,
) -> ApiResult<Tagged<Card>> {
    let (id, card_id) = *path;
    let now = db.clock().now();
    let read =
        async |conn: &Conn, members: &Members| freeze::cards_of(conn, now, members, Some(card_id)).await;
    let found = gate::quick(&db, &caller.reading_reach(), id, read).await?;
    let card = found.into_iter().next().ok_or(CardError::Missing)?;
    let version = card.version;
    Ok(Tagged::ok(card, version))
}

/// Freeze a card
///
/// From now on it can't be used, until it is unfrozen. Also for a card that the cardholder holds on somebody else's account.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path), ("card_id" = CardId, Path),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = CardReason,
    responses((status = 200, description = "Frozen", body = Card), WriteProblems),
    security(("staff" = ["cards:freeze"]))
)]
#[post("/cardholders/{cardholder_id}/cards/{card_id}/freeze")]
async fn freeze_card(
    caller: Caller<CardsFreeze>,
    db: Data<Db>,
    path: IdPath<(CardholderId, CardId)>,
    if_match: IfMatch,
    Valid(why): Valid<CardReason>,
) -> ApiResult<Tagged<Card>> {
    turn(&caller, &db, *path, if_match, (Turn::Freeze, why)).await
}

/// Unfreeze a card
///
/// It can be used again. One whose expiry passed meanwhile stays frozen.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path), ("card_id" = CardId, Path),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = CardReason,
    responses((status = 200, description = "Active again", body = Card), WriteProblems),
    security(("staff" = ["cards:freeze"]))
)]
#[post("/cardholders/{cardholder_id}/cards/{card_id}/unfreeze")]
async fn unfreeze_card(
    caller: Caller<CardsFreeze>,
    db: Data<Db>,
    path: IdPath<(CardholderId, CardId)>,
    if_match: IfMatch,
    Valid(why): Valid<CardReason>,
) -> ApiResult<Tagged<Card>> {
    turn(&caller, &db, *path, if_match, (Turn::Unfreeze, why)).await
}

async fn turn(
    caller: &Caller<CardsFreeze>,
    db: &Db,
    (cardholder_id, card_id): (CardholderId, CardId),
    if_match: IfMatch,
    what: (Turn, CardReason),
) -> ApiResult<Tagged<Card>> {
    let at = CardAt { cardholder_id, card_id };
    let reach = caller.reach();
    let card = db.write(&caller.actor, async |tx| freeze::turn(tx, &reach, at, if_match, what).await).await?;
    let version = card.version;
    Ok(Tagged::ok(card, version))
}

use actix_web::{
    get,
    web::{Data, Json},
};
use platform::{
    Conn, Db,
    ids::{AccountId, CardholderId},
};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, IdPath, RecordProblems, Tagged, access::markers::AccountsRead};

use super::{
    holdings::{self, Viewer},
    model::{AccountError, AccountView, Accounts},
};
use crate::cardholders::{gate, members::Members};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list_accounts).service(get_account);
}

fn viewer(caller: &Caller<AccountsRead>, db: &Db) -> Viewer {
    Viewer { reach: caller.reading_reach(), sight: caller.sight(), now: db.clock().now() }
}

/// A cardholder's accounts
///
/// Those they own, oldest first, then those of others that they may use now. Amounts are withheld from roles that do not see
/// finances, and on accounts whose owner is out of the caller's reach. At most 200 of each.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The accounts", body = Accounts), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/accounts")]
async fn list_accounts(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Json<Accounts>> {
    let viewer = viewer(&caller, &db);
    let read = async |conn: &Conn, members: &Members| holdings::holdings(conn, &viewer, members, None).await;
    Ok(Json(Accounts { items: gate::quick(&db, &viewer.reach, *id, read).await? }))
}

/// One account
///
/// Owned by the cardholder, or usable by them now.
#[utoipa::path(
    tag = "accounts",
    params(("cardholder_id" = CardholderId, Path), ("account_id" = AccountId, Path)),
    responses((status = 200, description = "The account", body = AccountView), RecordProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/cardholders/{cardholder_id}/accounts/{account_id}")]
async fn get_account(
    caller: Caller<AccountsRead>,
    db: Data<Db>,
    path: IdPath<(CardholderId, AccountId)>,
) -> ApiResult<Tagged<AccountView>> {
    let (id, account_id) = *path;
    let viewer = viewer(&caller, &db);
    let read = async |conn: &Conn, members: &Members| {
        holdings::holdings(conn, &viewer, members, Some(account_id)).await
    };
    let found = gate::quick(&db, &viewer.reach, id, read).await?;
    let account = found.into_iter().next().ok_or(AccountError::Missing)?;
    let version = account.facts.version;
    Ok(Tagged::ok(account, version))
}

use actix_web::{
    Either, HttpResponse, get, post,
    web::{Data, Json},
};
use platform::{Db, ids::CardholderId, vault::Vault};
use trust::approvals::{self, Settled, SubmittedApproval};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, Change, CreateProblems, IdPath, RecordProblems, Remarks, Requires, Valid,
    WriteProblems,
    access::markers::{CardholdersRead, CardholdersWrite},
};

use super::{
    ask,
    model::{MergePreview, Merges, NewMerge, Unmerge, WishedMerge},
    preview::{self, Viewer},
    undo,
};
use crate::cardholders::{create::Desk, gate};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_merges)
        .service(preview_merge)
        .service(merge_cardholders)
        .service(unmerge_cardholders);
}

/// Which records were merged into a cardholder
///
/// The latest first; each with the records it brought along, and until when it can be undone.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The merges in force", body = Merges), RecordProblems),
    security(("staff" = ["cardholders:read"]))
)]
#[get("/cardholders/{cardholder_id}/merges")]
async fn list_merges(
    caller: Caller<CardholdersRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Json<Merges>> {
    merges(&caller, &db, *id).await
}

/// What a merge would lead to
///
/// Which fields differ, and how much hangs on each record and on both together. The survivor's fields are shown afterwards, the rest
/// is read together; nothing moves, and it can be undone for thirty days.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path, description = "The survivor")),
    request_body = WishedMerge,
    responses((status = 200, description = "What would be there", body = MergePreview), CreateProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[post("/cardholders/{cardholder_id}/preview_merge")]
async fn preview_merge(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    remarks: Remarks,
    Valid(wished): Valid<WishedMerge>,
) -> ApiResult<Json<MergePreview>> {
    remarks.say("absorbed_id", wished.absorbed_id.to_string());
    remarks.about([wished.absorbed_id]);
    let viewer = Viewer { reach: caller.reach(), sight: caller.sight() };
    Ok(Json(preview::preview(&*db.read().await?, &viewer, *id, wished.absorbed_id).await?))
}

/// Merge another record into this cardholder
///
/// The other one's pages point here from then on, look-ups by its numbers and names find this one, and what is new is kept here.
/// Waits for an approval by somebody who is competent for both.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path, description = "The survivor"), ("If-Match" = String, Header, description = "The survivor's ETag")),
    request_body = NewMerge,
    responses(
        (status = 200, description = "Merged: the merges in force", body = Merges),
        (status = 202, description = "Waits for an approval", body = SubmittedApproval),
        WriteProblems
    ),
    security(("staff" = ["cardholders:write"]))
)]
#[post("/cardholders/{cardholder_id}/merge")]
async fn merge_cardholders(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    id: IdPath<CardholderId>,
    Change { if_match, body: new }: Change<NewMerge>,
) -> ApiResult<Either<Json<Merges>, HttpResponse>> {
    let desk = Desk { vault: &vault, reach: caller.reach(), directory: &caller.directory };
    match db.write(&caller.actor, async |tx| ask::merge(tx, &desk, *id, if_match, new).await).await? {
        Settled::Waiting(waiting) => Ok(Either::Right(approvals::accepted(&db, &caller, *waiting).await?)),
        Settled::Done(()) => Ok(Either::Left(merges(&caller, &db, *id).await?)),
    }
}

/// Undo a merge
///
/// Within thirty days. Each record stands where it stood before; what was added to this cardholder meanwhile stays here.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path, description = "The survivor")),
    request_body = Unmerge,
    responses((status = 200, description = "The merges that are left", body = Merges), CreateProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[post("/cardholders/{cardholder_id}/unmerge")]
async fn unmerge_cardholders(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Valid(unmerge): Valid<Unmerge>,
) -> ApiResult<Json<Merges>> {
    let reach = caller.reach();
    db.write(&caller.actor, async |tx| undo::unmerge(tx, &reach, *id, unmerge).await).await?;
    merges(&caller, &db, *id).await
}

async fn merges<P: Requires>(caller: &Caller<P>, db: &Db, id: CardholderId) -> ApiResult<Json<Merges>> {
    let (now, reach) = (db.clock().now(), caller.reach());
    let items = gate::slow(db, &caller.reading_reach(), id, async |conn, members| {
        preview::in_force(conn, members, (&caller.directory, &reach), now).await
    })
    .await?;
    Ok(Json(Merges { items }))
}

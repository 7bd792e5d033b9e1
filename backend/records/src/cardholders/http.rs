use actix_web::{
    Either, HttpResponse, get, patch, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit, page::COUNT_MAX};
use platform::{Db, ids::CardholderId, vault::Vault};
use trust::{
    approvals::{self, Settled, SubmittedApproval},
    calendars::today,
};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, Change, CreateProblems, IdPath, Query, ReadProblems, RecordProblems, Remarks,
    Requires, Tagged, Valid, WriteProblems,
    access::markers::{CardholdersLifecycle, CardholdersRead, CardholdersWrite},
    parse_after,
};

use super::{
    change,
    create::{self, Desk},
    cursor, gate,
    history::{self, CardholderChange, ChangeFilter},
    lifecycle::{self, LifecycleStep},
    list::{self, CardholderFilter, CardholderListItem},
    model::{Cardholder, CardholderRow},
    new::{CardholderPatch, CreatedCardholder, NewCardholder},
    repo,
    search::{self, CardholderHit, CardholderSearch, Seeker},
};

pub fn routes(config: &mut ServiceConfig) {
    // The literal goes first: `/cardholders/{cardholder_id}` would swallow it.
    config.service(search_cardholders).service(list_cardholders).service(create_cardholder);
    config
        .service(get_cardholder)
        .service(change_cardholder)
        .service(step_cardholder_lifecycle)
        .service(list_cardholder_changes);
}

/// List cardholders
///
/// Within the caller's scope, by an indexed sort. To look somebody up by name or number, search instead: personal data does
/// not belong into a URL.
#[utoipa::path(
    tag = "cardholders",
    params(CardholderFilter),
    responses((status = 200, description = "A page of cardholders", body = Page<CardholderListItem>), ReadProblems),
    security(("staff" = ["cardholders:read"]))
)]
#[get("/cardholders")]
async fn list_cardholders(
    caller: Caller<CardholdersRead>,
    db: Data<Db>,
    vault: Data<Vault>,
    Query(filter): Query<CardholderFilter>,
) -> ApiResult<Json<Page<CardholderListItem>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = list::position_after(&vault, &filter)?;
    filter.admit(caller.sight())?;
    let (conn, reach) = (db.read().await?, caller.reach());
    let (filter, today) = (filter.look_up(&conn, &caller.directory).await?, today(&caller));
    let lines = list::page(&conn, &filter, &reach, (limit, after), today).await?;
    let page = Page::cut(lines, limit, |line| list::sort_of(&filter).position(line));
    let mut page = page.map(|line| line.view(caller.sight(), &caller.directory, today));
    if filter.count == Some(true) {
        page.count = Some(list::count(&conn, &filter, (&reach, today), COUNT_MAX).await?);
    }
    Ok(Json(cursor::sealed(&vault, page)?))
}

/// Search cardholders
///
/// One box: one or more Chinese characters of a name, its pinyin or initials, a whole phone number or its last four digits,
/// an identity number, an e-mail address, the last four of a card, a customer number.
#[utoipa::path(
    tag = "cardholders",
    request_body = CardholderSearch,
    responses((status = 200, description = "A page of hits, by name", body = Page<CardholderHit>), CreateProblems),
    security(("staff" = ["cardholders:read"]))
)]
#[post("/cardholders/search")]
async fn search_cardholders(
    caller: Caller<CardholdersRead>,
    db: Data<Db>,
    vault: Data<Vault>,
    remarks: Remarks,
    Valid(sought): Valid<CardholderSearch>,
) -> ApiResult<Json<Page<CardholderHit>>> {
    let after = cursor::opened(&vault, sought.after.as_deref())?;
    let (conn, limit) = (db.read().await?, PageLimit::parse(sought.limit).unwrap_or_default());
    let today = today(&caller);
    let seeker = Seeker::of(&caller, &vault, today);
    sought.filter().admit(caller.sight())?;
    let page = search::search(&conn, &seeker, &sought, limit, after).await?;
    remarks.say("hits", page.items.len());
    remarks.say("matched_by", page.items.first().map(|(_, found_by)| found_by.as_str()));
    let view = |line: list::Line| line.view(caller.sight(), &caller.directory, today);
    let page = page.map(|(line, matched_by)| CardholderHit { item: view(line), matched_by });
    Ok(Json(cursor::sealed(&vault, page)?))
}

/// Create a cardholder
///
/// Answers 409 with the candidates when somebody who may be the same person is here already; the same request with
/// `duplicate_override_reason` creates all the same.
#[utoipa::path(
    tag = "cardholders",
    request_body = NewCardholder,
    responses((status = 201, description = "Created", body = CreatedCardholder), CreateProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[post("/cardholders")]
async fn create_cardholder(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    Valid(new): Valid<NewCardholder>,
) -> ApiResult<Tagged<CreatedCardholder>> {
    let desk = desk_of(&caller, &vault);
    let (row, warnings) = db.write(&caller.actor, async |tx| create::create(tx, &desk, new).await).await?;
    let cardholder = view(row, &caller);
    let version = cardholder.version;
    Ok(Tagged::created(CreatedCardholder { cardholder, warnings }, version))
}

/// One cardholder's profile
///
/// Fields that the caller's role does not see are null and named in `withheld`. One who was merged into another answers 409
/// `cardholders.absorbed` with the other's id in `params.survivor_id`, here and below.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The profile", body = Cardholder), RecordProblems),
    security(("staff" = ["cardholders:read"]))
)]
#[get("/cardholders/{cardholder_id}")]
async fn get_cardholder(
    caller: Caller<CardholdersRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Tagged<Cardholder>> {
    let found = db.quick(async |conn| repo::find(conn, *id).await).await?;
    let row = gate::admit(found, &caller.reading_reach())?.row;
    let version = row.version;
    Ok(Tagged::ok(view(row, &caller), version))
}

/// Change a profile
///
/// Absent fields stay as they are, null clears one. Every change is kept in the history. A known name or identity number changes
/// by approval, and not together with other fields than those of the identity.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = CardholderPatch,
    responses(
        (status = 200, description = "The changed profile", body = Cardholder),
        (status = 202, description = "Waits for an approval", body = SubmittedApproval),
        WriteProblems
    ),
    security(("staff" = ["cardholders:write"]))
)]
#[patch("/cardholders/{cardholder_id}")]
async fn change_cardholder(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    id: IdPath<CardholderId>,
    Change { if_match, body: patch }: Change<CardholderPatch>,
) -> ApiResult<Either<Tagged<Cardholder>, HttpResponse>> {
    let desk = desk_of(&caller, &vault);
    match db.write(&caller.actor, async |tx| change::change(tx, &desk, *id, if_match, patch).await).await? {
        Settled::Waiting(waiting) => Ok(Either::Right(approvals::accepted(&db, &caller, *waiting).await?)),
        Settled::Done(row) => {
            let version = row.version;
            Ok(Either::Left(Tagged::ok(view(row, &caller), version)))
        }
    }
}

/// Take a step of the lifecycle
///
/// Activate, let rest, close, or note a death; each with its reason.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = LifecycleStep,
    responses((status = 200, description = "The profile after the step", body = Cardholder), WriteProblems),
    security(("staff" = ["cardholders:lifecycle"]))
)]
#[post("/cardholders/{cardholder_id}/lifecycle")]
async fn step_cardholder_lifecycle(
    caller: Caller<CardholdersLifecycle>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Change { if_match, body: step }: Change<LifecycleStep>,
) -> ApiResult<Tagged<Cardholder>> {
    let reach = caller.reach();
    let row =
        db.write(&caller.actor, async |tx| lifecycle::step(tx, &reach, *id, if_match, step).await).await?;
    let version = row.version;
    Ok(Tagged::ok(view(row, &caller), version))
}

/// The history of a profile
///
/// Every change of every field, newest first: who, when, before, after. Sealed fields appear masked.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ChangeFilter),
    responses((status = 200, description = "A page of changes", body = Page<CardholderChange>), RecordProblems),
    security(("staff" = ["cardholders:read"]))
)]
#[get("/cardholders/{cardholder_id}/changes")]
async fn list_cardholder_changes(
    caller: Caller<CardholdersRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Query(filter): Query<ChangeFilter>,
) -> ApiResult<Json<Page<CardholderChange>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let hidden = caller.sight().unseen("cardholders");
    let rows = gate::slow(&db, &caller.reading_reach(), *id, async |conn, members| {
        history::list(conn, members, &filter, hidden, (limit, after)).await
    })
    .await?;
    Ok(Json(Page::cut(rows, limit, |change| (change.changed_at, change.change_id))))
}

fn desk_of<'a, P: Requires>(caller: &'a Caller<P>, vault: &'a Vault) -> Desk<'a> {
    Desk { vault, reach: caller.reach(), directory: &caller.directory }
}

fn view<P: Requires>(row: CardholderRow, caller: &Caller<P>) -> Cardholder {
    row.view(caller.sight(), &caller.directory, today(caller))
}

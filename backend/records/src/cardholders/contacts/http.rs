use actix_web::{Either, HttpResponse, delete, get, patch, post, web::Data};
use platform::{Db, Tx, ids::CardholderId, vault::Vault};
use serde::Serialize;
use trust::approvals::{self, Settled, SubmittedApproval};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use web::{
    ApiResult, Caller, Change, CreateProblems, FieldClass, IdPath, IfMatch, RecordProblems, Tagged, Valid,
    WriteProblems,
    access::markers::{CardholdersRead, CardholdersWrite},
};

use super::{
    model::{ContactKind, ContactPatch, Contacts, NewAddress, NewEmail, NewPhone},
    repo,
    tend::{self, NewContact},
};
use crate::cardholders::{create::Desk, gate, repo as profile};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_contacts).service(add_phone).service(add_email).service(add_address);
    config.service(change_phone).service(change_email).service(change_address);
    config.service(delete_phone).service(delete_email).service(delete_address);
}

/// The contact, or the request that waits.
type Added = ApiResult<Either<Tagged<ContactAdded>, HttpResponse>>;

/// A contact that was added.
#[derive(Serialize, ToSchema)]
pub struct ContactAdded {
    pub contact_id: Uuid,
}

/// How a cardholder is reached
///
/// Masked; primary first. The `ETag` is the cardholder's, and a change of any contact needs it.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "Every contact", body = Contacts), RecordProblems),
    security(("staff" = ["cardholders:read"]))
)]
#[get("/cardholders/{cardholder_id}/contacts")]
async fn get_contacts(
    caller: Caller<CardholdersRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Tagged<Contacts>> {
    let sees = caller.sees(FieldClass::Personal);
    let (version, contacts) = gate::slow(&db, &caller.reading_reach(), *id, async |conn, members| {
        let version = profile::version(conn, *id).await?;
        Ok((version, if sees { repo::all(conn, members).await? } else { Contacts::withheld() }))
    })
    .await?;
    Ok(Tagged::ok(contacts, version))
}

/// Add a phone
///
/// One marked primary becomes the primary phone; in another's place it waits for an approval.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = NewPhone,
    responses((status = 201, description = "Added", body = ContactAdded), (status = 202, description = "Waits for an approval", body = SubmittedApproval), CreateProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[post("/cardholders/{cardholder_id}/phones")]
async fn add_phone(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    id: IdPath<CardholderId>,
    Valid(new): Valid<NewPhone>,
) -> Added {
    add(&caller, &db, &vault, *id, NewContact::Phone(new)).await
}

/// Add an e-mail address
///
/// One marked primary replaces the primary address.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = NewEmail,
    responses((status = 201, description = "Added", body = ContactAdded), CreateProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[post("/cardholders/{cardholder_id}/emails")]
async fn add_email(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    id: IdPath<CardholderId>,
    Valid(new): Valid<NewEmail>,
) -> Added {
    add(&caller, &db, &vault, *id, NewContact::Email(new)).await
}

/// Add an address
///
/// Province, city and district stay readable; the street is sealed.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = NewAddress,
    responses((status = 201, description = "Added", body = ContactAdded), CreateProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[post("/cardholders/{cardholder_id}/addresses")]
async fn add_address(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    id: IdPath<CardholderId>,
    Valid(new): Valid<NewAddress>,
) -> Added {
    add(&caller, &db, &vault, *id, NewContact::Address(new)).await
}

/// Change a phone
///
/// Make it primary, which waits for an approval where another is, or note that it was verified.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("phone_id" = Uuid, Path), ("If-Match" = String, Header, description = "The cardholder's ETag")),
    request_body = ContactPatch,
    responses((status = 204, description = "Changed"), (status = 202, description = "Waits for an approval", body = SubmittedApproval), WriteProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[patch("/cardholders/{cardholder_id}/phones/{phone_id}")]
async fn change_phone(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    path: IdPath<(CardholderId, Uuid)>,
    Change { if_match, body: patch }: Change<ContactPatch>,
) -> ApiResult<HttpResponse> {
    change(&caller, &db, &vault, (ContactKind::Phone, path.into_inner()), (if_match, patch)).await
}

/// Change an e-mail address
///
/// Make it primary, or note that it was verified.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("email_id" = Uuid, Path), ("If-Match" = String, Header, description = "The cardholder's ETag")),
    request_body = ContactPatch,
    responses((status = 204, description = "Changed"), WriteProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[patch("/cardholders/{cardholder_id}/emails/{email_id}")]
async fn change_email(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    path: IdPath<(CardholderId, Uuid)>,
    Change { if_match, body: patch }: Change<ContactPatch>,
) -> ApiResult<HttpResponse> {
    change(&caller, &db, &vault, (ContactKind::Email, path.into_inner()), (if_match, patch)).await
}

/// Change an address
///
/// Make it primary, or note that it was verified.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("address_id" = Uuid, Path), ("If-Match" = String, Header, description = "The cardholder's ETag")),
    request_body = ContactPatch,
    responses((status = 204, description = "Changed"), WriteProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[patch("/cardholders/{cardholder_id}/addresses/{address_id}")]
async fn change_address(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    path: IdPath<(CardholderId, Uuid)>,
    Change { if_match, body: patch }: Change<ContactPatch>,
) -> ApiResult<HttpResponse> {
    change(&caller, &db, &vault, (ContactKind::Address, path.into_inner()), (if_match, patch)).await
}

/// Delete a phone
///
/// The history keeps its masked form. The primary one waits for an approval.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("phone_id" = Uuid, Path), ("If-Match" = String, Header, description = "The cardholder's ETag")),
    responses((status = 204, description = "Deleted"), (status = 202, description = "Waits for an approval", body = SubmittedApproval), WriteProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[delete("/cardholders/{cardholder_id}/phones/{phone_id}")]
async fn delete_phone(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    path: IdPath<(CardholderId, Uuid)>,
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    remove(&caller, &db, &vault, (ContactKind::Phone, path.into_inner()), if_match).await
}

/// Delete an e-mail address
///
/// The history keeps its masked form.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("email_id" = Uuid, Path), ("If-Match" = String, Header, description = "The cardholder's ETag")),
    responses((status = 204, description = "Deleted"), WriteProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[delete("/cardholders/{cardholder_id}/emails/{email_id}")]
async fn delete_email(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    path: IdPath<(CardholderId, Uuid)>,
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    remove(&caller, &db, &vault, (ContactKind::Email, path.into_inner()), if_match).await
}

/// Delete an address
///
/// The history keeps its masked form.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), ("address_id" = Uuid, Path), ("If-Match" = String, Header, description = "The cardholder's ETag")),
    responses((status = 204, description = "Deleted"), WriteProblems),
    security(("staff" = ["cardholders:write"]))
)]
#[delete("/cardholders/{cardholder_id}/addresses/{address_id}")]
async fn delete_address(
    caller: Caller<CardholdersWrite>,
    db: Data<Db>,
    vault: Data<Vault>,
    path: IdPath<(CardholderId, Uuid)>,
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    remove(&caller, &db, &vault, (ContactKind::Address, path.into_inner()), if_match).await
}

async fn add(
    caller: &Caller<CardholdersWrite>,
    db: &Db,
    vault: &Vault,
    id: CardholderId,
    new: NewContact,
) -> Added {
    let desk = Desk { vault, reach: caller.reach(), directory: &caller.directory };
    match db.write(&caller.actor, async |tx| tend::add(tx, &desk, id, new).await).await? {
        Settled::Done((contact_id, version)) => {
            Ok(Either::Left(Tagged::created(ContactAdded { contact_id }, version)))
        }
        Settled::Waiting(row) => Ok(Either::Right(approvals::accepted(db, caller, *row).await?)),
    }
}

async fn change(
    caller: &Caller<CardholdersWrite>,
    db: &Db,
    vault: &Vault,
    (kind, (id, contact_id)): (ContactKind, (CardholderId, Uuid)),
    (if_match, patch): (IfMatch, ContactPatch),
) -> ApiResult<HttpResponse> {
    let desk = Desk { vault, reach: caller.reach(), directory: &caller.directory };
    let contact = (kind, id, contact_id);
    let changed = async |tx: &mut Tx<'_>| tend::change(tx, &desk, contact, if_match, patch).await;
    match db.write(&caller.actor, changed).await? {
        Settled::Done(version) => {
            Ok(HttpResponse::NoContent().insert_header(("etag", format!("\"{version}\""))).finish())
        }
        Settled::Waiting(row) => Ok(approvals::accepted(db, caller, *row).await?),
    }
}

async fn remove(
    caller: &Caller<CardholdersWrite>,
    db: &Db,
    vault: &Vault,
    (kind, (id, contact_id)): (ContactKind, (CardholderId, Uuid)),
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    let desk = Desk { vault, reach: caller.reach(), directory: &caller.directory };
    let contact = (kind, id, contact_id);
    match db.write(&caller.actor, async |tx| tend::delete(tx, &desk, contact, if_match).await).await? {
        Settled::Done(()) => Ok(HttpResponse::NoContent().finish()),
        Settled::Waiting(row) => Ok(approvals::accepted(db, caller, *row).await?),
    }
}

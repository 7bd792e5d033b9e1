use actix_web::{
    get, patch, post,
    web::{Data, Json},
};
use platform::{Conn, Db, DbResult, ids::CardholderId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;
use web::{
    ApiResult, Caller, Change, CreateProblems, IdPath, Query, ReadProblems, RecordProblems, Requires, Tagged,
    Valid, WriteProblems,
    access::markers::{ConsentTextsWrite, ConsentsRead, ConsentsWrite},
};

use super::{
    decide::{self, ContactDecision},
    model::{
        Consent, ConsentGrant, ConsentRow, ConsentSheet, ConsentText, ConsentTexts, ConsentWithdrawal,
        ContactChannel, ContactPreferences, ContactPreferencesPatch, ContactPurpose, NewConsentText,
    },
    preferences, record, repo,
    rules::{ContactAsk, ContactRules},
    texts,
};
use crate::cardholders::{gate, members::Members};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_consent_texts).service(publish_consent_text);
    config.service(get_consents).service(grant_consent).service(withdraw_consent);
    config.service(change_contact_preferences).service(get_contact_decision);
}

/// A contact somebody thinks of.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ContactQuestion {
    #[param(inline)]
    channel: ContactChannel,
    #[param(inline)]
    purpose: ContactPurpose,
}

/// The texts that consents are given to
///
/// Every version of each; the newest of a purpose is in force.
#[utoipa::path(
    tag = "consents",
    responses((status = 200, description = "The texts", body = ConsentTexts), ReadProblems),
    security(("staff" = ["consents:read"]))
)]
#[get("/consent_texts")]
async fn list_consent_texts(_caller: Caller<ConsentsRead>, db: Data<Db>) -> ApiResult<Json<ConsentTexts>> {
    Ok(Json(ConsentTexts { items: repo::texts(&*db.read().await?).await? }))
}

/// Publish the next version of a text
///
/// It is in force at once. Consents that were given keep naming the version that was read.
#[utoipa::path(
    tag = "consents",
    request_body = NewConsentText,
    responses((status = 201, description = "In force", body = ConsentText), CreateProblems),
    security(("staff" = ["consent_texts:write"]))
)]
#[post("/consent_texts")]
async fn publish_consent_text(
    caller: Caller<ConsentTextsWrite>,
    db: Data<Db>,
    Valid(new): Valid<NewConsentText>,
) -> ApiResult<(Json<ConsentText>, actix_web::http::StatusCode)> {
    let text = db.write(&caller.actor, async |tx| texts::publish(tx, new).await).await?;
    Ok((Json(text), actix_web::http::StatusCode::CREATED))
}

/// What a cardholder agreed to
///
/// What stands for each purpose and channel, every yes and taking back with its proof, and their wishes. The `ETag` is that of
/// the wishes.
#[utoipa::path(
    tag = "consents",
    params(("cardholder_id" = CardholderId, Path)),
    responses((status = 200, description = "The consents", body = ConsentSheet), RecordProblems),
    security(("staff" = ["consents:read"]))
)]
#[get("/cardholders/{cardholder_id}/consents")]
async fn get_consents(
    caller: Caller<ConsentsRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
) -> ApiResult<Tagged<ConsentSheet>> {
    let read = async |conn: &Conn, members: &Members| sheet(conn, &caller, members).await;
    let sheet = gate::slow(&db, &caller.reading_reach(), *id, read).await?;
    let version = sheet.preferences.version;
    Ok(Tagged::ok(sheet, version))
}

/// Write down a consent
///
/// To the text that is in force, for one or more channels, with what proves it.
#[utoipa::path(
    tag = "consents",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = ConsentGrant,
    responses((status = 200, description = "The consents with it", body = ConsentSheet), CreateProblems),
    security(("staff" = ["consents:write"]))
)]
#[post("/cardholders/{cardholder_id}/consents")]
async fn grant_consent(
    caller: Caller<ConsentsWrite>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Valid(grant): Valid<ConsentGrant>,
) -> ApiResult<Tagged<ConsentSheet>> {
    let reach = caller.reach();
    db.write(&caller.actor, async |tx| record::grant(tx, &reach, *id, grant).await).await?;
    let read = async |conn: &Conn, members: &Members| sheet(conn, &caller, members).await;
    let sheet = gate::slow(&db, &reach, *id, read).await?;
    let version = sheet.preferences.version;
    Ok(Tagged::ok(sheet, version))
}

/// Take a consent back
///
/// As easily as it was given, and at once: the next contact decision knows it.
#[utoipa::path(
    tag = "consents",
    params(("cardholder_id" = CardholderId, Path)),
    request_body = ConsentWithdrawal,
    responses((status = 200, description = "The consents without it", body = ConsentSheet), CreateProblems),
    security(("staff" = ["consents:write"]))
)]
#[post("/cardholders/{cardholder_id}/consents/withdraw")]
async fn withdraw_consent(
    caller: Caller<ConsentsWrite>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Valid(withdrawal): Valid<ConsentWithdrawal>,
) -> ApiResult<Tagged<ConsentSheet>> {
    let reach = caller.reach();
    db.write(&caller.actor, async |tx| record::withdraw(tx, &reach, *id, withdrawal).await).await?;
    let read = async |conn: &Conn, members: &Members| sheet(conn, &caller, members).await;
    let sheet = gate::slow(&db, &reach, *id, read).await?;
    let version = sheet.preferences.version;
    Ok(Tagged::ok(sheet, version))
}

/// Change what a cardholder wishes
///
/// No contact at all, no automated personalisation, when to be left alone and by which clock.
#[utoipa::path(
    tag = "consents",
    params(("cardholder_id" = CardholderId, Path), ("If-Match" = String, Header, description = "The ETag of the consents")),
    request_body = ContactPreferencesPatch,
    responses((status = 200, description = "The wishes", body = ContactPreferences), WriteProblems),
    security(("staff" = ["consents:write"]))
)]
#[patch("/cardholders/{cardholder_id}/contact_preferences")]
async fn change_contact_preferences(
    caller: Caller<ConsentsWrite>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Change { if_match, body: patch }: Change<ContactPreferencesPatch>,
) -> ApiResult<Tagged<ContactPreferences>> {
    let reach = caller.reach();
    let changed =
        async |tx: &mut platform::Tx<'_>| preferences::change(tx, &reach, *id, if_match, patch).await;
    let wishes = db.write(&caller.actor, changed).await?;
    let version = wishes.version;
    Ok(Tagged::ok(wishes, version))
}

/// May this cardholder be contacted now
///
/// By this channel, for this purpose: allow or deny, the rule that decided, and what every rule said. Every send asks it.
#[utoipa::path(
    tag = "consents",
    params(("cardholder_id" = CardholderId, Path), ContactQuestion),
    responses((status = 200, description = "The decision", body = ContactDecision), RecordProblems),
    security(("staff" = ["consents:read"]))
)]
#[get("/cardholders/{cardholder_id}/contact-decision")]
async fn get_contact_decision(
    caller: Caller<ConsentsRead>,
    db: Data<Db>,
    rules: Data<ContactRules>,
    id: IdPath<CardholderId>,
    Query(ContactQuestion { channel, purpose }): Query<ContactQuestion>,
) -> ApiResult<Json<ContactDecision>> {
    let read = async |conn: &Conn, members: &Members| {
        let ask = ContactAsk { members: members.clone(), channel, purpose, at: caller.now };
        decide::may_contact(conn, &rules, &ask).await
    };
    Ok(Json(gate::slow(&db, &caller.reading_reach(), *id, read).await?))
}

async fn sheet<P: Requires>(conn: &Conn, caller: &Caller<P>, members: &Members) -> DbResult<ConsentSheet> {
    let standing = repo::standing(conn, members.all()).await?;
    let history = repo::history(conn, members.all()).await?;
    let preferences = repo::wishes_of_all(conn, members, caller.now).await?;
    let named = history.iter().chain(&standing).filter_map(|row| row.text_id).collect();
    let versions = repo::versions(conn, named).await?;
    let sees_notes = caller.sight().sees_field("consents", "evidence_note");
    let shown = |row: ConsentRow| Consent {
        consent_id: row.consent_id,
        purpose: row.purpose,
        channel: row.channel,
        decision: row.decision,
        text_id: row.text_id,
        text_version: row
            .text_id
            .and_then(|id| versions.iter().find(|(of, _)| *of == id).map(|(_, version)| *version)),
        evidence: row.evidence,
        evidence_note: row.evidence_note.filter(|_| sees_notes),
        staff_id: row.staff_id,
        staff_name: row.staff_id.and_then(|id| caller.directory.staff_name(id)).map(ToOwned::to_owned),
        recorded_at: row.recorded_at,
    };
    Ok(ConsentSheet {
        preferences,
        standing: standing.into_iter().map(shown).collect(),
        history: history.into_iter().map(shown).collect(),
    })
}

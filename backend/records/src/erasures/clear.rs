//! Taking a person out of every table.

use diesel::{
    prelude::*,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use kernel::person_name;
use platform::{
    Conn, DbResult, Tx, database, files,
    ids::{CardholderId, FileId},
    schema::{
        cardholder_addresses, cardholder_emails, cardholder_phones, cardholders, email_index,
        erased_cardholders, erased_marks, external_id_index, name_grams, national_id_index, phone_index,
        phone_tail_index, street_index,
    },
    vault::Vault,
};
use trust::calendars::bank_date;

use super::jobs::EraseCardholder;
use crate::cardholders::erased_mark;

/// What the application may change: rows that are theirs alone go, texts about them go out of rows that stay.
const CLEARED: &[&str] = &[
    "DELETE FROM cardholder_keys WHERE cardholder_id = $1",
    "DELETE FROM cardholder_phones WHERE cardholder_id = $1",
    "DELETE FROM cardholder_emails WHERE cardholder_id = $1",
    "DELETE FROM cardholder_addresses WHERE cardholder_id = $1",
    "DELETE FROM contact_preferences WHERE cardholder_id = $1",
    "DELETE FROM subject_packages WHERE cardholder_id = $1",
    "UPDATE consents SET evidence_note = NULL WHERE cardholder_id = $1",
    "UPDATE subject_requests SET wish = NULL, extension_reason = NULL, answer = NULL WHERE cardholder_id = $1",
    "UPDATE legal_holds SET note = NULL WHERE cardholder_id = $1",
    "UPDATE cards SET status_reason = NULL WHERE cardholder_id = $1",
    "UPDATE break_glass_grants SET note = '', review_note = NULL WHERE cardholder_id = $1",
    "UPDATE audit_anomalies SET review_note = NULL WHERE cardholder_id = $1",
    // What was asked for about them can't be read any more without their key, and says nothing besides.
    "UPDATE approvals SET evidence_note = NULL, diff = '[]', payload_bytes = '' WHERE cardholder_id = $1",
    "UPDATE cardholders SET name = NULL, name_pinyin = NULL, name_initials = NULL, gender = NULL, birth_on = NULL,
        stated_age_years = NULL, stated_age_on = NULL, id_kind = NULL, national_id_sealed = NULL, national_id_blind = NULL,
        national_id_masked = NULL, nationality = NULL, occupation = NULL, employer = NULL, education = NULL,
        marital_status = NULL, yearly_income_minor = NULL, yearly_income_currency = NULL, manager_id = NULL,
        lifecycle = 'closed', lifecycle_reason = NULL, source_ref = NULL, version = version + 1
     WHERE cardholder_id = $1",
];

/// What the application may only add to.
const APPEND_ONLY: &[&str] = &[
    "DELETE FROM cardholder_changes WHERE cardholder_id = $1",
    "UPDATE approval_decisions SET comment = '-' WHERE comment IS NOT NULL
        AND approval_id IN (SELECT approval_id FROM approvals WHERE cardholder_id = $1)",
];

/// The key, what finds them, what says who they were; and the tombstone.
pub(super) async fn clear(tx: &mut Tx<'_>, vault: &Vault, job: &EraseCardholder) -> DbResult<()> {
    let id = job.cardholder_id;
    bury(tx, vault, job).await?;
    clear_look_ups(tx, id).await?;
    end_exports(tx, id).await?;
    for sql in CLEARED {
        diesel::sql_query(*sql).bind::<SqlUuid, _>(id).execute(&mut tx.conn()).await?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct OpenFile {
    #[diesel(sql_type = SqlUuid)]
    file_id: FileId,
}

/// Files that can still be fetched and that may hold them. They are few and live for days: whoever needs one asks again.
async fn end_exports(tx: &mut Tx<'_>, id: CardholderId) -> DbResult<()> {
    let sql = "UPDATE exports SET expires_at = $2 WHERE status = 'ready' AND expires_at > $2 AND file_id IS NOT NULL
            AND list IN ('cardholders', 'transactions') AND (cardholder_id IS NULL OR cardholder_id = $1)
        RETURNING file_id";
    let ended: Vec<OpenFile> = diesel::sql_query(sql)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(tx.now)
        .load(&mut tx.conn())
        .await?;
    let ids: Vec<FileId> = ended.into_iter().map(|file| file.file_id).collect();
    files::delete(tx, &ids).await?;
    Ok(())
}

/// The same where only the owner of the tables may. What is gone is not there any more: it may be done twice.
pub(super) async fn clear_append_only(owner_url: &str, id: CardholderId) -> DbResult<()> {
    let conn = database::connect_once(owner_url).await?;
    for sql in APPEND_ONLY {
        diesel::sql_query(*sql).bind::<SqlUuid, _>(id).execute(&mut &conn).await?;
    }
    Ok(())
}

async fn bury(tx: &mut Tx<'_>, vault: &Vault, job: &EraseCardholder) -> DbResult<()> {
    diesel::insert_into(erased_cardholders::table)
        .values((
            erased_cardholders::cardholder_id.eq(job.cardholder_id),
            erased_cardholders::approval_id.eq(job.approval_id),
            erased_cardholders::erased_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    let row = cardholders::table.find(job.cardholder_id).select(cardholders::national_id_blind);
    let blind: Option<Vec<u8>> = row.first(&mut tx.conn()).await?;
    if let Some(blind) = blind {
        diesel::insert_into(erased_marks::table)
            .values((
                erased_marks::mark.eq(erased_mark(vault, &blind)),
                erased_marks::erased_on.eq(bank_date(tx.now)),
            ))
            .on_conflict_do_nothing()
            .execute(&mut tx.conn())
            .await?;
        diesel::delete(national_id_index::table.find((blind, job.cardholder_id)))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// Every look-up table is asked by its own key, which stands in the rows that are about to go.
async fn clear_look_ups(tx: &mut Tx<'_>, id: CardholderId) -> DbResult<()> {
    use {cardholder_addresses as a, cardholder_emails as e, cardholder_phones as p};
    let phones = p::table.filter(p::cardholder_id.eq(id)).select((p::number_blind, p::tail_blind));
    let phones: Vec<(Vec<u8>, Vec<u8>)> = phones.load(&mut tx.conn()).await?;
    for (number, tail) in phones {
        diesel::delete(phone_index::table.find((number, id))).execute(&mut tx.conn()).await?;
        diesel::delete(phone_tail_index::table.find((tail, id))).execute(&mut tx.conn()).await?;
    }
    let emails: Vec<Vec<u8>> =
        e::table.filter(e::cardholder_id.eq(id)).select(e::address_blind).load(&mut tx.conn()).await?;
    for address in emails {
        diesel::delete(email_index::table.find((address, id))).execute(&mut tx.conn()).await?;
    }
    let streets = a::table.filter(a::cardholder_id.eq(id)).select(a::street_blind.assume_not_null());
    let streets: Vec<Vec<u8>> = streets.filter(a::street_blind.is_not_null()).load(&mut tx.conn()).await?;
    for street in streets {
        diesel::delete(street_index::table.find((street, id))).execute(&mut tx.conn()).await?;
    }
    clear_names(tx, id).await?;
    let source: (String, Option<String>) = source_of(tx, id).await?;
    if let (source, Some(source_ref)) = source {
        diesel::delete(external_id_index::table.find((source, source_ref))).execute(&mut tx.conn()).await?;
    }
    Ok(())
}

async fn clear_names(tx: &mut Tx<'_>, id: CardholderId) -> DbResult<()> {
    use cardholders as c;
    let names = c::table.find(id).select((c::name, c::name_pinyin, c::name_initials));
    let (name, pinyin, initials): (Option<String>, Option<String>, Option<String>) =
        names.first(&mut tx.conn()).await?;
    let sort_key = pinyin.clone().unwrap_or_default();
    let grams = person_name::grams_of(
        name.as_deref().unwrap_or_default(),
        pinyin.as_deref().unwrap_or_default(),
        initials.as_deref().unwrap_or_default(),
    );
    for gram in grams {
        diesel::delete(name_grams::table.find((gram, &sort_key, id))).execute(&mut tx.conn()).await?;
    }
    Ok(())
}

async fn source_of(mut conn: &Conn, id: CardholderId) -> DbResult<(String, Option<String>)> {
    use cardholders as c;
    Ok(c::table.find(id).select((c::source, c::source_ref)).first(&mut conn).await?)
}

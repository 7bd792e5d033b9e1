//! Taking a person out of every table.

use diesel::{
    prelude::*,
    sql_types::{Jsonb, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use kernel::person_name;
use platform::{
    Conn, DbResult, Tx, database,
    ids::CardholderId,
    schema::{
        cardholder_addresses, cardholder_emails, cardholder_phones, cardholders, email_index,
        erased_cardholders, erased_marks, external_id_index, name_grams, national_id_index, phone_index,
        phone_tail_index, street_index,
    },
    vault::Vault,
};
use serde_json::{Value, json};
use trust::{approvals::ABSORBED, calendars::bank_date, exports};

use super::jobs::EraseCardholder;
use crate::{cardholders::erased_mark, imports};

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
    // Nothing is done by them any more.
    "DELETE FROM standing_orders WHERE cardholder_id = $1",
    // The law has the ledger kept for ten years, which are over: amounts and days stay, words that tell of a life don't.
    "UPDATE transactions SET purpose = NULL, merchant_name = NULL, city = NULL, latitude = NULL, longitude = NULL,
        counterparty_name = NULL, counterparty_bank = NULL, counterparty_account = NULL
     WHERE cardholder_id = $1",
    // What was asked for about them can't be read any more without their key, and says nothing besides; files of their lists.
    "UPDATE approvals SET evidence_note = NULL, diff = '[]', payload_bytes = '' WHERE cardholder_id = $1
        OR approval_id IN (SELECT approval_id FROM exports WHERE cardholder_id = $1)",
    "UPDATE exports SET note = NULL, query = '{}' WHERE cardholder_id = $1",
    "UPDATE cardholders SET name = NULL, name_pinyin = NULL, name_initials = NULL, gender = NULL, birth_on = NULL,
        stated_age_years = NULL, stated_age_on = NULL, id_kind = NULL, national_id_sealed = NULL, national_id_blind = NULL,
        national_id_masked = NULL, nationality = NULL, occupation = NULL, employer = NULL, education = NULL,
        marital_status = NULL, yearly_income_minor = NULL, yearly_income_currency = NULL, manager_id = NULL,
        lifecycle = 'closed', lifecycle_reason = NULL, source_ref = NULL, version = version + 1
     WHERE cardholder_id = $1",
];

/// Requests about somebody else that name them: to put their record behind the other's. Only the line stays that says whose record
/// it was, by its number; `$1` is that line, which is how such a request is found again.
const MERGES: &str = "UPDATE approvals SET evidence_note = NULL, diff = $1, payload_bytes = ''
    WHERE operation = 'cardholders.merge' AND diff @> $1";

/// What the application may only add to. `$2` is the line that a merge names them by.
const APPEND_ONLY: &[&str] = &[
    "DELETE FROM cardholder_changes WHERE cardholder_id = $1 AND $2 IS NOT NULL",
    "UPDATE approval_decisions SET comment = '-' WHERE comment IS NOT NULL
        AND approval_id IN (SELECT approval_id FROM approvals
                            WHERE cardholder_id = $1 OR operation = 'cardholders.merge' AND diff @> $2
                               OR approval_id IN (SELECT approval_id FROM exports WHERE cardholder_id = $1))",
    // Why they were once put together with somebody who is still here, or parted from them.
    "UPDATE cardholder_changes SET reason = NULL WHERE reason IS NOT NULL AND field IN ('absorbed', 'absorbed_into')
        AND $2->0->>'before' IN (before_value, after_value)
        AND cardholder_id = ANY (ARRAY(SELECT survivor_id FROM cardholder_links WHERE absorbed_id = $1
                                       UNION SELECT absorbed_id FROM cardholder_links WHERE survivor_id = $1))",
];

/// The key, what finds them, what says who they were; and the tombstone.
pub(super) async fn clear(tx: &mut Tx<'_>, vault: &Vault, job: &EraseCardholder) -> DbResult<()> {
    let id = job.cardholder_id;
    bury(tx, vault, job).await?;
    clear_look_ups(tx, id).await?;
    end_files(tx, id).await?;
    let line = absorbed_line(tx.conn(), id).await?;
    diesel::sql_query(MERGES).bind::<Jsonb, _>(line).execute(&mut tx.conn()).await?;
    for sql in CLEARED {
        diesel::sql_query(*sql).bind::<SqlUuid, _>(id).execute(&mut tx.conn()).await?;
    }
    Ok(())
}

/// Files that hold them or may: what was written for others to take out, and what came in to be imported.
pub(super) async fn end_files(tx: &mut Tx<'_>, id: CardholderId) -> DbResult<()> {
    exports::end_holding(tx, id).await?;
    let name = cardholders::table.find(id).select(cardholders::name);
    let name: Option<String> = name.first(&mut tx.conn()).await?;
    imports::end_uploads(tx, name.as_deref()).await
}

/// How the difference of a merge names the record that was to be put behind another; its number is kept with the ledger.
async fn absorbed_line(mut conn: &Conn, id: CardholderId) -> DbResult<Value> {
    let number = cardholders::table.find(id).select(cardholders::customer_no);
    let number: String = number.first(&mut conn).await?;
    Ok(json!([{ "table": ABSORBED.0, "field": ABSORBED.1, "before": number }]))
}

/// The same where only the owner of the tables may. What is gone is not there any more: it may be done twice.
pub(super) async fn clear_append_only(owner_url: &str, id: CardholderId) -> DbResult<()> {
    let conn = database::connect_once(owner_url).await?;
    let line = absorbed_line(&conn, id).await?;
    for sql in APPEND_ONLY {
        let statement = diesel::sql_query(*sql).bind::<SqlUuid, _>(id).bind::<Jsonb, _>(&line);
        statement.execute(&mut &conn).await?;
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

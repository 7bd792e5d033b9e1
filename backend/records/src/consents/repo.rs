use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::{CardholderId, ConsentTextId},
    schema::{consent_texts, consents, contact_preferences},
};

use super::model::{
    ConsentPurpose, ConsentRow, ConsentText, ContactChannel, ContactPreferences, HISTORY_MAX,
};
use crate::cardholders::members::Members;

/// Versions of texts that a bank may have.
const TEXTS_MAX: i64 = 500;

/// The newest of each purpose first.
pub(super) async fn texts(mut conn: &Conn) -> DbResult<Vec<ConsentText>> {
    use consent_texts as t;
    Ok(ConsentText::query().order((t::purpose, t::version.desc())).limit(TEXTS_MAX).load(&mut conn).await?)
}

/// The version of a purpose that is in force.
pub(super) async fn text_in_force(mut conn: &Conn, purpose: ConsentPurpose) -> DbResult<Option<ConsentText>> {
    use consent_texts as t;
    let query = ConsentText::query().filter(t::purpose.eq(purpose)).order(t::version.desc());
    Ok(query.first(&mut conn).await.optional()?)
}

pub(super) async fn insert_text(tx: &mut Tx<'_>, text: &ConsentText) -> DbResult<()> {
    diesel::insert_into(consent_texts::table).values(text).execute(&mut tx.conn()).await?;
    Ok(())
}

/// The versions of these texts.
pub(super) async fn versions(
    mut conn: &Conn,
    ids: Vec<ConsentTextId>,
) -> DbResult<Vec<(ConsentTextId, i32)>> {
    use consent_texts as t;
    let named = t::table.filter(t::text_id.eq_any(ids));
    Ok(named.select((t::text_id, t::version)).load(&mut conn).await?)
}

/// What stands: the latest word for each purpose and channel.
pub(super) async fn standing(mut conn: &Conn, of: &[CardholderId]) -> DbResult<Vec<ConsentRow>> {
    use consents as c;
    Ok(ConsentRow::query()
        .filter(c::cardholder_id.eq_any(of))
        .distinct_on((c::purpose, c::channel))
        .order((c::purpose, c::channel, c::consent_id.desc()))
        .load(&mut conn)
        .await?)
}

/// The latest word for one purpose and channel.
pub(super) async fn latest(
    mut conn: &Conn,
    of: &[CardholderId],
    (purpose, channel): (ConsentPurpose, ContactChannel),
) -> DbResult<Option<ConsentRow>> {
    use consents as c;
    Ok(ConsentRow::query()
        .filter(c::cardholder_id.eq_any(of))
        .filter(c::purpose.eq(purpose))
        .filter(c::channel.eq(channel))
        .order(c::consent_id.desc())
        .first(&mut conn)
        .await
        .optional()?)
}

/// Newest first.
pub(super) async fn history(mut conn: &Conn, of: &[CardholderId]) -> DbResult<Vec<ConsentRow>> {
    use consents as c;
    let query = ConsentRow::query().filter(c::cardholder_id.eq_any(of));
    Ok(query.order(c::consent_id.desc()).limit(HISTORY_MAX).load(&mut conn).await?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, rows: &[ConsentRow]) -> DbResult<()> {
    diesel::insert_into(consents::table).values(rows).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn preferences(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<ContactPreferences>> {
    use contact_preferences as p;
    Ok(ContactPreferences::query()
        .filter(p::cardholder_id.eq(cardholder_id))
        .first(&mut conn)
        .await
        .optional()?)
}

/// What each of these wishes, as far as they were asked.
pub(super) async fn wishes(mut conn: &Conn, of: &[CardholderId]) -> DbResult<Vec<ContactPreferences>> {
    use contact_preferences as p;
    Ok(ContactPreferences::query().filter(p::cardholder_id.eq_any(of)).load(&mut conn).await?)
}

/// What the person wishes whose records these are.
pub(super) async fn wishes_of_all(
    conn: &Conn,
    members: &Members,
    now: DateTime<Utc>,
) -> DbResult<ContactPreferences> {
    let said = wishes(conn, members.all()).await?;
    let own = said.iter().find(|wishes| wishes.cardholder_id == members.survivor()).cloned();
    let own = own.unwrap_or_else(|| ContactPreferences::of_nobody_asked(members.survivor(), now));
    Ok(ContactPreferences::of_all(own, &said))
}

pub(super) async fn save_preferences(tx: &mut Tx<'_>, row: &ContactPreferences) -> DbResult<()> {
    use contact_preferences as p;
    let set = (
        p::is_do_not_contact.eq(row.is_do_not_contact),
        p::is_personalisation_refused.eq(row.is_personalisation_refused),
        p::quiet_from_minute.eq(row.quiet_from_minute),
        p::quiet_to_minute.eq(row.quiet_to_minute),
        p::utc_offset_minutes.eq(row.utc_offset_minutes),
        p::version.eq(row.version),
        p::changed_by.eq(row.changed_by),
        p::changed_at.eq(row.changed_at),
    );
    diesel::insert_into(p::table)
        .values(row)
        .on_conflict(p::cardholder_id)
        .do_update()
        .set(set)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

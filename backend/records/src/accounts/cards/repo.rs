use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::{AccountId, CardId, CardholderId},
    schema::cards,
};

use super::model::{Card, CardState, CardStatus};

/// Cards that one cardholder's answer holds at most, and cards on accounts of others beside them.
const CARDS_MAX: i64 = 500;

/// The cards on the accounts that these own, in whosever hands; with `only`, that one.
pub(super) async fn owned(
    mut conn: &Conn,
    owners: &[CardholderId],
    only: Option<CardId>,
) -> DbResult<Vec<Card>> {
    let mut query = Card::query().filter(cards::cardholder_id.eq_any(owners)).into_boxed();
    if let Some(card_id) = only {
        query = query.filter(cards::card_id.eq(card_id));
    }
    Ok(query.order((cards::issued_on, cards::card_id)).limit(CARDS_MAX).load(&mut conn).await?)
}

/// The cards that `holders` have on the named accounts of the named owners; with `only`, that one.
pub(super) async fn held(
    mut conn: &Conn,
    holders: &[CardholderId],
    (owners, ids): (&[CardholderId], &[AccountId]),
    only: Option<CardId>,
) -> DbResult<Vec<Card>> {
    let mut query = Card::query()
        .filter(cards::cardholder_id.eq_any(owners))
        .filter(cards::account_id.eq_any(ids))
        .filter(cards::holder_cardholder_id.eq_any(holders))
        .into_boxed();
    if let Some(card_id) = only {
        query = query.filter(cards::card_id.eq(card_id));
    }
    Ok(query.order((cards::issued_on, cards::card_id)).limit(CARDS_MAX).load(&mut conn).await?)
}

pub(super) async fn find(mut conn: &Conn, owner: CardholderId, card_id: CardId) -> DbResult<Option<Card>> {
    let query = Card::query().filter(cards::cardholder_id.eq(owner)).filter(cards::card_id.eq(card_id));
    Ok(query.first(&mut conn).await.optional()?)
}

pub(super) async fn lock(
    tx: &mut Tx<'_>,
    owner: CardholderId,
    card_id: CardId,
) -> DbResult<Option<CardState>> {
    let query = CardState::query().filter(cards::cardholder_id.eq(owner)).filter(cards::card_id.eq(card_id));
    Ok(query.for_update().first(&mut tx.conn()).await.optional()?)
}

pub(super) async fn set_status(
    tx: &mut Tx<'_>,
    before: &CardState,
    status: CardStatus,
    reason: &str,
) -> DbResult<()> {
    let now: DateTime<Utc> = tx.now;
    diesel::update(cards::table.find((before.cardholder_id, before.card_id)))
        .set((
            cards::status.eq(status),
            cards::status_reason.eq(reason),
            cards::version.eq(before.version + 1),
            cards::updated_at.eq(now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

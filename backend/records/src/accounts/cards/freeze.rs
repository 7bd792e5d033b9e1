//! Freezing a card and taking it back.

use chrono::{DateTime, Utc};
use platform::{
    Conn, DbResult, Tx,
    ids::{CardId, CardholderId},
};
use serde_json::json;
use trust::{
    audit::{self, Entry},
    calendars,
};
use web::{IfMatch, Precondition, Reach};

use super::{
    model::{Card, CardError, CardReason, CardState, Turn},
    repo,
};
use crate::{
    accounts::holdings,
    cardholders::{gate, members::Members},
};

/// The card in the address: of an account the cardholder owns, or in their hands on an account of somebody else.
#[derive(Debug, Clone, Copy)]
pub(super) struct CardAt {
    pub cardholder_id: CardholderId,
    pub card_id: CardId,
}

/// The cards of a cardholder, with everybody merged into them: on their own accounts, then those they hold on accounts that they may use now.
pub(super) async fn cards_of(
    conn: &Conn,
    now: DateTime<Utc>,
    members: &Members,
    only: Option<CardId>,
) -> DbResult<Vec<Card>> {
    let (mut cards, usable) = futures_util::try_join!(
        repo::owned(conn, members.all(), only),
        holdings::usable_now(conn, now, members, None),
    )?;
    if !usable.is_empty() {
        let (owners, ids) =
            holdings::keys_of(usable.iter().map(|right| (right.owner_cardholder_id, right.account_id)));
        cards.extend(repo::held(conn, members.all(), (&owners, &ids), only).await?);
    }
    Ok(cards)
}

/// Freezes or unfreezes the card, for a stated reason.
pub(super) async fn turn(
    tx: &mut Tx<'_>,
    reach: &Reach,
    at: CardAt,
    IfMatch(version): IfMatch,
    (turn, why): (Turn, CardReason),
) -> Result<Card, CardError> {
    let members = gate::members(tx, reach, at.cardholder_id).await?;
    let before = lock(tx, &members, at.card_id).await?.ok_or(CardError::Missing)?;
    if before.version != version {
        return Err(Precondition::Stale.into());
    }
    let today = calendars::business_on(tx, tx.now).await?;
    let is_past_expiry = before.expires_on.is_some_and(|expires_on| expires_on < today);
    let status = before.status.after(turn, is_past_expiry)?;
    let reason = why.reason.trim();
    repo::set_status(tx, &before, status, reason).await?;
    let changes =
        json!({ "status": [before.status, status], "status_reason": [before.status_reason, reason] });
    let action = match turn {
        Turn::Freeze => "cards.freeze",
        Turn::Unfreeze => "cards.unfreeze",
    };
    let entry = Entry::of(action).on("card", before.card_id.0).about(before.cardholder_id);
    audit::record(tx, entry.changing(changes)).await?;
    repo::find(tx, before.cardholder_id, before.card_id).await?.ok_or(CardError::Missing)
}

async fn lock(tx: &mut Tx<'_>, members: &Members, card_id: CardId) -> DbResult<Option<CardState>> {
    for owner in members.all() {
        if let Some(own) = repo::lock(tx, *owner, card_id).await? {
            return Ok(Some(own));
        }
    }
    match cards_of(tx, tx.now, members, Some(card_id)).await?.first() {
        Some(card) => repo::lock(tx, card.cardholder_id, card.card_id).await,
        None => Ok(None),
    }
}

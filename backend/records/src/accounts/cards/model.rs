use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};
use platform::{
    DbError,
    ids::{AccountId, CardId, CardholderId},
    schema::{cards, products},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;
use web::{Precondition, free_text};

use crate::{cardholders::gate::GateError, reference::Network};

/// Characters of a reason at most.
pub const REASON_CHARS_MAX: u64 = 200;

platform::vocabulary! {
    /// Whether a card can be used.
    pub enum CardStatus { Active = "active", Frozen = "frozen", Expired = "expired", Cancelled = "cancelled" }
}

/// What staff do to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Freeze,
    Unfreeze,
}

impl CardStatus {
    /// What the status becomes. A card past its expiry stays frozen: unfrozen it would come back to life.
    pub fn after(self, turn: Turn, is_past_expiry: bool) -> Result<Self, CardError> {
        match (turn, self) {
            (Turn::Freeze, Self::Active) => Ok(Self::Frozen),
            (Turn::Freeze, _) => Err(CardError::NotActive),
            (Turn::Unfreeze, Self::Frozen) if is_past_expiry => Err(CardError::PastExpiry),
            (Turn::Unfreeze, Self::Frozen) => Ok(Self::Active),
            (Turn::Unfreeze, _) => Err(CardError::NotFrozen),
        }
    }
}

/// A card: network, BIN and last four; its number is not kept anywhere.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(
    table_name = cards,
    base_query = cards::table.inner_join(products::table.on(products::product_code.eq(cards::product_code)))
)]
pub struct Card {
    /// The owner of the account.
    pub cardholder_id: CardholderId,
    pub card_id: CardId,
    pub account_id: AccountId,
    /// In whose hands it is: the owner, or somebody who may use the account.
    pub holder_cardholder_id: CardholderId,
    pub product_code: String,
    #[diesel(select_expression = products::name_zh)]
    pub product_name_zh: String,
    #[diesel(select_expression = products::name_en)]
    pub product_name_en: String,
    pub network: Option<Network>,
    #[schema(example = "622202")]
    pub bin: Option<String>,
    #[schema(example = "4471")]
    pub last_four: Option<String>,
    pub status: CardStatus,
    /// Why it is in this status.
    pub status_reason: Option<String>,
    pub issued_on: NaiveDate,
    pub expires_on: Option<NaiveDate>,
    pub source: String,
    pub source_ref: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The cards on those accounts.
#[derive(Serialize, ToSchema)]
pub struct Cards {
    pub items: Vec<Card>,
}

/// What a change of status looks at and locks.
#[derive(Debug, HasQuery)]
#[diesel(table_name = cards)]
pub struct CardState {
    pub cardholder_id: CardholderId,
    pub card_id: CardId,
    pub status: CardStatus,
    pub status_reason: Option<String>,
    pub expires_on: Option<NaiveDate>,
    pub version: i64,
}

/// Why a card is frozen or unfrozen.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardReason {
    /// Why. A card number or an id number in it is refused.
    #[validate(
        length(min = 1, max = "REASON_CHARS_MAX", code = "text.length"),
        custom(function = "free_text::note")
    )]
    #[schema(min_length = 1, max_length = 200, example = "客户来电挂失")]
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error("no such card")]
    Missing,
    #[error("only an active card can be frozen")]
    NotActive,
    #[error("only a frozen card can be unfrozen")]
    NotFrozen,
    #[error("the card has expired while it was frozen")]
    PastExpiry,
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error(transparent)]
    Precondition(#[from] Precondition),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for CardError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::NotActive | Self::NotFrozen | Self::PastExpiry => Kind::Conflict,
            Self::Gate(error) => error.kind(),
            Self::Precondition(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "cards.missing",
            Self::NotActive => "cards.not_active",
            Self::NotFrozen => "cards.not_frozen",
            Self::PastExpiry => "cards.past_expiry",
            Self::Gate(error) => error.code(),
            Self::Precondition(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Gate(error) => error.params(),
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_status() -> impl Strategy<Value = CardStatus> {
        proptest::sample::select(CardStatus::ALL)
    }

    fn any_turn() -> impl Strategy<Value = Turn> {
        proptest::sample::select(&[Turn::Freeze, Turn::Unfreeze])
    }

    proptest! {
        #[test]
        fn whatever_is_tried_an_ended_card_stays_ended_and_a_live_one_alternates(
            start in any_status(),
            turns in proptest::collection::vec((any_turn(), any::<bool>()), 0..12),
        ) {
            let mut status = start;
            for (turn, is_past_expiry) in turns {
                let before = status;
                match before.after(turn, is_past_expiry) {
                    Ok(after) => {
                        prop_assert_ne!(before, after);
                        prop_assert_eq!(after == CardStatus::Frozen, turn == Turn::Freeze);
                        prop_assert!(after.after(turn, is_past_expiry).is_err(), "the same turn twice");
                        status = after;
                    }
                    Err(error) => prop_assert!(matches!(error.kind(), Kind::Conflict)),
                }
            }
            let has_ended = |s| matches!(s, CardStatus::Expired | CardStatus::Cancelled);
            prop_assert_eq!(has_ended(start), has_ended(status));
            if has_ended(start) {
                prop_assert_eq!(start, status);
            }
        }

        #[test]
        fn only_a_card_past_its_expiry_cannot_be_thawed(is_past_expiry in any::<bool>()) {
            let frozen = CardStatus::Active.after(Turn::Freeze, is_past_expiry).unwrap();
            prop_assert_eq!(frozen.after(Turn::Unfreeze, is_past_expiry).is_err(), is_past_expiry);
        }
    }

    #[test]
    fn a_reason_is_short_says_something_and_names_no_number() {
        let code = |reason: &str| {
            let faults = CardReason { reason: reason.to_owned() }.validate().err()?;
            web::flatten_validation(&faults).first().map(|fault| fault.code.clone())
        };
        assert_eq!(code("客户来电挂失"), None);
        assert_eq!(code(&"字".repeat(200)), None);
        assert_eq!(code(&"字".repeat(201)).as_deref(), Some("text.length"));
        assert_eq!(code("").as_deref(), Some("text.length"));
        assert_eq!(code("  ").as_deref(), Some("text.blank"));
        assert_eq!(code("卡 4111 1111 1111 1111 丢失").as_deref(), Some("text.contains_pan"));
    }
}

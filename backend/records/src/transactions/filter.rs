//! Which part of a cardholder's transactions, and where in it.

use chrono::{DateTime, Datelike, Utc};
use kernel::FieldFault;
use platform::ids::{AccountId, CardId, TransactionId};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::{Validate, ValidationError};
use web::{RequestFault, Sight, parse_after};

use super::model::{Channel, Direction, TransactionError, TransactionKind};
use crate::reference::MccGroup;

/// Years that a moment in a filter or a cursor may lie in: PostgreSQL's timestamps end sooner than the parser's.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// Where a page begins: after this transaction.
pub type Position = (DateTime<Utc>, TransactionId);

#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TransactionFilter {
    pub account_id: Option<AccountId>,
    pub card_id: Option<CardId>,
    pub kind: Option<TransactionKind>,
    pub direction: Option<Direction>,
    pub mcc_group: Option<MccGroup>,
    pub channel: Option<Channel>,
    #[validate(range(min = 0, code = "number.range"))]
    #[param(minimum = 0)]
    pub amount_min_minor: Option<i64>,
    #[validate(range(min = 0, code = "number.range"))]
    #[param(minimum = 0)]
    pub amount_max_minor: Option<i64>,
    /// At or after.
    #[validate(custom(function = "within_years"))]
    pub occurred_from: Option<DateTime<Utc>>,
    /// Before.
    #[validate(custom(function = "within_years"))]
    pub occurred_to: Option<DateTime<Utc>>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

fn within_years(at: &DateTime<Utc>) -> Result<(), ValidationError> {
    if YEARS.contains(&at.year()) { Ok(()) } else { Err(ValidationError::new("date.range")) }
}

impl TransactionFilter {
    /// Checks what no single field shows, and reads the cursor.
    pub fn position(&self, sight: Sight) -> Result<Option<Position>, TransactionError> {
        let amounts = [
            ("amount_min_minor", "amount_minor", self.amount_min_minor.is_some()),
            ("amount_max_minor", "amount_minor", self.amount_max_minor.is_some()),
        ];
        sight.admit("transactions", &amounts)?;
        let refused =
            |name: &str, code: &str| RequestFault::Unreadable(FieldFault::new(format!("/{name}"), code));
        if self.amount_min_minor.zip(self.amount_max_minor).is_some_and(|(min, max)| min > max) {
            return Err(refused("amount_max_minor", "number.range").into());
        }
        if self.occurred_from.zip(self.occurred_to).is_some_and(|(from, to)| from > to) {
            return Err(refused("occurred_to", "date.range").into());
        }
        match parse_after::<Position>(self.after.as_deref())? {
            Some((at, _)) if !YEARS.contains(&at.year()) => Err(refused("after", "cursor.unreadable").into()),
            position => Ok(position),
        }
    }

    /// Whether it leaves anything out.
    pub(super) fn narrows(&self) -> bool {
        !self.is_quick()
            || self.account_id.is_some()
            || self.occurred_from.is_some()
            || self.occurred_to.is_some()
    }

    /// Whether an index alone answers it: nothing is asked for that may be rare among many.
    pub fn is_quick(&self) -> bool {
        self.card_id.is_none()
            && self.kind.is_none()
            && self.direction.is_none()
            && self.mcc_group.is_none()
            && self.channel.is_none()
            && self.amount_min_minor.is_none()
            && self.amount_max_minor.is_none()
    }
}

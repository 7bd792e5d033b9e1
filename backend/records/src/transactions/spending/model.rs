use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kernel::Currency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::{reference::MccGroup, transactions::model::Channel};

/// Months that are added up unless the caller says how many.
pub const MONTHS_DEFAULT: u16 = 12;
/// Months that one answer may span.
pub const MONTHS_MAX: u16 = 36;
/// Years in which a calendar day makes sense here.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9998;

#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SpendingFilter {
    /// How many months, the one of `as_of` included.
    #[validate(range(min = 1, max = "MONTHS_MAX", code = "number.range"))]
    #[param(minimum = 1, maximum = 36)]
    pub months: Option<u16>,
    /// Of which currency; the most used one unless named.
    #[validate(custom(function = "known_currency"))]
    #[param(min_length = 3, max_length = 3, example = "CNY")]
    pub currency: Option<String>,
    /// A day of the last month; the bank's present day unless named, or that of the last activity where that is longer ago than these
    /// months.
    #[validate(custom(function = "within_years"))]
    pub as_of: Option<NaiveDate>,
}

impl SpendingFilter {
    pub fn months(&self) -> u16 {
        self.months.unwrap_or(MONTHS_DEFAULT)
    }
}

fn known_currency(code: &str) -> Result<(), ValidationError> {
    if Currency::parse(code).is_some() { Ok(()) } else { Err(ValidationError::new("currency.unknown")) }
}

fn within_years(on: &NaiveDate) -> Result<(), ValidationError> {
    if YEARS.contains(&on.year()) { Ok(()) } else { Err(ValidationError::new("date.range")) }
}

/// What a cardholder's transactions add up to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Spending {
    #[schema(example = "CNY")]
    pub currency: String,
    /// Every currency that moved in these months.
    pub currencies: Vec<String>,
    pub as_of: NaiveDate,
    /// Whether these are not the last months but those up to the last activity, because nothing has moved since.
    pub is_past: bool,
    /// Every month of the window, oldest first, those without any movement too.
    pub months: Vec<SpendingMonth>,
    /// Money out by category, largest first; null for what has no merchant category.
    pub categories: Vec<SpendingCategory>,
    /// Money out by channel, largest first; null where the channel is not known.
    pub channels: Vec<SpendingChannel>,
    pub out_count: i64,
    pub average_ticket_minor: Option<i64>,
    /// Over the whole history, not these months alone.
    pub last_activity_at: Option<DateTime<Utc>>,
    /// Names of figures that are null throughout because the caller may not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

/// Money in and out in one month of the bank's calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpendingMonth {
    #[schema(example = "2026-10")]
    pub month: String,
    pub in_minor: Option<i64>,
    pub out_minor: Option<i64>,
    pub in_count: i64,
    pub out_count: i64,
}

/// Money out by what it was spent on; null where the source names no category.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpendingCategory {
    pub mcc_group: Option<MccGroup>,
    pub out_minor: Option<i64>,
    pub count: i64,
    /// Of all money out, to a tenth.
    #[schema(example = 12.5)]
    pub share_pct: Option<f64>,
}

/// Money out by how it was spent; null where the source names no channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpendingChannel {
    pub channel: Option<Channel>,
    pub out_minor: Option<i64>,
    pub count: i64,
}

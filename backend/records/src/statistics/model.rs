use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kernel::{Currency, Fault, FieldFault, Kind};
use platform::{DbError, ids::BranchId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};
use web::{FieldClass, Permission, RequestFault, Sight, access};

/// Months of transactions that are added up unless a period is asked for, and the only ones for whom filters are closed.
pub(super) const MONTHS_DEFAULT: u32 = 12;
/// People below whose number a group is not shown to those who can't see its rows.
pub const PEOPLE_MIN: i64 = 5;
/// Years in which a month makes sense here.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9998;

platform::vocabulary! {
    /// What is added up.
    pub enum Measure {
        /// Cardholders whose relationship is not over, by the month in which it began.
        Cardholders = "cardholders",
        /// Balances of their open accounts, by the month in which the relationship began.
        Balances = "balances",
        /// Money out, by the month in which it was spent.
        Spend = "spend",
        /// Cardholders who did something in a month; over several months their mean.
        Activity = "activity",
    }
}

platform::vocabulary! {
    /// What the figures are told apart by.
    pub enum Dimension { Branch = "branch", Product = "product", Month = "month" }
}

platform::vocabulary! {
    /// What a statistic's values count.
    pub enum StatisticsUnit { Count = "count", Minor = "minor" }
}

impl Measure {
    pub(super) fn is_money(self) -> bool {
        matches!(self, Self::Balances | Self::Spend)
    }

    /// Whether the same people stand in several months.
    pub(super) fn is_flow(self) -> bool {
        matches!(self, Self::Spend | Self::Activity)
    }

    /// Whether somebody of this role could add the figures up from rows that they see.
    pub(super) fn has_rows(self, role: platform::Role) -> bool {
        let permission = match self {
            Self::Cardholders => Permission::CardholdersRead,
            Self::Balances => Permission::AccountsRead,
            Self::Spend | Self::Activity => Permission::TransactionsRead,
        };
        access::may(role, permission) && (!self.is_money() || Sight::of(role).sees(FieldClass::Financial))
    }
}

/// Which figures.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsFilter {
    #[param(inline)]
    pub measure: Measure,
    #[param(inline)]
    pub by: Dimension,
    /// This branch and those below it.
    pub branch_id: Option<BranchId>,
    /// Accounts of this product.
    #[validate(length(min = 1, max = 40, code = "text.length"))]
    #[param(min_length = 1, max_length = 40)]
    pub product_code: Option<String>,
    /// A day of the first month. Of `spend` and `activity` twelve months are added up unless a period is named.
    #[validate(custom(function = "within_years"))]
    pub month_from: Option<NaiveDate>,
    /// A day of the last month.
    #[validate(custom(function = "within_years"))]
    pub month_to: Option<NaiveDate>,
    /// Of amounts; the one of most rows unless named.
    #[validate(custom(function = "known_currency"))]
    #[param(min_length = 3, max_length = 3, example = "CNY")]
    pub currency: Option<String>,
}

fn within_years(on: &NaiveDate) -> Result<(), ValidationError> {
    if YEARS.contains(&on.year()) { Ok(()) } else { Err(ValidationError::new("date.range")) }
}

fn known_currency(code: &str) -> Result<(), ValidationError> {
    if Currency::parse(code).is_some() { Ok(()) } else { Err(ValidationError::new("currency.unknown")) }
}

impl StatisticsFilter {
    /// Refuses a narrower look by somebody who can't see the rows: what two such looks differ by would be a small group.
    pub(super) fn admit(&self, role: platform::Role) -> Result<(), StatisticsError> {
        if self.month_from.zip(self.month_to).is_some_and(|(from, to)| from > to) {
            return Err(RequestFault::Unreadable(FieldFault::new("/month_to", "date.range")).into());
        }
        let narrowed = [
            ("branch_id", self.branch_id.is_some()),
            ("product_code", self.product_code.is_some()),
            ("month_from", self.month_from.is_some()),
            ("month_to", self.month_to.is_some()),
        ];
        let names: Vec<&'static str> =
            narrowed.iter().filter(|(_, is_asked)| *is_asked).map(|(name, _)| *name).collect();
        if names.is_empty() || self.measure.has_rows(role) {
            Ok(())
        } else {
            Err(StatisticsError::RowsNeeded(names))
        }
    }
}

/// Figures of a part of the bank at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Statistics {
    pub measure: Measure,
    pub by: Dimension,
    pub unit: StatisticsUnit,
    /// Of amounts.
    #[schema(example = "CNY")]
    pub currency: Option<String>,
    /// Every currency that there is something in.
    pub currencies: Vec<String>,
    /// When it was added up; null before that has been done for the first time.
    pub as_of: Option<DateTime<Utc>>,
    /// The first month; null from the beginning.
    #[schema(example = "2025-12")]
    pub month_from: Option<String>,
    /// The last month; null to the end.
    #[schema(example = "2026-11")]
    pub month_to: Option<String>,
    /// Months in their order; branches and products by value, the largest first, those that are kept back at the end.
    pub groups: Vec<StatisticsGroup>,
    pub total: StatisticsGroup,
    /// Whether the caller may filter: they see the rows behind the figures.
    pub may_narrow: bool,
    /// Groups of fewer people are kept back from those who don't.
    #[schema(example = 5)]
    pub people_min: i64,
}

/// One figure with the number of rows behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatisticsGroup {
    /// A branch's id, a product's code, a month (`2026-10`); empty for the total.
    #[schema(example = "2026-10")]
    pub key: String,
    /// A branch's name.
    pub name: Option<String>,
    /// Null where it is kept back.
    pub value: Option<i64>,
    /// Cardholders, accounts or transactions that it was added up from. Null where it is kept back.
    pub row_count: Option<i64>,
    /// Fewer than `people_min` people stand behind it, or it would tell of a group that has so few.
    pub is_suppressed: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum StatisticsError {
    #[error("only who sees the rows may filter")]
    RowsNeeded(Vec<&'static str>),
    #[error(transparent)]
    Request(#[from] RequestFault),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for StatisticsError {
    fn kind(&self) -> Kind {
        match self {
            Self::RowsNeeded(_) => Kind::Forbidden,
            Self::Request(fault) => fault.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::RowsNeeded(_) => "statistics.rows_needed",
            Self::Request(fault) => fault.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::RowsNeeded(names) => {
                names.iter().map(|name| FieldFault::new(format!("/{name}"), self.code())).collect()
            }
            Self::Request(fault) => fault.fields(),
            Self::Db(_) => Vec::new(),
        }
    }
}

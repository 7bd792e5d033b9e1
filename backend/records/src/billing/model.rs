use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use kernel::FieldFault;
use platform::{
    ids::{AccountId, CardholderId, RepaymentId, StatementId},
    schema::{repayments, statements},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;
use web::{RequestFault, Sight, parse_after};

/// Years that a cursor's day may lie in: PostgreSQL's dates end sooner than the parser's.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// What everybody who sees accounts sees of a statement.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = statements)]
pub struct StatementFacts {
    pub cardholder_id: CardholderId,
    pub statement_id: StatementId,
    pub account_id: AccountId,
    pub closed_on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    #[schema(example = "CNY")]
    pub currency: String,
    pub source: String,
    pub source_ref: Option<String>,
}

/// What only those see who see finances: sums, and whether they were paid in time.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = statements)]
pub struct StatementFigures {
    pub billed_minor: i64,
    pub minimum_due_minor: Option<i64>,
    pub paid_minor: i64,
    pub days_past_due: Option<i16>,
    pub repayment_status: Option<i16>,
}

/// A monthly statement as it is kept. It is answered as a [`StatementView`].
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = statements)]
pub struct Statement {
    #[diesel(embed)]
    pub facts: StatementFacts,
    #[diesel(embed)]
    pub figures: StatementFigures,
}

/// A monthly statement as one caller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Statement)]
pub struct StatementView {
    #[serde(flatten)]
    pub facts: StatementFacts,
    /// Negative when the account was in credit.
    #[schema(example = 428_600)]
    pub billed_minor: Option<i64>,
    pub minimum_due_minor: Option<i64>,
    pub paid_minor: Option<i64>,
    pub days_past_due: Option<i16>,
    /// The source's own code: -1 paid duly, 1 to 9 months of delay.
    pub repayment_status: Option<i16>,
    /// Fields that are null because the caller may not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl Statement {
    pub fn view(self, sight: Sight) -> StatementView {
        let (mut veil, figures) = (sight.veil("statements"), self.figures);
        StatementView {
            facts: self.facts,
            billed_minor: veil.pass("billed_minor", figures.billed_minor),
            minimum_due_minor: veil.pass("minimum_due_minor", figures.minimum_due_minor),
            paid_minor: veil.pass("paid_minor", figures.paid_minor),
            days_past_due: veil.pass("days_past_due", figures.days_past_due),
            repayment_status: veil.pass("repayment_status", figures.repayment_status),
            withheld: veil.withheld(),
        }
    }
}

/// What everybody who sees accounts sees of a repayment.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = repayments)]
pub struct RepaymentFacts {
    pub cardholder_id: CardholderId,
    pub repayment_id: RepaymentId,
    pub account_id: AccountId,
    /// The statement it pays, where that is known.
    pub statement_id: Option<StatementId>,
    /// The first day of the month it was paid in: some sources know no more.
    pub paid_in_month: NaiveDate,
    pub paid_on: Option<NaiveDate>,
    #[schema(example = "CNY")]
    pub currency: String,
    pub source: String,
    pub source_ref: Option<String>,
}

/// What only those see who see finances.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = repayments)]
pub struct RepaymentFigures {
    pub amount_minor: i64,
}

/// A repayment as it is kept. It is answered as a [`RepaymentView`].
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = repayments)]
pub struct Repayment {
    #[diesel(embed)]
    pub facts: RepaymentFacts,
    #[diesel(embed)]
    pub figures: RepaymentFigures,
}

/// A repayment as one caller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Repayment)]
pub struct RepaymentView {
    #[serde(flatten)]
    pub facts: RepaymentFacts,
    pub amount_minor: Option<i64>,
    /// Fields that are null because the caller may not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl Repayment {
    pub fn view(self, sight: Sight) -> RepaymentView {
        let mut veil = sight.veil("repayments");
        RepaymentView {
            facts: self.facts,
            amount_minor: veil.pass("amount_minor", self.figures.amount_minor),
            withheld: veil.withheld(),
        }
    }
}

/// Where a page of statements or repayments begins: after the one of this day and id.
pub type Position = (NaiveDate, Uuid);

#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BillingFilter {
    pub account_id: Option<AccountId>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

impl BillingFilter {
    pub fn position(&self) -> Result<Option<Position>, RequestFault> {
        match parse_after::<Position>(self.after.as_deref())? {
            Some((on, _)) if !YEARS.contains(&on.year()) => {
                Err(RequestFault::Unreadable(FieldFault::new("/after", "cursor.unreadable")))
            }
            position => Ok(position),
        }
    }
}

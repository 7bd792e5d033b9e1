use chrono::NaiveDate;
use diesel::prelude::*;
use platform::{
    ids::{AccountId, CardholderId, LoanId, StandingOrderId},
    schema::{loans, standing_orders},
};
use serde::Serialize;
use utoipa::ToSchema;
use web::Sight;

platform::vocabulary! {
    /// How a loan goes, or how it went.
    pub enum LoanStatus {
        FinishedPaid = "finished_paid",
        FinishedUnpaid = "finished_unpaid",
        RunningInOrder = "running_in_order",
        RunningInDebt = "running_in_debt",
    }
}

platform::vocabulary! {
    /// What a standing order pays for.
    pub enum OrderPurpose {
        Insurance = "insurance",
        Household = "household",
        Leasing = "leasing",
        LoanPayment = "loan_payment",
        Savings = "savings",
        Other = "other",
    }
}

/// What everybody who sees accounts sees of a loan.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = loans)]
pub struct LoanFacts {
    pub cardholder_id: CardholderId,
    pub loan_id: LoanId,
    pub account_id: AccountId,
    pub granted_on: NaiveDate,
    pub currency: String,
    pub duration_months: i16,
    pub source: String,
    pub source_ref: Option<String>,
}

/// What only those see who see finances: sums, and whether it is paid.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = loans)]
pub struct LoanFigures {
    pub amount_minor: i64,
    pub payment_minor: i64,
    pub status: LoanStatus,
}

/// A loan as it is kept. It is answered as a [`LoanView`].
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = loans)]
pub struct Loan {
    #[diesel(embed)]
    pub facts: LoanFacts,
    #[diesel(embed)]
    pub figures: LoanFigures,
}

/// A loan as one caller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Loan)]
pub struct LoanView {
    #[serde(flatten)]
    pub facts: LoanFacts,
    pub amount_minor: Option<i64>,
    /// Per month.
    pub payment_minor: Option<i64>,
    pub status: Option<LoanStatus>,
    /// Fields that are null because the caller may not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl Loan {
    pub fn view(self, sight: Sight) -> LoanView {
        let mut veil = sight.veil("loans");
        LoanView {
            facts: self.facts,
            amount_minor: veil.pass("amount_minor", self.figures.amount_minor),
            payment_minor: veil.pass("payment_minor", self.figures.payment_minor),
            status: veil.pass("status", self.figures.status),
            withheld: veil.withheld(),
        }
    }
}

/// A cardholder's loans.
#[derive(Serialize, ToSchema)]
pub struct Loans {
    pub items: Vec<LoanView>,
}

/// What everybody who sees accounts sees of a standing order.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = standing_orders)]
pub struct StandingOrderFacts {
    pub cardholder_id: CardholderId,
    pub standing_order_id: StandingOrderId,
    pub account_id: AccountId,
    pub currency: String,
    pub source: String,
    pub source_ref: Option<String>,
}

/// What not everybody sees: to whom, for what and how much.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = standing_orders)]
pub struct StandingOrderFigures {
    pub counterparty_bank: String,
    pub purpose: Option<OrderPurpose>,
    pub counterparty_account: String,
    pub amount_minor: i64,
}

/// A standing order as it is kept. It is answered as a [`StandingOrderView`].
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = standing_orders)]
pub struct StandingOrder {
    #[diesel(embed)]
    pub facts: StandingOrderFacts,
    #[diesel(embed)]
    pub figures: StandingOrderFigures,
}

/// A standing order as one caller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingOrder)]
pub struct StandingOrderView {
    #[serde(flatten)]
    pub facts: StandingOrderFacts,
    pub counterparty_bank: Option<String>,
    pub purpose: Option<OrderPurpose>,
    pub counterparty_account: Option<String>,
    pub amount_minor: Option<i64>,
    /// Fields that are null because the caller may not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl StandingOrder {
    pub fn view(self, sight: Sight) -> StandingOrderView {
        let mut veil = sight.veil("standing_orders");
        StandingOrderView {
            facts: self.facts,
            counterparty_bank: veil.pass("counterparty_bank", self.figures.counterparty_bank),
            purpose: veil.pass("purpose", self.figures.purpose),
            counterparty_account: veil.pass("counterparty_account", self.figures.counterparty_account),
            amount_minor: veil.pass("amount_minor", self.figures.amount_minor),
            withheld: veil.withheld(),
        }
    }
}

/// A cardholder's standing orders.
#[derive(Serialize, ToSchema)]
pub struct StandingOrders {
    pub items: Vec<StandingOrderView>,
}

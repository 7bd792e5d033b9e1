use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    ids::{AccountId, CardId, CardholderId, TransactionId},
    moment_text,
    schema::transactions,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use web::{RequestFault, Sight};

use crate::{cardholders::gate::GateError, reference::MccGroup};

platform::vocabulary! {
    /// What kind of movement it is.
    pub enum TransactionKind {
        Purchase = "purchase",
        CashWithdrawal = "cash_withdrawal",
        CashDeposit = "cash_deposit",
        TransferIn = "transfer_in",
        TransferOut = "transfer_out",
        Salary = "salary",
        Interest = "interest",
        PenaltyInterest = "penalty_interest",
        Fee = "fee",
        Repayment = "repayment",
        LoanPayment = "loan_payment",
        Pension = "pension",
        Refund = "refund",
        Reversal = "reversal",
        Other = "other",
    }
}

platform::vocabulary! {
    /// Whether money comes to the account or leaves it.
    pub enum Direction { Credit = "credit", Debit = "debit" }
}

platform::vocabulary! {
    /// How far a transaction has come.
    pub enum TransactionStatus { Posted = "posted", Pending = "pending", Declined = "declined", Reversed = "reversed" }
}

platform::vocabulary! {
    /// The way by which it came.
    pub enum Channel {
        Pos = "pos",
        Online = "online",
        Mobile = "mobile",
        Atm = "atm",
        Branch = "branch",
        Transfer = "transfer",
        DirectDebit = "direct_debit",
        System = "system",
    }
}

/// What everybody who sees transactions sees of one.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = transactions)]
pub struct TransactionFacts {
    pub cardholder_id: CardholderId,
    #[serde(serialize_with = "moment_text::serialize")]
    pub occurred_at: DateTime<Utc>,
    pub transaction_id: TransactionId,
    pub account_id: AccountId,
    pub card_id: Option<CardId>,
    #[serde(serialize_with = "moment_text::serialize_optional")]
    pub posted_at: Option<DateTime<Utc>>,
    pub kind: TransactionKind,
    pub direction: Direction,
    #[schema(example = "CNY")]
    pub currency: String,
    pub status: TransactionStatus,
    pub purpose: Option<String>,
    #[schema(example = "物美超市")]
    pub merchant_name: Option<String>,
    #[schema(example = "5411")]
    pub mcc: Option<String>,
    pub mcc_group: Option<MccGroup>,
    pub channel: Option<Channel>,
    #[schema(example = "CN")]
    pub country: Option<String>,
    pub city: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub counterparty_name: Option<String>,
    pub counterparty_bank: Option<String>,
    #[serde(serialize_with = "moment_text::serialize_optional")]
    pub reversal_of_at: Option<DateTime<Utc>>,
    pub reversal_of_id: Option<TransactionId>,
    /// Whether the source gave whole units only.
    pub is_rounded: bool,
    pub source: String,
    pub source_ref: Option<String>,
}

/// What only those see who see finances.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = transactions)]
pub struct TransactionFigures {
    pub amount_minor: i64,
    pub balance_after_minor: Option<i64>,
    pub counterparty_account: Option<String>,
}

/// A transaction as it is kept. It is answered as a [`TransactionView`].
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = transactions)]
pub struct Transaction {
    #[diesel(embed)]
    pub facts: TransactionFacts,
    #[diesel(embed)]
    pub figures: TransactionFigures,
}

/// A transaction as one caller sees it. A service agent sees that and where something happened, not how much it was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transaction)]
pub struct TransactionView {
    #[serde(flatten)]
    pub facts: TransactionFacts,
    /// Never negative; `direction` says which way.
    #[schema(example = 12_860)]
    pub amount_minor: Option<i64>,
    pub balance_after_minor: Option<i64>,
    pub counterparty_account: Option<String>,
    /// Fields that are null because the caller may not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl Transaction {
    pub fn view(self, sight: Sight) -> TransactionView {
        let mut veil = sight.veil("transactions");
        let facts = self.facts;
        TransactionView {
            facts: TransactionFacts {
                purpose: veil.pass("purpose", facts.purpose),
                merchant_name: veil.pass("merchant_name", facts.merchant_name),
                city: veil.pass("city", facts.city),
                latitude: veil.pass("latitude", facts.latitude),
                longitude: veil.pass("longitude", facts.longitude),
                counterparty_name: veil.pass("counterparty_name", facts.counterparty_name),
                counterparty_bank: veil.pass("counterparty_bank", facts.counterparty_bank),
                ..facts
            },
            amount_minor: veil.pass("amount_minor", self.figures.amount_minor),
            balance_after_minor: veil.pass("balance_after_minor", self.figures.balance_after_minor),
            counterparty_account: veil.pass("counterparty_account", self.figures.counterparty_account),
            withheld: veil.withheld(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TransactionError {
    #[error("no such transaction")]
    Missing,
    #[error(transparent)]
    Request(#[from] RequestFault),
    #[error(transparent)]
    Gate(#[from] GateError),
}

impl Fault for TransactionError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Request(fault) => fault.kind(),
            Self::Gate(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "transactions.missing",
            Self::Request(fault) => fault.code(),
            Self::Gate(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Gate(error) => error.params(),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Request(fault) => fault.fields(),
            _ => Vec::new(),
        }
    }
}

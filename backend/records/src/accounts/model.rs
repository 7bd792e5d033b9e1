use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kernel::{Fault, Kind};
use platform::{
    ids::{AccountId, BranchId, CardholderId},
    schema::{account_parties, accounts, products, usable_accounts},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use web::Sight;

use crate::cardholders::gate::GateError;

platform::vocabulary! {
    /// What an account is for.
    pub enum AccountKind {
        Current = "current",
        Savings = "savings",
        CreditCard = "credit_card",
        Loan = "loan",
        Deposit = "deposit",
    }
}

platform::vocabulary! {
    /// What may be done with an account.
    pub enum AccountStatus { Active = "active", Dormant = "dormant", Frozen = "frozen", Closed = "closed" }
}

platform::vocabulary! {
    /// By what right somebody uses an account.
    pub enum Access { Owner = "owner", Joint = "joint", AuthorisedUser = "authorised_user" }
}

platform::vocabulary! {
    /// How often statements are sent.
    pub enum StatementFrequency { Monthly = "monthly", Weekly = "weekly", PerTransaction = "per_transaction" }
}

/// What everybody who sees an account sees of it.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = accounts)]
pub struct AccountFacts {
    /// The owner.
    pub cardholder_id: CardholderId,
    pub account_id: AccountId,
    #[schema(example = "95500000000042")]
    pub account_no: String,
    pub kind: AccountKind,
    pub product_code: String,
    #[schema(example = "CNY")]
    pub currency: String,
    pub status: AccountStatus,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub statement_frequency: Option<StatementFrequency>,
    /// The day of the month on which statements close.
    pub cycle_day: Option<i16>,
    pub branch_id: BranchId,
    pub source: String,
    pub source_ref: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What only those see who see finances.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct AccountFigures {
    pub balance_minor: i64,
    pub credit_limit_minor: Option<i64>,
    pub available_minor: i64,
}

/// An account as it is kept. It is answered as an [`AccountView`].
#[derive(Debug, Clone, HasQuery)]
#[diesel(
    table_name = accounts,
    base_query = accounts::table.inner_join(products::table.on(products::product_code.eq(accounts::product_code)))
)]
pub struct Account {
    #[diesel(embed)]
    pub facts: AccountFacts,
    #[diesel(embed)]
    pub figures: AccountFigures,
    #[diesel(select_expression = products::name_zh)]
    pub product_name_zh: String,
    #[diesel(select_expression = products::name_en)]
    pub product_name_en: String,
}

/// Somebody who may use an account besides its owner.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = account_parties)]
pub struct Party {
    pub account_id: AccountId,
    pub party_cardholder_id: CardholderId,
    pub role: Access,
    pub since_on: NaiveDate,
    pub until_on: Option<NaiveDate>,
}

/// The right to use an account of somebody else.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = usable_accounts)]
pub struct Usable {
    pub owner_cardholder_id: CardholderId,
    pub account_id: AccountId,
    pub role: Access,
    pub until_on: Option<NaiveDate>,
}

/// Somebody who may use an account besides its owner.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountParty {
    pub party_cardholder_id: CardholderId,
    /// Null where none is known, and for somebody out of the caller's reach.
    pub name: Option<String>,
    pub role: Access,
    pub since_on: NaiveDate,
    pub until_on: Option<NaiveDate>,
}

/// An account as one caller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    #[serde(flatten)]
    pub facts: AccountFacts,
    pub product_name_zh: String,
    pub product_name_en: String,
    /// By what right the cardholder in the address uses it.
    pub access: Access,
    pub owner_cardholder_id: CardholderId,
    pub parties: Vec<AccountParty>,
    #[schema(example = 1_250_000)]
    pub balance_minor: Option<i64>,
    pub credit_limit_minor: Option<i64>,
    pub available_minor: Option<i64>,
    /// Fields that are null because the caller may not see them.
    #[schema(value_type = Vec<String>)]
    pub withheld: Vec<&'static str>,
}

impl Account {
    pub fn view(self, access: Access, parties: Vec<AccountParty>, sight: Sight) -> AccountView {
        let mut veil = sight.veil("accounts");
        AccountView {
            product_name_zh: self.product_name_zh,
            product_name_en: self.product_name_en,
            access,
            owner_cardholder_id: self.facts.cardholder_id,
            parties,
            balance_minor: veil.pass("balance_minor", self.figures.balance_minor),
            credit_limit_minor: veil.pass("credit_limit_minor", self.figures.credit_limit_minor),
            available_minor: veil.pass("available_minor", self.figures.available_minor),
            facts: self.facts,
            withheld: veil.withheld(),
        }
    }
}

/// The accounts somebody owns or may use.
#[derive(Serialize, ToSchema)]
pub struct Accounts {
    pub items: Vec<AccountView>,
}

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("no such account")]
    Missing,
    #[error(transparent)]
    Gate(#[from] GateError),
}

impl Fault for AccountError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Gate(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "accounts.missing",
            Self::Gate(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Missing => Map::new(),
            Self::Gate(error) => error.params(),
        }
    }
}

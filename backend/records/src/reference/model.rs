use diesel::prelude::*;
use platform::schema::{merchant_categories, products};
use serde::Serialize;
use utoipa::ToSchema;

platform::vocabulary! {
    /// What kind of thing a product is.
    pub enum ProductKind {
        Current = "current",
        Savings = "savings",
        CreditCard = "credit_card",
        Loan = "loan",
        Deposit = "deposit",
        DebitCard = "debit_card",
    }
}

platform::vocabulary! {
    /// Whose rails a card runs on.
    pub enum Network { Unionpay = "unionpay", Visa = "visa", Mastercard = "mastercard", Jcb = "jcb", Amex = "amex" }
}

platform::vocabulary! {
    /// What money is spent on: every merchant category belongs to one group.
    pub enum MccGroup {
        Groceries = "groceries",
        Dining = "dining",
        Travel = "travel",
        Transport = "transport",
        Shopping = "shopping",
        Housing = "housing",
        Utilities = "utilities",
        Health = "health",
        Education = "education",
        Entertainment = "entertainment",
        Financial = "financial",
        Services = "services",
        Cash = "cash",
        Other = "other",
    }
}

/// Something the bank offers, or once offered.
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = products)]
pub struct Product {
    #[schema(example = "CC-GOLD")]
    pub product_code: String,
    pub kind: ProductKind,
    #[schema(example = "金卡信用卡")]
    pub name_zh: String,
    #[schema(example = "Gold credit card")]
    pub name_en: String,
    pub network: Option<Network>,
    /// Whether it is still sold.
    pub is_offered: bool,
}

/// Every product, offered or not.
#[derive(Serialize, ToSchema)]
pub struct Products {
    pub items: Vec<Product>,
}

/// A merchant category (ISO 18245).
#[derive(Debug, Clone, HasQuery, Serialize, ToSchema)]
#[diesel(table_name = merchant_categories)]
pub struct MerchantCategory {
    #[schema(example = "5411")]
    pub mcc: String,
    pub mcc_group: MccGroup,
    #[schema(example = "超市")]
    pub name_zh: String,
    #[schema(example = "Grocery stores and supermarkets")]
    pub name_en: String,
}

/// Every merchant category, by its code.
#[derive(Serialize, ToSchema)]
pub struct MerchantCategories {
    pub items: Vec<MerchantCategory>,
}

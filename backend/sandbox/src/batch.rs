//! The rows of one chunk, table by table, in an order in which every row finds what it refers to.

use platform::vault::{Vault, VaultError};
use tokio_postgres::Transaction;

use crate::copy::{Rows, Table};
use crate::life;
use crate::scene::Scene;
use crate::{account_rows, history_rows, profile_rows, truth, truth_rows};

macro_rules! batch {
    ($($field:ident: $table:expr),+ $(,)?) => {
        pub struct Batch { $(pub $field: Rows),+ }

        impl Batch {
            fn new() -> Self {
                Self { $($field: Rows::new($table)),+ }
            }

            /// Parents before children.
            fn into_rows(self) -> Vec<Rows> {
                vec![$(self.$field),+]
            }
        }
    };
}

macro_rules! table {
    ($name:literal [$($column:literal)+]) => { Table { name: $name, columns: &[$($column),+] } };
}

batch! {
    cardholders: table!("cardholders" ["cardholder_id" "customer_no" "name" "name_pinyin" "name_initials" "gender" "birth_on"
        "id_kind" "national_id_sealed" "national_id_blind" "national_id_masked" "nationality" "occupation" "employer"
        "education" "marital_status" "yearly_income_minor" "yearly_income_currency" "branch_id" "manager_id" "lifecycle"
        "lifecycle_reason" "opened_on" "source" "version" "created_at" "updated_at"]),
    keys: table!("cardholder_keys" ["cardholder_id" "wrapped_key" "master_key_id" "created_at"]),
    phones: table!("cardholder_phones" ["cardholder_id" "phone_id" "kind" "is_primary" "number_sealed" "number_blind"
        "tail_blind" "number_masked" "verified_at" "created_at"]),
    emails: table!("cardholder_emails" ["cardholder_id" "email_id" "kind" "is_primary" "address_sealed" "address_blind"
        "address_masked" "verified_at" "created_at"]),
    addresses: table!("cardholder_addresses" ["cardholder_id" "address_id" "kind" "is_primary" "country" "province" "city"
        "district" "street_sealed" "street_blind" "street_masked" "postcode" "verified_at" "created_at"]),
    changes: table!("cardholder_changes" ["cardholder_id" "changed_at" "change_id" "field" "before_value" "after_value"
        "reason" "staff_id" "staff_name"]),
    national_ids: table!("national_id_index" ["national_id_blind" "cardholder_id"]),
    phone_numbers: table!("phone_index" ["number_blind" "cardholder_id"]),
    phone_tails: table!("phone_tail_index" ["tail_blind" "cardholder_id"]),
    email_addresses: table!("email_index" ["address_blind" "cardholder_id"]),
    streets: table!("street_index" ["street_blind" "cardholder_id"]),
    customer_nos: table!("customer_no_index" ["customer_no" "cardholder_id"]),
    grams: table!("name_grams" ["gram" "sort_key" "cardholder_id" "branch_id"]),
    accounts: table!("accounts" ["cardholder_id" "account_id" "account_no" "kind" "product_code" "currency" "status"
        "opened_on" "closed_on" "balance_minor" "credit_limit_minor" "available_minor" "statement_frequency" "cycle_day"
        "branch_id" "source" "version" "created_at" "updated_at"]),
    account_nos: table!("account_no_index" ["account_no" "cardholder_id" "account_id"]),
    parties: table!("account_parties" ["cardholder_id" "account_id" "party_cardholder_id" "role" "since_on"]),
    usable: table!("usable_accounts" ["cardholder_id" "owner_cardholder_id" "account_id" "role" "since_on"]),
    cards: table!("cards" ["cardholder_id" "card_id" "account_id" "holder_cardholder_id" "product_code" "network" "bin"
        "last_four" "token" "status" "status_reason" "issued_on" "expires_on" "source" "version" "created_at" "updated_at"]),
    card_tokens: table!("card_token_index" ["token" "cardholder_id" "card_id"]),
    card_tails: table!("card_tail_index" ["last_four" "cardholder_id" "card_id"]),
    transactions: table!("transactions" ["cardholder_id" "occurred_at" "transaction_id" "account_id" "card_id" "posted_at"
        "kind" "direction" "amount_minor" "currency" "balance_after_minor" "status" "purpose" "merchant_name" "mcc"
        "mcc_group" "channel" "country" "city" "latitude" "longitude" "counterparty_name" "counterparty_bank"
        "counterparty_account" "reversal_of_at" "reversal_of_id" "is_rounded" "source"]),
    loans: table!("loans" ["cardholder_id" "loan_id" "account_id" "granted_on" "amount_minor" "currency" "duration_months"
        "payment_minor" "status" "source"]),
    orders: table!("standing_orders" ["cardholder_id" "standing_order_id" "account_id" "counterparty_bank"
        "counterparty_account" "amount_minor" "currency" "purpose" "source"]),
    statements: table!("statements" ["cardholder_id" "statement_id" "account_id" "closed_on" "due_on" "currency"
        "billed_minor" "minimum_due_minor" "paid_minor" "days_past_due" "repayment_status" "source"]),
    repayments: table!("repayments" ["cardholder_id" "repayment_id" "account_id" "statement_id" "paid_in_month" "paid_on"
        "amount_minor" "currency" "source"]),
    employments: truth::EMPLOYMENTS,
    households: truth::HOUSEHOLDS,
    guarantees: truth::GUARANTEES,
    life_events: truth::LIFE_EVENTS,
    defaults: truth::DEFAULTS,
    frauds: truth::FRAUD_TRANSACTIONS,
    offer_responses: truth::OFFER_RESPONSE,
}

/// Plays a chunk and encodes it.
pub fn make(scene: &Scene, vault: &Vault) -> Result<Batch, VaultError> {
    let mut batch = Batch::new();
    for me in 0..scene.neighbourhood.people.len() {
        let life = life::live(scene, me);
        profile_rows::write(scene, me, vault, &mut batch)?;
        account_rows::write(scene, me, &life, vault, &mut batch);
        history_rows::write(scene, me, &life, &mut batch);
        truth_rows::write(scene, me, &life, &mut batch);
    }
    truth_rows::write_guarantees(scene, &mut batch);
    Ok(batch)
}

impl Batch {
    /// Sends every table; says how many rows there were.
    pub async fn send(self, transaction: &Transaction<'_>) -> Result<u64, tokio_postgres::Error> {
        let mut sent = 0;
        for rows in self.into_rows() {
            sent += rows.send(transaction).await?;
        }
        Ok(sent)
    }
}

/// Tables of the bank that a fill adds to. Those of the truth are its own.
pub fn bank_tables() -> Vec<&'static str> {
    let tables = Batch::new().into_rows().into_iter().map(|rows| rows.table().name);
    tables.filter(|name| !name.starts_with("truth.")).collect()
}

//! Cardholders and what they hold, as they are staged and merged. All of this belongs to the bank's people once it is there:
//! an import adds what is missing and touches nothing else.

use chrono::NaiveDate;
use trust::imports::{NewRows, Rows};
use uuid::Uuid;

platform::copy_row! {
    pub(crate) struct StagedProduct {
        product_code: &'static str,
        kind: &'static str,
        name_zh: &'static str,
        name_en: &'static str,
    }
}

/// Products of a source are shown, not sold.
pub(crate) const PRODUCTS: NewRows = NewRows {
    stage: "stage_products",
    key: &["product_code"],
    rows: Rows {
        table: "products",
        columns: &["product_code", "kind", "name_zh", "name_en"],
        derived: &[("is_offered", "false")],
        only_if: None,
    },
    companions: &[],
};

platform::copy_row! {
    pub(crate) struct StagedCardholder {
        cardholder_id: Uuid,
        customer_no: String,
        gender: Option<&'static str>,
        birth_on: Option<NaiveDate>,
        stated_age_years: Option<i16>,
        stated_age_on: Option<NaiveDate>,
        education: Option<&'static str>,
        marital_status: Option<&'static str>,
        branch_id: Uuid,
        opened_on: NaiveDate,
        source: &'static str,
        source_ref: String,
        wrapped_key: Vec<u8>,
        master_key_id: String,
        address_id: Option<Uuid>,
        country: Option<&'static str>,
        province: Option<String>,
        district: Option<String>,
    }
}

/// With each cardholder come the data key (so that what is added later can be sealed), the look-ups, and the address as far as
/// the source knows it.
pub(crate) const CARDHOLDERS: NewRows = NewRows {
    stage: "stage_cardholders",
    key: &["cardholder_id"],
    rows: Rows {
        table: "cardholders",
        columns: &[
            "cardholder_id",
            "customer_no",
            "gender",
            "birth_on",
            "stated_age_years",
            "stated_age_on",
            "education",
            "marital_status",
            "branch_id",
            "opened_on",
            "source",
            "source_ref",
        ],
        derived: &[
            ("lifecycle", "'active'"),
            ("version", "1"),
            ("created_at", "{now}"),
            ("updated_at", "{now}"),
        ],
        only_if: None,
    },
    companions: &[
        Rows {
            table: "cardholder_keys",
            columns: &["cardholder_id", "wrapped_key", "master_key_id"],
            derived: &[("created_at", "{now}")],
            only_if: None,
        },
        Rows {
            table: "customer_no_index",
            columns: &["customer_no", "cardholder_id"],
            derived: &[],
            only_if: None,
        },
        Rows {
            table: "external_id_index",
            columns: &["source", "source_ref", "cardholder_id"],
            derived: &[],
            only_if: None,
        },
        Rows {
            table: "cardholder_addresses",
            columns: &["cardholder_id", "address_id", "country", "province", "district"],
            derived: &[("kind", "'home'"), ("is_primary", "true"), ("created_at", "{now}")],
            only_if: Some("s.address_id IS NOT NULL"),
        },
    ],
};

platform::copy_row! {
    pub(crate) struct StagedAccount {
        cardholder_id: Uuid,
        account_id: Uuid,
        account_no: String,
        kind: &'static str,
        product_code: &'static str,
        currency: &'static str,
        opened_on: NaiveDate,
        balance_minor: i64,
        credit_limit_minor: Option<i64>,
        available_minor: i64,
        statement_frequency: Option<&'static str>,
        branch_id: Uuid,
        source: &'static str,
        source_ref: String,
    }
}

pub(crate) const ACCOUNTS: NewRows = NewRows {
    stage: "stage_accounts",
    key: &["cardholder_id", "account_id"],
    rows: Rows {
        table: "accounts",
        columns: &[
            "cardholder_id",
            "account_id",
            "account_no",
            "kind",
            "product_code",
            "currency",
            "opened_on",
            "balance_minor",
            "credit_limit_minor",
            "available_minor",
            "statement_frequency",
            "branch_id",
            "source",
            "source_ref",
        ],
        derived: &[
            ("status", "'active'"),
            ("version", "1"),
            ("created_at", "{now}"),
            ("updated_at", "{now}"),
        ],
        only_if: None,
    },
    companions: &[Rows {
        table: "account_no_index",
        columns: &["account_no", "cardholder_id", "account_id"],
        derived: &[],
        only_if: None,
    }],
};

platform::copy_row! {
    pub(crate) struct StagedParty {
        cardholder_id: Uuid,
        account_id: Uuid,
        party_cardholder_id: Uuid,
        since_on: NaiveDate,
    }
}

/// Kept under the owner and, mirrored, under the user.
pub(crate) const AUTHORISED_USERS: NewRows = NewRows {
    stage: "stage_parties",
    key: &["cardholder_id", "account_id", "party_cardholder_id"],
    rows: Rows {
        table: "account_parties",
        columns: &["cardholder_id", "account_id", "party_cardholder_id", "since_on"],
        derived: &[("role", "'authorised_user'")],
        only_if: None,
    },
    companions: &[Rows {
        table: "usable_accounts",
        columns: &["account_id", "since_on"],
        derived: &[
            ("cardholder_id", "s.party_cardholder_id"),
            ("owner_cardholder_id", "s.cardholder_id"),
            ("role", "'authorised_user'"),
        ],
        only_if: None,
    }],
};

platform::copy_row! {
    pub(crate) struct StagedCard {
        cardholder_id: Uuid,
        card_id: Uuid,
        account_id: Uuid,
        holder_cardholder_id: Uuid,
        product_code: &'static str,
        token: String,
        issued_on: NaiveDate,
        source: &'static str,
        source_ref: String,
    }
}

pub(crate) const CARDS: NewRows = NewRows {
    stage: "stage_cards",
    key: &["cardholder_id", "card_id"],
    rows: Rows {
        table: "cards",
        columns: &[
            "cardholder_id",
            "card_id",
            "account_id",
            "holder_cardholder_id",
            "product_code",
            "token",
            "issued_on",
            "source",
            "source_ref",
        ],
        derived: &[
            ("status", "'active'"),
            ("version", "1"),
            ("created_at", "{now}"),
            ("updated_at", "{now}"),
        ],
        only_if: None,
    },
    companions: &[Rows {
        table: "card_token_index",
        columns: &["token", "cardholder_id", "card_id"],
        derived: &[],
        only_if: None,
    }],
};

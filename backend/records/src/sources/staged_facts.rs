//! What only the source can know, as it is staged and merged: inserted once, corrected when the source corrects it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use trust::imports::Facts;
use uuid::Uuid;

platform::copy_row! {
    pub(crate) struct StagedDistrict {
        source: &'static str,
        source_ref: String,
        name: String,
        region: String,
        facts: Value,
    }
}

pub(crate) const DISTRICTS: Facts = Facts {
    stage: "stage_districts",
    table: "districts",
    key: &["source", "source_ref"],
    stated: &["name", "region", "facts"],
    derived: &[],
    corrects_if: None,
    partitioned_by: None,
};

platform::copy_row! {
    pub(crate) struct StagedTransaction {
        cardholder_id: Uuid,
        occurred_at: DateTime<Utc>,
        transaction_id: Uuid,
        account_id: Uuid,
        kind: &'static str,
        direction: &'static str,
        amount_minor: i64,
        balance_after_minor: i64,
        purpose: Option<&'static str>,
        mcc_group: Option<&'static str>,
        channel: &'static str,
        counterparty_bank: Option<String>,
        counterparty_account: Option<String>,
        is_rounded: bool,
        source_ref: String,
    }
}

/// Several files may hold the same transaction: a rounded row never takes the place of an exact one. A transaction that was
/// reversed here stays so, because its status is not among what the source states.
pub(crate) const fn transactions(
    stage: &'static str,
    derived: &'static [(&'static str, &'static str)],
) -> Facts {
    Facts {
        stage,
        table: "transactions",
        key: &["cardholder_id", "occurred_at", "transaction_id"],
        stated: &[
            "account_id",
            "kind",
            "direction",
            "amount_minor",
            "balance_after_minor",
            "purpose",
            "mcc_group",
            "channel",
            "counterparty_bank",
            "counterparty_account",
            "is_rounded",
            "source_ref",
        ],
        derived,
        corrects_if: Some("t.is_rounded OR NOT {new}.is_rounded"),
        partitioned_by: Some("occurred_at"),
    }
}

platform::copy_row! {
    pub(crate) struct StagedLoan {
        cardholder_id: Uuid,
        loan_id: Uuid,
        account_id: Uuid,
        granted_on: NaiveDate,
        amount_minor: i64,
        currency: &'static str,
        duration_months: i16,
        payment_minor: i64,
        status: &'static str,
        source: &'static str,
        source_ref: String,
    }
}

pub(crate) const LOANS: Facts = Facts {
    stage: "stage_loans",
    table: "loans",
    key: &["cardholder_id", "loan_id"],
    stated: &[
        "account_id",
        "granted_on",
        "amount_minor",
        "currency",
        "duration_months",
        "payment_minor",
        "status",
        "source",
        "source_ref",
    ],
    derived: &[],
    corrects_if: None,
    partitioned_by: None,
};

platform::copy_row! {
    pub(crate) struct StagedStandingOrder {
        cardholder_id: Uuid,
        standing_order_id: Uuid,
        account_id: Uuid,
        counterparty_bank: String,
        counterparty_account: String,
        amount_minor: i64,
        currency: &'static str,
        purpose: Option<&'static str>,
        source: &'static str,
        source_ref: String,
    }
}

pub(crate) const STANDING_ORDERS: Facts = Facts {
    stage: "stage_standing_orders",
    table: "standing_orders",
    key: &["cardholder_id", "standing_order_id"],
    stated: &[
        "account_id",
        "counterparty_bank",
        "counterparty_account",
        "amount_minor",
        "currency",
        "purpose",
        "source",
        "source_ref",
    ],
    derived: &[],
    corrects_if: None,
    partitioned_by: None,
};

platform::copy_row! {
    /// One month of a credit card: the statement that closed it and the payment made in it.
    pub(crate) struct StagedMonth {
        cardholder_id: Uuid,
        account_id: Uuid,
        statement_id: Uuid,
        closed_on: NaiveDate,
        currency: &'static str,
        billed_minor: i64,
        paid_minor: i64,
        days_past_due: i16,
        repayment_status: i16,
        repayment_id: Uuid,
        paid_in_month: NaiveDate,
        amount_minor: i64,
        source: &'static str,
        source_ref: String,
    }
}

const STAGE_MONTHS: &str = "stage_months";

pub(crate) const STATEMENTS: Facts = Facts {
    stage: STAGE_MONTHS,
    table: "statements",
    key: &["cardholder_id", "statement_id"],
    stated: &[
        "account_id",
        "closed_on",
        "currency",
        "billed_minor",
        "paid_minor",
        "days_past_due",
        "repayment_status",
        "source",
        "source_ref",
    ],
    derived: &[],
    corrects_if: None,
    partitioned_by: None,
};

pub(crate) const REPAYMENTS: Facts = Facts {
    stage: STAGE_MONTHS,
    table: "repayments",
    key: &["cardholder_id", "repayment_id"],
    stated: &["account_id", "paid_in_month", "amount_minor", "currency", "source", "source_ref"],
    derived: &[],
    corrects_if: None,
    partitioned_by: None,
};

platform::copy_row! {
    pub(crate) struct StagedOutcome {
        cardholder_id: Uuid,
        label: &'static str,
        observed_on: NaiveDate,
        is_positive: bool,
        source: &'static str,
    }
}

pub(crate) const OUTCOMES: Facts = Facts {
    stage: "stage_outcomes",
    table: "outcome_labels",
    key: &["cardholder_id", "label", "observed_on"],
    stated: &["is_positive", "source"],
    derived: &[],
    corrects_if: None,
    partitioned_by: None,
};

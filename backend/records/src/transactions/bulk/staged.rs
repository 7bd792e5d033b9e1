//! A transaction as it is staged, and what only the bank knows of it: whose account it is on, and what the merchant sells.

use chrono::{DateTime, Utc};
use trust::imports::{Facts, Import, ImportError, RowFault, SourceFile};
use uuid::Uuid;
use web::{Reach, Span};

platform::copy_row! {
    pub struct StagedMovement {
        cardholder_id: Option<Uuid>,
        occurred_at: DateTime<Utc>,
        transaction_id: Uuid,
        line: i64,
        account_no: String,
        account_id: Option<Uuid>,
        kind: &'static str,
        direction: &'static str,
        amount_minor: i64,
        currency: String,
        balance_after_minor: Option<i64>,
        purpose: Option<String>,
        merchant_name: Option<String>,
        mcc: Option<String>,
        mcc_group: Option<String>,
        channel: Option<&'static str>,
        country: Option<String>,
        city: Option<String>,
        counterparty_name: Option<String>,
        counterparty_bank: Option<String>,
        counterparty_account: Option<String>,
        source_ref: String,
    }
}

/// What is there already stays: a transaction that was posted is not rewritten by a file.
pub const MOVEMENTS: Facts = Facts {
    stage: "stage_movements",
    table: "transactions",
    key: &["cardholder_id", "occurred_at", "transaction_id"],
    stated: &[
        "account_id",
        "kind",
        "direction",
        "amount_minor",
        "currency",
        "balance_after_minor",
        "purpose",
        "merchant_name",
        "mcc",
        "mcc_group",
        "channel",
        "country",
        "city",
        "counterparty_name",
        "counterparty_bank",
        "counterparty_account",
        "source_ref",
    ],
    derived: &[
        ("posted_at", "s.occurred_at"),
        ("status", "'posted'"),
        ("is_rounded", "false"),
        ("source", "'import'"),
    ],
    corrects_if: Some("false"),
    partitioned_by: Some("occurred_at"),
};

/// Finds the account of every staged row and refuses what has none within reach, is in another currency, or comes twice.
pub async fn settle(import: &mut Import, file: &SourceFile, reach: &Reach) -> Result<(), ImportError> {
    let stage = MOVEMENTS.stage;
    let find_accounts =
        "UPDATE stage_movements s SET cardholder_id = i.cardholder_id, account_id = i.account_id
         FROM account_no_index i WHERE i.account_no = s.account_no";
    import.bulk().query(find_accounts, &[]).await?;
    let find_groups =
        "UPDATE stage_movements s SET mcc_group = m.mcc_group FROM merchant_categories m WHERE m.mcc = s.mcc";
    import.bulk().query(find_groups, &[]).await?;
    let missing = RowFault::in_column("account_no", "accounts.missing");
    import.refuse_staged(file, stage, &beyond(reach), missing).await?;
    let erased = "EXISTS (SELECT FROM erased_cardholders e WHERE e.cardholder_id = s.cardholder_id)";
    import.refuse_staged(file, stage, erased, missing).await?;
    let differs = "EXISTS (SELECT FROM accounts a WHERE a.cardholder_id = s.cardholder_id AND a.account_id = s.account_id AND a.currency <> s.currency)";
    let fault = RowFault::in_column("currency", "imports.currency_differs");
    import.refuse_staged(file, stage, differs, fault).await?;
    let unknown = RowFault::in_column("mcc", "imports.unknown_word");
    import.refuse_staged(file, stage, "s.mcc IS NOT NULL AND s.mcc_group IS NULL", unknown).await?;
    let twice = format!(
        "EXISTS (SELECT FROM {stage} e WHERE e.transaction_id = s.transaction_id AND e.line < s.line)"
    );
    import.refuse_staged(file, stage, &twice, RowFault::in_column("source_ref", "imports.duplicate")).await?;
    Ok(())
}

/// Rows whose account is not there, or not for this caller: there is no difference.
fn beyond(reach: &Reach) -> String {
    let within = match &reach.span {
        Span::Bank => return "s.account_id IS NULL".to_owned(),
        Span::Branches(branches) => {
            let ids: Vec<String> = branches.iter().map(|id| format!("'{id}'")).collect();
            format!("c.branch_id = ANY (ARRAY[{}]::uuid[])", ids.join(", "))
        }
        Span::Managed(staff_id) => format!("c.manager_id = '{staff_id}'"),
    };
    format!(
        "s.account_id IS NULL OR NOT EXISTS (SELECT FROM cardholders c WHERE c.cardholder_id = s.cardholder_id AND {within})"
    )
}

//! Holders as the bank's own rows.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use platform::vault::{Vault, VaultError};
use trust::branches::StagedBranch;
use uuid::Uuid;

use super::{
    OPENED_ON, ORIGIN, SOURCE,
    holder::{Holder, MONTHS},
};
use crate::sources::{
    offices::Offices,
    staged_facts::{StagedMonth, StagedOutcome},
    staged_holdings::{StagedAccount, StagedCardholder, StagedProduct},
};

const PRODUCT: &str = "tw_credit_card";
const CURRENCY: &str = "TWD";
const LABEL: &str = "default_next_month";
const DAYS_PER_MONTH_OF_DELAY: i16 = 30;

#[derive(Default)]
pub(super) struct StagedHolders {
    pub branches: Vec<StagedBranch>,
    pub products: Vec<StagedProduct>,
    pub cardholders: Vec<StagedCardholder>,
    pub accounts: Vec<StagedAccount>,
    pub months: Vec<StagedMonth>,
    pub outcomes: Vec<StagedOutcome>,
}

/// One of the six months, and where it stands in the file's order.
struct MonthAt {
    starts_on: NaiveDate,
    closes_on: NaiveDate,
    closes_at: DateTime<Utc>,
}

impl MonthAt {
    /// September 2005 is number 0.
    fn back_from_september(number: usize) -> Self {
        let after_april = u32::try_from(MONTHS - 1 - number).unwrap_or(0);
        let starts_on = OPENED_ON + Months::new(after_april);
        let closes_on = starts_on + Months::new(1) - chrono::Days::new(1);
        Self { starts_on, closes_on, closes_at: closes_on.and_time(NaiveTime::MIN).and_utc() }
    }
}

pub(super) fn rows_of(
    holders: &[Holder],
    mut offices: Offices,
    vault: &Vault,
) -> Result<StagedHolders, VaultError> {
    let branch_id = offices.city("TW", "台湾样本（UCI）");
    let months: Vec<MonthAt> = (0..MONTHS).map(MonthAt::back_from_september).collect();
    // September, the month in which the ages were stated, and the October that the outcome is about.
    let stated_on = months.first().map_or(OPENED_ON, |month| month.closes_on);
    let observed_on = OPENED_ON + Months::new(7) - chrono::Days::new(1);
    let product = StagedProduct {
        product_code: PRODUCT,
        kind: "credit_card",
        name_zh: "信用卡（UCI 台湾）",
        name_en: "Credit card (UCI Taiwan)",
    };
    let mut rows = StagedHolders {
        branches: offices.into_staged(),
        products: vec![product],
        ..StagedHolders::default()
    };
    for holder in holders {
        let source_ref = holder.number.to_string();
        let cardholder_id = ORIGIN.id("cardholder", &source_ref);
        let account_id = ORIGIN.id("account", &source_ref);
        rows.cardholders.push(cardholder(holder, cardholder_id, branch_id, stated_on, vault)?);
        rows.accounts.push(account(holder, cardholder_id, account_id, branch_id));
        for (month, at) in holder.months.iter().zip(&months) {
            let month_ref = format!("{source_ref}/{}", at.closes_on.format("%Y-%m"));
            rows.months.push(StagedMonth {
                cardholder_id,
                account_id,
                statement_id: ORIGIN.id_at(at.closes_at, "statement", &month_ref),
                closed_on: at.closes_on,
                currency: CURRENCY,
                billed_minor: month.billed_minor,
                paid_minor: month.paid_minor,
                days_past_due: DAYS_PER_MONTH_OF_DELAY * month.status.max(0),
                repayment_status: month.status,
                repayment_id: ORIGIN.id_at(at.closes_at, "repayment", &month_ref),
                paid_in_month: at.starts_on,
                amount_minor: month.paid_minor,
                source: SOURCE,
                source_ref: month_ref,
            });
        }
        let is_positive = holder.has_default;
        rows.outcomes.push(StagedOutcome {
            cardholder_id,
            label: LABEL,
            observed_on,
            is_positive,
            source: SOURCE,
        });
    }
    Ok(rows)
}

fn cardholder(
    holder: &Holder,
    cardholder_id: Uuid,
    branch_id: Uuid,
    stated_on: NaiveDate,
    vault: &Vault,
) -> Result<StagedCardholder, VaultError> {
    let (_, wrapped) = vault.new_data_key(cardholder_id)?;
    Ok(StagedCardholder {
        cardholder_id,
        customer_no: format!("U{:07}", holder.number),
        gender: Some(holder.gender),
        birth_on: None,
        stated_age_years: Some(holder.age_years),
        stated_age_on: Some(stated_on),
        education: holder.education,
        marital_status: holder.marital_status,
        branch_id,
        opened_on: OPENED_ON,
        source: SOURCE,
        source_ref: holder.number.to_string(),
        wrapped_key: wrapped.bytes,
        master_key_id: wrapped.master_key_id,
        address_id: None,
        country: None,
        province: None,
        district: None,
    })
}

fn account(holder: &Holder, cardholder_id: Uuid, account_id: Uuid, branch_id: Uuid) -> StagedAccount {
    let balance_minor = holder.months.first().map_or(0, |september| -september.billed_minor);
    StagedAccount {
        cardholder_id,
        account_id,
        account_no: format!("TW{}", holder.number),
        kind: "credit_card",
        product_code: PRODUCT,
        currency: CURRENCY,
        opened_on: OPENED_ON,
        balance_minor,
        credit_limit_minor: Some(holder.limit_minor),
        available_minor: (holder.limit_minor + balance_minor).max(0),
        statement_frequency: Some("monthly"),
        branch_id,
        source: SOURCE,
        source_ref: holder.number.to_string(),
    }
}

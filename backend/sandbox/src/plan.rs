//! What bank is wanted. The same plan always gives the same bank.

use chrono::{Datelike, Months, NaiveDate};

/// The impossible id numbers, telephone numbers and card numbers stay unique up to here.
pub const CARDHOLDERS_MAX: u32 = 5_000_000;
pub const MONTHS_MAX: u32 = 120;
pub const TX_PER_MONTH_MAX: u32 = 200;
/// Transactions per cardholder and month of the bank that a first start fills.
pub const TX_PER_MONTH: u32 = 20;
/// Years a bank's business day lies in, so that every lunar festival of its history is known.
const YEARS: std::ops::RangeInclusive<i32> = 2017..=2035;

/// Transactions that one chunk holds in memory, about.
const CHUNK_TRANSACTIONS: u32 = 60_000;
const CHUNK_CARDHOLDERS: std::ops::RangeInclusive<u32> = 100..=1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    pub cardholders: u32,
    /// Months of history before `today`.
    pub months: u32,
    /// Transactions per cardholder and month, on average over the bank.
    pub tx_per_month: u32,
    /// The business date. The history ends the day before.
    pub today: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("a sandbox has 1 to {CARDHOLDERS_MAX} cardholders")]
    Cardholders,
    #[error("a sandbox has 1 to {MONTHS_MAX} months of history")]
    Months,
    #[error("a sandbox has 1 to {TX_PER_MONTH_MAX} transactions per cardholder and month")]
    TxPerMonth,
    #[error("a sandbox's business date lies in the years {} to {}", YEARS.start(), YEARS.end())]
    Today,
}

impl Plan {
    pub fn check(&self) -> Result<(), PlanError> {
        if !(1..=CARDHOLDERS_MAX).contains(&self.cardholders) {
            Err(PlanError::Cardholders)
        } else if !(1..=MONTHS_MAX).contains(&self.months) {
            Err(PlanError::Months)
        } else if !(1..=TX_PER_MONTH_MAX).contains(&self.tx_per_month) {
            Err(PlanError::TxPerMonth)
        } else if !YEARS.contains(&self.today.year()) {
            Err(PlanError::Today)
        } else {
            Ok(())
        }
    }

    /// The first day of the history.
    pub fn begins_on(&self) -> NaiveDate {
        self.today.checked_sub_months(Months::new(self.months)).unwrap_or(self.today)
    }

    /// The years of the history and the business date.
    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        // A local morning on the first of January is still the old year in UTC.
        self.begins_on().year() - 1..=self.today.year() + 1
    }

    /// Whether the other plan differs in nothing but the business date.
    pub fn is_same_bank(&self, other: &Plan) -> bool {
        Plan { today: other.today, ..*self } == *other
    }

    fn chunk_cardholders(&self) -> u32 {
        let wanted = CHUNK_TRANSACTIONS / (self.months * self.tx_per_month).max(1);
        wanted.clamp(*CHUNK_CARDHOLDERS.start(), *CHUNK_CARDHOLDERS.end())
    }

    pub fn chunks(&self) -> u32 {
        self.cardholders.div_ceil(self.chunk_cardholders())
    }

    /// The cardholders, by number, that are made together: neighbours who can be related.
    pub fn chunk(&self, chunk: u32) -> std::ops::Range<u32> {
        let size = self.chunk_cardholders();
        (chunk * size).min(self.cardholders)..((chunk + 1) * size).min(self.cardholders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(cardholders: u32, months: u32, tx_per_month: u32) -> Plan {
        Plan {
            seed: 1,
            cardholders,
            months,
            tx_per_month,
            today: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
        }
    }

    #[test]
    fn a_plan_out_of_bounds_is_refused_by_reason() {
        assert_eq!(plan(CARDHOLDERS_MAX, MONTHS_MAX, TX_PER_MONTH_MAX).check(), Ok(()));
        assert_eq!(plan(CARDHOLDERS_MAX + 1, 1, 1).check(), Err(PlanError::Cardholders));
        assert_eq!(plan(0, 1, 1).check(), Err(PlanError::Cardholders));
        assert_eq!(plan(1, MONTHS_MAX + 1, 1).check(), Err(PlanError::Months));
        assert_eq!(plan(1, 1, TX_PER_MONTH_MAX + 1).check(), Err(PlanError::TxPerMonth));
        assert_eq!(Plan { today: NaiveDate::MIN, ..plan(1, 1, 1) }.check(), Err(PlanError::Today));
    }

    proptest! {
        #[test]
        fn the_chunks_hold_every_cardholder_once(cardholders in 1_u32..20_000, months in 1_u32..30, tx in 1_u32..60) {
            let plan = plan(cardholders, months, tx);
            let mut next = 0;
            for chunk in 0..plan.chunks() {
                let range = plan.chunk(chunk);
                prop_assert_eq!(range.start, next);
                prop_assert!(!range.is_empty());
                next = range.end;
            }
            prop_assert_eq!(next, cardholders);
        }
    }
}

//! Loans that are paid back in equal monthly payments.

use chrono::Datelike;
use uuid::Uuid;

use crate::calendar::{Day, date_of, day_of};
use crate::words::LoanStatus;

/// What is agreed when a loan is granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Loan {
    pub loan_id: Uuid,
    /// Its account, place in the holdings.
    pub slot: usize,
    pub granted: Day,
    pub amount: i64,
    pub months: u32,
    /// Interest of a year, in hundredths of a percent.
    pub rate_bp: i64,
    pub payment: i64,
    /// Money for a house or a car goes straight to the seller.
    pub is_for_purchase: bool,
}

impl Loan {
    /// The equal payment that clears `amount` in `months`.
    pub fn payment_for(amount: i64, months: u32, rate_bp: i64) -> i64 {
        let rate = rate_bp as f64 / 10_000.0 / 12.0;
        let growth = (1.0 + rate).powi(months.cast_signed());
        (amount as f64 * rate * growth / (growth - 1.0)).ceil() as i64
    }

    pub fn interest_on(&self, outstanding: i64) -> i64 {
        // Parts of a fen are the borrower's, so that equal payments always suffice.
        outstanding * self.rate_bp / 120_000
    }

    /// The day of the n-th payment, the first being number 1.
    pub fn due(&self, nth: u32) -> Day {
        let granted = date_of(self.granted);
        let months = granted.year() * 12 + granted.month0().cast_signed() + nth.cast_signed();
        let day = granted.day().min(28);
        chrono::NaiveDate::from_ymd_opt(months.div_euclid(12), months.rem_euclid(12).cast_unsigned() + 1, day)
            .map_or(self.granted, day_of)
    }

    /// What is owed before the first payment that falls on `day` or later, and which one that is (when all are made in time).
    pub fn standing_at(&self, day: Day) -> (i64, u32) {
        let (mut outstanding, mut nth) = (self.amount, 1);
        while outstanding > 0 && self.due(nth) < day {
            outstanding -= (self.payment - self.interest_on(outstanding)).min(outstanding);
            nth += 1;
        }
        (outstanding, nth)
    }

    /// The day on which the last payment is made when all are made in time.
    pub fn ends(&self) -> Day {
        let (mut outstanding, mut nth) = (self.amount, 0);
        while outstanding > 0 {
            outstanding -= (self.payment - self.interest_on(outstanding)).min(outstanding);
            nth += 1;
        }
        self.due(nth)
    }

    /// How it stands at the end of the history.
    pub fn status(&self, is_paid_off: bool, arrears: u32, today: Day) -> LoanStatus {
        match (is_paid_off, arrears) {
            (true, _) => LoanStatus::FinishedPaid,
            (false, 0) => LoanStatus::RunningInOrder,
            (false, _) if self.due(self.months) < today => LoanStatus::FinishedUnpaid,
            (false, _) => LoanStatus::RunningInDebt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn loan(amount: i64, months: u32, rate_bp: i64) -> Loan {
        let payment = Loan::payment_for(amount, months, rate_bp);
        Loan {
            loan_id: Uuid::nil(),
            slot: 0,
            granted: 20_000,
            amount,
            months,
            rate_bp,
            payment,
            is_for_purchase: false,
        }
    }

    proptest! {
        #[test]
        fn equal_payments_clear_the_loan_in_its_months(yuan in 1_000_i64..3_000_000, years in 1_u32..30, rate_bp in 300_i64..1_500) {
            let loan = loan(yuan * 100, years * 12, rate_bp);
            let (before_last, nth) = loan.standing_at(loan.due(loan.months));
            prop_assert!(nth <= loan.months && before_last <= loan.payment);
            prop_assert!(loan.ends() <= loan.due(loan.months));
            prop_assert_eq!(loan.standing_at(loan.due(loan.months) + 1).0, 0);
        }
    }

    #[test]
    fn a_known_loan_has_its_known_payment() {
        // 1,000,000 over 360 months at 4.9 %: 5,307.27 a month.
        assert_eq!(Loan::payment_for(100_000_000, 360, 490), 530_727);
    }
}

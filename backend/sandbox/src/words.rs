//! The words of the bank's columns, as the migrations' CHECKs spell them (a test compares both).

macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($variant),+ }

        impl $name {
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    )+ };
}

words! {
    pub enum Gender { Male = "male", Female = "female" }

    pub enum IdKind {
        ResidentId = "resident_id", Passport = "passport", HkMacauPermit = "hk_macau_permit", TaiwanPermit = "taiwan_permit",
    }

    pub enum Education {
        Primary = "primary", MiddleSchool = "middle_school", HighSchool = "high_school", JuniorCollege = "junior_college",
        University = "university", GraduateSchool = "graduate_school",
    }

    pub enum MaritalStatus { Single = "single", Married = "married", Divorced = "divorced", Widowed = "widowed" }

    pub enum Lifecycle { Prospect = "prospect", Active = "active", Dormant = "dormant", Closed = "closed", Deceased = "deceased" }

    pub enum AccountKind { Current = "current", Savings = "savings", CreditCard = "credit_card", Loan = "loan", Deposit = "deposit" }

    pub enum AccountStatus { Active = "active", Dormant = "dormant", Frozen = "frozen", Closed = "closed" }

    pub enum CardStatus { Active = "active", Frozen = "frozen", Expired = "expired", Cancelled = "cancelled" }

    pub enum Network { Unionpay = "unionpay", Visa = "visa", Mastercard = "mastercard", Jcb = "jcb" }

    pub enum PartyRole { Joint = "joint", AuthorisedUser = "authorised_user" }

    pub enum TxKind {
        Purchase = "purchase", CashWithdrawal = "cash_withdrawal", CashDeposit = "cash_deposit", TransferIn = "transfer_in",
        TransferOut = "transfer_out", Salary = "salary", Interest = "interest", PenaltyInterest = "penalty_interest", Fee = "fee",
        Repayment = "repayment", LoanPayment = "loan_payment", Pension = "pension", Refund = "refund", Reversal = "reversal",
        Other = "other",
    }

    pub enum Direction { Credit = "credit", Debit = "debit" }

    pub enum TxStatus { Posted = "posted", Pending = "pending", Declined = "declined", Reversed = "reversed" }

    pub enum Channel {
        Pos = "pos", Online = "online", Mobile = "mobile", Atm = "atm", Branch = "branch", Transfer = "transfer",
        DirectDebit = "direct_debit", System = "system",
    }

    pub enum LoanStatus {
        FinishedPaid = "finished_paid", FinishedUnpaid = "finished_unpaid", RunningInOrder = "running_in_order",
        RunningInDebt = "running_in_debt",
    }

    pub enum OrderPurpose { Insurance = "insurance", Household = "household", LoanPayment = "loan_payment", Savings = "savings" }

    pub enum PhoneKind { Mobile = "mobile", Home = "home", Work = "work" }

    pub enum EmailKind { Personal = "personal", Work = "work" }

    pub enum AddressKind { Home = "home", Work = "work" }
}

impl Direction {
    /// The amount's effect on the account's balance.
    pub fn signed(self, amount: i64) -> i64 {
        match self {
            Self::Credit => amount,
            Self::Debit => -amount,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIGRATIONS: &str = concat!(
        include_str!("../../migrations/2026-11-01-000004_cardholders/up.sql"),
        include_str!("../../migrations/2026-11-01-000005_accounts_and_transactions/up.sql"),
    );

    /// The words that a named CHECK allows.
    fn allowed(constraint: &str) -> Vec<&'static str> {
        let from = MIGRATIONS.find(&format!("CONSTRAINT {constraint} ")).unwrap();
        let text = &MIGRATIONS[from..];
        let list = &text[text.find(" IN (").unwrap() + 5..];
        list[..list.find(')').unwrap()].split(',').map(|word| word.trim().trim_matches('\'')).collect()
    }

    fn assert_allowed(constraint: &str, words: impl Iterator<Item = &'static str>) {
        let allowed = allowed(constraint);
        for word in words {
            assert!(allowed.contains(&word), "{constraint} refuses {word}");
        }
    }

    #[test]
    fn every_word_is_allowed_by_its_check() {
        macro_rules! check { ($($constraint:literal: $name:ident),+ $(,)?) => {
            $(assert_allowed($constraint, $name::ALL.iter().map(|word| word.as_str()));)+
        } }
        check! {
            "cardholders_gender_check": Gender, "cardholders_id_kind_check": IdKind, "cardholders_education_check": Education,
            "cardholders_marital_status_check": MaritalStatus, "cardholders_lifecycle_check": Lifecycle,
            "cardholder_phones_kind_check": PhoneKind, "cardholder_emails_kind_check": EmailKind,
            "cardholder_addresses_kind_check": AddressKind, "accounts_kind_check": AccountKind,
            "accounts_status_check": AccountStatus, "account_parties_role_check": PartyRole,
            "usable_accounts_role_check": PartyRole, "cards_network_check": Network, "cards_status_check": CardStatus,
            "transactions_kind_check": TxKind, "transactions_direction_check": Direction,
            "transactions_status_check": TxStatus, "transactions_channel_check": Channel, "loans_status_check": LoanStatus,
            "standing_orders_purpose_check": OrderPurpose,
        }
    }

    #[test]
    fn every_category_has_an_allowed_group() {
        let groups = allowed("transactions_mcc_group_check");
        for category in crate::merchants::categories() {
            assert!(groups.contains(&category.mcc_group), "{}", category.mcc);
            assert!(kernel::Mcc::parse(category.mcc).is_some());
        }
        assert!(crate::merchants::categories().count() >= 120);
    }
}

//! What the source's Czech words mean here.

use trust::imports::{Row, RowFault};

pub(super) const FREQUENCIES: &[(&str, &str)] = &[
    ("POPLATEK MESICNE", "monthly"),
    ("POPLATEK TYDNE", "weekly"),
    ("POPLATEK PO OBRATU", "per_transaction"),
];

/// Whether the disposition is the owner's.
pub(super) const DISPOSITIONS: &[(&str, bool)] = &[("OWNER", true), ("DISPONENT", false)];

/// Card type to product.
pub(super) const CARD_PRODUCTS: &[(&str, &str)] =
    &[("junior", "bk_card_junior"), ("classic", "bk_card_classic"), ("gold", "bk_card_gold")];

pub(super) const LOAN_STATUSES: &[(&str, &str)] =
    &[("A", "finished_paid"), ("B", "finished_unpaid"), ("C", "running_in_order"), ("D", "running_in_debt")];

/// A standing order's purpose; a blank states none.
pub(super) const ORDER_PURPOSES: &[(&str, Option<&str>)] = &[
    ("", None),
    ("POJISTNE", Some("insurance")),
    ("SIPO", Some("household")),
    ("LEASING", Some("leasing")),
    ("UVER", Some("loan_payment")),
];

/// VYBER, "withdrawal", is a debit too: a third value that the publisher's guide does not mention.
const DIRECTIONS: &[(&str, &str)] = &[("PRIJEM", "credit"), ("VYDAJ", "debit"), ("VYBER", "debit")];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    CashDeposit,
    CashWithdrawal,
    CardWithdrawal,
    TransferIn,
    TransferOut,
    /// The bank's own entry.
    Unstated,
}

const OPERATIONS: &[(&str, Operation)] = &[
    ("VKLAD", Operation::CashDeposit),
    ("VYBER", Operation::CashWithdrawal),
    ("VYBER KARTOU", Operation::CardWithdrawal),
    ("PREVOD Z UCTU", Operation::TransferIn),
    ("PREVOD NA UCET", Operation::TransferOut),
    ("", Operation::Unstated),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Unstated,
    Interest,
    PenaltyInterest,
    StatementFee,
    Household,
    Insurance,
    Pension,
    LoanPayment,
}

const SYMBOLS: &[(&str, Symbol)] = &[
    ("", Symbol::Unstated),
    ("UROK", Symbol::Interest),
    ("SANKC. UROK", Symbol::PenaltyInterest),
    ("SLUZBY", Symbol::StatementFee),
    ("SIPO", Symbol::Household),
    ("POJISTNE", Symbol::Insurance),
    ("DUCHOD", Symbol::Pension),
    ("UVER", Symbol::LoanPayment),
];

/// A transaction's type, operation and k-symbol, in the bank's words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub direction: &'static str,
    pub kind: &'static str,
    pub channel: &'static str,
    pub purpose: Option<&'static str>,
    pub mcc_group: Option<&'static str>,
}

impl Meaning {
    pub(super) fn of(row: &Row<'_>) -> Result<Self, RowFault> {
        let direction = row.word("type", DIRECTIONS)?;
        let operation = row.word("operation", OPERATIONS)?;
        let symbol = row.word("k_symbol", SYMBOLS)?;
        Ok(Self::from_words(direction, operation, symbol))
    }

    /// What the k-symbol says outweighs the operation: interest and fees are booked as withdrawals, pensions as transfers.
    fn from_words(direction: &'static str, operation: Operation, symbol: Symbol) -> Self {
        let (kind, channel) = match (symbol, operation) {
            (Symbol::Interest, _) => ("interest", "system"),
            (Symbol::PenaltyInterest, _) => ("penalty_interest", "system"),
            (Symbol::StatementFee, _) => ("fee", "system"),
            (Symbol::Pension, _) => ("pension", "transfer"),
            (Symbol::LoanPayment, _) => ("loan_payment", "transfer"),
            (_, Operation::CashDeposit) => ("cash_deposit", "branch"),
            (_, Operation::CashWithdrawal) => ("cash_withdrawal", "branch"),
            (_, Operation::CardWithdrawal) => ("cash_withdrawal", "atm"),
            (_, Operation::TransferIn) => ("transfer_in", "transfer"),
            (_, Operation::TransferOut) => ("transfer_out", "transfer"),
            (_, Operation::Unstated) => ("other", "system"),
        };
        let purpose = match symbol {
            Symbol::Unstated => None,
            Symbol::Interest => Some("interest"),
            Symbol::PenaltyInterest => Some("penalty_interest"),
            Symbol::StatementFee => Some("statement_fee"),
            Symbol::Household => Some("household"),
            Symbol::Insurance => Some("insurance"),
            Symbol::Pension => Some("pension"),
            Symbol::LoanPayment => Some("loan_payment"),
        };
        let mcc_group = match symbol {
            Symbol::Household => Some("housing"),
            Symbol::Insurance | Symbol::LoanPayment | Symbol::StatementFee | Symbol::PenaltyInterest => {
                Some("financial")
            }
            _ if kind == "cash_withdrawal" => Some("cash"),
            _ => None,
        };
        Self { direction, kind, channel, purpose, mcc_group }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbol_outweighs_the_operation() {
        let of = |operation, symbol| {
            let meaning = Meaning::from_words("debit", operation, symbol);
            (meaning.kind, meaning.channel, meaning.purpose, meaning.mcc_group)
        };
        assert_eq!(
            of(Operation::CashWithdrawal, Symbol::StatementFee),
            ("fee", "system", Some("statement_fee"), Some("financial"))
        );
        assert_eq!(
            of(Operation::CashWithdrawal, Symbol::Household),
            ("cash_withdrawal", "branch", Some("household"), Some("housing"))
        );
        assert_eq!(
            of(Operation::CardWithdrawal, Symbol::Unstated),
            ("cash_withdrawal", "atm", None, Some("cash"))
        );
        assert_eq!(of(Operation::TransferOut, Symbol::Unstated), ("transfer_out", "transfer", None, None));
    }
}

//! The nine files, and the whole transaction table where somebody has it.

use std::path::Path;

use trust::imports::{Facts, Shape, SourceFile};

use crate::sources::staged_facts;

pub(super) struct Files {
    pub district: SourceFile,
    pub client: SourceFile,
    pub account: SourceFile,
    pub disp: SourceFile,
    pub card: SourceFile,
    pub loan: SourceFile,
    pub order: SourceFile,
    /// Those that are there. One at least must be: where none is, the first is named as missing.
    pub transactions: Vec<TransactionFile>,
}

/// A transaction file and how it is written.
pub(super) struct TransactionFile {
    pub file: SourceFile,
    pub variant: &'static Variant,
}

impl TransactionFile {
    pub(super) fn stage(&self) -> &'static str {
        self.variant.facts.stage
    }
}

/// A way in which transactions are written.
pub(super) struct Variant {
    stem: &'static str,
    pub step: &'static str,
    pub shape: Shape,
    /// Dates `YYYY-MM-DD` and amounts in whole crowns, against `YYMMDD` and exact ones.
    pub is_rounded: bool,
    pub facts: Facts,
}

const COLUMNS: &[&str] = &[
    "trans_id",
    "account_id",
    "date",
    "type",
    "operation",
    "amount",
    "balance",
    "k_symbol",
    "bank",
    "account",
];

/// The same for every transaction of this source.
const DERIVED: &[(&str, &str)] =
    &[("posted_at", "s.occurred_at"), ("currency", "'CZK'"), ("status", "'posted'"), ("source", "'berka'")];

static VARIANTS: [Variant; 3] = [
    Variant {
        stem: "trans",
        step: "transactions",
        shape: Shape::delimited_by(b';', COLUMNS),
        is_rounded: false,
        facts: staged_facts::transactions("stage_transactions", DERIVED),
    },
    Variant {
        stem: "trans_1993_1994q1",
        step: "transactions to March 1994",
        shape: Shape::delimited_by(b';', COLUMNS),
        is_rounded: false,
        facts: staged_facts::transactions("stage_transactions_1994q1", DERIVED),
    },
    Variant {
        stem: "trans_before_loan",
        step: "transactions before loans",
        shape: Shape::delimited_by(b',', COLUMNS),
        is_rounded: true,
        facts: staged_facts::transactions("stage_transactions_before_loan", DERIVED),
    },
];

impl Files {
    pub(super) fn find(folder: &Path) -> Self {
        let find = |stem| SourceFile::find(folder, stem);
        let all = VARIANTS.iter().map(|variant| TransactionFile { file: find(variant.stem), variant });
        let (mut there, mut missing): (Vec<_>, Vec<_>) = all.partition(|file| file.file.exists());
        if there.is_empty() {
            there.extend(missing.drain(..).nth(1));
        }
        Self {
            district: find("district"),
            client: find("client"),
            account: find("account"),
            disp: find("disp"),
            card: find("card"),
            loan: find("loan"),
            order: find("order"),
            transactions: there,
        }
    }

    pub(super) fn all(&self) -> Vec<&SourceFile> {
        let small =
            [&self.district, &self.client, &self.account, &self.disp, &self.card, &self.loan, &self.order];
        small.into_iter().chain(self.transactions.iter().map(|file| &file.file)).collect()
    }
}

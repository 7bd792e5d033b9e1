//! Every closed set of words is the same in the database's CHECK and in the program.

use std::collections::BTreeSet;

use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use it::App;
use records::{accounts, reference, transactions};

#[derive(diesel::QueryableByName)]
struct Check {
    #[diesel(sql_type = Text)]
    definition: String,
}

/// The words of a vocabulary, beside the constraint that holds the same.
macro_rules! mirrored {
    ($($constraint:literal => $vocabulary:ty),+ $(,)?) => {
        [$(($constraint, <$vocabulary>::ALL.iter().map(|word| word.as_str()).collect::<BTreeSet<&str>>())),+]
    };
}

#[tokio::test]
async fn every_check_holds_the_words_of_its_vocabulary() {
    let app = App::start().await;
    let conn = app.owner().await;
    let pairs = mirrored! {
        "staff_role_check" => platform::Role,
        "staff_scope_check" => platform::Scope,
        "branches_kind_check" => trust::branches::BranchKind,
        "audit_entries_outcome_check" => trust::audit::Outcome,
        "jobs_status_check" => platform::jobs::JobState,
        "products_kind_check" => reference::ProductKind,
        "accounts_kind_check" => accounts::AccountKind,
        "accounts_status_check" => accounts::AccountStatus,
        "accounts_statement_frequency_check" => accounts::StatementFrequency,
        "account_parties_role_check" => accounts::Access,
        "cards_network_check" => reference::Network,
        "cards_status_check" => accounts::CardStatus,
        "loans_status_check" => accounts::LoanStatus,
        "standing_orders_purpose_check" => accounts::OrderPurpose,
        "transactions_kind_check" => transactions::TransactionKind,
        "transactions_direction_check" => transactions::Direction,
        "transactions_status_check" => transactions::TransactionStatus,
        "transactions_channel_check" => transactions::Channel,
        "transactions_mcc_group_check" => reference::MccGroup,
    };
    for (constraint, words) in pairs {
        let sql = "SELECT pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
                   WHERE c.conname = $1 AND NOT t.relispartition";
        let check: Check =
            diesel::sql_query(sql).bind::<Text, _>(constraint).get_result(&mut &conn).await.unwrap();
        let quoted: BTreeSet<&str> = check.definition.split('\'').skip(1).step_by(2).collect();
        assert_eq!(quoted, words, "{constraint}");
    }
    app.finish().await;
}

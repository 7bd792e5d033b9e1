//! What becomes of Berka's files: small invented ones in full, the real ones (where they are) by the publisher's figures.

use it::{App, SourceFolder, contents, shared_data, skip};
use records::sources::berka;
use server::import::sources_of;
use trust::imports::{ImportOptions, ImportReport, Watch};

async fn import(app: &App, folder: &std::path::Path) -> ImportReport {
    berka::import(&sources_of(&app.parts), folder, ImportOptions::default(), Watch::default())
        .await
        .expect("import")
}

#[tokio::test]
async fn a_source_says_no_more_than_it_knows() {
    let app = App::start().await;
    import(&app, SourceFolder::of_fixture("berka").path()).await;
    let cardholders = app
        .lines(
            "SELECT c.customer_no, c.name, c.gender, c.birth_on, c.opened_on, c.national_id_masked, b.code, a.province, a.district,
                    a.street_masked, (SELECT count(*) FROM cardholder_keys k WHERE k.cardholder_id = c.cardholder_id) AS keys,
                    i.source_ref, (n.cardholder_id IS NOT NULL) AS is_indexed
             FROM cardholders c JOIN branches b USING (branch_id) JOIN cardholder_addresses a USING (cardholder_id)
             JOIN external_id_index i USING (cardholder_id) LEFT JOIN customer_no_index n USING (customer_no)
             ORDER BY c.customer_no",
        )
        .await;
    assert_eq!(
        cardholders,
        [
            "B0000001 - female 1945-12-13 1993-01-05 - BK001 north Horni Lhota - 1 1 true",
            "B0000002 - male 1940-01-01 1993-01-05 - BK002 south Dolni Lhota - 1 2 true",
            "B0000003 - female 1970-09-28 1993-03-01 - BK002 south Dolni Lhota - 1 3 true",
            "B0000004 - male 1980-12-31 1993-06-01 - BK001 north Horni Lhota - 1 4 true",
            "B0000005 - male 1911-02-04 1995-12-24 - BK001 north Horni Lhota - 1 5 true"
        ]
    );
    let accounts = app
        .lines(
            "SELECT a.account_no, c.customer_no, a.balance_minor, a.available_minor, a.statement_frequency, a.opened_on, b.code,
                    p.role, u.owner_cardholder_id = a.cardholder_id AS is_mirrored
             FROM accounts a JOIN cardholders c USING (cardholder_id) JOIN branches b ON b.branch_id = a.branch_id
             JOIN account_no_index n USING (account_no)
             LEFT JOIN account_parties p ON p.account_id = a.account_id
             LEFT JOIN usable_accounts u ON u.cardholder_id = p.party_cardholder_id ORDER BY a.account_no",
        )
        .await;
    assert_eq!(
        accounts,
        [
            "BK11 B0000001 856600 856600 monthly 1993-01-05 BK001 authorised_user true",
            "BK12 B0000003 50210 50210 weekly 1993-03-01 BK002 - -",
            "BK13 B0000004 -20000 0 per_transaction 1993-06-01 BK002 - -",
            "BK14 B0000005 0 0 monthly 1995-12-24 BK001 - -"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn czech_words_become_the_banks_own() {
    let app = App::start().await;
    import(&app, SourceFolder::of_fixture("berka").path()).await;
    let transactions = app
        .lines(
            "SELECT source_ref, occurred_at::text, kind, direction, amount_minor, balance_after_minor, channel, purpose, mcc_group,
                    counterparty_bank, counterparty_account, is_rounded FROM transactions ORDER BY source_ref::int",
        )
        .await;
    assert_eq!(
        transactions,
        [
            "101 1993-01-05 12:00:00+00 cash_deposit credit 100000 100000 branch - - - - false",
            "102 1993-01-10 12:00:00+00 pension credit 500050 600050 transfer pension - AB 11112222 false",
            "103 1993-01-31 12:00:00+00 interest credit 1230 601280 system interest - - - false",
            "104 1993-01-31 12:00:00+00 fee debit 1460 599820 system statement_fee financial - - false",
            "105 1994-02-10 12:00:00+00 transfer_out debit 245200 354620 transfer household housing YZ 87144583 false",
            "106 1994-03-10 12:00:00+00 transfer_in credit 500100 854700 transfer - - ST 66487163 true",
            "107 1994-03-31 12:00:00+00 interest credit 1900 856600 system interest - - - true",
            "201 1993-03-01 12:00:00+00 cash_deposit credit 80000 80000 branch - - - - false",
            "202 1993-04-20 12:00:00+00 cash_withdrawal debit 10000 70000 branch - cash - - false",
            "203 1993-04-30 12:00:00+00 interest credit 210 70210 system interest - - - false",
            "204 1993-04-30 12:00:00+00 cash_withdrawal debit 20000 50210 atm - cash - - false",
            "301 1993-06-01 12:00:00+00 cash_deposit credit 70000 70000 branch - - - - true",
            "302 1994-04-30 12:00:00+00 penalty_interest debit 90000 -20000 system penalty_interest financial - - true",
            "303 1994-04-30 12:00:00+00 interest credit 0 -20000 system interest - - - true"
        ]
    );
    let rest = app
        .lines(
            "SELECT 'card' AS what, token AS value FROM cards JOIN card_token_index USING (token)
             UNION ALL SELECT 'order', concat_ws(' ', counterparty_account, amount_minor, purpose) FROM standing_orders
             UNION ALL SELECT 'loan', concat_ws(' ', amount_minor, payment_minor, duration_months, status) FROM loans
             UNION ALL SELECT 'district', name || facts::text FROM districts ORDER BY 1, 2",
        )
        .await;
    assert_eq!(
        rest,
        [
            "card berka:31",
            "card berka:32",
            "district Dolni Lhota{\"A4\": 45000, \"A5\": 10, \"A6\": 11, \"A7\": 2, \"A8\": 1, \"A9\": 2, \"A10\": 50.0, \"A11\": 8200, \"A12\": null, \"A13\": 3.1, \"A14\": 101, \"A15\": null, \"A16\": 900}",
            "district Horni Lhota{\"A4\": 120000, \"A5\": 0, \"A6\": 1, \"A7\": 2, \"A8\": 3, \"A9\": 4, \"A10\": 87.5, \"A11\": 9000, \"A12\": 1.5, \"A13\": 2.25, \"A14\": 120, \"A15\": 3000, \"A16\": 3100}",
            "loan 3000000 125050 24 finished_unpaid",
            "loan 9639600 803300 12 running_in_order",
            "order 0013943797 32700",
            "order 87144583 245200 household",
            "order 89597016 125050 loan_payment"
        ]
    );
    app.finish().await;
}

/// Each count that the publisher's documents state.
const COUNTS: &[(&str, i64)] = &[
    ("cardholders WHERE source = 'berka'", 5_369),
    ("cardholders WHERE gender = 'male'", 2_724),
    ("cardholders WHERE gender = 'female'", 2_645),
    ("cardholders WHERE name IS NULL AND national_id_sealed IS NULL AND birth_on IS NOT NULL", 5_369),
    ("cardholder_keys", 5_369),
    ("external_id_index", 5_369),
    ("accounts", 4_500),
    ("account_no_index", 4_500),
    ("cards", 892),
    ("account_parties WHERE role = 'authorised_user'", 869),
    ("usable_accounts", 869),
    ("loans", 682),
    ("loans WHERE status = 'finished_paid'", 203),
    ("loans WHERE status = 'finished_unpaid'", 31),
    ("loans WHERE status = 'running_in_order'", 403),
    ("loans WHERE status = 'running_in_debt'", 45),
    ("standing_orders", 6_471),
    ("districts", 77),
    ("branches WHERE code LIKE 'BK_%'", 77),
    ("transactions", 97_005),
    ("transactions WHERE NOT is_rounded", 49_102),
    ("transactions WHERE is_rounded", 47_903),
];

/// The largest distance, in haléře, between the running sum at the end of a day and the balance of that day's rows that comes
/// nearest: rows of one day are in no order, so one of them closes it.
const WORST_DAY: &str = "
    WITH days AS (
        SELECT cardholder_id, account_id, occurred_at,
               sum(sum(CASE direction WHEN 'credit' THEN amount_minor ELSE -amount_minor END))
                   OVER (PARTITION BY cardholder_id, account_id ORDER BY occurred_at) AS net_minor,
               array_agg(balance_after_minor) AS balances
        FROM transactions WHERE {which} GROUP BY cardholder_id, account_id, occurred_at)
    SELECT max((SELECT min(abs(b - net_minor)) FROM unnest(balances) AS b))::bigint AS n FROM days";

#[tokio::test]
async fn every_figure_of_the_publisher_is_met_and_a_second_run_changes_nothing() {
    let Some(data) = shared_data("berka") else {
        return skip("berka: every figure of the publisher", "the shared data is not here");
    };
    let app = App::start().await;
    let report = import(&app, &data).await;
    assert_eq!((report.refused, report.updated), (0, 0));
    for (what, expected) in COUNTS {
        assert_eq!(app.count(&format!("SELECT count(*) AS n FROM {what}")).await, *expected, "{what}");
    }
    let exact = WORST_DAY.replace("{which}", "NOT is_rounded AND occurred_at < '1994-03-31'");
    assert_eq!(app.count(&exact).await, 70, "0.70 crowns at most");
    let stray = "SELECT count(*) AS n FROM transactions
                 WHERE ('x' || substr(replace(transaction_id::text, '-', ''), 1, 12))::bit(48)::bigint
                       <> extract(epoch FROM occurred_at)::bigint * 1000";
    assert_eq!(app.count(stray).await, 0, "an id carries its moment");
    let before = contents(&app).await;
    let second = import(&app, &data).await;
    assert!(second.is_unchanged(), "{second:?}");
    assert_eq!(before, contents(&app).await);
    app.finish().await;
}

#[tokio::test]
async fn the_exact_file_wins_over_the_rounded_one_that_came_first() {
    let Some(data) = shared_data("berka") else {
        return skip("berka: the exact file wins", "the shared data is not here");
    };
    let app = App::start().await;
    let rounded_only = SourceFolder::copy_of(&data);
    rounded_only.remove("trans_1993_1994q1.csv.gz");
    import(&app, rounded_only.path()).await;
    assert_eq!(app.count("SELECT count(*) AS n FROM transactions WHERE is_rounded").await, 54_694);
    let worst = app.count(&WORST_DAY.replace("{which}", "is_rounded")).await;
    assert!((71..=1_000).contains(&worst), "within 10 crowns: {worst}");

    let report = import(&app, &data).await;
    assert_eq!((report.inserted, report.updated), (42_311, 6_791));
    for (what, expected) in COUNTS {
        assert_eq!(app.count(&format!("SELECT count(*) AS n FROM {what}")).await, *expected, "{what}");
    }
    let exact = WORST_DAY.replace("{which}", "NOT is_rounded AND occurred_at < '1994-03-31'");
    assert_eq!(app.count(&exact).await, 70);
    app.finish().await;
}

//! What becomes of the UCI credit-card file: a small invented one in full, the real one (where it is) by the publisher's figures.

use it::{App, SourceFolder, contents, shared_data, skip};
use records::sources::uci_credit_default;
use server::import::sources_of;
use trust::imports::{ImportOptions, Watch};

#[tokio::test]
async fn a_card_holder_has_an_age_and_six_months() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("uci_credit_default");
    let sources = sources_of(&app.parts);
    let run = async || {
        uci_credit_default::import(&sources, folder.path(), ImportOptions::default(), Watch::default())
            .await
            .expect("import")
    };
    run().await;
    let holders = app
        .lines(
            "SELECT c.customer_no, c.gender, c.birth_on, c.stated_age_years, c.stated_age_on, c.education, c.marital_status,
                    a.account_no, a.balance_minor, a.credit_limit_minor, a.available_minor, o.observed_on, o.is_positive
             FROM cardholders c JOIN accounts a USING (cardholder_id) JOIN outcome_labels o USING (cardholder_id) ORDER BY 1",
        )
        .await;
    assert_eq!(
        holders,
        [
            "U0000001 female - 24 2005-09-30 university married TW1 -391300 2000000 1608700 2005-10-31 true",
            "U0000002 male - 57 2005-09-30 - - TW2 -10300000 10000000 0 2005-10-31 false",
            "U0000003 male - 33 2005-09-30 other other TW3 12000 5000000 5012000 2005-10-31 false"
        ]
    );
    let months = app
        .lines(
            "SELECT s.source_ref, s.closed_on, s.billed_minor, s.paid_minor, s.days_past_due, s.repayment_status,
                    r.paid_in_month, r.amount_minor
             FROM statements s JOIN repayments r USING (cardholder_id, source_ref) ORDER BY s.closed_on, s.source_ref",
        )
        .await;
    assert_eq!(
        months,
        [
            "1/2005-04 2005-04-30 0 0 0 -2 2005-04-01 0",
            "2/2005-04 2005-04-30 9600000 10000000 0 0 2005-04-01 10000000",
            "3/2005-04 2005-04-30 0 0 240 8 2005-04-01 0",
            "1/2005-05 2005-05-31 0 0 0 -2 2005-05-01 0",
            "2/2005-05 2005-05-31 9700000 250000 0 0 2005-05-01 250000",
            "3/2005-05 2005-05-31 10000 10000 0 0 2005-05-01 10000",
            "1/2005-06 2005-06-30 0 0 0 -1 2005-06-01 0",
            "2/2005-06 2005-06-30 9750000 300000 0 0 2005-06-01 300000",
            "3/2005-06 2005-06-30 20000 10000 0 0 2005-06-01 10000",
            "1/2005-07 2005-07-31 68900 0 0 -1 2005-07-01 0",
            "2/2005-07 2005-07-31 9800000 350000 0 0 2005-07-01 350000",
            "3/2005-07 2005-07-31 30000 10000 0 0 2005-07-01 10000",
            "1/2005-08 2005-08-31 310200 68900 60 2 2005-08-01 68900",
            "2/2005-08 2005-08-31 10000000 400000 0 0 2005-08-01 400000",
            "3/2005-08 2005-08-31 40000 10000 0 0 2005-08-01 10000",
            "1/2005-09 2005-09-30 391300 0 60 2 2005-09-01 0",
            "2/2005-09 2005-09-30 10300000 500000 0 0 2005-09-01 500000",
            "3/2005-09 2005-09-30 -12000 52000 0 -1 2005-09-01 52000"
        ]
    );
    let before = contents(&app).await;
    assert!(run().await.is_unchanged());
    assert_eq!(before, contents(&app).await);
    app.finish().await;
}

const COUNTS: &[(&str, i64)] = &[
    ("cardholders WHERE stated_age_years BETWEEN 21 AND 79 AND birth_on IS NULL", 30_000),
    ("cardholders WHERE gender = 'female'", 18_112),
    ("cardholders WHERE education IS NULL", 345),
    ("accounts WHERE kind = 'credit_card' AND currency = 'TWD'", 30_000),
    ("statements", 180_000),
    ("statements WHERE closed_on = '2005-09-30' AND repayment_status = 2 AND days_past_due = 60", 2_667),
    ("repayments", 180_000),
    ("outcome_labels WHERE label = 'default_next_month' AND observed_on = '2005-10-31'", 30_000),
    ("outcome_labels WHERE is_positive", 6_636),
];

#[tokio::test]
async fn every_figure_of_the_publisher_is_met_and_a_second_run_changes_nothing() {
    let Some(data) = shared_data("uci-credit-default") else {
        return skip("uci-credit-default: every figure of the publisher", "the shared data is not here");
    };
    let app = App::start().await;
    let sources = sources_of(&app.parts);
    let run = async || {
        uci_credit_default::import(&sources, &data, ImportOptions::default(), Watch::default())
            .await
            .expect("import")
    };
    let report = run().await;
    assert_eq!((report.rows_read, report.refused, report.updated), (30_000, 0, 0));
    for (what, expected) in COUNTS {
        assert_eq!(app.count(&format!("SELECT count(*) AS n FROM {what}")).await, *expected, "{what}");
    }
    // The file writes round amounts as 1e+05.
    let limits = "SELECT sum(credit_limit_minor)::bigint AS n FROM accounts";
    assert_eq!(app.count(limits).await, 502_452_968_000);
    let before = contents(&app).await;
    assert!(run().await.is_unchanged());
    assert_eq!(before, contents(&app).await);
    app.finish().await;
}

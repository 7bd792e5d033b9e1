use it::{App, Place, Someone};
use serde_json::{Value, json};

#[tokio::test]
async fn statements_come_newest_first_page_by_page_and_by_account() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    let (one, other) = (bank.account(owner, json!({})).await, bank.account(owner, json!({})).await);
    for month in 1..=6 {
        bank.statement(owner, one, &format!("2026-{month:02}-08"), json!({})).await;
        bank.statement(owner, other, &format!("2026-{month:02}-08"), json!({})).await;
    }
    let path = format!("/cardholders/{owner}/statements");
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = app.get(Someone::TELLER, &format!("{path}?limit=5{after}")).await.expect(200);
        let items = page.at("/items");
        seen.extend(
            items.as_array().unwrap().iter().map(|s| (s["closed_on"].clone(), s["statement_id"].clone())),
        );
        // A statement that is written meanwhile disturbs no page that follows.
        bank.statement(owner, one, &format!("2026-11-{:02}", seen.len()), json!({})).await;
        match page.at("/next").as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 12);
    assert!(
        seen.is_sorted_by(|a, b| a.0.as_str() > b.0.as_str() || (a.0 == b.0 && a.1.as_str() > b.1.as_str()))
    );
    let of_one = app.get(Someone::TELLER, &format!("{path}?account_id={other}")).await.expect(200);
    assert_eq!(of_one.list_at("/items").len(), 6);
    assert_eq!(of_one.at("/next"), Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn sums_and_arrears_are_for_those_who_see_finances() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(owner, json!({})).await;
    let late = json!({ "days_past_due": 17, "paid_minor": 0, "repayment_status": 1 });
    let statement = bank.statement(owner, account, "2026-10-08", late).await;
    bank.repayment(owner, account, "2026-09-01", json!({ "statement_id": statement })).await;
    bank.repayment(owner, account, "2026-10-01", json!({})).await;
    let statements = format!("/cardholders/{owner}/statements");
    let repayments = format!("/cardholders/{owner}/repayments");
    let seen = app.get(Someone::RISK_OFFICER, &statements).await.expect(200);
    assert_eq!(
        (seen.at("/items/0/days_past_due"), seen.at("/items/0/billed_minor")),
        (json!(17), json!(428_600))
    );
    let veiled = app.get(Someone::AGENT, &statements).await.expect(200);
    let names = ["billed_minor", "minimum_due_minor", "paid_minor", "days_past_due", "repayment_status"];
    assert_eq!(veiled.at("/items/0/withheld"), json!(names));
    for name in names {
        assert_eq!(veiled.at(&format!("/items/0/{name}")), Value::Null);
    }
    let paid = app.get(Someone::TELLER, &repayments).await.expect(200);
    assert_eq!(paid.text_at("/items/0/paid_in_month"), "2026-10-01");
    assert_eq!(paid.text_at("/items/1/statement_id"), statement.to_string());
    assert_eq!(paid.at("/items/0/amount_minor"), 428_600);
    let veiled = app.get(Someone::MARKETER, &repayments).await.expect(200);
    assert_eq!(veiled.at("/items/0/withheld"), json!(["amount_minor"]));
    app.finish().await;
}

#[tokio::test]
async fn limits_and_cursors_are_refused_one_past_the_bound() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    for list in ["statements", "repayments"] {
        let path = format!("/cardholders/{owner}/{list}");
        app.get(Someone::TELLER, &format!("{path}?limit=200")).await.expect(200);
        for (query, error) in [
            ("limit=201", "/limit number.range"),
            ("limit=0", "/limit number.range"),
            ("after=nonsense", "/after cursor.unreadable"),
            // A day that the parser knows and PostgreSQL does not.
            (&*format!("after={}", it_cursor("-200000-01-01")), "/after cursor.unreadable"),
            ("account_id=1", "/account_id field.wrong_type"),
            ("page=2", "/page field.unknown"),
        ] {
            let refused = app.get(Someone::TELLER, &format!("{path}?{query}")).await;
            assert_eq!(
                (refused.problem(400), refused.field_errors()),
                ("request.unreadable_field".into(), vec![error.to_owned()]),
                "{query}"
            );
        }
    }
    app.finish().await;
}

fn it_cursor(day: &str) -> String {
    kernel::Cursor::encode(&(day, Someone::ADMIN.id()))
}

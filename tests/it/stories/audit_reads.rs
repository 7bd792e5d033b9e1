//! Whoever reads about a cardholder leaves a row, and gets no answer when the row can't be written.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use it::{App, Place, Someone};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::reads_below_a_cardholder;

async fn somebody(app: &App) -> (Uuid, Vec<String>) {
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({ "customer_no": "C1002834107" })).await;
    bank.put("customer_no_index", json!({ "customer_no": "C1002834107", "cardholder_id": owner }), json!({}))
        .await;
    let account = bank.account(owner, json!({})).await;
    let card = bank.card(owner, account, json!({})).await;
    let transaction = bank.transaction(owner, account, "2026-10-01T02:00:00Z", json!({})).await;
    let known = [("account_id", account), ("card_id", card), ("transaction_id", transaction)];
    let mut reads = reads_below_a_cardholder(owner, &known);
    reads.push(format!("/cardholders/{owner}/access_log"));
    (owner, reads)
}

/// What the trail says after `what`, newest first.
async fn trail(app: &App, filter: &str) -> Vec<Value> {
    app.get(Someone::AUDITOR, &format!("/audit_entries?{filter}")).await.expect(200).list_at("/items")
}

#[tokio::test]
async fn every_read_below_a_cardholder_leaves_one_row_that_says_who_and_whom() {
    let app = App::start().await;
    let (owner, reads) = somebody(&app).await;
    let rows = format!(
        "SELECT count(*) AS n FROM audit_entries WHERE cardholder_id = '{owner}' AND staff_no = 'K0002'
            AND outcome = 'done' AND action LIKE '%.read' AND trace_id <> ''"
    );
    for (at, path) in reads.iter().enumerate() {
        app.get(Someone::RISK_MANAGER, path).await.expect(200);
        assert_eq!(app.count(&rows).await, at as i64 + 1, "{path}");
    }
    // Every part of a record has its own word.
    let words =
        format!("SELECT count(DISTINCT action) AS n FROM audit_entries WHERE cardholder_id = '{owner}'");
    assert!(app.count(&words).await >= 9);
    app.finish().await;
}

#[tokio::test]
async fn whoever_learns_by_creating_that_somebody_is_here_leaves_a_row() {
    let app = App::start().await;
    let body = json!({ "name": "沈嘉怡", "birth_on": "1988-03-12", "branch_id": Place::Qianjiang.id() });
    app.post(Someone::TELLER, "/cardholders", body.clone()).await.expect(201);
    assert!(trail(&app, "action=cardholders.find_duplicates").await.is_empty());
    let refused = app.post(Someone::TELLER, "/cardholders", body).await;
    assert_eq!(refused.problem(409), "cardholders.possible_duplicate");
    let looks = trail(&app, "action=cardholders.find_duplicates").await;
    assert_eq!((looks.len(), &looks[0]["staff_no"]), (1, &json!("T0001")));
    app.finish().await;
}

#[tokio::test]
async fn a_search_leaves_what_it_found_by_and_how_many_never_what_it_looked_for() {
    let app = App::start().await;
    somebody(&app).await;
    let found = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": "C1002834107" })).await;
    assert_eq!(found.expect(200).list_at("/items").len(), 1);
    app.post(Someone::TELLER, "/cardholders/search", json!({ "q": "欧阳" })).await.expect(200);
    app.get(Someone::TELLER, "/cardholders?limit=5").await.expect(200);
    let searches = trail(&app, "action=cardholders.search").await;
    assert_eq!(searches[0]["changes"], json!({ "hits": 0, "matched_by": null }));
    assert_eq!(searches[1]["changes"], json!({ "hits": 1, "matched_by": "customer_no" }));
    assert_eq!(trail(&app, "action=cardholders.list").await.len(), 1);
    for text in ["C1002834107", "欧阳"] {
        let sql = format!("SELECT count(*) AS n FROM audit_entries t WHERE t::text LIKE '%{text}%'");
        assert_eq!(app.count(&sql).await, 0);
    }
    app.finish().await;
}

#[tokio::test]
async fn refusals_are_remembered_with_the_operation_and_its_code() {
    let app = App::start().await;
    let (owner, _) = somebody(&app).await;
    let path = format!("/cardholders/{owner}");
    app.get(Someone::TELLER_OF_YINZHOU, &path).await.expect(404);
    app.get(Someone::TELLER, "/audit_entries").await.expect(403);
    let refused = trail(&app, "action=access.refuse").await;
    assert_eq!(refused.len(), 2);
    assert_eq!(
        refused[0]["changes"],
        json!({ "operation": "GET /audit_entries", "code": "staff.forbidden" })
    );
    assert_eq!((&refused[1]["cardholder_id"], &refused[1]["staff_no"]), (&json!(owner), &json!("T0002")));
    assert_eq!(refused[1]["changes"]["code"], "cardholders.missing");
    // Bad tokens: one row at once, the others counted in the next.
    let forged = async || app.call(Method::GET, &path, Some("eyJhbGciOiJub25lIn0.e30."), &[], None).await;
    for _ in 0..4 {
        forged().await.expect(401);
    }
    app.clock.advance(TimeDelta::minutes(2));
    forged().await.expect(401);
    let tokens = trail(&app, "action=access.token_refuse").await;
    let counts: Vec<&Value> = tokens.iter().map(|row| &row["changes"]["more_before"]).collect();
    assert_eq!(counts, [&json!(3), &json!(0)]);
    assert_eq!(tokens[0]["actor_kind"], "anonymous");
    // Without a token nothing is claimed, so nothing is noted.
    app.call(Method::GET, &path, None, &[], None).await.expect(401);
    assert_eq!(trail(&app, "action=access.token_refuse").await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_purpose_is_a_word_and_break_glass_is_one() {
    let app = App::start().await;
    let (owner, _) = somebody(&app).await;
    let path = format!("/cardholders/{owner}");
    let token = app.token_of(Someone::TELLER);
    let with = async |purpose: &str| {
        app.call(Method::GET, &path, Some(&token), &[("x-purpose", purpose)], None).await
    };
    with("case:2026-0017").await.expect(200);
    for bad in ["", "来电", "Call Back", "6222021001116245", "case:4111111111111111", &"a".repeat(65)] {
        assert_eq!(with(bad).await.problem(400), "audit.purpose_invalid", "{bad}");
    }
    let wish =
        json!({ "customer_no": "C1002834107", "reason": "walk_in", "note": "持卡人在本网点柜台，卡片遗失" });
    let grant = app.post(Someone::TELLER_OF_YINZHOU, "/break_glass_grants", wish).await.expect(201);
    app.get(Someone::TELLER_OF_YINZHOU, &path).await.expect(200);
    let log = app.get(Someone::BRANCH_MANAGER, &format!("{path}/access_log")).await.expect(200);
    let items = log.list_at("/items");
    assert_eq!(
        (&items[0]["purpose"], &items[0]["object_id"]),
        (&json!("break_glass"), &grant.at("/grant_id"))
    );
    assert_eq!(items[0]["staff_no"], "T0002");
    assert_eq!(items.last().map(|item| item["purpose"].clone()), Some(json!("case:2026-0017")));
    // The log is for those who answer for the branch, of their own cardholders.
    app.get(Someone::TELLER, &format!("{path}/access_log")).await.expect(403);
    app.finish().await;
}

#[tokio::test]
async fn what_can_not_be_noted_is_not_answered() {
    let app = App::start().await;
    let (owner, reads) = somebody(&app).await;
    app.get(Someone::RISK_MANAGER, &reads[0]).await.expect(200);
    let part = "REVOKE INSERT ON audit_entries, audit_entries_2026 FROM cardea_app";
    app.owner().await.batch_execute(part).await.unwrap();
    for path in &reads {
        let reply = app.get(Someone::RISK_MANAGER, path).await;
        assert_eq!(reply.problem(503), "audit.not_written", "{path}");
        assert!(!reply.text.contains(&owner.to_string()), "{path}");
    }
    app.get(Someone::RISK_MANAGER, "/me").await.expect(200);
    app.owner()
        .await
        .batch_execute("GRANT INSERT ON audit_entries, audit_entries_2026 TO cardea_app")
        .await
        .unwrap();
    app.get(Someone::RISK_MANAGER, &reads[0]).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn reads_at_once_are_noted_one_by_one() {
    let app = App::start().await;
    let (owner, _) = somebody(&app).await;
    let path = format!("/cardholders/{owner}");
    let read = async || app.get(Someone::TELLER, &path).await.expect(200);
    for _ in 0..10 {
        tokio::join!(read(), read(), read(), read(), read(), read(), read(), read(), read(), read());
    }
    let rows = "SELECT count(*) AS n FROM audit_entries WHERE action = 'cardholders.read'";
    assert_eq!(app.count(rows).await, 100);
    app.finish().await;
}

#[tokio::test]
async fn a_wide_question_asks_for_a_span_of_time() {
    let app = App::start().await;
    for filter in ["role=teller", "ip=192.0.2.1", "action=cardholders."] {
        let reply = app.get(Someone::AUDITOR, &format!("/audit_entries?{filter}")).await;
        assert_eq!(
            (reply.problem(400), reply.at("/params/days_max")),
            ("audit.range_required".into(), json!(31))
        );
        let span = "occurred_from=2026-11-01T00:00:00Z&occurred_to=2026-11-03T00:00:00Z";
        app.get(Someone::AUDITOR, &format!("/audit_entries?{filter}&{span}")).await.expect(200);
    }
    let view = json!({ "page": "cardholders", "name": "一", "query": {} });
    app.post(Someone::TELLER, "/saved_views", view).await.expect(201);
    let span = "occurred_from=2026-11-01T00:00:00Z&occurred_to=2026-11-03T00:00:00Z";
    assert_eq!(trail(&app, &format!("action=views.&{span}")).await.len(), 1);
    assert_eq!(trail(&app, &format!("action=view_.&{span}")).await.len(), 0);
    let row = trail(&app, "action=views.save").await.remove(0);
    let trace = row["trace_id"].as_str().unwrap();
    assert_eq!(trail(&app, &format!("trace_id={trace}&outcome=done")).await.len(), 1);
    app.finish().await;
}

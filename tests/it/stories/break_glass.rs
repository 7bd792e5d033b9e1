use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::reads_below_a_cardholder;

const CUSTOMER_NO: &str = "C1002834107";

/// Somebody of the branch of Yinzhou, out of reach of everybody in Hangzhou.
async fn somebody_elsewhere(app: &App) -> (Uuid, Vec<String>) {
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Yinzhou, json!({ "customer_no": CUSTOMER_NO })).await;
    bank.put("customer_no_index", json!({ "customer_no": CUSTOMER_NO, "cardholder_id": owner }), json!({}))
        .await;
    let account = bank.account(owner, json!({})).await;
    let card = bank.card(owner, account, json!({})).await;
    let transaction = bank.transaction(owner, account, "2026-10-01T02:00:00Z", json!({})).await;
    let known = [("account_id", account), ("card_id", card), ("transaction_id", transaction)];
    (owner, reads_below_a_cardholder(owner, &known))
}

fn wish() -> Value {
    json!({ "customer_no": CUSTOMER_NO, "reason": "walk_in", "note": "持卡人在本网点柜台，卡片遗失", "minutes": 30 })
}

async fn open(app: &App) -> Reply {
    app.post(Someone::TELLER, "/break_glass_grants", wish()).await.expect(201)
}

#[tokio::test]
async fn a_record_opened_in_an_emergency_is_read_for_a_while_and_never_changed() {
    let app = App::start().await;
    let (owner, reads) = somebody_elsewhere(&app).await;
    for path in &reads {
        assert_eq!(app.get(Someone::TELLER, path).await.problem(404), "cardholders.missing", "{path}");
    }
    let grant = open(&app).await;
    assert_eq!(grant.text_at("/cardholder_id"), owner.to_string());
    for path in &reads {
        app.get(Someone::TELLER, path).await.expect(200);
    }
    // Nobody else got in, and no list grew.
    assert_eq!(app.get(Someone::MANAGER, &reads[0]).await.problem(404), "cardholders.missing");
    assert_eq!(app.get(Someone::TELLER, "/cardholders").await.expect(200).at("/items"), json!([]));
    let found = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": "沈嘉" })).await.expect(200);
    assert_eq!(found.at("/items"), json!([]));
    let path = format!("/cardholders/{owner}");
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let changed = app.patch(Someone::TELLER, &path, &read, json!({ "occupation": "教师" })).await;
    assert_eq!(changed.problem(404), "cardholders.missing");

    app.clock.advance(TimeDelta::minutes(31));
    for path in &reads {
        assert_eq!(app.get(Someone::TELLER, path).await.problem(404), "cardholders.missing", "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_opened_record_can_be_closed_early_by_whoever_opened_it() {
    let app = App::start().await;
    let (_, reads) = somebody_elsewhere(&app).await;
    let close = format!("/break_glass_grants/{}/close", open(&app).await.text_at("/grant_id"));
    let stranger = app.post(Someone::RISK_OFFICER, &close, json!({})).await;
    assert_eq!(stranger.problem(404), "break_glass.missing");
    app.post(Someone::TELLER, &close, json!({})).await.expect(200);
    assert_eq!(app.get(Someone::TELLER, &reads[0]).await.problem(404), "cardholders.missing");
    app.post(Someone::TELLER, &close, json!({})).await.expect(200);
    assert_eq!(
        app.count("SELECT count(*) AS n FROM audit_entries WHERE action = 'break_glass.close'").await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn bad_wishes_are_refused_and_open_nothing() {
    let app = App::start().await;
    somebody_elsewhere(&app).await;
    let with = |name: &str, value: Value| {
        let mut wish = wish();
        wish[name] = value;
        wish
    };
    let post = async |body: Value| app.post(Someone::TELLER, "/break_glass_grants", body).await;
    assert_eq!(post(with("customer_no", json!("C9999999999"))).await.problem(404), "break_glass.missing");
    for (name, value, code) in [
        ("note", json!("卡片遗失"), "text.length"),
        ("minutes", json!(4), "number.range"),
        ("minutes", json!(241), "number.range"),
    ] {
        let refused = post(with(name, value)).await;
        assert_eq!(
            (refused.problem(422), refused.field_errors()),
            ("request.invalid_fields".into(), vec![format!("/{name} {code}")])
        );
    }
    assert_eq!(post(with("reason", json!("curiosity"))).await.problem(400), "request.unreadable_field");
    // For whoever sees them anyway there is no glass to break.
    let near = app.post(Someone::TELLER_OF_YINZHOU, "/break_glass_grants", wish()).await;
    assert_eq!(near.problem(409), "break_glass.within_reach");
    assert_eq!(app.count("SELECT count(*) AS n FROM break_glass_grants").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn ten_records_a_day_and_no_more() {
    let app = App::start().await;
    somebody_elsewhere(&app).await;
    for _ in 0..10 {
        let close = format!("/break_glass_grants/{}/close", open(&app).await.text_at("/grant_id"));
        app.post(Someone::TELLER, &close, json!({})).await.expect(200);
        app.clock.advance(TimeDelta::minutes(1));
    }
    let refused = app.post(Someone::TELLER, "/break_glass_grants", wish()).await;
    assert_eq!(refused.problem(429), "break_glass.too_many");
    assert_eq!(refused.at("/params/retry_after_seconds"), 24 * 3600 - 600);
    app.clock.advance(TimeDelta::hours(24) - TimeDelta::minutes(10));
    open(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn the_home_branch_judges_and_the_week_is_on_a_list() {
    let app = App::start().await;
    app.execute(&format!("UPDATE staff SET branch_id = '{}' WHERE staff_no = 'B0001'", Place::Ningbo.id()))
        .await;
    app.parts.directory.refresh(&app.db).await.unwrap();
    somebody_elsewhere(&app).await;
    let id = open(&app).await.text_at("/grant_id");

    let inbox = app.get(Someone::BRANCH_MANAGER, "/work_items").await.expect(200);
    assert_eq!(inbox.at("/items/0/item_id"), json!(id));
    assert_eq!(
        inbox.at("/items/0/params"),
        json!({ "staff_no": "T0001", "reason": "walk_in", "minutes": 30 })
    );
    let list = app.get(Someone::BRANCH_MANAGER, "/break_glass_grants?is_reviewed=false").await.expect(200);
    assert_eq!(
        (list.text_at("/items/0/customer_no"), list.at("/items/0/is_reviewable")),
        (CUSTOMER_NO.into(), json!(true))
    );
    assert_eq!(
        app.get(Someone::TELLER_OF_YINZHOU, "/break_glass_grants").await.expect(200).at("/items"),
        json!([])
    );
    let own = app.get(Someone::TELLER, "/break_glass_grants").await.expect(200);
    assert_eq!(
        (own.text_at("/items/0/grant_id"), own.at("/items/0/is_reviewable")),
        (id.clone(), json!(false))
    );

    let review = format!("/break_glass_grants/{id}/review");
    let verdict = json!({ "verdict": "questionable", "review_note": "柜台录像中无此人" });
    assert_eq!(app.post(Someone::TELLER, &review, verdict.clone()).await.problem(403), "staff.forbidden");
    let judged = app.post(Someone::BRANCH_MANAGER, &review, verdict.clone()).await.expect(200);
    assert_eq!(judged.text_at("/verdict"), "questionable");
    assert_eq!(app.post(Someone::RISK_MANAGER, &review, verdict).await.problem(409), "break_glass.reviewed");
    assert_eq!(app.get(Someone::BRANCH_MANAGER, "/work_items").await.expect(200).at("/items"), json!([]));
    let week = "/break_glass_grants?granted_from=2026-10-27T00:00:00Z&granted_to=2026-11-03T00:00:00Z";
    assert_eq!(app.get(Someone::AUDITOR, week).await.expect(200).column("verdict"), ["questionable"]);
    app.finish().await;
}

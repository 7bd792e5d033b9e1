use it::{App, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// A cardholder of the new-town branch with one card, and the address of that card.
async fn one_card(app: &App, changes: Value) -> (Uuid, Uuid, String) {
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(owner, json!({})).await;
    let card = bank.card(owner, account, changes).await;
    (owner, card, format!("/cardholders/{owner}/cards/{card}"))
}

async fn turn(app: &App, someone: Someone, path: &str, verb: &str, read: &Reply) -> Reply {
    let body = json!({ "reason": "客户来电挂失" });
    app.with_etag(Method::POST, someone, &format!("{path}/{verb}"), read, Some(body)).await
}

async fn writes(app: &App) -> i64 {
    app.count("SELECT count(*) AS n FROM audit_entries WHERE action IN ('cards.freeze', 'cards.unfreeze')")
        .await
}

#[tokio::test]
async fn a_card_is_frozen_and_unfrozen_with_reason_and_trail() {
    let app = App::start().await;
    let (owner, card, path) = one_card(&app, json!({})).await;
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let frozen = turn(&app, Someone::TELLER, &path, "freeze", &read).await.expect(200);
    assert_eq!(
        (frozen.text_at("/status"), frozen.text_at("/status_reason")),
        ("frozen".into(), "客户来电挂失".into())
    );
    assert_eq!((frozen.etag(), frozen.at("/version")), ("\"2\"".to_owned(), json!(2)));
    assert_eq!(frozen.text_at("/product_name_en"), "Debit card");
    assert!(frozen.json().get("token").is_none(), "a token never leaves the house");
    let thawed = turn(&app, Someone::RISK_MANAGER, &path, "unfreeze", &frozen).await.expect(200);
    assert_eq!((thawed.text_at("/status"), thawed.etag()), ("active".into(), "\"3\"".to_owned()));
    let trail = app.get(Someone::AUDITOR, "/audit_entries?action=cards.freeze").await.expect(200);
    assert_eq!(trail.text_at("/items/0/object_id"), card.to_string());
    assert_eq!(trail.text_at("/items/0/cardholder_id"), owner.to_string());
    assert_eq!(trail.at("/items/0/changes/status"), json!(["active", "frozen"]));
    assert_eq!(trail.at("/items/0/changes/status_reason"), json!([null, "客户来电挂失"]));
    assert_eq!(writes(&app).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn only_what_the_status_allows_is_done() {
    let app = App::start().await;
    for (status, verb, code) in [
        ("frozen", "freeze", "cards.not_active"),
        ("expired", "freeze", "cards.not_active"),
        ("cancelled", "freeze", "cards.not_active"),
        ("active", "unfreeze", "cards.not_frozen"),
        ("cancelled", "unfreeze", "cards.not_frozen"),
    ] {
        let (_, _, path) = one_card(&app, json!({ "status": status })).await;
        let read = app.get(Someone::TELLER, &path).await.expect(200);
        assert_eq!(turn(&app, Someone::TELLER, &path, verb, &read).await.problem(409), code, "{status}");
        assert_eq!(app.get(Someone::TELLER, &path).await.text_at("/status"), status);
    }
    let (_, _, path) = one_card(&app, json!({ "status": "frozen", "expires_on": "2026-11-01" })).await;
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let refused = turn(&app, Someone::TELLER, &path, "unfreeze", &read).await;
    assert_eq!(refused.problem(409), "cards.past_expiry");
    assert_eq!(writes(&app).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn two_who_freeze_at_once_do_not_overwrite_each_other() {
    let app = App::start().await;
    let (_, _, path) = one_card(&app, json!({})).await;
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let (one, other) = tokio::join!(
        turn(&app, Someone::TELLER, &path, "freeze", &read),
        turn(&app, Someone::RISK_OFFICER, &path, "freeze", &read),
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let bare = app.post(Someone::TELLER, &format!("{path}/freeze"), json!({ "reason": "x" })).await;
    assert_eq!(bare.problem(428), "request.if_match_required");
    let stale = turn(&app, Someone::TELLER, &path, "unfreeze", &read).await;
    assert_eq!(stale.problem(412), "request.stale");
    assert_eq!(writes(&app).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_reason_is_needed_and_names_no_number() {
    let app = App::start().await;
    let (_, _, path) = one_card(&app, json!({})).await;
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let with = async |body: Value| {
        app.with_etag(Method::POST, Someone::TELLER, &format!("{path}/freeze"), &read, Some(body)).await
    };
    for (reason, code) in [
        ("", "text.length"),
        ("   ", "text.blank"),
        ("卡号 4111 1111 1111 1111 丢失", "text.contains_pan"),
        ("证件 11010519491231002X", "text.contains_national_id"),
        (&*"长".repeat(201), "text.length"),
    ] {
        let refused = with(json!({ "reason": reason })).await;
        assert_eq!(refused.problem(422), "request.invalid_fields");
        assert_eq!(refused.field_errors(), [format!("/reason {code}")]);
        assert!(!refused.text.contains("4111") && !refused.text.contains("1949"));
    }
    assert_eq!(with(json!({})).await.field_errors(), ["/reason field.missing"]);
    assert_eq!(
        with(json!({ "reason": "a", "status": "frozen" })).await.field_errors(),
        ["/status field.unknown"]
    );
    assert_eq!(writes(&app).await, 0);
    with(json!({ "reason": "长".repeat(200) })).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn who_may_not_freeze_or_does_not_reach_the_cardholder_changes_nothing() {
    let app = App::start().await;
    let (_, _, path) = one_card(&app, json!({})).await;
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    for someone in [Someone::MANAGER, Someone::MARKETER, Someone::AUDITOR, Someone::ADMIN] {
        assert_eq!(turn(&app, someone, &path, "freeze", &read).await.problem(403), "staff.forbidden");
    }
    let strange = turn(&app, Someone::TELLER_OF_YINZHOU, &path, "freeze", &read).await;
    assert_eq!(strange.problem(404), "cardholders.missing");
    let nothing = path[..path.rfind('/').unwrap()].to_owned() + "/" + &Someone::ADMIN.id().to_string();
    assert_eq!(turn(&app, Someone::TELLER, &nothing, "freeze", &read).await.problem(404), "cards.missing");
    assert_eq!(writes(&app).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_holder_gets_their_card_on_somebody_elses_account_frozen() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Yinzhou, json!({})).await;
    let holder = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(owner, json!({})).await;
    bank.authorise(owner, account, holder, json!({})).await;
    let of_owner = bank.card(owner, account, json!({ "last_four": "0001" })).await;
    let of_holder =
        bank.card(owner, account, json!({ "last_four": "0002", "holder_cardholder_id": holder })).await;
    let list = app.get(Someone::TELLER, &format!("/cardholders/{holder}/cards")).await.expect(200);
    assert_eq!(list.list_at("/items").len(), 1);
    assert_eq!(list.text_at("/items/0/card_id"), of_holder.to_string());
    let all = app.get(Someone::TELLER_OF_YINZHOU, &format!("/cardholders/{owner}/cards")).await.expect(200);
    assert_eq!(all.list_at("/items").len(), 2);
    let path = format!("/cardholders/{holder}/cards/{of_holder}");
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let frozen = turn(&app, Someone::TELLER, &path, "freeze", &read).await.expect(200);
    assert_eq!(frozen.text_at("/cardholder_id"), owner.to_string());
    let theirs = format!("/cardholders/{holder}/cards/{of_owner}");
    assert_eq!(turn(&app, Someone::TELLER, &theirs, "freeze", &read).await.problem(404), "cards.missing");
    app.finish().await;
}

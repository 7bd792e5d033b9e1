//! What cardholders ask for under the law on personal information: its clock, its answer, and what they get to take along.

use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use platform::jobs::enqueue_now;
use records::subject_requests::EndPackages;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cardholders::shen;

async fn somebody(app: &App) -> Uuid {
    let created = app.post(Someone::TELLER, "/cardholders", shen()).await.expect(201);
    created.text_at("/cardholder/cardholder_id").parse().expect("an id")
}

async fn ask(app: &App, owner: Uuid, kind: &str) -> Reply {
    let path = format!("/cardholders/{owner}/subject_requests");
    let new = json!({ "kind": kind, "received_via": "counter", "wish": "客户到柜面提出" });
    app.post(Someone::TELLER, &path, new).await.expect(201)
}

fn at(request: &Reply, deed: &str) -> String {
    format!("/subject_requests/{}{deed}", request.text_at("/request_id"))
}

#[tokio::test]
async fn a_request_has_a_clock_that_is_seen_when_it_runs_out() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let request = ask(&app, owner, "correction").await;
    assert_eq!(
        (request.at("/received_on"), request.at("/due_on"), request.at("/days_left")),
        (json!("2026-11-02"), json!("2026-12-02"), json!(30))
    );
    let item = app.get(Someone::BRANCH_MANAGER, "/work_items?kind=subject_request").await.expect(200);
    assert_eq!(item.at("/items/0/item_id"), request.at("/request_id"));
    assert_eq!(item.at("/items/0/params"), json!({ "request": "correction", "staff_no": "T0001" }));
    assert_eq!(item.at("/items/0/due_at"), "2026-12-02T16:00:00Z");
    app.clock.advance(TimeDelta::days(31));
    let late = app.get(Someone::TELLER, "/subject_requests?is_overdue=true").await.expect(200);
    assert_eq!((late.at("/items/0/days_left"), late.at("/items/0/is_overdue")), (json!(-1), json!(true)));

    // More time is given once, with its reason.
    let more = json!({ "days": 20, "extension_reason": "历史数据需要逐一核对" });
    let refused = app.post(Someone::TELLER, &at(&request, "/extend"), more.clone()).await;
    assert_eq!(refused.problem(403), "staff.forbidden");
    let extended =
        app.post(Someone::BRANCH_MANAGER, &at(&request, "/extend"), more.clone()).await.expect(200);
    assert_eq!(
        (extended.at("/due_on"), extended.at("/is_overdue"), extended.at("/extension_reason")),
        (json!("2026-12-22"), json!(false), json!("历史数据需要逐一核对"))
    );
    let item = app.get(Someone::BRANCH_MANAGER, "/work_items?kind=subject_request").await.expect(200);
    assert_eq!(item.at("/items/0/due_at"), "2026-12-22T16:00:00Z");
    let again = app.post(Someone::BRANCH_MANAGER, &at(&request, "/extend"), more).await;
    assert_eq!(again.problem(409), "subject_requests.extended_already");
    let answer = json!({ "answer": "已按证件更正" });
    let done =
        app.post(Someone::BRANCH_MANAGER, &at(&request, "/complete"), answer.clone()).await.expect(200);
    assert_eq!((done.at("/status"), done.at("/closed_by_name")), (json!("done"), json!("行员B0001")));
    let closed = app.post(Someone::BRANCH_MANAGER, &at(&request, "/refuse"), answer).await;
    assert_eq!(
        (closed.problem(409), closed.at("/params/status")),
        ("subject_requests.closed".into(), json!("done"))
    );
    let inbox = app.get(Someone::BRANCH_MANAGER, "/work_items").await.expect(200);
    assert_eq!(inbox.at("/items"), json!([]));
    app.finish().await;
}

#[tokio::test]
async fn an_objection_counts_from_the_moment_it_is_taken_in() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    ask(&app, owner, "objection").await;
    let sheet = app.get(Someone::TELLER, &format!("/cardholders/{owner}/consents")).await.expect(200);
    assert_eq!(sheet.at("/preferences/is_personalisation_refused"), true);
    app.finish().await;
}

#[tokio::test]
async fn a_person_is_asked_to_look_at_what_a_machine_decided_and_sooner() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let request = ask(&app, owner, "human_review").await;
    assert_eq!(request.at("/days_left"), 15);
    let answer = json!({ "answer": "复核后维持原额度" });
    let refused = app.post(Someone::RISK_MANAGER, &at(&request, "/refuse"), answer).await.expect(200);
    assert_eq!(refused.at("/status"), "refused");
    app.finish().await;
}

#[tokio::test]
async fn somebody_gets_what_the_bank_keeps_of_them_in_clear_and_nobody_else_does() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let bank = app.holdings().await;
    let account = bank.account(owner, json!({})).await;
    bank.card(owner, account, json!({})).await;
    bank.transaction(owner, account, "2026-10-01T02:00:00Z", json!({})).await;
    let request = ask(&app, owner, "portability").await;
    let answer = json!({ "answer": "已交付" });
    let too_soon = app.post(Someone::BRANCH_MANAGER, &at(&request, "/complete"), answer.clone()).await;
    assert_eq!(too_soon.problem(409), "subject_requests.package_missing");
    app.post(Someone::BRANCH_MANAGER, &at(&request, "/package"), json!({})).await.expect(202);
    app.run_jobs().await;

    // Nobody finds a word of it in the database.
    let sealed =
        "SELECT count(*) AS n FROM subject_packages WHERE position('shen@'::bytea IN content_bytes) = 0";
    assert_eq!(app.count(sealed).await, 1);
    let open = at(&request, "/open_package");
    let purpose = json!({ "purpose": "delivery_of_documents", "note": "客户本人到柜面领取" });
    let aimless = app.post(Someone::BRANCH_MANAGER, &open, json!({})).await;
    assert_eq!(aimless.field_errors(), ["/purpose field.missing"]);
    // Whoever took the request in is not shown the numbers for that.
    assert_eq!(app.post(Someone::TELLER, &open, purpose.clone()).await.problem(403), "staff.forbidden");
    let unproven = app.post(Someone::BRANCH_MANAGER, &open, purpose.clone()).await;
    assert_eq!(unproven.problem(403), "staff.step_up_required");
    let token = app.stepped_up(Someone::BRANCH_MANAGER).await;
    let package = app.call(Method::POST, &open, Some(&token), &[], Some(purpose.clone())).await.expect(200);
    let first = |table: &str| package.at(&format!("/content/{table}/0"));
    let asked = shen();
    assert_eq!(first("cardholders")["national_id"], asked["national_id"]);
    assert_eq!(first("cardholders")["name"], asked["name"]);
    assert_eq!(first("cardholder_phones")["number"], "+8613800005678");
    assert_eq!(first("cardholder_addresses")["street"], asked["addresses"][0]["street"]);
    assert_eq!(first("transactions")["merchant_name"], "物美超市");
    assert_eq!(first("cards")["last_four"], "4471");
    for secret in ["national_id_sealed", "national_id_blind", "token", "staff_id"] {
        for table in ["cardholders", "cards", "cardholder_changes"] {
            assert_eq!(first(table).get(secret), None, "{table}.{secret}");
        }
    }
    let opened = "SELECT count(*) AS n FROM audit_entries WHERE action = 'subject_requests.open_package' AND staff_no = 'B0001'
        AND purpose = 'delivery_of_documents'";
    assert_eq!(app.count(opened).await, 1);
    app.post(Someone::BRANCH_MANAGER, &at(&request, "/complete"), answer).await.expect(200);

    // After fourteen days it is gone.
    app.clock.advance(TimeDelta::days(14));
    let token = app.stepped_up(Someone::BRANCH_MANAGER).await;
    let over = app.call(Method::POST, &open, Some(&token), &[], Some(purpose)).await;
    assert_eq!(over.problem(409), "subject_requests.package_gone");
    enqueue_now(&app.db.read().await.unwrap(), &EndPackages {}, &app.clock).await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.count("SELECT count(*) AS n FROM subject_packages").await, 0);
    app.finish().await;
}

/// A request with a package that waits to be opened, and the way to open it.
async fn packed(app: &App, owner: Uuid) -> String {
    let request = ask(app, owner, "access").await;
    app.post(Someone::BRANCH_MANAGER, &at(&request, "/package"), json!({})).await.expect(202);
    app.run_jobs().await;
    at(&request, "/open_package")
}

#[tokio::test]
async fn a_package_counts_in_the_quota_by_what_it_shows() {
    let app = App::start_configured(platform::vault::Keyring::random().expect("keys"), |config| {
        config.reveals.daily_max = 9;
    })
    .await;
    let open = packed(&app, somebody(&app).await).await;
    let token = app.stepped_up(Someone::BRANCH_MANAGER).await;
    let hand_over = async || {
        let purpose = json!({ "purpose": "legal_request" });
        app.call(Method::POST, &open, Some(&token), &[], Some(purpose)).await
    };
    let package = hand_over().await.expect(200);
    let shown: usize = [
        ("cardholders", "national_id"),
        ("cardholder_phones", "number"),
        ("cardholder_emails", "address"),
        ("cardholder_addresses", "street"),
    ]
    .iter()
    .map(|(table, name)| {
        let rows = package.list_at(&format!("/content/{table}"));
        rows.iter().filter(|row| row[name].is_string()).count()
    })
    .sum();
    let used = "SELECT used_count::bigint AS n FROM reveal_quotas";
    assert!(shown >= 4, "{shown}");
    assert_eq!(app.count(used).await, i64::try_from(shown).unwrap());
    let mut opened = 1;
    while hand_over().await.status == 200 {
        opened += 1;
    }
    assert_eq!(opened, 9 / shown);
    let refused = hand_over().await;
    assert_eq!(refused.problem(429), "reveals.quota_exceeded");
    assert!(!refused.text.contains("content"));
    let noted = "SELECT count(*) AS n FROM audit_entries WHERE action = 'subject_requests.open_package' AND outcome = 'refused'";
    assert_eq!(app.count(noted).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_request_goes_with_whoever_asked_to_another_branch() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let open = packed(&app, owner).await;
    app.execute(&format!(
        "UPDATE cardholders SET branch_id = '{}' WHERE cardholder_id = '{owner}'",
        Place::Yinzhou.id()
    ))
    .await;
    let request = open.trim_end_matches("/open_package");
    let token = app.stepped_up(Someone::BRANCH_MANAGER).await;
    let purpose = json!({ "purpose": "legal_request" });
    let gone = app.call(Method::POST, &open, Some(&token), &[], Some(purpose.clone())).await;
    assert_eq!(gone.problem(404), "subject_requests.missing");
    assert_eq!(app.get(Someone::BRANCH_MANAGER, request).await.problem(404), "subject_requests.missing");
    let left = app.get(Someone::BRANCH_MANAGER, "/subject_requests").await.expect(200);
    assert_eq!(left.at("/items"), json!([]));
    app.get(Someone::TELLER_OF_YINZHOU, request).await.expect(200);
    let list = app.get(Someone::TELLER_OF_YINZHOU, "/subject_requests").await.expect(200);
    assert_eq!(list.list_at("/items").len(), 1);
    let token = app.stepped_up(Someone::RISK_MANAGER).await;
    app.call(Method::POST, &open, Some(&token), &[], Some(purpose)).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn what_can_not_be_is_refused_and_who_is_out_of_reach_is_not_there() {
    let app = App::start().await;
    let owner = app.holdings().await.cardholder(Place::Qianjiang, json!({})).await;
    let path = format!("/cardholders/{owner}/subject_requests");
    for (name, value) in [("received_on", json!("2026-11-03")), ("received_on", json!("2026-10-02"))] {
        let mut new = json!({ "kind": "access", "received_via": "letter" });
        new[name] = value;
        let refused = app.post(Someone::TELLER, &path, new).await;
        assert_eq!(refused.field_errors(), ["/received_on subject_requests.received_on"]);
    }
    let new = json!({ "kind": "access", "received_via": "letter", "received_on": "2026-10-03" });
    let strange = app.post(Someone::TELLER_OF_YINZHOU, &path, new.clone()).await;
    assert_eq!(strange.problem(404), "cardholders.missing");
    let request = app.post(Someone::TELLER, &path, new).await.expect(201);
    assert_eq!(request.at("/days_left"), 0);
    let elsewhere = app.get(Someone::TELLER_OF_YINZHOU, &at(&request, "")).await;
    assert_eq!(elsewhere.problem(404), "subject_requests.missing");
    let list = app.get(Someone::TELLER_OF_YINZHOU, "/subject_requests").await.expect(200);
    assert_eq!(list.at("/items"), json!([]));
    let erasure = app
        .post(Someone::TELLER, &path, json!({ "kind": "erasure", "received_via": "counter" }))
        .await
        .expect(201);
    for deed in ["/complete", "/package"] {
        let refused =
            app.post(Someone::BRANCH_MANAGER, &at(&erasure, deed), json!({ "answer": "好的" })).await;
        assert_eq!(refused.problem(409), "subject_requests.other_kind", "{deed}");
    }
    // Page by page, by due date.
    let first = app.get(Someone::AUDITOR, "/subject_requests?limit=1").await.expect(200);
    let next = first.text_at("/next");
    let second = app.get(Someone::AUDITOR, &format!("/subject_requests?limit=1&after={next}")).await;
    let second = second.expect(200);
    assert_eq!(
        [first.column("kind"), second.column("kind")].concat(),
        ["access".to_owned(), "erasure".to_owned()]
    );
    assert_eq!(second.at("/next"), Value::Null);
    app.finish().await;
}

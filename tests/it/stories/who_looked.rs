//! Who looked at somebody beside their record: at a request about them, at what they ask under the law, at nothing because they may
//! not; and who was kept from deciding.

use it::{App, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    approvals::{decide, post_proved, renaming, request_path},
    cardholders::{create, path_of, shen},
};

/// `action outcome staff_no code` of what the page "who looked" shows, the newest first.
async fn looked(app: &App, path: &str) -> Vec<String> {
    let log = app.get(Someone::AUDITOR, &format!("{path}/access_log?limit=50")).await.expect(200);
    let word = |item: &Value, name: &str| item[name].as_str().unwrap_or("-").to_owned();
    let line = |item: &Value| {
        format!("{} {} {}", word(item, "action"), word(item, "outcome"), word(item, "staff_no"))
    };
    let lines = log.list_at("/items");
    lines.iter().map(line).filter(|line| !line.starts_with("access_log.read")).collect()
}

async fn newest(app: &App, path: &str) -> String {
    looked(app, path).await.into_iter().next().expect("somebody looked")
}

fn at(submitted: &Reply) -> String {
    request_path(submitted, "").trim_end_matches('/').to_owned()
}

#[tokio::test]
async fn a_request_and_a_wish_under_the_law_show_whom_they_are_about() {
    let app = App::start().await;
    let (path, submitted) = renaming(&app).await;
    app.get(Someone::BRANCH_MANAGER, &at(&submitted)).await.expect(200);
    assert_eq!(newest(&app, &path).await, "approvals.read done B0001");
    let wish = json!({ "kind": "access", "received_via": "counter" });
    let asked = app.post(Someone::TELLER, &format!("{path}/subject_requests"), wish).await.expect(201);
    let asked = format!("/subject_requests/{}", asked.text_at("/request_id"));
    app.get(Someone::RISK_MANAGER, &asked).await.expect(200);
    assert_eq!(newest(&app, &path).await, "subject_requests.read done K0002");
    let list = format!("/subject_requests?cardholder_id={}", &path["/cardholders/".len()..]);
    app.get(Someone::BRANCH_MANAGER, &list).await.expect(200);
    assert_eq!(newest(&app, &path).await, "subject_requests.read done B0001");

    // Whoever asks for what is not there for them is remembered too.
    for hidden in [at(&submitted), asked] {
        app.get(Someone::TELLER_OF_YINZHOU, &hidden).await.expect(404);
        assert_eq!(newest(&app, &path).await, "access.refuse refused T0002", "{hidden}");
    }
    app.get(Someone::TELLER, &format!("/approvals/{}", uuid::Uuid::nil())).await.expect(404);
    let nobody =
        "SELECT count(*) AS n FROM audit_entries WHERE action = 'access.refuse' AND staff_no = 'T0001'
        AND cardholder_id IS NULL AND object_kind = 'approval'";
    assert_eq!(app.count(nobody).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_merge_shows_two_people() {
    let app = App::start().await;
    let survivor = path_of(&create(&app, shen()).await.expect(201));
    let other = json!({ "name": "周一诺", "branch_id": Place::Qianjiang.id() });
    let other = path_of(&app.post(Someone::TELLER, "/cardholders", other).await.expect(201));
    let wished = json!({ "absorbed_id": &other["/cardholders/".len()..] });
    app.post(Someone::MANAGER, &format!("{survivor}/preview_merge"), wished.clone()).await.expect(200);
    for path in [&survivor, &other] {
        assert_eq!(newest(&app, path).await, "merges.preview done R0001");
    }
    let read = app.get(Someone::TELLER, &survivor).await.expect(200);
    let mut body = wished;
    body["evidence_note"] = json!("证件一致，为同一人");
    let path = format!("{survivor}/merge");
    let asked = app.with_etag(Method::POST, Someone::TELLER, &path, &read, Some(body)).await.expect(202);
    app.get(Someone::BRANCH_MANAGER, &at(&asked)).await.expect(200);
    for path in [&survivor, &other] {
        assert_eq!(newest(&app, path).await, "approvals.read done B0001");
    }
    app.finish().await;
}

#[tokio::test]
async fn whoever_is_kept_from_deciding_leaves_a_row() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::BRANCH_MANAGER, &path).await;
    let own = app.patch(Someone::BRANCH_MANAGER, &path, &read, json!({ "name": "沈佳怡" })).await.expect(202);
    decide(&app, Someone::BRANCH_MANAGER, &own, "approve").await.expect(403);
    assert_eq!(newest(&app, &path).await, "approvals.approve refused B0001");
    decide(&app, Someone::BRANCH_MANAGER, &own, "reject").await.expect(403);
    assert_eq!(newest(&app, &path).await, "approvals.reject refused B0001");
    let many = json!({ "ids": [own.text_at("/approval/approval_id")], "decision": "approve" });
    let many = post_proved(&app, Someone::BRANCH_MANAGER, "/approvals/decide", many).await.expect(200);
    assert_eq!(many.at("/items/0/code"), "approvals.own_request");
    assert_eq!(newest(&app, &path).await, "approvals.approve refused B0001");

    // Too late, and out of sight.
    decide(&app, Someone::RISK_MANAGER, &own, "approve").await.expect(200);
    decide(&app, Someone::RISK_MANAGER, &own, "reject").await.expect(409);
    assert_eq!(newest(&app, &path).await, "approvals.reject refused K0002");
    decide(&app, Someone::ADMIN, &own, "approve").await.expect(404);
    assert_eq!(newest(&app, &path).await, "approvals.approve refused A0001");
    let codes = "SELECT changes->'code'->>1 AS code FROM audit_entries WHERE action IN ('approvals.approve', 'approvals.reject')
        AND outcome = 'refused' ORDER BY occurred_at, audit_id";
    assert_eq!(
        app.lines(codes).await,
        [
            "approvals.own_request",
            "approvals.own_request",
            "approvals.own_request",
            "approvals.not_pending",
            "approvals.missing"
        ]
    );
    app.finish().await;
}

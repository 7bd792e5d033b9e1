//! What needs a second pair of eyes: asked for, looked at, decided, done.

use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

use super::cardholders::{create, path_of, shen};

/// The branch's manager approves what was submitted.
pub(super) async fn approve(app: &App, submitted: &Reply) {
    assert_eq!(submitted.status, 202, "{submitted:?}");
    decide(app, Someone::BRANCH_MANAGER, submitted, "approve").await.expect(200);
}

pub(super) async fn decide(app: &App, checker: Someone, submitted: &Reply, verb: &str) -> Reply {
    let body = if verb == "reject" { json!({ "comment": "证明材料不清晰" }) } else { json!({}) };
    post_proved(app, checker, &request_path(submitted, verb), body).await
}

/// By somebody who has just proved to be themselves: every approval asks for it.
pub(super) async fn post_proved(app: &App, checker: Someone, path: &str, body: Value) -> Reply {
    let token = app.stepped_up(checker).await;
    app.call(Method::POST, path, Some(&token), &[], Some(body)).await
}

pub(super) fn request_path(submitted: &Reply, verb: &str) -> String {
    format!("/approvals/{}/{verb}", submitted.text_at("/approval/approval_id"))
}

/// Somebody's record, and the answer to a teller who wants another name for them.
pub(super) async fn renaming(app: &App) -> (String, Reply) {
    let path = path_of(&create(app, shen()).await.expect(201));
    let submitted = rename(app, &path, "沈佳怡").await.expect(202);
    (path, submitted)
}

pub(super) async fn rename(app: &App, path: &str, name: &str) -> Reply {
    let read = app.get(Someone::TELLER, path).await;
    let patch = json!({ "name": name, "evidence_note": "公安机关更名证明已核验" });
    app.patch(Someone::TELLER, path, &read, patch).await
}

pub(super) async fn status(app: &App, submitted: &Reply) -> String {
    let path = request_path(submitted, "");
    app.get(Someone::RISK_MANAGER, path.trim_end_matches('/')).await.expect(200).text_at("/status")
}

async fn waiting(app: &App, someone: Someone) -> usize {
    app.get(someone, "/approvals?decidable=true").await.expect(200).list_at("/items").len()
}

#[tokio::test]
async fn a_new_name_waits_for_somebody_else_and_is_then_there() {
    let app = App::start().await;
    let (path, submitted) = renaming(&app).await;
    assert_eq!(submitted.text_at("/approval/status"), "pending");
    assert_eq!(
        (submitted.at("/approval/may_decide"), submitted.at("/approval/may_withdraw")),
        (json!(false), json!(true))
    );
    let still = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!((still.text_at("/name"), still.etag()), ("沈嘉怡".into(), "\"1\"".into()));

    let inbox = app.get(Someone::BRANCH_MANAGER, "/work_items?kind=approval").await.expect(200);
    assert_eq!(
        inbox.at("/items/0/params"),
        json!({ "operation": "cardholders.change_name", "staff_no": "T0001" })
    );
    let bench = app.get(Someone::BRANCH_MANAGER, "/workbench").await.expect(200);
    assert_eq!(
        (bench.at("/cards/0/code"), bench.at("/cards/0/value")),
        (json!("approvals_waiting"), json!(1))
    );
    let list = app.get(Someone::BRANCH_MANAGER, "/approvals?decidable=true").await.expect(200);
    assert_eq!(
        (
            list.text_at("/items/0/subject_name"),
            list.text_at("/items/0/maker_name"),
            list.at("/items/0/may_decide")
        ),
        ("沈嘉怡".into(), "行员T0001".into(), json!(true))
    );
    let detail = app
        .get(Someone::BRANCH_MANAGER, request_path(&submitted, "").trim_end_matches('/'))
        .await
        .expect(200);
    assert_eq!(
        detail.at("/diff"),
        json!([
            { "table": "cardholders", "field": "name", "before": "沈嘉怡", "after": "沈佳怡" },
        ])
    );
    assert_eq!(detail.at("/impact"), json!({ "accounts": 0, "cards": 0 }));
    assert_eq!(detail.text_at("/evidence_note"), "公安机关更名证明已核验");

    let done = decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await.expect(200);
    assert_eq!((done.text_at("/status"), done.at("/approvals_given")), ("executed".into(), json!(1)));
    let now = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!((now.text_at("/name"), now.etag()), ("沈佳怡".into(), "\"2\"".into()));
    let history = app.get(Someone::TELLER, &format!("{path}/changes?field=name")).await.expect(200);
    assert_eq!(history.text_at("/items/0/reason"), "公安机关更名证明已核验");
    assert_eq!(waiting(&app, Someone::BRANCH_MANAGER).await, 0);
    let inbox = app.get(Someone::BRANCH_MANAGER, "/work_items?kind=approval").await.expect(200);
    assert_eq!(inbox.at("/items"), json!([]));
    let again = decide(&app, Someone::RISK_MANAGER, &submitted, "approve").await;
    assert_eq!(
        (again.problem(409), again.at("/params/status")),
        ("approvals.not_pending".into(), json!("executed"))
    );
    let trail = app
        .lines("SELECT action, staff_no FROM audit_entries WHERE object_kind = 'approval' ORDER BY audit_id")
        .await;
    assert_eq!(
        trail,
        [
            "approvals.submit T0001",
            "approvals.read B0001",
            "approvals.approve B0001",
            "approvals.conclude B0001",
            // Too late.
            "approvals.approve K0002"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn what_waits_is_sealed_and_what_is_shown_of_it_is_masked() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::TELLER, &path).await;
    let number = super::cardholders::id_no("99010619900101443");
    let submitted =
        app.patch(Someone::TELLER, &path, &read, json!({ "national_id": number })).await.expect(202);
    for plain in [number.as_str(), "990106"] {
        let sql = format!(
            "SELECT count(*) AS n FROM approvals WHERE position(convert_to('{plain}', 'UTF8') IN payload_bytes) > 0"
        );
        assert_eq!(app.count(&sql).await, 0);
    }
    let address = request_path(&submitted, "");
    let detail = app.get(Someone::BRANCH_MANAGER, address.trim_end_matches('/')).await.expect(200);
    assert!(!detail.text.contains(&number));
    let fields: Vec<Value> = detail.list_at("/diff").iter().map(|line| line["field"].clone()).collect();
    assert_eq!(fields, [json!("gender"), json!("birth_on"), json!("national_id_masked")]);
    // Whoever audits sees it too; what their role does not see would be named and missing.
    app.get(Someone::AUDITOR, address.trim_end_matches('/')).await.expect(200);
    approve(&app, &submitted).await;
    let now = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!(now.text_at("/birth_on"), "1990-01-01");
    app.finish().await;
}

#[tokio::test]
async fn filling_in_what_nobody_knew_needs_no_approval() {
    let app = App::start().await;
    let nobody = json!({ "branch_id": Place::Qianjiang.id() });
    let path = path_of(&create(&app, nobody).await.expect(201));
    let read = app.get(Someone::TELLER, &path).await;
    let named = app
        .patch(Someone::TELLER, &path, &read, json!({ "name": "沈嘉怡", "occupation": "教师" }))
        .await
        .expect(200);
    let known =
        json!({ "id_kind": "resident_id", "national_id": super::cardholders::id_no("99010619880312442") });
    app.patch(Someone::TELLER, &path, &named, known).await.expect(200);
    let phone = json!({ "kind": "mobile", "number": "13800005678", "is_primary": true });
    app.post(Someone::TELLER, &format!("{path}/phones"), phone).await.expect(201);
    app.finish().await;
}

#[tokio::test]
async fn the_primary_phone_changes_by_approval_whichever_way() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let phones = format!("{path}/phones");
    let contacts = async || app.get(Someone::TELLER, &format!("{path}/contacts")).await.expect(200);
    let second = json!({ "kind": "work", "number": "13900001111" });
    let second = app.post(Someone::TELLER, &phones, second).await.expect(201).text_at("/contact_id");

    let promoted = app
        .patch(
            Someone::TELLER,
            &format!("{phones}/{second}"),
            &contacts().await,
            json!({ "is_primary": true }),
        )
        .await;
    assert_eq!(contacts().await.text_at("/phones/0/number_masked"), "138****5678");
    approve(&app, &promoted).await;
    assert_eq!(contacts().await.text_at("/phones/0/number_masked"), "139****1111");

    let third = json!({ "kind": "mobile", "number": "13700002222", "is_primary": true });
    let added = app.post(Someone::TELLER, &phones, third).await;
    assert_eq!(contacts().await.list_at("/phones").len(), 2);
    approve(&app, &added).await;
    let now = contacts().await;
    assert_eq!(now.text_at("/phones/0/number_masked"), "137****2222");

    let primary = format!("{phones}/{}", now.text_at("/phones/0/phone_id"));
    let deleted = app.with_etag(Method::DELETE, Someone::TELLER, &primary, &now, None).await;
    approve(&app, &deleted).await;
    let left = contacts().await;
    assert_eq!(left.list_at("/phones").len(), 2);
    assert_eq!(left.at("/phones/0/is_primary"), false);
    // With none left that is primary, any may become it.
    app.patch(Someone::TELLER, &format!("{phones}/{second}"), &left, json!({ "is_primary": true }))
        .await
        .expect(204);
    let stepping_back = app
        .patch(
            Someone::TELLER,
            &format!("{phones}/{second}"),
            &contacts().await,
            json!({ "is_primary": false }),
        )
        .await;
    approve(&app, &stepping_back).await;
    assert_eq!(contacts().await.at("/phones/0/is_primary"), false);
    app.finish().await;
}

#[tokio::test]
async fn another_role_waits_and_bites_at_once_when_it_is_approved() {
    let app = App::start().await;
    let path = format!("/staff/{}", Someone::MANAGER.id());
    let read = app.get(Someone::ADMIN, &path).await.expect(200);
    let wish = json!({ "role": "service_agent", "scope": "bank", "evidence_note": "岗位调整通知 2026-17" });
    let submitted = app.patch(Someone::ADMIN, &path, &read, wish).await.expect(202);
    assert_eq!(submitted.text_at("/approval/subject_no"), "R0001");
    // A relationship manager still, who may change profiles.
    assert_eq!(create_as_manager(&app).await.status, 201);
    let detail = app
        .get(Someone::BRANCH_MANAGER, request_path(&submitted, "").trim_end_matches('/'))
        .await
        .expect(200);
    assert_eq!(
        detail.at("/diff"),
        json!([
            { "table": "staff", "field": "role", "before": "relationship_manager", "after": "service_agent" },
            { "table": "staff", "field": "scope", "before": "branch", "after": "bank" },
        ])
    );
    approve(&app, &submitted).await;
    assert_eq!(create_as_manager(&app).await.problem(403), "staff.forbidden");
    app.finish().await;
}

async fn create_as_manager(app: &App) -> Reply {
    app.post(Someone::MANAGER, "/cardholders", json!({ "branch_id": Place::Qianjiang.id() })).await
}

#[tokio::test]
async fn a_policy_may_ask_for_two_and_one_person_does_not_count_twice() {
    let app = App::start().await;
    own_policy(&app, json!({ "approvals_needed": 2 })).await;
    let (path, submitted) = renaming(&app).await;
    let first = decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await.expect(200);
    assert_eq!(
        (
            first.text_at("/status"),
            first.at("/approvals_given"),
            first.at("/approvals_needed"),
            first.at("/may_decide")
        ),
        ("pending".into(), json!(1), json!(2), json!(false))
    );
    assert_eq!(waiting(&app, Someone::BRANCH_MANAGER).await, 0);
    let again = decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await;
    assert_eq!(again.problem(409), "approvals.decided_already");
    assert_eq!(app.get(Someone::TELLER, &path).await.text_at("/name"), "沈嘉怡");
    let second = decide(&app, Someone::RISK_MANAGER, &submitted, "approve").await.expect(200);
    assert_eq!(second.text_at("/status"), "executed");
    assert_eq!(app.get(Someone::TELLER, &path).await.text_at("/name"), "沈佳怡");
    app.finish().await;
}

/// A line of the bank's own in place of the standing policy for names.
pub(super) async fn own_policy(app: &App, changes: Value) {
    let row = json!({
        "policy_id": app.clock.new_id::<uuid::Uuid>(), "operation": "cardholders.change_name",
        "maker_permission": "cardholders:write", "checker_permission": "cardholders:approve",
        "approvals_needed": 1, "expires_hours": 72, "authority_scope": "branch",
    });
    app.holdings().await.put("approval_policies", row, changes).await;
}

#[tokio::test]
async fn the_policy_table_can_be_read_and_the_bank_s_own_lines_replace_the_standing_ones() {
    let app = App::start().await;
    let read = async || app.get(Someone::TELLER, "/approval_policies").await.expect(200);
    let standing = read().await;
    assert_eq!(standing.list_at("/items").len(), 7);
    let line = |reply: &Reply| {
        let lines = reply.list_at("/items");
        lines.into_iter().find(|line| line["operation"] == "cardholders.change_name").unwrap()
    };
    assert_eq!(
        (&line(&standing)["approvals_needed"], &line(&standing)["policy_id"]),
        (&json!(1), &Value::Null)
    );
    own_policy(&app, json!({ "approvals_needed": 3, "authority_scope": "bank" })).await;
    let own = read().await;
    assert_eq!(own.list_at("/items").len(), 7);
    assert_eq!(
        (&line(&own)["approvals_needed"], &line(&own)["authority_scope"]),
        (&json!(3), &json!("bank"))
    );
    app.execute("DELETE FROM approval_policies").await;
    assert_eq!(read().await.json(), standing.json());
    app.finish().await;
}

#[tokio::test]
async fn two_checkers_at_once_execute_once() {
    let app = App::start().await;
    let (path, submitted) = renaming(&app).await;
    let (one, other) = tokio::join!(
        decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve"),
        decide(&app, Someone::RISK_MANAGER, &submitted, "approve")
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{one:?} {other:?}");
    assert_eq!(app.get(Someone::TELLER, &path).await.etag(), "\"2\"");
    assert_eq!(app.count("SELECT count(*) AS n FROM approval_decisions").await, 1);
    assert_eq!(
        app.count("SELECT count(*) AS n FROM audit_entries WHERE action = 'cardholders.change'").await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn many_are_decided_at_once_each_with_its_own_result() {
    let app = App::start().await;
    let (_, good) = renaming(&app).await;
    let mut other = shen();
    (other["duplicate_override_reason"], other["phones"]) = (json!("同名不同人"), json!([]));
    other["national_id"] = json!(super::cardholders::id_no("99010619880312444"));
    let path = path_of(&create(&app, other).await.expect(201));
    let moved = rename(&app, &path, "沈加怡").await.expect(202);
    let read = app.get(Someone::TELLER, &path).await;
    app.patch(Someone::TELLER, &path, &read, json!({ "occupation": "教师" })).await.expect(200);
    let nowhere = "019a4000-0000-7000-8000-000000000000";
    let ids = json!([good.text_at("/approval/approval_id"), moved.text_at("/approval/approval_id"), nowhere]);

    let bare = json!({ "ids": ids, "decision": "reject" });
    let bare = app.post(Someone::BRANCH_MANAGER, "/approvals/decide", bare).await;
    assert_eq!(
        (bare.problem(422), bare.field_errors()),
        ("approvals.comment_missing".into(), vec!["/comment approvals.comment_missing".into()])
    );
    let all = json!({ "ids": ids, "decision": "approve" });
    let results = post_proved(&app, Someone::BRANCH_MANAGER, "/approvals/decide", all).await.expect(200);
    let codes: Vec<Value> = results.list_at("/items").iter().map(|item| item["code"].clone()).collect();
    assert_eq!(codes, [Value::Null, json!("approvals.stale_base"), json!("approvals.missing")]);
    assert_eq!(results.text_at("/items/0/approval/status"), "executed");
    assert_eq!((status(&app, &good).await, status(&app, &moved).await), ("executed".into(), "stale".into()));
    app.finish().await;
}

#[tokio::test]
async fn requests_are_paged_by_status_and_by_who_made_them() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let mut made = Vec::new();
    for name in ["沈一", "沈二", "沈三"] {
        let submitted = rename(&app, &path, name).await.expect(202);
        made.push(submitted.text_at("/approval/approval_id"));
        app.post(Someone::TELLER, &request_path(&submitted, "withdraw"), json!({})).await.expect(200);
        app.clock.advance(TimeDelta::seconds(1));
    }
    rename(&app, &path, "沈四").await.expect(202);
    made.reverse();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = app
            .get(Someone::TELLER, &format!("/approvals?status=withdrawn&mine=true&limit=1{after}"))
            .await
            .expect(200);
        seen.extend(page.column("approval_id"));
        match page.at("/next").as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    let count = async |someone, query: &str| {
        app.get(someone, &format!("/approvals{query}")).await.expect(200).list_at("/items").len()
    };
    assert_eq!(count(Someone::BRANCH_MANAGER, "").await, 4);
    assert_eq!(count(Someone::BRANCH_MANAGER, "?mine=true").await, 0);
    assert_eq!(count(Someone::BRANCH_MANAGER, "?status=pending&operation=cardholders.change_name").await, 1);
    assert_eq!(count(Someone::TELLER_OF_YINZHOU, "").await, 0);
    let object = path.rsplit('/').next().unwrap();
    assert_eq!(count(Someone::MANAGER, &format!("?object_id={object}&status=pending")).await, 1);
    assert_eq!(count(Someone::ADMIN, "").await, 0);
    app.finish().await;
}

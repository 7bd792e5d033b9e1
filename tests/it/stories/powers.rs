//! One person alone gives nobody powers: not by employing, not by letting back in, not by moving.

use it::{App, PASSWORD, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

use super::approvals::{approve, decide};

async fn employ(app: &App, staff_no: &str, role: &str) -> Reply {
    let new = json!({
        "staff_no": staff_no, "name": "林静怡", "role": role, "branch_id": Place::Qianjiang.id(),
        "evidence_note": "录用通知已核对",
    });
    app.post(Someone::ADMIN, "/staff", new).await.expect(201)
}

async fn sign_in(app: &App, staff_no: &str, password: &str) -> Reply {
    let body = json!({ "staff_no": staff_no, "password": password });
    app.call(Method::POST, "/auth/login", None, &[], Some(body)).await
}

async fn patch(app: &App, staff_id: &str, change: Value) -> Reply {
    let path = format!("/staff/{staff_id}");
    let read = app.get(Someone::ADMIN, &path).await.expect(200);
    app.patch(Someone::ADMIN, &path, &read, change).await
}

#[tokio::test]
async fn whoever_is_new_can_do_nothing_before_somebody_else_has_approved_it() {
    let app = App::start().await;
    let employed = employ(&app, "A0042", "admin").await;
    assert_eq!(employed.at("/staff/is_active"), false);
    assert_eq!(employed.text_at("/approval/operation"), "staff.change_role");
    let password = employed.text_at("/initial_password");
    assert_eq!(sign_in(&app, "A0042", &password).await.problem(401), "staff.sign_in_refused");
    // Nor is there a way round it.
    let staff_id = employed.text_at("/staff/staff_id");
    let enabling = patch(&app, &staff_id, json!({ "is_active": true })).await;
    assert_eq!(enabling.problem(409), "approvals.already_pending");
    assert_eq!(
        decide(&app, Someone::ADMIN, &employed, "approve").await.problem(403),
        "approvals.own_request"
    );
    let request = format!("/approvals/{}", employed.text_at("/approval/approval_id"));
    let shown = app.get(Someone::BRANCH_MANAGER, &request).await.expect(200);
    assert_eq!(
        shown.at("/diff"),
        json!([
            { "table": "staff", "field": "role", "before": null, "after": "admin" },
            { "table": "staff", "field": "scope", "before": null, "after": "bank" },
            { "table": "staff", "field": "branch_id", "before": null, "after": "钱江新城支行" },
            { "table": "staff", "field": "is_active", "before": "false", "after": "true" },
        ])
    );
    decide(&app, Someone::BRANCH_MANAGER, &employed, "approve").await.expect(200);
    sign_in(&app, "A0042", &password).await.expect(200);

    let refused = employ(&app, "T0042", "teller").await;
    decide(&app, Someone::BRANCH_MANAGER, &refused, "reject").await.expect(200);
    let password = refused.text_at("/initial_password");
    assert_eq!(sign_in(&app, "T0042", &password).await.problem(401), "staff.sign_in_refused");
    app.finish().await;
}

#[tokio::test]
async fn letting_somebody_back_in_waits_and_shutting_them_out_does_not() {
    let app = App::start().await;
    let teller = Someone::TELLER.id().to_string();
    patch(&app, &teller, json!({ "is_active": false })).await.expect(200);
    // Of no use to anybody as long as the account is shut.
    patch(&app, &teller, json!({ "role": "auditor", "scope": "bank" })).await.expect(200);
    let mixed = patch(&app, &teller, json!({ "is_active": true, "name": "又名" })).await;
    assert_eq!(mixed.field_errors(), ["/name approvals.mixed_change"]);
    let asked = patch(&app, &teller, json!({ "is_active": true, "role": "teller" })).await.expect(202);
    assert_eq!(sign_in(&app, "T0001", PASSWORD).await.problem(401), "staff.sign_in_refused");
    approve(&app, &asked).await;
    sign_in(&app, "T0001", PASSWORD).await.expect(200);
    let now = app.get(Someone::ADMIN, &format!("/staff/{teller}")).await.expect(200);
    assert_eq!((now.text_at("/role"), now.text_at("/scope")), ("teller".into(), "bank".into()));
    app.finish().await;
}

#[tokio::test]
async fn a_move_waits_where_it_shows_somebody_what_they_did_not_see() {
    let app = App::start().await;
    let move_to = async |someone: Someone, place: Place| {
        patch(&app, &someone.id().to_string(), json!({ "branch_id": place.id() })).await
    };
    // From a city to one of its branches: less than before.
    move_to(Someone::RISK_OFFICER, Place::Xixi).await.expect(200);
    let up = move_to(Someone::RISK_OFFICER, Place::HeadOffice).await.expect(202);
    assert_eq!(up.text_at("/approval/branch_id"), Place::HeadOffice.id().to_string());
    // Whoever decides must have a say in the new place.
    assert_eq!(decide(&app, Someone::BRANCH_MANAGER, &up, "approve").await.problem(404), "approvals.missing");
    let beside = move_to(Someone::TELLER_OF_YINZHOU, Place::Qianjiang).await.expect(202);
    let request = format!("/approvals/{}", beside.text_at("/approval/approval_id"));
    let shown = app.get(Someone::BRANCH_MANAGER, &request).await.expect(200);
    assert_eq!(
        shown.at("/diff"),
        json!([{ "table": "staff", "field": "branch_id", "before": "鄞州支行", "after": "钱江新城支行" }])
    );
    approve(&app, &beside).await;
    let path = format!("/staff/{}", Someone::TELLER_OF_YINZHOU.id());
    let moved = app.get(Someone::ADMIN, &path).await.expect(200);
    assert_eq!(moved.text_at("/branch_id"), Place::Qianjiang.id().to_string());
    // Their scope does not go by places.
    move_to(Someone::AGENT, Place::Xixi).await.expect(200);
    move_to(Someone::OWN_MANAGER, Place::Xixi).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn an_empty_bank_begins_with_two_who_can_approve_each_other_s() {
    let app = App::start().await;
    app.execute("DELETE FROM staff").await;
    app.execute("DELETE FROM branches").await;
    let founders = || [("A0001".to_owned(), "林静怡".to_owned()), ("A0002".to_owned(), "何敏".to_owned())];
    let found = async || {
        let actor = platform::Actor::system("found");
        let rules = &app.parts.config.sessions;
        let name = "江南银行".to_owned();
        app.db.write(&actor, async |tx| trust::staff::found(tx, rules, name, founders()).await).await
    };
    let employed = found().await.expect("founded");
    assert!(employed.iter().all(|one| one.staff.is_active && one.staff.second_factor_due_at.is_some()));
    for one in &employed {
        sign_in(&app, &one.staff.staff_no, &one.initial_password).await.expect(200);
    }
    assert!(found().await.is_err());
    app.finish().await;
}

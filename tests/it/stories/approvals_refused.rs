//! What an approval refuses: the wrong person, the wrong moment, the wrong bytes.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use it::{App, Place, Someone};
use platform::jobs::enqueue_now;
use serde_json::json;
use trust::approvals::ExpireApprovals;

use super::{
    approvals::{decide, own_policy, rename, renaming, request_path, status},
    cardholders::{create, path_of, shen},
};

#[tokio::test]
async fn nobody_decides_what_they_asked_for_whatever_their_role() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::BRANCH_MANAGER, &path).await;
    let own = app.patch(Someone::BRANCH_MANAGER, &path, &read, json!({ "name": "沈佳怡" })).await.expect(202);
    for verb in ["approve", "reject"] {
        assert_eq!(
            decide(&app, Someone::BRANCH_MANAGER, &own, verb).await.problem(403),
            "approvals.own_request"
        );
    }
    let staff = format!("/staff/{}", Someone::TELLER.id());
    let read = app.get(Someone::ADMIN, &staff).await;
    let own = app.patch(Someone::ADMIN, &staff, &read, json!({ "role": "auditor" })).await.expect(202);
    assert_eq!(decide(&app, Someone::ADMIN, &own, "approve").await.problem(403), "approvals.own_request");
    // The database itself refuses, even to its owner.
    let sql = format!(
        "INSERT INTO approval_decisions SELECT approval_id, maker_id, maker_id, 'approve', NULL, created_at FROM approvals
         WHERE approval_id = '{}'",
        own.text_at("/approval/approval_id")
    );
    let refused = app.owner().await.batch_execute(&sql).await.unwrap_err().to_string();
    assert!(refused.contains("approval_decisions_checker_check"), "{refused}");
    let forged = sql.replace("maker_id, maker_id,", &format!("maker_id, '{}',", Someone::TELLER.id()));
    let refused = app.owner().await.batch_execute(&forged).await.unwrap_err().to_string();
    assert!(refused.contains("approval_decisions_maker_id_fkey"), "{refused}");
    app.finish().await;
}

#[tokio::test]
async fn a_yes_is_given_by_somebody_who_has_just_proved_to_be_themselves() {
    let app = App::start().await;
    let (_, submitted) = renaming(&app).await;
    let approve = request_path(&submitted, "approve");
    let bare = app.post(Someone::BRANCH_MANAGER, &approve, json!({})).await;
    assert_eq!(bare.problem(403), "staff.step_up_required");
    let bulk = json!({ "ids": [submitted.text_at("/approval/approval_id")], "decision": "approve" });
    let bulk = app.post(Someone::BRANCH_MANAGER, "/approvals/decide", bulk).await;
    assert_eq!(bulk.problem(403), "staff.step_up_required");
    assert_eq!(status(&app, &submitted).await, "pending");
    // A no keeps things as they are.
    let reason = json!({ "comment": "证明材料不清晰" });
    app.post(Someone::BRANCH_MANAGER, &request_path(&submitted, "reject"), reason).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn nobody_decides_about_themselves() {
    let app = App::start().await;
    let path = format!("/staff/{}", Someone::BRANCH_MANAGER.id());
    let read = app.get(Someone::ADMIN, &path).await;
    let promotion =
        app.patch(Someone::ADMIN, &path, &read, json!({ "role": "risk_manager", "scope": "bank" })).await;
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &promotion, "approve").await.problem(403),
        "approvals.own_case"
    );
    let list = app.get(Someone::BRANCH_MANAGER, "/approvals?decidable=true").await.expect(200);
    assert_eq!(list.at("/items"), json!([]));
    app.finish().await;
}

#[tokio::test]
async fn only_who_has_the_permission_the_branch_and_the_level_decides() {
    let app = App::start().await;
    let (_, near) = renaming(&app).await;
    for someone in [Someone::TELLER, Someone::MANAGER, Someone::AUDITOR] {
        assert_eq!(decide(&app, someone, &near, "approve").await.problem(403), "staff.forbidden");
    }
    assert_eq!(decide(&app, Someone::ADMIN, &near, "approve").await.problem(404), "approvals.missing");
    let far = json!({ "name": "周一诺", "branch_id": Place::Yinzhou.id() });
    let far = path_of(&app.post(Someone::TELLER_OF_YINZHOU, "/cardholders", far).await.expect(201));
    let read = app.get(Someone::TELLER_OF_YINZHOU, &far).await;
    let far =
        app.patch(Someone::TELLER_OF_YINZHOU, &far, &read, json!({ "name": "周一诚" })).await.expect(202);
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &far, "approve").await.problem(404),
        "approvals.missing"
    );
    decide(&app, Someone::RISK_MANAGER, &far, "approve").await.expect(200);

    // From the city's level on, a branch's manager sees it and may not decide it.
    app.post(Someone::TELLER, &request_path(&near, "withdraw"), json!({})).await.expect(200);
    own_policy(&app, json!({ "authority_scope": "city" })).await;
    let path = format!("/cardholders/{}", near.text_at("/approval/object_id"));
    let above = rename(&app, &path, "沈佳怡").await.expect(202);
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &above, "approve").await.problem(403),
        "approvals.not_a_checker"
    );
    let bench = app.get(Someone::BRANCH_MANAGER, "/workbench").await.expect(200);
    assert_eq!(bench.at("/cards/0/value"), 0);
    app.execute(&format!("UPDATE staff SET branch_id = '{}' WHERE staff_no = 'B0001'", Place::Hangzhou.id()))
        .await;
    app.parts.directory.refresh(&app.db).await.unwrap();
    decide(&app, Someone::BRANCH_MANAGER, &above, "approve").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn a_guarded_field_comes_alone_and_once() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::TELLER, &path).await;
    let mixed = json!({ "name": "沈佳怡", "occupation": "教师", "employer": null });
    let mixed = app.patch(Someone::TELLER, &path, &read, mixed).await;
    assert_eq!(mixed.problem(409), "approvals.mixed_change");
    assert_eq!(
        mixed.field_errors(),
        ["/occupation approvals.mixed_change", "/employer approvals.mixed_change"]
    );
    let submitted = rename(&app, &path, "沈佳怡").await.expect(202);
    let second = rename(&app, &path, "沈加怡").await;
    assert_eq!(
        (second.problem(409), second.at("/params/approval_id")),
        ("approvals.already_pending".into(), submitted.at("/approval/approval_id"))
    );
    let staff = format!("/staff/{}", Someone::TELLER.id());
    let read = app.get(Someone::ADMIN, &staff).await;
    let mixed = app.patch(Someone::ADMIN, &staff, &read, json!({ "role": "auditor", "name": "又名" })).await;
    assert_eq!(
        (mixed.problem(409), mixed.field_errors()),
        ("approvals.mixed_change".into(), vec!["/name approvals.mixed_change".into()])
    );
    let noted = json!({ "role": "auditor", "evidence_note": "卡号 4111 1111 1111 1111" });
    let noted = app.patch(Someone::ADMIN, &staff, &read, noted).await;
    assert_eq!(noted.problem(422), "request.invalid_fields");
    app.finish().await;
}

#[tokio::test]
async fn a_request_upon_what_has_changed_since_must_be_made_again() {
    let app = App::start().await;
    let (path, submitted) = renaming(&app).await;
    let read = app.get(Someone::TELLER, &path).await;
    app.patch(Someone::TELLER, &path, &read, json!({ "occupation": "教师" })).await.expect(200);
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await.problem(409),
        "approvals.stale_base"
    );
    assert_eq!(status(&app, &submitted).await, "stale");
    assert_eq!(app.get(Someone::TELLER, &path).await.text_at("/name"), "沈嘉怡");
    assert_eq!(app.count("SELECT count(*) AS n FROM work_items WHERE done_at IS NULL").await, 0);
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await.problem(409),
        "approvals.not_pending"
    );
    let again = rename(&app, &path, "沈佳怡").await.expect(202);
    decide(&app, Someone::BRANCH_MANAGER, &again, "approve").await.expect(200);
    assert_eq!(app.get(Someone::TELLER, &path).await.text_at("/name"), "沈佳怡");
    app.finish().await;
}

#[tokio::test]
async fn what_is_executed_is_what_was_approved_byte_for_byte() {
    let app = App::start().await;
    let (path, submitted) = renaming(&app).await;
    let id = submitted.text_at("/approval/approval_id");
    let other = path_of(
        &create(&app, json!({ "branch_id": Place::Qianjiang.id(), "name": "周一诺" })).await.expect(201),
    );
    let other = other.rsplit('/').next().unwrap();
    // As somebody with every right on the database would: another text, another person, another version, another digest.
    for damage in [
        "payload_bytes = set_byte(payload_bytes, 40, get_byte(payload_bytes, 40) # 1)",
        &format!("object_id = '{other}'"),
        "base_version = base_version + 1",
        "payload_digest = sha256(payload_bytes)",
        "operation = 'cardholders.change_national_id'",
    ] {
        app.execute("CREATE TABLE kept AS SELECT * FROM approvals").await;
        app.execute(&format!("UPDATE approvals SET {damage}")).await;
        let refused = decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await;
        assert_eq!(refused.problem(409), "approvals.payload_damaged", "{damage}");
        app.execute(
            "UPDATE approvals a SET (operation, object_id, base_version, payload_bytes, payload_digest) =
                 (SELECT k.operation, k.object_id, k.base_version, k.payload_bytes, k.payload_digest FROM kept k);
             DROP TABLE kept",
        )
        .await;
    }
    assert_eq!(app.get(Someone::TELLER, &path).await.text_at("/name"), "沈嘉怡");
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_entries WHERE action = 'approvals.approve' AND outcome = 'refused'").await, 5);
    decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await.expect(200);
    assert_eq!(status(&app, &submitted).await, "executed", "{id}");

    let staff = format!("/staff/{}", Someone::TELLER.id());
    let read = app.get(Someone::ADMIN, &staff).await;
    let role = app.patch(Someone::ADMIN, &staff, &read, json!({ "role": "auditor" })).await.expect(202);
    let power = r#"{"role":"admin","scope":"bank"}"#;
    app.execute(&format!(
        "UPDATE approvals SET payload_bytes = convert_to('{power}', 'UTF8') WHERE status = 'pending'"
    ))
    .await;
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &role, "approve").await.problem(409),
        "approvals.payload_damaged"
    );
    assert_eq!(app.get(Someone::ADMIN, &staff).await.text_at("/role"), "teller");
    app.finish().await;
}

#[tokio::test]
async fn what_can_t_be_executed_rolls_the_decision_back_and_says_why() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let phone = json!({ "kind": "mobile", "number": "13700002222", "is_primary": true });
    let submitted = app.post(Someone::TELLER, &format!("{path}/phones"), phone).await.expect(202);
    // The number arrives behind the application's back, so that the record's version does not tell.
    let known = app.vault.blind(platform::vault::Blind::PhoneNumber, "+8613700002222");
    app.execute(&format!(
        "INSERT INTO cardholder_phones (cardholder_id, phone_id, kind, is_primary, number_sealed, number_blind, tail_blind, number_masked, created_at)
         SELECT cardholder_id, '019a4000-0000-7000-8000-000000000001', 'home', false, number_sealed, decode('{}', 'hex'), tail_blind, '137****2222', created_at
         FROM cardholder_phones",
        hex(&known)
    ))
    .await;
    let refused = decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await;
    assert_eq!(refused.problem(409), "cardholders.contact_known");
    assert_eq!(status(&app, &submitted).await, "pending");
    assert_eq!(app.count("SELECT count(*) AS n FROM approval_decisions").await, 0);
    decide(&app, Someone::BRANCH_MANAGER, &submitted, "reject").await.expect(200);
    assert_eq!(status(&app, &submitted).await, "rejected");
    app.finish().await;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_request_expires_by_itself_and_is_decided_no_more() {
    let app = App::start().await;
    let (path, submitted) = renaming(&app).await;
    app.clock.advance(TimeDelta::hours(72) - TimeDelta::seconds(1));
    enqueue_now(&app.db.read().await.unwrap(), &ExpireApprovals {}, &app.clock).await.unwrap();
    app.run_jobs().await;
    assert_eq!(status(&app, &submitted).await, "pending");
    app.clock.advance(TimeDelta::seconds(1));
    // Before the job has come by, deciding finds out.
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await.problem(409),
        "approvals.expired"
    );
    assert_eq!(status(&app, &submitted).await, "expired");

    let second = rename(&app, &path, "沈佳怡").await.expect(202);
    app.clock.advance(TimeDelta::hours(72));
    enqueue_now(&app.db.read().await.unwrap(), &ExpireApprovals {}, &app.clock).await.unwrap();
    app.run_jobs().await;
    assert_eq!(status(&app, &second).await, "expired");
    let late = decide(&app, Someone::BRANCH_MANAGER, &second, "approve").await;
    assert_eq!(
        (late.problem(409), late.at("/params/status")),
        ("approvals.not_pending".into(), json!("expired"))
    );
    assert_eq!(app.count("SELECT count(*) AS n FROM work_items WHERE done_at IS NULL").await, 0);

    // One that nobody has ended yet makes room for the next.
    rename(&app, &path, "沈佳怡").await.expect(202);
    app.clock.advance(TimeDelta::hours(73));
    rename(&app, &path, "沈加怡").await.expect(202);
    assert_eq!(app.count("SELECT count(*) AS n FROM approvals WHERE status = 'expired'").await, 3);
    app.finish().await;
}

#[tokio::test]
async fn the_maker_alone_takes_a_request_back_and_a_no_needs_its_reason() {
    let app = App::start().await;
    let (path, submitted) = renaming(&app).await;
    let withdraw = request_path(&submitted, "withdraw");
    assert_eq!(app.post(Someone::MANAGER, &withdraw, json!({})).await.problem(404), "approvals.missing");
    let bare = app
        .post(Someone::BRANCH_MANAGER, &request_path(&submitted, "reject"), json!({ "comment": " " }))
        .await;
    assert_eq!(bare.problem(422), "request.invalid_fields");
    let back = app.post(Someone::TELLER, &withdraw, json!({})).await.expect(200);
    assert_eq!((back.text_at("/status"), back.at("/may_withdraw")), ("withdrawn".into(), json!(false)));
    assert_eq!(app.post(Someone::TELLER, &withdraw, json!({})).await.problem(409), "approvals.not_pending");
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &submitted, "approve").await.problem(409),
        "approvals.not_pending"
    );
    let rejected = rename(&app, &path, "沈加怡").await.expect(202);
    decide(&app, Someone::BRANCH_MANAGER, &rejected, "reject").await.expect(200);
    let address = request_path(&rejected, "");
    let detail = app.get(Someone::TELLER, address.trim_end_matches('/')).await.expect(200);
    assert_eq!(
        (
            detail.text_at("/status"),
            detail.text_at("/decisions/0/comment"),
            detail.text_at("/decisions/0/checker_name")
        ),
        ("rejected".into(), "证明材料不清晰".into(), "行员B0001".into())
    );
    app.finish().await;
}

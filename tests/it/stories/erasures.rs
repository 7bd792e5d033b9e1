//! Erasing a person: nothing of who they were is left anywhere, what has to be kept is kept, and whoever comes back is known for
//! that alone.

use it::{App, Planted, Reply, Someone, dump};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    approvals::{own_policy, post_proved, rename, request_path, status},
    cardholders::id_no,
};

const NAME: &str = "独孤明月清风";
const OTHER_NAME: &str = "独孤明月长风";
const EMPLOYER: &str = "紫薇星辰软件研究院";
const PHONE: &str = "13812347591";
const EMAIL: &str = "planted.person@example.com";
const STREET: &str = "紫藤巷七十九弄三号楼";
const NOTES: [&str; 4] =
    ["更名依据栽种文字甲", "授权凭据栽种文字乙", "客户要求栽种文字丙", "应急查阅栽种文字丁"];

fn person() -> Value {
    json!({
        "name": NAME, "id_kind": "resident_id", "national_id": id_no("99010619880312447"), "employer": EMPLOYER,
        "branch_id": it::Place::Qianjiang.id(), "phones": [{ "kind": "mobile", "number": PHONE }],
        "emails": [{ "kind": "personal", "address": EMAIL }],
        "addresses": [{ "kind": "home", "country": "CN", "city": "杭州市", "street": STREET }],
    })
}

pub(super) fn planted() -> Planted {
    let mut planted = Planted::default();
    for (what, value) in [
        ("name", NAME),
        ("other name", OTHER_NAME),
        ("pinyin", "du gu ming yue"),
        ("employer", EMPLOYER),
        ("phone", PHONE),
        ("e-mail", EMAIL),
        ("street", STREET),
    ] {
        planted.add(what, value);
    }
    planted.add("identity number", &id_no("99010619880312447"));
    planted.add("masked phone", "138****7591");
    NOTES.iter().for_each(|note| planted.add("note", note));
    planted
}

async fn found(app: &App) -> Vec<String> {
    let planted = planted();
    dump(app).await.iter().flat_map(|column| planted.found_in(&column.name, &column.text)).collect()
}

/// Somebody whom the bank has worked with, and their wish to be erased.
pub(super) async fn somebody(app: &App) -> (Uuid, Reply) {
    let created = app.post(Someone::TELLER, "/cardholders", person()).await.expect(201);
    let owner: Uuid = created.text_at("/cardholder/cardholder_id").parse().expect("an id");
    let path = format!("/cardholders/{owner}");
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let patch = json!({ "employer": format!("{EMPLOYER}分院") });
    app.patch(Someone::TELLER, &path, &read, patch).await.expect(200);
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let patch = json!({ "name": OTHER_NAME, "evidence_note": NOTES[0] });
    let submitted = app.patch(Someone::TELLER, &path, &read, patch).await.expect(202);
    let comment = json!({ "comment": NOTES[0] });
    let approve = request_path(&submitted, "approve");
    post_proved(app, Someone::BRANCH_MANAGER, &approve, comment).await.expect(200);
    let text = json!({ "purpose": "marketing", "body_zh": "我同意银行向我介绍产品。", "body_en": "I agree to hear of it." });
    let text = app.post(Someone::RISK_MANAGER, "/consent_texts", text).await.expect(201);
    let consent = json!({
        "purpose": "marketing", "channels": ["sms"], "text_id": text.at("/text_id"), "evidence": "letter", "evidence_note": NOTES[1],
    });
    app.post(Someone::TELLER, &format!("{path}/consents"), consent).await.expect(200);
    let glass = json!({ "customer_no": created.at("/cardholder/customer_no"), "reason": "walk_in", "note": format!("{}，持卡人在柜台", NOTES[3]) });
    app.post(Someone::TELLER_OF_YINZHOU, "/break_glass_grants", glass).await.expect(201);
    (owner, ask(app, owner).await)
}

async fn ask(app: &App, owner: Uuid) -> Reply {
    let path = format!("/cardholders/{owner}/subject_requests");
    let wish = json!({ "kind": "erasure", "received_via": "letter", "wish": NOTES[2] });
    app.post(Someone::TELLER, &path, wish).await.expect(201)
}

pub(super) fn erase(request: &Reply) -> String {
    format!("/subject_requests/{}/erase", request.text_at("/request_id"))
}

/// One approval, so that a story needs no third manager.
pub(super) async fn one_approval(app: &App) {
    let line = json!({ "operation": "cardholders.erase", "maker_permission": "cardholders:lifecycle" });
    own_policy(app, line).await;
}

/// A file of somebody's list that can be fetched until tomorrow.
async fn an_open_export(app: &App) {
    let (file_id, now): (Uuid, _) = (app.clock.new_id(), app.clock.now());
    let bank = app.holdings().await;
    let file = json!({
        "file_id": file_id, "purpose": "export", "name": "cardholders.csv", "media": "csv", "byte_count": 1, "chunk_count": 1,
        "sha256": "\\x00", "master_key_id": "k", "wrapped_key": "\\x00", "created_at": now, "finished_at": now,
    });
    bank.put("files", file, json!({})).await;
    let export = json!({
        "export_id": app.clock.new_id::<Uuid>(), "staff_id": Someone::TELLER.id(), "staff_no": "T0001",
        "branch_id": it::Place::Qianjiang.id(), "list": "cardholders", "query": {}, "format": "csv", "purpose": "service",
        "status": "ready", "rows_expected": 1, "file_id": file_id, "file_name": "cardholders.csv", "row_count": 1,
        "byte_count": 1, "sha256": "\\x00", "download_count": 0, "version": 1, "created_at": now, "finished_at": now,
        "expires_at": now + chrono::TimeDelta::days(1),
    });
    bank.put("exports", export, json!({})).await;
}

#[tokio::test]
async fn nothing_is_left_of_who_they_were() {
    let app = App::start().await;
    one_approval(&app).await;
    let (owner, request) = somebody(&app).await;
    let path = format!("/cardholders/{owner}");
    an_open_export(&app).await;
    assert!(found(&app).await.iter().any(|line| line.starts_with("cardholder_changes.before_value: name")));

    let submitted = app.post(Someone::BRANCH_MANAGER, &erase(&request), json!({})).await.expect(202);
    let approve = request_path(&submitted, "approve");
    let decided = post_proved(&app, Someone::RISK_MANAGER, &approve, json!({})).await.expect(200);
    assert_eq!(decided.text_at("/status"), "approved");
    // What still waits about them could not be carried out any more.
    let waiting = rename(&app, &path, NAME).await.expect(202);
    app.run_jobs().await;
    assert_eq!(status(&app, &submitted).await, "executed");
    assert_eq!(status(&app, &waiting).await, "stale");
    assert_eq!(found(&app).await, [""; 0]);
    for table in [
        "cardholder_keys",
        "cardholder_phones",
        "national_id_index",
        "phone_index",
        "phone_tail_index",
        "email_index",
        "street_index",
        "name_grams",
    ] {
        assert_eq!(app.count(&format!("SELECT count(*) AS n FROM {table}")).await, 0, "{table}");
    }

    // Nor can a file be fetched that may hold them.
    assert_eq!(app.count("SELECT count(*) AS n FROM files").await, 0);
    let over =
        format!("SELECT count(*) AS n FROM exports WHERE expires_at <= '{}'", app.clock.now().to_rfc3339());
    assert_eq!(app.count(&over).await, 1);

    // The tombstone is read and never written upon.
    let stone = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!(
        (stone.at("/name"), stone.at("/national_id_masked"), stone.at("/lifecycle")),
        (Value::Null, Value::Null, json!("closed"))
    );
    let changed = app.patch(Someone::TELLER, &path, &stone, json!({ "occupation": "教师" })).await;
    assert_eq!(changed.problem(409), "cardholders.erased");
    let answered =
        app.get(Someone::TELLER, &format!("/subject_requests/{}", request.text_at("/request_id"))).await;
    assert_eq!(answered.expect(200).at("/status"), "done");
    for q in [NAME, PHONE, EMAIL] {
        let search = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": q })).await.expect(200);
        assert_eq!(search.at("/items"), json!([]), "{q}");
    }
    let check = app.get(Someone::TELLER, &format!("{path}/erasure_check")).await.expect(200);
    assert_eq!((check.at("/is_erased"), check.at("/is_allowed")), (json!(true), json!(false)));
    let trail = "SELECT count(*) AS n FROM audit_entries WHERE action = 'erasures.erase' AND purpose LIKE 'approval %'";
    assert_eq!(app.count(trail).await, 1);

    // Whoever comes back is known for having been erased, and for nothing else.
    let back = app.post(Someone::TELLER, "/cardholders", person()).await;
    assert_eq!(
        (back.problem(409), back.at("/params/erased_on"), back.at("/params/candidates")),
        ("cardholders.possible_duplicate".into(), json!("2026-11-02"), json!([]))
    );
    let mut meant = person();
    meant["duplicate_override_reason"] = json!("客户重新开户");
    app.post(Someone::TELLER, "/cardholders", meant).await.expect(201);
    app.finish().await;
}

#[tokio::test]
async fn what_must_be_kept_is_kept_and_told() {
    let app = App::start().await;
    one_approval(&app).await;
    let (owner, request) = somebody(&app).await;
    let bank = app.holdings().await;
    let closed = json!({ "status": "closed", "closed_on": "2016-06-01", "opened_on": "2010-01-01" });
    let account = bank.account(owner, closed).await;
    let checked = async || {
        let path = format!("/cardholders/{owner}/erasure_check");
        let check = app.get(Someone::TELLER, &path).await.expect(200);
        let lines = check.list_at("/obstacles");
        lines.iter().map(|line| format!("{} {}", line["obstacle"], line["until_on"])).collect::<Vec<_>>()
    };
    assert_eq!(checked().await, [""; 0]);
    bank.transaction(owner, account, "2025-10-01T02:00:00Z", json!({})).await;
    assert_eq!(checked().await, [r#""statutory_retention" "2035-10-01""#]);
    bank.account(owner, json!({})).await;
    assert_eq!(checked().await, [r#""open_account" null"#, r#""statutory_retention" "2035-10-01""#]);
    let refused = app.post(Someone::BRANCH_MANAGER, &erase(&request), json!({})).await;
    assert_eq!(refused.problem(409), "erasures.held");
    assert_eq!(refused.at("/params/obstacles/0/obstacle"), "open_account");

    let holds = format!("/cardholders/{owner}/legal_holds");
    let hold = json!({ "reason": "litigation", "note": "调查令 88" });
    assert_eq!(app.post(Someone::TELLER, &holds, hold.clone()).await.problem(403), "staff.forbidden");
    let placed = app.post(Someone::RISK_MANAGER, &holds, hold).await.expect(201);
    assert_eq!(checked().await.first().map(String::as_str), Some(r#""legal_hold" null"#));
    let lift = format!("{holds}/{}/lift", placed.text_at("/hold_id"));
    app.post(Someone::RISK_MANAGER, &lift, json!({})).await.expect(200);
    assert_eq!(app.post(Someone::RISK_MANAGER, &lift, json!({})).await.problem(404), "erasures.hold_missing");
    assert_eq!(checked().await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_hold_that_comes_after_the_approval_goes_before_it() {
    let app = App::start().await;
    one_approval(&app).await;
    let (owner, request) = somebody(&app).await;
    let submitted = app.post(Someone::BRANCH_MANAGER, &erase(&request), json!({})).await.expect(202);
    let again = app.post(Someone::BRANCH_MANAGER, &erase(&request), json!({})).await;
    assert_eq!(again.problem(409), "approvals.already_pending");
    let approve = request_path(&submitted, "approve");
    post_proved(&app, Someone::RISK_MANAGER, &approve, json!({})).await.expect(200);
    let hold = json!({ "reason": "regulator" });
    app.post(Someone::RISK_MANAGER, &format!("/cardholders/{owner}/legal_holds"), hold).await.expect(201);
    app.run_jobs().await;
    assert_eq!(status(&app, &submitted).await, "failed");
    let kept = app.get(Someone::TELLER, &format!("/cardholders/{owner}")).await.expect(200);
    assert_eq!(kept.text_at("/name"), OTHER_NAME);
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholder_keys").await, 1);
    app.finish().await;
}

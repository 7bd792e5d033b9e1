use chrono::TimeDelta;
use it::{App, PASSWORD, Reply, Someone};
use platform::totp;
use reqwest::Method;
use serde_json::{Value, json};

use super::approvals;

const OFFICER: Someone = Someone::RISK_OFFICER;

async fn post(app: &App, path: &str, token: Option<&str>, body: Value) -> Reply {
    app.call(Method::POST, path, token, &[], Some(body)).await
}

async fn sign_in(app: &App, password: &str) -> Reply {
    post(app, "/auth/login", None, json!({ "staff_no": OFFICER.staff_no, "password": password })).await
}

/// What the authenticator shows some seconds from now.
fn code(app: &App, secret: &str, seconds: i64) -> String {
    totp::code_at(secret, app.clock.now() + TimeDelta::seconds(seconds)).expect("a code")
}

/// Six digits that no step around has.
fn wrong_code(app: &App, secret: &str) -> String {
    let near: Vec<String> = [-60, -30, 0, 30, 60].map(|seconds| code(app, secret, seconds)).into();
    (0..9).map(|n| format!("00000{n}")).find(|text| !near.contains(text)).expect("one of nine")
}

/// Sets a second factor up; answers the secret and the recovery codes. The present code is used up.
async fn enrol(app: &App) -> (String, Vec<String>) {
    let token = app.stepped_up(OFFICER).await;
    let begun = app.call(Method::POST, "/auth/second_factor", Some(&token), &[], None).await.expect(201);
    let secret = begun.text_at("/secret");
    let shown = json!({ "code": code(app, &secret, 0) });
    let codes = post(app, "/auth/second_factor/confirm", Some(&token), shown).await.expect(201);
    let codes =
        codes.list_at("/recovery_codes").iter().map(|c| c.as_str().expect("a code").to_owned()).collect();
    app.clock.advance(TimeDelta::seconds(60));
    (secret, codes)
}

async fn challenge(app: &App) -> String {
    let asked = sign_in(app, PASSWORD).await;
    assert_eq!(asked.problem(401), "staff.second_factor_required");
    assert!(asked.header("set-cookie").is_none());
    asked.text_at("/params/challenge")
}

async fn answer(app: &App, challenge: &str, code: &str) -> Reply {
    post(app, "/auth/login/second_factor", None, json!({ "challenge": challenge, "code": code })).await
}

#[tokio::test]
async fn it_is_set_up_with_a_code_and_asked_for_from_then_on() {
    let app = App::start().await;
    let signed_in = sign_in(&app, PASSWORD).await.expect(200).text_at("/access_token");
    let begin =
        async |token: &str| app.call(Method::POST, "/auth/second_factor", Some(token), &[], None).await;
    assert_eq!(begin(&signed_in).await.problem(403), "staff.step_up_required");
    post(&app, "/auth/step_up", Some(&signed_in), json!({ "password": PASSWORD })).await.expect(204);
    let confirm = async |code: &str| {
        post(&app, "/auth/second_factor/confirm", Some(&signed_in), json!({ "code": code })).await
    };
    assert_eq!(confirm("123456").await.problem(409), "staff.second_factor_not_begun");
    let first = begin(&signed_in).await.expect(201).text_at("/secret");
    let begun = begin(&signed_in).await.expect(201);
    let secret = begun.text_at("/secret");
    assert_ne!(first, secret, "replaced until it is confirmed");
    assert!(begun.text_at("/otpauth_uri").starts_with("otpauth://totp/Cardea:K0001?secret="));
    assert_eq!(confirm(&code(&app, &first, 0)).await.field_errors(), ["/code staff.second_factor_wrong"]);
    sign_in(&app, PASSWORD).await.expect(200);
    let codes = confirm(&code(&app, &secret, 0)).await.expect(201).list_at("/recovery_codes");
    assert_eq!(codes.len(), 10);
    assert_eq!(begin(&signed_in).await.problem(409), "staff.second_factor_enrolled");
    let state = app.call(Method::GET, "/auth/second_factor", Some(&signed_in), &[], None).await.expect(200);
    assert_eq!(state.at("/recovery_codes_left"), 10);

    let challenge = challenge(&app).await;
    assert_eq!(
        answer(&app, &challenge, &code(&app, &secret, 0)).await.problem(401),
        "staff.second_factor_wrong"
    );
    app.clock.advance(TimeDelta::seconds(30));
    answer(&app, &challenge, &code(&app, &secret, 0)).await.expect(200);
    let kept = app.lines("SELECT encode(sealed_secret, 'hex') FROM staff_second_factors").await;
    assert!(!kept[0].contains(&hex_of(&secret)), "sealed");
    let trail = "SELECT action FROM audit_entries WHERE action LIKE 'staff.%' ORDER BY occurred_at, audit_id";
    assert_eq!(
        app.lines(trail).await,
        ["staff.begin_second_factor", "staff.begin_second_factor", "staff.confirm_second_factor"]
    );
    app.finish().await;
}

fn hex_of(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_code_a_challenge_and_a_recovery_code_are_good_once() {
    let app = App::start().await;
    let (secret, codes) = enrol(&app).await;
    let first = challenge(&app).await;
    let now = code(&app, &secret, 0);
    answer(&app, &first, &now).await.expect(200);
    assert_eq!(answer(&app, &challenge(&app).await, &now).await.problem(401), "staff.second_factor_wrong");
    assert_eq!(answer(&app, &first, &code(&app, &secret, 30)).await.problem(401), "staff.challenge_ended");

    // All in one request, for programs; however the code on paper is typed.
    let body = |recovery_code: &str| json!({ "staff_no": OFFICER.staff_no, "password": PASSWORD, "recovery_code": recovery_code });
    let typed = codes[0].to_uppercase().replace('-', " ");
    post(&app, "/auth/login", None, body(&typed)).await.expect(200);
    assert_eq!(
        post(&app, "/auth/login", None, body(&codes[0])).await.problem(401),
        "staff.second_factor_wrong"
    );
    let by_challenge = json!({ "challenge": challenge(&app).await, "recovery_code": codes[1] });
    post(&app, "/auth/login/second_factor", None, by_challenge).await.expect(200);
    assert_eq!(app.count("SELECT count(*) AS n FROM staff_recovery_codes WHERE used_at IS NULL").await, 8);
    app.finish().await;
}

#[tokio::test]
async fn a_challenge_ends_after_five_minutes_and_with_the_password_and_in_another_browser() {
    let app = App::start().await;
    let (secret, _) = enrol(&app).await;
    let late = challenge(&app).await;
    app.clock.advance(TimeDelta::minutes(5));
    assert_eq!(answer(&app, &late, &code(&app, &secret, 0)).await.problem(401), "staff.challenge_ended");
    let stolen = challenge(&app).await;
    let body = json!({ "challenge": stolen, "code": code(&app, &secret, 0) });
    let elsewhere = [("user-agent", "another browser")];
    let refused = app.call(Method::POST, "/auth/login/second_factor", None, &elsewhere, Some(body)).await;
    assert_eq!(refused.problem(401), "staff.challenge_ended");
    let before = challenge(&app).await;
    let path = format!("/staff/{}/reset_password", OFFICER.id());
    app.call(Method::POST, &path, Some(&app.token_of(Someone::ADMIN)), &[], None).await.expect(200);
    assert_eq!(answer(&app, &before, &code(&app, &secret, 0)).await.problem(401), "staff.challenge_ended");
    for forged in ["x", "eyJhbGciOiJub25lIn0.e30.", &app.token_of(OFFICER)] {
        assert_eq!(answer(&app, forged, "123456").await.problem(401), "staff.challenge_ended");
    }
    app.finish().await;
}

#[tokio::test]
async fn whether_there_is_one_is_told_after_the_right_password_alone() {
    let app = App::start().await;
    let (secret, _) = enrol(&app).await;
    let right = code(&app, &secret, 0);
    let mut answers = Vec::new();
    for (staff_no, password, code) in [
        ("NOBODY", PASSWORD, Some(&right)),
        ("K0001", "wrong password", None),
        ("K0001", "wrong password", Some(&right)),
        ("T0001", "wrong password", Some(&right)),
    ] {
        let body = json!({ "staff_no": staff_no, "password": password, "code": code });
        let mut problem = post(&app, "/auth/login", None, body).await.json();
        problem["trace_id"] = json!("-");
        answers.push(problem);
    }
    assert_eq!(answers[0]["code"], "staff.sign_in_refused");
    assert!(answers.iter().all(|problem| *problem == answers[0]), "{answers:#?}");
    // Somebody without a second factor may send a code all the same.
    let body = json!({ "staff_no": "T0001", "password": PASSWORD, "code": "123456" });
    post(&app, "/auth/login", None, body).await.expect(200);
    let body = json!({ "staff_no": "K0001", "password": PASSWORD, "code": right });
    post(&app, "/auth/login", None, body).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn wrong_codes_lock_the_account_also_when_they_come_at_once() {
    let app = App::start().await;
    let (secret, _) = enrol(&app).await;
    let asked = challenge(&app).await;
    let wrong = wrong_code(&app, &secret);
    let tries = (0..12).map(|_| answer(&app, &asked, &wrong));
    let answers = futures_util::future::join_all(tries).await;
    let judged = answers.iter().filter(|reply| reply.status == 401).count();
    assert_eq!(judged, 5, "the sixth finds the account locked");
    let locked = answer(&app, &asked, &code(&app, &secret, 0)).await;
    assert_eq!(locked.problem(429), "staff.locked_out");
    // The right password alone does not start the count anew.
    app.clock.advance(TimeDelta::seconds(61));
    let asked = challenge(&app).await;
    assert_eq!(app.count("SELECT failed_sign_ins::bigint AS n FROM staff WHERE staff_no = 'K0001'").await, 5);
    answer(&app, &asked, &code(&app, &secret, 0)).await.expect(200);
    assert_eq!(app.count("SELECT failed_sign_ins::bigint AS n FROM staff WHERE staff_no = 'K0001'").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn step_up_takes_the_second_factor_of_whoever_has_one() {
    let app = App::start().await;
    let (secret, codes) = enrol(&app).await;
    let body = json!({ "staff_no": "K0001", "password": PASSWORD, "code": code(&app, &secret, 0) });
    let token = post(&app, "/auth/login", None, body).await.expect(200).text_at("/access_token");
    let remove = async || app.call(Method::DELETE, "/auth/second_factor", Some(&token), &[], None).await;
    let asked = remove().await;
    assert_eq!(asked.problem(403), "staff.step_up_required");
    assert_eq!(asked.at("/params/methods"), json!(["code", "recovery_code"]));
    let step_up = async |shown: Value| post(&app, "/auth/step_up", Some(&token), shown).await;
    assert_eq!(step_up(json!({ "password": PASSWORD })).await.field_errors(), ["/code field.missing"]);
    assert_eq!(
        step_up(json!({ "code": code(&app, &secret, 0) })).await.field_errors(),
        ["/code staff.second_factor_wrong"],
        "it was used to sign in"
    );
    app.clock.advance(TimeDelta::seconds(30));
    step_up(json!({ "code": code(&app, &secret, 0) })).await.expect(204);
    app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(remove().await.problem(403), "staff.step_up_required");
    step_up(json!({ "recovery_code": codes[0] })).await.expect(204);
    remove().await.expect(204);
    sign_in(&app, PASSWORD).await.expect(200);
    let asked = app.call(Method::POST, "/auth/second_factor", Some(&token), &[], None).await;
    asked.expect(201);
    app.finish().await;
}

#[tokio::test]
async fn whoever_approves_must_have_one_after_the_grace() {
    let app = App::start().await;
    let place = it::Place::Qianjiang.id();
    let new = |staff_no: &str, role: &str| json!({ "staff_no": staff_no, "name": "林静怡", "role": role, "branch_id": place });
    let employ = async |staff_no: &str, role: &str| {
        let employed = app.post(Someone::ADMIN, "/staff", new(staff_no, role)).await.expect(201);
        approvals::decide(&app, Someone::BRANCH_MANAGER, &employed, "approve").await.expect(200);
        format!("/staff/{}", employed.text_at("/staff/staff_id"))
    };
    let path = employ("K0042", "risk_officer").await;
    let employed = app.get(Someone::ADMIN, &path).await.expect(200);
    assert_eq!(employed.text_at("/second_factor_due_at"), "2026-11-09T01:00:00Z");
    let path = employ("T0042", "teller").await;
    let read = app.get(Someone::ADMIN, &path).await.expect(200);
    assert_eq!(read.at("/second_factor_due_at"), Value::Null);
    let asked = app.patch(Someone::ADMIN, &path, &read, json!({ "role": "risk_officer" })).await;
    approvals::approve(&app, &asked).await;
    let promoted = app.get(Someone::ADMIN, &path).await.expect(200);
    assert_eq!(promoted.text_at("/second_factor_due_at"), "2026-11-09T01:00:00Z");

    app.execute("UPDATE staff SET second_factor_due_at = '2026-11-02T01:30:00Z' WHERE staff_no = 'K0001'")
        .await;
    app.parts.directory.refresh(&app.db).await.unwrap();
    let me = app.get(OFFICER, "/me").await.expect(200);
    assert_eq!(me.text_at("/second_factor_due_at"), "2026-11-02T01:30:00Z");
    app.get(OFFICER, "/branches").await.expect(200);
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(app.get(OFFICER, "/branches").await.problem(403), "staff.second_factor_due");
    app.get(OFFICER, "/me").await.expect(200);
    enrol(&app).await;
    app.get(OFFICER, "/branches").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn an_administrator_takes_a_lost_one_away_and_another_is_due_at_once() {
    let app = App::start().await;
    let (secret, _) = enrol(&app).await;
    let body = json!({ "staff_no": "K0001", "password": PASSWORD, "code": code(&app, &secret, 0) });
    let token = post(&app, "/auth/login", None, body).await.expect(200).text_at("/access_token");
    let path = format!("/staff/{}/reset_second_factor", OFFICER.id());
    let reset = async |token: &str| app.call(Method::POST, &path, Some(token), &[], None).await;
    assert_eq!(reset(&app.token_of(Someone::ADMIN)).await.problem(403), "staff.step_up_required");
    let admin = app.stepped_up(Someone::ADMIN).await;
    reset(&admin).await.expect(204);
    let me = app.call(Method::GET, "/me", Some(&token), &[], None).await;
    assert_eq!(me.problem(401), "staff.sign_in_required");
    let token = sign_in(&app, PASSWORD).await.expect(200).text_at("/access_token");
    let list = app.call(Method::GET, "/branches", Some(&token), &[], None).await;
    assert_eq!(list.problem(403), "staff.second_factor_due");
    enrol(&app).await;
    let trail = "SELECT staff_no FROM audit_entries WHERE action = 'staff.reset_second_factor'";
    assert_eq!(app.lines(trail).await, ["A0001"]);
    app.finish().await;
}

#[tokio::test]
async fn a_rotation_of_the_master_key_keeps_it_readable_and_retires_the_old_one() {
    let app = App::start().await;
    let (secret, _) = enrol(&app).await;
    let admin = app.stepped_up(Someone::ADMIN).await;
    let wish = json!({ "kind": "master" });
    app.call(Method::POST, "/keys/rotations", Some(&admin), &[], Some(wish)).await.expect(202);
    let masters = async || {
        let keys = app.get(Someone::AUDITOR, "/keys").await.expect(200).list_at("/master_keys");
        keys.iter().map(|key| format!("{} {}", key["key_id"], key["status"])).collect::<Vec<_>>()
    };
    assert_eq!(masters().await, ["\"m2\" \"current\"", "\"m1\" \"in_use\""]);
    answer(&app, &challenge(&app).await, &code(&app, &secret, 0)).await.expect(200);
    app.run_jobs().await;
    assert_eq!(masters().await, ["\"m2\" \"current\"", "\"m1\" \"retired\""]);
    answer(&app, &challenge(&app).await, &code(&app, &secret, 30)).await.expect(200);
    app.finish().await;
}

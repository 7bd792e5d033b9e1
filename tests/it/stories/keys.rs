use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use platform::vault::{Keyring, Vault};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};

async fn rotate(app: &App, token: &str, kind: &str) -> Reply {
    app.call(Method::POST, "/keys/rotations", Some(token), &[], Some(json!({ "kind": kind }))).await
}

/// `key status count` of each master key.
async fn masters(app: &App) -> Vec<String> {
    let keys = app.get(Someone::AUDITOR, "/keys").await.expect(200);
    let line = |key: &Value| {
        format!(
            "{} {} {}",
            key["key_id"].as_str().expect("an id"),
            key["status"].as_str().expect("a status"),
            key["data_key_count"]
        )
    };
    keys.list_at("/master_keys").iter().map(line).collect()
}

async fn somebody(app: &App, number: &str) -> (String, String) {
    let body =
        json!({ "branch_id": Place::Qianjiang.id(), "phones": [{ "kind": "mobile", "number": number }] });
    let created = app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    let path = format!("/cardholders/{}", created.text_at("/cardholder/cardholder_id"));
    let contacts = app.get(Someone::TELLER, &format!("{path}/contacts")).await.expect(200);
    (path, contacts.text_at("/phones/0/phone_id"))
}

async fn phone_of(app: &App, token: &str, (path, phone_id): &(String, String)) -> String {
    let wish = json!({ "field": "phone", "item_id": phone_id, "purpose": "call_back" });
    let shown = app.call(Method::POST, &format!("{path}/reveal"), Some(token), &[], Some(wish)).await;
    shown.expect(200).text_at("/value")
}

#[tokio::test]
async fn a_rotation_wraps_everything_anew_while_everything_stays_readable() {
    let app = App::start().await;
    let people = [somebody(&app, "13800005678").await, somebody(&app, "13900001234").await];
    let (admin, teller) = (app.stepped_up(Someone::ADMIN).await, app.stepped_up(Someone::TELLER).await);
    let read_all =
        async || (phone_of(&app, &teller, &people[0]).await, phone_of(&app, &teller, &people[1]).await);
    let numbers = read_all().await;
    assert_eq!(masters(&app).await, ["m1 current 2"]);

    let begun = rotate(&app, &admin, "master").await.expect(202);
    assert_eq!(begun.text_at("/key_id"), "m2");
    assert_eq!(masters(&app).await, ["m2 current 0", "m1 in_use 2"]);
    assert_eq!(rotate(&app, &admin, "master").await.problem(409), "keys.rotation_running");
    assert_eq!(read_all().await, numbers);
    let late = somebody(&app, "13700001111").await;
    assert_eq!(masters(&app).await, ["m2 current 1", "m1 in_use 2"]);

    assert_eq!(app.run_jobs().await, 1);
    assert_eq!(masters(&app).await, ["m2 current 3", "m1 retired 0"]);
    assert_eq!(read_all().await, numbers);
    assert_eq!(phone_of(&app, &teller, &late).await, "+8613700001111");
    let keys = app.get(Someone::ADMIN, "/keys").await.expect(200);
    assert_eq!(
        (keys.text_at("/rotation/status"), keys.at("/rotation/progress_done")),
        ("succeeded".into(), json!(2))
    );
    assert_eq!(
        keys.at("/rotation/result"),
        json!({ "master_key_id": "m2", "rewrapped": 2, "unreadable": 0, "files": 0 })
    );
    assert!(!keys.text.contains("wrapped_key"));
    let trail = "SELECT action, outcome, staff_no, changes::text FROM audit_entries WHERE action LIKE 'keys.%' ORDER BY audit_id";
    assert_eq!(
        app.lines(trail).await,
        [
            r#"keys.rotate done A0001 {"kind": [null, "master"], "key_id": ["m1", "m2"]}"#,
            r#"keys.rewrap done - {"rewrapped": [0, 2]}"#,
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn who_may_see_the_keys_may_not_change_them() {
    let app = App::start().await;
    let auditor = app.stepped_up(Someone::AUDITOR).await;
    assert_eq!(rotate(&app, &auditor, "master").await.problem(403), "staff.forbidden");
    let unproved = app.token_of(Someone::ADMIN);
    assert_eq!(rotate(&app, &unproved, "master").await.problem(403), "staff.step_up_required");
    assert_eq!(masters(&app).await, ["m1 current 0"]);
    app.finish().await;
}

#[tokio::test]
async fn a_new_token_key_signs_at_once_and_the_old_one_is_accepted_while_its_tokens_live() {
    let app = App::start().await;
    let before = app.stepped_up(Someone::ADMIN).await;
    assert_eq!(rotate(&app, &before, "token").await.expect(202).text_at("/key_id"), "t2");
    let after = app.stepped_up(Someone::ADMIN).await;
    for token in [&before, &after] {
        app.call(Method::GET, "/me", Some(token), &[], None).await.expect(200);
    }
    let keys = app.call(Method::GET, "/keys", Some(&after), &[], None).await.expect(200);
    let ids: Vec<Value> = keys.list_at("/token_keys").iter().map(|key| key["key_id"].clone()).collect();
    assert_eq!(ids, ["t2", "t1"]);
    assert_eq!(rotate(&app, &after, "token").await.expect(202).text_at("/key_id"), "t3");
    assert_eq!(
        app.call(Method::GET, "/me", Some(&before), &[], None).await.problem(401),
        "staff.sign_in_required"
    );
    app.clock.advance(TimeDelta::minutes(10));
    let keys = app.get(Someone::ADMIN, "/keys").await.expect(200);
    assert_eq!(keys.list_at("/token_keys").len(), 1);
    app.finish().await;
}

/// A key file's text with these master keys, each of one repeated byte.
fn environment(current: &str, ids: &[&str]) -> Keyring {
    let key = |byte: u8| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [byte; 32]);
    let masters: serde_json::Map<String, Value> =
        ids.iter().zip(1..).map(|(id, byte)| ((*id).to_owned(), key(byte).into())).collect();
    let text = json!({ "master_key_id": current, "master_keys": masters, "blind_key": key(101), "card_token_key": key(102),
        "token_key_id": "t1", "token_key": key(103) });
    Keyring::from_environment(&SecretString::from(text.to_string())).expect("keys")
}

#[tokio::test]
async fn keys_of_the_environment_are_added_there_and_followed_here() {
    let app = App::start_with(environment("e1", &["e1"])).await;
    let admin = app.stepped_up(Someone::ADMIN).await;
    somebody(&app, "13800005678").await;
    let refused = rotate(&app, &admin, "master").await;
    assert_eq!(
        (refused.problem(409), refused.at("/params/next_key_id")),
        ("keys.from_environment".into(), json!("e2"))
    );
    assert_eq!(app.get(Someone::ADMIN, "/keys").await.expect(200).at("/is_rotatable"), false);
    // A process that was started with the new key works through the job.
    rotate(&app, &admin, "rewrap").await.expect(202);
    let mut parts = app.parts.clone();
    parts.vault = Vault::new(environment("e2", &["e1", "e2"]));
    assert_eq!(app.run_jobs_as(&parts).await, 1);
    assert_eq!(masters(&app).await, ["e1 current 0", "e2 missing 1"], "this process does not know it yet");
    app.finish().await;
}

#[tokio::test]
async fn a_data_key_that_no_master_key_opens_is_told_and_keeps_nothing_else_back() {
    let app = App::start().await;
    somebody(&app, "13800005678").await;
    somebody(&app, "13900001234").await;
    app.execute("UPDATE cardholder_keys SET wrapped_key = '\\x01' WHERE cardholder_id = (SELECT min(cardholder_id::text)::uuid FROM cardholder_keys)").await;
    let admin = app.stepped_up(Someone::ADMIN).await;
    rotate(&app, &admin, "master").await.expect(202);
    app.run_jobs().await;
    let keys = app.get(Someone::ADMIN, "/keys").await.expect(200);
    assert_eq!(
        (keys.text_at("/rotation/status"), keys.text_at("/rotation/error_code")),
        ("failed".into(), "keys.unreadable".into())
    );
    assert_eq!(keys.at("/rotation/result/unreadable"), 1);
    assert_eq!(masters(&app).await, ["m2 current 1", "m1 in_use 1"]);
    app.execute("DELETE FROM jobs").await;
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_was_begun_under_the_key_of_before_is_wrapped_anew_too() {
    let app = App::start().await;
    for name in ["a.csv", "b.csv"] {
        let files = platform::files::Files::new(app.db.clone(), app.vault.clone());
        let new = platform::files::NewFile {
            purpose: platform::files::FilePurpose::Import,
            name,
            created_by: None,
            bytes_max: 1_000,
            expires_at: None,
        };
        let mut writer = files.create(new).await.expect("a file");
        writer.write(b"a,b\n1,2\n").await.expect("a row");
        writer.finish().await.expect("the file");
    }
    // While the walk is at the second file, the first comes in anew behind it, under the key of before.
    app.execute(
        "CREATE TABLE before AS SELECT * FROM files;
         CREATE FUNCTION come_late() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
             UPDATE files f SET master_key_id = b.master_key_id, wrapped_key = b.wrapped_key
             FROM before b WHERE b.file_id = f.file_id AND f.file_id <> NEW.file_id;
             DELETE FROM before; RETURN NULL; END $$;
         CREATE TRIGGER comes_late AFTER UPDATE ON files FOR EACH ROW WHEN (NEW.name = 'b.csv') EXECUTE FUNCTION come_late()",
    )
    .await;
    let admin = app.stepped_up(Someone::ADMIN).await;
    rotate(&app, &admin, "master").await.expect(202);
    app.run_jobs().await;
    assert_eq!(masters(&app).await, ["m2 current 2", "m1 retired 0"]);
    app.execute("DROP TABLE before").await;
    app.finish().await;
}

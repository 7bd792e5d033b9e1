//! Known values are planted through the front door and in uploaded files, the bank works with them, and then everything it leaves
//! behind is searched for them: the database, the logs at their finest, the answers that refuse, the streams of events, and every
//! file that it gives away.

use std::{
    fs::File,
    path::PathBuf,
    process::{Command, Stdio},
};

use it::{App, PASSWORD, Place, Planted, Reply, Someone, delimited_numbers, dump};
use reqwest::Method;
use serde_json::{Value, json};

use super::planted_files as files;

/// Set for the child: it plants.
const PLANTS: &str = "CARDEA_IT_PLANTS";

pub(super) const PHONES: [&str; 3] = ["13812347591", "+420601987654", "057188123469"];
const EMAILS: [&str; 2] = ["planted.person@example.com", "Second.Planted@example.org"];
const STREETS: [&str; 2] = ["紫藤巷七十九弄三号楼", "Planted Lane 4711 c"];
/// Phone, e-mail address and street of somebody of whom a file tells.
pub(super) const UPLOADED: [&str; 3] = ["13745678123", "uploaded.planted@example.net", "梧桐里六十四弄九号"];
pub(super) const PANS: [&str; 2] = ["4539578763621486", "6222021234567890128"];
pub(super) const SECRETS: [&str; 2] =
    [";4539578763621486=28121011234567890?", "%B4539578763621486^PLANTED/P^28121010000?"];

/// Texts that may look like a card's or a resident's number, and why.
const LOOK_ALIKES: &[(&str, &str)] =
    &[("__diesel_schema_migrations.version", "the day and number of a migration, whatever its check digit")];

fn resident_id(first_17: &str) -> String {
    format!("{first_17}{}", char::from(kernel::national_id::check_character(first_17.as_bytes())))
}

/// The two that somebody has after each other, and the one of whom a file tells.
pub(super) fn ids() -> [String; 3] {
    ["99010619880312447", "99010619790521463", "99010619650704118"].map(resident_id)
}

fn add(planted: &mut Planted, what: &str, values: &[&str]) {
    for (at, value) in values.iter().enumerate() {
        planted.add(&format!("{what} {at}"), value);
    }
}

/// What is of whoever comes in by the front door.
fn own() -> Planted {
    let mut planted = Planted::default();
    let [one, two, _] = ids();
    add(&mut planted, "identity number", &[&one, &two]);
    add(&mut planted, "phone", &PHONES);
    add(&mut planted, "e-mail", &EMAILS);
    add(&mut planted, "street", &STREETS);
    // As the vault keeps them.
    planted.add("phone 1, its digits", "420601987654");
    planted.add("phone 2, its digits", "57188123469");
    planted
}

/// What is of whoever comes in by a file.
fn uploaded() -> Planted {
    let mut planted = Planted::default();
    add(&mut planted, "uploaded identity number", &[&ids()[2]]);
    add(&mut planted, "uploaded value", &UPLOADED);
    planted
}

/// What nobody may find anywhere, not even who it is of.
fn secrets() -> Planted {
    let mut planted = Planted::default();
    add(&mut planted, "PAN", &PANS);
    add(&mut planted, "track", &SECRETS);
    planted.add("password", PASSWORD);
    planted
}

fn planted() -> Planted {
    own().and(uploaded()).and(secrets())
}

fn person(id: &str, phone: &str, email: &str, street: &str) -> Value {
    json!({
        "name": "沈嘉怡", "id_kind": "resident_id", "national_id": id, "branch_id": Place::Qianjiang.id(),
        "phones": [{ "kind": "mobile", "number": phone }], "emails": [{ "kind": "personal", "address": email }],
        "addresses": [{ "kind": "home", "country": "CN", "city": "杭州市", "street": street }],
    })
}

/// Every way in which a person's data comes in, is changed, looked for and shown. Answers that refuse come back, and whom it was
/// about.
async fn work(app: &App) -> (Vec<Reply>, String) {
    let [one_id, two_id, _] = ids();
    let teller = Someone::TELLER;
    let created =
        app.post(teller, "/cardholders", person(&one_id, PHONES[0], EMAILS[0], STREETS[0])).await.expect(201);
    let path = format!("/cardholders/{}", created.text_at("/cardholder/cardholder_id"));
    let mut refused = vec![
        // Somebody who is here already, with everything of theirs in the body.
        app.post(teller, "/cardholders", person(&one_id, PHONES[0], EMAILS[0], STREETS[0])).await,
        app.post(teller, &format!("{path}/phones"), json!({ "kind": "mobile", "number": PHONES[0] })).await,
        app.post(teller, &format!("{path}/phones"), json!({ "kind": PHONES[1], "number": PHONES[1] })).await,
        app.post(
            teller,
            &format!("{path}/emails"),
            json!({ "kind": "work", "address": EMAILS[1], "colour": 1 }),
        )
        .await,
    ];
    app.post(teller, &format!("{path}/phones"), json!({ "kind": "work", "number": PHONES[1] }))
        .await
        .expect(201);
    app.post(teller, &format!("{path}/phones"), json!({ "kind": "home", "number": PHONES[2] }))
        .await
        .expect(201);
    app.post(teller, &format!("{path}/emails"), json!({ "kind": "work", "address": EMAILS[1] }))
        .await
        .expect(201);
    let address = json!({ "kind": "work", "country": "CZ", "street": STREETS[1] });
    app.post(teller, &format!("{path}/addresses"), address).await.expect(201);
    let read = app.get(teller, &path).await.expect(200);
    let patch = json!({ "national_id": two_id, "birth_on": null, "gender": null });
    refused.push(app.patch(teller, &path, &read, json!({ "national_id": two_id, "gender": "female" })).await);
    app.patch(teller, &path, &read, patch).await;
    for q in PHONES.iter().chain(&EMAILS).chain(&PANS).chain(&[two_id.as_str()]) {
        app.post(teller, "/cardholders/search", json!({ "q": q })).await.expect(200);
    }
    refused.extend(free_texts(app, &path).await);
    refused.extend(reveals(app, &path).await);
    refused.extend(doors(app).await);
    (refused, path)
}

/// What people type where their name at work belongs.
async fn doors(app: &App) -> Vec<Reply> {
    let mut refused = Vec::new();
    for typed in PHONES.iter().chain(&EMAILS).chain(&PANS).copied().chain([ids()[0].as_str()]) {
        let body = json!({ "staff_no": typed, "password": typed });
        refused.push(app.call(Method::POST, "/auth/login", None, &[], Some(body)).await);
        let cookie = format!("cardea_refresh={typed}");
        refused.push(app.call(Method::POST, "/auth/refresh", None, &[("cookie", &cookie)], None).await);
    }
    refused
}

/// Numbers where they do not belong.
async fn free_texts(app: &App, path: &str) -> Vec<Reply> {
    let teller = Someone::TELLER;
    let mut refused = Vec::new();
    for number in PANS.iter().chain(&SECRETS).copied().chain([ids()[0].as_str()]) {
        for body in [json!({ "occupation": format!("见 {number}") }), json!({ "employer": number })] {
            let read = app.get(teller, path).await.expect(200);
            refused.push(app.patch(teller, path, &read, body).await);
        }
        let view = json!({ "page": "cardholders", "name": "x", "query": { "q": number } });
        refused.push(app.post(teller, "/saved_views", view).await);
        let raw = format!("{{\"note\": \"{number}\", ").into_bytes();
        let token = app.token_of(teller);
        refused.push(app.call_raw(Method::POST, "/cardholders", Some(&token), "application/json", raw).await);
    }
    refused
}

/// Every value is shown once, and refused in each way.
async fn reveals(app: &App, path: &str) -> Vec<Reply> {
    let token = app.stepped_up(Someone::TELLER).await;
    let contacts = app.get(Someone::TELLER, &format!("{path}/contacts")).await.expect(200);
    let mut wishes = vec![json!({ "field": "national_id", "purpose": "identity_check" })];
    for (list, field) in [("phones", "phone"), ("emails", "email"), ("addresses", "address")] {
        for item in contacts.list_at(&format!("/{list}")) {
            wishes.push(
                json!({ "field": field, "item_id": item[format!("{field}_id")], "purpose": "call_back" }),
            );
        }
    }
    let reveal = async |token: &str, wish: &Value| {
        app.call(Method::POST, &format!("{path}/reveal"), Some(token), &[], Some(wish.clone())).await
    };
    for wish in &wishes {
        reveal(&token, wish).await.expect(200);
    }
    app.execute("UPDATE reveal_quotas SET used_count = 50").await;
    vec![reveal(&token, &wishes[0]).await, reveal(&app.token_of(Someone::AGENT), &wishes[1]).await]
}

/// Not a test of its own: what the test below starts this very program for, because a log has one process.
#[tokio::test]
async fn the_process_that_is_listened_to() {
    if std::env::var_os(PLANTS).is_none() {
        return;
    }
    let telemetry = platform::telemetry::start();
    let app = App::start().await;
    let (mut refused, path) = work(&app).await;
    refused.extend(files::upload(&app).await);
    app.run_jobs().await;
    let planted = planted();
    let mut found = Vec::new();
    for reply in &refused {
        assert!(reply.status.is_client_error(), "{reply:?}");
        found.extend(planted.found_in(&format!("answer {}", reply.status), reply.text.as_bytes()));
    }
    assert!(refused.len() > 20);
    let mut given = files::exports(&app, &path).await;
    given.push(files::errors(&app).await);
    given.push(files::events(&app).await);
    for (what, bytes) in given {
        assert!(bytes.len() > 200, "{what} is nearly empty");
        found.extend(planted.found_in(&what, &bytes));
    }
    // What somebody is given of themselves says who they are, and tells of nobody else.
    let package = files::package(&app, &path).await;
    assert!(!own().found_in("package", &package).is_empty());
    found.extend(uploaded().and(secrets()).found_in("package", &package));
    let dumped = dump(&app).await;
    let bytes: usize = dumped.iter().map(|column| column.text.len()).sum();
    assert!(bytes > 10_000, "hardly anything was dumped: {bytes}");
    assert!(dumped.iter().any(|column| String::from_utf8_lossy(&column.text).contains("沈嘉怡")));
    for column in &dumped {
        found.extend(planted.found_in(&column.name, &column.text));
    }
    assert_eq!(found, [""; 0]);
    let alike: Vec<String> = delimited_numbers(&dumped)
        .into_iter()
        .filter(|line| !LOOK_ALIKES.iter().any(|(column, _)| line.starts_with(column)))
        .collect();
    assert_eq!(alike, [""; 0]);
    app.finish().await;
    drop(telemetry);
}

#[test]
fn planted_values_stand_nowhere_but_in_the_vault() {
    let log: PathBuf = std::env::temp_dir().join(format!("cardea-planted-{}.log", std::process::id()));
    let out = File::create(&log).expect("a log");
    let status = Command::new(std::env::current_exe().expect("this program"))
        .args(["stories::planted::the_process_that_is_listened_to", "--exact", "--nocapture"])
        .env(PLANTS, "1")
        .env("CARDEA_LOG", "trace")
        .stdout(Stdio::from(out.try_clone().expect("a log")))
        .stderr(Stdio::from(out))
        .status()
        .expect("an end");
    let text = std::fs::read(&log).expect("the log");
    assert!(status.success(), "{}", String::from_utf8_lossy(&text[text.len().saturating_sub(4_000)..]));
    assert!(text.len() > 1_000, "nothing was logged");
    assert_eq!(planted().found_in("log", &text), [""; 0]);
    std::fs::remove_file(&log).expect("clear up");
}

#[test]
fn a_planted_value_is_found_in_every_form() {
    use base64::{
        Engine,
        engine::general_purpose::{STANDARD, URL_SAFE},
    };
    let mut planted = Planted::default();
    planted.add("number", PANS[0]);
    planted.add("street", STREETS[0]);
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let utf_16_be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes();
    for value in [PANS[0], STREETS[0]] {
        for before in ["", "x", "xy"] {
            let text = format!("{before}{value} and more");
            for hay in [
                text.clone().into_bytes(),
                STANDARD.encode(&text).into_bytes(),
                URL_SAFE.encode(&text).into_bytes(),
                STANDARD.encode(utf_16(&text)).into_bytes(),
                URL_SAFE.encode(utf_16_be(&text)).into_bytes(),
                utf_16(&text),
                utf_16_be(&text),
                hex(text.as_bytes()),
                hex(&utf_16_be(&text)),
            ] {
                assert!(!planted.found_in("hay", &hay).is_empty(), "{value} after {before:?}");
            }
        }
    }
    assert_eq!(planted.found_in("hay", b"4539578763621487 \xe7\xb4\xab"), [""; 0]);
}

#[test]
fn a_number_is_told_by_its_check_digit_where_it_stands_by_itself() {
    let column = |text: &str| it::DumpedColumn {
        name: "table.column".to_owned(),
        sql_type: "jsonb".to_owned(),
        text: text.as_bytes().to_vec(),
    };
    let found = |text: &str| it::delimited_numbers(&[column(text)]);
    assert_eq!(found(r#"{"a":"x","b":["0000 4539578763621486"]}"#)[0], "table.column: a card's number");
    assert_eq!(found("1234567890123452\n"), ["table.column: a card's number"], "whatever it begins with");
    assert_eq!(found(&format!("line\nid={};", ids()[0]))[0], "table.column: a number in a text");
    assert!(found(&ids()[1]).contains(&"table.column: a resident's number".to_owned()));
    assert_eq!(found("4539 5787 6362 1486"), ["table.column: a number in a text"]);
    assert_eq!(found("x4539578763621486"), ["table.column: a number in a text"], "also behind a letter");
    for other in ["4539578763621487", "019a4000-0000-7000-8000-000000000000", ""] {
        assert_eq!(found(other), [""; 0], "{other}");
    }
}

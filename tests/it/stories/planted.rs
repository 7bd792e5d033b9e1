//! Known values are planted through the front door, the bank works with them, and then everything it leaves behind is
//! searched for them: the database, the logs at their finest, the answers that refuse.

use std::{
    fs::File,
    path::PathBuf,
    process::{Command, Stdio},
};

use it::{App, PASSWORD, Place, Planted, Reply, Someone, delimited_numbers, dump};
use reqwest::Method;
use serde_json::{Value, json};

/// Set for the child: it plants.
const PLANTS: &str = "CARDEA_IT_PLANTS";

const PHONES: [&str; 3] = ["13812347591", "+420601987654", "057188123469"];
const EMAILS: [&str; 2] = ["planted.person@example.com", "Second.Planted@example.org"];
const STREETS: [&str; 2] = ["紫藤巷七十九弄三号楼", "Planted Lane 4711 c"];
const PANS: [&str; 2] = ["4539578763621486", "6222021234567890128"];
const SECRETS: [&str; 2] =
    [";4539578763621486=28121011234567890?", "%B4539578763621486^PLANTED/P^28121010000?"];

/// Texts that may look like a card's or a resident's number, and why.
const LOOK_ALIKES: &[(&str, &str)] = &[];

fn resident_id(first_17: &str) -> String {
    format!("{first_17}{}", char::from(kernel::national_id::check_character(first_17.as_bytes())))
}

fn ids() -> [String; 2] {
    [resident_id("99010619880312447"), resident_id("99010619790521463")]
}

fn planted() -> Planted {
    let mut planted = Planted::default();
    for (at, id) in ids().iter().enumerate() {
        planted.add(&format!("identity number {at}"), id);
    }
    for (what, values) in [
        ("phone", &PHONES[..]),
        ("e-mail", &EMAILS),
        ("street", &STREETS),
        ("PAN", &PANS),
        ("track", &SECRETS),
    ] {
        for (at, value) in values.iter().enumerate() {
            planted.add(&format!("{what} {at}"), value);
        }
    }
    // As the vault keeps them.
    planted.add("phone 1, its digits", "420601987654");
    planted.add("phone 2, its digits", "57188123469");
    planted.add("password", PASSWORD);
    planted
}

fn person(id: &str, phone: &str, email: &str, street: &str) -> Value {
    json!({
        "name": "沈嘉怡", "id_kind": "resident_id", "national_id": id, "branch_id": Place::Qianjiang.id(),
        "phones": [{ "kind": "mobile", "number": phone }], "emails": [{ "kind": "personal", "address": email }],
        "addresses": [{ "kind": "home", "country": "CN", "city": "杭州市", "street": street }],
    })
}

/// Every way in which a person's data comes in, is changed, looked for and shown. Answers that refuse come back.
async fn work(app: &App) -> Vec<Reply> {
    let [one_id, two_id] = ids();
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

/// Every list as a file, as whoever sees most of it gets it; and each search page has been one of the reads above.
async fn files(app: &App) -> Vec<(String, Vec<u8>)> {
    let auditor = Someone::AUDITOR;
    let mut found = Vec::new();
    for list in ["cardholders", "audit_entries"] {
        for format in ["csv", "ndjson"] {
            let body = json!({ "list": list, "query": {}, "format": format, "purpose": "audit" });
            let asked = super::exports::request(app, auditor, body).await.expect(202);
            app.run_jobs().await;
            let path = super::exports::path_of(&asked);
            let (bytes, _) = super::exports::fetch(app, auditor, &path).await;
            found.push((format!("export of {list} as {format}"), bytes));
        }
    }
    found
}

/// Not a test of its own: what the test below starts this very program for, because a log has one process.
#[tokio::test]
async fn the_process_that_is_listened_to() {
    if std::env::var_os(PLANTS).is_none() {
        return;
    }
    let telemetry = platform::telemetry::start();
    let app = App::start().await;
    let refused = work(&app).await;
    app.run_jobs().await;
    let planted = planted();
    let mut found = Vec::new();
    for reply in &refused {
        assert!(reply.status.is_client_error(), "{reply:?}");
        found.extend(planted.found_in(&format!("answer {}", reply.status), reply.text.as_bytes()));
    }
    assert!(refused.len() > 20);
    for (what, bytes) in files(&app).await {
        assert!(bytes.len() > 200, "{what} is nearly empty");
        found.extend(planted.found_in(&what, &bytes));
    }
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
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut planted = Planted::default();
    planted.add("number", PANS[0]);
    planted.add("street", STREETS[0]);
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for value in [PANS[0], STREETS[0]] {
        for before in ["", "x", "xy"] {
            let text = format!("{before}{value} and more");
            for hay in [
                text.clone().into_bytes(),
                STANDARD.encode(&text).into_bytes(),
                STANDARD.encode(utf_16(&text)).into_bytes(),
                utf_16(&text),
                text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes(),
            ] {
                assert!(!planted.found_in("hay", &hay).is_empty(), "{value} after {before:?}");
            }
        }
    }
    assert_eq!(planted.found_in("hay", b"4539578763621487 \xe7\xb4\xab"), [""; 0]);
}

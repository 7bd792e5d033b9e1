//! What comes in as files and goes out as files and streams, while known values are planted.

use std::io::{Cursor, Read};

use it::{App, Reply, Someone, archive, workbook};
use reqwest::Method;
use serde_json::{Value, json};
use zip::ZipArchive;

use super::{
    exports, imports_http,
    planted::{PANS, PHONES, SECRETS, UPLOADED, ids},
    statistics,
};

const MANAGER: Someone = Someone::BRANCH_MANAGER;

/// A file of four people: one is taken in, the others are refused, two of them for what nobody may keep.
fn people() -> String {
    let [phone, email, street] = UPLOADED;
    format!(
        "source_ref,name,national_id,phone,email,street,branch,备注\n\
         U-1,周启明,{},{phone},{email},{street},HZ01,\n\
         U-2,林静怡,,13900001234,,,NOWHERE,\n\
         U-3,卡号 {},,,,,HZ01,\n\
         U-4,何敏,,,,,HZ01,{}\n\
         U-5,何敏,,,,,NOWHERE,旧卡 {}\n",
        ids()[2],
        PANS[0],
        SECRETS[0],
        PANS[1],
    )
}

async fn send(app: &App, kind: &str, body: Vec<u8>) -> Reply {
    let token = app.token_of(MANAGER);
    let path = format!("/imports?kind={kind}");
    app.call_raw(Method::POST, &path, Some(&token), "application/octet-stream", body).await
}

/// Files that are imported, and files that are refused: their answers come back.
pub(super) async fn upload(app: &App) -> Vec<Reply> {
    let done = imports_http::import(app, "cardholders", people(), json!({ "errors_max": 4 })).await;
    assert_eq!(
        imports_http::told(&done),
        imports_http::was("imported", 1, 0, 4),
        "{:?}",
        imports_http::refused(&done)
    );
    let moves = format!(
        "source_ref,account_no,occurred_at,amount,purpose\n{},1,2026-10-01,1.00,\nT-2,1,2026-10-01,1.00,{}\n",
        PANS[0], PANS[1]
    );
    imports_http::import(app, "transactions", moves, json!({ "errors_max": 2 })).await;
    let sheet = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#;
    let mut refused = Vec::new();
    for body in [
        // No line of names.
        format!("周启明,{},HZ01\n", PHONES[0]).into_bytes(),
        format!("name,{},branch\n", ids()[0]).into_bytes(),
        workbook(sheet, &["周启明", PHONES[0]]),
        format!("{{\"{}\":\"x\",\"branch\":\"HZ01\"}}\n", ids()[1]).into_bytes(),
        format!("name,branch,CVV\n{},HZ01,917\n", PANS[0]).into_bytes(),
        format!("name,branch,磁道\nx,HZ01,{}\n", SECRETS[1]).into_bytes(),
        archive(&[(PHONES[0], PANS[0])]),
    ] {
        refused.push(send(app, "cardholders", body).await);
    }
    refused
}

/// The refused rows of the file that was imported.
pub(super) async fn errors(app: &App) -> (String, Vec<u8>) {
    let listed = app.get(MANAGER, "/imports").await.expect(200);
    let imports = listed.list_at("/items");
    let import = imports.iter().find(|import| import["kind"] == "cardholders").expect("an import");
    let path = format!("/imports/{}/errors", import["import_id"].as_str().expect("an id"));
    let errors = app.get(MANAGER, &path).await.expect(200);
    assert!(errors.text.contains("林静怡"), "{errors:?}");
    ("refused rows".to_owned(), errors.text.into_bytes())
}

/// Every list as a file of each format, as somebody gets it who sees what is in it.
pub(super) async fn exports(app: &App, path: &str) -> Vec<(String, Vec<u8>)> {
    let auditor = Someone::AUDITOR;
    statistics::refresh(app).await;
    let owner = path.trim_start_matches("/cardholders/");
    let bank = app.holdings().await;
    let account = bank.account(owner.parse().expect("an id"), json!({})).await;
    bank.transaction(owner.parse().expect("an id"), account, "2026-10-01T02:00:00Z", json!({})).await;
    let mut found = Vec::new();
    for (list, query, cardholder_id) in [
        ("cardholders", json!({}), Value::Null),
        ("transactions", json!({}), json!(owner)),
        ("audit_entries", json!({}), Value::Null),
        ("statistics", json!({ "measure": "cardholders", "by": "branch" }), Value::Null),
    ] {
        for format in ["csv", "ndjson", "xlsx"] {
            let body = json!({
                "list": list, "query": query, "cardholder_id": cardholder_id, "format": format, "purpose": "audit",
            });
            let asked = exports::request(app, auditor, body).await.expect(202);
            app.run_jobs().await;
            let (bytes, _) = exports::fetch(app, auditor, &exports::path_of(&asked)).await;
            let bytes = if format == "xlsx" { unpacked(bytes) } else { bytes };
            found.push((format!("export of {list} as {format}"), bytes));
        }
    }
    found
}

/// Every part of a workbook, one after the other.
fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        archive.by_index(at).expect("a part").read_to_end(&mut parts).expect("its bytes");
    }
    parts
}

/// What everybody was told while it happened.
pub(super) async fn events(app: &App) -> (String, Vec<u8>) {
    let mut told = Vec::new();
    for someone in Someone::ALL {
        let token = app.token_of(someone);
        let reply = app.call(Method::GET, "/events", Some(&token), &[("last-event-id", "0")], None).await;
        told.extend(reply.expect(200).text.into_bytes());
    }
    ("events".to_owned(), told)
}

/// What the bank keeps of somebody, handed over to them.
pub(super) async fn package(app: &App, path: &str) -> Vec<u8> {
    let new = json!({ "kind": "access", "received_via": "counter" });
    let request = app.post(Someone::TELLER, &format!("{path}/subject_requests"), new).await.expect(201);
    let request = format!("/subject_requests/{}", request.text_at("/request_id"));
    app.post(MANAGER, &format!("{request}/package"), json!({})).await.expect(202);
    app.run_jobs().await;
    let token = app.stepped_up(MANAGER).await;
    let purpose = json!({ "purpose": "delivery_of_documents" });
    let open = format!("{request}/open_package");
    let opened = app.call(Method::POST, &open, Some(&token), &[], Some(purpose));
    opened.await.expect(200).text.into_bytes()
}

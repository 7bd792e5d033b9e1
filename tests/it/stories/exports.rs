//! Lists as files: what is in them, who may have them, and what is left behind.

use aws_lc_rs::digest;
use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{approvals::decide, statistics};

pub(super) const MARK: &str = "\u{feff}";

/// Rows are asked for by whoever has just proved to be themselves.
pub(super) async fn request(app: &App, who: Someone, body: Value) -> Reply {
    let token = app.stepped_up(who).await;
    app.call(Method::POST, "/exports", Some(&token), &[], Some(body)).await
}

pub(super) fn wish(list: &str, query: Value) -> Value {
    json!({ "list": list, "query": query, "format": "csv", "purpose": "risk_review" })
}

pub(super) fn path_of(asked: &Reply) -> String {
    format!("/exports/{}", asked.text_at("/export_id"))
}

/// The file's bytes, with the reply's own account of them.
pub(super) async fn fetch(app: &App, who: Someone, export: &str) -> (Vec<u8>, reqwest::header::HeaderMap) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}/api/v1{export}/file", app.url);
    let response = client.get(url).bearer_auth(app.token_of(who)).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    (response.bytes().await.expect("a body").to_vec(), headers)
}

/// Watermark, header and rows of a CSV file.
pub(super) fn parts(bytes: &[u8]) -> (String, Vec<String>, Vec<Vec<String>>) {
    let text = std::str::from_utf8(bytes).expect("UTF-8").strip_prefix(MARK).expect("its mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows =
        reader.records().map(|record| record.expect("a record").iter().map(ToOwned::to_owned).collect());
    let watermark: Vec<String> = rows.next().expect("a watermark");
    (watermark[0].clone(), rows.next().expect("a header"), rows.collect())
}

/// The whole of a list, page by page.
async fn pages(app: &App, who: Someone, path: &str) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page = app.get(who, &format!("{path}limit=7{after}")).await.expect(200);
        items.extend(page.list_at("/items"));
        match page.at("/next").as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}

/// A value of an answer as a cell has it.
fn as_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) async fn people(app: &App, place: Place, count: usize) -> Vec<Uuid> {
    let bank = app.holdings().await;
    let mut made = Vec::new();
    for n in 0..count {
        let lifecycle = if n % 3 == 0 { "dormant" } else { "active" };
        let opened = format!("2020-05-{:02}", n % 28 + 1);
        let row = json!({ "lifecycle": lifecycle, "opened_on": opened, "occupation": "教师", "gender": "female", "birth_on": "1990-02-03" });
        made.push(bank.cardholder(place, row).await);
    }
    made
}

#[tokio::test]
async fn a_file_holds_what_the_list_shows_in_its_order_and_says_who_took_it() {
    let app = App::start().await;
    people(&app, Place::Qianjiang, 20).await;
    people(&app, Place::Yinzhou, 10).await;
    for (who, query, path) in [
        (Someone::MANAGER, json!({}), "/cardholders?"),
        (
            Someone::MANAGER,
            json!({ "lifecycle": "dormant", "sort": "opened_on" }),
            "/cardholders?lifecycle=dormant&sort=opened_on&",
        ),
        (Someone::RISK_MANAGER, json!({ "sort": "customer_no" }), "/cardholders?sort=customer_no&"),
        (
            Someone::BRANCH_MANAGER,
            json!({ "age_max": 40, "gender": "female" }),
            "/cardholders?age_max=40&gender=female&",
        ),
    ] {
        let shown = pages(&app, who, path).await;
        let asked = request(&app, who, wish("cardholders", query)).await.expect(202);
        assert_eq!(asked.at("/rows_expected"), json!(shown.len()));
        app.run_jobs().await;
        let export = app.get(who, &path_of(&asked)).await.expect(200);
        assert_eq!(export.text_at("/stage"), "ready", "{export:?}");
        let (bytes, headers) = fetch(&app, who, &path_of(&asked)).await;
        let (watermark, header, rows) = parts(&bytes);
        for part in [
            who.staff_no,
            "purpose=risk_review",
            "written_at=2026-11-02T01:00:00Z",
            &asked.text_at("/export_id"),
        ] {
            assert!(watermark.contains(part), "{watermark}");
        }
        assert_eq!(rows.len(), shown.len());
        for (row, item) in rows.iter().zip(&shown) {
            let expected: Vec<String> = header.iter().map(|name| as_cell(&item[name])).collect();
            assert_eq!(*row, expected);
        }
        assert_eq!(
            (export.at("/row_count"), export.at("/byte_count")),
            (json!(rows.len()), json!(bytes.len()))
        );
        let sum = hex::encode(digest::digest(&digest::SHA256, &bytes));
        assert_eq!(export.text_at("/sha256"), sum);
        assert!(headers["repr-digest"].to_str().expect("a text").starts_with("sha-256=:"));
        assert_eq!(headers["content-length"].to_str().expect("a text"), bytes.len().to_string());
        let named = format!("attachment; filename=\"{}\"", export.text_at("/file_name"));
        assert_eq!(headers["content-disposition"].to_str().expect("a text"), named);
    }
    app.finish().await;
}

#[tokio::test]
async fn every_list_and_every_format_is_the_same_rows() {
    let app = App::start().await;
    statistics::three_branches(&app).await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({ "name": "=HYPERLINK(\"http://x\",\"y\")" })).await;
    let account = bank.account(owner, json!({})).await;
    for day in 1..=9 {
        let changes = json!({ "merchant_name": "+861234, \"店\"", "amount_minor": day });
        bank.transaction(owner, account, &format!("2026-10-0{day}T02:00:00Z"), changes).await;
    }
    let auditor = Someone::AUDITOR;
    let months = app.get(auditor, "/statistics?measure=spend&by=month").await.expect(200);
    let moves = pages(&app, auditor, &format!("/cardholders/{owner}/transactions?kind=purchase&")).await;
    for (list, query, cardholder_id, rows) in [
        ("transactions", json!({ "kind": "purchase" }), Some(owner), moves.len()),
        (
            "statistics",
            json!({ "measure": "spend", "by": "month" }),
            None,
            months.list_at("/groups").len() + 1,
        ),
        ("audit_entries", json!({ "action": "cardholders.read" }), None, 0),
        ("cardholders", json!({}), None, 18),
    ] {
        let mut asked = Vec::new();
        for format in ["csv", "xlsx", "ndjson"] {
            let body = json!({ "list": list, "query": query, "cardholder_id": cardholder_id, "format": format, "purpose": "audit" });
            asked.push(request(&app, auditor, body).await.expect(202));
        }
        app.run_jobs().await;
        for reply in &asked {
            let export = app.get(auditor, &path_of(reply)).await.expect(200);
            assert_eq!(
                (export.text_at("/stage"), export.at("/row_count")),
                ("ready".to_owned(), json!(rows)),
                "{export:?}"
            );
        }
        let (bytes, _) = fetch(&app, auditor, &path_of(&asked[0])).await;
        let (_, header, lines) = parts(&bytes);
        let (objects, _) = fetch(&app, auditor, &path_of(&asked[2])).await;
        let text = String::from_utf8(objects).expect("UTF-8");
        let objects: Vec<Value> =
            text.lines().skip(1).map(|line| serde_json::from_str(line).expect("an object")).collect();
        assert_eq!(objects.len(), lines.len());
        for (object, line) in objects.iter().zip(&lines) {
            for (name, cell) in header.iter().zip(line) {
                let plain = as_cell(&object[name]);
                assert!(*cell == plain || *cell == format!("'{plain}"), "{name}: {cell} {plain}");
            }
        }
        if list == "transactions" {
            let merchant = header.iter().position(|name| name == "merchant_name").expect("a column");
            assert_eq!(lines[0][merchant], "'+861234, \"店\"", "a formula is quoted");
            assert!(lines.iter().zip(&moves).all(|(line, item)| line[1] == item["transaction_id"]));
        }
        let (workbook, headers) = fetch(&app, auditor, &path_of(&asked[1])).await;
        assert!(workbook.starts_with(b"PK\x03\x04"));
        assert!(headers["content-type"].to_str().expect("a text").contains("spreadsheetml"));
    }
    app.finish().await;
}

#[tokio::test]
async fn who_may_not_read_a_list_gets_no_file_of_it() {
    let app = App::start().await;
    let cardholder = people(&app, Place::Qianjiang, 2).await[0];
    let far = people(&app, Place::Yinzhou, 1).await[0];
    let refused = app.post(Someone::MANAGER, "/exports", wish("cardholders", json!({}))).await;
    assert_eq!(refused.problem(403), "staff.step_up_required");
    let marketing = request(&app, Someone::MARKETING_MANAGER, {
        let mut wish = wish("transactions", json!({}));
        wish["cardholder_id"] = json!(cardholder);
        wish
    })
    .await;
    assert_eq!(marketing.problem(403), "exports.list_forbidden");
    assert_eq!(
        request(&app, Someone::MANAGER, wish("audit_entries", json!({}))).await.problem(403),
        "exports.list_forbidden"
    );
    assert_eq!(
        app.post(Someone::TELLER, "/exports", wish("cardholders", json!({}))).await.problem(403),
        "staff.forbidden"
    );
    let nobody = request(&app, Someone::MANAGER, wish("transactions", json!({}))).await;
    assert_eq!(nobody.field_errors(), ["/cardholder_id field.missing"]);
    let mut whose = wish("cardholders", json!({}));
    whose["cardholder_id"] = json!(cardholder);
    assert_eq!(request(&app, Someone::MANAGER, whose).await.field_errors(), ["/cardholder_id field.unknown"]);
    let mut elsewhere = wish("transactions", json!({}));
    elsewhere["cardholder_id"] = json!(far);
    assert_eq!(request(&app, Someone::MANAGER, elsewhere).await.problem(404), "cardholders.missing");
    let unknown = request(&app, Someone::MANAGER, wish("cardholders", json!({ "colour": "red" }))).await;
    assert_eq!(unknown.field_errors(), ["/query/colour field.unknown"]);
    let number =
        request(&app, Someone::MANAGER, wish("cardholders", json!({ "occupation": "4539578763621486" })))
            .await;
    assert_eq!(number.field_errors(), ["/query text.contains_pan"]);
    let narrow = json!({ "measure": "spend", "by": "month", "product_code": "SAV" });
    let narrowed = request(&app, Someone::MARKETING_MANAGER, wish("statistics", narrow)).await;
    assert_eq!(narrowed.problem(403), "statistics.rows_needed");
    assert_eq!(app.count("SELECT count(*) AS n FROM exports").await, 0);
    app.finish().await;
}

/// From two rows on a file waits for somebody else.
pub(super) async fn two_rows_wait(app: &App) {
    app.execute(
        "INSERT INTO approval_policies (policy_id, operation, min_rows, maker_permission, checker_permission, approvals_needed, expires_hours, authority_scope)
         VALUES ('019a4000-0000-7000-8000-000000000001', 'exports.run', 2, 'exports:run', 'exports:approve', 1, 24, 'branch')",
    )
    .await;
}

async fn stage(app: &App, who: Someone, asked: &Reply) -> String {
    app.get(who, &path_of(asked)).await.expect(200).text_at("/stage")
}

/// What [`decide`] needs of a reply.
pub(super) fn submitted(asked: &Reply) -> Reply {
    let mut reply = asked.clone();
    reply.text = json!({ "approval": { "approval_id": asked.at("/approval_id") } }).to_string();
    reply
}

#[tokio::test]
async fn many_rows_wait_for_somebody_else_and_are_then_written() {
    let app = App::start().await;
    two_rows_wait(&app).await;
    people(&app, Place::Qianjiang, 3).await;
    let who = Someone::MANAGER;
    let asked = request(&app, who, wish("cardholders", json!({ "lifecycle": "active" }))).await.expect(202);
    assert_eq!((asked.text_at("/stage"), asked.at("/rows_expected")), ("waiting".to_owned(), json!(2)));
    app.run_jobs().await;
    assert_eq!(app.get(who, &format!("{}/file", path_of(&asked))).await.problem(409), "exports.not_ready");
    let request_path = format!("/approvals/{}", asked.text_at("/approval_id"));
    let seen = app.get(Someone::BRANCH_MANAGER, &request_path).await.expect(200);
    assert_eq!(seen.at("/impact"), json!({ "rows": 2 }));
    let fields: Vec<Value> = seen.list_at("/diff").iter().map(|line| line["after"].clone()).collect();
    assert_eq!(
        fields,
        ["cardholders", "{\"lifecycle\":\"active\"}", "csv", "risk_review", "2"].map(Value::from)
    );
    decide(&app, Someone::BRANCH_MANAGER, &submitted(&asked), "approve").await.expect(200);
    assert_eq!(stage(&app, who, &asked).await, "queued");
    app.run_jobs().await;
    assert_eq!(stage(&app, who, &asked).await, "ready");
    let settled = app.get(Someone::BRANCH_MANAGER, &request_path).await.expect(200);
    assert_eq!(settled.text_at("/status"), "executed");
    assert_eq!(parts(&fetch(&app, who, &path_of(&asked)).await.0).2.len(), 2);

    let no = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    decide(&app, Someone::BRANCH_MANAGER, &submitted(&no), "reject").await.expect(200);
    assert_eq!(stage(&app, who, &no).await, "refused");
    let taken_back = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    app.post(who, &format!("{}/cancel", path_of(&taken_back)), json!({})).await.expect(200);
    let late = decide(&app, Someone::BRANCH_MANAGER, &submitted(&taken_back), "approve").await;
    assert_eq!(late.problem(409), "approvals.not_pending");
    assert_eq!(
        app.lines("SELECT status FROM approvals ORDER BY approval_id DESC LIMIT 1").await,
        ["withdrawn"]
    );
    app.run_jobs().await;
    assert_eq!(app.count("SELECT count(*) AS n FROM files").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn what_has_grown_or_may_no_longer_be_seen_is_not_written() {
    let app = App::start().await;
    two_rows_wait(&app).await;
    people(&app, Place::Qianjiang, 1).await;
    let who = Someone::MANAGER;
    let asked = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    assert_eq!(asked.text_at("/stage"), "queued");
    people(&app, Place::Qianjiang, 1).await;
    app.run_jobs().await;
    let grown = app.get(who, &path_of(&asked)).await.expect(200);
    assert_eq!(
        (grown.text_at("/stage"), grown.text_at("/error_code")),
        ("failed".to_owned(), "exports.grown".to_owned())
    );

    let asked = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    decide(&app, Someone::BRANCH_MANAGER, &submitted(&asked), "approve").await.expect(200);
    // Between the yes and the job somebody has become a teller, who takes no files out.
    app.execute(&format!("UPDATE staff SET role = 'teller' WHERE staff_id = '{}'", who.id())).await;
    app.run_jobs().await;
    let kept = "SELECT status, error_code FROM exports ORDER BY export_id DESC LIMIT 1";
    assert_eq!(app.lines(kept).await, ["failed exports.list_forbidden"]);
    assert_eq!(app.lines("SELECT status FROM approvals").await, ["failed"]);
    assert_eq!(app.count("SELECT count(*) AS n FROM files").await, 0, "nothing is left of either");
    app.finish().await;
}

#[tokio::test]
async fn a_file_is_its_asker_s_for_a_day_and_each_look_leaves_its_row() {
    let app = App::start().await;
    people(&app, Place::Qianjiang, 3).await;
    let who = Someone::MANAGER;
    let mut body = wish("cardholders", json!({ "lifecycle": "active" }));
    body["note"] = json!("例行检查 11 月");
    let asked = request(&app, who, body).await.expect(202);
    app.run_jobs().await;
    let path = path_of(&asked);
    let (first, _) = fetch(&app, who, &path).await;
    let (second, _) = fetch(&app, who, &path).await;
    assert_eq!(first, second);
    assert!(parts(&first).0.contains("note=例行检查 11 月"));
    assert_eq!(app.get(who, &path).await.expect(200).at("/download_count"), json!(2));
    for other in [Someone::BRANCH_MANAGER, Someone::AUDITOR] {
        assert_eq!(app.get(other, &path).await.problem(404), "exports.missing");
        assert_eq!(app.get(other, &format!("{path}/file")).await.problem(404), "exports.missing");
        assert_eq!(
            app.post(other, &format!("{path}/cancel"), json!({})).await.problem(404),
            "exports.missing"
        );
        assert_eq!(app.get(other, "/exports").await.expect(200).at("/items"), json!([]));
    }
    assert_eq!(app.post(who, &format!("{path}/cancel"), json!({})).await.problem(409), "exports.ended");
    let trail = "SELECT action, outcome, coalesce(staff_no, 'system') AS who, purpose, changes->'classes'->1 AS classes, changes->'rows'->1 AS rows
        FROM audit_entries WHERE action LIKE 'exports.%' ORDER BY occurred_at, audit_id";
    let classes = "[\"open\", \"personal\"]";
    assert_eq!(
        app.lines(trail).await,
        [
            format!("exports.request done R0001 risk_review {classes} 2"),
            format!("exports.finish done system risk_review {classes} 2"),
            format!("exports.download done R0001 risk_review {classes} 2"),
            format!("exports.download done R0001 risk_review {classes} 2"),
        ]
    );
    app.clock.advance(TimeDelta::hours(24));
    assert_eq!(stage(&app, who, &asked).await, "expired");
    assert_eq!(app.get(who, &format!("{path}/file")).await.problem(409), "exports.not_ready");
    app.finish().await;
}

#[tokio::test]
async fn the_day_has_its_quota_and_a_refusal_is_noted() {
    let app = App::start().await;
    people(&app, Place::Qianjiang, 1).await;
    let token = app.stepped_up(Someone::MANAGER).await;
    let ask = async || {
        app.call(Method::POST, "/exports", Some(&token), &[], Some(wish("cardholders", json!({})))).await
    };
    ask().await.expect(202);
    app.execute("UPDATE export_quotas SET used_count = 19").await;
    let (one, other) = tokio::join!(ask(), ask());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 429]);
    let refused = if one.status == 429 { one } else { other };
    assert_eq!(refused.problem(429), "exports.quota_exceeded");
    assert_eq!(refused.at("/params/daily_max"), json!(20));
    assert_eq!(
        app.count(
            "SELECT count(*) AS n FROM audit_entries WHERE action = 'exports.request' AND outcome = 'refused'"
        )
        .await,
        1
    );
    assert_eq!(app.count("SELECT count(*) AS n FROM exports").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_run_that_was_lost_is_made_again_and_nothing_is_doubled() {
    let app = App::start().await;
    people(&app, Place::Qianjiang, 5).await;
    let who = Someone::MANAGER;
    let asked = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    // A worker took it and fell silent in the middle of the file.
    app.execute(
        "UPDATE jobs SET status = 'running', attempts = 1, locked_by = 'lost', locked_until = '2026-11-02T00:59:00Z' WHERE kind = 'exports.run'",
    )
    .await;
    assert_eq!(stage(&app, who, &asked).await, "running");
    assert_eq!(app.release_stale_jobs().await, 1);
    app.run_jobs().await;
    assert_eq!(stage(&app, who, &asked).await, "ready");
    assert_eq!(parts(&fetch(&app, who, &path_of(&asked)).await.0).2.len(), 5);
    assert_eq!(app.count("SELECT count(*) AS n FROM files WHERE finished_at IS NOT NULL").await, 1);
    let again = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    app.post(who, &format!("{}/cancel", path_of(&again)), json!({})).await.expect(200);
    app.run_jobs().await;
    assert_eq!(stage(&app, who, &again).await, "cancelled");
    let list = app.get(who, "/exports?limit=1").await.expect(200);
    assert_eq!(list.column("stage"), ["cancelled"]);
    let next = app.get(who, &format!("/exports?limit=1&after={}", list.text_at("/next"))).await.expect(200);
    assert_eq!((next.column("stage"), next.at("/next")), (vec!["ready".to_owned()], Value::Null));
    app.finish().await;
}

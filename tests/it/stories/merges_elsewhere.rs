//! What the rest of the bank makes of two records that are one person: reach, figures, files, requests under the law, erasure.

use it::{App, Place, Planted, Reply, Someone, dump};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    approvals::{approve, own_policy, post_proved, request_path, status},
    cardholders::{create, path_of, shen},
    exports, statistics,
};

const OTHER_NAME: &str = "独孤明月清风";
const OTHER_PHONE: &str = "13812347591";
const OTHER_EMAIL: &str = "planted.person@example.com";

async fn settle(app: &App, body: Value) -> (Uuid, String) {
    let path = path_of(&create(app, body).await.expect(201));
    (path["/cardholders/".len()..].parse().expect("an id"), path)
}

/// 沈嘉怡, and the record that another counter made of her.
async fn two(app: &App) -> [(Uuid, String); 2] {
    let other = json!({
        "name": OTHER_NAME, "branch_id": Place::Qianjiang.id(), "phones": [{ "kind": "mobile", "number": OTHER_PHONE }],
        "emails": [{ "kind": "work", "address": OTHER_EMAIL }],
    });
    [settle(app, shen()).await, settle(app, other).await]
}

async fn merge(app: &App, survivor: &str, absorbed: Uuid) {
    let read = app.get(Someone::TELLER, survivor).await.expect(200);
    let body = json!({ "absorbed_id": absorbed, "evidence_note": "证件一致，为同一人" });
    let path = format!("{survivor}/merge");
    let asked = app.with_etag(Method::POST, Someone::TELLER, &path, &read, Some(body)).await;
    approve(app, &asked).await;
}

/// Links two records of whatever branches, as an approved merge does.
async fn link(app: &App, survivor: Uuid, absorbed: Uuid) {
    let (link_id, merge_id): (Uuid, Uuid) = (app.clock.new_id(), app.clock.new_id());
    let link = json!({ "link_id": link_id, "merge_id": merge_id, "survivor_id": survivor, "absorbed_id": absorbed,
        "merged_at": app.clock.now(), "from_at": app.clock.now() });
    app.holdings().await.put("cardholder_links", link, json!({})).await;
}

async fn ask_under_the_law(app: &App, path: &str, kind: &str) -> Reply {
    let new = json!({ "kind": kind, "received_via": "counter", "wish": "客户到柜面提出" });
    app.post(Someone::TELLER, &format!("{path}/subject_requests"), new).await
}

fn at(request: &Reply, deed: &str) -> String {
    format!("/subject_requests/{}{deed}", request.text_at("/request_id"))
}

#[tokio::test]
async fn a_long_name_finds_whoever_stands_for_its_bearer() {
    let app = App::start().await;
    let [(her, path), (other, _)] = two(&app).await;
    merge(&app, &path, other).await;
    let hits = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": OTHER_NAME })).await.expect(200);
    assert_eq!(hits.column("cardholder_id"), [her.to_string()]);
    app.finish().await;
}

#[tokio::test]
async fn who_reached_neither_reaches_none() {
    let app = App::start().await;
    let [(her, path), (other, there)] = two(&app).await;
    let far = app.holdings().await.cardholder(Place::Yinzhou, json!({ "name": "欧阳远" })).await;
    merge(&app, &path, other).await;
    let stranger = Someone::TELLER_OF_YINZHOU;
    for whose in [&path, &there] {
        for part in ["", "/contacts", "/accounts", "/transactions", "/merges", "/consents", "/erasure_check"]
        {
            let missing = app.get(stranger, &format!("{whose}{part}")).await;
            assert_eq!(missing.problem(404), "cardholders.missing", "{part}");
        }
        let asks = format!("{whose}/subject_requests");
        let asked = app.post(stranger, &asks, json!({ "kind": "access", "received_via": "counter" })).await;
        assert_eq!(asked.problem(404), "cardholders.missing");
    }
    for q in ["沈嘉怡", OTHER_NAME, OTHER_PHONE, OTHER_EMAIL, "13800005678"] {
        let found = app.post(stranger, "/cardholders/search", json!({ "q": q })).await.expect(200);
        assert_eq!(found.at("/items"), json!([]), "{q}");
    }
    let list = app.get(stranger, "/cardholders").await.expect(200);
    assert_eq!(list.column("cardholder_id"), [far.to_string()]);

    // Who reached the one that is absorbed is told by whom, and does not reach them by that.
    link(&app, her, far).await;
    let pointed = app.get(stranger, &format!("/cardholders/{far}")).await;
    assert_eq!(
        (pointed.problem(409), pointed.at("/params/survivor_id")),
        ("cardholders.absorbed".into(), json!(her))
    );
    assert_eq!(app.get(stranger, &path).await.problem(404), "cardholders.missing");
    assert_eq!(app.get(stranger, "/cardholders").await.expect(200).at("/items"), json!([]));
    app.finish().await;
}

/// Value of a group or of the total, as everybody in the bank is counted.
async fn figure(app: &App, query: &str, key: Option<&str>) -> Value {
    let told = app.get(Someone::RISK_MANAGER, &format!("/statistics?{query}")).await.expect(200);
    let Some(key) = key else { return told.at("/total/value") };
    let groups = told.list_at("/groups");
    groups.iter().find(|group| group["key"] == key).map_or(Value::Null, |group| group["value"].clone())
}

async fn figures(app: &App) -> Value {
    statistics::refresh(app).await;
    let (here, there) = (Place::Qianjiang.id().to_string(), Place::Xixi.id().to_string());
    let mut told = Vec::new();
    for measure in ["cardholders", "balances", "spend", "activity"] {
        let of =
            async |by: &str, key: Option<&str>| figure(app, &format!("measure={measure}&by={by}"), key).await;
        told.push(json!({
            "measure": measure, "here": of("branch", Some(&here)).await, "there": of("branch", Some(&there)).await,
            "savings": of("product", Some("SAV")).await, "october": of("month", Some("2026-10")).await,
            "bank": of("branch", None).await,
        }));
    }
    told.into()
}

/// How many rows a file has.
async fn rows(app: &App, list: &str, cardholder_id: Option<Uuid>) -> Value {
    let body = json!({ "list": list, "query": {}, "cardholder_id": cardholder_id, "format": "csv", "purpose": "audit" });
    let asked = exports::request(app, Someone::RISK_MANAGER, body).await.expect(202);
    app.run_jobs().await;
    let export = app.get(Someone::RISK_MANAGER, &exports::path_of(&asked)).await.expect(200);
    assert_eq!(export.text_at("/stage"), "ready", "{export:?}");
    export.at("/row_count")
}

#[tokio::test]
async fn figures_and_files_count_the_person_once() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let mine = json!({ "manager_id": Someone::OWN_MANAGER.id(), "opened_on": "2020-05-04" });
    let survivor = bank.cardholder(Place::Qianjiang, mine).await;
    let absorbed = bank.cardholder(Place::Xixi, json!({ "opened_on": "2021-06-01" })).await;
    for owner in [survivor, absorbed] {
        let account = bank.account(owner, json!({ "balance_minor": 100_000 })).await;
        bank.transaction(owner, account, "2026-10-10T02:00:00Z", json!({ "amount_minor": 1_000 })).await;
    }
    let apart = figures(&app).await;
    let line = |measure: &str, here: Value, there: Value, [savings, october, whole]: [i64; 3]| json!({ "measure": measure, "here": here, "there": there, "savings": savings, "october": if october < 0 { Value::Null } else { october.into() }, "bank": whole });
    assert_eq!(apart[0], line("cardholders", json!(1), json!(1), [2, -1, 2]));
    assert_eq!(apart[3]["october"], 2);
    assert_eq!(
        (rows(&app, "cardholders", None).await, rows(&app, "transactions", Some(survivor)).await),
        (json!(2), json!(1))
    );

    link(&app, survivor, absorbed).await;
    let together = figures(&app).await;
    assert_eq!(
        together,
        json!([
            line("cardholders", json!(1), Value::Null, [1, -1, 1]),
            line("balances", json!(200_000), Value::Null, [200_000, -1, 200_000]),
            line("spend", json!(2_000), Value::Null, [2_000, 2_000, 2_000]),
            // A mean over the twelve months.
            line("activity", json!(0), Value::Null, [0, 1, 0]),
        ])
    );
    assert_eq!(
        (rows(&app, "cardholders", None).await, rows(&app, "transactions", Some(survivor)).await),
        (json!(1), json!(2))
    );
    let portfolio =
        app.get(Someone::OWN_MANAGER, "/statistics?measure=balances&by=product").await.expect(200);
    assert_eq!((portfolio.at("/total/value"), portfolio.at("/total/row_count")), (json!(200_000), json!(2)));
    let portfolio = app.get(Someone::OWN_MANAGER, "/statistics?measure=spend&by=month").await.expect(200);
    assert_eq!(portfolio.at("/total/value"), json!(2_000));
    let listed = app.get(Someone::RISK_MANAGER, "/cardholders?count=true").await.expect(200);
    assert_eq!((listed.at("/count"), listed.column("cardholder_id")), (json!(1), vec![survivor.to_string()]));

    app.execute("UPDATE cardholder_links SET until_at = from_at").await;
    assert_eq!(figures(&app).await, apart);
    assert_eq!(
        (rows(&app, "cardholders", None).await, rows(&app, "transactions", Some(survivor)).await),
        (json!(2), json!(1))
    );
    app.finish().await;
}

async fn package(app: &App, request: &Reply) -> Value {
    app.post(Someone::BRANCH_MANAGER, &at(request, "/package"), json!({})).await.expect(202);
    app.run_jobs().await;
    let token = app.stepped_up(Someone::BRANCH_MANAGER).await;
    let open = at(request, "/open_package");
    let purpose = json!({ "purpose": "legal_request" });
    app.call(Method::POST, &open, Some(&token), &[], Some(purpose)).await.expect(200).at("/content")
}

fn values(content: &Value, table: &str, name: &str) -> Vec<String> {
    let rows = content[table].as_array().expect("rows");
    let mut found: Vec<String> =
        rows.iter().filter_map(|row| row[name].as_str().map(str::to_owned)).collect();
    found.sort();
    found
}

#[tokio::test]
async fn the_package_holds_both_records_and_so_does_the_erasure() {
    let app = App::start().await;
    own_policy(
        &app,
        json!({ "operation": "cardholders.erase", "maker_permission": "cardholders:lifecycle" }),
    )
    .await;
    let [(her, path), (other, there)] = two(&app).await;
    // Asked for at the record that is then absorbed: the clock of the law runs on.
    let early = ask_under_the_law(&app, &there, "erasure").await.expect(201);
    merge(&app, &path, other).await;

    let request = ask_under_the_law(&app, &path, "portability").await.expect(201);
    let content = package(&app, &request).await;
    assert_eq!(values(&content, "cardholders", "name"), ["沈嘉怡", OTHER_NAME]);
    let numbers = ["+8613800005678".to_owned(), format!("+86{OTHER_PHONE}")];
    assert_eq!(values(&content, "cardholder_phones", "number"), numbers);
    assert!(values(&content, "cardholder_emails", "address").contains(&OTHER_EMAIL.to_owned()));
    assert_eq!(values(&content, "cardholders", "national_id").len(), 1);
    let listed =
        app.get(Someone::TELLER, &format!("/subject_requests?cardholder_id={her}")).await.expect(200);
    let mut kinds = listed.column("kind");
    kinds.sort();
    assert_eq!(kinds, ["erasure", "portability"], "the person's requests, at whichever record");

    let submitted = app.post(Someone::BRANCH_MANAGER, &at(&early, "/erase"), json!({})).await.expect(202);
    let decide = request_path(&submitted, "approve");
    post_proved(&app, Someone::RISK_MANAGER, &decide, json!({})).await.expect(200);
    app.run_jobs().await;
    assert_eq!(status(&app, &submitted).await, "executed");
    let mut planted = Planted::default();
    for value in [OTHER_NAME, OTHER_PHONE, OTHER_EMAIL, "云杉贸易有限公司", "13800005678", "shen@example.com"]
    {
        planted.add("of one of the records", value);
    }
    let left: Vec<String> =
        dump(&app).await.iter().flat_map(|column| planted.found_in(&column.name, &column.text)).collect();
    assert_eq!(left, [""; 0]);
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholder_keys").await, 0);
    assert_eq!(app.count("SELECT count(*) AS n FROM erased_cardholders").await, 2);
    assert_eq!(app.get(Someone::TELLER, &at(&early, "")).await.expect(200).at("/status"), "done");
    for whose in [her, other] {
        let about = format!(
            "SELECT count(*) AS n FROM audit_entries WHERE action = 'erasures.clear' AND cardholder_id = '{whose}'"
        );
        assert_eq!(app.count(&about).await, 1);
    }
    app.finish().await;
}

#[tokio::test]
async fn what_is_asked_at_the_absorbed_record_points_to_the_survivor() {
    let app = App::start().await;
    own_policy(
        &app,
        json!({ "operation": "cardholders.erase", "maker_permission": "cardholders:lifecycle" }),
    )
    .await;
    let [(her, path), (other, there)] = two(&app).await;
    let hold = json!({ "reason": "litigation", "note": "调查令 88" });
    let holds = format!("{there}/legal_holds");
    let placed = app.post(Someone::RISK_MANAGER, &holds, hold.clone()).await.expect(201);
    merge(&app, &path, other).await;
    let points = |reply: Reply| {
        assert_eq!(
            (reply.problem(409), reply.at("/params/survivor_id")),
            ("cardholders.absorbed".into(), json!(her))
        );
    };
    points(ask_under_the_law(&app, &there, "erasure").await);
    points(app.get(Someone::TELLER, &format!("{there}/erasure_check")).await);
    points(app.post(Someone::RISK_MANAGER, &holds, hold).await);
    points(
        app.post(Someone::RISK_MANAGER, &format!("{holds}/{}/lift", placed.text_at("/hold_id")), json!({}))
            .await,
    );

    // The hold of the absorbed record holds the person, and is lifted where the person is met.
    let request = ask_under_the_law(&app, &path, "erasure").await.expect(201);
    let refused = app.post(Someone::BRANCH_MANAGER, &at(&request, "/erase"), json!({})).await;
    assert_eq!(refused.problem(409), "erasures.held");
    assert_eq!(refused.at("/params/obstacles/0/hold_id"), placed.at("/hold_id"));
    let lift = format!("{path}/legal_holds/{}/lift", placed.text_at("/hold_id"));
    app.post(Someone::RISK_MANAGER, &lift, json!({})).await.expect(200);
    let check = app.get(Someone::TELLER, &format!("{path}/erasure_check")).await.expect(200);
    assert_eq!(check.at("/is_allowed"), true);
    app.post(Someone::BRANCH_MANAGER, &at(&request, "/erase"), json!({})).await.expect(202);
    app.finish().await;
}

#[tokio::test]
async fn somebody_of_whom_nothing_was_sealed_has_a_package_too() {
    let app = App::start().await;
    let owner = app.holdings().await.cardholder(Place::Qianjiang, json!({})).await;
    let request = ask_under_the_law(&app, &format!("/cardholders/{owner}"), "access").await.expect(201);
    assert_eq!(values(&package(&app, &request).await, "cardholders", "name"), ["沈嘉怡"]);
    app.finish().await;
}

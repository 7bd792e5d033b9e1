//! A server that imports an upload is killed within the step that writes and after it: no row is there half, and none twice.

use it::{App, Someone};
use reqwest::Method;
use serde_json::{Value, json};

use super::killed::{Home, Stop};

const WHO: Someone = Someone::BRANCH_MANAGER;
const PEOPLE: usize = 300;
/// What an import of people writes.
const TABLES: [&str; 8] = [
    "cardholders",
    "cardholder_keys",
    "cardholder_phones",
    "phone_index",
    "phone_tail_index",
    "name_grams",
    "customer_no_index",
    "cardholder_changes",
];

fn file() -> String {
    let row = |n: usize| format!("K{n},沈嘉怡{n},139{n:08},HZ01\n");
    let rows: String = (0..PEOPLE).map(row).collect();
    format!("source_ref,name,phone,branch\n{rows}")
}

async fn filled(app: &App) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(app.count(&format!("SELECT count(*) AS n FROM {table}")).await);
    }
    counts
}

/// Uploads the file and starts its run, which is due by every clock.
async fn start(app: &App) -> String {
    let token = app.token_of(WHO);
    let path = "/imports?kind=cardholders";
    let file = file().into_bytes();
    let uploaded = app.call_raw(Method::POST, path, Some(&token), "text/csv", file).await.expect(201);
    let path = format!("/imports/{}", uploaded.text_at("/import_id"));
    app.post(WHO, &format!("{path}/runs"), json!({ "mapping": uploaded.at("/mapping") })).await.expect(202);
    app.execute("UPDATE jobs SET run_at = '2000-01-01' WHERE status = 'queued'").await;
    path
}

fn counts(import: &Value) -> [&Value; 5] {
    let report = &import["run"]["report"];
    [
        &import["run"]["outcome"],
        &report["inserted"],
        &report["updated"],
        &report["unchanged"],
        &report["refused"],
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_leaves_nothing_half_and_the_next_completes_it() {
    let (home, app) = Home::open("imports-killed").await;
    let nothing = filled(&app).await;
    assert_eq!(nothing, [0; 8]);
    let path = start(&app).await;

    // Within the step: some tables are written, the phones are next.
    let stop = Stop::before(&app, ("INSERT", "cardholder_phones"), "true").await;
    home.serve(&app).await.kill_at_stop(&app, stop).await;
    assert_eq!(filled(&app).await, nothing, "killed within the step");

    // After the step, before the job could say so: everything is there, and the run is not over.
    let done = "NEW.kind = 'imports.run' AND NEW.status = 'succeeded'";
    let stop = Stop::before(&app, ("UPDATE", "jobs"), done).await;
    home.serve(&app).await.kill_at_stop(&app, stop).await;
    let everything = filled(&app).await;
    let people = PEOPLE as i64;
    assert_eq!(everything[..5], [people; 5]);
    assert_eq!((everything[6], everything[7]), (people, people), "killed after the step");
    assert_eq!(app.get(WHO, &path).await.expect(200).text_at("/run/status"), "running");

    let mut last = home.serve(&app).await;
    last.until(&app, "SELECT count(*) AS n FROM jobs WHERE kind = 'imports.run' AND status = 'succeeded'")
        .await;
    last.finish(&app).await;
    assert_eq!(filled(&app).await, everything);
    let import = app.get(WHO, &path).await.expect(200).json();
    // The report is that of the step that was finished, not of one that found its own rows.
    assert_eq!(counts(&import), [&json!("imported"), &json!(PEOPLE), &json!(0), &json!(0), &json!(0)]);
    let merged = "SELECT count(*) AS n FROM audit_entries WHERE action = 'imports.merge'";
    assert_eq!(app.count(merged).await, 1);
    for q in ["13900000007", "13900000299"] {
        let found = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": q })).await.expect(200);
        assert_eq!(found.list_at("/items").len(), 1, "{q}");
    }
    home.clear();
    app.finish().await;
}

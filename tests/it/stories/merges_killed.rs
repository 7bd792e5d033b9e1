//! A server that carries out an approved merge is killed in the middle of it: the two are one person wholly, or not at all.

use it::{App, Place, Someone};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::killed::{Home, Server, Stop};

/// Everything that a merge writes, and whether it waits.
const TRACES: &str = "SELECT (SELECT count(*) FROM cardholder_links) AS links,
    (SELECT count(*) FROM cardholder_changes WHERE field IN ('absorbed', 'absorbed_into')) AS changes,
    (SELECT count(*) FROM audit_entries WHERE action = 'cardholders.merge') AS entries,
    (SELECT count(*) FROM approval_decisions) AS decisions,
    (SELECT string_agg(version::text, '+' ORDER BY cardholder_id) FROM cardholders) AS versions,
    (SELECT status FROM approvals) AS status";

async fn ask(app: &App, server: &Server, survivor: Uuid, absorbed: Uuid) -> String {
    let teller = server.token_of(app, Someone::TELLER).await;
    let path = server.at(&format!("/cardholders/{survivor}"));
    let read = app.call(Method::GET, &path, Some(&teller), &[], None).await.expect(200);
    let body = json!({ "absorbed_id": absorbed, "evidence_note": "临柜核验为同一人" });
    let (merge, etag) = (format!("{path}/merge"), read.etag());
    let headers = [("if-match", etag.as_str())];
    let asked = app.call(Method::POST, &merge, Some(&teller), &headers, Some(body)).await.expect(202);
    format!("/approvals/{}/approve", asked.text_at("/approval/approval_id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_merge_is_carried_out_wholly_or_not_at_all() {
    let (home, app) = Home::open("merges-killed").await;
    let bank = app.holdings().await;
    let survivor = bank.cardholder(Place::Qianjiang, json!({})).await;
    let absorbed = bank.cardholder(Place::Qianjiang, json!({ "occupation": "教师" })).await;
    let first = home.serve(&app).await;
    let approve = ask(&app, &first, survivor, absorbed).await;
    let before = app.lines(TRACES).await;
    assert_eq!(before, ["0 0 0 0 1+1 pending"]);

    let mut server = Some(first);
    for (table, condition) in [
        ("cardholder_links", "true"),
        ("cardholder_changes", "NEW.field = 'absorbed_into'"),
        ("audit_entries", "NEW.action = 'cardholders.merge'"),
    ] {
        let running = match server.take() {
            Some(running) => running,
            None => home.serve(&app).await,
        };
        let manager = running.token_of(&app, Someone::BRANCH_MANAGER).await;
        let stop = Stop::before(&app, ("INSERT", table), condition).await;
        let url = running.at(&approve);
        let asking = reqwest::Client::builder().no_proxy().build().expect("a client");
        let asked = asking.post(url).bearer_auth(manager).json(&json!({})).send();
        let (answer, ()) = tokio::join!(asked, running.kill_at_stop(&app, stop));
        assert!(answer.is_err(), "{table}: nobody answers");
        assert_eq!(app.lines(TRACES).await, before, "{table}");
        assert_eq!(app.get(Someone::TELLER, "/cardholders?count=true").await.expect(200).at("/count"), 2);
    }

    let last = home.serve(&app).await;
    let manager = last.token_of(&app, Someone::BRANCH_MANAGER).await;
    let decided = last.post(&app, Some(&manager), &approve, json!({})).await.expect(200);
    assert_eq!(decided.text_at("/status"), "executed");
    assert_eq!(app.lines(TRACES).await, ["1 2 2 1 2+2 executed"]);
    // An answer that was lost on its way is asked for again: nothing is done twice.
    let again = last.post(&app, Some(&manager), &approve, json!({})).await;
    assert_eq!(again.status, 409, "{again:?}");
    assert_eq!(app.lines(TRACES).await, ["1 2 2 1 2+2 executed"]);
    last.finish(&app).await;
    assert_eq!(app.get(Someone::TELLER, "/cardholders?count=true").await.expect(200).at("/count"), 1);
    home.clear();
    app.finish().await;
}

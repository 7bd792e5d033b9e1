//! What is out of the ordinary is found by the day, told to those who answer for it, and judged by an auditor.

use chrono::TimeDelta;
use it::{App, Place, Someone};
use platform::jobs::enqueue_now;
use serde_json::{Value, json};
use trust::audit::FindAnomalies;
use uuid::Uuid;

async fn count_day(app: &App, day: &str) {
    let job = FindAnomalies { day: day.parse().expect("a day") };
    enqueue_now(&app.db.read().await.expect("a connection"), &job, &app.clock).await.expect("a job");
    app.run_jobs().await;
}

async fn look(app: &App, someone: Someone, whom: &[Uuid]) {
    for id in whom {
        app.get(someone, &format!("/cardholders/{id}")).await.expect(200);
    }
}

async fn people(app: &App, count: usize) -> Vec<Uuid> {
    let bank = app.holdings().await;
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(bank.cardholder(Place::Qianjiang, json!({})).await);
    }
    ids
}

async fn found(app: &App, someone: Someone, filter: &str) -> Vec<Value> {
    app.get(someone, &format!("/audit/anomalies{filter}")).await.expect(200).list_at("/items")
}

fn kinds(found: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = found.iter().filter_map(|item| item["kind"].as_str()).collect();
    kinds.sort_unstable();
    kinds
}

#[tokio::test]
async fn many_in_an_hour_are_told_unless_that_is_the_persons_habit() {
    let app = App::start().await;
    let whom = people(&app, 35).await;
    look(&app, Someone::TELLER, &whom).await;
    look(&app, Someone::MANAGER, &whom).await;
    let bank = app.holdings().await;
    for day in ["2026-10-28", "2026-10-29", "2026-10-30"] {
        let habit = json!({ "staff_id": Someone::MANAGER.id(), "looked_on": day, "cardholders": 60, "busiest_hour": 20 });
        bank.put("audit_lookups", habit, json!({})).await;
    }
    count_day(&app, "2026-11-02").await;
    let told = found(&app, Someone::AUDITOR, "").await;
    assert_eq!(kinds(&told), ["busy_hour"]);
    assert_eq!(
        (&told[0]["staff_no"], &told[0]["params"]),
        (&json!("T0001"), &json!({ "count": 35, "usual": 0, "limit": 30 }))
    );
    // Counting again finds nothing new, and today is tomorrow's habit.
    count_day(&app, "2026-11-02").await;
    assert_eq!(found(&app, Someone::AUDITOR, "").await.len(), 1);
    assert_eq!(
        app.count(
            "SELECT cardholders::bigint AS n FROM audit_lookups WHERE looked_on = '2026-11-02' LIMIT 1"
        )
        .await,
        35
    );
    app.finish().await;
}

#[tokio::test]
async fn look_ups_of_every_kind_count_and_those_that_served_somebody_do_not() {
    let app = App::start().await;
    let whom = people(&app, 34).await;
    // Served: each was looked at, and something was done for them.
    look(&app, Someone::TELLER, &whom).await;
    for id in &whom {
        let wish = json!({ "kind": "access", "received_via": "counter" });
        app.post(Someone::TELLER, &format!("/cardholders/{id}/subject_requests"), wish).await.expect(201);
    }
    // Searched for, and never opened.
    for n in 0..31 {
        let sought = json!({ "q": format!("1380000{n:04}") });
        app.post(Someone::MANAGER, "/cardholders/search", sought).await.expect(200);
    }
    // Shown without a page of theirs.
    let bank = app.holdings().await;
    for id in &whom {
        let row = json!({
            "occurred_at": app.clock.now(), "audit_id": app.clock.new_id::<Uuid>(), "action": "cardholders.reveal",
            "outcome": "done", "actor_kind": "staff", "staff_id": Someone::RISK_OFFICER.id(), "staff_no": "K0001",
            "branch_id": Place::Hangzhou.id(), "cardholder_id": id, "written_in": 0,
        });
        bank.put("audit_entries", row, json!({})).await;
    }
    count_day(&app, "2026-11-02").await;
    let told = found(&app, Someone::AUDITOR, "?kind=busy_hour").await;
    let mut who: Vec<String> =
        told.iter().map(|item| format!("{} {}", item["staff_no"], item["params"]["count"])).collect();
    who.sort_unstable();
    assert_eq!(who, ["\"K0001\" 34", "\"R0001\" 31"]);
    app.finish().await;
}

#[tokio::test]
async fn nights_colleagues_and_refusals_are_told_within_the_span_and_judged_once() {
    let app = App::start().await;
    let mut whom = people(&app, 3).await;
    let managers = app.get(Someone::ADMIN, "/staff?q=R0001").await.expect(200);
    let name = managers.text_at("/items/0/name");
    let bank = app.holdings().await;
    whom.push(bank.cardholder(Place::Qianjiang, json!({ "name": name })).await);
    // The namesake of somebody who works elsewhere is nobody's colleague.
    whom.push(bank.cardholder(Place::Xixi, json!({ "name": name })).await);
    app.clock.advance(TimeDelta::hours(13));
    look(&app, Someone::TELLER, &whom[..4]).await;
    look(&app, Someone::RISK_MANAGER, &whom[4..]).await;
    for _ in 0..10 {
        app.get(Someone::TELLER_OF_YINZHOU, &format!("/cardholders/{}", whom[0])).await.expect(404);
    }
    count_day(&app, "2026-11-02").await;
    let told = found(&app, Someone::AUDITOR, "").await;
    assert_eq!(kinds(&told), ["night", "possible_colleague", "refusals"]);
    let colleague = told.iter().find(|item| item["kind"] == "possible_colleague").unwrap();
    assert_eq!(colleague["cardholder_id"], json!(whom[3]));
    assert_eq!(colleague["params"]["is_self"], false);
    // The manager of the branch of Qianjiang sees their own people only.
    assert_eq!(kinds(&found(&app, Someone::BRANCH_MANAGER, "").await), ["night", "possible_colleague"]);
    assert_eq!(found(&app, Someone::AUDITOR, "?kind=night&is_reviewed=false").await.len(), 1);
    let path = format!("/audit/anomalies/{}/review", colleague["anomaly_id"].as_str().unwrap());
    let verdict = json!({ "verdict": "harmless", "review_note": "本人办理，已核对" });
    app.post(Someone::BRANCH_MANAGER, &path, verdict.clone()).await.expect(403);
    let judged = app.post(Someone::AUDITOR, &path, verdict.clone()).await.expect(200);
    assert_eq!((judged.text_at("/verdict"), judged.at("/is_reviewable")), ("harmless".into(), json!(false)));
    assert_eq!(
        app.post(Someone::AUDITOR, &path, verdict.clone()).await.problem(409),
        "audit.anomaly_reviewed"
    );
    let nobody = "/audit/anomalies/019a4000-0000-7000-8000-000000000000/review";
    assert_eq!(app.post(Someone::AUDITOR, nobody, verdict).await.problem(404), "audit.anomaly_missing");
    assert_eq!(found(&app, Someone::AUDITOR, "?is_reviewed=true").await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_record_of_another_branch_and_a_used_up_quota_are_told() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Yinzhou, json!({ "customer_no": "C1002834107" })).await;
    bank.put("customer_no_index", json!({ "customer_no": "C1002834107", "cardholder_id": owner }), json!({}))
        .await;
    let wish =
        json!({ "customer_no": "C1002834107", "reason": "walk_in", "note": "持卡人在本网点柜台，卡片遗失" });
    app.post(Someone::TELLER, "/break_glass_grants", wish).await.expect(201);
    look(&app, Someone::TELLER, &[owner]).await;
    let note = json!({
        "occurred_at": app.clock.now(), "audit_id": app.clock.new_id::<Uuid>(), "action": "cardholders.reveal_quota",
        "outcome": "done", "actor_kind": "staff", "staff_id": Someone::RISK_OFFICER.id(), "staff_no": "K0001",
        "branch_id": Place::Hangzhou.id(), "written_in": 0,
    });
    bank.put("audit_entries", note, json!({})).await;
    count_day(&app, "2026-11-02").await;
    let told = found(&app, Someone::AUDITOR, "").await;
    assert_eq!(kinds(&told), ["other_branch", "reveal_quota"]);
    app.get(Someone::TELLER, "/audit/anomalies").await.expect(403);
    app.finish().await;
}

use diesel_async::SimpleAsyncConnection;
use it::{App, Holdings, Place, Reply, Someone};
use serde_json::{Value, json};
use uuid::Uuid;

fn value_of(bench: &Reply, code: &str) -> Option<i64> {
    bench.list_at("/cards").iter().find(|card| card["code"] == code)?["value"].as_i64()
}

/// The items of one list.
fn items_of(bench: &Reply, code: &str) -> Vec<Value> {
    let lists = bench.list_at("/lists");
    let list = lists.iter().find(|list| list["code"] == code).expect("a list of that code");
    list["items"].as_array().expect("items").clone()
}

fn people_in(bench: &Reply, code: &str) -> Vec<String> {
    let id = |item: &Value| item["cardholder_id"].as_str().expect("an id").to_owned();
    items_of(bench, code).iter().map(id).collect()
}

fn params_of(bench: &Reply, code: &str) -> Value {
    items_of(bench, code).first().expect("somebody")["params"].clone()
}

fn texts(ids: &[Uuid]) -> Vec<String> {
    ids.iter().map(Uuid::to_string).collect()
}

/// Somebody with a card account whose newest statement is this late.
async fn late(bank: &Holdings<'_>, place: Place, days_past_due: i32) -> Uuid {
    let owner = bank.cardholder(place, json!({})).await;
    let account = bank.account(owner, json!({ "kind": "credit_card", "product_code": "CC-GOLD" })).await;
    let overdue = json!({ "days_past_due": days_past_due, "paid_minor": 28_600 });
    bank.statement(owner, account, "2026-10-08", overdue).await;
    owner
}

#[tokio::test]
async fn every_role_gets_its_own_workbench() {
    let app = App::start().await;
    let bank = app.holdings().await;
    bank.cardholder(Place::Qianjiang, json!({ "opened_on": "2026-11-01" })).await;
    for someone in Someone::of_each_role() {
        let bench = app.get(someone, "/workbench").await.expect(200);
        assert_eq!(bench.text_at("/business_on"), "2026-11-02");
        assert!(!bench.list_at("/cards").is_empty(), "{}", someone.role);
        let shows_people = bench.text.contains("customer_no");
        assert_eq!(
            shows_people,
            !matches!(
                someone.role,
                platform::Role::Admin | platform::Role::RiskOfficer | platform::Role::RiskManager
            ),
            "{}",
            someone.role
        );
    }
    let admin = app.get(Someone::ADMIN, "/workbench").await.expect(200);
    assert_eq!((value_of(&admin, "staff_active"), value_of(&admin, "branches_open")), (Some(12), Some(6)));
    assert_eq!(admin.at("/lists"), json!([]));
    app.finish().await;
}

#[tokio::test]
async fn figures_count_within_reach() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let mine = json!({ "manager_id": Someone::MANAGER.id(), "opened_on": "2026-11-01" });
    let new = bank.cardholder(Place::Qianjiang, mine).await;
    let dormant = bank.cardholder(Place::Qianjiang, json!({ "lifecycle": "dormant" })).await;
    bank.cardholder(Place::Xixi, json!({ "lifecycle": "prospect", "opened_on": "2026-10-31" })).await;
    bank.cardholder(Place::Yinzhou, json!({ "opened_on": "2026-11-02" })).await;
    let teller = app.get(Someone::TELLER, "/workbench").await.expect(200);
    assert_eq!(value_of(&teller, "branch_cardholders"), Some(2));
    assert_eq!((value_of(&teller, "opened_this_month"), value_of(&teller, "dormant")), (Some(1), Some(1)));
    assert_eq!(people_in(&teller, "recently_opened"), texts(&[new]));
    let manager = app.get(Someone::MANAGER, "/workbench").await.expect(200);
    assert_eq!((value_of(&manager, "my_cardholders"), value_of(&manager, "prospects")), (Some(1), Some(0)));
    assert_eq!(people_in(&manager, "dormant"), texts(&[dormant]));
    let own = app.get(Someone::OWN_MANAGER, "/workbench").await.expect(200);
    assert_eq!((value_of(&own, "my_cardholders"), value_of(&own, "dormant")), (Some(0), Some(0)));
    let marketer = app.get(Someone::MARKETER, "/workbench").await.expect(200);
    assert_eq!(
        (value_of(&marketer, "branch_cardholders"), value_of(&marketer, "prospects")),
        (Some(3), Some(1))
    );
    let agent = app.get(Someone::AGENT, "/workbench").await.expect(200);
    assert_eq!(value_of(&agent, "branch_cardholders"), Some(4));
    app.finish().await;
}

#[tokio::test]
async fn frozen_cards_are_shown_to_those_who_reach_their_owners() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let mut owners = Vec::new();
    for (place, status) in
        [(Place::Qianjiang, "frozen"), (Place::Yinzhou, "frozen"), (Place::Qianjiang, "active")]
    {
        let owner = bank.cardholder(place, json!({})).await;
        let account = bank.account(owner, json!({})).await;
        bank.card(owner, account, json!({ "status": status, "status_reason": "挂失" })).await;
        owners.push(owner);
    }
    let teller = app.get(Someone::TELLER, "/workbench").await.expect(200);
    assert_eq!(value_of(&teller, "frozen_cards"), Some(1));
    assert_eq!(people_in(&teller, "frozen_cards"), texts(&owners[..1]));
    let params = params_of(&teller, "frozen_cards");
    assert_eq!((&params["last_four"], &params["status_reason"]), (&json!("4471"), &json!("挂失")));
    assert!(params["frozen_at"].as_str().unwrap().starts_with("2026-11-02T01:00:00"));
    let agent = app.get(Someone::AGENT, "/workbench").await.expect(200);
    assert_eq!((value_of(&agent, "frozen_cards"), people_in(&agent, "frozen_cards").len()), (Some(2), 2));
    app.finish().await;
}

#[tokio::test]
async fn only_the_newest_statement_says_who_is_overdue() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let bad = late(&bank, Place::Qianjiang, 9).await;
    let worse = late(&bank, Place::Xixi, 40).await;
    let elsewhere = late(&bank, Place::Yinzhou, 90).await;
    // Overdue last month, settled since; and overdue so long ago that nobody bills the account any more.
    let settled = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(settled, json!({})).await;
    bank.statement(settled, account, "2026-09-08", json!({ "days_past_due": 20 })).await;
    bank.statement(settled, account, "2026-10-08", json!({})).await;
    let history = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(history, json!({})).await;
    bank.statement(history, account, "2026-08-31", json!({ "days_past_due": 20 })).await;
    let officer = app.get(Someone::RISK_OFFICER, "/workbench").await.expect(200);
    assert_eq!(people_in(&officer, "past_due"), texts(&[worse, bad]));
    assert_eq!(params_of(&officer, "past_due")["amount_minor"], 400_000);
    assert_eq!(
        (value_of(&officer, "past_due_statements"), value_of(&officer, "past_due_minor")),
        (Some(2), Some(800_000))
    );
    assert_eq!(
        (officer.text_at("/cards/1/unit"), officer.text_at("/cards/1/currency")),
        ("minor".into(), "CNY".into())
    );
    let manager = app.get(Someone::RISK_MANAGER, "/workbench").await.expect(200);
    assert_eq!(people_in(&manager, "past_due"), texts(&[elsewhere, worse, bad]));
    let nobody_late = App::start().await;
    let officer = nobody_late.get(Someone::RISK_OFFICER, "/workbench").await.expect(200);
    assert_eq!(
        (value_of(&officer, "past_due_minor"), officer.at("/cards/1/currency")),
        (Some(0), Value::Null)
    );
    nobody_late.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn a_manager_is_reminded_of_birthdays_of_their_own_people() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let born = async |on: &str, manager: Someone, lifecycle: &str| {
        let row = json!({ "birth_on": on, "manager_id": manager.id(), "lifecycle": lifecycle });
        bank.cardholder(Place::Qianjiang, row).await
    };
    let later = born("1960-11-08", Someone::MANAGER, "active").await;
    let today = born("1990-11-02", Someone::MANAGER, "active").await;
    born("1990-11-09", Someone::MANAGER, "active").await;
    born("1990-11-01", Someone::MANAGER, "active").await;
    born("1990-11-03", Someone::OWN_MANAGER, "active").await;
    born("1930-11-03", Someone::MANAGER, "deceased").await;
    let bench = app.get(Someone::MANAGER, "/workbench").await.expect(200);
    assert_eq!(people_in(&bench, "birthdays_this_week"), texts(&[today, later]));
    assert_eq!(params_of(&bench, "birthdays_this_week")["birth_on"], "1990-11-02");
    app.finish().await;
}

#[tokio::test]
async fn a_list_is_short_and_newest_first() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let mut opened = Vec::new();
    for day in 1..=9 {
        let row = json!({ "opened_on": format!("2026-10-{:02}", day + 10), "manager_id": null });
        opened.push(bank.cardholder(Place::Qianjiang, row).await);
    }
    opened.reverse();
    let bench = app.get(Someone::BRANCH_MANAGER, "/workbench").await.expect(200);
    assert_eq!(people_in(&bench, "recently_opened"), texts(&opened[..8]));
    assert_eq!(people_in(&bench, "no_manager"), texts(&opened[..8]));
    assert_eq!(value_of(&bench, "staff_active"), Some(4));
    app.finish().await;
}

#[tokio::test]
async fn the_trail_and_the_queue_are_counted_for_those_who_watch_them() {
    let app = App::start().await;
    let wrong = json!({ "staff_no": "T0001", "password": "not this one 1" });
    let refused = app.call(reqwest::Method::POST, "/auth/login", None, &[], Some(wrong)).await;
    refused.problem(401);
    let view = json!({ "page": "cardholders", "name": "一", "query": {} });
    app.post(Someone::TELLER, "/saved_views", view).await.expect(201);
    let failed = "INSERT INTO jobs (job_id, kind, payload, status, priority, run_at, attempts, attempts_max, progress_done, is_cancel_requested, created_at)
        SELECT gen_random_uuid(), 'records.none', '{}', 'failed', 0, at, 1, 1, 0, false, at FROM unnest(ARRAY['2026-11-01', '2026-09-01']::timestamptz[]) AS at";
    app.owner().await.batch_execute(failed).await.unwrap();
    let auditor = app.get(Someone::AUDITOR, "/workbench").await.expect(200);
    assert_eq!(
        (value_of(&auditor, "audit_entries_today"), value_of(&auditor, "sign_ins_refused")),
        (Some(2), Some(1))
    );
    assert_eq!(value_of(&auditor, "jobs_failed"), Some(1));
    app.owner().await.batch_execute("DELETE FROM jobs").await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_branch_manager_whose_scope_is_their_own_still_gets_an_answer() {
    let app = App::start().await;
    let sql = format!("UPDATE staff SET scope = 'self' WHERE staff_id = '{}'", Someone::BRANCH_MANAGER.id());
    app.owner().await.batch_execute(&sql).await.unwrap();
    app.parts.directory.refresh(&app.db).await.unwrap();
    let bench = app.get(Someone::BRANCH_MANAGER, "/workbench").await.expect(200);
    assert_eq!(
        (value_of(&bench, "branch_cardholders"), value_of(&bench, "staff_active")),
        (Some(0), Some(0))
    );
    app.finish().await;
}

#[tokio::test]
async fn somebody_with_an_initial_password_sees_no_figures() {
    let app = App::start().await;
    let sql =
        format!("UPDATE staff SET must_change_password = true WHERE staff_id = '{}'", Someone::TELLER.id());
    app.owner().await.batch_execute(&sql).await.unwrap();
    app.parts.directory.refresh(&app.db).await.unwrap();
    assert_eq!(app.get(Someone::TELLER, "/workbench").await.problem(403), "staff.password_change_required");
    app.finish().await;
}

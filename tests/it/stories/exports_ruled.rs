//! One table of rules for every list that can be had as a file: powers when it is asked for, written and fetched; and no row more
//! than somebody approved.

use it::{App, Place, Reply, Someone};
use serde_json::{Value, json};
use trust::exports::{EXPORT_RULES, ExportList, ExportReach};
use web::{Sight, access};

use super::{
    approvals::decide,
    exports::{fetch, parts, path_of, people, request, submitted, two_rows_wait, wish},
};

async fn change(app: &App, who: Someone, set: &str) {
    app.execute(&format!("UPDATE staff SET {set} WHERE staff_id = '{}'", who.id())).await;
    app.parts.directory.refresh(&app.db).await.expect("a directory");
}

async fn written(app: &App, who: Someone, body: Value) -> String {
    let asked = request(app, who, body).await.expect(202);
    app.run_jobs().await;
    let path = path_of(&asked);
    assert_eq!(app.get(who, &path).await.expect(200).text_at("/stage"), "ready");
    path
}

async fn taken(app: &App, who: Someone, export: &str) -> Reply {
    app.get(who, &format!("{export}/file")).await
}

#[tokio::test]
async fn a_file_is_fetched_by_the_powers_of_now() {
    let app = App::start().await;
    people(&app, Place::Qianjiang, 2).await;
    people(&app, Place::Xixi, 1).await;
    let owner = people(&app, Place::Qianjiang, 1).await[0];
    // Somebody of the whole city, who then works for a branch of it.
    let who = Someone::BRANCH_MANAGER;
    let city = format!("branch_id = '{}', scope = 'sub_tree'", Place::Hangzhou.id());
    change(&app, who, &city).await;
    let list = written(&app, who, wish("cardholders", json!({}))).await;
    let figures =
        written(&app, who, wish("statistics", json!({ "measure": "cardholders", "by": "branch" }))).await;
    let mut one = wish("transactions", json!({}));
    one["cardholder_id"] = json!(owner);
    let one = written(&app, who, one).await;
    for export in [&list, &figures, &one] {
        fetch(&app, who, export).await;
    }

    change(&app, who, &format!("branch_id = '{}', scope = 'branch'", Place::Qianjiang.id())).await;
    for export in [&list, &figures] {
        assert_eq!(taken(&app, who, export).await.problem(403), "exports.narrowed");
    }
    assert_eq!(taken(&app, who, &one).await.problem(403), "exports.narrowed", "it was written with more");
    let refusals =
        "SELECT count(*) AS n FROM audit_entries WHERE action = 'exports.download' AND outcome = 'refused'
        AND staff_no = 'B0001'";
    assert_eq!(app.count(refusals).await, 3);
    change(&app, who, &city).await;
    fetch(&app, who, &list).await;

    // Another role that sees less, or reads less; one that takes no files at all.
    change(&app, who, "role = 'marketing_manager'").await;
    assert_eq!(taken(&app, who, &list).await.problem(403), "exports.narrowed");
    assert_eq!(taken(&app, who, &one).await.problem(403), "exports.list_forbidden");
    change(&app, who, "role = 'teller'").await;
    assert_eq!(taken(&app, who, &list).await.problem(403), "staff.forbidden");
    change(&app, who, "role = 'branch_manager'").await;
    fetch(&app, who, &one).await;
    // The cardholder has moved away meanwhile.
    app.execute(&format!(
        "UPDATE cardholders SET branch_id = '{}' WHERE cardholder_id = '{owner}'",
        Place::Yinzhou.id()
    ))
    .await;
    assert_eq!(taken(&app, who, &one).await.problem(403), "exports.narrowed");
    app.finish().await;
}

#[tokio::test]
async fn no_row_is_written_that_nobody_approved() {
    let app = App::start().await;
    two_rows_wait(&app).await;
    people(&app, Place::Qianjiang, 2).await;
    let who = Someone::MANAGER;
    let asked = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    decide(&app, Someone::BRANCH_MANAGER, &submitted(&asked), "approve").await.expect(200);
    people(&app, Place::Qianjiang, 1).await;
    app.run_jobs().await;
    let grown = app.get(who, &path_of(&asked)).await.expect(200);
    assert_eq!(
        (grown.text_at("/stage"), grown.text_at("/error_code")),
        ("failed".to_owned(), "exports.outgrown".to_owned())
    );
    assert_eq!(app.lines("SELECT status FROM approvals").await, ["failed"]);
    assert_eq!(app.count("SELECT count(*) AS n FROM files").await, 0);

    // Fewer are no harm, and another filter than the approved one is not written at all.
    let again = request(&app, who, wish("cardholders", json!({}))).await.expect(202);
    app.execute("UPDATE exports SET query = '{\"lifecycle\": \"dormant\"}' WHERE status = 'waiting'").await;
    let refused = decide(&app, Someone::BRANCH_MANAGER, &submitted(&again), "approve").await;
    assert_eq!(refused.problem(409), "approvals.payload_damaged");
    app.execute("UPDATE exports SET query = '{}' WHERE status = 'waiting'").await;
    decide(&app, Someone::BRANCH_MANAGER, &submitted(&again), "approve").await.expect(200);
    app.execute("DELETE FROM cardholders WHERE cardholder_id = (SELECT max(cardholder_id::text)::uuid FROM cardholders)")
        .await;
    app.run_jobs().await;
    assert_eq!(parts(&fetch(&app, who, &path_of(&again)).await.0).2.len(), 2);
    app.finish().await;
}

/// A wish for each list that every role that reads it may ask for.
fn wishes(owner: uuid::Uuid) -> Vec<(ExportList, Value)> {
    let mut transactions = wish("transactions", json!({}));
    transactions["cardholder_id"] = json!(owner);
    vec![
        (ExportList::Cardholders, wish("cardholders", json!({}))),
        (ExportList::Transactions, transactions),
        (ExportList::AuditEntries, wish("audit_entries", json!({ "action": "cardholders.read" }))),
        (ExportList::Statistics, wish("statistics", json!({ "measure": "balances", "by": "branch" }))),
    ]
}

#[tokio::test]
async fn every_list_obeys_the_same_rules_for_every_role() {
    let app = App::start().await;
    let far = people(&app, Place::Yinzhou, 1).await[0];
    let near = people(&app, Place::Qianjiang, 1).await[0];
    assert_eq!(wishes(near).len(), EXPORT_RULES.len());
    for who in Someone::of_each_role().filter(|who| access::may(who.role, web::Permission::ExportsRun)) {
        for ((list, body), rule) in wishes(near).into_iter().zip(EXPORT_RULES) {
            assert_eq!(list, rule.list);
            let asked = request(&app, who, body).await;
            if !access::may(who.role, rule.permission) {
                assert_eq!(asked.problem(403), "exports.list_forbidden", "{} {list}", who.role);
                continue;
            }
            app.run_jobs().await;
            let (bytes, _) = fetch(&app, who, &path_of(&asked.expect(202))).await;
            let (_, header, rows) = parts(&bytes);
            // Nothing of a class that the role does not see, and nobody of another part of the bank.
            let unseen = Sight::of(who.role).unseen(list.as_str());
            let hidden: Vec<_> = header.iter().filter(|name| unseen.contains(&name.as_str())).collect();
            assert!(hidden.is_empty(), "{} {list}: {hidden:?}", who.role);
            if rule.reach == ExportReach::Part && list == ExportList::Cardholders {
                let is_bank = who.scope == platform::Scope::Bank;
                assert_eq!(rows.iter().any(|row| row[0] == far.to_string()), is_bank, "{}", who.role);
            }
        }
        let reads = access::may(who.role, web::Permission::TransactionsRead);
        if reads && who.scope != platform::Scope::Bank {
            let mut elsewhere = wish("transactions", json!({}));
            elsewhere["cardholder_id"] = json!(far);
            assert_eq!(request(&app, who, elsewhere).await.problem(404), "cardholders.missing");
        }
    }
    app.finish().await;
}

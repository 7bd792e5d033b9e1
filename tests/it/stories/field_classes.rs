//! One table of field classes, applied to every answer: each role reads everything that there is about a cardholder, and no
//! field of a class that the role does not see has a value.

use std::collections::{BTreeMap, BTreeSet};

use it::{App, Someone};
use serde_json::{Value, json};
use uuid::Uuid;
use web::{FieldClass, Permission, Sight, access};

use super::{accounts::reads_below_a_cardholder, cardholders::shen};

/// Names that are open in one table and not in another: the answer's own `withheld` has to name them.
fn shown_despite(sight: Sight, answer: &Value, faults: &mut Vec<String>) {
    let classes = classes_by_name();
    match answer {
        Value::Object(fields) => {
            let withheld: BTreeSet<&str> = fields
                .get("withheld")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            for (name, value) in fields {
                let is_never_open = classes.get(name.as_str()).is_some_and(|classes| {
                    classes.iter().all(|class| !sight.sees(*class)) && !classes.contains(&FieldClass::Open)
                });
                if (is_never_open || withheld.contains(name.as_str()))
                    && !value.is_null()
                    && value != &json!([])
                {
                    faults.push(name.clone());
                }
                shown_despite(sight, value, faults);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| shown_despite(sight, item, faults)),
        _ => {}
    }
}

fn classes_by_name() -> BTreeMap<&'static str, BTreeSet<FieldClass>> {
    let mut classes: BTreeMap<&str, BTreeSet<FieldClass>> = BTreeMap::new();
    for field in access::classed_fields().values().flatten() {
        classes.entry(field.field).or_default().insert(field.class);
    }
    classes
}

/// Somebody about whom every field has a value.
async fn somebody_whole(app: &App) -> (Uuid, Vec<String>) {
    let created = app.post(Someone::TELLER, "/cardholders", shen()).await.expect(201);
    let owner: Uuid = created.text_at("/cardholder/cardholder_id").parse().expect("an id");
    let bank = app.holdings().await;
    let limit = json!({ "kind": "credit_card", "product_code": "CC-GOLD", "credit_limit_minor": 5_000_000, "cycle_day": 8 });
    let account = bank.account(owner, limit).await;
    let card = bank.card(owner, account, json!({})).await;
    let bought =
        json!({ "merchant_name": "城西超市", "city": "杭州", "counterparty_account": "6217000000001" });
    let transaction = bank.transaction(owner, account, "2026-10-01T02:00:00Z", bought).await;
    bank.statement(owner, account, "2026-10-08", json!({})).await;
    bank.repayment(owner, account, "2026-10-01", json!({})).await;
    bank.loan(owner, account, json!({})).await;
    bank.standing_order(owner, account, json!({})).await;
    let known = [("account_id", account), ("card_id", card), ("transaction_id", transaction)];
    (owner, reads_below_a_cardholder(owner, &known))
}

#[tokio::test]
async fn no_role_is_shown_a_field_of_a_class_that_it_does_not_see() {
    let app = App::start().await;
    let (owner, mut reads) = somebody_whole(&app).await;
    reads.push("/cardholders".to_owned());
    reads.push("/workbench".to_owned());
    let mut seen = 0;
    for someone in Someone::of_each_role() {
        let sight = Sight::of(someone.role);
        for path in &reads {
            let reply = app.get(someone, path).await;
            if reply.status == 403 {
                continue;
            }
            let answer = reply.expect(200).json();
            let mut faults = Vec::new();
            shown_despite(sight, &answer, &mut faults);
            assert!(faults.is_empty(), "{} is shown {faults:?} by {path}", someone.role);
            seen += 1;
        }
        if access::may(someone.role, Permission::CardholdersRead) {
            let found = app.post(someone, "/cardholders/search", json!({ "q": "沈嘉" })).await.expect(200);
            let mut faults = Vec::new();
            shown_despite(sight, &found.json(), &mut faults);
            assert!(faults.is_empty(), "{} finds {faults:?}", someone.role);
            assert_eq!(found.text_at("/items/0/cardholder_id"), owner.to_string());
        }
    }
    assert!(seen > 60, "{seen} answers were looked at");
    app.finish().await;
}

#[tokio::test]
async fn nobody_filters_by_what_they_do_not_see() {
    let app = App::start().await;
    somebody_whole(&app).await;
    for (name, value) in
        [("gender", "female"), ("occupation", "企业管理人员"), ("age_min", "30"), ("age_max", "40")]
    {
        let path = format!("/cardholders?{name}={value}");
        assert_eq!(app.get(Someone::TELLER, &path).await.expect(200).column("name"), ["沈嘉怡"]);
        let refused = app.get(Someone::MARKETER, &path).await;
        assert_eq!(refused.problem(403), "request.filter_withheld");
        assert_eq!(refused.field_errors(), [format!("/{name} request.filter_withheld")]);
    }
    let sought = json!({ "q": "沈嘉", "age_min": 30 });
    app.post(Someone::TELLER, "/cardholders/search", sought.clone()).await.expect(200);
    assert_eq!(
        app.post(Someone::MARKETER, "/cardholders/search", sought).await.problem(403),
        "request.filter_withheld"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_audit_trail_shows_changes_by_the_class_of_what_changed() {
    let app = App::start().await;
    let created = app.post(Someone::TELLER, "/cardholders", shen()).await.expect(201);
    let path = format!("/cardholders/{}", created.text_at("/cardholder/cardholder_id"));
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    let patch = json!({ "manager_id": null, "employer": "海宁软件", "yearly_income_minor": 40_000_000 });
    app.patch(Someone::TELLER, &path, &read, patch).await.expect(200);
    let fields = async |someone| {
        let trail = app.get(someone, "/audit_entries?action=cardholders.change").await.expect(200);
        trail.at("/items/0/changes").as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>()
    };
    let (all, open) = (fields(Someone::AUDITOR).await, fields(Someone::ADMIN).await);
    assert!(
        all.contains("employer") && all.contains("yearly_income_minor") && all.contains("manager_id"),
        "{all:?}"
    );
    assert!(
        open.contains("manager_id") && !open.contains("employer") && !open.contains("yearly_income_minor"),
        "{open:?}"
    );
    app.finish().await;
}

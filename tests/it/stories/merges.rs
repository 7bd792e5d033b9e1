//! Two records of one person become one, and part again: nothing moves, nothing is lost, everything is found.

use chrono::TimeDelta;
use it::{App, Holdings, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    approvals::{approve, decide, status},
    cardholders::{create, path_of, shen},
};

/// Somebody's record and what hangs on it.
struct Person {
    id: Uuid,
    path: String,
    customer_no: String,
    card: Uuid,
}

impl Person {
    async fn settle(app: &App, body: Value, balance_minor: i64) -> Self {
        let created = create(app, body).await.expect(201);
        let (path, customer_no) = (path_of(&created), created.text_at("/cardholder/customer_no"));
        let id: Uuid = created.text_at("/cardholder/cardholder_id").parse().expect("an id");
        let bank = app.holdings().await;
        let account = bank.account(id, json!({ "balance_minor": balance_minor })).await;
        let card = bank.card(id, account, json!({})).await;
        let tail = json!({ "last_four": "4471", "cardholder_id": id, "card_id": card });
        bank.put("card_tail_index", tail, json!({})).await;
        Self::spend(&bank, id, account, balance_minor).await;
        Self { id, path, customer_no, card }
    }

    /// Moves money on days of which the two share some, and closes two statements.
    async fn spend(bank: &Holdings<'_>, id: Uuid, account: Uuid, minor: i64) {
        for day in 1..=5 {
            let at = format!("2026-10-{:02}T0{}:00:00Z", day * 2, minor % 7);
            bank.transaction(id, account, &at, json!({ "amount_minor": minor / 100 + day })).await;
        }
        for (closed_on, month) in [("2026-08-20", "2026-09-01"), ("2026-09-20", "2026-10-01")] {
            bank.statement(id, account, closed_on, json!({})).await;
            bank.repayment(id, account, month, json!({})).await;
        }
    }
}

/// 沈嘉怡 with all her papers, and the record that another counter made of her.
async fn two(app: &App) -> (Person, Person) {
    let other = json!({
        "name": "沈佳仪", "occupation": "教师", "branch_id": Place::Qianjiang.id(),
        "phones": [{ "kind": "mobile", "number": "13900001111" }, { "kind": "home", "number": "13800005678" }],
        "emails": [{ "kind": "work", "address": "jiayi@example.com" }],
        "addresses": [{ "kind": "work", "country": "CN", "city": "杭州市", "street": "钱江路九号" }],
    });
    (Person::settle(app, shen(), 1_250_000).await, Person::settle(app, other, 300_000).await)
}

async fn ask(app: &App, survivor: &Person, absorbed: &Person) -> Reply {
    let read = app.get(Someone::TELLER, &survivor.path).await.expect(200);
    let body = json!({ "absorbed_id": absorbed.id, "evidence_note": "证件与手机号一致，临柜核验为同一人" });
    app.with_etag(Method::POST, Someone::TELLER, &format!("{}/merge", survivor.path), &read, Some(body)).await
}

async fn preview(app: &App, survivor: &Person, absorbed: Uuid) -> Reply {
    let path = format!("{}/preview_merge", survivor.path);
    app.post(Someone::TELLER, &path, json!({ "absorbed_id": absorbed })).await
}

async fn merge(app: &App, survivor: &Person, absorbed: &Person) -> String {
    let submitted = ask(app, survivor, absorbed).await.expect(202);
    approve(app, &submitted).await;
    merges(app, survivor).await.text_at("/items/0/merge_id")
}

async fn merges(app: &App, survivor: &Person) -> Reply {
    app.get(Someone::TELLER, &format!("{}/merges", survivor.path)).await.expect(200)
}

async fn unmerge(app: &App, survivor: &Person, merge_id: &str) -> Reply {
    let body = json!({ "merge_id": merge_id, "reason": "核实为两位客户" });
    app.post(Someone::TELLER, &format!("{}/unmerge", survivor.path), body).await
}

/// Who is found, and by what.
async fn found(app: &App, q: &str) -> Vec<(String, String)> {
    let hits = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": q })).await.expect(200);
    hits.column("cardholder_id").into_iter().zip(hits.column("matched_by")).collect()
}

/// Everything that a record's pages show, without what counts changes.
async fn pages(app: &App, path: &str) -> Value {
    let mut all = Map::new();
    for part in [
        "",
        "/contacts",
        "/accounts",
        "/cards",
        "/loans",
        "/standing_orders",
        "/statements",
        "/repayments",
        "/spending",
    ] {
        let read = app.get(Someone::TELLER, &format!("{path}{part}")).await.expect(200);
        all.insert(part.to_owned(), unversioned(read.json()));
    }
    all.insert("transactions".to_owned(), walk(app, path, 3).await.into());
    Value::Object(all)
}

fn unversioned(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "version" && name != "updated_at");
            fields.values_mut().for_each(|field| *field = unversioned(field.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = unversioned(item.take())),
        _ => {}
    }
    value
}

/// Every transaction, page by page.
async fn walk(app: &App, path: &str, limit: usize) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page =
            app.get(Someone::TELLER, &format!("{path}/transactions?limit={limit}{after}")).await.expect(200);
        seen.extend(page.column("transaction_id"));
        match page.at("/next").as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return seen,
        }
    }
}

/// What the bank as a whole says: the list, its count, the workbench, and every way to look somebody up.
async fn bank(app: &App, people: &[&Person]) -> Value {
    let list = app.get(Someone::TELLER, "/cardholders?count=true&sort=customer_no").await.expect(200);
    let bench = app.get(Someone::BRANCH_MANAGER, "/workbench").await.expect(200);
    let mut looked_up = Map::new();
    for q in [
        "13900001111",
        "13800005678",
        "1111",
        "4471",
        "jiayi@example.com",
        "沈",
        "佳仪",
        "嘉怡",
        "shenjiayi",
        "sjy",
        "jiayi",
    ] {
        looked_up.insert(q.to_owned(), json!(found(app, q).await));
    }
    for person in people {
        looked_up.insert(person.customer_no.clone(), json!(found(app, &person.customer_no).await));
    }
    let held = app.get(Someone::TELLER, "/cardholders?holds_product=credit_card").await.expect(200);
    json!({
        "count": list.at("/count"), "list": unversioned(list.at("/items")), "figures": bench.at("/cards"),
        "holders": held.column("cardholder_id"), "looked_up": looked_up,
    })
}

fn sums(of: &Value) -> (i64, i64) {
    let months = of["/spending"]["months"].as_array().expect("months");
    let sum = |name: &str| months.iter().map(|month| month[name].as_i64().expect("a sum")).sum();
    (sum("out_minor"), sum("out_count"))
}

fn size(of: &Value, part: &str, list: &str) -> i64 {
    i64::try_from(of[part][list].as_array().expect("a list").len()).expect("a count")
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told from before the merge until after its undoing")]
async fn two_records_are_read_as_one_as_the_preview_said_and_part_without_a_trace() {
    let app = App::start().await;
    let (her, other) = two(&app).await;
    app.holdings()
        .await
        .account(
            other.id,
            json!({ "kind": "credit_card", "product_code": "CC-GOLD", "balance_minor": -4_200 }),
        )
        .await;
    let alone = [pages(&app, &her.path).await, pages(&app, &other.path).await];
    let before = bank(&app, &[&her, &other]).await;

    let preview = preview(&app, &her, other.id).await.expect(200);
    assert_eq!(preview.at("/is_same_national_id"), Value::Null);
    assert!(preview.list_at("/differing").contains(&json!("occupation")));
    assert_eq!((preview.at("/needs_approval"), preview.at("/reversible_days")), (json!(true), json!(30)));

    let submitted = ask(&app, &her, &other).await.expect(202);
    assert_eq!(pages(&app, &other.path).await, alone[1], "asking changes nothing");
    let request = format!("/approvals/{}", submitted.text_at("/approval/approval_id"));
    let request = app.get(Someone::BRANCH_MANAGER, &request).await.expect(200);
    assert_eq!(request.at("/impact/records"), 1);
    assert_eq!(
        (request.text_at("/diff/0/before"), request.text_at("/diff/0/after")),
        (other.customer_no.clone(), her.customer_no.clone())
    );
    approve(&app, &submitted).await;

    let together = pages(&app, &her.path).await;
    let foretold = |name: &str| preview.at(&format!("/together/{name}")).as_i64().expect("a count");
    for (part, list, name) in [
        ("/accounts", "items", "accounts"),
        ("/cards", "items", "cards"),
        ("/statements", "items", "statements"),
        ("/repayments", "items", "repayments"),
        ("/contacts", "phones", "phones"),
        ("/contacts", "emails", "emails"),
        ("/contacts", "addresses", "addresses"),
    ] {
        assert_eq!(size(&together, part, list), foretold(name), "{name}");
    }
    assert_eq!(together[""], alone[0][""], "the survivor's profile is shown");
    let balances: i64 = together["/accounts"]["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|a| a["balance_minor"].as_i64())
        .sum();
    assert_eq!(preview.at("/together/balances"), json!([{ "currency": "CNY", "balance_minor": balances }]));
    let mut ids: Vec<String> = alone
        .iter()
        .flat_map(|of| of["transactions"].as_array().expect("a list").clone())
        .map(|id| id.as_str().expect("an id").to_owned())
        .collect();
    ids.sort_by(|a, b| b.cmp(a));
    assert_eq!((together["transactions"].clone(), ids.len() as i64), (json!(ids), foretold("transactions")));
    assert_eq!(walk(&app, &her.path, 200).await, ids);
    let (one, two) = (sums(&alone[0]), sums(&alone[1]));
    assert_eq!(sums(&together), (one.0 + two.0, one.1 + two.1));
    assert_eq!(together["/contacts"]["phones"][0]["number_masked"], "138****5678");
    let primaries = together["/contacts"]["phones"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|phone| phone["is_primary"] == true);
    assert_eq!(primaries.count(), 1);

    let pointed = app.get(Someone::TELLER, &other.path).await;
    assert_eq!(
        (pointed.problem(409), pointed.text_at("/params/survivor_id")),
        ("cardholders.absorbed".into(), her.id.to_string())
    );
    let merged = bank(&app, &[&her, &other]).await;
    assert_eq!(
        (merged["count"].clone(), merged["list"][0]["cardholder_id"].clone()),
        (json!(1), json!(her.id))
    );
    assert_eq!(merged["holders"], json!([her.id]));
    for (q, hits) in merged["looked_up"].as_object().expect("look-ups") {
        assert_eq!(hits.as_array().map(Vec::len), Some(1), "{q} finds one person");
        assert_eq!(hits[0][0], json!(her.id), "{q}");
    }
    let listed = merges(&app, &her).await;
    assert_eq!(listed.text_at("/items/0/records/0/customer_no"), other.customer_no);
    assert_eq!(listed.at("/items/0/is_reversible"), true);

    unmerge(&app, &her, &listed.text_at("/items/0/merge_id")).await.expect(200);
    assert_eq!([pages(&app, &her.path).await, pages(&app, &other.path).await], alone);
    assert_eq!(bank(&app, &[&her, &other]).await, before);
    let trail = app.lines("SELECT action || ' ' || count(*) FROM audit_entries WHERE action IN ('cardholders.merge', 'cardholders.unmerge') GROUP BY action ORDER BY action").await;
    assert_eq!(trail, ["cardholders.merge 2", "cardholders.unmerge 2"]);
    app.finish().await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told from before the merge until after its undoing")]
async fn what_is_new_is_kept_with_the_survivor_and_the_other_record_takes_nothing() {
    let app = App::start().await;
    let (her, other) = two(&app).await;
    let stale = app.get(Someone::TELLER, &other.path).await.expect(200);
    let merge_id = merge(&app, &her, &other).await;
    let phone = json!({ "kind": "work", "number": "13700002222" });
    app.post(Someone::TELLER, &format!("{}/phones", her.path), phone.clone()).await.expect(201);
    assert_eq!(
        app.count(&format!("SELECT count(*) AS n FROM cardholder_phones WHERE cardholder_id = '{}'", her.id))
            .await,
        2
    );

    // A card of the other record is frozen, a phone of it shown, where the person is met now.
    let card = format!("{}/cards/{}", her.path, other.card);
    let read = app.get(Someone::TELLER, &card).await.expect(200);
    let why = json!({ "reason": "客户来电挂失" });
    app.with_etag(Method::POST, Someone::TELLER, &format!("{card}/freeze"), &read, Some(why.clone()))
        .await
        .expect(200);
    let contacts = app.get(Someone::TELLER, &format!("{}/contacts", her.path)).await.expect(200);
    let theirs = contacts
        .list_at("/phones")
        .into_iter()
        .find(|phone| phone["cardholder_id"] == json!(other.id))
        .expect("a phone");
    let wish = json!({ "field": "phone", "item_id": theirs["phone_id"], "purpose": "call_back" });
    let token = app.stepped_up(Someone::TELLER).await;
    let shown = app
        .call(Method::POST, &format!("{}/reveal", her.path), Some(&token), &[], Some(wish.clone()))
        .await
        .expect(200);
    assert_eq!(shown.text_at("/value"), "+8613900001111");

    for (method, part, body) in [
        (Method::PATCH, String::new(), json!({ "occupation": "医生" })),
        (Method::POST, "/lifecycle".to_owned(), json!({ "lifecycle": "dormant", "reason": "久未往来" })),
        (Method::POST, "/phones".to_owned(), phone),
        (Method::POST, format!("/cards/{}/unfreeze", other.card), why),
        (Method::POST, "/reveal".to_owned(), wish),
        (Method::POST, "/merge".to_owned(), json!({ "absorbed_id": her.id, "evidence_note": "同一人" })),
    ] {
        let someone = if part == "/lifecycle" { Someone::BRANCH_MANAGER } else { Someone::TELLER };
        let refused =
            app.with_etag(method, someone, &format!("{}{part}", other.path), &stale, Some(body)).await;
        assert_eq!(
            (refused.problem(409), refused.text_at("/params/survivor_id")),
            ("cardholders.absorbed".into(), her.id.to_string()),
            "{part}"
        );
    }
    for part in [
        "/contacts",
        "/accounts",
        "/cards",
        "/loans",
        "/standing_orders",
        "/transactions",
        "/spending",
        "/statements",
        "/repayments",
        "/changes",
        "/merges",
    ] {
        assert_eq!(
            app.get(Someone::TELLER, &format!("{}{part}", other.path)).await.problem(409),
            "cardholders.absorbed",
            "{part}"
        );
    }

    // Taking somebody on finds the survivor by what the other record knew.
    let again = json!({ "name": "沈佳仪", "branch_id": Place::Qianjiang.id(), "phones": [{ "kind": "mobile", "number": "13900001111" }] });
    let refused = create(&app, again).await;
    assert_eq!(
        (refused.problem(409), refused.text_at("/params/candidates/0/cardholder_id")),
        ("cardholders.possible_duplicate".into(), her.id.to_string())
    );

    // Both records' looks and changes are told together, and parted again.
    let told = app.get(Someone::TELLER, &format!("{}/changes", her.path)).await.expect(200).column("field");
    assert_eq!(told.iter().filter(|field| *field == "created").count(), 2);
    unmerge(&app, &her, &merge_id).await.expect(200);
    let kept = app.get(Someone::TELLER, &format!("{}/contacts", her.path)).await.expect(200);
    assert_eq!(kept.list_at("/phones").len(), 2, "what was added stays with the survivor");
    let frozen = app.get(Someone::TELLER, &format!("{}/cards/{}", other.path, other.card)).await.expect(200);
    assert_eq!(frozen.text_at("/status"), "frozen");
    let looks = app.get(Someone::BRANCH_MANAGER, &format!("{}/access_log", other.path)).await.expect(200);
    assert!(
        looks.column("action").contains(&"cardholders.reveal".to_owned()),
        "whose phone was shown is told of that record"
    );
    app.finish().await;
}

#[tokio::test]
async fn one_who_had_absorbed_others_brings_them_along_and_takes_them_away_again() {
    let app = App::start().await;
    let (her, other) = two(&app).await;
    let third = json!({ "name": "沈家宜", "branch_id": Place::Qianjiang.id(), "phones": [{ "kind": "mobile", "number": "13600003333" }] });
    let third = Person::settle(&app, third, 70_000).await;
    let first = merge(&app, &other, &third).await;
    let two_together = pages(&app, &other.path).await;

    let second = merge(&app, &her, &other).await;
    let listed = merges(&app, &her).await;
    assert_eq!(listed.list_at("/items").len(), 1, "one merge brought both");
    assert_eq!(listed.text_at("/items/0/records/1/customer_no"), third.customer_no);
    for (path, q) in [(&other.path, "13900001111"), (&third.path, "13600003333")] {
        let pointed = app.get(Someone::TELLER, path).await;
        assert_eq!(
            (pointed.problem(409), pointed.text_at("/params/survivor_id")),
            ("cardholders.absorbed".into(), her.id.to_string())
        );
        assert_eq!(found(&app, q).await[0].0, her.id.to_string());
    }
    assert_eq!(size(&pages(&app, &her.path).await, "/accounts", "items"), 3);
    assert_eq!(
        unmerge(&app, &her, &first).await.problem(404),
        "merges.missing",
        "the outer merge is undone first"
    );

    unmerge(&app, &her, &second).await.expect(200);
    assert_eq!(pages(&app, &other.path).await, two_together);
    assert_eq!(
        app.get(Someone::TELLER, &third.path).await.text_at("/params/survivor_id"),
        other.id.to_string()
    );
    assert_eq!(
        merges(&app, &other).await.text_at("/items/0/merge_id"),
        first,
        "the inner merge is what it was"
    );
    unmerge(&app, &other, &first).await.expect(200);
    app.get(Someone::TELLER, &third.path).await.expect(200);
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholder_links WHERE until_at IS NULL").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_merge_that_makes_no_sense_is_refused_on_its_field() {
    let app = App::start().await;
    let (her, other) = two(&app).await;
    let far = app.holdings().await.cardholder(Place::Yinzhou, json!({})).await;
    let nobody = Uuid::nil();
    for (absorbed, code) in
        [(her.id, "merges.itself"), (far, "cardholders.missing"), (nobody, "cardholders.missing")]
    {
        let read = app.get(Someone::TELLER, &her.path).await.expect(200);
        let body = json!({ "absorbed_id": absorbed, "evidence_note": "同一人" });
        let path = format!("{}/merge", her.path);
        let refused = app.with_etag(Method::POST, Someone::TELLER, &path, &read, Some(body)).await;
        assert_eq!(
            (refused.problem(422), refused.field_errors()),
            ("request.invalid_fields".into(), vec![format!("/absorbed_id {code}")])
        );
        assert_eq!(preview(&app, &her, absorbed).await.field_errors(), [format!("/absorbed_id {code}")]);
    }
    let third =
        Person::settle(&app, json!({ "name": "沈家宜", "branch_id": Place::Qianjiang.id() }), 70_000).await;
    merge(&app, &her, &other).await;
    let refused = ask(&app, &third, &other).await;
    assert_eq!(refused.field_errors(), ["/absorbed_id cardholders.absorbed"]);
    assert_eq!(
        app.get(Someone::TELLER_OF_YINZHOU, &other.path).await.problem(404),
        "cardholders.missing",
        "out of reach there is no pointer"
    );
    let waiting = ask(&app, &third, &her).await.expect(202);
    assert_eq!(ask(&app, &third, &her).await.problem(409), "approvals.already_pending");
    // The record that was to be absorbed is changed meanwhile: what was asked for is not what is there.
    let read = app.get(Someone::TELLER, &her.path).await.expect(200);
    app.patch(Someone::TELLER, &her.path, &read, json!({ "occupation": "医生" })).await.expect(200);
    assert_eq!(
        decide(&app, Someone::BRANCH_MANAGER, &waiting, "approve").await.problem(409),
        "approvals.stale_base"
    );
    assert_eq!(status(&app, &waiting).await, "stale");
    app.finish().await;
}

#[tokio::test]
async fn a_merge_is_undone_within_thirty_days_by_whoever_reaches_the_survivor() {
    let app = App::start().await;
    let (her, other) = two(&app).await;
    let merge_id = merge(&app, &her, &other).await;
    let body = json!({ "merge_id": merge_id, "reason": "核实为两位客户" });
    let refused = app.post(Someone::TELLER_OF_YINZHOU, &format!("{}/unmerge", her.path), body).await;
    assert_eq!(refused.problem(404), "cardholders.missing");
    assert_eq!(unmerge(&app, &her, &Uuid::nil().to_string()).await.problem(404), "merges.missing");
    app.clock.advance(TimeDelta::days(30) + TimeDelta::seconds(1));
    assert_eq!(merges(&app, &her).await.at("/items/0/is_reversible"), false);
    assert_eq!(unmerge(&app, &her, &merge_id).await.problem(409), "merges.too_late");
    app.finish().await;
}

#[tokio::test]
async fn two_merges_that_contradict_each_other_at_once_leave_one_survivor() {
    let app = App::start().await;
    let (her, other) = two(&app).await;
    let one = ask(&app, &her, &other).await.expect(202);
    let two = ask(&app, &other, &her).await.expect(202);
    let (first, second) = tokio::join!(
        decide(&app, Someone::BRANCH_MANAGER, &one, "approve"),
        decide(&app, Someone::RISK_MANAGER, &two, "approve"),
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let open = app.count("SELECT count(*) AS n FROM cardholder_links WHERE until_at IS NULL").await;
    assert_eq!(open, 1);
    app.finish().await;
}

//! Two records of one person at two branches. Whose home the person is at decides for every one of their records: who works there
//! reaches all of it, who works where the other record was made reaches none of it.

use it::{App, Place, Someone};
use serde_json::{Value, json};
use uuid::Uuid;

const HER_NO: &str = "C1002834107";
const OTHER_NO: &str = "C1002834115";
const HERE: Someone = Someone::TELLER;
const THERE: Someone = Someone::TELLER_OF_YINZHOU;

/// 沈嘉怡 at Qianjiang, for whom a record at Yinzhou with another name was absorbed: with a frozen card and a statement overdue.
async fn two(app: &App) -> (Uuid, Uuid, Uuid) {
    let bank = app.holdings().await;
    let her = bank.cardholder(Place::Qianjiang, json!({ "customer_no": HER_NO })).await;
    let name = json!({ "customer_no": OTHER_NO, "name": "欧阳远山", "name_pinyin": "ouyang yuanshan", "name_initials": "oyys" });
    let other = bank.cardholder(Place::Yinzhou, name).await;
    for (number, id) in [(HER_NO, her), (OTHER_NO, other)] {
        bank.put("customer_no_index", json!({ "customer_no": number, "cardholder_id": id }), json!({})).await;
    }
    for gram in kernel::person_name::grams_of("欧阳远山", "ouyang yuanshan", "oyys") {
        let row = json!({ "gram": gram, "sort_key": "ouyang yuanshan", "cardholder_id": other, "branch_id": Place::Yinzhou.id() });
        bank.put("name_grams", row, json!({})).await;
    }
    let account = bank.account(other, json!({ "kind": "credit_card", "product_code": "CC-GOLD" })).await;
    bank.card(other, account, json!({ "status": "frozen", "last_four": "8812" })).await;
    let late = json!({ "days_past_due": 12, "paid_minor": 0 });
    bank.statement(other, account, "2026-10-20", late).await;
    let (link_id, merge_id): (Uuid, Uuid) = (app.clock.new_id(), app.clock.new_id());
    let link = json!({ "link_id": link_id, "merge_id": merge_id, "survivor_id": her, "absorbed_id": other,
        "merged_at": app.clock.now(), "from_at": app.clock.now() });
    bank.put("cardholder_links", link, json!({})).await;
    (her, other, merge_id)
}

/// What somebody's workbench says of frozen cards and overdue statements: figures and lists, without what else is there.
async fn bench(app: &App, who: Someone) -> (Vec<i64>, Vec<String>) {
    let told = app.get(who, "/workbench").await.expect(200);
    let is_about = |code: &Value| {
        ["frozen_cards", "past_due_statements", "past_due"].contains(&code.as_str().unwrap_or_default())
    };
    let cards = told.list_at("/cards");
    let figures = cards.iter().filter(|card| is_about(&card["code"]));
    let lists = told.list_at("/lists");
    let shown = lists.iter().filter(|list| is_about(&list["code"])).flat_map(|list| {
        list["items"]
            .as_array()
            .cloned()
            .unwrap_or_default()
            .into_iter()
            .map(|item| item["customer_no"].to_string())
    });
    (figures.map(|card| card["value"].as_i64().unwrap_or(-1)).collect(), shown.collect())
}

#[tokio::test]
async fn whose_home_it_is_counts_and_finds_them_by_all_they_had() {
    let app = App::start().await;
    let (her, _, _) = two(&app).await;
    for q in [OTHER_NO, "欧阳远山", "欧阳", "ouyangyuan", "8812"] {
        let found = app.post(HERE, "/cardholders/search", json!({ "q": q })).await.expect(200);
        assert!(q == "8812" || found.column("cardholder_id") == [her.to_string()], "{q}: {found:?}");
        let found = app.post(THERE, "/cardholders/search", json!({ "q": q })).await.expect(200);
        assert_eq!(found.at("/items"), json!([]), "{q}");
    }
    for (who, expected) in [(Someone::BRANCH_MANAGER, 1), (HERE, 1), (THERE, 0)] {
        let (figures, shown) = bench(&app, who).await;
        assert!(figures.iter().all(|value| *value == expected), "{}: {figures:?}", who.staff_no);
        assert!(shown.iter().all(|number| expected == 1 && number.contains(HER_NO)), "{shown:?}");
        assert!(!figures.is_empty() || !shown.is_empty() || expected == 0, "{} sees neither", who.staff_no);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_emergency_opens_the_person_by_whichever_number() {
    let app = App::start().await;
    let (her, other, _) = two(&app).await;
    let wish = |number: &str| json!({ "customer_no": number, "reason": "walk_in", "note": "持卡人在本网点柜台，卡片遗失" });
    assert_eq!(
        app.post(HERE, "/break_glass_grants", wish(OTHER_NO)).await.problem(409),
        "break_glass.within_reach",
        "they are at home here"
    );
    let grant = app.post(THERE, "/break_glass_grants", wish(OTHER_NO)).await.expect(201);
    assert_eq!(
        (grant.text_at("/cardholder_id"), grant.text_at("/branch_id")),
        (her.to_string(), Place::Qianjiang.id().to_string())
    );
    app.get(THERE, &format!("/cardholders/{her}")).await.expect(200);
    let absorbed = app.get(THERE, &format!("/cardholders/{other}")).await;
    assert_eq!(absorbed.problem(409), "cardholders.absorbed");
    let review = app.get(Someone::BRANCH_MANAGER, "/work_items?kind=break_glass_review").await.expect(200);
    assert_eq!(review.list_at("/items").len(), 1, "the home branch judges");
    app.finish().await;
}

#[tokio::test]
async fn wishes_of_every_record_are_shown_and_taken_back() {
    let app = App::start().await;
    let (her, other, _) = two(&app).await;
    let bank = app.holdings().await;
    let wishes = json!({ "cardholder_id": other, "is_do_not_contact": true, "is_personalisation_refused": false, "version": 1,
        "quiet_from_minute": 720, "quiet_to_minute": 840, "changed_at": app.clock.now() });
    bank.put("contact_preferences", wishes, json!({})).await;
    let path = format!("/cardholders/{her}/consents");
    let sheet = app.get(HERE, &path).await.expect(200);
    assert_eq!(
        (sheet.at("/preferences/is_do_not_contact"), sheet.at("/preferences/quiet_from_minute")),
        (json!(true), json!(720))
    );
    let may = async || {
        let asked = format!("/cardholders/{her}/contact-decision?channel=post&purpose=service");
        app.get(HERE, &asked).await.expect(200).text_at("/ruling")
    };
    assert_eq!(may().await, "deny");
    let wishes = format!("/cardholders/{her}/contact_preferences");
    let changed = app.patch(HERE, &wishes, &sheet, json!({ "is_do_not_contact": false })).await.expect(200);
    assert_eq!(
        (changed.at("/is_do_not_contact"), changed.at("/quiet_to_minute")),
        (json!(false), json!(840))
    );
    assert_eq!(may().await, "allow");
    app.execute(&format!("UPDATE cardholders SET lifecycle = 'deceased' WHERE cardholder_id = '{other}'"))
        .await;
    assert_eq!(may().await, "deny", "it was said at the other record");
    app.finish().await;
}

#[tokio::test]
async fn only_who_reaches_every_record_parts_them() {
    let app = App::start().await;
    let (her, _, merge_id) = two(&app).await;
    let path = format!("/cardholders/{her}");
    let merges = app.get(HERE, &format!("{path}/merges")).await.expect(200);
    assert_eq!(merges.at("/items/0/is_reversible"), false);
    let parting = json!({ "merge_id": merge_id, "reason": "并非同一人" });
    for (who, code) in [(HERE, "merges.missing"), (THERE, "cardholders.missing")] {
        assert_eq!(app.post(who, &format!("{path}/unmerge"), parting.clone()).await.problem(404), code);
    }
    app.execute(&format!(
        "UPDATE staff SET branch_id = '{}', scope = 'sub_tree' WHERE staff_no = 'B0001'",
        Place::HeadOffice.id()
    ))
    .await;
    app.parts.directory.refresh(&app.db).await.unwrap();
    let merges = app.get(Someone::BRANCH_MANAGER, &format!("{path}/merges")).await.expect(200);
    assert_eq!(merges.at("/items/0/is_reversible"), true);
    app.post(Someone::BRANCH_MANAGER, &format!("{path}/unmerge"), parting).await.expect(200);
    app.finish().await;
}

//! The one search box and the list: found by every spelling, scoped, paged, filtered.

use it::{App, Place, Someone};
use serde_json::{Value, json};

use super::approvals::approve;

const PEOPLE: &[(&str, &str)] = &[
    ("张三", "13800000001"),
    ("张三丰", "13800000002"),
    ("章珊", "13800000003"),
    ("李四", "13800000004"),
    ("王伟", "13800000005"),
    ("王伟强", "13800000006"),
    ("欧阳修", "13800000007"),
    ("Anna Nováková", "+420601123456"),
    ("阿卜杜热合曼", "13800000008"),
    ("阿卜杜热西提", "13800000009"),
    ("吕布", "13800000010"),
];

async fn settle(app: &App) {
    for (name, number) in PEOPLE {
        let body = json!({ "name": name, "branch_id": Place::Qianjiang.id(), "phones": [{ "kind": "mobile", "number": number }] });
        app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    }
    let body = json!({ "name": "王伟", "branch_id": Place::Yinzhou.id(), "birth_on": "1980-05-05", "occupation": "教师" });
    app.post(Someone::TELLER_OF_YINZHOU, "/cardholders", body).await.expect(201);
}

async fn names(app: &App, someone: Someone, query: Value) -> Vec<String> {
    let reply = app.post(someone, "/cardholders/search", query).await.expect(200);
    reply
        .at("/items")
        .as_array()
        .expect("items")
        .iter()
        .map(|hit| hit["name"].as_str().unwrap_or("-").to_owned())
        .collect()
}

#[tokio::test]
async fn a_name_is_found_in_every_spelling() {
    let app = App::start().await;
    settle(&app).await;
    for (q, expected) in [
        ("张", vec!["张三", "张三丰"]),
        ("三丰", vec!["张三丰"]),
        ("张三", vec!["张三", "张三丰"]),
        ("zhangsan", vec!["张三", "张三丰"]),
        ("zhang san", vec!["张三", "张三丰"]),
        ("zs", vec!["张三", "章珊", "张三丰"]),
        ("ZSF", vec!["张三丰"]),
        ("wei", vec!["王伟", "王伟强"]),
        ("欧阳", vec!["欧阳修"]),
        ("nováková", vec!["Anna Nováková"]),
        ("an", vec!["Anna Nováková"]),
        ("阿卜杜热", vec!["阿卜杜热合曼", "阿卜杜热西提"]),
        ("阿卜杜热合", vec!["阿卜杜热合曼"]),
        ("阿卜杜·热西提", vec!["阿卜杜热西提"]),
        ("卜杜热合曼提", vec![]),
        ("lvbu", vec!["吕布"]),
        ("Lü Bu", vec!["吕布"]),
        ("赵", vec![]),
        ("%", vec![]),
        ("'; DROP TABLE cardholders --", vec![]),
    ] {
        assert_eq!(names(&app, Someone::TELLER, json!({ "q": q })).await, expected, "{q}");
    }
    app.finish().await;
}

#[tokio::test]
async fn numbers_find_exactly_and_only_for_those_who_see_them() {
    let app = App::start().await;
    settle(&app).await;
    let number = app.get(Someone::TELLER, "/cardholders?sort=customer_no&limit=1").await;
    let customer_no = number.text_at("/items/0/customer_no");
    let hit =
        app.post(Someone::TELLER, "/cardholders/search", json!({ "q": customer_no.to_lowercase() })).await;
    assert_eq!(
        (hit.text_at("/items/0/matched_by"), hit.text_at("/items/0/customer_no")),
        ("customer_no".into(), customer_no)
    );
    for (q, by) in [("13800000004", "phone"), ("+86 138 0000 0004", "phone"), ("0004", "phone_tail")] {
        let hit = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": q })).await;
        assert_eq!(
            (hit.text_at("/items/0/matched_by"), hit.text_at("/items/0/name")),
            (by.into(), "李四".into()),
            "{q}"
        );
        assert!(names(&app, Someone::MARKETER, json!({ "q": q })).await.is_empty(), "{q}");
    }
    app.finish().await;
}

#[tokio::test]
async fn search_keeps_to_the_callers_branches_and_to_the_filters() {
    let app = App::start().await;
    settle(&app).await;
    assert_eq!(names(&app, Someone::TELLER, json!({ "q": "王伟" })).await, ["王伟", "王伟强"]);
    assert_eq!(names(&app, Someone::TELLER_OF_YINZHOU, json!({ "q": "王伟" })).await, ["王伟"]);
    assert_eq!(names(&app, Someone::AUDITOR, json!({ "q": "ww" })).await, ["王伟", "王伟", "王伟强"]);
    assert_eq!(names(&app, Someone::AUDITOR, json!({ "q": "王伟", "occupation": "教师" })).await, ["王伟"]);
    assert_eq!(
        names(&app, Someone::AUDITOR, json!({ "q": "王伟", "age_min": 46, "age_max": 46 })).await,
        ["王伟"]
    );
    assert!(names(&app, Someone::AUDITOR, json!({ "q": "王伟", "age_min": 47 })).await.is_empty());
    assert!(names(&app, Someone::OWN_MANAGER, json!({ "q": "王伟" })).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_branch_is_asked_for_with_all_below_it() {
    let app = App::start().await;
    settle(&app).await;
    let of = async |someone, place: Place| {
        let path = format!("/cardholders?branch_id={}&count=true", place.id());
        let list = app.get(someone, &path).await.expect(200);
        let found = app
            .post(someone, "/cardholders/search", json!({ "q": "王伟", "branch_id": place.id() }))
            .await
            .expect(200);
        let hits = found.at("/items").as_array().map_or(0, Vec::len);
        (list.at("/count"), list.at("/items").as_array().map_or(0, Vec::len), hits)
    };
    let all = PEOPLE.len() + 1;
    let (hangzhou, ningbo) = (PEOPLE.len(), 1);
    for (someone, place, rows, hits) in [
        (Someone::AUDITOR, Place::HeadOffice, all, 3),
        (Someone::AUDITOR, Place::Hangzhou, hangzhou, 2),
        (Someone::AUDITOR, Place::Qianjiang, hangzhou, 2),
        (Someone::AUDITOR, Place::Ningbo, ningbo, 1),
        (Someone::TELLER, Place::Hangzhou, hangzhou, 2),
        (Someone::TELLER, Place::Ningbo, 0, 0),
        (Someone::OWN_MANAGER, Place::HeadOffice, 0, 0),
    ] {
        assert_eq!(of(someone, place).await, (json!(rows), rows, hits), "{place:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn hits_are_paged_without_gap_or_repeat() {
    let app = App::start().await;
    settle(&app).await;
    // `wei` is a family name here and a given name there: the page turns between the two.
    let body = json!({ "name": "魏国强", "branch_id": Place::Qianjiang.id() });
    app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    for q in ["z", "王", "w", "wei"] {
        let whole = names(&app, Someone::AUDITOR, json!({ "q": q })).await;
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = app
                .post(Someone::AUDITOR, "/cardholders/search", json!({ "q": q, "limit": 1, "after": after }))
                .await
                .expect(200);
            seen.extend(
                page.at("/items")
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|hit| hit["name"].as_str().unwrap().to_owned()),
            );
            after = page.at("/next");
            if after.is_null() {
                break;
            }
        }
        assert_eq!(seen, whole, "{q}");
        assert!(whole.len() > 1);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_list_is_the_same_set_in_every_order_for_every_scope() {
    let app = App::start().await;
    settle(&app).await;
    for (someone, expected) in [
        (Someone::TELLER, PEOPLE.len()),
        (Someone::TELLER_OF_YINZHOU, 1),
        (Someone::RISK_OFFICER, PEOPLE.len()),
        (Someone::AUDITOR, PEOPLE.len() + 1),
        (Someone::OWN_MANAGER, 0),
    ] {
        let mut sets = Vec::new();
        for sort in ["-opened_on", "opened_on", "customer_no", "name_pinyin"] {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page =
                    app.get(someone, &format!("/cardholders?sort={sort}&limit=2{after}")).await.expect(200);
                seen.extend(
                    page.at("/items")
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|item| item["cardholder_id"].as_str().unwrap().to_owned()),
                );
                match page.at("/next").as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => break,
                }
            }
            assert_eq!(seen.len(), expected, "{sort} as {}", someone.staff_no);
            seen.sort();
            sets.push(seen);
        }
        assert!(sets.windows(2).all(|pair| pair[0] == pair[1]));
        let counted = app.get(someone, "/cardholders?count=true&limit=1").await;
        assert_eq!(counted.at("/count"), expected);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_rename_moves_the_person_in_the_search() {
    let app = App::start().await;
    settle(&app).await;
    let hit = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": "李四" })).await;
    let path = format!("/cardholders/{}", hit.text_at("/items/0/cardholder_id"));
    let read = app.get(Someone::TELLER, &path).await;
    let asked = json!({ "name": "单四", "name_pinyin": "Dan Si" });
    approve(&app, &app.patch(Someone::TELLER, &path, &read, asked).await).await;
    assert!(names(&app, Someone::TELLER, json!({ "q": "李四" })).await.is_empty());
    assert!(names(&app, Someone::TELLER, json!({ "q": "lisi" })).await.is_empty());
    assert_eq!(names(&app, Someone::TELLER, json!({ "q": "dansi" })).await, ["单四"]);
    app.finish().await;
}

#[tokio::test]
async fn an_age_is_filtered_as_it_is_shown_also_where_only_an_age_was_stated() {
    let app = App::start().await;
    let bank = app.holdings().await;
    // Today is 2 November 2026: two have their birthday, or the day their age was stated, today; two tomorrow.
    for changes in [
        json!({ "birth_on": "1981-11-02" }),
        json!({ "birth_on": "1981-11-03" }),
        json!({ "stated_age_years": 24, "stated_age_on": "2005-11-02" }),
        json!({ "stated_age_years": 24, "stated_age_on": "2005-11-03" }),
        json!({}),
    ] {
        bank.cardholder(Place::Qianjiang, changes).await;
    }
    for (age, found) in [(43, 0), (44, 2), (45, 2), (46, 0)] {
        let path = format!("/cardholders?age_min={age}&age_max={age}&count=true");
        let page = app.get(Someone::TELLER, &path).await.expect(200);
        let ages: Vec<Value> = page.list_at("/items").iter().map(|item| item["age_years"].clone()).collect();
        assert_eq!((ages, page.at("/count")), (vec![json!(age); found], json!(found)));
    }
    app.finish().await;
}

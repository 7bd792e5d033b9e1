use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

const PHONE: &str = "+8613800005678";

fn id_no() -> String {
    let digits = "99010619880312442";
    format!("{digits}{}", char::from(kernel::national_id::check_character(digits.as_bytes())))
}

/// An invented person with one of everything.
async fn shen(app: &App) -> String {
    let body = json!({
        "name": "沈嘉怡", "id_kind": "resident_id", "national_id": id_no(), "branch_id": Place::Qianjiang.id(),
        "phones": [{ "kind": "mobile", "number": PHONE }],
        "emails": [{ "kind": "personal", "address": "shen@example.com" }],
        "addresses": [{ "kind": "home", "country": "CN", "city": "杭州市", "street": "云杉路一号" }],
    });
    let created = app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    format!("/cardholders/{}", created.text_at("/cardholder/cardholder_id"))
}

async fn item(app: &App, path: &str, pointer: &str) -> String {
    app.get(Someone::TELLER, &format!("{path}/contacts")).await.expect(200).text_at(pointer)
}

async fn reveal(app: &App, token: &str, path: &str, wish: Value) -> Reply {
    app.call(Method::POST, &format!("{path}/reveal"), Some(token), &[], Some(wish)).await
}

fn id_wish() -> Value {
    json!({ "field": "national_id", "purpose": "identity_check" })
}

async fn trail(app: &App) -> Vec<String> {
    app.lines(
        "SELECT action, outcome, staff_no, object_kind, purpose, changes::text FROM audit_entries
         WHERE action LIKE 'cardholders.reveal%' ORDER BY occurred_at, audit_id",
    )
    .await
}

#[tokio::test]
async fn each_value_is_shown_for_a_purpose_and_leaves_its_row_without_the_value() {
    let app = App::start().await;
    let path = shen(&app).await;
    let token = app.stepped_up(Someone::TELLER).await;
    let phone = item(&app, &path, "/phones/0/phone_id").await;
    let email = item(&app, &path, "/emails/0/email_id").await;
    let address = item(&app, &path, "/addresses/0/address_id").await;
    for (wish, value, left) in [
        (id_wish(), id_no(), 49),
        (
            json!({ "field": "phone", "item_id": phone, "purpose": "call_back", "note": "工单 2026-1187" }),
            PHONE.to_owned(),
            48,
        ),
        (
            json!({ "field": "email", "item_id": email, "purpose": "legal_request" }),
            "shen@example.com".to_owned(),
            47,
        ),
        (
            json!({ "field": "address", "item_id": address, "purpose": "delivery_of_documents" }),
            "云杉路一号".to_owned(),
            46,
        ),
    ] {
        let shown = reveal(&app, &token, &path, wish).await.expect(200);
        assert_eq!(shown.json(), json!({ "value": value, "shown_seconds": 60, "left_today": left }));
        assert_eq!(shown.header("cache-control"), Some("no-store"));
    }
    assert_eq!(
        trail(&app).await,
        [
            r#"cardholders.reveal done T0001 cardholder identity_check {"note": [null, null], "revealed": [null, "national_id"]}"#,
            r#"cardholders.reveal done T0001 phone call_back {"note": [null, "工单 2026-1187"], "revealed": [null, "phone"]}"#,
            r#"cardholders.reveal done T0001 email legal_request {"note": [null, null], "revealed": [null, "email"]}"#,
            r#"cardholders.reveal done T0001 address delivery_of_documents {"note": [null, null], "revealed": [null, "address"]}"#,
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn whoever_may_not_cannot_reach_or_has_not_proved_is_refused_and_nothing_is_counted() {
    let app = App::start().await;
    let path = shen(&app).await;
    for someone in [Someone::MARKETER, Someone::MARKETING_MANAGER, Someone::AUDITOR, Someone::ADMIN] {
        let token = app.stepped_up(someone).await;
        assert_eq!(reveal(&app, &token, &path, id_wish()).await.problem(403), "staff.forbidden");
    }
    let far = app.stepped_up(Someone::TELLER_OF_YINZHOU).await;
    assert_eq!(reveal(&app, &far, &path, id_wish()).await.problem(404), "cardholders.missing");
    let unproved = reveal(&app, &app.token_of(Someone::TELLER), &path, id_wish()).await;
    assert_eq!(unproved.problem(403), "staff.step_up_required");
    assert_eq!(unproved.at("/params/methods"), json!(["password"]));
    assert_eq!(app.count("SELECT count(*) AS n FROM reveal_quotas").await, 0);
    assert_eq!(trail(&app).await, [""; 0]);
    app.finish().await;
}

#[tokio::test]
async fn a_wish_that_means_nothing_is_refused_on_its_field() {
    let app = App::start().await;
    let path = shen(&app).await;
    let token = app.stepped_up(Someone::TELLER).await;
    let some_id = Someone::ADMIN.id();
    for (wish, status, error) in [
        (json!({ "field": "phone", "purpose": "call_back" }), 422, "/item_id field.missing"),
        (
            json!({ "field": "national_id", "item_id": some_id, "purpose": "call_back" }),
            422,
            "/item_id reveals.one_only",
        ),
        (json!({ "field": "pan", "purpose": "call_back" }), 400, "/field field.wrong_type"),
        (json!({ "field": "national_id", "purpose": "curiosity" }), 400, "/purpose field.wrong_type"),
        (json!({ "field": "national_id" }), 400, "/purpose field.missing"),
        (
            json!({ "field": "national_id", "purpose": "call_back", "note": "卡 4111 1111 1111 1111" }),
            422,
            "/note text.contains_pan",
        ),
        (
            json!({ "field": "national_id", "purpose": "call_back", "note": "11010519491231002X" }),
            422,
            "/note text.contains_national_id",
        ),
    ] {
        let refused = reveal(&app, &token, &path, wish).await;
        refused.problem(status);
        assert_eq!(refused.field_errors(), [error]);
    }
    let nothing = json!({ "field": "email", "item_id": some_id, "purpose": "call_back" });
    assert_eq!(reveal(&app, &token, &path, nothing).await.problem(404), "reveals.missing");
    assert_eq!(app.count("SELECT count(*) AS n FROM reveal_quotas").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_day_has_its_quota_whose_end_is_noted_and_the_next_day_has_its_own() {
    let app = App::start().await;
    let path = shen(&app).await;
    let token = app.stepped_up(Someone::TELLER).await;
    reveal(&app, &token, &path, id_wish()).await.expect(200);
    app.execute("UPDATE reveal_quotas SET used_count = 39").await;
    reveal(&app, &token, &path, id_wish()).await.expect(200);
    app.execute("UPDATE reveal_quotas SET used_count = 49").await;
    assert_eq!(reveal(&app, &token, &path, id_wish()).await.expect(200).at("/left_today"), 0);
    let refused = reveal(&app, &token, &path, id_wish()).await;
    assert_eq!(refused.problem(429), "reveals.quota_exceeded");
    assert_eq!(refused.at("/params/daily_max"), 50);
    // Nine in the morning in Hangzhou: fifteen hours to midnight.
    assert_eq!(refused.header("retry-after"), Some("54000"));
    let noted = "SELECT action, outcome, changes->'used_count' FROM audit_entries
                 WHERE action LIKE 'cardholders.reveal%' ORDER BY audit_id";
    assert_eq!(
        app.lines(noted).await,
        [
            "cardholders.reveal done -",
            "cardholders.reveal_quota done [39, 40]",
            "cardholders.reveal done -",
            "cardholders.reveal_quota done [49, 50]",
            "cardholders.reveal done -",
            "cardholders.reveal refused -",
        ]
    );
    // Somebody else has a quota of their own, and the next day another.
    let agent = app.stepped_up(Someone::AGENT).await;
    assert_eq!(reveal(&app, &agent, &path, id_wish()).await.expect(200).at("/left_today"), 49);
    app.clock.advance(TimeDelta::hours(15));
    let token = app.stepped_up(Someone::TELLER).await;
    assert_eq!(reveal(&app, &token, &path, id_wish()).await.expect(200).at("/left_today"), 49);
    app.finish().await;
}

#[tokio::test]
async fn many_at_once_never_get_more_than_the_quota() {
    let app = App::start().await;
    let path = shen(&app).await;
    let token = app.stepped_up(Someone::TELLER).await;
    reveal(&app, &token, &path, id_wish()).await.expect(200);
    app.execute("UPDATE reveal_quotas SET used_count = 47").await;
    let wishes = (0..8).map(|_| reveal(&app, &token, &path, id_wish()));
    let replies = futures_util::future::join_all(wishes).await;
    let shown = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!((shown, replies.iter().filter(|reply| reply.status == 429).count()), (3, 5));
    app.finish().await;
}

#[tokio::test]
async fn a_value_moved_to_another_row_or_column_does_not_open() {
    let app = App::start().await;
    let (one, other) = (shen(&app).await, lin(&app).await);
    let token = app.stepped_up(Someone::TELLER).await;
    let added = json!({ "kind": "work", "number": "13900001234" });
    app.post(Someone::TELLER, &format!("{one}/phones"), added).await.expect(201);
    app.execute(
        "UPDATE cardholder_phones p SET number_sealed = q.number_sealed FROM cardholder_phones q
                 WHERE p.cardholder_id = q.cardholder_id AND p.is_primary AND NOT q.is_primary",
    )
    .await;
    let phone = json!({ "field": "phone", "item_id": item(&app, &one, "/phones/0/phone_id").await, "purpose": "call_back" });
    assert_eq!(reveal(&app, &token, &one, phone).await.problem(500), "internal");
    app.execute("UPDATE cardholders c SET national_id_sealed = o.national_id_sealed FROM cardholders o WHERE c.cardholder_id <> o.cardholder_id").await;
    assert_eq!(reveal(&app, &token, &one, id_wish()).await.problem(409), "reveals.key_destroyed");
    app.execute("UPDATE cardholder_keys k SET wrapped_key = o.wrapped_key FROM cardholder_keys o WHERE k.cardholder_id <> o.cardholder_id").await;
    assert_eq!(reveal(&app, &token, &other, id_wish()).await.problem(500), "internal");
    assert_eq!(trail(&app).await, [""; 0]);
    app.finish().await;
}

async fn lin(app: &App) -> String {
    let digits = "99010619900307002";
    let id = format!("{digits}{}", char::from(kernel::national_id::check_character(digits.as_bytes())));
    let body = json!({ "name": "林静怡", "id_kind": "resident_id", "national_id": id, "branch_id": Place::Qianjiang.id(),
        "phones": [{ "kind": "mobile", "number": "13700001111" }] });
    let created = app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    format!("/cardholders/{}", created.text_at("/cardholder/cardholder_id"))
}

#[tokio::test]
async fn destroying_one_data_key_loses_one_cardholder_s_sealed_fields_and_nothing_else() {
    let app = App::start().await;
    let (lost, kept) = (shen(&app).await, lin(&app).await);
    let token = app.stepped_up(Someone::TELLER).await;
    let phones =
        [item(&app, &lost, "/phones/0/phone_id").await, item(&app, &kept, "/phones/0/phone_id").await];
    let id = lost.rsplit('/').next().expect("an id");
    app.execute(&format!("DELETE FROM cardholder_keys WHERE cardholder_id = '{id}'")).await;
    let [lost_phone, kept_phone] =
        phones.map(|phone| json!({ "field": "phone", "item_id": phone, "purpose": "call_back" }));
    for wish in [id_wish(), lost_phone] {
        assert_eq!(reveal(&app, &token, &lost, wish).await.problem(409), "reveals.key_destroyed");
    }
    for wish in [id_wish(), kept_phone] {
        reveal(&app, &token, &kept, wish).await.expect(200);
    }
    assert_eq!(app.get(Someone::TELLER, "/cardholders").await.expect(200).list_at("/items").len(), 2);
    app.get(Someone::TELLER, &lost).await.expect(200);
    let contacts = app.get(Someone::TELLER, &format!("{lost}/contacts")).await.expect(200);
    assert_eq!(contacts.text_at("/phones/0/number_masked"), "138****5678");
    // A new data key seals what is new; what the old one sealed stays lost.
    let added = json!({ "kind": "work", "number": "13900001234" });
    let added = app.post(Someone::TELLER, &format!("{lost}/phones"), added).await.expect(201);
    let new = json!({ "field": "phone", "item_id": added.text_at("/contact_id"), "purpose": "call_back" });
    assert_eq!(reveal(&app, &token, &lost, new).await.expect(200).text_at("/value"), "+8613900001234");
    assert_eq!(reveal(&app, &token, &lost, id_wish()).await.problem(409), "reveals.key_destroyed");
    app.finish().await;
}

#[tokio::test]
async fn masked_answers_read_neither_keys_nor_ciphertexts() {
    let app = App::start().await;
    let path = shen(&app).await;
    let sealed = "SELECT format('REVOKE SELECT ON %1$s FROM cardea_app; GRANT SELECT (%2$s) ON %1$s TO cardea_app', c.relname,
                      string_agg(a.attname, ', ') FILTER (WHERE a.attname NOT LIKE '%sealed')) AS line
                  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                  WHERE c.relname IN ('cardholders', 'cardholder_phones', 'cardholder_emails', 'cardholder_addresses')
                  GROUP BY c.relname";
    for sql in app.lines(sealed).await {
        app.execute(&sql).await;
    }
    app.execute("REVOKE SELECT ON cardholder_keys FROM cardea_app").await;
    for sight in ["", "/contacts", "/changes"] {
        app.get(Someone::TELLER, &format!("{path}{sight}")).await.expect(200);
    }
    app.get(Someone::TELLER, "/cardholders?count=true").await.expect(200);
    app.get(Someone::TELLER, "/workbench").await.expect(200);
    for q in ["沈嘉", "sjy", "13800005678", "5678", "shen@example.com", &id_no()] {
        let hits = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": q })).await.expect(200);
        assert_eq!(hits.list_at("/items").len(), 1, "{q}");
    }
    let token = app.stepped_up(Someone::TELLER).await;
    assert_eq!(reveal(&app, &token, &path, id_wish()).await.problem(500), "internal", "but showing one does");
    app.finish().await;
}

#[tokio::test]
async fn a_body_with_a_card_s_secret_is_refused_before_it_is_read() {
    let app = App::start().await;
    let path = shen(&app).await;
    for body in [
        json!({ "cvv": "917" }),
        json!({ "kind": "mobile", "number": "13900001234", "Track2": "x" }),
        json!({ "kind": "mobile", "number": ";4111111111111111=28121011234567890?" }),
    ] {
        let refused = app.post(Someone::TELLER, &format!("{path}/phones"), body).await;
        assert_eq!(refused.problem(400), "card.secret_refused");
        assert_eq!(refused.at("/errors"), json!([]));
        assert!(!["917", "Track2", "4111"].iter().any(|part| refused.text.contains(part)));
    }
    app.finish().await;
}

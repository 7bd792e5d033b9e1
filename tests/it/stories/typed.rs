//! What people type is read once, at the door: in one spelling, with nothing unseen in it, and only what can be.

use it::{App, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    approvals::approve,
    cardholders::{create, id_no, path_of, shen},
    imports_http::{import, refused, told, was},
};

/// Names that are one, each typed as somebody types it.
const SPELLINGS: [&str; 5] = ["周七七 ", "周 七七", "\u{3000}周七七", "周\u{a0}七  七", "周七七\u{e0100}"];

fn zhou(name: &str) -> Value {
    json!({ "name": name, "birth_on": "1990-04-05", "branch_id": Place::Qianjiang.id() })
}

/// The faults of a profile's field that holds this.
async fn faults_of(app: &App, field: &str, value: Value) -> Vec<String> {
    let mut body = shen();
    body[field] = value;
    let refused = create(app, body).await;
    assert_eq!(refused.problem(422), "request.invalid_fields", "{field}");
    refused.field_errors()
}

async fn said_in_english(app: &App, method: Method, path: &str, body: Option<Value>) -> String {
    let token = app.token_of(Someone::TELLER);
    let english = [("accept-language", "en"), ("if-match", "\"1\"")];
    app.call(method, path, Some(&token), &english, body).await.text_at("/errors/0/message")
}

#[tokio::test]
async fn an_id_of_somebody_born_in_another_age_is_refused_typed_or_imported() {
    let app = App::start().await;
    let ids = ["99010600010312119", "99010610000312119", "99010618991231119"].map(id_no);
    for id in &ids {
        let found = faults_of(&app, "national_id", json!(id)).await;
        assert_eq!(found, ["/national_id national_id.birth_date"], "{id}");
        let nobody =
            json!({ "id_kind": "resident_id", "national_id": id, "branch_id": Place::Qianjiang.id() });
        assert_eq!(create(&app, nobody).await.field_errors(), ["/national_id national_id.birth_date"]);
    }
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::TELLER, &path).await;
    let changed = app.patch(Someone::TELLER, &path, &read, json!({ "national_id": ids[0] })).await;
    assert_eq!(changed.field_errors(), ["/national_id national_id.birth_date"]);
    let file = format!("姓名,身份证号,网点\n周七七,{},HZ01\n", ids[0]);
    let done = import(&app, "cardholders", file, json!({})).await;
    assert_eq!(refused(&done), ["2 national_id national_id.birth_date"]);
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholders").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_name_is_one_name_however_it_is_spaced() {
    let app = App::start().await;
    let first = create(&app, zhou(" 周 七七 ")).await.expect(201);
    assert_eq!(
        (first.text_at("/cardholder/name"), first.text_at("/cardholder/name_pinyin")),
        ("周七七".into(), "zhou qi qi".into())
    );
    for name in SPELLINGS {
        let again = create(&app, zhou(name)).await;
        assert_eq!(again.problem(409), "cardholders.possible_duplicate", "{name:?}");
        assert_eq!(again.text_at("/params/candidates/0/matched_by"), "name_and_birth_on");
    }
    // A change to the same name is none.
    let path = path_of(&first);
    let read = app.get(Someone::TELLER, &path).await;
    let same = app.patch(Someone::TELLER, &path, &read, json!({ "name": "周 七七" })).await.expect(200);
    assert_eq!(same.etag(), "\"1\"");
    let asked =
        app.patch(Someone::TELLER, &path, &read, json!({ "name": " Anna\u{3000} Nova\u{301}k " })).await;
    approve(&app, &asked).await;
    assert_eq!(app.get(Someone::TELLER, &path).await.text_at("/name"), "Anna Novák");
    for nobody in ["", " ", "\u{3000}"] {
        assert_eq!(create(&app, zhou(nobody)).await.field_errors(), ["/name text.blank"]);
    }
    let long = format!("{} {}", "周".repeat(30), "七".repeat(30));
    assert_eq!(create(&app, zhou(&long)).await.expect(201).text_at("/cardholder/name").chars().count(), 60);
    assert_eq!(create(&app, zhou(&"周".repeat(61))).await.field_errors(), ["/name text.length"]);
    app.finish().await;
}

#[tokio::test]
async fn an_imported_name_is_the_typed_one() {
    let app = App::start().await;
    create(&app, zhou("周七七")).await.expect(201);
    // Spaces at the ends of a cell go anyway.
    let rows: String = SPELLINGS
        .iter()
        .filter(|name| name.trim() != "周七七")
        .map(|name| format!("{name},1990-04-05,HZ01\n"))
        .collect();
    let done = import(&app, "cardholders", format!("name,birth_on,branch\n{rows}"), json!({})).await;
    let doubles: Vec<String> =
        (2..=4).map(|line| format!("{line} birth_on cardholders.possible_duplicate")).collect();
    assert_eq!(refused(&done), doubles);
    let other = "name,birth_on,branch\nAnna\u{a0}  Nováková ,1991-01-02,HZ01\n";
    assert_eq!(told(&import(&app, "cardholders", other, json!({})).await), was("imported", 1, 0, 0));
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholders WHERE name = 'Anna Nováková'").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_name_of_staff_is_read_alike() {
    let app = App::start().await;
    let new =
        json!({ "staff_no": "R0042", "name": " 林 静怡", "role": "teller", "branch_id": Place::Xixi.id() });
    let employed = app.post(Someone::ADMIN, "/staff", new.clone()).await.expect(201);
    assert_eq!(employed.text_at("/staff/name"), "林静怡");
    let path = format!("/staff/{}", employed.text_at("/staff/staff_id"));
    let read = app.get(Someone::ADMIN, &path).await;
    let renamed = app.patch(Someone::ADMIN, &path, &read, json!({ "name": "林 静 仪 " })).await.expect(200);
    assert_eq!(renamed.text_at("/name"), "林静仪");
    for (name, fault) in
        [("林\n静怡", "text.line_break"), ("林\u{202e}静怡", "text.hidden_character"), (" ", "text.blank")]
    {
        let mut odd = new.clone();
        odd["name"] = json!(name);
        let refused = app.post(Someone::ADMIN, "/staff", odd).await;
        assert_eq!(refused.field_errors(), [format!("/name {fault}")], "{name:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_passport_s_number_is_one_number_however_it_is_printed() {
    let app = App::start().await;
    let traveller = |number: &str| json!({ "id_kind": "passport", "national_id": number, "branch_id": Place::Qianjiang.id() });
    let first = create(&app, traveller("e-1234 5678")).await.expect(201);
    assert_eq!(first.text_at("/cardholder/national_id_masked"), "*******78");
    for number in ["E12345678", "E-12345678", "e 12345678", "E–12345678"] {
        let again = create(&app, traveller(number)).await;
        assert_eq!(again.problem(409), "cardholders.possible_duplicate", "{number}");
        let search = json!({ "q": number });
        let found = app.post(Someone::TELLER, "/cardholders/search", search).await.expect(200);
        assert_eq!(found.list_at("/items").len(), usize::from(number != "E–12345678"), "{number}");
    }
    for number in ["----", "ABCDEFGH", "E_12345678", "E1234\n5678", "E1234\u{200b}5678", "护照12345678"] {
        let refused = create(&app, traveller(number)).await;
        assert_eq!(refused.field_errors(), ["/national_id national_id.document_shape"], "{number:?}");
    }
    let file = "name,id_kind,national_id,branch\n甲,passport,E 1234-5678,HZ01\n乙,passport,----,HZ01\n";
    let done = import(&app, "cardholders", file, json!({})).await;
    let known = "2 national_id cardholders.possible_duplicate";
    assert_eq!(refused(&done), ["3 national_id national_id.document_shape", known]);
    app.finish().await;
}

#[tokio::test]
async fn nothing_unseen_stands_in_a_line_and_a_note_keeps_its_lines() {
    let app = App::start().await;
    for field in ["name", "name_pinyin", "occupation", "employer"] {
        for (text, fault) in [
            ("教\n师", "text.line_break"),
            ("教\t师", "text.line_break"),
            ("教\u{2028}师", "text.line_break"),
            ("教\u{85}师", "text.control_character"),
            ("教\0师", "text.control_character"),
            ("教\u{202e}师", "text.hidden_character"),
            ("教\u{2066}师", "text.hidden_character"),
            ("教\u{200b}师", "text.hidden_character"),
            ("\u{feff}教师", "text.hidden_character"),
            ("   ", "text.blank"),
            ("\u{3000}", "text.blank"),
        ] {
            assert_eq!(faults_of(&app, field, json!(text)).await, [format!("/{field} {fault}")], "{text:?}");
        }
    }
    for (field, text, fault) in [
        ("city", "杭\u{200b}州", "text.hidden_character"),
        ("street", "云杉路\n一号", "text.line_break"),
        ("district", "  ", "text.blank"),
        ("country", "ZZ", "country.invalid"),
    ] {
        let mut address = shen()["addresses"].clone();
        address[0][field] = json!(text);
        assert_eq!(faults_of(&app, "addresses", address).await, [format!("/addresses/0/{field} {fault}")]);
    }
    let email = json!([{ "kind": "work", "address": "a\u{202e}b@example.com" }]);
    assert_eq!(faults_of(&app, "emails", email).await, ["/emails/0/address email.invalid"]);
    for code in ["ZZ", "XK", "cn", "CHN"] {
        let found = faults_of(&app, "nationality", json!(code)).await;
        assert_eq!(found, ["/nationality country.invalid"], "{code}");
    }
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::TELLER, &path).await;
    let changed = app.patch(Someone::TELLER, &path, &read, json!({ "occupation": "教\n师" })).await;
    assert_eq!(changed.field_errors(), ["/occupation text.line_break"]);
    let renamed = |note: &str| json!({ "name": "沈佳怡", "evidence_note": note });
    for (note, fault) in [("更名证明\u{202e}", "text.hidden_character"), (" \n ", "text.blank")] {
        let refused = app.patch(Someone::TELLER, &path, &read, renamed(note)).await;
        assert_eq!(refused.field_errors(), [format!("/evidence_note {fault}")]);
    }
    let waiting = app.patch(Someone::TELLER, &path, &read, renamed("更名证明：\n已核验")).await.expect(202);
    assert_eq!(waiting.text_at("/approval/evidence_note"), "更名证明：\n已核验");
    app.finish().await;
}

#[tokio::test]
async fn an_import_carries_nothing_unseen_and_no_country_that_is_none() {
    let app = App::start().await;
    let file = "name,occupation,nationality,branch\n周\u{202e}七七,教师,CN,HZ01\n\
        周启明,教\u{200b}师,CN,HZ01\n吴迪,教师,ZZ,HZ01\n";
    let done = import(&app, "cardholders", file, json!({})).await;
    assert_eq!(
        refused(&done),
        [
            "2 name imports.hidden_character",
            "3 occupation imports.hidden_character",
            "4 nationality country.invalid"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn only_one_contact_of_a_kind_is_the_primary_one() {
    let app = App::start().await;
    let phone =
        |number: &str, is_primary| json!({ "kind": "mobile", "number": number, "is_primary": is_primary });
    let email = |address: &str| json!({ "kind": "work", "address": address, "is_primary": true });
    let address = json!({ "kind": "home", "country": "CN", "city": "杭州市", "is_primary": true });
    for (field, two) in [
        (
            "phones",
            json!([phone("13800005678", true), phone("13900005678", false), phone("13700005678", true)]),
        ),
        ("emails", json!([email("a@example.com"), email("b@example.com")])),
        ("addresses", json!([address, address])),
    ] {
        let last = two.as_array().map_or(0, Vec::len) - 1;
        let found = faults_of(&app, field, two).await;
        assert_eq!(found, [format!("/{field}/{last}/is_primary cardholders.primary_twice")]);
    }
    let mut body = shen();
    body["phones"] = json!([phone("13800005678", false), phone("13900005678", true)]);
    let path = path_of(&create(&app, body).await.expect(201));
    let contacts: Reply = app.get(Someone::TELLER, &format!("{path}/contacts")).await.expect(200);
    assert_eq!(contacts.text_at("/phones/0/number_masked"), "139****5678");
    app.finish().await;
}

#[tokio::test]
async fn what_was_refused_is_said_in_words_that_fit() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    for list in ["/cardholders", &format!("{path}/changes")] {
        let message = said_in_english(&app, Method::GET, &format!("{list}?after=xyz"), None).await;
        assert_eq!(message, "This place in the list cannot be found; start from the first page", "{list}");
    }
    for (field, value) in [("birth_on", "1990-01-01"), ("gender", "male"), ("id_kind", "passport")] {
        let message = said_in_english(&app, Method::PATCH, &path, Some(json!({ field: value }))).await;
        assert_eq!(message, "This goes with the ID number and can only change together with it", "{field}");
    }
    app.finish().await;
}

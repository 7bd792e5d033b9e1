//! What people type is read once, at the door: in one spelling, with nothing unseen in it, and only what can be.

use it::{App, Place, Someone};
use serde_json::{Value, json};

use super::{
    cardholders::{create, id_no, path_of, shen},
    imports_http::{import, refused},
};

/// The faults of a profile's field that holds this.
async fn faults_of(app: &App, field: &str, value: Value) -> Vec<String> {
    let mut body = shen();
    body[field] = value;
    let refused = create(app, body).await;
    assert_eq!(refused.problem(422), "request.invalid_fields", "{field}");
    refused.field_errors()
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

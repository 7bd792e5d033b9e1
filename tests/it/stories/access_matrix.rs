use it::{App, Someone};
use serde_json::{Value, json};

#[tokio::test]
async fn the_matrix_that_is_applied_is_the_one_that_everybody_reads() {
    let app = App::start().await;
    let read = app.get(Someone::MARKETER, "/access_matrix").await.expect(200);
    assert_eq!(app.get(Someone::AUDITOR, "/access_matrix").await.expect(200).json(), read.json());
    let roles = read.at("/roles");
    for someone in Someone::of_each_role() {
        let me = app.get(someone, "/me").await.expect(200);
        let of_role = |role: &&Value| role["role"] == me.at("/role");
        let line = roles.as_array().unwrap().iter().find(of_role).expect("a line for every role");
        for key in ["permissions", "classes"] {
            assert_eq!(line[key], me.at(&format!("/{key}")), "{key} of {}", someone.role);
        }
    }
    let tables = read.at("/tables");
    let cardholders = tables.as_array().unwrap().iter().find(|table| table["table"] == "cardholders");
    let fields = cardholders.expect("the cardholders")["fields"].as_array().unwrap();
    for field in [
        json!({ "field": "name", "class": "open", "is_derived": false }),
        json!({ "field": "age_years", "class": "personal", "is_derived": true }),
        json!({ "field": "national_id_sealed", "class": "secret", "is_derived": false }),
    ] {
        assert!(fields.contains(&field), "{field}");
    }
    app.finish().await;
}

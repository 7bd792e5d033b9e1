use it::{App, Someone};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_view_is_kept_changed_and_deleted_by_its_owner_alone() {
    let app = App::start().await;
    let new = json!({ "page": "cardholders", "name": "沉睡客户", "query": { "lifecycle": "dormant" } });
    let saved = app.post(Someone::TELLER, "/saved_views", new.clone()).await.expect(201);
    let path = format!("/saved_views/{}", saved.text_at("/view_id"));
    assert_eq!(app.post(Someone::TELLER, "/saved_views", new.clone()).await.problem(409), "views.name_taken");
    app.post(Someone::MANAGER, "/saved_views", new).await.expect(201);
    assert_eq!(
        app.patch(Someone::MANAGER, &path, &saved, json!({ "name": "我的" })).await.problem(404),
        "views.missing"
    );
    let changed =
        app.patch(Someone::TELLER, &path, &saved, json!({ "name": "我的沉睡客户" })).await.expect(200);
    assert_eq!(changed.text_at("/query/lifecycle"), "dormant");
    app.with_etag(Method::DELETE, Someone::TELLER, &path, &changed, None).await.expect(204);
    assert_eq!(app.get(Someone::TELLER, "/saved_views?page=cardholders").await.at("/items"), json!([]));
    app.finish().await;
}

#[tokio::test]
async fn a_number_that_would_not_be_read_back_is_refused_and_nothing_is_saved() {
    let app = App::start().await;
    let query = json!({ "age": [{ "min": 1.797_693_134_862_315_7e308 }] });
    let view = json!({ "page": "cardholders", "name": "极大", "query": query });
    let refused = app.post(Someone::TELLER, "/saved_views", view).await;
    assert_eq!(refused.problem(422), "request.invalid_fields");
    assert_eq!(refused.field_errors(), ["/query field.invalid"]);
    let list = app.get(Someone::TELLER, "/saved_views?page=cardholders").await.expect(200);
    assert_eq!(list.at("/items"), json!([]));
    app.finish().await;
}

use it::{App, Place, Someone};
use serde_json::json;

#[tokio::test]
async fn a_branch_is_opened_below_a_city_and_nowhere_else() {
    let app = App::start().await;
    let new = |parent: Place| json!({ "code": "HZ09", "name": "滨江支行", "kind": "branch", "parent_id": parent.id(), "city": "杭州" });
    let wrong = app.post(Someone::ADMIN, "/branches", new(Place::HeadOffice)).await;
    assert_eq!(
        (wrong.problem(422), wrong.field_errors()),
        ("branches.parent_not_above".into(), vec!["/parent_id branches.parent_not_above".into()])
    );
    let opened = app.post(Someone::ADMIN, "/branches", new(Place::Hangzhou)).await.expect(201);
    assert_eq!(opened.etag(), "\"1\"");
    assert_eq!(
        app.post(Someone::ADMIN, "/branches", new(Place::Hangzhou)).await.problem(409),
        "branches.code_taken"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_branch_where_people_work_stays_open() {
    let app = App::start().await;
    for (place, status) in [(Place::Qianjiang, 409), (Place::Hangzhou, 409), (Place::Xixi, 200)] {
        let path = format!("/branches/{}", place.id());
        let read = app.get(Someone::ADMIN, &path).await.expect(200);
        app.patch(Someone::ADMIN, &path, &read, json!({ "is_open": false })).await.expect(status);
    }
    app.finish().await;
}

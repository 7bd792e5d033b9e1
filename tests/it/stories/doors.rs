//! Wrong input at the door: every bad request gets its problem document and changes nothing.

use it::{App, Someone};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn every_wrong_request_gets_a_problem_document() {
    let app = App::start().await;
    let admin = app.token_of(Someone::ADMIN);
    let raw = async |content_type: &str, body: &str| {
        app.call_raw(Method::POST, "/staff", Some(&admin), content_type, body.as_bytes().to_vec()).await
    };
    assert_eq!(raw("application/json", "{\"staff_no\": ").await.problem(400), "request.malformed_json");
    assert_eq!(raw("text/plain", "{}").await.problem(415), "request.unsupported_media_type");
    assert_eq!(raw("application/json", "[]").await.problem(400), "request.unreadable_field");
    let unknown = raw("application/json", r#"{"staff_no":"T9","is_admin":true}"#).await;
    assert_eq!(
        (unknown.problem(400), unknown.field_errors()),
        ("request.unreadable_field".into(), vec!["/is_admin field.unknown".into()])
    );
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(1_100_000));
    assert_eq!(raw("application/json", &large).await.problem(413), "request.too_large");
    assert_eq!(app.get(Someone::ADMIN, "/staff?colour=red").await.field_errors(), ["/colour field.unknown"]);
    assert_eq!(app.get(Someone::ADMIN, "/staff?limit=201").await.field_errors(), ["/limit number.range"]);
    assert_eq!(app.get(Someone::ADMIN, "/staff?limit=200").await.status, 200);
    assert_eq!(
        app.get(Someone::ADMIN, "/staff?after=nonsense").await.field_errors(),
        ["/after cursor.unreadable"]
    );
    assert_eq!(app.get(Someone::ADMIN, "/staff/not-an-id").await.problem(404), "request.unknown_id");
    assert_eq!(app.get(Someone::ADMIN, "/nothing/here").await.problem(404), "request.unknown_route");
    let wrong_method = app.call(Method::DELETE, "/me", Some(&admin), &[], None).await;
    assert!(matches!(wrong_method.status.as_u16(), 404 | 405), "{wrong_method:?}");
    wrong_method.problem(wrong_method.status.as_u16());
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_entries").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn problems_speak_the_callers_language() {
    let app = App::start().await;
    let title = async |language: &str| {
        app.call(Method::GET, "/me", None, &[("accept-language", language)], None).await.text_at("/title")
    };
    assert_eq!(title("zh-CN,zh;q=0.9,en;q=0.8").await, "请先登录");
    assert_eq!(title("en-GB,en;q=0.9").await, "Sign in first");
    assert_eq!(title("en;q=0.1,zh;q=0.9").await, "请先登录");
    assert_eq!(title("zh;q=0.1,en;q=0.9").await, "Sign in first");
    app.finish().await;
}

#[tokio::test]
async fn a_callers_trace_id_is_kept() {
    let app = App::start().await;
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
    let reply = app.call(Method::GET, "/me", None, &headers, None).await;
    assert_eq!(reply.text_at("/trace_id"), id);
    app.finish().await;
}

#[tokio::test]
async fn the_trail_is_read_by_auditors_and_cannot_be_changed_by_the_application() {
    let app = App::start().await;
    let new = json!({ "page": "cardholders", "name": "一", "query": {} });
    app.post(Someone::TELLER, "/saved_views", new).await.expect(201);
    let trail = app.get(Someone::AUDITOR, "/audit_entries?action=views.save").await.expect(200);
    assert_eq!(trail.text_at("/items/0/staff_no"), "T0001");
    assert_eq!(trail.text_at("/items/0/role"), "teller");
    assert_eq!(app.get(Someone::TELLER, "/audit_entries").await.problem(403), "staff.forbidden");
    let conn = platform::database::connect_once(&app.app_url).await.unwrap();
    for sql in [
        "UPDATE audit_entries SET action = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_entries_2026",
    ] {
        let refused = diesel_async::SimpleAsyncConnection::batch_execute(&mut &conn, sql).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{sql}: {refused}");
    }
    app.finish().await;
}

//! The database goes away and comes back; the server answers 503 meanwhile and needs no restart.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use it::{App, Reply, Someone};
use reqwest::Method;
use serde_json::json;

async fn shut_out(app: &App) {
    let admin = app.admin().await;
    let name = app.database_name();
    let sql = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
    (&admin).batch_execute(&sql).await.expect("shut the door");
    let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    (&admin).batch_execute(&sql).await.expect("end the connections");
}

async fn let_in(app: &App) {
    let sql = format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", app.database_name());
    (&app.admin().await).batch_execute(&sql).await.expect("open the door");
}

/// Asks until the answer has `status`; a connection that was just ended may still be handed out once.
async fn until(status: u16, ask: impl AsyncFn() -> Reply) -> Reply {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let reply = ask().await;
        if reply.status.as_u16() == status {
            return reply;
        }
        assert!(tokio::time::Instant::now() < deadline, "never {status}: {reply:?}");
        assert!(matches!(reply.status.as_u16(), 200..=299 | 404 | 503), "{reply:?}");
    }
}

#[tokio::test]
async fn a_lost_database_is_503_and_found_again_without_a_restart() {
    let app = App::start().await;
    let nobody = "/cardholders/019a4000-0000-7000-8000-000000000000";
    let list = async || app.get(Someone::TELLER, "/cardholders").await;
    let one = async || app.get(Someone::TELLER, nobody).await;
    let save = async || {
        app.post(Someone::TELLER, "/saved_views", json!({ "page": "cardholders", "name": "一", "query": {} }))
            .await
    };
    let ready = async || app.call(Method::GET, &format!("{}/readyz", app.url), None, &[], None).await;
    list().await.expect(200);
    one().await.expect(404);
    shut_out(&app).await;
    for reply in
        [until(503, list).await, until(503, one).await, until(503, save).await, until(503, ready).await]
    {
        assert_eq!(
            (reply.problem(503), reply.header("retry-after")),
            ("database.unavailable".into(), Some("2"))
        );
    }
    let_in(&app).await;
    until(200, list).await;
    until(404, one).await;
    until(201, save).await;
    until(200, ready).await;
    assert_eq!(app.count("SELECT count(*) AS n FROM saved_views").await, 1);
    app.finish().await;
}

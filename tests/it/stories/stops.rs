//! Whatever tells a process to stop, it hands back what it works on and ends in order.

use it::{App, Place, Someone};
use platform::{Clock, jobs::enqueue_now};
use serde_json::json;
use trust::calendars::OpenDay;

use super::killed::Home;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_ends_in_order_at_ctrl_c_and_at_sigterm() {
    let (home, app) = Home::open("stops").await;
    for (signal, jobs) in [("INT", 1), ("TERM", 2)] {
        let mut worker = home.work(&app);
        begin_a_job(&app).await;
        let done =
            format!("SELECT (count(*) >= {jobs})::int::bigint AS n FROM jobs WHERE status = 'succeeded'");
        worker.until(&app, &done).await;
        let end = worker.end_by(signal).await;
        assert!(end.success(), "{signal}: {end}");
    }
    home.clear();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_ends_in_order_at_ctrl_c_and_at_sigterm() {
    let (home, app) = Home::open("server-stops").await;
    for signal in ["INT", "TERM"] {
        let server = home.serve(&app).await;
        let end = server.end_by(signal).await;
        assert!(end.success(), "{signal}: {end}");
    }
    home.clear();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_starts_with_other_keys_than_those_that_sealed_the_bank() {
    let (home, app) = Home::open("other-keys").await;
    let body = json!({ "name": "沈嘉怡", "branch_id": Place::Qianjiang.id() });
    app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    let kept = std::fs::read(home.key_file()).expect("keys");
    std::fs::remove_file(home.key_file()).expect("removed");
    for deed in ["serve", "worker"] {
        let refusal = home.refusal(&app, deed);
        assert!(refusal.contains("OtherKeys"), "{deed}: {refusal}");
    }
    std::fs::write(home.key_file(), kept).expect("brought back");
    assert!(home.serve(&app).await.end_by("TERM").await.success());
    home.clear();
    app.finish().await;
}

/// Due at once by the clock of the machine, which the worker goes by.
async fn begin_a_job(app: &App) {
    let conn = app.db.read().await.expect("a connection");
    enqueue_now(&conn, &OpenDay {}, &Clock::system()).await.expect("enqueued");
}

//! Whatever tells a process to stop, it hands back what it works on and ends in order.

use it::App;
use platform::{Clock, jobs::enqueue_now};
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

/// Due at once by the clock of the machine, which the worker goes by.
async fn begin_a_job(app: &App) {
    let conn = app.db.read().await.expect("a connection");
    enqueue_now(&conn, &OpenDay {}, &Clock::system()).await.expect("enqueued");
}

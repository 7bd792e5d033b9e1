//! What is changed at one server bites at the other, although its tokens live on: everybody is looked up every two seconds.

use std::time::{Duration, Instant};

use it::{App, Someone};
use reqwest::Method;
use serde_json::json;

use super::killed::{Home, Server};

/// The promise.
const BITES_WITHIN: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(50);

/// How the server answers somebody who takes in a cardholder of whom they say nothing.
async fn answered(app: &App, server: &Server, token: &str) -> u16 {
    let url = server.at("/cardholders");
    app.call(Method::POST, &url, Some(token), &[], Some(json!({}))).await.status.as_u16()
}

async fn bites(app: &App, server: &Server, (sql, status): (&str, u16)) {
    let token = server.token_of(app, Someone::TELLER).await;
    assert_eq!(answered(app, server, &token).await, 400, "allowed, and not said right");
    app.execute(sql).await;
    let since = Instant::now();
    while answered(app, server, &token).await != status {
        assert!(since.elapsed() < BITES_WITHIN, "{sql}");
        tokio::time::sleep(POLL).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_role_and_a_disabled_account_bite_within_five_seconds() {
    let (home, app) = Home::open("two-servers").await;
    let other = home.serve(&app).await;
    bites(&app, &other, ("UPDATE staff SET role = 'auditor' WHERE staff_no = 'T0001'", 403)).await;
    app.execute("UPDATE staff SET role = 'teller' WHERE staff_no = 'T0001'").await;
    // It must know the teller again before it can unlearn them.
    let token = other.token_of(&app, Someone::TELLER).await;
    let since = Instant::now();
    while answered(&app, &other, &token).await != 400 {
        assert!(since.elapsed() < BITES_WITHIN, "the teller's role");
        tokio::time::sleep(POLL).await;
    }
    bites(&app, &other, ("UPDATE staff SET is_active = false WHERE staff_no = 'T0001'", 401)).await;
    other.finish(&app).await;
    home.clear();
    app.finish().await;
}

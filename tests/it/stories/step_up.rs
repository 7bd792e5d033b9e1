use chrono::TimeDelta;
use it::{App, PASSWORD, Reply};
use reqwest::Method;
use serde_json::json;

async fn step_up(app: &App, token: &str, password: &str) -> Reply {
    app.call(Method::POST, "/auth/step_up", Some(token), &[], Some(json!({ "password": password }))).await
}

async fn sign_in(app: &App) -> String {
    let body = json!({ "staff_no": "A0001", "password": PASSWORD });
    app.call(Method::POST, "/auth/login", None, &[], Some(body)).await.expect(200).text_at("/access_token")
}

async fn rotate(app: &App, token: &str) -> Reply {
    app.run_jobs().await;
    app.call(Method::POST, "/keys/rotations", Some(token), &[], Some(json!({ "kind": "rewrap" }))).await
}

#[tokio::test]
async fn what_asks_for_a_proof_is_done_after_it_and_for_five_minutes() {
    let app = App::start().await;
    let token = sign_in(&app).await;
    let refused = rotate(&app, &token).await;
    assert_eq!(refused.problem(403), "staff.step_up_required");
    assert_eq!(refused.at("/params/methods"), json!(["password"]));
    step_up(&app, &token, PASSWORD).await.expect(204);
    rotate(&app, &token).await.expect(202);
    // Another session of the same person has proved nothing.
    assert_eq!(rotate(&app, &sign_in(&app).await).await.problem(403), "staff.step_up_required");
    app.clock.advance(TimeDelta::minutes(5) - TimeDelta::seconds(1));
    rotate(&app, &token).await.expect(202);
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(rotate(&app, &token).await.problem(403), "staff.step_up_required");
    let trail = app.lines("SELECT outcome FROM audit_entries WHERE action = 'sessions.step_up'").await;
    assert_eq!(trail, ["done"]);
    app.finish().await;
}

#[tokio::test]
async fn wrong_proofs_count_as_they_do_at_sign_in() {
    let app = App::start().await;
    let token = sign_in(&app).await;
    for _ in 0..4 {
        let refused = step_up(&app, &token, "not this one").await;
        assert_eq!(refused.problem(422), "staff.password_wrong");
        assert_eq!(refused.field_errors(), ["/password staff.password_wrong"]);
    }
    let body = json!({ "staff_no": "A0001", "password": "nor this one" });
    app.call(Method::POST, "/auth/login", None, &[], Some(body)).await.expect(401);
    let locked = step_up(&app, &token, PASSWORD).await;
    assert_eq!(locked.problem(429), "staff.locked_out");
    assert_eq!(locked.header("retry-after"), Some("60"));
    assert_eq!(rotate(&app, &token).await.problem(403), "staff.step_up_required");
    app.clock.advance(TimeDelta::seconds(61));
    step_up(&app, &token, PASSWORD).await.expect(204);
    let trail =
        "SELECT outcome, count(*) FROM audit_entries WHERE action = 'sessions.step_up' GROUP BY 1 ORDER BY 1";
    assert_eq!(app.lines(trail).await, ["done 1", "refused 5"]);
    app.finish().await;
}

#[tokio::test]
async fn a_session_that_has_ended_proves_nothing() {
    let app = App::start().await;
    let token = sign_in(&app).await;
    step_up(&app, &token, PASSWORD).await.expect(204);
    app.execute("UPDATE staff_sessions SET ended_at = now(), end_reason = 'signed_out'").await;
    assert_eq!(rotate(&app, &token).await.problem(403), "staff.step_up_required");
    assert_eq!(step_up(&app, &token, PASSWORD).await.problem(401), "staff.session_ended");
    app.finish().await;
}

use chrono::TimeDelta;
use it::{App, PASSWORD, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";

/// A session: its access token and its cookie.
struct Open {
    token: String,
    cookie: String,
}

impl Open {
    fn of(reply: &Reply) -> Self {
        let cookie =
            reply.header("set-cookie").and_then(|header| header.split(';').next()).expect("a cookie");
        Self { token: reply.text_at("/access_token"), cookie: cookie.to_owned() }
    }
}

async fn sign_in(app: &App) -> Open {
    let body = json!({ "staff_no": "T0001", "password": PASSWORD });
    let headers = [("user-agent", CHROME)];
    Open::of(&app.call(Method::POST, "/auth/login", None, &headers, Some(body)).await.expect(200))
}

async fn refresh(app: &App, session: &Open) -> Reply {
    app.call(Method::POST, "/auth/refresh", None, &[("cookie", &session.cookie)], None).await
}

async fn call(app: &App, method: Method, path: &str, token: &str) -> Reply {
    app.call(method, path, Some(token), &[], None).await
}

#[tokio::test]
async fn fifteen_minutes_without_a_request_end_a_session_and_work_keeps_it() {
    let app = App::start().await;
    let idle = sign_in(&app).await;
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(refresh(&app, &idle).await.problem(401), "staff.session_ended");
    assert_eq!(app.lines("SELECT end_reason FROM staff_sessions").await, ["idle"]);
    let trail = "SELECT staff_no || ' ' || purpose FROM audit_entries WHERE action = 'sessions.time_out'";
    assert_eq!(app.lines(trail).await, ["T0001 idle"]);

    let busy = sign_in(&app).await;
    app.clock.advance(TimeDelta::minutes(9));
    call(&app, Method::GET, "/me", &busy.token).await.expect(200);
    app.clock.advance(TimeDelta::minutes(14));
    let busy = Open::of(&refresh(&app, &busy).await.expect(200));
    app.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
    refresh(&app, &busy).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session() {
    let app = App::start().await;
    let session = sign_in(&app).await;
    // The page looks by itself every minute and exchanges its token in time; nobody has touched it since the beginning.
    let mut page = Open { token: session.token.clone(), cookie: session.cookie.clone() };
    for minute in 1..15 {
        app.clock.advance(TimeDelta::minutes(1));
        let idle = (minute * 60).to_string();
        let told = [("x-idle-seconds", idle.as_str())];
        app.call(Method::GET, "/work_items/counts", Some(&page.token), &told, None).await.expect(200);
        if minute == 9 {
            let headers = [("cookie", page.cookie.as_str()), told[0]];
            page = Open::of(&app.call(Method::POST, "/auth/refresh", None, &headers, None).await.expect(200));
        }
    }
    app.clock.advance(TimeDelta::minutes(1));
    let headers = [("cookie", page.cookie.as_str()), ("x-idle-seconds", "900")];
    let over = app.call(Method::POST, "/auth/refresh", None, &headers, None).await;
    assert_eq!(over.problem(401), "staff.session_ended");
    assert_eq!(app.lines("SELECT end_reason FROM staff_sessions").await, ["idle"]);
    app.finish().await;
}

#[tokio::test]
async fn a_disabled_account_is_out_although_every_connection_is_taken() {
    let app = App::start().await;
    let session = sign_in(&app).await;
    call(&app, Method::GET, "/me", &session.token).await.expect(200);
    let mut taken = Vec::new();
    for _ in 0..4 {
        taken.push(app.db.read().await.unwrap());
    }
    app.execute("UPDATE staff SET is_active = false WHERE staff_no = 'T0001'").await;
    let began = std::time::Instant::now();
    app.parts.directory.refresh(&app.db).await.unwrap();
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "it waits for nobody's connection");
    assert_eq!(call(&app, Method::GET, "/me", &session.token).await.problem(401), "staff.sign_in_required");
    drop(taken);
    app.finish().await;
}

#[tokio::test]
async fn a_request_costs_no_write() {
    let app = App::start().await;
    let session = sign_in(&app).await;
    app.said();
    app.clock.advance(TimeDelta::minutes(1));
    call(&app, Method::GET, "/me", &session.token).await.expect(200);
    let writes: Vec<_> = app.said().into_iter().filter(|said| !said.sql.starts_with("SELECT")).collect();
    assert!(writes.is_empty(), "{:?}", writes.iter().map(|said| &said.sql).collect::<Vec<_>>());
    app.finish().await;
}

#[tokio::test]
async fn twelve_hours_end_a_session_however_busy_it_is() {
    let app = App::start().await;
    let mut session = sign_in(&app).await;
    for _ in 0..71 {
        app.clock.advance(TimeDelta::minutes(10));
        session = Open::of(&refresh(&app, &session).await.expect(200));
    }
    app.clock.advance(TimeDelta::minutes(9));
    call(&app, Method::GET, "/me", &session.token).await.expect(200);
    session = Open::of(&refresh(&app, &session).await.expect(200));
    app.clock.advance(TimeDelta::minutes(1));
    app.parts.directory.refresh(&app.db).await.unwrap();
    assert_eq!(
        call(&app, Method::GET, "/me", &session.token).await.problem(401),
        "staff.sign_in_required",
        "also with a token that would live on"
    );
    assert_eq!(refresh(&app, &session).await.problem(401), "staff.session_ended");
    assert_eq!(app.lines("SELECT end_reason FROM staff_sessions").await, ["expired"]);
    app.finish().await;
}

#[tokio::test]
async fn ones_own_sessions_are_listed_and_ended_and_bite_at_once() {
    let app = App::start().await;
    let (here, there, third) = (sign_in(&app).await, sign_in(&app).await, sign_in(&app).await);
    let items =
        async |token: &str| call(&app, Method::GET, "/sessions", token).await.expect(200).list_at("/items");
    let listed = items(&here.token).await;
    assert_eq!(listed.len(), 3);
    assert_eq!(
        (&listed[0]["is_current"], &listed[0]["device"], &listed[0]["ip"]),
        (&json!(true), &json!("Chrome · Windows"), &json!("127.0.0.1"))
    );
    assert_eq!(listed.iter().filter(|session| session["is_current"] == true).count(), 1);
    let id_of = |sessions: &[Value]| sessions[0]["session_id"].as_str().unwrap().to_owned();
    let there_id = id_of(&items(&there.token).await);
    let end =
        async |token: &str, id: &str| call(&app, Method::POST, &format!("/sessions/{id}/end"), token).await;
    end(&here.token, &there_id).await.expect(204);
    assert_eq!(call(&app, Method::GET, "/me", &there.token).await.problem(401), "staff.sign_in_required");
    assert_eq!(refresh(&app, &there).await.problem(401), "staff.session_ended");
    assert_eq!(end(&here.token, &there_id).await.problem(404), "sessions.missing");
    // Nobody ends somebody else's by its id.
    let stranger = app.token_of(Someone::MANAGER);
    assert_eq!(end(&stranger, &id_of(&items(&third.token).await)).await.problem(404), "sessions.missing");
    call(&app, Method::POST, "/sessions/end_others", &here.token).await.expect(204);
    assert_eq!(refresh(&app, &third).await.problem(401), "staff.session_ended");
    assert_eq!(items(&here.token).await.len(), 1);
    refresh(&app, &here).await.expect(200);
    app.clock.advance(TimeDelta::minutes(10));
    app.finish().await;
}

#[tokio::test]
async fn an_administrator_sees_and_ends_anybodys_sessions() {
    let app = App::start().await;
    let (one, two) = (sign_in(&app).await, sign_in(&app).await);
    let path = format!("/staff/{}/sessions", Someone::TELLER.id());
    let listed = app.get(Someone::ADMIN, &path).await.expect(200).list_at("/items");
    assert_eq!(listed.len(), 2);
    assert_eq!(app.get(Someone::BRANCH_MANAGER, &path).await.problem(403), "staff.forbidden");
    let admin = app.token_of(Someone::ADMIN);
    let id = listed[0]["session_id"].as_str().unwrap();
    call(&app, Method::POST, &format!("{path}/{id}/end"), &admin).await.expect(204);
    let alive = async || {
        let (one, two) = (
            call(&app, Method::GET, "/me", &one.token).await,
            call(&app, Method::GET, "/me", &two.token).await,
        );
        [one, two].iter().filter(|reply| reply.status == 200).count()
    };
    assert_eq!(alive().await, 1);
    call(&app, Method::POST, &format!("{path}/end"), &admin).await.expect(204);
    assert_eq!(alive().await, 0);
    let nobody = format!("/staff/{}/sessions", it::Place::Xixi.id());
    assert_eq!(app.get(Someone::ADMIN, &nobody).await.problem(404), "staff.missing");
    let trail = "SELECT staff_no || ' ' || purpose FROM audit_entries WHERE action = 'sessions.end'";
    assert_eq!(app.lines(trail).await, ["A0001 ended_by_admin", "A0001 ended_by_admin"]);
    app.finish().await;
}

#[tokio::test]
async fn a_breached_password_is_refused() {
    let app = App::start().await;
    let token = sign_in(&app).await.token;
    for breached in ["qwertyuiop", "Password-2026!"] {
        let change = json!({ "current_password": PASSWORD, "new_password": breached });
        let refused = app.call(Method::POST, "/auth/password", Some(&token), &[], Some(change)).await;
        assert_eq!(refused.field_errors(), ["/new_password staff.password_weak"]);
        assert_eq!(refused.text_at("/params/reason"), "breached");
    }
    app.finish().await;
}

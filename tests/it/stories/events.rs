use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use it::{App, Place, Someone};
use platform::{
    Actor, DbError,
    events::{self, EventKind, NewEvent},
};
use reqwest::Method;
use serde_json::json;

const NOT_WAITING: &str = "/events";

/// What somebody is told who saw `last` last: the ids and kinds, and the id that they have reached.
async fn told(app: &App, someone: Someone, last: Option<i64>) -> (Vec<String>, i64) {
    let last = last.map(|id| id.to_string());
    let headers: Vec<(&str, &str)> = last.iter().map(|id| ("last-event-id", id.as_str())).collect();
    let token = app.token_of(someone);
    let reply = app.call(Method::GET, NOT_WAITING, Some(&token), &headers, None).await.expect(200);
    assert_eq!(reply.header("content-type"), Some("text/event-stream"));
    assert_eq!(
        (reply.header("cache-control"), reply.header("content-encoding")),
        (Some("no-store"), Some("identity"))
    );
    let (mut found, mut reached) = (Vec::new(), 0);
    for block in reply.text.split("\n\n") {
        let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        reached = line("id: ").parse().unwrap_or(reached);
        if !line("event: ").is_empty() {
            found.push(format!("{} {}", line("event: "), line("data: ")));
        }
    }
    (found, reached)
}

fn event(n: i32, staff: Option<Someone>, permission: Option<&str>, place: Option<Place>) -> NewEvent {
    NewEvent {
        kind: EventKind::WorkItems,
        staff_id: staff.map(|someone| someone.id().into()),
        permission: permission.map(ToOwned::to_owned),
        branch_id: place.map(|place| place.id().into()),
        params: json!({ "n": n }),
    }
}

async fn happen(app: &App, events: &[NewEvent]) {
    let actor = Actor::system("test");
    let written = app.db.write(&actor, async |tx| {
        for event in events {
            tx.tell(event).await?;
        }
        tx.mark_unchanged();
        Ok::<_, DbError>(())
    });
    written.await.expect("told");
}

fn numbers(told: &[String]) -> Vec<String> {
    told.iter()
        .map(|line| line.split(':').next_back().unwrap_or_default().trim_matches(['}', ' ']).to_owned())
        .collect()
}

#[tokio::test]
async fn everybody_is_told_what_concerns_them_within_their_reach_of_now() {
    let app = App::start().await;
    let (teller, far, admin) = (Someone::TELLER, Someone::TELLER_OF_YINZHOU, Someone::ADMIN);
    let (nothing, begun) = told(&app, teller, None).await;
    assert_eq!(nothing, [""; 0]);
    happen(
        &app,
        &[
            event(1, Some(teller), None, None),
            event(2, None, Some("cardholders:write"), Some(Place::Qianjiang)),
            event(3, None, Some("cardholders:write"), Some(Place::Yinzhou)),
            event(4, None, Some("cardholders:write"), None),
            event(5, None, Some("jobs:read"), None),
            event(6, None, None, None),
            event(7, Some(far), Some("jobs:read"), Some(Place::Yinzhou)),
        ],
    )
    .await;
    assert_eq!(numbers(&told(&app, teller, Some(begun)).await.0), ["1", "2", "4"]);
    assert_eq!(numbers(&told(&app, far, Some(begun)).await.0), ["3", "4", "7"]);
    assert_eq!(numbers(&told(&app, admin, Some(begun)).await.0), ["5", "7"]);
    let sql = format!("UPDATE staff SET branch_id = '{}' WHERE staff_no = 'T0001'", Place::Yinzhou.id());
    app.owner().await.batch_execute(&sql).await.expect("moved");
    app.parts.directory.refresh(&app.db).await.expect("refreshed");
    assert_eq!(numbers(&told(&app, teller, Some(begun)).await.0), ["1", "3", "4"]);
    app.finish().await;
}

#[tokio::test]
async fn a_stream_that_goes_on_passes_over_no_late_commit() {
    let app = App::start().await;
    let (_, begun) = told(&app, Someone::TELLER, None).await;
    let mine = |n| event(n, Some(Someone::TELLER), None, None);
    // One that began first and commits last: open while the others are told.
    let slow = app.owner().await;
    let insert = format!(
        "INSERT INTO events (event_id, kind, staff_id, params, created_at)
         VALUES ('019a0000-0000-7000-8000-000000000001', 'work_items', '{}', '{{\"n\": 0}}', '2026-11-01')",
        Someone::TELLER.id()
    );
    let mut slow = slow;
    slow.batch_execute(&format!("BEGIN; {insert}")).await.expect("begun");
    happen(&app, &[mine(1), mine(2)]).await;
    let (first, reached) = told(&app, Someone::TELLER, Some(begun)).await;
    assert_eq!(numbers(&first), ["1", "2"]);
    slow.batch_execute("COMMIT").await.expect("committed");
    happen(&app, &[mine(3)]).await;
    let (second, reached) = told(&app, Someone::TELLER, Some(reached)).await;
    assert_eq!(numbers(&second), ["0", "3"]);
    assert_eq!(told(&app, Someone::TELLER, Some(reached)).await.0, [""; 0]);
    // Whoever numbers at the same time gives each number once.
    happen(&app, &(10..60).map(mine).collect::<Vec<_>>()).await;
    let conns = futures_util::future::join_all((0..4).map(|_| app.db.read())).await;
    let conns: Vec<_> = conns.into_iter().map(|conn| conn.expect("a connection")).collect();
    futures_util::future::join_all(conns.iter().map(|conn| events::number(conn))).await;
    drop(conns);
    assert_eq!(
        numbers(&told(&app, Someone::TELLER, Some(reached)).await.0),
        (10..60).map(|n| n.to_string()).collect::<Vec<_>>()
    );
    assert_eq!(app.count("SELECT count(*) - count(DISTINCT event_no) AS n FROM events").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn whoever_has_missed_too_much_is_told_to_read_anew() {
    let app = App::start().await;
    let (_, begun) = told(&app, Someone::TELLER, None).await;
    let mine = |n| event(n, Some(Someone::TELLER), None, None);
    happen(&app, &[mine(1), mine(2)]).await;
    let (_, reached) = told(&app, Someone::TELLER, Some(begun)).await;
    app.clock.advance(TimeDelta::days(2));
    happen(&app, &[mine(3)]).await;
    told(&app, Someone::TELLER, None).await;
    events::forget(&app.db.read().await.expect("a connection"), app.clock.now() - TimeDelta::days(1))
        .await
        .expect("forgotten");
    assert_eq!(numbers(&told(&app, Someone::TELLER, Some(reached)).await.0), ["3"]);
    assert_eq!(told(&app, Someone::TELLER, Some(begun)).await.0, ["reset {}"]);
    assert_eq!(told(&app, Someone::TELLER, Some(reached + 999)).await.0, ["reset {}"]);
    app.finish().await;
}

#[tokio::test]
async fn a_waiting_stream_is_told_at_once_and_ends_with_its_session() {
    let app = App::start().await;
    let token = app.stepped_up(Someone::TELLER).await;
    let url = format!("{}/api/v1/events?is_waiting=true", app.url);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut answer = client.get(&url).bearer_auth(&token).send().await.expect("a stream");
    assert_eq!(answer.status(), 200);
    let begun = answer.chunk().await.expect("bytes").expect("a beginning");
    assert!(begun.starts_with(b"id: "), "{begun:?}");
    happen(&app, &[event(1, Some(Someone::TELLER), None, None)]).await;
    let part = answer.chunk().await.expect("bytes").expect("an event");
    assert!(String::from_utf8_lossy(&part).contains("event: work_items\ndata: {\"n\":1}"), "{part:?}");
    app.call(Method::POST, "/auth/logout", Some(&token), &[], None).await;
    let sql = "UPDATE staff_sessions SET ended_at = '2026-11-02T01:00:00Z', end_reason = 'signed_out'";
    app.owner().await.batch_execute(sql).await.expect("ended");
    app.parts.directory.refresh(&app.db).await.expect("refreshed");
    happen(&app, &[event(2, Some(Someone::TELLER), None, None)]).await;
    assert_eq!(answer.chunk().await.expect("an end"), None, "nothing is told after the session");
    app.finish().await;
}

#[tokio::test]
async fn a_job_tells_its_owner_how_far_it_is() {
    let app = App::start().await;
    let me = Someone::BRANCH_MANAGER;
    let (_, begun) = told(&app, me, None).await;
    let (_, others) = told(&app, Someone::TELLER, None).await;
    let token = app.token_of(me);
    let file = "name,branch\n沈嘉怡,HZ01\n".to_owned();
    let uploaded = app
        .call_raw(Method::POST, "/imports?kind=cardholders", Some(&token), "text/csv", file.into())
        .await
        .expect(201);
    let path = format!("/imports/{}/runs", uploaded.text_at("/import_id"));
    let job_id = app
        .post(me, &path, json!({ "mapping": uploaded.at("/mapping") }))
        .await
        .expect(202)
        .text_at("/run/job_id");
    app.run_jobs().await;
    let (lines, _) = told(&app, me, Some(begun)).await;
    assert!(lines.iter().all(|line| line.contains(&job_id) && !line.contains("沈")), "{lines:?}");
    assert!(lines.last().is_some_and(|line| line.contains("\"status\":\"succeeded\"")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("\"status\":\"running\"")), "{lines:?}");
    assert_eq!(told(&app, Someone::TELLER, Some(others)).await.0, [""; 0]);
    app.finish().await;
}

#[tokio::test]
async fn one_person_follows_from_so_many_places_and_no_more() {
    let app = App::start().await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}/api/v1/events?is_waiting=true", app.url);
    let mut open = Vec::new();
    for _ in 0..8 {
        let answer =
            client.get(&url).bearer_auth(app.token_of(Someone::TELLER)).send().await.expect("a stream");
        assert_eq!(answer.status(), 200);
        open.push(answer);
    }
    assert_eq!(app.get(Someone::TELLER, "/events").await.problem(429), "events.too_many");
    app.get(Someone::AGENT, NOT_WAITING).await.expect(200);
    drop(open);
    app.finish().await;
}

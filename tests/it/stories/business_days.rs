//! The bank's today: it follows the calendar by itself, once however many ask for it, and never goes back.

use chrono::{NaiveDate, TimeDelta};
use futures_util::future::join_all;
use it::{App, Reply, Someone};
use platform::{Actor, Clock, DbError, jobs::enqueue_now};
use reqwest::Method;
use serde_json::{Value, json};
use trust::calendars::{self, OpenDay};

use super::{
    cardholders::{create, path_of, shen},
    killed::{Home, Server},
};

const OPENED: &str =
    "SELECT changes -> 'business_on' FROM audit_entries WHERE action = 'calendars.open_day' ORDER BY 1";

async fn begin_the_chore(app: &App) {
    let conn = app.db.read().await.expect("a connection");
    enqueue_now(&conn, &OpenDay {}, &app.clock).await.expect("enqueued");
    drop(conn);
    app.run_jobs().await;
    // As every two seconds while a server runs.
    app.parts.directory.refresh(&app.db).await.expect("refreshed");
}

/// The bank's today as each answer has it that tells of it.
async fn todays(app: &App) -> [String; 3] {
    let me = app.get(Someone::TELLER, "/me").await.expect(200);
    let bench = app.get(Someone::TELLER, "/workbench").await.expect(200);
    let mut somebody = shen();
    somebody["name"] = json!("贝梓涵");
    somebody["national_id"] = Value::Null;
    somebody["id_kind"] = Value::Null;
    somebody["phones"] = json!([]);
    somebody["emails"] = json!([]);
    somebody["birth_on"] = json!("1990-11-05");
    somebody["duplicate_override_reason"] = json!("同名不同人");
    let created = create(app, somebody).await.expect(201);
    let age = |reply: &Reply, at: &str| reply.at(at).as_i64().expect("an age");
    let years = age(&created, "/cardholder/age_years");
    assert_eq!(age(&app.get(Someone::TELLER, &path_of(&created)).await.expect(200), "/age_years"), years);
    let listed = app.get(Someone::TELLER, "/cardholders?sort=opened_on").await.expect(200);
    assert!(listed.list_at("/items").iter().all(|item| item["age_years"] == years), "{listed:?}");
    let today: NaiveDate = me.text_at("/business_on").parse().expect("a day");
    assert_eq!(years, if today >= "2026-11-05".parse().expect("a day") { 36 } else { 35 }, "{today}");
    [me.text_at("/business_on"), bench.text_at("/business_on"), created.text_at("/cardholder/opened_on")]
}

#[tokio::test]
async fn the_business_date_follows_the_calendar_and_every_answer_has_the_same_today() {
    let app = App::start().await;
    assert_eq!(todays(&app).await, ["2026-11-02"; 3]);
    begin_the_chore(&app).await;
    assert_eq!(
        app.count("SELECT count(*) AS n FROM audit_entries WHERE action = 'calendars.open_day'").await,
        0
    );

    app.clock.advance(TimeDelta::days(3));
    assert_eq!(todays(&app).await, ["2026-11-02"; 3], "until it is opened, today is the day that is open");
    for _ in 0..2 {
        begin_the_chore(&app).await;
        assert_eq!(todays(&app).await, ["2026-11-05"; 3]);
    }
    assert_eq!(app.lines(OPENED).await, [r#"["2026-11-02", "2026-11-05"]"#]);

    // 23:59:59 in Hangzhou, and a second later.
    app.clock.advance(TimeDelta::seconds(15 * 3600 - 1));
    begin_the_chore(&app).await;
    assert_eq!(app.lines(OPENED).await.len(), 1);
    app.clock.advance(TimeDelta::seconds(1));
    begin_the_chore(&app).await;
    assert_eq!(todays(&app).await, ["2026-11-06"; 3]);
    app.finish().await;
}

#[tokio::test]
async fn a_day_is_opened_once_however_many_would_open_it() {
    let app = App::start().await;
    let at_once = async || {
        let opened = join_all((0..4).map(|_| calendars::catch_up(&app.db))).await;
        opened.into_iter().filter(|opened| *opened.as_ref().expect("caught up")).count()
    };
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(at_once().await, 1);
    // The first day of all, too.
    app.execute("DELETE FROM business_days").await;
    assert_eq!(at_once().await, 1);
    assert_eq!(app.lines(OPENED).await, [r#"[null, "2026-11-03"]"#, r#"["2026-11-02", "2026-11-03"]"#]);
    app.finish().await;
}

#[tokio::test]
async fn a_day_that_was_opened_ahead_stays_open_until_the_calendar_has_passed_it() {
    let app = App::start().await;
    let open = async |day: &str| {
        let day = day.parse().expect("a day");
        let by_hand = Actor::system("stories");
        let opened = app.db.write(&by_hand, async |tx| {
            let is_opened = calendars::open_day(tx, day).await?;
            if !is_opened {
                tx.mark_unchanged();
            }
            Ok::<_, DbError>(is_opened)
        });
        opened.await.expect("opened")
    };
    assert!(open("2026-11-10").await);
    assert!(!open("2026-11-09").await, "there is no way back");
    app.clock.advance(TimeDelta::days(3));
    begin_the_chore(&app).await;
    assert_eq!(todays(&app).await, ["2026-11-10"; 3]);
    app.clock.advance(TimeDelta::days(6));
    begin_the_chore(&app).await;
    assert_eq!(todays(&app).await, ["2026-11-11"; 3]);
    assert_eq!(app.lines(OPENED).await.len(), 2);
    app.finish().await;
}

async fn today_at(app: &App, server: &Server) -> String {
    let token = server.token_of(app, Someone::TELLER).await;
    let me = app.call(Method::GET, &server.at("/me"), Some(&token), &[], None).await.expect(200);
    me.text_at("/business_on")
}

/// The machine's calendar may turn while somebody looks at it.
fn is_today(on: &str) -> bool {
    let now = Clock::system().now();
    [now, now - TimeDelta::minutes(2)].iter().any(|at| calendars::bank_date(*at).to_string() == on)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_that_start_after_some_days_open_today_once() {
    let (home, app) = Home::open("business-days").await;
    for starts in 1..=2 {
        app.execute("UPDATE business_days SET business_on = '2020-01-31'").await;
        let (one, other) = tokio::join!(home.serve(&app), home.serve(&app));
        for server in [&one, &other] {
            let today = today_at(&app, server).await;
            assert!(is_today(&today), "{today}");
        }
        one.finish(&app).await;
        other.finish(&app).await;
        let from_then = "SELECT count(*) AS n FROM audit_entries
            WHERE action = 'calendars.open_day' AND changes #>> '{business_on,0}' = '2020-01-31'";
        assert_eq!(app.count(from_then).await, starts);
    }
    home.clear();
    app.finish().await;
}

use chrono::TimeDelta;
use it::{App, PASSWORD, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

async fn sign_in(app: &App, staff_no: &str, password: &str) -> Reply {
    app.call(
        Method::POST,
        "/auth/login",
        None,
        &[],
        Some(json!({ "staff_no": staff_no, "password": password })),
    )
    .await
}

fn cookie_of(reply: &Reply) -> String {
    let header = reply.header("set-cookie").expect("a cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/api/v1/auth"] {
        assert!(header.contains(part), "{header}");
    }
    header.split(';').next().expect("a pair").to_owned()
}

async fn refresh(app: &App, cookie: &str) -> Reply {
    app.call(Method::POST, "/auth/refresh", None, &[("cookie", cookie)], None).await
}

#[tokio::test]
async fn a_teller_signs_in_and_learns_what_they_may_do() {
    let app = App::start().await;
    let signed_in = sign_in(&app, "T0001", PASSWORD).await.expect(200);
    assert_eq!(signed_in.at("/must_change_password"), false);
    let token = signed_in.text_at("/access_token");
    let me = app.call(Method::GET, "/me", Some(&token), &[], None).await.expect(200);
    assert_eq!(me.text_at("/role"), "teller");
    assert_eq!(me.text_at("/branch_name"), "钱江新城支行");
    assert_eq!(me.text_at("/business_on"), "2026-11-02");
    assert!(me.at("/permissions").as_array().unwrap().contains(&json!("cardholders:write")));
    assert_eq!(
        app.count(
            "SELECT count(*) AS n FROM audit_entries WHERE action = 'sessions.sign_in' AND outcome = 'done' AND staff_no = 'T0001'"
        )
        .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn unknown_names_wrong_passwords_and_disabled_accounts_get_one_answer() {
    let app = App::start().await;
    let conn = app.owner().await;
    diesel_async::SimpleAsyncConnection::batch_execute(
        &mut &conn,
        "UPDATE staff SET is_active = false WHERE staff_no = 'M0001'",
    )
    .await
    .unwrap();
    let mut answers = Vec::new();
    for (name, password) in [("NOBODY", PASSWORD), ("T0001", "wrong password"), ("M0001", PASSWORD)] {
        let mut problem = sign_in(&app, name, password).await.json();
        problem["trace_id"] = json!("-");
        answers.push(problem);
    }
    assert_eq!(answers[0]["code"], "staff.sign_in_refused");
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_entries WHERE action = 'sessions.sign_in' AND outcome = 'refused'").await, 3);
    app.finish().await;
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_account_for_a_while() {
    let app = App::start().await;
    for _ in 0..5 {
        assert_eq!(sign_in(&app, "T0001", "wrong password").await.problem(401), "staff.sign_in_refused");
    }
    let locked = sign_in(&app, "T0001", PASSWORD).await;
    assert_eq!(locked.problem(429), "staff.locked_out");
    assert_eq!(locked.at("/params/retry_after_seconds"), 60);
    assert_eq!(locked.header("retry-after"), Some("60"));
    app.clock.advance(TimeDelta::seconds(61));
    sign_in(&app, "T0001", PASSWORD).await.expect(200);
    app.finish().await;
}

/// All that an answer says, but for what is different in each answer there is.
fn told(reply: &Reply) -> Value {
    let mut problem = reply.json();
    problem["trace_id"] = json!("-");
    let own = |name: &str| matches!(name, "date" | "x-trace-id");
    let headers = reply.headers.iter().filter(|(name, _)| !own(name.as_str()));
    let mut headers: Vec<_> = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.sort_unstable();
    json!([reply.status.as_u16(), headers, problem])
}

#[tokio::test]
async fn whoever_tries_names_is_not_told_which_of_them_work_here() {
    let app = App::start().await;
    app.execute("UPDATE staff SET is_active = false WHERE staff_no = 'M0001'").await;
    // How often each name is tried before some time goes by: to the first lock and beyond, to the second and its end, over the
    // time after which failures are forgotten.
    let rounds = [
        (7, TimeDelta::seconds(59)),
        (1, TimeDelta::seconds(1)),
        (6, TimeDelta::seconds(119)),
        (1, TimeDelta::seconds(1)),
        (4, TimeDelta::days(30)),
        (6, TimeDelta::zero()),
    ];
    let mut seen = Vec::new();
    for (tries, then) in rounds {
        for _ in 0..tries {
            let known = sign_in(&app, "T0001", "wrong password").await;
            for (name, password) in [("NOBODY", "wrong password"), ("M0001", PASSWORD)] {
                assert_eq!(told(&sign_in(&app, name, password).await), told(&known), "{name}, {seen:?}");
            }
            seen.push(known.status.as_u16());
        }
        app.clock.advance(then);
    }
    let locked = seen.iter().filter(|status| **status == 429).count();
    // 2 + 1 after the fifth, 1 + 1 after the tenth; four and a month; 1 after five anew.
    assert_eq!((seen.len(), locked), (25, 6), "{seen:?}");
    assert_eq!(app.count("SELECT count(*) AS n FROM unknown_sign_ins").await, 1);
    assert_eq!(
        app.count("SELECT count(*) AS n FROM unknown_sign_ins WHERE name_digest = 'NOBODY'::bytea").await,
        0
    );
    let trail = "SELECT count(DISTINCT n) AS n FROM (SELECT count(*) AS n FROM audit_entries
        WHERE action = 'sessions.sign_in' AND outcome = 'refused' GROUP BY object_id) x";
    assert_eq!(app.count(trail).await, 1, "each try left its row");
    app.finish().await;
}

#[tokio::test]
async fn a_name_that_nobody_has_costs_as_many_statements() {
    let app = App::start().await;
    let mut costs = Vec::new();
    // A connection says some things of its own at first.
    sign_in(&app, "T0001", PASSWORD).await.expect(200);
    for name in ["T0001", "NOBODY", "T0001", "NOBODY"] {
        app.said();
        sign_in(&app, name, "wrong password").await.expect(401);
        costs.push(app.said().len());
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    // At once, too, they are counted one by one.
    let tries = |name: &'static str| (0..10).map(move |_| (name, "wrong password"));
    for name in ["T0001", "NOBODY"] {
        futures_util::future::join_all(tries(name).map(|(name, password)| sign_in(&app, name, password)))
            .await;
    }
    let counted = "SELECT failed_sign_ins FROM staff WHERE staff_no = 'T0001' UNION SELECT failed_sign_ins FROM unknown_sign_ins";
    assert_eq!(app.lines(counted).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_refresh_cookie_rotates_and_one_used_twice_ends_the_session() {
    let app = App::start().await;
    let first = cookie_of(&sign_in(&app, "T0001", PASSWORD).await.expect(200));
    let second_reply = refresh(&app, &first).await.expect(200);
    let second = cookie_of(&second_reply);
    assert_ne!(first, second);
    assert_eq!(refresh(&app, &first).await.problem(401), "staff.session_ended");
    assert_eq!(refresh(&app, &second).await.problem(401), "staff.session_ended");
    let token = second_reply.text_at("/access_token");
    assert_eq!(
        app.call(Method::GET, "/me", Some(&token), &[], None).await.problem(401),
        "staff.sign_in_required"
    );
    assert_eq!(
        app.count("SELECT count(*) AS n FROM staff_sessions WHERE end_reason = 'refresh_reused'").await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn whichever_token_of_a_session_is_used_again_ends_it_and_one_that_was_never_given_ends_none() {
    let app = App::start().await;
    for again in 0..4 {
        let mut cookies = vec![cookie_of(&sign_in(&app, "T0001", PASSWORD).await.expect(200))];
        for turn in 0..4 {
            app.clock.advance(TimeDelta::minutes(2));
            cookies.push(cookie_of(&refresh(&app, &cookies[turn]).await.expect(200)));
        }
        // Made up, cut off, and one bit away from the real one.
        let real = cookies[4].clone();
        let (kept, last) = real.split_at(real.len() - 1);
        let bent = format!("{kept}{}", if last == "A" { "B" } else { "A" });
        let name = real.split_once('=').expect("a pair").0;
        for unknown in [bent, kept.to_owned(), format!("{name}={}", "A".repeat(107)), format!("{name}=")] {
            assert_eq!(refresh(&app, &unknown).await.problem(401), "staff.session_ended");
        }
        assert_eq!(reused(&app).await, again, "nobody's session ended");
        assert_eq!(refresh(&app, &cookies[again as usize]).await.problem(401), "staff.session_ended");
        assert_eq!(refresh(&app, &real).await.problem(401), "staff.session_ended", "token {again}");
        assert_eq!(reused(&app).await, again + 1);
    }
    let noted = format!(
        "SELECT count(*) AS n FROM audit_entries WHERE action = 'sessions.refresh_reused' AND outcome = 'refused'
         AND object_id = '{}'",
        Someone::TELLER.id()
    );
    assert_eq!(app.count(&noted).await, 4);
    app.finish().await;
}

async fn reused(app: &App) -> i64 {
    app.count("SELECT count(*) AS n FROM staff_sessions WHERE end_reason = 'refresh_reused'").await
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again_by_the_same_attempt_alone_and_only_for_a_minute() {
    let app = App::start().await;
    let attempt = async |cookie: &str, name: &str| {
        app.call(Method::POST, "/auth/refresh", None, &[("cookie", cookie), ("refresh-attempt", name)], None)
            .await
    };
    let first = cookie_of(&sign_in(&app, "T0001", PASSWORD).await.expect(200));
    let second = cookie_of(&attempt(&first, "an-attempt-of-these-tests").await.expect(200));
    app.clock.advance(TimeDelta::seconds(59));
    let again = attempt(&first, "an-attempt-of-these-tests").await.expect(200);
    assert_eq!(cookie_of(&again), second);
    app.call(Method::GET, "/me", Some(&again.text_at("/access_token")), &[], None).await.expect(200);
    // Two pages of one browser at once.
    let (one, other) = tokio::join!(
        attempt(&second, "the-next-attempt-of-these-tests"),
        attempt(&second, "the-next-attempt-of-these-tests")
    );
    let third = cookie_of(&one.expect(200));
    assert_eq!(cookie_of(&other.expect(200)), third);
    assert_eq!(attempt(&second, "somebody-elses-attempt").await.problem(401), "staff.session_ended");
    assert_eq!(refresh(&app, &third).await.problem(401), "staff.session_ended");

    let first = cookie_of(&sign_in(&app, "T0001", PASSWORD).await.expect(200));
    attempt(&first, "an-attempt-of-these-tests").await.expect(200);
    app.clock.advance(TimeDelta::seconds(61));
    assert_eq!(attempt(&first, "an-attempt-of-these-tests").await.problem(401), "staff.session_ended");
    let unnamed = cookie_of(&sign_in(&app, "T0001", PASSWORD).await.expect(200));
    attempt(&unnamed, "too short").await.expect(200);
    assert_eq!(attempt(&unnamed, "too short").await.problem(401), "staff.session_ended");
    app.finish().await;
}

#[tokio::test]
async fn an_access_token_runs_out_and_signing_out_ends_the_session() {
    let app = App::start().await;
    let signed_in = sign_in(&app, "T0001", PASSWORD).await.expect(200);
    let token = signed_in.text_at("/access_token");
    app.clock.advance(TimeDelta::minutes(11));
    assert_eq!(
        app.call(Method::GET, "/me", Some(&token), &[], None).await.problem(401),
        "staff.sign_in_required"
    );
    let again = refresh(&app, &cookie_of(&signed_in)).await.expect(200);
    let cookie = cookie_of(&again);
    app.call(Method::POST, "/auth/logout", None, &[("cookie", &cookie)], None).await.expect(204);
    assert_eq!(refresh(&app, &cookie).await.problem(401), "staff.session_ended");
    let token = again.text_at("/access_token");
    assert_eq!(
        app.call(Method::GET, "/me", Some(&token), &[], None).await.problem(401),
        "staff.sign_in_required"
    );
    app.finish().await;
}

#[tokio::test]
async fn changing_ones_password_needs_the_old_one_and_ends_other_sessions() {
    let app = App::start().await;
    let elsewhere = cookie_of(&sign_in(&app, "T0001", PASSWORD).await.expect(200));
    let token = sign_in(&app, "T0001", PASSWORD).await.expect(200).text_at("/access_token");
    let change = async |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        app.call(Method::POST, "/auth/password", Some(&token), &[], Some(body)).await
    };
    assert_eq!(
        change("wrong password", "A better one 7").await.field_errors(),
        ["/current_password staff.password_wrong"]
    );
    assert_eq!(change(PASSWORD, "short").await.field_errors(), ["/new_password staff.password_weak"]);
    assert_eq!(change(PASSWORD, PASSWORD).await.problem(422), "staff.password_weak");
    change(PASSWORD, "A better one 7").await.expect(204);
    assert_eq!(refresh(&app, &elsewhere).await.problem(401), "staff.session_ended");
    sign_in(&app, "T0001", "A better one 7").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn a_password_can_t_be_guessed_by_changing_it() {
    let app = App::start().await;
    let token = sign_in(&app, "T0001", PASSWORD).await.expect(200).text_at("/access_token");
    let change = async |current: &str| {
        let body = json!({ "current_password": current, "new_password": "A better one 7" });
        app.call(Method::POST, "/auth/password", Some(&token), &[], Some(body)).await
    };
    for guess in ["one", "two", "three", "four", "five"] {
        assert_eq!(change(guess).await.field_errors(), ["/current_password staff.password_wrong"]);
    }
    // The right one, too: whoever guesses is not to learn which it was.
    assert_eq!(change(PASSWORD).await.problem(429), "staff.locked_out");
    assert_eq!(sign_in(&app, "T0001", PASSWORD).await.problem(429), "staff.locked_out");
    let noted = "SELECT count(*) AS n FROM audit_entries WHERE action = 'sessions.change_password' AND outcome = 'refused'";
    assert_eq!(app.count(noted).await, 6);
    app.finish().await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_although_its_token_lives() {
    let app = App::start().await;
    let token = app.token_of(Someone::TELLER);
    app.call(Method::GET, "/branches", Some(&token), &[], None).await.expect(200);
    let path = format!("/staff/{}", Someone::TELLER.id());
    let read = app.get(Someone::ADMIN, &path).await.expect(200);
    app.patch(Someone::ADMIN, &path, &read, json!({ "is_active": false })).await.expect(200);
    assert_eq!(
        app.call(Method::GET, "/branches", Some(&token), &[], None).await.problem(401),
        "staff.sign_in_required"
    );
    app.finish().await;
}

//! Retention: what is due goes and nothing else does, a legal hold wins, a count changes nothing, and a walk that failed is gone
//! on with.

use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use platform::jobs::enqueue_now;
use reqwest::Method;
use serde_json::{Value, json};
use trust::retention::{CountNightly, RULES};
use uuid::Uuid;

async fn ask(app: &App, token: &str, is_dry_run: bool) -> Reply {
    let wish = json!({ "is_dry_run": is_dry_run });
    app.call(Method::POST, "/retention/runs", Some(token), &[], Some(wish)).await
}

/// Begins a run, works through it, and answers its report.
async fn walk(app: &App, token: &str, is_dry_run: bool) -> Reply {
    let begun = ask(app, token, is_dry_run).await.expect(202);
    app.run_jobs().await;
    report(app, &begun).await
}

async fn report(app: &App, begun: &Reply) -> Reply {
    app.get(Someone::AUDITOR, &format!("/retention/runs/{}", begun.text_at("/run_id"))).await.expect(200)
}

/// `due held deleted` of one table in a report.
fn of(report: &Reply, table: &str) -> String {
    let results = report.list_at("/results");
    let line = results.iter().find(|line| line["table_name"] == table).expect("a table of the report");
    format!("{} {} {}", line["due_count"], line["held_count"], line["deleted_count"])
}

/// How rows of a table are planted: its age's column, its period as PostgreSQL says it, and a statement that makes one row for each
/// moment `p.at`, told apart by `p.n`.
#[rustfmt::skip]
const PLANTED: &[(&str, &str, &str, &str)] = &[
    ("jobs", "finished_at", "90 days",
     "(job_id, kind, payload, status, priority, run_at, attempts, attempts_max, progress_done, is_cancel_requested, created_at, finished_at)
      SELECT gen_random_uuid(), 'files.expire', '{}', 'succeeded', 100, p.at, 1, 5, 0, false, p.at, p.at"),
    ("idempotency_keys", "created_at", "7 days",
     "(client_id, route, key, body_hash, created_at) SELECT gen_random_uuid(), '/cards', p.n::text, '\\x00', p.at"),
    ("reveal_quotas", "used_on", "90 days", "(staff_id, used_on, used_count) SELECT gen_random_uuid(), p.day, 1"),
    ("export_quotas", "used_on", "90 days", "(staff_id, used_on, used_count) SELECT gen_random_uuid(), p.day, 1"),
    ("work_items", "done_at", "2 years",
     "(kind, item_id, branch_id, permission, priority, params, created_at, due_at, done_at)
      SELECT 'approval', gen_random_uuid(), gen_random_uuid(), 'x', 1, '{}', p.at, p.at, p.at"),
    ("staff_sessions", "expires_at", "1 year",
     "(session_id, staff_id, refresh_hash, created_at, last_used_at, expires_at, ip, user_agent)
      SELECT gen_random_uuid(), gen_random_uuid(), sha256(p.n::text::bytea), p.at, p.at, p.at, '', ''"),
    ("staff_recovery_codes", "used_at", "90 days",
     "(staff_id, code_hash, used_at, created_at) SELECT gen_random_uuid(), sha256(p.n::text::bytea), p.at, p.at"),
    ("unknown_sign_ins", "last_failed_at", "30 days",
     "(name_digest, failed_sign_ins, last_failed_at) SELECT sha256(p.n::text::bytea), 1, p.at"),
    ("audit_lookups", "looked_on", "1 year", "(staff_id, looked_on, cardholders, busiest_hour) SELECT gen_random_uuid(), p.day, 1, 1"),
    ("audit_anomalies", "reviewed_at", "5 years",
     "(anomaly_id, kind, staff_id, branch_id, happened_on, first_at, last_at, params, found_at, verdict, reviewed_by, reviewed_at)
      SELECT gen_random_uuid(), 'night', gen_random_uuid(), gen_random_uuid(), p.day, p.at, p.at, '{}', p.at, 'harmless', gen_random_uuid(), p.at"),
    ("break_glass_grants", "reviewed_at", "5 years",
     "(grant_id, staff_id, staff_branch_id, cardholder_id, branch_id, reason, note, granted_at, ends_at, verdict, reviewed_by, reviewed_at)
      SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'walk_in', '', p.at, p.at,
             'justified', gen_random_uuid(), p.at"),
    ("imports", "created_at", "3 years",
     "(import_id, kind, file_id, file_name, byte_count, format, column_names, created_by, created_at)
      SELECT gen_random_uuid(), 'cardholders', gen_random_uuid(), 'a.csv', 1, '{}', '[]', gen_random_uuid(), p.at"),
    ("exports", "created_at", "3 years",
     "(export_id, staff_id, staff_no, branch_id, list, query, format, purpose, status, rows_expected, download_count, version, created_at)
      SELECT gen_random_uuid(), gen_random_uuid(), 'T0001', gen_random_uuid(), 'statistics', '{}', 'csv', 'audit', 'failed', 0, 0, 1, p.at"),
    ("subject_requests", "closed_at", "3 years",
     "(request_id, cardholder_id, branch_id, kind, status, received_via, received_on, due_on, created_by, created_at, closed_by, closed_at, version)
      SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'access', 'done', 'counter', p.day, p.day, gen_random_uuid(), p.at,
             gen_random_uuid(), p.at, 1"),
    ("legal_holds", "lifted_at", "5 years",
     "(hold_id, cardholder_id, reason, placed_by, placed_at, lifted_by, lifted_at)
      SELECT gen_random_uuid(), gen_random_uuid(), 'dispute', gen_random_uuid(), p.at, gen_random_uuid(), p.at"),
    ("approvals", "ended_at", "10 years",
     "(approval_id, operation, status, object_kind, object_id, branch_id, authority_branch_id, maker_id, checker_permission, approvals_needed,
       diff, impact, base_version, payload_bytes, payload_digest, created_at, expires_at, ended_at)
      SELECT gen_random_uuid(), 'staff.change_role', 'executed', 'staff', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
             gen_random_uuid(), 'staff:approve', 1, '[]', '{}', 1, '', '', p.at - interval '1 day', p.at, p.at"),
    ("import_mappings", "updated_at", "2 years",
     "(kind, header_digest, mapping, updated_by, updated_at) SELECT 'cardholders', sha256(p.n::text::bytea), '{}', gen_random_uuid(), p.at"),
    ("saved_views", "updated_at", "1 year",
     "(staff_id, view_id, page, name, query, version, created_at, updated_at)
      SELECT (SELECT staff_id FROM staff WHERE NOT is_active), gen_random_uuid(), 'cardholders', p.n::text, '{}', 1, p.at, p.at"),
];

/// The bank's midnight that lies the period back: what is older is due.
fn midnight(period: &str) -> String {
    format!("((timestamp '2026-11-02 00:00' - interval '{period}') AT TIME ZONE 'Asia/Shanghai')")
}

/// Three rows whose time is over, the last by a second, and two that are kept, the first of them just so.
async fn plant(app: &App) {
    app.execute("UPDATE staff SET is_active = false WHERE staff_no = 'M0001'").await;
    for (table, _, period, insert) in PLANTED {
        let midnight = midnight(period);
        let sql = format!(
            "INSERT INTO {table} {insert} FROM (SELECT at, (at AT TIME ZONE 'Asia/Shanghai')::date AS day, n FROM unnest(ARRAY[
                {midnight} - interval '2000 days', {midnight} - interval '1 day', {midnight} - interval '1 second',
                {midnight}, {midnight} + interval '1 day']) WITH ORDINALITY AS moments(at, n)) AS p"
        );
        app.execute(&sql).await;
    }
}

/// Rows of a table from before this test began, and those among them whose time is over by the plainest of questions.
async fn counted(app: &App, (table, column, period): (&str, &str, &str)) -> (i64, i64) {
    let old = format!("SELECT count(*) AS n FROM {table} WHERE {column} < '2026-11-01'");
    let limit = if column.ends_with("_on") {
        format!("date '2026-11-02' - interval '{period}'")
    } else {
        midnight(period)
    };
    let due = format!("SELECT count(*) AS n FROM {table} WHERE {column} < {limit}");
    (app.count(&old).await, app.count(&due).await)
}

#[tokio::test]
async fn each_rule_deletes_what_is_due_and_nothing_else() {
    let app = App::start().await;
    plant(&app).await;
    let deleting =
        RULES.iter().filter(|rule| rule.deletion(chrono::NaiveDate::MAX).is_some()).map(|rule| rule.table);
    assert_eq!(PLANTED.iter().map(|(table, ..)| *table).collect::<Vec<_>>(), deleting.collect::<Vec<_>>());
    let admin = app.stepped_up(Someone::ADMIN).await;
    let mut before = Vec::new();
    for (table, column, period, _) in PLANTED {
        before.push(counted(&app, (table, column, period)).await);
    }
    let dry = walk(&app, &admin, true).await;
    for ((table, column, period, _), (old, due)) in PLANTED.iter().zip(&before) {
        assert_eq!(*due, 3, "{table}");
        assert_eq!(of(&dry, table), "3 0 0", "{table}");
        assert_eq!(
            counted(&app, (table, column, period)).await,
            (*old, *due),
            "a count changes nothing in {table}"
        );
    }
    assert_eq!(dry.at("/results/1/table_name"), "audit_anomalies");
    assert_eq!(dry.at("/results/1/oldest_on"), "2016-05-12");
    assert_eq!(dry.at("/run/due_count"), json!(3 * PLANTED.len()));

    let real = walk(&app, &admin, false).await;
    for ((table, column, period, _), (old, due)) in PLANTED.iter().zip(&before) {
        assert_eq!(of(&real, table), "3 0 3", "{table}");
        assert_eq!(counted(&app, (table, column, period)).await, (old - due, 0), "{table}");
    }
    assert_eq!((real.at("/run/status"), real.at("/run/staff_no")), (json!("succeeded"), json!("A0001")));
    let trail = "SELECT count(*) AS n FROM audit_entries WHERE action = 'retention.apply' AND changes->'deleted' = '[0, 3]'";
    assert_eq!(app.count(trail).await, i64::try_from(PLANTED.len()).expect("a few"));
    let again = walk(&app, &admin, false).await;
    assert_eq!(again.at("/run/deleted_count"), 0);
    app.finish().await;
}

#[tokio::test]
async fn what_a_row_still_needs_keeps_it() {
    let app = App::start().await;
    plant(&app).await;
    // An import keeps the job that says how it ended; a view stays with whoever works here.
    app.execute(
        "INSERT INTO imports (import_id, kind, file_id, file_name, byte_count, format, column_names, mapping, job_id, created_by,
                created_at, started_at)
         SELECT gen_random_uuid(), 'cardholders', gen_random_uuid(), 'a.csv', 1, '{}', '[]', '{}', job_id, gen_random_uuid(),
                '2026-10-01', '2026-10-01' FROM jobs ORDER BY finished_at LIMIT 1;
         UPDATE staff SET is_active = true WHERE staff_no = 'M0001'",
    )
    .await;
    let admin = app.stepped_up(Someone::ADMIN).await;
    walk(&app, &admin, true).await;
    let real = walk(&app, &admin, false).await;
    assert_eq!((of(&real, "jobs"), of(&real, "saved_views")), ("2 0 2".into(), "0 0 0".into()));
    app.finish().await;
}

async fn somebody(app: &App) -> Uuid {
    let body = json!({ "branch_id": Place::Qianjiang.id() });
    let created = app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    created.text_at("/cardholder/cardholder_id").parse().expect("an id")
}

/// One row of each table that belongs to cardholders, ten years old.
async fn plant_of(app: &App, cardholder_id: Uuid) {
    let at = "'2016-01-01'::timestamptz";
    app.execute(&format!(
        "INSERT INTO work_items (kind, item_id, cardholder_id, branch_id, permission, priority, params, created_at, due_at, done_at)
         VALUES ('approval', gen_random_uuid(), '{cardholder_id}', gen_random_uuid(), 'x', 1, '{{}}', {at}, {at}, {at});
         INSERT INTO subject_requests (request_id, cardholder_id, branch_id, kind, status, received_via, received_on, due_on, created_by,
                created_at, closed_by, closed_at, version)
         VALUES (gen_random_uuid(), '{cardholder_id}', gen_random_uuid(), 'access', 'done', 'counter', '2016-01-01', '2016-01-01',
                gen_random_uuid(), {at}, gen_random_uuid(), {at}, 1);
         INSERT INTO approvals (approval_id, operation, status, object_kind, object_id, cardholder_id, branch_id, authority_branch_id, maker_id,
                checker_permission, approvals_needed, diff, impact, base_version, payload_bytes, payload_digest, created_at, expires_at, ended_at)
         VALUES (gen_random_uuid(), 'cardholders.change_name', 'executed', 'cardholder', '{cardholder_id}', '{cardholder_id}',
                gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'cardholders:approve', 1, '[]', '{{}}', 1, '', '',
                {at} - interval '1 day', {at}, {at});
         INSERT INTO approval_decisions (approval_id, checker_id, maker_id, decision, decided_at)
         SELECT approval_id, gen_random_uuid(), maker_id, 'approve', {at} FROM approvals WHERE cardholder_id = '{cardholder_id}';
         INSERT INTO legal_holds (hold_id, cardholder_id, reason, placed_by, placed_at, lifted_by, lifted_at)
         VALUES (gen_random_uuid(), '{cardholder_id}', 'dispute', gen_random_uuid(), {at}, gen_random_uuid(), {at})"
    ))
    .await;
}

#[tokio::test]
async fn a_legal_hold_wins_whichever_record_of_one_person_it_was_placed_on() {
    const TABLES: [&str; 4] = ["work_items", "subject_requests", "approvals", "legal_holds"];
    const DECISIONS: &str = "SELECT count(*) AS n FROM approval_decisions";
    let app = App::start().await;
    let mut people = Vec::new();
    for _ in 0..4 {
        let one = somebody(&app).await;
        plant_of(&app, one).await;
        people.push(one);
    }
    let [survivor, held, sibling, stranger] = people[..] else { panic!("four people") };
    let hold = json!({ "reason": "litigation" });
    let placed =
        app.post(Someone::RISK_MANAGER, &format!("/cardholders/{held}/legal_holds"), hold).await.expect(201);
    app.execute(&format!(
        "INSERT INTO cardholder_links (link_id, merge_id, survivor_id, absorbed_id, merged_at, from_at)
         SELECT gen_random_uuid(), gen_random_uuid(), '{survivor}', absorbed_id, '2026-01-01', '2026-01-01'
         FROM unnest(ARRAY['{held}', '{sibling}']::uuid[]) AS absorbed_id"
    ))
    .await;
    let admin = app.stepped_up(Someone::ADMIN).await;
    let dry = walk(&app, &admin, true).await;
    let real = walk(&app, &admin, false).await;
    for table in TABLES {
        assert_eq!((of(&dry, table), of(&real, table)), ("4 3 0".into(), "4 3 1".into()), "{table}");
        let left = format!("SELECT count(*) AS n FROM {table} WHERE cardholder_id = '{stranger}'");
        assert_eq!(app.count(&left).await, 0, "{table}");
    }
    assert_eq!(app.count(DECISIONS).await, 3, "they go with their request and stay with it");
    // Once it is lifted, and while the records are one, nothing keeps them.
    app.execute(&format!(
        "UPDATE legal_holds SET lifted_at = '2026-11-02', lifted_by = placed_by WHERE hold_id = '{}'",
        placed.text_at("/hold_id")
    ))
    .await;
    let after = walk(&app, &admin, false).await;
    for table in TABLES {
        assert_eq!(of(&after, table), "3 0 3", "{table}");
    }
    assert_eq!(app.count(DECISIONS).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_a_failed_batch_left_is_deleted_by_the_next_attempt() {
    let app = App::start().await;
    app.execute(
        "INSERT INTO reveal_quotas SELECT gen_random_uuid(), '2026-01-01', 1 FROM generate_series(1, 1200);
         UPDATE reveal_quotas SET used_count = 999 WHERE staff_id = (SELECT staff_id FROM reveal_quotas ORDER BY 1 OFFSET 700 LIMIT 1);
         CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF OLD.used_count = 999 THEN RAISE EXCEPTION 'canceling statement due to statement timeout'; END IF; RETURN OLD; END $$;
         CREATE TRIGGER stumbles BEFORE DELETE ON reveal_quotas FOR EACH ROW EXECUTE FUNCTION stumble()",
    )
    .await;
    let admin = app.stepped_up(Someone::ADMIN).await;
    walk(&app, &admin, true).await;
    let begun = ask(&app, &admin, false).await.expect(202);
    app.run_jobs().await;
    let halfway = report(&app, &begun).await;
    assert_eq!(
        (of(&halfway, "reveal_quotas"), halfway.text_at("/run/status")),
        ("1200 0 500".into(), "queued".into())
    );
    assert_eq!(app.count("SELECT count(*) AS n FROM reveal_quotas").await, 700, "whole batches alone");

    app.execute("DROP TRIGGER stumbles ON reveal_quotas; DROP FUNCTION stumble").await;
    app.clock.advance(TimeDelta::seconds(10));
    app.run_jobs().await;
    let done = report(&app, &begun).await;
    assert_eq!(
        (of(&done, "reveal_quotas"), done.text_at("/run/status")),
        ("1200 0 1200".into(), "succeeded".into())
    );
    let trail = "SELECT changes->>'deleted' AS line FROM audit_entries WHERE action = 'retention.apply' ORDER BY audit_id";
    assert_eq!(app.lines(trail).await, ["[0, 500]", "[500, 1000]", "[1000, 1200]"]);
    app.finish().await;
}

#[tokio::test]
async fn a_walk_that_deletes_follows_a_count_of_the_day_by_somebody_who_proved_to_be_themselves() {
    let app = App::start().await;
    let auditor = app.stepped_up(Someone::AUDITOR).await;
    assert_eq!(ask(&app, &auditor, true).await.problem(403), "staff.forbidden");
    let (unproved, admin) = (app.token_of(Someone::ADMIN), app.stepped_up(Someone::ADMIN).await);
    assert_eq!(ask(&app, &unproved, false).await.problem(403), "staff.step_up_required");
    assert_eq!(ask(&app, &admin, false).await.problem(409), "retention.no_dry_run");

    // The night counts by itself, once a day; nobody has looked at that yet.
    for _ in 0..2 {
        let conn = app.db.read().await.expect("a connection");
        enqueue_now(&conn, &CountNightly {}, &app.clock).await.expect("enqueued");
        drop(conn);
        app.run_jobs().await;
    }
    let runs = app.get(Someone::AUDITOR, "/retention/runs").await.expect(200);
    assert_eq!((runs.list_at("/items").len(), runs.at("/items/0/staff_no")), (1, Value::Null));
    assert_eq!(ask(&app, &admin, false).await.problem(409), "retention.no_dry_run");

    ask(&app, &unproved, true).await.expect(202);
    assert_eq!(ask(&app, &unproved, true).await.problem(409), "retention.running");
    assert_eq!(ask(&app, &admin, false).await.problem(409), "retention.no_dry_run", "it is not done yet");
    app.run_jobs().await;
    ask(&app, &admin, false).await.expect(202);
    app.run_jobs().await;
    let page = app.get(Someone::ADMIN, "/retention/runs?limit=2").await.expect(200);
    let kinds: Vec<Value> = page.list_at("/items").iter().map(|run| run["is_dry_run"].clone()).collect();
    assert_eq!(kinds, [false, true]);
    let rest =
        app.get(Someone::ADMIN, &format!("/retention/runs?limit=2&after={}", page.text_at("/next"))).await;
    assert_eq!(rest.expect(200).list_at("/items").len(), 1);

    app.clock.advance(TimeDelta::days(1));
    let admin = app.stepped_up(Someone::ADMIN).await;
    assert_eq!(ask(&app, &admin, false).await.problem(409), "retention.no_dry_run", "that was yesterday");
    let nobody = format!("/retention/runs/{}", Uuid::nil());
    assert_eq!(app.get(Someone::ADMIN, &nobody).await.problem(404), "retention.missing");
    app.finish().await;
}

#[tokio::test]
async fn the_rules_are_there_to_be_read() {
    let app = App::start().await;
    let rules = app.get(Someone::AUDITOR, "/retention/rules").await.expect(200);
    let of = |table: &str| {
        let all = rules.list_at("/rules");
        all.into_iter().find(|rule| rule["table_name"] == table).expect("a rule")
    };
    assert_eq!(
        of("exports"),
        json!({ "table_name": "exports", "counted_from": "created_at", "period": 3, "unit": "year", "ground": "privacy_law",
                "end": "delete", "owner": null, "is_held_back": true })
    );
    let trail = of("audit_entries");
    assert_eq!((&trail["period"], &trail["owner"]), (&json!(7), &json!("audit.retire")));
    assert_eq!((&of("approvals")["end"], &of("approvals")["is_held_back"]), (&json!("delete"), &json!(true)));
    assert_eq!(&of("approval_decisions")["owner"], &json!("retention.apply"));
    assert_eq!((&of("transactions")["period"], &of("transactions")["end"]), (&json!(10), &json!("keep")));
    assert!(rules.list_at("/kept").contains(&json!({ "table_name": "erased_marks", "reason": "tombstone" })));
    assert_eq!(app.get(Someone::TELLER, "/retention/rules").await.problem(403), "staff.forbidden");
    app.finish().await;
}

//! The chain of seals finds whatever a superuser does to the trail, and nothing where nobody did anything.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use it::{App, Place, Someone};
use serde_json::{Value, json};
use trust::audit::{Notary, SealError};
use uuid::Uuid;

/// So many rows of the trail, a minute apart, each in a transaction of its own.
async fn deeds(app: &App, count: usize) {
    for _ in 0..count {
        app.clock.advance(TimeDelta::minutes(1));
        let view = json!({ "page": "cardholders", "name": app.clock.new_id::<uuid::Uuid>(), "query": {} });
        app.post(Someone::TELLER, "/saved_views", view).await.expect(201);
    }
}

/// Seals all there is. Another story's transaction on the same server may be the oldest for a moment.
async fn seal(app: &App) -> usize {
    sealed_by(app, &app.parts.notary()).await
}

async fn sealed_by(app: &App, notary: &Notary) -> usize {
    let is_decided = "SELECT count(*) AS n FROM audit_entries
        WHERE written_in >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while app.count(is_decided).await > 0 {
        assert!(tokio::time::Instant::now() < deadline, "somebody never ends");
    }
    notary.seal_all().await.expect("seals")
}

/// Batches that are not whole: number, kinds of faults.
async fn faults(app: &App) -> Vec<(i64, Vec<Value>)> {
    let page = app.get(Someone::AUDITOR, "/audit/verify?limit=200").await.expect(200);
    assert_eq!(page.at("/next"), Value::Null);
    let faulty = page.list_at("/items").into_iter().filter(|batch| batch["is_whole"] == false);
    faulty
        .map(|batch| {
            (
                batch["batch_no"].as_i64().expect("a number"),
                batch["faults"].as_array().expect("faults").clone(),
            )
        })
        .collect()
}

fn kinds(found: &[(i64, Vec<Value>)]) -> Vec<(i64, &str)> {
    found
        .iter()
        .flat_map(|(batch, faults)| {
            faults.iter().map(|fault| (*batch, fault["kind"].as_str().unwrap_or("?")))
        })
        .collect()
}

/// The id of the nth row of the stories' deeds, oldest first.
fn nth(n: usize) -> String {
    format!(
        "(SELECT audit_id FROM audit_entries WHERE action = 'views.save' ORDER BY occurred_at, audit_id OFFSET {n} LIMIT 1)"
    )
}

/// As the server's administrator, past every grant.
async fn tamper(app: &App, sql: &str) {
    (&app.administrator().await)
        .batch_execute(sql)
        .await
        .map_err(|error| format!("{sql}: {error}"))
        .expect("done");
}

#[tokio::test]
async fn an_untouched_trail_is_whole_and_each_tampering_is_named() {
    let app = App::start().await;
    for _ in 0..3 {
        deeds(&app, 3).await;
        assert_eq!(seal(&app).await, 1);
    }
    assert_eq!(seal(&app).await, 0, "nothing new, no link");
    assert_eq!(faults(&app).await, []);
    seal(&app).await;
    let same = |sql: String| format!("BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT");
    // Each deed is undone before the next, so that each is found alone.
    for (deed, undo, found) in [
        (
            format!("UPDATE audit_entries SET staff_no = 'T0002' WHERE audit_id = {}", nth(4)),
            format!("UPDATE audit_entries SET staff_no = 'T0001' WHERE audit_id = {}", nth(4)),
            vec![(2, "edited")],
        ),
        (
            format!("CREATE TABLE kept AS SELECT * FROM audit_entries WHERE audit_id = {n}; DELETE FROM audit_entries WHERE audit_id = {n}", n = nth(1)),
            "INSERT INTO audit_entries SELECT * FROM kept; DROP TABLE kept".to_owned(),
            vec![(1, "deleted")],
        ),
        (
            format!(
                "CREATE TABLE two AS SELECT audit_id, occurred_at FROM audit_entries WHERE audit_id IN ({}, {});
                 UPDATE audit_entries a SET occurred_at = o.occurred_at FROM two m, two o WHERE a.audit_id = m.audit_id AND o.audit_id <> m.audit_id",
                nth(3), nth(5)
            ),
            "UPDATE audit_entries a SET occurred_at = m.occurred_at FROM two m WHERE a.audit_id = m.audit_id; DROP TABLE two".to_owned(),
            vec![(2, "reordered")],
        ),
        (
            format!("INSERT INTO audit_entries SELECT (jsonb_populate_record(a, jsonb_build_object('audit_id', gen_random_uuid(), 'trace_id', 'forged'))).* FROM audit_entries a WHERE audit_id = {}", nth(7)),
            "DELETE FROM audit_entries WHERE trace_id = 'forged'".to_owned(),
            vec![(3, "inserted")],
        ),
        (
            "UPDATE audit_seals SET row_count = row_count + 1 WHERE batch_no = 2".to_owned(),
            "UPDATE audit_seals SET row_count = row_count - 1 WHERE batch_no = 2".to_owned(),
            vec![(2, "seal_broken")],
        ),
        (
            "CREATE TABLE link AS SELECT * FROM audit_seals WHERE batch_no = 2; DELETE FROM audit_seals WHERE batch_no = 2".to_owned(),
            "INSERT INTO audit_seals SELECT * FROM link; DROP TABLE link".to_owned(),
            vec![(3, "seal_broken")],
        ),
        (
            "CREATE TABLE link AS SELECT * FROM audit_seals WHERE batch_no >= 3; DELETE FROM audit_seals WHERE batch_no >= 3".to_owned(),
            "INSERT INTO audit_seals SELECT * FROM link; DROP TABLE link".to_owned(),
            // The head that was anchored outside lies beyond the end.
            vec![(HEAD_OF_STORY, "truncated")],
        ),
    ] {
        tamper(&app, &same(deed.clone())).await;
        let seen = faults(&app).await;
        let seen: Vec<(i64, &str)> = kinds(&seen).into_iter().filter(|(batch, _)| *batch <= HEAD_OF_STORY).collect();
        assert_eq!(seen, found, "{deed}");
        tamper(&app, &same(undo)).await;
        assert_eq!(faults(&app).await, [], "after {deed}");
    }
    app.finish().await;
}

/// The story above seals three batches of deeds and one of its own look.
const HEAD_OF_STORY: i64 = 4;

#[tokio::test]
async fn a_row_slipped_into_the_past_is_found_though_it_is_sealed_now() {
    let app = App::start().await;
    deeds(&app, 2).await;
    seal(&app).await;
    app.clock.advance(TimeDelta::hours(2));
    deeds(&app, 1).await;
    seal(&app).await;
    tamper(
        &app,
        &format!(
            "INSERT INTO audit_entries SELECT (jsonb_populate_record(a, jsonb_build_object('audit_id', gen_random_uuid(),
                'written_in', pg_current_xact_id()::text::bigint))).* FROM audit_entries a WHERE audit_id = {}",
            nth(0)
        ),
    )
    .await;
    deeds(&app, 1).await;
    seal(&app).await;
    let found = faults(&app).await;
    assert_eq!(kinds(&found), [(3, "inserted")]);
    assert_eq!(found[0].1[0]["row_count"], 1);
    app.finish().await;
}

#[tokio::test]
async fn a_late_commit_is_sealed_with_the_next_batch_and_nobody_waits() {
    let app = App::start().await;
    let row = |name: &str| {
        format!(
            "INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, trace_id, written_in)
             VALUES ('2026-11-02T01:00:00Z', gen_random_uuid(), 'story.{name}', 'done', 'system', 'story', pg_current_xact_id()::text::bigint)"
        )
    };
    let early = app.owner().await;
    (&early).batch_execute(&format!("BEGIN; {}", row("early"))).await.unwrap();
    let late = app.owner().await;
    (&late).batch_execute(&row("late")).await.unwrap();
    // The younger transaction is over, but the older is not: neither is sealed, and sealing does not wait for it.
    assert_eq!(app.parts.notary().seal_all().await.expect("seals"), 0);
    (&early).batch_execute("COMMIT").await.unwrap();
    assert_eq!(seal(&app).await, 1);
    let sealed = "SELECT row_count AS n FROM audit_seals";
    assert_eq!(app.count(sealed).await, 2);
    assert_eq!(faults(&app).await, []);
    app.finish().await;
}

#[tokio::test]
async fn a_long_verification_is_a_job_that_names_what_it_found() {
    let app = App::start().await;
    deeds(&app, 2).await;
    seal(&app).await;
    tamper(&app, &format!("UPDATE audit_entries SET outcome = 'refused' WHERE audit_id = {}", nth(0))).await;
    let started = app.post(Someone::AUDITOR, "/audit/verifications", json!({})).await.expect(202);
    app.run_jobs().await;
    let job = app.get(Someone::AUDITOR, &format!("/jobs/{}", started.text_at("/job_id"))).await.expect(200);
    assert_eq!(job.text_at("/status"), "succeeded");
    assert_eq!((job.at("/result/batches"), job.at("/result/faulty_count")), (json!(1), json!(1)));
    assert_eq!(job.at("/result/faulty/0/faults/0/kind"), "edited");
    assert_eq!(job.list_at("/result/faulty/0/faults/0/audit_ids").len(), 1);
    app.post(Someone::TELLER, "/audit/verifications", json!({})).await.expect(403);
    app.finish().await;
}

#[tokio::test]
async fn anchors_are_private_signed_and_contradict_a_rewritten_chain() {
    use std::os::unix::fs::PermissionsExt;
    let app = App::start().await;
    deeds(&app, 1).await;
    seal(&app).await;
    let folder = app.parts.config.anchor_dir();
    for name in ["chain-head.json", "2026-11-02.json"] {
        let mode = std::fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let anchors = app.get(Someone::AUDITOR, "/audit/anchors").await.expect(200);
    assert_eq!(anchors.column("name"), ["chain-head.json", "2026-11-02.json"]);
    assert_eq!(anchors.at("/items/0/is_signed"), true);
    // An anchor that somebody wrote themselves bears no mark.
    let head = folder.join("chain-head.json");
    let text = std::fs::read_to_string(&head).unwrap();
    std::fs::write(&head, text.replace("\"batch_no\": 1", "\"batch_no\": 2")).unwrap();
    let anchors = app.get(Someone::AUDITOR, "/audit/anchors").await.expect(200);
    assert_eq!(anchors.at("/items/0/is_signed"), false);
    assert_eq!(kinds(&faults(&app).await), [(2, "anchor_mismatch")]);
    app.finish().await;
}

/// What is left after the newest links and their rows were taken away.
async fn cut_off(app: &App, from: i64) {
    let cut = format!(
        "BEGIN; SET LOCAL session_replication_role = replica;
         CREATE TABLE cut_rows AS SELECT * FROM audit_entries
            WHERE written_in >= (SELECT from_written FROM audit_seals WHERE batch_no = {from});
         CREATE TABLE cut_links AS SELECT * FROM audit_seals WHERE batch_no >= {from};
         DELETE FROM audit_entries a USING cut_rows c WHERE a.audit_id = c.audit_id;
         DELETE FROM audit_seals WHERE batch_no >= {from}; COMMIT"
    );
    tamper(app, &cut).await;
}

#[tokio::test]
async fn nothing_is_sealed_behind_a_cut_and_the_head_outside_stays() {
    let app = App::start().await;
    for _ in 0..2 {
        deeds(&app, 2).await;
        seal(&app).await;
    }
    let head = app.parts.config.anchor_dir().join("chain-head.json");
    let anchored = std::fs::read_to_string(&head).unwrap();
    cut_off(&app, 2).await;
    deeds(&app, 1).await;
    let notary = app.parts.notary();
    for _ in 0..2 {
        let refused = notary.seal_all().await.expect_err("refused");
        assert!(matches!(refused, SealError::CutOff { anchored: 2, found: 1, .. }), "{refused}");
    }
    assert!(matches!(notary.check_head().await, Err(SealError::CutOff { .. })));
    assert_eq!(std::fs::read_to_string(&head).unwrap(), anchored);
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_seals").await, 1);
    let told = "SELECT count(*) AS n FROM audit_entries WHERE action = 'audit.seal' AND outcome = 'refused'";
    assert_eq!(app.count(told).await, 1, "once");
    assert_eq!(kinds(&faults(&app).await), [(2, "truncated")]);
    // Nor does it help to take the head away: the day's copies tell, too, as far as they reach.
    std::fs::remove_file(&head).unwrap();
    tamper(&app, "DELETE FROM audit_seals").await;
    assert!(matches!(notary.seal_all().await, Err(SealError::CutOff { anchored: 1, found: 0, .. })));
    std::fs::write(&head, &anchored).unwrap();

    // A server that knows no anchor goes on; those who know one do not follow.
    let elsewhere = std::env::temp_dir().join(format!("cardea-anchors-{}-elsewhere", app.database_name()));
    let mut config = (**app.parts.config).clone();
    config.audit.anchor_dir = elsewhere.clone();
    let stranger = Notary::new(app.db.clone(), app.vault.clone(), &config);
    for _ in 0..2 {
        deeds(&app, 1).await;
        sealed_by(&app, &stranger).await;
    }
    assert!(matches!(notary.seal_all().await, Err(SealError::CutOff { anchored: 2, found: 2, .. })));
    assert!(kinds(&faults(&app).await).contains(&(2, "anchor_mismatch")));

    // Whoever has looked into it puts the anchors away, and the chain begins anew.
    tamper(&app, "DELETE FROM audit_seals").await;
    std::fs::remove_dir_all(&elsewhere).unwrap();
    std::fs::remove_dir_all(app.parts.config.anchor_dir()).unwrap();
    assert_eq!(seal(&app).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_server_that_comes_late_does_not_turn_the_head_back() {
    let app = App::start().await;
    let anchor_dir = app.parts.config.anchor_dir();
    let head = anchor_dir.join("chain-head.json");
    deeds(&app, 1).await;
    seal(&app).await;
    let first = std::fs::read_to_string(&head).unwrap();
    deeds(&app, 1).await;
    seal(&app).await;
    let second = std::fs::read_to_string(&head).unwrap();
    assert_ne!(first, second);
    // One that wrote its head before it was killed is behind, and goes on from where the chain is.
    std::fs::write(&head, &first).unwrap();
    deeds(&app, 1).await;
    assert_eq!(seal(&app).await, 1);
    assert_eq!(faults(&app).await, []);
    // One that somebody wrote themselves stops everything.
    std::fs::write(&head, second.replace("\"batch_no\": 2", "\"batch_no\": 1")).unwrap();
    deeds(&app, 1).await;
    assert!(matches!(app.parts.notary().seal_all().await, Err(SealError::Anchor { .. })));
    app.finish().await;
}

#[tokio::test]
async fn an_old_year_goes_only_when_sealed_and_leaves_its_roots_and_a_tombstone() {
    let app = App::start().await;
    platform::database::ensure_partitions_of(&app.owner_url, &["audit_entries"], 2017..=2018).await.unwrap();
    let held = app.holdings().await.cardholder(Place::Qianjiang, json!({})).await;
    let old = format!(
        "INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, trace_id, written_in, cardholder_id)
         SELECT at, gen_random_uuid(), 'story.old', 'done', 'system', 'story', 0, '{held}'
         FROM unnest(ARRAY['2017-05-01T00:00:00Z', '2018-05-01T00:00:00Z', '2026-05-01T00:00:00Z']::timestamptz[]) AS at"
    );
    app.owner().await.batch_execute(&old).await.unwrap();
    let notary = app.parts.notary();
    assert_eq!(notary.retire(&app.owner_url, 7).await.unwrap(), [0; 0], "not sealed yet");
    seal(&app).await;
    assert_eq!(notary.retire(&app.owner_url, 0).await.unwrap(), [0; 0], "nought keeps all");
    // A hold on a record that was merged into the one of whom a row tells keeps the row, and with it the years after.
    let (other, hold) = hold_upon_somebody_merged(&app, &held).await;
    assert_eq!(notary.retire(&app.owner_url, 7).await.unwrap(), [0; 0], "{other} is held");
    app.execute(&format!(
        "UPDATE legal_holds SET lifted_at = now(), lifted_by = placed_by WHERE hold_id = '{hold}'"
    ))
    .await;
    assert_eq!(notary.retire(&app.owner_url, 7).await.unwrap(), [2017, 2018]);
    assert_eq!(notary.retire(&app.owner_url, 7).await.unwrap(), [0; 0]);
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_entries WHERE action = 'story.old'").await, 1);
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_seals WHERE kind = 'tombstone'").await, 2);
    assert!(app.parts.config.anchor_dir().join("retired-2018.json").is_file());
    seal(&app).await;
    assert_eq!(faults(&app).await, []);
    // What was kept of the same batch is still held to its seal.
    tamper(&app, "DELETE FROM audit_entries WHERE action = 'story.old'").await;
    assert_eq!(kinds(&faults(&app).await), [(1, "deleted")]);
    app.finish().await;
}

/// Another record of the same person, and the hold that was placed on it.
async fn hold_upon_somebody_merged(app: &App, survivor: &Uuid) -> (Uuid, Uuid) {
    let bank = app.holdings().await;
    let other = bank.cardholder(Place::Qianjiang, json!({})).await;
    let (now, hold) = (app.clock.now(), app.clock.new_id::<Uuid>());
    let by = Someone::RISK_MANAGER.id();
    app.execute(&format!(
        "INSERT INTO cardholder_links (link_id, merge_id, survivor_id, absorbed_id, merged_at, from_at)
            VALUES (gen_random_uuid(), gen_random_uuid(), '{survivor}', '{other}', '{now}', '{now}');
         INSERT INTO legal_holds (hold_id, cardholder_id, reason, placed_by, placed_at)
            VALUES ('{hold}', '{other}', 'litigation', '{by}', '{now}')"
    ))
    .await;
    (other, hold)
}

#[tokio::test]
async fn the_application_can_add_a_seal_and_change_none() {
    let app = App::start().await;
    deeds(&app, 1).await;
    seal(&app).await;
    let conn = platform::database::connect_once(&app.app_url).await.unwrap();
    for sql in ["UPDATE audit_seals SET row_count = 0", "DELETE FROM audit_seals", "TRUNCATE audit_seals"] {
        let refused = (&conn).batch_execute(sql).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{refused}");
    }
    app.finish().await;
}

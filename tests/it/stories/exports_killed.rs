//! A server that writes a file is killed in the middle of it; the next one writes it whole, and nothing is left of the first.

use it::{App, Place, Reply, Someone};
use platform::jobs::enqueue_now;
use serde_json::json;
use trust::files::ExpireFiles;

use super::{
    exports::{fetch, path_of, request},
    killed::{Home, Stop},
};

const WHO: Someone = Someone::RISK_MANAGER;
/// Two batches, several chunks.
const PEOPLE: i64 = 4_200;

async fn people(app: &App) {
    let sql = format!(
        "INSERT INTO cardholders (cardholder_id, customer_no, name, branch_id, lifecycle, opened_on, source, version, created_at, updated_at)
         SELECT ('019a0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'C' || lpad(n::text, 12, '0'), '沈嘉怡', '{}', 'active',
                '2020-05-04', 'staff', 1, '2026-11-02', '2026-11-02' FROM generate_series(1, {PEOPLE}) n",
        Place::Qianjiang.id()
    );
    app.execute(&sql).await;
}

async fn ask(app: &App) -> Reply {
    let body = json!({ "list": "cardholders", "query": { "sort": "customer_no" }, "format": "csv", "purpose": "risk_review" });
    let asked = request(app, WHO, body).await.expect(202);
    // Due by every clock.
    app.execute("UPDATE jobs SET run_at = '2000-01-01' WHERE status = 'queued'").await;
    asked
}

async fn stage(app: &App, asked: &Reply) -> String {
    app.get(WHO, &path_of(asked)).await.expect(200).text_at("/stage")
}

/// What stands below the first line, which names the file itself.
async fn rows(app: &App, asked: &Reply) -> String {
    let (bytes, _) = fetch(app, WHO, &path_of(asked)).await;
    let told = app.get(WHO, &path_of(asked)).await.expect(200);
    let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
    assert_eq!(told.text_at("/sha256"), hex::encode(sum));
    assert_eq!((told.at("/row_count"), told.at("/byte_count")), (json!(PEOPLE), json!(bytes.len())));
    let text = String::from_utf8(bytes).expect("UTF-8");
    text.split_once('\n').expect("a watermark").1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_off_is_written_whole_and_once() {
    let (home, app) = Home::open("exports-killed").await;
    people(&app).await;
    let undisturbed = ask(&app).await;
    app.run_jobs().await;
    let expected = rows(&app, &undisturbed).await;
    assert_eq!(expected.lines().count() as i64, PEOPLE + 1);
    // By the clock of the machine its day may be over.
    app.execute("UPDATE files SET expires_at = '2999-01-01'").await;

    let asked = ask(&app).await;
    let stop = Stop::before(&app, ("INSERT", "file_chunks"), "NEW.chunk_no = 1").await;
    home.serve(&app).await.kill_at_stop(&app, stop).await;
    assert_eq!(stage(&app, &asked).await, "running");
    let file = format!("{}/file", path_of(&asked));
    assert_eq!(app.get(WHO, &file).await.problem(409), "exports.not_ready");
    let begun =
        "SELECT count(*) AS n FROM file_chunks c JOIN files f USING (file_id) WHERE f.finished_at IS NULL";
    assert_eq!(app.count(begun).await, 1, "killed after the first chunk");

    let mut second = home.serve(&app).await;
    second.until(&app, "SELECT (count(*) = 2)::int::bigint AS n FROM exports WHERE status = 'ready'").await;
    second.finish(&app).await;
    assert_eq!(rows(&app, &asked).await, expected);
    let told = "SELECT count(*) AS n FROM audit_entries WHERE action = 'exports.finish'";
    assert_eq!(app.count(told).await, 2, "once for each file");
    assert_eq!(app.count("SELECT count(*) AS n FROM files WHERE finished_at IS NOT NULL").await, 2);

    // What the first had begun is swept up a day later, chunks and all.
    app.execute("UPDATE files SET created_at = '2026-10-31' WHERE finished_at IS NULL").await;
    enqueue_now(&app.db.read().await.expect("a connection"), &ExpireFiles {}, &app.clock)
        .await
        .expect("queued");
    app.run_jobs().await;
    let files = app.lines("SELECT chunk_count = (SELECT count(*) FROM file_chunks c WHERE c.file_id = f.file_id) AS is_whole FROM files f").await;
    assert_eq!(files, ["true", "true"]);
    assert_eq!(rows(&app, &asked).await, expected);
    assert_eq!(stage(&app, &asked).await, "ready");
    home.clear();
    app.finish().await;
}

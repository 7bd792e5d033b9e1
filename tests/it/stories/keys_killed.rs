//! A process that wraps data keys anew is killed; nothing is lost or doubled, and the next run completes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use diesel_async::SimpleAsyncConnection;
use it::App;
use platform::vault::{Keyring, WrappedKey};
use uuid::Uuid;

/// Set for the child: it rotates.
const ROTATES: &str = "CARDEA_IT_ROTATES";
/// Cardholders: three batches.
const PEOPLE: u128 = 1_100;
/// How long an event in another process may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Sessions that wait for somebody else's row of the data keys.
const WAITING: &str = "FROM pg_locks w WHERE NOT w.granted AND w.pid IN (
    SELECT pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.relation = 'cardholder_keys'::regclass)";
const POLL: Duration = Duration::from_millis(20);

/// Not a test of its own: what the test below starts this very program for. It is `cardea keys rotate`.
#[tokio::test(flavor = "multi_thread")]
async fn the_process_that_is_killed() {
    let Some(wish) = std::env::var_os(ROTATES) else { return };
    server::commands::run(["cardea".into(), "keys".into(), wish]).await.expect("a rotation");
}

fn start(app: &App, keys: &Path, wish: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["stories::keys_killed::the_process_that_is_killed", "--exact", "--nocapture"])
        .env(ROTATES, wish)
        .env("DATABASE_URL", &app.app_url)
        .env("DATABASE_OWNER_URL", &app.owner_url)
        .env("CARDEA_KEYS__FILE", keys)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("start")
}

async fn until(app: &App, sql: &str) {
    let since = std::time::Instant::now();
    while app.count(sql).await == 0 {
        assert!(since.elapsed() < PATIENCE, "never: {sql}");
        tokio::time::sleep(POLL).await;
    }
}

fn key_file() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cardea-keys-killed-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder.join("keys.json")
}

/// Data keys of people who are nothing else, and a value that each sealed.
async fn fill(app: &App) {
    let mut rows = Vec::new();
    for n in 1..=PEOPLE {
        let id = Uuid::from_u128(n);
        let (_, wrapped) = app.vault.new_data_key(id).expect("a key");
        let bytes: String = wrapped.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        rows.push(format!("('{id}', '\\x{bytes}', '{}', now())", wrapped.master_key_id));
    }
    let sql = "INSERT INTO cardholder_keys (cardholder_id, wrapped_key, master_key_id, created_at) VALUES";
    app.execute(&format!("{sql} {}", rows.join(", "))).await;
}

async fn under(app: &App, key_id: &str) -> i64 {
    app.count(&format!("SELECT count(*) AS n FROM cardholder_keys WHERE master_key_id = '{key_id}'")).await
}

/// Every data key still opens, and there is one of each.
async fn check(app: &App) {
    let rows = app
        .lines("SELECT cardholder_id, master_key_id, encode(wrapped_key, 'hex') FROM cardholder_keys")
        .await;
    assert_eq!(rows.len() as u128, PEOPLE);
    for row in rows {
        let mut words = row.split(' ');
        let id: Uuid = words.next().expect("an id").parse().expect("an id");
        let master_key_id = words.next().expect("a key").to_owned();
        let hex = words.next().expect("bytes");
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
        let bytes = (0..hex.len()).step_by(2).map(byte).collect();
        assert!(app.vault.unwrap(&WrappedKey { master_key_id, bytes }, id).is_ok(), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_rotation_leaves_whole_batches_and_the_next_run_completes() {
    let keys = key_file();
    let start_of_time = "2026-11-02T01:00:00Z".parse().expect("a moment");
    let app = App::start_with(Keyring::open_or_create(&keys, start_of_time).expect("keys")).await;
    fill(&app).await;

    // It comes as far as somebody of the second batch, whom another transaction holds.
    let mut holder = app.owner().await;
    let held = Uuid::from_u128(700);
    let hold = format!("BEGIN; SELECT FROM cardholder_keys WHERE cardholder_id = '{held}' FOR UPDATE");
    holder.batch_execute(&hold).await.expect("hold");
    let mut child = start(&app, &keys, "rotate");
    until(&app, &format!("SELECT count(*) AS n {WAITING}")).await;
    child.kill().expect("kill -9");
    child.wait().expect("an end");
    holder.batch_execute("ROLLBACK").await.expect("let go");
    until(&app, &format!("SELECT (count(*) = 0)::int::bigint AS n {WAITING}")).await;
    let done = under(&app, "m2").await;
    assert!(done == 500 || done == 1_000, "whole batches: {done}");
    assert_eq!(under(&app, "m1").await, PEOPLE as i64 - done);
    check(&app).await;
    assert_eq!(app.count("SELECT count(*) AS n FROM jobs WHERE status = 'running'").await, 1);

    // Once its lock has run out, the job is anybody's.
    app.execute("UPDATE jobs SET locked_until = '2026-11-01', run_at = '2026-11-01'").await;
    app.release_stale_jobs().await;
    assert_eq!(app.run_jobs().await, 1);
    assert_eq!((under(&app, "m1").await, under(&app, "m2").await), (0, PEOPLE as i64));
    check(&app).await;
    let result = app.lines("SELECT status, result::text FROM jobs").await;
    assert_eq!(
        result,
        [r#"succeeded {"files": 0, "rewrapped": 1100, "unreadable": 0, "master_key_id": "m2"}"#]
    );

    // A second run over a finished one finds nothing to do.
    assert!(start(&app, &keys, "rewrap").wait().expect("an end").success());
    assert_eq!(under(&app, "m2").await, PEOPLE as i64);
    check(&app).await;
    fs::remove_dir_all(keys.parent().expect("a folder")).expect("clear up");
    app.finish().await;
}

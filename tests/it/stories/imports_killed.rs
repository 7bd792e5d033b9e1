//! A process that imports is killed; nothing is half-done, and the next run completes.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use diesel_async::SimpleAsyncConnection;
use it::{App, SourceFolder};

/// Set for the child: the folder it imports.
const FOLDER: &str = "CARDEA_IT_IMPORT_FOLDER";
/// How long an event in another process may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// Not a test of its own: what the tests below start this very program for. It is `cardea import berka`.
#[tokio::test(flavor = "multi_thread")]
async fn the_process_that_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let line = ["cardea".into(), "import".into(), "berka".into(), "--folder".into(), folder];
    server::commands::run(line).await.expect("an import");
}

fn start_import(app: &App, folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["stories::imports_killed::the_process_that_is_killed", "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .env("DATABASE_URL", &app.app_url)
        .env("DATABASE_OWNER_URL", &app.owner_url)
        .env("CARDEA_KEYS__FILE", folder.join("keys.json"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("start")
}

/// Waits until `sql` counts something, looking again and again: the event is in another process.
async fn wait_for(app: &App, sql: &str, child: &mut Child) {
    let since = std::time::Instant::now();
    while app.count(sql).await == 0 {
        assert!(since.elapsed() < PATIENCE, "never: {sql}");
        assert!(child.try_wait().expect("a child").is_none(), "it ended before: {sql}");
        tokio::time::sleep(POLL).await;
    }
}

/// Lets an import come to the point where it needs `table`, kills it there, and waits until its session is gone.
async fn kill_at(app: &App, folder: &SourceFolder, table: &str) {
    let mut lock = app.owner().await;
    lock.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN SHARE MODE")).await.expect("lock");
    let mut child = start_import(app, folder.path());
    let waiting = format!(
        "SELECT count(*) AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE d.datname = current_database() AND l.relation = '{table}'::regclass AND NOT l.granted"
    );
    wait_for(app, &waiting, &mut child).await;
    child.kill().expect("kill -9");
    child.wait().expect("an end");
    lock.batch_execute("ROLLBACK").await.expect("unlock");
    let sessions = "SELECT count(*) AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                    WHERE d.datname = current_database() AND l.locktype = 'advisory'";
    let since = std::time::Instant::now();
    while app.count(sessions).await > 0 {
        assert!(since.elapsed() < PATIENCE, "the killed import's session stays");
        tokio::time::sleep(POLL).await;
    }
}

/// Rows in each table that the import fills.
async fn filled(app: &App) -> Vec<i64> {
    let tables = ["districts", "cardholders", "cardholder_keys", "accounts", "account_parties", "cards"];
    let facts = ["loans", "standing_orders", "transactions"];
    let mut counts = Vec::new();
    for table in tables.iter().chain(&facts) {
        counts.push(app.count(&format!("SELECT count(*) AS n FROM {table}")).await);
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_leaves_whole_steps_and_the_next_one_completes() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");

    kill_at(&app, &folder, "loans").await;
    assert_eq!(filled(&app).await, [2, 5, 5, 4, 1, 2, 0, 0, 0], "killed before the loans");

    // The transactions were written when their step came to the balances; none of them may stay.
    kill_at(&app, &folder, "accounts").await;
    assert_eq!(filled(&app).await, [2, 5, 5, 4, 1, 2, 2, 3, 0], "killed within the transactions");

    let ended = start_import(&app, folder.path()).wait().expect("an end");
    assert!(ended.success());
    assert_eq!(filled(&app).await, [2, 5, 5, 4, 1, 2, 2, 3, 14]);
    assert_eq!(app.count("SELECT sum(balance_minor)::bigint AS n FROM accounts").await, 886_810);
    app.finish().await;
}

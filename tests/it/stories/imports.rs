//! The bulk path, on small invented files.

use std::time::Duration;

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use it::{App, SourceFolder, contents};
use platform::{Actor, DbError, jobs::Worker};
use records::sources::{ImportBerka, Sources, berka};
use server::{commands::registry, import::sources_of};
use trust::imports::{ImportError, ImportOptions, ImportReport, Watch};

const POLL: Duration = Duration::from_millis(10);
const DRY_RUN: ImportOptions = ImportOptions { is_dry_run: true, errors_max: 0 };

async fn import(app: &App, folder: &SourceFolder) -> Result<ImportReport, ImportError> {
    import_with(&sources_of(&app.parts), folder, ImportOptions::default()).await
}

async fn import_with(
    sources: &Sources,
    folder: &SourceFolder,
    options: ImportOptions,
) -> Result<ImportReport, ImportError> {
    berka::import(sources, folder.path(), options, Watch::default()).await
}

/// `file:line column code` of each refused row.
fn errors_of(outcome: Result<ImportReport, ImportError>) -> Vec<String> {
    match outcome.expect_err("a refusal") {
        ImportError::Refused(report) => lines_of(&report),
        other => vec![other.to_string()],
    }
}

fn lines_of(report: &ImportReport) -> Vec<String> {
    let line = |error: &trust::imports::RowError| {
        let column = error.column.as_deref().unwrap_or("-");
        format!("{}:{} {column} {}", error.file, error.line, error.code)
    };
    report.errors.iter().map(line).collect()
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    let first = import(&app, &folder).await.expect("import");
    let steps: Vec<String> = first
        .tables
        .iter()
        .map(|t| format!("{} {} {}/{}/{}", t.step, t.table, t.inserted, t.updated, t.unchanged))
        .collect();
    assert_eq!(
        steps,
        [
            "districts districts 2/0/0",
            "districts branches 3/0/0",
            "districts products 4/0/0",
            "clients cardholders 5/0/0",
            "accounts accounts 4/0/0",
            "authorised users account_parties 1/0/0",
            "cards cards 2/0/0",
            "loans loans 2/0/0",
            "standing orders standing_orders 3/0/0",
            "transactions to March 1994 transactions 9/0/0",
            "transactions before loans transactions 5/0/2"
        ]
    );
    assert_eq!((first.rows_read, first.refused, first.updated), (39, 0, 0));
    let before = contents(&app).await;
    let second = import(&app, &folder).await.expect("import again");
    assert_eq!((second.inserted, second.updated, second.rows_read), (0, 0, 39));
    assert_eq!(before, contents(&app).await);
    app.finish().await;
}

#[tokio::test]
async fn a_dry_run_tells_what_would_be_and_changes_nothing() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    let before = contents(&app).await;
    let sources = sources_of(&app.parts);
    let dry = import_with(&sources, &folder, DRY_RUN).await.expect("dry run");
    assert_eq!(before, contents(&app).await);
    let real = import(&app, &folder).await.expect("import");
    assert_eq!(dry.tables, real.tables);
    assert!(dry.is_dry_run && !real.is_dry_run);
    app.finish().await;
}

/// How a folder is spoiled.
type Spoil = fn(&SourceFolder) -> &SourceFolder;

/// Each way to spoil it, and the first refusals.
const BROKEN: [(Spoil, &[&str]); 16] = [
    (|f| f.replace("loan.csv", ";30000;24;", ";30000;24;0;"), &["loan.csv:3 - imports.column_count"]),
    (
        |f| f.replace("trans_1993_1994q1.csv", "201;12;930301", "201;12;930231"),
        &["trans_1993_1994q1.csv:7 date imports.date_impossible"],
    ),
    (
        |f| f.replace("client.csv", "\"400101\"", "\"401301\""),
        &[
            "client.csv:3 birth_number imports.date_impossible",
            "disp.csv:3 client_id imports.unknown_reference",
        ],
    ),
    (
        |f| f.replace("order.csv", "\"0013943797\";327.00", "\"0013943797\";327.005"),
        &["order.csv:3 amount imports.amount_too_fine"],
    ),
    (
        |f| f.replace("trans_before_loan.csv", "PREVOD Z UCTU", "PREVOD ZPET"),
        &["trans_before_loan.csv:4 operation imports.unknown_word"],
    ),
    (
        |f| f.replace("trans_1993_1994q1.csv", "105;11;", "105;99;"),
        &["trans_1993_1994q1.csv:6 account_id imports.unknown_reference"],
    ),
    (
        |f| f.replace("trans_1993_1994q1.csv", "202;12;", "201;12;"),
        &["trans_1993_1994q1.csv:8 trans_id imports.duplicate"],
    ),
    (
        |f| f.replace("card.csv", "31;21;\"gold\"", "31;21;\"gold"),
        &["card.csv:2 type imports.control_character"],
    ),
    (|f| f.replace("district.csv", "A3;A4", "A3;B4"), &["district.csv:1 A4 imports.column_missing"]),
    (|f| f.remove("order.csv"), &["order.csv:0 - imports.file_missing"]),
    (|f| f.write("loan.csv", b""), &["loan.csv:1 - imports.file_empty"]),
    (
        |f| f.append("district.csv", b"3;\"\xff\";\"x\";1;1;1;1;1;1;1;1;1;1;1;1;1\r\n"),
        &["district.csv:4 A2 imports.not_in_encoding"],
    ),
    (
        |f| f.compress("trans_before_loan.csv").cut("trans_before_loan.csv.gz", 9),
        &["trans_before_loan.csv.gz:9 - imports.gzip_truncated"],
    ),
    (|f| f.write("order.csv.gz", b"\x1f\x8bnot deflate at all"), &["order.csv.gz:1 - imports.gzip_broken"]),
    (
        |f| f.replace("disp.csv", "22;2;11;\"DISPONENT\"", "22;2;11;\"OWNER\""),
        &["disp.csv:3 type sources.second_owner", "client.csv:3 client_id sources.client_without_account"],
    ),
    (
        |f| f.append("card.csv", &[b"33;21;\"".as_slice(), &vec![b'x'; 3 << 20]].concat()),
        &["card.csv:4 - imports.record_too_long"],
    ),
];

#[tokio::test]
async fn a_broken_source_is_refused_with_its_line_and_changes_nothing() {
    let app = App::start().await;
    let before = contents(&app).await;
    for (spoil, expected) in BROKEN {
        let folder = SourceFolder::of_fixture("berka");
        spoil(&folder);
        let errors = errors_of(import(&app, &folder).await);
        assert_eq!(errors[..expected.len().min(errors.len())], *expected, "{errors:?}");
        assert_eq!(before, contents(&app).await, "{expected:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn refused_rows_within_the_tolerance_are_left_out_and_named() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    folder.replace("loan.csv", "940501;30000", "940501;thirty thousand");
    let options = |errors_max| ImportOptions { errors_max, ..ImportOptions::default() };
    let sources = sources_of(&app.parts);
    assert_eq!(errors_of(import_with(&sources, &folder, options(0)).await).len(), 1);
    let report = import_with(&sources, &folder, options(1)).await.expect("import");
    assert_eq!(lines_of(&report), ["loan.csv:3 amount imports.not_an_amount"]);
    assert!(!serde_json::to_string(&report).expect("json").contains("thirty"), "a value is never told");
    assert_eq!(app.count("SELECT count(*) AS n FROM loans").await, 1);
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholders").await, 5);
    app.finish().await;
}

#[tokio::test]
async fn the_bank_keeps_its_own_and_the_source_corrects_its_facts() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    import(&app, &folder).await.expect("import");
    app.execute(
        "UPDATE cardholders SET name = '王小明', version = 2 WHERE customer_no = 'B0000001';
         DELETE FROM cardholder_addresses;
         UPDATE accounts SET statement_frequency = 'weekly' WHERE account_no = 'BK11';
         UPDATE transactions SET status = 'reversed' WHERE source_ref = '202'",
    )
    .await;
    folder
        .replace("loan.csv", "\"B\"", "\"A\"")
        .replace("client.csv", "3;\"705928\"", "3;\"705929\"")
        .replace("trans_1993_1994q1.csv", "100.00;700.00", "100.50;699.50");
    let report = import(&app, &folder).await.expect("import");
    assert_eq!((report.inserted, report.updated), (0, 2));
    for fact in [
        "cardholders WHERE name = '王小明' AND version = 2",
        "cardholders WHERE customer_no = 'B0000003' AND birth_on = '1970-09-28'",
        "accounts WHERE account_no = 'BK11' AND statement_frequency = 'weekly'",
        "loans WHERE source_ref = '42' AND status = 'finished_paid'",
        "transactions WHERE source_ref = '202' AND status = 'reversed' AND amount_minor = 10050",
    ] {
        assert_eq!(app.count(&format!("SELECT count(*) AS n FROM {fact}")).await, 1, "{fact}");
    }
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholder_addresses").await, 0, "not brought back");
    app.finish().await;
}

#[tokio::test]
async fn the_exact_transaction_wins_in_either_order() {
    let whole = SourceFolder::of_fixture("berka");
    let mut results = Vec::new();
    for first in ["trans_1993_1994q1.csv", "trans_before_loan.csv"] {
        let app = App::start().await;
        let part = SourceFolder::of_fixture("berka");
        part.remove(first);
        import(&app, &part).await.expect("import");
        import(&app, &whole).await.expect("import the rest");
        let sql = "SELECT source_ref, amount_minor, balance_after_minor, is_rounded FROM transactions
                   UNION ALL SELECT account_no, balance_minor, available_minor, NULL FROM accounts ORDER BY 1";
        results.push(app.lines(sql).await);
        app.finish().await;
    }
    assert_eq!(results[0], results[1]);
    assert!(results[0].contains(&"104 1460 599820 false".to_owned()), "{:?}", results[0]);
}

#[tokio::test]
async fn every_step_that_writes_leaves_its_line_in_the_trail() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    import(&app, &folder).await.expect("import");
    let steps = app
        .lines(
            "SELECT changes ->> 'step' AS step, actor_kind FROM audit_entries WHERE action = 'imports.merge' ORDER BY occurred_at, audit_id",
        )
        .await;
    assert_eq!(steps.len(), 9, "{steps:?}");
    assert_eq!(steps[1], "clients system");
    app.finish().await;
}

#[tokio::test]
async fn the_bulk_path_writes_nothing_without_a_trace() {
    let app = App::start().await;
    let insert = "INSERT INTO districts VALUES ('test', '1', 'a', 'b', '{}')";
    let mut bulk = app.db.bulk().await.expect("a session");
    let outside = bulk.query(insert, &[]).await.expect_err("outside a transaction");
    assert!(matches!(outside, DbError::Other(_)), "{outside:?}");
    let silent = bulk.write(&Actor::system("test"), async |tx| tx.execute(insert, &[]).await).await;
    assert!(matches!(silent, Err(DbError::Unaudited)), "{silent:?}");
    assert_eq!(app.count("SELECT count(*) AS n FROM districts").await, 0);
    let heard = bulk
        .write(&Actor::system("test"), async |tx| {
            tx.execute(insert, &[]).await?;
            trust::audit::record_bulk(tx, trust::audit::Entry::of("imports.merge")).await
        })
        .await;
    assert!(heard.is_ok(), "{heard:?}");
    assert_eq!(app.count("SELECT count(*) AS n FROM districts").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_import_runs_as_a_job() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    let job = ImportBerka { folder: folder.path().to_owned(), options: ImportOptions::default() };
    let conn = app.db.read().await.expect("a connection");
    platform::jobs::enqueue_now(&conn, &job, &app.clock).await.expect("enqueue");
    drop(conn);
    assert_eq!(app.run_jobs().await, 1);
    let done = app
        .lines("SELECT kind, status, progress_done > 0 AS has_progress, result ->> 'rows_read' AS rows_read FROM jobs")
        .await;
    assert_eq!(done, ["sources.import_berka succeeded true 39"]);
    app.finish().await;
}

/// Queues the import of a folder; ends when `sql` has counted something, or the job is over.
async fn work_until(app: &App, sql: &str) {
    let worker = Worker::new(app.db.clone(), registry(&app.parts), POLL);
    let mut work = tokio::spawn(async move { worker.run_due().await });
    while app.count(sql).await == 0 && !work.is_finished() {
        tokio::time::sleep(POLL).await;
    }
    work.abort();
    let _ = (&mut work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_is_lost_goes_on_after_its_last_step() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    let job = ImportBerka { folder: folder.path().to_owned(), options: ImportOptions::default() };
    platform::jobs::enqueue_now(&app.db.read().await.expect("read"), &job, &app.clock)
        .await
        .expect("enqueue");
    let mut lock = app.owner().await;
    lock.batch_execute("BEGIN; LOCK TABLE loans IN SHARE MODE").await.expect("lock");
    let waiting = "SELECT count(*) AS n FROM pg_locks WHERE relation = 'loans'::regclass AND NOT granted";
    work_until(&app, waiting).await;
    lock.batch_execute("ROLLBACK").await.expect("unlock");
    assert_eq!(app.lines("SELECT status, attempts FROM jobs").await, ["running 1"]);

    app.clock.advance(TimeDelta::minutes(2));
    let worker = Worker::new(app.db.clone(), registry(&app.parts), POLL);
    assert_eq!(worker.release_stale().await.expect("release"), 1);
    assert_eq!(worker.run_due().await.expect("run"), 1);
    let ended = "SELECT status, attempts, result -> 'inserted' AS inserted FROM jobs";
    assert_eq!(app.lines(ended).await, ["succeeded 2 40"], "with what the first attempt had finished");
    let steps = "SELECT count(*) AS n FROM audit_entries WHERE action = 'imports.merge'";
    assert_eq!(app.count(steps).await, 9, "no step was done twice");
    app.finish().await;
}

#[tokio::test]
async fn a_job_that_is_cancelled_stops_before_it_changes_anything_more() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    let job = ImportBerka { folder: folder.path().to_owned(), options: ImportOptions::default() };
    platform::jobs::enqueue_now(&app.db.read().await.expect("read"), &job, &app.clock)
        .await
        .expect("enqueue");
    app.execute("UPDATE jobs SET is_cancel_requested = true").await;
    assert_eq!(app.run_jobs().await, 1);
    assert_eq!(app.lines("SELECT status, error_code FROM jobs").await, ["cancelled jobs.cancelled"]);
    assert_eq!(app.count("SELECT count(*) AS n FROM transactions").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_job_keeps_its_report() {
    let app = App::start().await;
    let folder = SourceFolder::of_fixture("berka");
    folder.replace("loan.csv", "940501;30000", "940532;30000");
    let job = ImportBerka { folder: folder.path().to_owned(), options: ImportOptions::default() };
    platform::jobs::enqueue_now(&app.db.read().await.expect("read"), &job, &app.clock)
        .await
        .expect("enqueue");
    assert_eq!(app.run_jobs().await, 1);
    let told = "SELECT status, error_code, attempts, result #>> '{errors,0,line}' AS line FROM jobs";
    assert_eq!(app.lines(told).await, ["failed imports.refused 1 3"]);
    app.execute("DELETE FROM jobs").await;
    app.finish().await;
}

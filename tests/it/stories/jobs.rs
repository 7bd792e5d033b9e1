use std::time::Duration;

use chrono::TimeDelta;
use it::{App, Someone};
use platform::jobs::{Job, JobError, JobRun, Registry, Worker, enqueue_now};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Announces more than it does, as an import does that guesses its rows by the file's size.
#[derive(Serialize, Deserialize)]
struct Guess {
    succeeds: bool,
}

impl Job for Guess {
    const KIND: &'static str = "stories.guess";
}

async fn guess(run: &JobRun, job: &Guess) -> Result<Value, JobError> {
    run.progress(3, Some(10)).await?;
    if job.succeeds { Ok(Value::Null) } else { Err(JobError::cancelled()) }
}

#[tokio::test]
async fn a_job_that_has_succeeded_has_done_all_there_was() {
    let app = App::start().await;
    let mut registry = Registry::default();
    registry.register(|run: JobRun, job: Guess| async move { guess(&run, &job).await });
    let worker = Worker::new(app.db.clone(), registry, Duration::from_millis(10));
    for (succeeds, status, done) in [(true, "succeeded", 10), (false, "cancelled", 3)] {
        let conn = app.db.read().await.expect("a connection");
        let job_id = enqueue_now(&conn, &Guess { succeeds }, &app.clock).await.expect("enqueued");
        drop(conn);
        worker.run_due().await.expect("ran");
        let job = app.get(Someone::ADMIN, &format!("/jobs/{job_id}")).await.expect(200);
        assert_eq!(job.text_at("/status"), status);
        assert_eq!((job.at("/progress_done"), job.at("/progress_total")), (done.into(), 10.into()));
    }
    app.finish().await;
}

/// Fails in every way that a handler can.
#[derive(Serialize, Deserialize)]
struct Fails {
    panics: bool,
}

impl Job for Fails {
    const KIND: &'static str = "stories.fails";
    const ATTEMPTS_MAX: i32 = 3;
}

async fn fail(job: &Fails) -> Result<Value, JobError> {
    assert!(!job.panics, "a handler that panics");
    Err(JobError { code: "stories.busy".to_owned(), is_retryable: true, result: None })
}

fn registry_of_failures() -> Registry {
    let mut registry = Registry::default();
    registry.register(|run: JobRun, job: Guess| async move { guess(&run, &job).await });
    registry.register(|_: JobRun, job: Fails| async move { fail(&job).await });
    registry
}

#[tokio::test]
async fn a_handler_that_panics_ends_its_own_job_alone() {
    let app = App::start().await;
    let worker = Worker::new(app.db.clone(), registry_of_failures(), Duration::from_millis(10));
    let conn = app.db.read().await.expect("a connection");
    let failing = enqueue_now(&conn, &Fails { panics: true }, &app.clock).await.expect("enqueued");
    let good = enqueue_now(&conn, &Guess { succeeds: true }, &app.clock).await.expect("enqueued");
    drop(conn);
    assert_eq!(worker.run_due().await.expect("ran"), 2);
    let failed = app.get(Someone::ADMIN, &format!("/jobs/{failing}")).await.expect(200);
    assert_eq!(
        (failed.text_at("/status"), failed.text_at("/error_code")),
        ("failed".into(), "jobs.panicked".into())
    );
    assert_eq!(app.get(Someone::ADMIN, &format!("/jobs/{good}")).await.text_at("/status"), "succeeded");
    finish_with_a_failure(app).await;
}

#[tokio::test]
async fn what_may_succeed_later_is_tried_again_ever_later_and_not_for_ever() {
    let app = App::start().await;
    let worker = Worker::new(app.db.clone(), registry_of_failures(), Duration::from_millis(10));
    let conn = app.db.read().await.expect("a connection");
    let job_id = enqueue_now(&conn, &Fails { panics: false }, &app.clock).await.expect("enqueued");
    drop(conn);
    let due_in = format!(
        "SELECT extract(epoch FROM run_at - created_at)::bigint AS n FROM jobs WHERE job_id = '{job_id}'"
    );
    let mut passed = 0;
    for seconds in [5, 20] {
        assert_eq!(worker.run_due().await.expect("ran"), 1);
        let job = app.get(Someone::ADMIN, &format!("/jobs/{job_id}")).await;
        assert_eq!(
            (job.text_at("/status"), job.text_at("/error_code")),
            ("queued".into(), "stories.busy".into())
        );
        assert_eq!(app.count(&due_in).await, passed + seconds);
        assert_eq!(worker.run_due().await.expect("ran"), 0, "before it is due");
        passed += seconds;
        app.clock.advance(TimeDelta::seconds(seconds));
    }
    assert_eq!(worker.run_due().await.expect("ran"), 1);
    let job = app.get(Someone::ADMIN, &format!("/jobs/{job_id}")).await;
    assert_eq!(
        (job.text_at("/status"), job.text_at("/error_code")),
        ("failed".into(), "stories.busy".into())
    );
    finish_with_a_failure(app).await;
}

/// Every story ends without failed jobs, but for those that were meant to fail.
async fn finish_with_a_failure(app: App) {
    app.execute("DELETE FROM jobs WHERE status = 'failed'").await;
    app.finish().await;
}

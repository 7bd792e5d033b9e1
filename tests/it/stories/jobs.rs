use std::time::Duration;

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

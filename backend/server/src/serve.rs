//! `cardea serve`: database, sandbox, worker and HTTP in one process, until it is told to stop.

use std::{net::TcpListener, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Actor, Clock, Db, DbError, DbResult, Tx,
    config::Config,
    database, events,
    jobs::{Worker, enqueue_now},
};
use records::{
    cardholders::{self, IndexStreets},
    statistics::RefreshStatistics,
    subject_requests::EndPackages,
};
use tokio::sync::watch;
use trust::{
    approvals::ExpireApprovals,
    audit::ReadLog,
    calendars::{self, OpenDay},
    files::ExpireFiles,
    retention::CountNightly,
};

use crate::{
    app::{self, Parts},
    bootstrap::{BootError, Database, House},
    commands::say,
    stop_signals::StopSignals,
};

/// How often the years ahead are looked after.
const PARTITION_CHECK: Duration = Duration::from_secs(6 * 3600);
/// How often the chores are begun.
const CHORES: Duration = Duration::from_secs(10 * 60);
/// Clocks that were set while somebody slept: midnight is over when the day is opened.
const A_LITTLE_LATER: TimeDelta = TimeDelta::seconds(1);
/// How old the statistics may grow before they are added up anew.
const STATISTICS_FRESH_MINUTES: i64 = 55;

/// Whether who read what is noted. The product always notes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    Noted,
    /// For the bench, which measures beside it what noting costs.
    Unnoted,
}

/// How long a stream of events may have been broken off and still goes on where it was.
const EVENTS_KEPT: TimeDelta = TimeDelta::days(1);

/// Runs the server until Ctrl-C or SIGTERM; then requests drain, jobs are handed back, and the database stops.
pub async fn serve(reads: Reads) -> Result<(), BootError> {
    let house = House::open()?;
    // Before anything slow: a second start on the same port says so at once.
    let listener = TcpListener::bind(&house.config.server.listen).map_err(|error| {
        BootError::Usage(format!("{} can't be listened on: {error}", house.config.server.listen))
    })?;
    say("starting the database …");
    let database = Database::open(&house.config, &house.clock).await?;
    let keeper = tokio::spawn(database.keep());
    let outcome = serve_on(&house, &database, listener, reads).await;
    say("stopping …");
    keeper.abort();
    database.close().await;
    outcome
}

async fn serve_on(
    house: &House,
    database: &Database,
    listener: TcpListener,
    reads: Reads,
) -> Result<(), BootError> {
    let mut stop_signals = StopSignals::listen()?;
    tokio::select! {
        filled = crate::seed::fill_at_first_start(house, database) => filled?,
        () = stop_signals.next() => return Ok(()),
    }
    let mut parts = house.parts(&database.urls).await?;
    if reads == Reads::Unnoted {
        parts.read_log = ReadLog::nowhere(house.clock.clone());
    }
    demand_second_factors(&parts).await?;
    // Whoever asks first after some days of rest is told of today.
    calendars::catch_up(&parts.db).await?;
    let server = app::start(parts.clone(), listener)?;
    let handle = server.handle();
    let running = tokio::spawn(server);
    let (stop, stopping) = watch::channel(false);
    let worker = tokio::spawn(worker_of(&parts).run(house.config.jobs.concurrency, stopping));
    let freshness = tokio::spawn(parts.directory.clone().keep_fresh(parts.db.clone()));
    let chores = tokio::spawn(begin_chores(parts.db.clone()));
    let activity = tokio::spawn(trust::staff::keep_activity(parts.directory.clone(), parts.db.clone()));
    let partitions = tokio::spawn(keep_partitions(database.urls.owner.clone(), house.clock.clone()));
    let trail = tokio::spawn(trust::audit::keep(
        parts.notary(),
        parts.db.clone(),
        database.urls.owner.clone(),
        house.config.audit.clone(),
    ));
    greet(&house.config);
    stop_signals.next().await;
    freshness.abort();
    chores.abort();
    activity.abort();
    partitions.abort();
    trail.abort();
    let _ = stop.send(true);
    handle.stop(true).await;
    let _ = tokio::join!(running, worker);
    Ok(())
}

async fn demand_second_factors(parts: &Parts) -> Result<(), BootError> {
    let demand =
        async |tx: &mut Tx<'_>| trust::staff::demand_second_factors(tx, &parts.config.sessions).await;
    parts.db.write(&Actor::system("sessions.second_factor"), demand).await?;
    Ok(())
}

/// A worker that knows every chapter's jobs.
pub(crate) fn worker_of(parts: &Parts) -> Worker {
    Worker::new(
        parts.db.clone(),
        crate::commands::registry(parts),
        Duration::from_millis(parts.config.jobs.poll_ms),
    )
}

/// Keeps the years ahead partitioned for as long as the server runs.
async fn keep_partitions(owner_url: String, clock: Clock) {
    loop {
        tokio::time::sleep(PARTITION_CHECK).await;
        if let Err(error) = database::ensure_partitions(&owner_url, database::years_ahead(clock.now())).await
        {
            tracing::error!(error = %error, "the partitions of the years ahead can't be made");
        }
    }
}

/// Puts what is to be done from time to time into the queue, for as long as the server runs.
async fn begin_chores(db: Db) {
    if let Err(error) = catch_up(&db).await {
        tracing::warn!(error = %error, "what rows of before lack can't be put into the queue");
    }
    loop {
        let begun = async {
            let conn = db.read().await?;
            enqueue_now(&conn, &OpenDay {}, db.clock()).await?;
            enqueue_now(&conn, &ExpireApprovals {}, db.clock()).await?;
            enqueue_now(&conn, &EndPackages {}, db.clock()).await?;
            enqueue_now(&conn, &ExpireFiles {}, db.clock()).await?;
            let refresh = RefreshStatistics { fresh_minutes: STATISTICS_FRESH_MINUTES };
            enqueue_now(&conn, &refresh, db.clock()).await?;
            enqueue_now(&conn, &CountNightly {}, db.clock()).await?;
            events::forget(&conn, db.clock().now() - EVENTS_KEPT).await?;
            Ok::<_, DbError>(())
        };
        if let Err(error) = begun.await {
            tracing::warn!(error = %error, "the chores can't be put into the queue");
        }
        tokio::time::sleep(until_next_chores(db.clock().now())).await;
    }
}

/// What rows lack that were stored by a version of before.
async fn catch_up(db: &Db) -> DbResult<()> {
    let conn = db.read().await?;
    if cardholders::has_unindexed_streets(&conn).await? {
        enqueue_now(&conn, &IndexStreets {}, db.clock()).await?;
    }
    Ok(())
}

/// The bank's day turns in between, and is not to wait for the next round.
fn until_next_chores(now: DateTime<Utc>) -> Duration {
    let until_day = calendars::until_next_day(now) + A_LITTLE_LATER;
    until_day.to_std().map_or(CHORES, |until_day| CHORES.min(until_day))
}

fn greet(config: &Config) {
    let address = format!("http://{}", config.server.listen);
    say(&format!(
        "Cardea is ready\n  web application  {address}/\n  Swagger UI       {address}/docs/\n  OpenAPI          {address}/openapi/openapi.json"
    ));
    if config.mode == platform::config::Mode::Sandbox {
        say(crate::commands::SANDBOX_SIGN_INS);
    }
    say("Ctrl-C stops everything.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chores_are_begun_when_the_banks_day_has_turned() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(until_next_chores(at("2026-11-02T15:50:00Z")), CHORES);
        assert_eq!(until_next_chores(at("2026-11-02T15:59:00Z")), Duration::from_secs(61));
        assert_eq!(until_next_chores(at("2026-11-02T16:00:00Z")), CHORES);
    }
}

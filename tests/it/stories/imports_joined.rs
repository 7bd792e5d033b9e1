//! `cardea import` while `cardea serve` runs: the private server belongs to that process, and is joined.

use platform::{Clock, config::Config};
use private_postgres::TemporaryFolder;
use server::bootstrap::Database;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_joins_the_server_that_runs() {
    let folder = TemporaryFolder::new().expect("a folder");
    let mut config = Config::defaults().expect("defaults");
    config.private_postgres.data_dir = folder.path().to_owned();
    let clock = Clock::system();

    let running = Database::open(&config, &clock).await.expect("a private server");
    let joined = Database::open_or_join(&config, &clock).await.expect("join");
    assert_eq!((&joined.urls.app, &joined.urls.owner), (&running.urls.app, &running.urls.owner));
    assert!(running.is_private() && !joined.is_private());
    joined.close().await;
    let still_there = platform::database::is_current(&running.urls.owner).await;
    assert!(still_there.expect("the server still runs"));

    running.close().await;
    let own = Database::open_or_join(&config, &clock).await.expect("start it again");
    assert!(own.is_private());
    own.close().await;
}

//! The whole life of a private server, with the machine's real PostgreSQL.

#[cfg(test)]
mod ground;

use std::fs;
use std::time::Duration;

use ground::{Ground, query, run_as_root_only, wait_for};
use private_postgres::{PrivatePostgres, SUPERUSER, Settings, StartError, Stopped};

#[test]
fn a_restart_finds_the_data_again() {
    let ground = Ground::new("restart");
    let settings = Settings::kept(ground.path("data"), ["teller"]);

    let server = PrivatePostgres::start(settings.clone()).unwrap();
    query(&server, "CREATE TABLE kept AS SELECT 7 AS seven");
    query(&server, "CREATE ROLE teller LOGIN");
    assert_eq!(server.stop(), Stopped::Cleanly);
    assert_eq!(server.stop(), Stopped::Cleanly, "a second stop does nothing");
    drop(server);

    let server = PrivatePostgres::start(settings).unwrap();
    assert_eq!(query(&server, "SELECT seven FROM kept"), "7");
    assert_eq!(query(&server, "SHOW fsync"), "on");
    assert_eq!(query(&server, "SHOW server_encoding"), "UTF8");
    assert_eq!(query(&server, "SELECT datcollate FROM pg_database WHERE datname = 'postgres'"), "C.UTF-8");
    assert_eq!(query(&server, "SHOW listen_addresses"), "");
    let as_teller = ground::try_query(&server, "teller", "SELECT current_user").unwrap();
    assert_eq!(as_teller, "teller", "a declared database user may connect");
}

#[test]
fn an_undeclared_database_user_is_refused_by_a_kept_server() {
    let ground = Ground::new("undeclared");
    let server = PrivatePostgres::start(Settings::kept(ground.path("data"), ["teller"])).unwrap();
    query(&server, "CREATE ROLE stranger LOGIN SUPERUSER");
    let refusal = ground::try_query(&server, "stranger", "SELECT 1").unwrap_err();
    assert!(refusal.contains("authentication failed"), "{refusal}");
}

#[test]
fn a_second_start_on_a_folder_is_refused_and_does_no_harm() {
    let ground = Ground::new("second");
    let settings = Settings::lost(ground.path("data"));
    let first = PrivatePostgres::start(settings.clone()).unwrap();
    match PrivatePostgres::start(settings) {
        Err(StartError::InUse { pid, .. }) => assert_eq!(pid, Some(std::process::id())),
        other => panic!("the second start got {other:?}"),
    }
    assert_eq!(query(&first, "SELECT 1"), "1");
}

#[test]
fn a_server_outlives_the_thread_that_started_it() {
    let server = std::thread::spawn(|| PrivatePostgres::start(Settings::thrown_away()).unwrap());
    let server = server.join().unwrap();
    assert_eq!(query(&server, "SELECT 1"), "1");
    assert!(server.ended().is_none());
}

#[test]
fn a_thrown_away_server_leaves_nothing() {
    let server = PrivatePostgres::start(Settings::thrown_away()).unwrap();
    assert_eq!(query(&server, "SHOW fsync"), "off");
    let folder = server.data_dir().to_owned();
    let process = format!("/proc/{}", server.process_id());
    drop(server);
    assert!(!folder.exists());
    assert!(!fs::exists(process).unwrap());
}

#[test]
fn the_data_folder_of_a_killed_program_opens_again() {
    let ground = Ground::new("killed");
    let mut keeper = ground.keep("data");
    ground::query_at(&keeper.url, "CREATE TABLE kept AS SELECT 7 AS seven");
    let orphan = ground::recorded_server(&ground.path("data"));
    keeper.process.kill().unwrap();
    keeper.process.wait().unwrap();

    let server = PrivatePostgres::start(Settings::kept(ground.path("data"), [] as [&str; 0])).unwrap();
    assert_ne!(server.process_id(), orphan);
    assert_eq!(query(&server, "SELECT seven FROM kept"), "7");
}

#[test]
fn a_killed_program_leaves_no_server_running() {
    let ground = Ground::new("orphan");
    let mut keeper = ground.keep("data");
    let orphan = ground::recorded_server(&ground.path("data"));
    assert!(ground::is_running(orphan));
    keeper.process.kill().unwrap();
    keeper.process.wait().unwrap();
    wait_for("the orphan to end", || !ground::is_running(orphan));
    let log = fs::read_to_string(ground.path("data").join("server.log")).unwrap();
    assert!(log.contains("received fast shutdown request"), "{log}");
    assert!(log.contains("database system is shut down"), "{log}");
}

#[test]
fn a_program_that_is_told_to_stop_stops_its_server_first() {
    let ground = Ground::new("told");
    let mut keeper = ground.keep("data");
    let server = ground::recorded_server(&ground.path("data"));
    ground::interrupt(&keeper.process);
    assert!(keeper.process.wait().unwrap().success());
    assert!(!ground::is_running(server));
}

#[test]
fn a_killed_server_recovers_what_was_committed() {
    let ground = Ground::new("crash");
    let mut server = PrivatePostgres::start(Settings::kept(ground.path("data"), [] as [&str; 0])).unwrap();
    query(&server, "CREATE TABLE kept AS SELECT 7 AS seven");
    ground::kill_process(server.process_id());
    wait_for("the server's end to be noticed", || server.ended().is_some());
    server.restart().unwrap();
    assert_eq!(query(&server, "SELECT seven FROM kept"), "7");
}

#[test]
fn an_interrupted_initialisation_is_begun_anew() {
    let ground = Ground::new("unfinished");
    let unfinished = ground.path("data").join("cluster.unfinished");
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let server = PrivatePostgres::start(Settings::lost(ground.path("data"))).unwrap();
    assert_eq!(query(&server, "SELECT 1"), "1");
    assert!(!unfinished.exists());
}

#[test]
fn a_long_path_still_gets_a_socket() {
    let ground = Ground::new("long");
    let deep = ground.path(&"deep-folder/".repeat(10)).join("银行");
    let server = PrivatePostgres::start(Settings::lost(deep)).unwrap();
    assert_eq!(query(&server, "SELECT 1"), "1");
    let socket_dir = server.socket_dir().to_owned();
    assert!(!socket_dir.starts_with(server.data_dir()));
    drop(server);
    assert!(!socket_dir.exists());
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let ground = Ground::new("foreign");
    let cluster = ground.path("data").join("cluster");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("letter.txt"), "dear").unwrap();
    let error = PrivatePostgres::start(Settings::lost(ground.path("data"))).unwrap_err();
    assert!(matches!(error, StartError::Foreign { .. } | StartError::NotOurs { .. }), "{error}");
    assert_eq!(fs::read_to_string(cluster.join("letter.txt")).unwrap(), "dear");
}

#[test]
fn a_wrong_setting_is_reported_with_the_server_s_own_words() {
    let ground = Ground::new("wrong");
    let mut settings = Settings::lost(ground.path("data"));
    settings.extra.push(("shared_buffers".into(), "plenty".into()));
    let error = PrivatePostgres::start(settings).unwrap_err().to_string();
    assert!(error.contains("invalid value for parameter \"shared_buffers\""), "{error}");
}

#[test]
fn a_server_that_is_never_ready_is_given_up() {
    let ground = Ground::new("patience");
    let mut settings = Settings::lost(ground.path("data"));
    drop(PrivatePostgres::start(settings.clone()).unwrap());
    settings.start_patience = Duration::ZERO;
    // Whether it is ready at the first look is up to the machine; it never takes longer than told.
    match PrivatePostgres::start(settings) {
        Ok(_) | Err(StartError::NotReady { .. }) => {}
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn root_gives_the_server_to_another_account() {
    run_as_root_only(|| {
        let ground = Ground::new("dropped");
        let mut settings = Settings::kept(ground.path("data"), [] as [&str; 0]);
        settings.server_account = Some("nobody".into());
        let server = PrivatePostgres::start(settings).unwrap();
        assert_eq!(server.server_account(), Some("nobody"));
        assert_eq!(query(&server, "SELECT 1"), "1");
        assert_eq!(ground::account_of(server.process_id()), "nobody");
        assert_eq!(ground::groups_of(server.process_id()), "", "root's groups are dropped too");
    });
}

#[test]
fn root_keeps_an_ordinary_user_s_folder_usable_for_that_user() {
    run_as_root_only(|| {
        let ground = Ground::owned_by("shared", "nobody");
        let mut keeper = ground.keep_as("data", "nobody");
        ground::interrupt(&keeper.process);
        assert!(keeper.process.wait().unwrap().success());

        let server = PrivatePostgres::start(Settings::kept(ground.path("data"), [] as [&str; 0])).unwrap();
        assert_eq!(server.server_account(), Some("nobody"));
        assert_eq!(query(&server, "SELECT 1"), "1");
        drop(server);

        let mut keeper = ground.keep_as("data", "nobody");
        ground::interrupt(&keeper.process);
        assert!(keeper.process.wait().unwrap().success());
    });
}

#[test]
fn an_ordinary_user_is_told_whose_folder_it_is() {
    run_as_root_only(|| {
        let ground = Ground::owned_by("others", "nobody");
        drop(PrivatePostgres::start(Settings::kept(ground.path("data"), [] as [&str; 0])).unwrap());
        let complaint = ground.fail_to_keep_as("data", "nobody");
        assert!(complaint.contains("NotOurs"), "{complaint}");
    });
}

#[test]
fn a_place_closed_to_the_server_s_account_is_replaced() {
    run_as_root_only(|| {
        let ground = Ground::new("closed");
        let closed = ground.path("closed");
        fs::create_dir(&closed).unwrap();
        ground::set_mode(&closed, 0o700);
        let asked = closed.join("data");
        let settings = Settings::kept(&asked, [] as [&str; 0]);
        let server = PrivatePostgres::start(settings.clone()).unwrap();
        assert_eq!(server.moved_from(), Some(asked.as_path()));
        let taken = server.data_dir().to_owned();
        query(&server, "CREATE TABLE kept AS SELECT 7 AS seven");
        drop(server);

        let server = PrivatePostgres::start(settings.clone()).unwrap();
        assert_eq!(server.data_dir(), taken);
        drop(server);

        ground::set_mode(&closed, 0o755);
        let server = PrivatePostgres::start(settings).unwrap();
        assert_eq!(query(&server, "SELECT seven FROM kept"), "7", "also once the place was opened");
        drop(server);
        fs::remove_dir_all(taken).unwrap();
    });
}

#[test]
fn the_superuser_has_one_name() {
    let server = PrivatePostgres::start(Settings::thrown_away()).unwrap();
    assert_eq!(query(&server, "SELECT current_user"), SUPERUSER);
    assert_eq!(query(&server, "SELECT count(*) FROM pg_roles WHERE rolsuper"), "1");
}

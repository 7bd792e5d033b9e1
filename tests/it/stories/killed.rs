//! A whole server in a process of its own, which is killed at a chosen statement and started again. It has the bank of a test's
//! [`App`], its keys, and the clock of the machine.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use diesel_async::SimpleAsyncConnection;
use it::{App, PASSWORD, Reply, Someone};
use platform::vault::Keyring;
use reqwest::Method;
use serde_json::{Value, json};

/// Set for the child: what it does, a command of `cardea`.
pub(super) const DEED: &str = "CARDEA_IT_DEED";
/// How long an event in another process may take on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const POLL: Duration = Duration::from_millis(20);
/// The lock that a statement stops at.
const STOP: i64 = 20_261_102;

/// Not a test of its own: what the stories start this very program for. It is `cardea serve`, say.
#[tokio::test(flavor = "multi_thread")]
async fn the_process_that_is_killed() {
    if let Some(deed) = std::env::var_os(DEED) {
        server::commands::run(["cardea".into(), deed]).await.expect("an orderly end");
    }
}

/// What the servers of one story share besides their database.
pub(super) struct Home(PathBuf);

impl Home {
    /// A bank whose keys other processes have, too.
    pub(super) async fn open(story: &str) -> (Self, App) {
        let folder = std::env::temp_dir().join(format!("cardea-{story}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let start_of_time = "2026-11-02T01:00:00Z".parse().expect("a moment");
        let keys = Keyring::open_or_create(&folder.join("keys.json"), start_of_time).expect("keys");
        (Self(folder), App::start_with(keys).await)
    }

    pub(super) async fn serve(&self, app: &App) -> Server {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let listen = free.to_string();
        let child = self.process(app, "serve").env("CARDEA_SERVER__LISTEN", listen).spawn().expect("start");
        let mut server = Server { child, url: format!("http://{free}") };
        let since = Instant::now();
        while TcpStream::connect(free).is_err() {
            server.must_live(since, "it listens");
            tokio::time::sleep(POLL).await;
        }
        app.call(Method::GET, &format!("{}/readyz", server.url), None, &[], None).await.expect(200);
        server
    }

    /// What a process says that refuses to start.
    pub(super) fn refusal(&self, app: &App, deed: &str) -> String {
        let mut process = self.process(app, deed);
        let listen = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let ended = process.env("CARDEA_SERVER__LISTEN", listen.to_string()).stderr(Stdio::piped()).output();
        let ended = ended.expect("start");
        assert!(!ended.status.success(), "it started");
        String::from_utf8_lossy(&ended.stderr).into_owned()
    }

    pub(super) fn key_file(&self) -> PathBuf {
        self.0.join("keys.json")
    }

    /// A process that works through the queue and does nothing else.
    pub(super) fn work(&self, app: &App) -> Server {
        let child = self.process(app, "worker").spawn().expect("start");
        Server { child, url: String::new() }
    }

    fn process(&self, app: &App, deed: &str) -> Command {
        let mut process = Command::new(std::env::current_exe().expect("this program"));
        process
            .args(["stories::killed::the_process_that_is_killed", "--exact", "--nocapture"])
            .env(DEED, deed)
            .env("CARDEA_MODE", "production")
            .env("CARDEA_SERVER__WORKERS", "1")
            .env("CARDEA_KEYS__FILE", self.0.join("keys.json"))
            .env("CARDEA_AUDIT__ANCHOR_DIR", self.0.join("anchors"))
            .env("DATABASE_URL", &app.app_url)
            .env("DATABASE_OWNER_URL", &app.owner_url)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        process
    }

    pub(super) fn clear(self) {
        fs::remove_dir_all(self.0).expect("clear up");
    }
}

/// One that is running, until it is killed.
pub(super) struct Server {
    child: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// An access token of somebody who has signed in and proved once more to be themselves.
    pub(super) async fn token_of(&self, app: &App, someone: Someone) -> String {
        let sign_in = json!({ "staff_no": someone.staff_no, "password": PASSWORD });
        let signed_in = self.post(app, None, "/auth/login", sign_in).await.expect(200);
        let token = signed_in.text_at("/access_token");
        self.post(app, Some(&token), "/auth/step_up", json!({ "password": PASSWORD })).await.expect(204);
        token
    }

    pub(super) async fn post(&self, app: &App, token: Option<&str>, path: &str, body: Value) -> Reply {
        app.call(Method::POST, &self.at(path), token, &[], Some(body)).await
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.url)
    }

    fn must_live(&mut self, since: Instant, what: &str) {
        assert!(since.elapsed() < PATIENCE, "never: {what}");
        assert!(self.child.try_wait().expect("a child").is_none(), "it ended before: {what}");
    }

    /// Waits until `sql` counts something.
    pub(super) async fn until(&mut self, app: &App, sql: &str) {
        let since = Instant::now();
        while app.count(sql).await == 0 {
            self.must_live(since, sql);
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until one of its statements has come to the stop, and kills it there. The statement dies with it.
    pub(super) async fn kill_at_stop(mut self, app: &App, stop: Stop) {
        self.until(app, &format!("SELECT count(*) AS n {OURS} AND NOT granted")).await;
        self.child.kill().expect("kill -9");
        self.child.wait().expect("an end");
        let end = format!("SELECT pg_terminate_backend(pid) {OURS} AND NOT granted");
        app.administrator().await.batch_execute(&end).await.expect("an end of the statement");
        stop.lift(app).await;
        let held = format!("SELECT count(*) AS n {OURS}");
        let since = Instant::now();
        while app.count(&held).await > 0 {
            assert!(since.elapsed() < PATIENCE, "the killed server's session stays");
            tokio::time::sleep(POLL).await;
        }
        // Nobody works on these any more; without this, the next server would find that out a minute later.
        app.execute("UPDATE jobs SET locked_until = '2000-01-01' WHERE status = 'running'").await;
    }

    /// Sends it a signal, and waits for its end.
    pub(super) async fn end_by(mut self, signal: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([format!("-{signal}"), id]).status().expect("kill");
        assert!(sent.success(), "{signal}");
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(since.elapsed() < PATIENCE, "it goes on after {signal}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until it has nothing more to do, and ends it.
    pub(super) async fn finish(mut self, app: &App) {
        let idle = "SELECT (count(*) FILTER (WHERE status IN ('queued', 'running')) = 0
            AND count(*) FILTER (WHERE kind = 'statistics.refresh' AND status = 'succeeded') > 0)::int::bigint AS n FROM jobs";
        self.until(app, idle).await;
    }
}

/// Those locks of the bank that programs take by name.
const OURS: &str = "FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// A place in the database that no statement gets beyond while it stands.
pub(super) struct Stop {
    table: &'static str,
    holder: diesel_async::AsyncPgConnection,
}

impl Stop {
    /// Before a row that fulfils `condition` is written: `INSERT` or `UPDATE` of `table`.
    pub(super) async fn before(app: &App, (deed, table): (&str, &'static str), condition: &str) -> Self {
        let sql = format!(
            "CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_advisory_xact_lock({STOP}); RETURN NEW; END $$;
             CREATE TRIGGER stop_here BEFORE {deed} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION stop_here()"
        );
        app.execute(&sql).await;
        let mut holder = app.owner().await;
        let hold = format!("SELECT pg_advisory_lock({STOP})");
        holder.batch_execute(&hold).await.expect("hold");
        Self { table, holder }
    }

    async fn lift(mut self, app: &App) {
        let let_go = format!("SELECT pg_advisory_unlock({STOP})");
        self.holder.batch_execute(&let_go).await.expect("let go");
        drop(self.holder);
        app.execute(&format!("DROP TRIGGER stop_here ON {}; DROP FUNCTION stop_here()", self.table)).await;
    }
}

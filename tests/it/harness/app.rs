//! One test's application: started on a free port, asked over HTTP, looked over when the test ends.

use std::{net::TcpListener, time::Duration};

use actix_web::{dev::ServerHandle, web::Data};
use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use platform::{
    Clock, Db,
    config::Config,
    database::{self, DbSettings},
    ids::{SessionId, StaffId},
    jobs::Worker,
    tokens::Tokens,
    vault::{Keyring, Vault},
};
use reqwest::Method;
use serde_json::Value;
use server::app::Parts;
use trust::audit::ReadLog;
use web::Directory;

use crate::{
    cluster::{self, Database},
    people::{PASSWORD, Someone},
    reply::Reply,
    routing::{ASKS_EVERYWHERE, unrouted},
    statements::{self, Statement},
};

/// When every test begins: a Monday morning in Hangzhou.
pub(crate) fn start_of_time() -> DateTime<Utc> {
    "2026-11-02T01:00:00Z".parse().expect("a moment")
}

/// The application of one test. End it with [`App::finish`].
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub vault: Vault,
    pub parts: Parts,
    pub url: String,
    pub owner_url: String,
    pub app_url: String,
    pub truth_url: String,
    tokens: Data<Tokens>,
    http: reqwest::Client,
    server: ServerHandle,
    database: Option<Database>,
}

impl App {
    pub async fn start() -> Self {
        Self::start_with(Keyring::random().expect("keys")).await
    }

    /// The same with keys of the test's own: those of a file reach other processes.
    pub async fn start_with(keyring: Keyring) -> Self {
        Self::start_configured(keyring, |_| ()).await
    }

    /// The same with settings of the test's own.
    pub async fn start_configured(keyring: Keyring, configure: impl FnOnce(&mut Config)) -> Self {
        statements::listen();
        let database = cluster::clone_template().await;
        let clock = Clock::fixed(start_of_time());
        let mut config = Config::defaults().expect("defaults");
        config.server.workers = 1;
        config.audit.anchor_dir = std::env::temp_dir().join(format!("cardea-anchors-{}", database.name));
        configure(&mut config);
        let lifetime = TimeDelta::minutes(config.sessions.access_token_minutes);
        let tokens = Data::new(Tokens::new(keyring.clone(), lifetime));
        let settings =
            DbSettings { url: database.app_url.clone(), pool_connections: 4, statement_timeout_ms: 15_000 };
        let db = Db::new(settings, clock.clone()).expect("a pool");
        let directory = Directory::default();
        directory.refresh(&db).await.expect("a directory");
        let vault = Vault::new(keyring);
        let parts = Parts {
            db: db.clone(),
            read_log: ReadLog::start(db.clone()).expect("a thread"),
            vault: vault.clone(),
            tokens: tokens.clone(),
            directory,
            clock: clock.clone(),
            config: Data::new(config),
            owner_url: database.owner_url.clone(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let running = server::app::start(parts.clone(), listener).expect("a server");
        let server = running.handle();
        tokio::spawn(running);
        let http = client();
        let (owner_url, app_url, truth_url) =
            (database.owner_url.clone(), database.app_url.clone(), database.truth_url.clone());
        Self {
            db,
            clock,
            vault,
            parts,
            url,
            owner_url,
            app_url,
            truth_url,
            tokens,
            http,
            server,
            database: Some(database),
        }
    }

    /// An access token for somebody, without the cost of signing in.
    pub fn token_of(&self, someone: Someone) -> String {
        let session: SessionId = self.clock.new_id();
        self.tokens.sign(StaffId(someone.id()), session, someone.role, self.clock.now()).expect("a token")
    }

    /// An access token for somebody who has signed in and proved once more to be themselves.
    pub async fn stepped_up(&self, someone: Someone) -> String {
        let sign_in = serde_json::json!({ "staff_no": someone.staff_no, "password": PASSWORD });
        let signed_in = self.call(Method::POST, "/auth/login", None, &[], Some(sign_in)).await.expect(200);
        let token = signed_in.text_at("/access_token");
        let proof = serde_json::json!({ "password": PASSWORD });
        self.call(Method::POST, "/auth/step_up", Some(&token), &[], Some(proof)).await.expect(204);
        token
    }

    pub async fn get(&self, someone: Someone, path: &str) -> Reply {
        self.call(Method::GET, path, Some(&self.token_of(someone)), &[], None).await
    }

    pub async fn post(&self, someone: Someone, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, Some(&self.token_of(someone)), &[], Some(body)).await
    }

    /// A change of what was read before, under that reply's `ETag`.
    pub async fn patch(&self, someone: Someone, path: &str, read: &Reply, body: Value) -> Reply {
        self.with_etag(Method::PATCH, someone, path, read, Some(body)).await
    }

    /// Any conditional request.
    #[expect(
        clippy::too_many_arguments,
        reason = "a request has these parts, and a story shows them in one line"
    )]
    pub async fn with_etag(
        &self,
        method: Method,
        someone: Someone,
        path: &str,
        read: &Reply,
        body: Option<Value>,
    ) -> Reply {
        self.call(method, path, Some(&self.token_of(someone)), &[("if-match", &read.etag())], body).await
    }

    /// Any request at all; `path` is below `/api/v1` unless it is an absolute URL.
    #[expect(
        clippy::too_many_arguments,
        reason = "a request has these parts, and a story shows them in one line"
    )]
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("{}/api/v1{path}", self.url) };
        let mut request = self.http.request(method, url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Reply::of(request.send().await.expect("an answer")).await
    }

    /// Any request with a body of raw bytes.
    #[expect(
        clippy::too_many_arguments,
        reason = "a request has these parts, and a story shows them in one line"
    )]
    pub async fn call_raw(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        content_type: &str,
        body: Vec<u8>,
    ) -> Reply {
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.url))
            .header("content-type", content_type)
            .body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        Reply::of(request.send().await.expect("an answer")).await
    }

    /// The database as its owner sees it.
    pub async fn owner(&self) -> AsyncPgConnection {
        database::connect_once(&self.owner_url).await.expect("connect as owner")
    }

    /// The server as its administrator sees it.
    pub async fn admin(&self) -> AsyncPgConnection {
        let url = &self.database.as_ref().expect("a database").admin_url;
        database::connect_once(url).await.expect("connect as administrator")
    }

    /// This test's bank, as the server's administrator can get at it.
    pub async fn administrator(&self) -> AsyncPgConnection {
        let database = self.database.as_ref().expect("a database");
        let url = database::with_database(&database.admin_url, &database.name);
        database::connect_once(&url).await.expect("connect as administrator")
    }

    pub fn database_name(&self) -> &str {
        &self.database.as_ref().expect("a database").name
    }

    /// One number from the database.
    pub async fn count(&self, sql: &str) -> i64 {
        let conn = self.owner().await;
        diesel::sql_query(sql)
            .get_result::<Number>(&mut &conn)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
            .n
    }

    /// Runs every job that is due.
    pub async fn run_jobs(&self) -> usize {
        self.run_jobs_as(&self.parts).await
    }

    /// Runs every job that is due in a process with other parts.
    pub async fn run_jobs_as(&self, parts: &Parts) -> usize {
        self.worker(parts).run_due().await.expect("jobs")
    }

    /// Gives the jobs of workers that fell silent back to the queue.
    pub async fn release_stale_jobs(&self) -> usize {
        self.worker(&self.parts).release_stale().await.expect("jobs")
    }

    fn worker(&self, parts: &Parts) -> Worker {
        Worker::new(self.db.clone(), server::commands::registry(parts), Duration::from_millis(10))
    }

    /// What the application said to its database since this was last asked; [`App::finish`] looks at the rest.
    pub fn said(&self) -> Vec<Statement> {
        statements::take(self.database_name())
    }

    /// Runs leftover jobs, checks that none failed and that every statement said where its rows are, and clears up.
    pub async fn finish(mut self) {
        self.run_jobs().await;
        assert_eq!(
            self.count("SELECT count(*) AS n FROM jobs WHERE status IN ('failed', 'running')").await,
            0,
            "no job may fail"
        );
        self.server.stop(false).await;
        for Statement { sql, .. } in self.said() {
            let lost = unrouted(&sql, ASKS_EVERYWHERE);
            assert!(lost.is_empty(), "every node would be asked for {}: {sql}", lost.join(", "));
        }
        // No anchor, no folder.
        let _ = std::fs::remove_dir_all(self.parts.config.anchor_dir());
        if let Some(database) = self.database.take() {
            database.drop().await;
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        assert!(
            self.database.is_none() || std::thread::panicking(),
            "end the test with `app.finish().await`"
        );
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

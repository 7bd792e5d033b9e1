//! The private PostgreSQL killed under a running server.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Instant,
};

use serde_json::json;

use super::killed::{DEED, PATIENCE, POLL};

/// A server of its own, with a database of its own.
struct Alone {
    child: Child,
    url: String,
    folder: PathBuf,
}

impl Alone {
    fn serve() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let folder = std::env::temp_dir().join(format!("cardea-database-killed-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let child = Command::new(std::env::current_exe().expect("this program"))
            .args(["stories::killed::the_process_that_is_killed", "--exact", "--nocapture"])
            .env(DEED, "serve")
            .env("CARDEA_MODE", "production")
            .env("CARDEA_SERVER__LISTEN", free.to_string())
            .env("CARDEA_SERVER__WORKERS", "1")
            .env("CARDEA_KEYS__FILE", folder.join("keys.json"))
            .env("CARDEA_AUDIT__ANCHOR_DIR", folder.join("anchors"))
            .env("CARDEA_PRIVATE_POSTGRES__DATA_DIR", folder.join("data"))
            .env_remove("DATABASE_URL")
            .env_remove("DATABASE_OWNER_URL")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("start");
        Self { child, url: format!("http://{free}"), folder }
    }

    /// The number of the PostgreSQL that it runs.
    fn postmaster(&self) -> Option<String> {
        let file = self.folder.join("data/postgres/cluster/postmaster.pid");
        Some(fs::read_to_string(file).ok()?.lines().next()?.to_owned())
    }

    async fn is_ready(&self, http: &reqwest::Client) -> bool {
        let answer = http.get(format!("{}/readyz", self.url)).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// Waits until it is ready on another PostgreSQL than `before`; the time in between may be too short to be seen.
    async fn until_ready(&self, http: &reqwest::Client, before: Option<&str>) {
        let since = Instant::now();
        while self.postmaster().as_deref() == before || !self.is_ready(http).await {
            assert!(since.elapsed() < PATIENCE, "it never became ready");
            tokio::time::sleep(POLL).await;
        }
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        // PostgreSQL ends with the server, however that ends.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_private_database_that_is_killed_comes_back_without_a_restart() {
    let server = Alone::serve();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    server.until_ready(&http, None).await;
    let killed = server.postmaster().expect("a running PostgreSQL");
    assert!(Command::new("kill").args(["-9", &killed]).status().expect("kill").success());
    server.until_ready(&http, Some(&killed)).await;
    assert_ne!(server.postmaster(), Some(killed));
    // Whoever signs in is answered by the database, not by its absence.
    let nobody = json!({ "staff_no": "Z0001", "password": "nobody's" });
    let answer = http.post(format!("{}/api/v1/auth/login", server.url)).json(&nobody).send().await;
    assert_eq!(answer.expect("an answer").status(), 401);
}

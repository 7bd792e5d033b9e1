//! One PostgreSQL per test run, one template database per schema, one clone per test.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use platform::{
    Clock,
    database::{self, APP_ROLE, OWNER_ROLE, TRUTH_ROLE},
};
use private_postgres::{PrivatePostgres, SUPERUSER, Settings};
use tokio::sync::OnceCell;

use crate::people;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
static CLONES: AtomicU32 = AtomicU32::new(0);

struct Cluster {
    admin_url: String,
    template: String,
    /// Ours to stop, where no cluster was handed to us. It ends with this process.
    _own: Option<PrivatePostgres>,
}

/// The ways into one test's database.
#[derive(Clone)]
pub(crate) struct Database {
    pub name: String,
    pub admin_url: String,
    pub owner_url: String,
    pub app_url: String,
    pub truth_url: String,
}

impl Database {
    fn named(admin_url: &str, name: &str) -> Self {
        let url = |role: &str| with_user(&database::with_database(admin_url, name), role);
        Self {
            name: name.to_owned(),
            admin_url: admin_url.to_owned(),
            owner_url: url(OWNER_ROLE),
            app_url: url(APP_ROLE),
            truth_url: url(TRUTH_ROLE),
        }
    }

    pub(crate) async fn drop(self) {
        database::drop_database(&self.admin_url, &self.name).await.expect("drop the test's database");
    }
}

/// A copy of the template: migrated, with a small branch tree and one member of staff per role.
pub(crate) async fn clone_template() -> Database {
    let cluster = cluster().await;
    let name = next_name();
    let mut conn = database::connect_once(&cluster.admin_url).await.expect("connect");
    let sql =
        format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY file_copy OWNER {OWNER_ROLE}", cluster.template);
    conn.batch_execute(&sql).await.expect("clone the template");
    conn.batch_execute(&format!(
        "GRANT CREATE ON DATABASE {name} TO {TRUTH_ROLE}; GRANT TEMPORARY ON DATABASE {name} TO {APP_ROLE}"
    ))
    .await
    .expect("grant");
    Database::named(&cluster.admin_url, &name)
}

/// An empty database: (owner's URL, name to drop, administrator's URL).
pub async fn empty_database() -> (String, String, String) {
    let cluster = cluster().await;
    let name = next_name();
    database::create_roles_and_database(&cluster.admin_url, &name).await.expect("create");
    let database = Database::named(&cluster.admin_url, &name);
    (database.owner_url, name, cluster.admin_url.clone())
}

fn next_name() -> String {
    format!("it_{}_{}", std::process::id(), CLONES.fetch_add(1, Ordering::Relaxed))
}

async fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(open).await
}

async fn open() -> Cluster {
    let (admin_url, own) = match std::env::var("CARDEA_TEST_CLUSTER_URL") {
        Ok(url) => (url, None),
        Err(_) => {
            let server = tokio::task::spawn_blocking(|| PrivatePostgres::start(Settings::thrown_away()));
            let server = server.await.expect("join").expect("start a PostgreSQL for the tests");
            (server.url("postgres", SUPERUSER), Some(server))
        }
    };
    let template = format!("cardea_template_{:x}", fingerprint());
    build_template(&admin_url, &template).await;
    Cluster { admin_url, template, _own: own }
}

/// Built once per schema; several test processes on one cluster take turns.
async fn build_template(admin_url: &str, template: &str) {
    let mut turn = database::connect_once(admin_url).await.expect("connect");
    turn.batch_execute("SELECT pg_advisory_lock(4711)").await.expect("take turns");
    if exists(&turn, template).await {
        return;
    }
    let draft = format!("{template}_draft");
    database::drop_database(admin_url, &draft).await.expect("drop a draft left behind");
    database::create_roles_and_database(admin_url, &draft).await.expect("create the template");
    let database = Database::named(admin_url, &draft);
    database::migrate(&database.owner_url).await.expect("migrate");
    let clock = Clock::fixed(crate::app::start_of_time());
    database::ensure_partitions(&database.owner_url, database::years_ahead(clock.now()))
        .await
        .expect("partitions");
    database::grant(&database.owner_url, &database.app_url).await.expect("grants");
    people::settle(&database.owner_url, &clock).await;
    turn.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {template}"))
        .await
        .expect("finish the template");
}

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    is_true: bool,
}

async fn exists(mut conn: &platform::Conn, name: &str) -> bool {
    let sql = format!("SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') AS is_true");
    diesel::sql_query(sql).get_result::<Answer>(&mut conn).await.expect("ask").is_true
}

/// Changes whenever a migration or the people of the template change.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../backend/migrations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("migrations")
        .map(|entry| entry.expect("entry").path().join("up.sql"))
        .collect();
    files.sort();
    for file in files {
        std::fs::read(file).expect("migration").hash(&mut hasher);
    }
    include_str!("people.rs").hash(&mut hasher);
    hasher.finish()
}

fn with_user(url: &str, user: &str) -> String {
    let rest = url.strip_prefix("postgres://").expect("a postgres:// URL");
    let (_, server) = rest.split_once('@').expect("a URL with a user");
    format!("postgres://{user}@{server}")
}

/// The folder of real data sets beside the checkout, where there is one.
pub fn shared_data(set: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CARDEA_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    Some(root.join(set)).filter(|folder| folder.is_dir())
}

/// Notes that a test could not run here, where the test command counts it.
pub fn skip(test: &str, reason: &str) {
    use std::io::Write;
    println!("SKIPPED {test}: {reason}");
    if let Some(log) = std::env::var_os("CARDEA_SKIP_LOG") {
        let mut file =
            std::fs::OpenOptions::new().append(true).create(true).open(log).expect("open the skip log");
        writeln!(file, "{test}: {reason}").expect("write the skip log");
    }
}

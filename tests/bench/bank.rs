//! The bank that is measured: its kept data folder, its database, and its server in a process of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, TimeDelta};
use platform::database::{
    APP_ROLE, Copier, OWNER_ROLE, TRUTH_ROLE, create_roles_and_database, ensure_partitions, migrate,
    years_ahead,
};
use platform::ids::{SessionId, StaffId};
use platform::tokens::Tokens;
use platform::vault::{Keyring, Vault};
use platform::{Clock, Role};
use private_postgres::{PrivatePostgres, SUPERUSER, Settings};
use sandbox::{Doors, Plan, Progress};
use server::Reads;
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;

use crate::http::Door;
use crate::measure::{Outcome, Pace, Sample, say};
use crate::program::{Running, free_address};
use crate::{SERVE, SERVE_UNNOTED, cpu, prepare};

pub(crate) const DATABASE: &str = "cardea";
/// Who asks: somebody whose scope is the bank and who sees every field.
const ASKER: (&str, Role) = ("K0002", Role::RiskManager);
const KEY_FILE: &str = "keys.json";
const SEED: u64 = 20_261_101;
/// How long the chores of a start may take, and how long they may without a word.
const CHORES_PATIENCE: Duration = Duration::from_mins(20);
const CHORES_TOLD: Duration = Duration::from_secs(5);
/// Progress of the fill is told this often.
const STEP_PCT: u32 = 10;

pub(crate) struct Bank {
    pub(crate) pace: Pace,
    /// Kept from run to run.
    pub(crate) folder: PathBuf,
    pub(crate) postgres: PrivatePostgres,
    pub(crate) keyring: Keyring,
    server: Option<(Reads, Running, Door)>,
    is_filled: bool,
    runtime: Runtime,
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Bank {
    /// Starts the database alone; the bank is filled and served when a line first needs that.
    pub(crate) fn new(pace: Pace) -> Outcome<Self> {
        let name = format!("bench-{}-{}-{}", pace.cardholders, pace.months, pace.tx_per_month);
        let folder = std::path::absolute(root().canonicalize()?.join("data").join(name))?;
        let settings = Settings::kept(folder.join("postgres"), [OWNER_ROLE, APP_ROLE, TRUTH_ROLE]);
        let postgres = PrivatePostgres::start(settings)?;
        let keyring = Keyring::open_or_create(&folder.join(KEY_FILE), Clock::system().now())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let version = postgres.programs().version().to_owned();
        say(&format!("PostgreSQL {version}, data in {}", folder.display()));
        Ok(Self { pace, folder, postgres, keyring, server: None, is_filled: false, runtime })
    }

    pub(crate) fn url(&self, database: &str, role: &str) -> String {
        self.postgres.url(database, role)
    }

    pub(crate) fn admin_url(&self) -> String {
        self.postgres.url("postgres", SUPERUSER)
    }

    pub(crate) fn postgres_seconds(&self) -> f64 {
        cpu::family_seconds(self.postgres.process_id())
    }

    pub(crate) fn wait<T>(&self, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        self.runtime.block_on(work)
    }

    /// Statements of the owner's.
    pub(crate) fn execute(&self, sql: &str) -> Outcome<()> {
        self.wait(async {
            let mut copier = Copier::connect(&self.url(DATABASE, OWNER_ROLE)).await?;
            Ok(copier.client().batch_execute(sql).await?)
        })
    }

    /// The first column of what the owner asks for.
    pub(crate) fn column(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Outcome<Vec<String>> {
        self.wait(async {
            let mut copier = Copier::connect(&self.url(DATABASE, OWNER_ROLE)).await?;
            let rows = copier.client().query(sql, parameters).await?;
            Ok(rows.iter().map(|row| row.get(0)).collect())
        })
    }

    pub(crate) fn plan(&self, cardholders: u32) -> Plan {
        Plan {
            seed: SEED,
            cardholders,
            months: self.pace.months,
            tx_per_month: self.pace.tx_per_month,
            today: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default(),
        }
    }

    /// An empty database with the schema.
    pub(crate) fn create(&self, database: &str) -> Outcome<()> {
        let owner_url = self.url(database, OWNER_ROLE);
        self.wait(async {
            create_roles_and_database(&self.admin_url(), database).await?;
            migrate(&owner_url).await?;
            Ok(ensure_partitions(&owner_url, years_ahead(Clock::system().now())).await?)
        })
    }

    /// Fills a database through the product's own generator; the rows written.
    pub(crate) fn fill(
        &self,
        database: &str,
        plan: &Plan,
        progress: impl Fn(Progress) + Send + Sync,
    ) -> Outcome<u64> {
        let doors = Doors { owner_url: self.url(database, OWNER_ROLE), truth_url: None };
        let vault = Vault::new(self.keyring.clone());
        self.wait(async { Ok(sandbox::fill(&doors, &vault, &Clock::system(), plan, &progress).await?.rows) })
    }

    /// Fills the bank, once for the life of its folder.
    fn ensure_filled(&mut self) -> Outcome<()> {
        if self.is_filled {
            return Ok(());
        }
        self.create(DATABASE)?;
        let plan = self.plan(self.pace.cardholders);
        let told = std::sync::atomic::AtomicU32::new(0);
        self.fill(DATABASE, &plan, |at| {
            let done = (u64::from(at.cardholders_done) * 100 / u64::from(at.cardholders.max(1))) as u32;
            let step = done / STEP_PCT * STEP_PCT;
            if told.fetch_max(step, std::sync::atomic::Ordering::Relaxed) < step && step < 100 {
                say(&format!("   filling the bank: {step} %"));
            }
        })?;
        prepare::prepare(self)?;
        self.is_filled = true;
        Ok(())
    }

    /// The door of the bank's server, which is started the first time; one server runs at a time.
    pub(crate) fn door(&mut self, reads: Reads) -> Outcome<Door> {
        self.ensure_filled()?;
        match self.server.take() {
            Some((noted, running, door)) if noted == reads => {
                self.server = Some((noted, running, door.clone()));
                return Ok(door);
            }
            other => drop(other),
        }
        let door = Door { address: free_address()?, token: self.token()? };
        let log = File::create(self.folder.join("server.log"))?;
        let mut command = self.cardea(DATABASE)?;
        let role = if reads == Reads::Noted { SERVE } else { SERVE_UNNOTED };
        command.arg(role).env("CARDEA_SERVER__LISTEN", door.address.to_string()).stderr(log);
        let mut running = Running::start(&mut command)?;
        if let Err(error) = await_listener(&mut running, &door) {
            let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
            return Err(format!("the server does not start: {error}\n{log}").into());
        }
        self.server = Some((reads, running, door.clone()));
        self.await_idle_jobs()?;
        Ok(door)
    }

    /// A start has chores: the statistics of the whole bank take a processor for minutes where there are millions of rows. They
    /// are nobody's line.
    fn await_idle_jobs(&self) -> Outcome<()> {
        let (sql, since) = (
            "SELECT count(*)::text FROM jobs WHERE status IN ('queued', 'running') AND run_at <= now()",
            Instant::now(),
        );
        while self.column(sql, &[])?.first().is_some_and(|due| due != "0") {
            if since.elapsed() > CHORES_PATIENCE {
                return Err("the server's chores do not end".into());
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        if since.elapsed() > CHORES_TOLD {
            say(&format!("   the chores of the start took {} s", since.elapsed().as_secs()));
        }
        Ok(())
    }

    /// Stops the server; the next door is a new one's.
    pub(crate) fn hang_up(&mut self) {
        self.server = None;
    }

    /// A command of the product on one of the databases; its arguments are still to come.
    pub(crate) fn cardea(&self, database: &str) -> Outcome<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CARDEA_") {
                command.env_remove(name);
            }
        }
        command
            .env("CARDEA_KEYS__FILE", self.folder.join(KEY_FILE))
            .env("CARDEA_AUDIT__ANCHOR_DIR", self.folder.join("anchors").join(database))
            .env("DATABASE_URL", self.url(database, APP_ROLE))
            .env("DATABASE_OWNER_URL", self.url(database, OWNER_ROLE));
        Ok(command)
    }

    /// An access token of the one who asks, long enough for the whole run.
    pub(crate) fn token(&self) -> Outcome<String> {
        self.token_of(ASKER)
    }

    /// The same of anybody who works here.
    pub(crate) fn token_of(&self, (staff_no, role): (&str, Role)) -> Outcome<String> {
        let ids = self.column("SELECT staff_id::text FROM staff WHERE staff_no = $1", &[&staff_no])?;
        let staff_id = StaffId(ids.first().ok_or("the bank has no staff")?.parse()?);
        let clock = Clock::system();
        let session: SessionId = clock.new_id();
        let tokens = Tokens::new(self.keyring.clone(), TimeDelta::hours(12));
        Ok(tokens.sign(staff_id, session, role, clock.now())?)
    }

    /// The key by which another program can check such a token, in base64, from the key file itself.
    pub(crate) fn token_key(&self) -> Outcome<String> {
        let file: serde_json::Value = serde_json::from_slice(&fs::read(self.folder.join(KEY_FILE))?)?;
        Ok(file["token_key"].as_str().ok_or("the key file has no token key")?.to_owned())
    }

    /// Processor time of the server so far.
    pub(crate) fn service_seconds(&self) -> f64 {
        self.server.as_ref().map_or(0.0, |(_, running, _)| cpu::family_seconds(running.id()))
    }

    /// The most memory that the server has held, in megabytes; none where the system does not tell.
    pub(crate) fn server_peak_mb(&self) -> Option<u64> {
        let (_, running, _) = self.server.as_ref()?;
        cpu::peak_mb(running.id())
    }

    /// One repetition of HTTP load, with what it cost the server and the database.
    pub(crate) fn load(
        &self,
        door: &Door,
        requests: &Arc<Vec<Vec<u8>>>,
        connections: usize,
    ) -> Outcome<Sample> {
        self.load_for(door, requests, (connections, self.pace.repetition))
    }

    pub(crate) fn load_for(
        &self,
        door: &Door,
        requests: &Arc<Vec<Vec<u8>>>,
        (connections, duration): (usize, Duration),
    ) -> Outcome<Sample> {
        let (service_before, postgres_before) = (self.service_seconds(), self.postgres_seconds());
        let sample = door.load(requests, connections, duration)?;
        Ok(Sample {
            service_seconds: self.service_seconds() - service_before,
            postgres_seconds: self.postgres_seconds() - postgres_before,
            ..sample
        })
    }

    /// Stops the server, then the database.
    pub(crate) fn close(self) {
        let Self { server, postgres, .. } = self;
        drop(server);
        postgres.stop();
    }
}

/// The first answer: the server has opened its pools and its directory.
fn await_listener(running: &mut Running, door: &Door) -> Outcome<()> {
    let ready = door.get("/readyz");
    loop {
        match door.ask(&ready) {
            Ok(_) => return Ok(()),
            Err(error) if running.has_ended() => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

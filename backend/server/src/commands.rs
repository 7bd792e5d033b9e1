//! The commands of `cardea`.

use std::{ffi::OsString, path::PathBuf};

use clap::{Parser, Subcommand};
use platform::{files::Files, jobs::Registry};
use records::imports::Importer;
use tokio::sync::watch;
use trust::staff::Employed;

use crate::{
    app::Parts,
    bootstrap::{BootError, Database, House},
    doctor, exports, generate, import, keys,
    seed::{self, Wish},
    serve::{self, Reads},
    stop_signals::StopSignals,
};

/// What `serve` prints about the sandbox's people.
pub(crate) const SANDBOX_SIGN_INS: &str = "Sandbox sign-ins (password Cardea-2026)
  T0001 teller · R0001 relationship manager · S0001 service agent · K0001 risk officer · K0002 risk manager
  M0001 marketer · M0002 marketing manager · B0001 branch manager · U0001 auditor · A0001 administrator";

#[derive(Parser)]
#[command(name = "cardea", about = "A bank's system for its cardholders", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API, the web application and Swagger UI, and works through the job queue
    Serve,
    /// Works through the job queue alone
    Worker,
    /// Brings the database up to this version
    Migrate,
    /// Opens an empty bank: its head office and its first two administrators, whose passwords are printed once
    Found {
        /// The bank's name, which the head office gets
        #[arg(long)]
        bank: String,
        #[arg(long, default_value = "A0001")]
        staff_no: String,
        #[arg(long)]
        name: String,
        /// The other one: nobody gives powers alone
        #[arg(long, default_value = "A0002")]
        second_staff_no: String,
        #[arg(long)]
        second_name: String,
    },
    /// Fills the sandbox bank, in any size
    Seed {
        #[arg(long)]
        cardholders: Option<u32>,
        #[arg(long)]
        months: Option<u32>,
        #[arg(long)]
        tx_per_month: Option<u32>,
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Brings in a real data set
    Import(import::Arguments),
    /// Shows the keys, rotates them, goes on with a rotation
    Keys {
        #[command(subcommand)]
        wish: keys::Wish,
    },
    /// Says what is misconfigured
    Doctor,
    /// Writes the generated files: schema.rs and the OpenAPI documents
    Gen {
        /// Compare only; fail when one is stale
        #[arg(long)]
        check: bool,
        /// The checkout's root
        #[arg(long, default_value = ".")]
        root: PathBuf,
    },
}

/// Runs a command line, its first word being the program's name.
pub async fn run(line: impl IntoIterator<Item = OsString>) -> Result<(), BootError> {
    match Arguments::parse_from(line).command {
        Command::Serve => serve::serve(Reads::Noted).await,
        Command::Worker => work().await,
        Command::Migrate => migrate().await,
        Command::Found { bank, staff_no, name, second_staff_no, second_name } => {
            found(bank, [(staff_no, name), (second_staff_no, second_name)]).await
        }
        Command::Seed { cardholders, months, tx_per_month, seed } => {
            seed::seed(Wish { cardholders, months, tx_per_month, seed }).await
        }
        Command::Import(arguments) => import::import(arguments).await,
        Command::Keys { wish } => keys::keys(wish).await,
        Command::Doctor => doctor::doctor().await,
        Command::Gen { check, root } => generate::generate(&root, check).await,
    }
}

async fn migrate() -> Result<(), BootError> {
    let house = House::open()?;
    let database = Database::open(&house.config, &house.clock).await?;
    say("the database is current");
    database.close().await;
    Ok(())
}

async fn found(bank: String, founders: [(String, String); 2]) -> Result<(), BootError> {
    let house = House::open()?;
    let database = Database::open(&house.config, &house.clock).await?;
    let parts = house.parts(&database.urls).await?;
    let actor = platform::Actor::system("found");
    let employed = parts
        .db
        .write(&actor, async |tx| trust::staff::found(tx, &parts.config.sessions, bank, founders).await)
        .await;
    let told = employed.map(|employed| {
        for Employed { staff, initial_password, .. } in employed {
            say(&format!("{} may sign in with the initial password {initial_password}", staff.staff_no));
        }
    });
    database.close().await;
    told.map_err(|error| BootError::Usage(error.to_string()))
}

async fn work() -> Result<(), BootError> {
    let house = House::open()?;
    if house.config.database.url.is_empty() {
        return Err(BootError::Usage(
            "a worker of its own needs DATABASE_URL: the private server belongs to `cardea serve`".to_owned(),
        ));
    }
    let mut stop_signals = StopSignals::listen()?;
    let database = Database::open(&house.config, &house.clock).await?;
    let parts = house.parts(&database.urls).await?;
    let (stop, stopping) = watch::channel(false);
    let lanes = house.config.jobs.concurrency.max(1);
    let worker = tokio::spawn(serve::worker_of(&parts).run(lanes, stopping));
    stop_signals.next().await;
    let _ = stop.send(true);
    let _ = worker.await;
    Ok(())
}

/// Every job of every chapter.
pub fn registry(parts: &Parts) -> Registry {
    let mut registry = Registry::default();
    trust::calendars::register(&mut registry);
    trust::keys::register(&mut registry, &parts.vault);
    trust::audit::register(&mut registry, &parts.notary(), &parts.directory);
    trust::approvals::register(&mut registry);
    records::cardholders::register_jobs(&mut registry, &parts.vault);
    records::subject_requests::register_jobs(&mut registry, &parts.vault);
    records::erasures::register_jobs(&mut registry, &parts.vault, &parts.owner_url);
    trust::files::register(&mut registry);
    trust::retention::register(&mut registry, &parts.owner_url);
    let files = Files::new(parts.db.clone(), parts.vault.clone());
    let house = (parts.directory.clone(), parts.config.exports.clone());
    trust::exports::register(&mut registry, exports::sources(), files, house);
    records::statistics::register(&mut registry);
    let sources = import::sources_of(parts);
    records::sources::register(&mut registry, &sources);
    let importer = Importer { sources, directory: parts.directory.clone(), config: parts.config.clone() };
    records::imports::register(&mut registry, &importer);
    registry
}

/// Prints a line for the person who started the command.
#[expect(clippy::print_stdout, reason = "the command line answers the person who typed it")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

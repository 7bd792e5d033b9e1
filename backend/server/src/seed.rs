//! The sandbox bank: filled at the first start, or to any size by `cardea seed`.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Instant,
};

use sandbox::{Doors, Plan, Progress, State};
use trust::calendars::bank_date;

use crate::{
    bootstrap::{BootError, Database, House},
    commands::say,
};

/// Progress is told this often.
const STEP_PCT: u32 = 10;

/// What `cardea seed` asks for.
#[derive(Default)]
pub(crate) struct Wish {
    pub cardholders: Option<u32>,
    pub months: Option<u32>,
    pub tx_per_month: Option<u32>,
    pub seed: Option<u64>,
}

/// Fills the sandbox bank when this is a sandbox and nobody works here yet; goes on with a fill that was interrupted.
pub(crate) async fn fill_at_first_start(house: &House, database: &Database) -> Result<(), BootError> {
    if !house.is_sandbox() {
        return Ok(());
    }
    let doors = doors_of(database);
    match sandbox::state(&doors).await.map_err(told)? {
        State::Filled { .. } => Ok(()),
        State::Begun(plan) => fill(house, &doors, &plan).await,
        State::Nothing if is_empty(house, database).await? => {
            fill(house, &doors, &plan_of(house, &Wish::default())).await
        }
        // Somebody's own data: a sandbox without the invented bank.
        State::Nothing => Ok(()),
    }
}

/// `cardea seed`: any size, into an empty bank.
pub(crate) async fn seed(wish: Wish) -> Result<(), BootError> {
    let house = House::open()?;
    if !house.is_sandbox() {
        return Err(BootError::Usage("a production bank is not filled with invented people".to_owned()));
    }
    let database = Database::open(&house.config, &house.clock).await?;
    let filled = fill(&house, &doors_of(&database), &plan_of(&house, &wish)).await;
    database.close().await;
    filled
}

async fn fill(house: &House, doors: &Doors, plan: &Plan) -> Result<(), BootError> {
    let started = Instant::now();
    say(&format!("filling the sandbox bank: {} cardholders, {} months …", plan.cardholders, plan.months));
    let told_pct = AtomicU32::new(0);
    let report = sandbox::fill(doors, &house.vault, &house.clock, plan, &|at: Progress| {
        let pct = (u64::from(at.cardholders_done) * 100 / u64::from(at.cardholders.max(1))) as u32 / STEP_PCT
            * STEP_PCT;
        if told_pct.fetch_max(pct, Ordering::Relaxed) < pct {
            say(&format!(
                "  {pct} %  {} cardholders, {} s",
                at.cardholders_done,
                started.elapsed().as_secs()
            ));
        }
    })
    .await
    .map_err(told)?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = report.rows as f64 / seconds.max(0.001);
    say(&format!(
        "the sandbox bank has {} cardholders and {} transactions ({} rows in {seconds:.1} s, {rate:.0} rows/s)",
        report.cardholders, report.transactions, report.rows
    ));
    Ok(())
}

fn plan_of(house: &House, wish: &Wish) -> Plan {
    let settings = &house.config.sandbox;
    Plan {
        seed: wish.seed.unwrap_or(settings.seed),
        cardholders: wish.cardholders.unwrap_or(settings.cardholders),
        months: wish.months.unwrap_or(settings.months),
        tx_per_month: wish.tx_per_month.unwrap_or(sandbox::TX_PER_MONTH),
        today: bank_date(house.clock.now()),
    }
}

fn doors_of(database: &Database) -> Doors {
    Doors { owner_url: database.urls.owner.clone(), truth_url: database.urls.truth.clone() }
}

async fn is_empty(house: &House, database: &Database) -> Result<bool, BootError> {
    let parts = house.parts(&database.urls).await?;
    Ok(parts.directory.snapshot().staff.is_empty())
}

fn told(error: sandbox::SandboxError) -> BootError {
    BootError::Sandbox(error.to_string())
}

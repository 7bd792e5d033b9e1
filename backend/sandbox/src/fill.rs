//! Filling the bank: once, whole, and from where it stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use chrono::NaiveDate;
use futures_util::future::try_join_all;
use platform::Clock;
use platform::database::{Copier, DbError, ensure_partitions, years_ahead};
use platform::passwords::HashError;
use platform::vault::{Vault, VaultError};
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::batch;
use crate::plan::{Plan, PlanError};
use crate::reference;
use crate::scene::Scene;
use crate::truth;
use crate::world::World;

/// Chunks that are made and sent at the same time: while one is encoded the database works on another.
const LANES: usize = 3;

/// Held by the connection: who dies with it gives it back.
const TAKE_TURN: &str = "SELECT pg_advisory_lock(hashtext('cardea sandbox'))";
const END_TURN: &str = "SELECT pg_advisory_unlock(hashtext('cardea sandbox'))";

/// The ways in.
#[derive(Clone)]
pub struct Doors {
    /// The owner's: partitions, and what the writer is allowed.
    pub owner_url: String,
    /// That of the role to which the truth belongs; it adds to the bank's tables while a fill lasts. Where there is no such
    /// role the owner does both.
    pub truth_url: Option<String>,
}

impl Doors {
    fn writer_url(&self) -> &str {
        self.truth_url.as_deref().unwrap_or(&self.owner_url)
    }
}

/// How far a fill has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub cardholders_done: u32,
    pub cardholders: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Whether anything was written now.
    pub was_filled: bool,
    pub cardholders: u32,
    pub transactions: u64,
    /// Rows of all tables written now.
    pub rows: u64,
    /// The business date of the bank as it is.
    pub today: NaiveDate,
}

/// What a database holds of a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Nothing,
    /// A fill began and did not end.
    Begun(Plan),
    Filled {
        plan: Plan,
        transactions: u64,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(
        "the bank holds a sandbox of another plan: {0} cardholders, {1} months, {2} transactions a month, seed {3}"
    )]
    OtherPlan(u32, u32, u32, u64),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the database refused the fill")]
    Sql(#[from] tokio_postgres::Error),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Password(#[from] HashError),
    #[error("a part of the fill was lost")]
    Task(#[from] tokio::task::JoinError),
}

impl SandboxError {
    fn other_plan(stored: &Plan) -> Self {
        Self::OtherPlan(stored.cardholders, stored.months, stored.tx_per_month, stored.seed)
    }
}

/// What the database holds.
pub async fn state(doors: &Doors) -> Result<State, SandboxError> {
    let mut copier = Copier::connect(doors.writer_url()).await?;
    read_state(copier.client()).await
}

/// Fills the bank as planned, or goes on with a fill that was interrupted (its business date stays what it was).
/// A bank that is filled already is left as it is.
pub async fn fill(
    doors: &Doors,
    vault: &Vault,
    clock: &Clock,
    plan: &Plan,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Report, SandboxError> {
    plan.check()?;
    let mut copier = Copier::connect(doors.writer_url()).await?;
    if let State::Filled { plan: stored, transactions } = read_state(copier.client()).await? {
        if !stored.is_same_bank(plan) {
            return Err(SandboxError::other_plan(&stored));
        }
        return Ok(Report {
            was_filled: false,
            cardholders: stored.cardholders,
            transactions,
            rows: 0,
            today: stored.today,
        });
    }
    // Fills that begin together take turns wherever they change what is not a row.
    copier.client().batch_execute(TAKE_TURN).await?;
    ensure_partitions(&doors.owner_url, plan.years()).await?;
    ensure_partitions(&doors.owner_url, years_ahead(clock.now())).await?;
    let mut owner = Copier::connect(&doors.owner_url).await?;
    let writer = open_truth(owner.client(), copier.client()).await?;
    let (world, done) = begin(copier.client(), plan, clock).await?;
    ensure_partitions(&doors.owner_url, world.plan.years()).await?;
    copier.client().batch_execute(END_TURN).await?;
    let fill = Fill {
        url: doors.writer_url(),
        vault,
        world: Arc::new(world),
        next: AtomicU32::new(0),
        done,
        progress,
        cardholders: AtomicU32::new(0),
        rows: AtomicU64::new(0),
    };
    fill.report(fill.done.iter().map(|chunk| fill.world.plan.chunk(*chunk).len() as u32).sum());
    try_join_all((0..LANES).map(|_| fill.lane())).await?;
    for table in batch::bank_tables() {
        owner.client().batch_execute(&format!("ANALYZE {table}")).await?;
    }
    copier.client().batch_execute(TAKE_TURN).await?;
    let transactions = finish(copier.client(), &fill, clock).await?;
    close_truth(owner.client(), &writer).await?;
    let plan = fill.world.plan;
    Ok(Report {
        was_filled: true,
        cardholders: plan.cardholders,
        transactions,
        rows: fill.rows.into_inner(),
        today: plan.today,
    })
}

async fn read_state(client: &Client) -> Result<State, SandboxError> {
    let is_there: bool = client.query_one("SELECT to_regclass('truth.fills') IS NOT NULL", &[]).await?.get(0);
    if !is_there {
        return Ok(State::Nothing);
    }
    let sql = "SELECT seed, cardholders, months, tx_per_month, today, finished_at IS NOT NULL, transactions FROM truth.fills";
    Ok(match client.query_opt(sql, &[]).await? {
        None => State::Nothing,
        Some(row) if row.get::<_, bool>(5) => State::Filled {
            plan: plan_of(&row),
            transactions: row.get::<_, Option<i64>>(6).unwrap_or(0).cast_unsigned(),
        },
        Some(row) => State::Begun(plan_of(&row)),
    })
}

fn plan_of(row: &Row) -> Plan {
    let whole = |column: usize| row.get::<_, i32>(column).cast_unsigned();
    Plan {
        seed: row.get::<_, i64>(0).cast_unsigned(),
        cardholders: whole(1),
        months: whole(2),
        tx_per_month: whole(3),
        today: row.get(4),
    }
}

/// Makes the truth's schema, and lets its role add to the bank while the fill lasts. Names that role.
async fn open_truth(owner: &mut Client, writer: &mut Client) -> Result<String, SandboxError> {
    let role: String = writer.query_one("SELECT quote_ident(current_user)", &[]).await?.get(0);
    let (database, owner_role): (String, String) = {
        let row =
            owner.query_one("SELECT quote_ident(current_database()), quote_ident(current_user)", &[]).await?;
        (row.get(0), row.get(1))
    };
    if role != owner_role {
        let tables = [batch::bank_tables(), reference::TABLES.to_vec()].concat().join(", ");
        let grants = format!(
            "GRANT CREATE ON DATABASE {database} TO {role};
             GRANT USAGE ON SCHEMA public TO {role};
             GRANT SELECT, INSERT ON {tables} TO {role};"
        );
        owner.batch_execute(&grants).await?;
    }
    let transaction = writer.transaction().await?;
    transaction.batch_execute(truth::DDL).await?;
    transaction.commit().await?;
    Ok(role)
}

async fn close_truth(owner: &mut Client, writer: &str) -> Result<(), SandboxError> {
    let owner_role: String = owner.query_one("SELECT quote_ident(current_user)", &[]).await?.get(0);
    if owner_role != writer {
        let tables = [batch::bank_tables(), reference::TABLES.to_vec()].concat().join(", ");
        owner.batch_execute(&format!("REVOKE INSERT ON {tables} FROM {writer}")).await?;
    }
    Ok(())
}

/// Writes down the plan, or takes the one that was begun; lays what the chunks stand on; says which chunks are there.
async fn begin(client: &mut Client, plan: &Plan, clock: &Clock) -> Result<(World, Vec<u32>), SandboxError> {
    let transaction = client.transaction().await?;
    let sql = "INSERT INTO truth.fills (seed, cardholders, months, tx_per_month, today, chunks, started_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let whole = |number: u32| number.cast_signed();
    let (seed, chunks) = (plan.seed.cast_signed(), whole(plan.chunks()));
    let (cardholders, months, tx_per_month) =
        (whole(plan.cardholders), whole(plan.months), whole(plan.tx_per_month));
    transaction
        .execute(sql, &[&seed, &cardholders, &months, &tx_per_month, &plan.today, &chunks, &clock.now()])
        .await?;
    let stored = transaction
        .query_one("SELECT seed, cardholders, months, tx_per_month, today FROM truth.fills", &[])
        .await?;
    let stored = plan_of(&stored);
    if !stored.is_same_bank(plan) {
        return Err(SandboxError::other_plan(&stored));
    }
    let mut world = World::new(stored);
    reference::lay(&transaction, &mut world).await?;
    let done = transaction.query("SELECT chunk FROM truth.fill_chunks", &[]).await?;
    transaction.commit().await?;
    Ok((world, done.iter().map(|row| row.get::<_, i32>(0).cast_unsigned()).collect()))
}

/// A fill under way.
struct Fill<'a> {
    url: &'a str,
    vault: &'a Vault,
    world: Arc<World>,
    next: AtomicU32,
    /// Chunks that an earlier fill has written.
    done: Vec<u32>,
    progress: &'a (dyn Fn(Progress) + Send + Sync),
    cardholders: AtomicU32,
    rows: AtomicU64,
}

impl Fill<'_> {
    fn report(&self, cardholders: u32) {
        let cardholders_done = self.cardholders.fetch_add(cardholders, Ordering::Relaxed) + cardholders;
        (self.progress)(Progress { cardholders_done, cardholders: self.world.plan.cardholders });
    }

    fn take(&self) -> Option<u32> {
        loop {
            let chunk = self.next.fetch_add(1, Ordering::Relaxed);
            if chunk >= self.world.plan.chunks() {
                return None;
            }
            if !self.done.contains(&chunk) {
                return Some(chunk);
            }
        }
    }

    /// Makes and sends chunk after chunk over one connection.
    async fn lane(&self) -> Result<(), SandboxError> {
        let mut copier = Copier::connect(self.url).await?;
        // A commit that a crash loses takes its marker with it, so nothing need wait for the disk.
        copier.client().batch_execute("SET synchronous_commit = off").await?;
        while let Some(chunk) = self.take() {
            self.write(copier.client(), chunk).await?;
        }
        Ok(())
    }

    async fn write(&self, client: &mut Client, chunk: u32) -> Result<(), SandboxError> {
        let (world, vault) = (self.world.clone(), self.vault.clone());
        let made = tokio::task::spawn_blocking(move || batch::make(&Scene::set(world, chunk), &vault));
        let batch = made.await??;
        let cardholders = self.world.plan.chunk(chunk).len() as u32;
        let transaction = client.transaction().await?;
        // Another fill may be writing the same chunk: this waits for what becomes of it.
        let sql = "INSERT INTO truth.fill_chunks (chunk, cardholders, transactions) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let transactions = batch.transactions.count.cast_signed();
        let marked = transaction
            .execute(sql, &[&chunk.cast_signed(), &cardholders.cast_signed(), &transactions])
            .await?;
        if marked == 0 {
            transaction.rollback().await?;
        } else {
            let rows = batch.send(&transaction).await?;
            transaction.commit().await?;
            self.rows.fetch_add(rows, Ordering::Relaxed);
        }
        self.report(cardholders);
        Ok(())
    }
}

/// Marks the fill as whole and leaves its audit row, both or neither. Says how many transactions there are.
async fn finish(client: &mut Client, fill: &Fill<'_>, clock: &Clock) -> Result<u64, SandboxError> {
    let (plan, now) = (fill.world.plan, clock.now());
    let transaction = client.transaction().await?;
    let sql = "UPDATE truth.fills SET finished_at = $1, transactions = (SELECT sum(transactions)::bigint FROM truth.fill_chunks)
        WHERE finished_at IS NULL RETURNING transactions";
    if let Some(row) = transaction.query_opt(sql, &[&now]).await? {
        let transactions: i64 = row.get(0);
        let changes = serde_json::json!({
            "seed": plan.seed, "cardholders": plan.cardholders, "months": plan.months, "today": plan.today, "transactions": transactions,
        });
        let sql = "INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, trace_id, object_kind, changes, written_in)
            VALUES ($1, $2, 'sandbox.fill', 'done', 'system', 'system-sandbox', 'sandbox', $3, pg_current_xact_id()::text::bigint)";
        transaction.execute(sql, &[&now, &clock.new_id::<Uuid>(), &changes]).await?;
    }
    let transactions: i64 = transaction.query_one("SELECT transactions FROM truth.fills", &[]).await?.get(0);
    transaction.commit().await?;
    Ok(transactions.cast_unsigned())
}

//! One import from its first file to its report.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use platform::{
    Actor, Db, DbResult,
    database::{Bulk, CopyChunks, CopyRow},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;

use super::{
    ImportError, ImportReport, Layout, Phase, Progress, Reading, Row, RowError, RowFault, Shape, SourceFile,
    Step, TableReport, Watch,
    faults::ERRORS_KEPT,
    merge::{self, Found},
    source_file::Meter,
};
use crate::audit::{self, Entry};

/// How often a watcher hears from a file that is being read.
const TICK: Duration = Duration::from_millis(500);
/// Staged chunks that may wait for the database: the reader is at most this far ahead.
const CHUNKS_AHEAD: usize = 8;
/// How long an import waits for another of the same source (or for what a killed one left behind) to end.
const TURN_TIMEOUT: &str = "SET lock_timeout = '120s'";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOptions {
    /// Read, compare and report; change nothing.
    #[serde(default)]
    pub is_dry_run: bool,
    /// Rows that may be refused before nothing is imported at all.
    #[serde(default)]
    pub errors_max: u64,
}

/// Takes one row.
type Push<'a> = dyn FnMut(&Row<'_>) -> Result<(), RowFault> + 'a;

/// What will be done, for the progress and the trail.
pub struct Plan<'p> {
    /// As columns named `source` have it.
    pub source: &'static str,
    pub files: &'p [&'p SourceFile],
    pub steps: u64,
    /// Who answers for it.
    pub actor: Actor,
    /// Refused rows that are told one by one.
    pub errors_kept: usize,
}

impl<'p> Plan<'p> {
    /// By the house itself, with as many refused rows as a report shows.
    pub fn of(source: &'static str, files: &'p [&'p SourceFile], steps: u64) -> Self {
        Self { source, files, steps, actor: Actor::system("import"), errors_kept: ERRORS_KEPT }
    }
}

/// What a finished step leaves in its job's row, in the transaction that did it.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    /// Digests of the files: a checkpoint of other files counts for nothing.
    files: Vec<String>,
    tables: Vec<TableReport>,
    steps: Vec<String>,
}

/// Stops the reading thread when the import is dropped: nobody would listen to it any more.
struct StopReading(Meter);

impl Drop for StopReading {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// An import under way.
pub struct Import {
    bulk: Bulk,
    source: &'static str,
    actor: Actor,
    options: ImportOptions,
    watch: Watch,
    reading: Reading,
    _stop: StopReading,
    staged: HashMap<&'static str, u64>,
    /// On a dry run: the staging table that was last compared with each table.
    compared: HashMap<&'static str, &'static str>,
    tables: Vec<TableReport>,
    steps_done: Vec<String>,
    /// What an earlier attempt had finished.
    resumed: Option<Checkpoint>,
    bytes_total: u64,
    steps_total: u64,
}

impl Import {
    pub async fn begin(
        db: &Db,
        plan: Plan<'_>,
        options: ImportOptions,
        watch: Watch,
    ) -> Result<Self, ImportError> {
        let bulk = db.bulk().await?;
        take_turn(&bulk, plan.source).await?;
        let resumed = watch.checkpoint().and_then(|value| serde_json::from_value(value.clone()).ok());
        let reading = Reading::keeping(plan.errors_kept);
        Ok(Self {
            bulk,
            source: plan.source,
            actor: plan.actor,
            options,
            watch,
            _stop: StopReading(reading.meter.clone()),
            reading,
            staged: HashMap::new(),
            compared: HashMap::new(),
            tables: Vec::new(),
            steps_done: Vec::new(),
            resumed,
            bytes_total: plan.files.iter().map(|file| file.bytes()).sum::<u64>().max(1),
            steps_total: plan.steps.max(1),
        })
    }

    pub fn is_dry_run(&self) -> bool {
        self.options.is_dry_run
    }

    /// The session, to read from.
    pub fn bulk(&self) -> &Bulk {
        &self.bulk
    }

    /// Reads on a thread of its own and tells the progress meanwhile.
    pub async fn read<T: Send + 'static>(
        &mut self,
        what: &str,
        work: impl FnOnce(&mut Reading) -> T + Send + 'static,
    ) -> Result<T, ImportError> {
        let mut reading = std::mem::take(&mut self.reading);
        let meter = reading.meter.clone();
        let mut task = tokio::task::spawn_blocking(move || {
            let answer = work(&mut reading);
            (reading, answer)
        });
        let ended = loop {
            tokio::select! {
                ended = &mut task => break ended,
                () = tokio::time::sleep(TICK) => {}
            }
            if let Err(stop) = self.tell(Phase::Reading, what, meter.bytes()).await {
                meter.stop();
                let _ = task.await;
                return Err(stop);
            }
        };
        let (reading, answer) = ended.map_err(|_| ImportError::ReaderLost)?;
        self.reading = reading;
        self.tell(Phase::Reading, what, meter.bytes()).await?;
        Ok(answer)
    }

    /// Stages rows that were read before.
    pub async fn stage<R: CopyRow + Sync>(
        &mut self,
        table: &'static str,
        rows: Vec<R>,
    ) -> Result<(), ImportError> {
        self.bulk.create_staging::<R>(table).await?;
        let mut copy = self.bulk.copy_into_staging::<R>(table).await?;
        let mut chunks = CopyChunks::default();
        for row in &rows {
            if let Some(chunk) = chunks.push(row) {
                copy.send(chunk).await?;
            }
        }
        copy.send(chunks.finish()).await?;
        let count = copy.finish().await?;
        self.staged_in(table, count).await
    }

    /// Reads a file and stages its rows as they come, however many there are.
    pub async fn stage_file<R: CopyRow>(
        &mut self,
        table: &'static str,
        file: &SourceFile,
        shape: Shape,
        each: impl FnMut(&Row<'_>) -> Result<R, RowFault> + Send + 'static,
    ) -> Result<(), ImportError> {
        let source_file = file.clone();
        let read = move |reading: &mut Reading, push: &mut Push<'_>| reading.read(&source_file, &shape, push);
        self.stage_rows(table, &file.name, read, each).await
    }

    /// The same for a file whose columns somebody has named.
    pub async fn stage_mapped<R: CopyRow>(
        &mut self,
        table: &'static str,
        file: &SourceFile,
        layout: Layout,
        each: impl FnMut(&Row<'_>) -> Result<R, RowFault> + Send + 'static,
    ) -> Result<(), ImportError> {
        let source_file = file.clone();
        let read = move |reading: &mut Reading, push: &mut Push<'_>| {
            reading.read_mapped(&source_file, &layout, push)
        };
        self.stage_rows(table, &file.name, read, each).await
    }

    async fn stage_rows<R: CopyRow>(
        &mut self,
        table: &'static str,
        what: &str,
        read: impl FnOnce(&mut Reading, &mut Push<'_>) + Send + 'static,
        mut each: impl FnMut(&Row<'_>) -> Result<R, RowFault> + Send + 'static,
    ) -> Result<(), ImportError> {
        self.bulk.create_staging::<R>(table).await?;
        let mut copy = self.bulk.copy_into_staging::<R>(table).await?;
        let (sender, mut chunks) = mpsc::channel::<Bytes>(CHUNKS_AHEAD);
        let read = self.read(what, move |reading| {
            let mut rows = CopyChunks::default();
            read(reading, &mut |row: &Row<'_>| {
                if let Some(chunk) = rows.push(&each(row)?) {
                    // Nobody listens any more when the database is gone; that side tells why.
                    let _ = sender.blocking_send(chunk);
                }
                Ok(())
            });
            let _ = sender.blocking_send(rows.finish());
        });
        // It owns the receiver: should the database fail, the reader finds nobody listening and reads on alone.
        let send = async move {
            while let Some(chunk) = chunks.recv().await {
                copy.send(chunk).await?;
            }
            // Without the last chunk's end mark there is nothing to finish: the reader was stopped.
            copy.finish().await
        };
        let (read, sent) = tokio::join!(read, send);
        read?;
        self.staged_in(table, sent?).await
    }

    async fn staged_in(&mut self, table: &'static str, count: u64) -> Result<(), ImportError> {
        self.staged.insert(table, count);
        Ok(self.bulk.analyze(table).await?)
    }

    /// Refuses staged rows `s` that `condition` finds, by their column `line`; says how many. Only they know what has to be
    /// compared with the bank to be known.
    pub async fn refuse_staged(
        &mut self,
        file: &SourceFile,
        table: &'static str,
        condition: &str,
        fault: RowFault,
    ) -> Result<u64, ImportError> {
        let kept = self.reading.errors.room();
        let sql = format!(
            "WITH gone AS (DELETE FROM {table} s WHERE {condition} RETURNING s.line)
             SELECT (SELECT count(*) FROM gone), ARRAY(SELECT line FROM gone ORDER BY line LIMIT {kept})"
        );
        let rows = self.bulk.query(&sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok(0) };
        let (count, lines) = (row.get::<_, i64>(0).unsigned_abs(), row.get::<_, Vec<i64>>(1));
        for line in &lines {
            self.reading.refuse(file, line.unsigned_abs(), fault);
        }
        self.reading.errors.note_uncounted(count - lines.len() as u64);
        if let Some(staged) = self.staged.get_mut(table) {
            *staged -= count.min(*staged);
        }
        Ok(count)
    }

    /// The refused rows that are told one by one.
    pub fn refused(&self) -> &[RowError] {
        self.reading.errors.kept()
    }

    /// Ends the reading: refuses the whole import when more rows were refused than are tolerated.
    pub fn accept(&mut self) -> Result<(), ImportError> {
        if self.reading.errors.exceed(self.options.errors_max) {
            return Err(ImportError::Refused(Box::new(self.report())));
        }
        let files = self.fingerprint();
        self.resumed = self.resumed.take().filter(|checkpoint| checkpoint.files == files);
        Ok(())
    }

    /// The earliest and the latest moment in a staged column.
    pub async fn span(&self, stage: &str, column: &str) -> DbResult<Option<(DateTime<Utc>, DateTime<Utc>)>> {
        merge::span(&self.bulk, stage, column).await
    }

    /// Compares, and merges what differs in one transaction with its audit row.
    pub async fn step(&mut self, step: &Step) -> Result<(), ImportError> {
        let share = self.bytes_total * self.steps_done.len() as u64 / self.steps_total;
        self.tell(Phase::Merging, step.name, self.bytes_total + share).await?;
        let tables = match self.finished_before(step) {
            Some(tables) => tables,
            None => {
                let founds = self.compare(step).await?;
                if self.options.is_dry_run || founds.iter().all(|found| found.writes_nothing()) {
                    let compared = step.parts.iter().zip(&founds);
                    compared
                        .map(|(part, found)| {
                            line(step, part.table(), *found, (found.inserted(), found.differing))
                        })
                        .collect()
                } else {
                    self.merge(step, &founds).await?
                }
            }
        };
        self.tables.extend(tables);
        self.steps_done.push(step.name.to_owned());
        Ok(())
    }

    async fn compare(&mut self, step: &Step) -> Result<Vec<Found>, ImportError> {
        let mut founds = Vec::new();
        for part in &step.parts {
            let staged = self.staged.get(part.stage()).copied().unwrap_or_default();
            let mut found = part.compare(&self.bulk, staged).await?;
            if self.options.is_dry_run {
                // Two files at most hold the same rows, so that nothing is counted twice here.
                let earlier = self.compared.insert(part.table(), part.stage());
                if let Some(earlier) = earlier.filter(|earlier| *earlier != part.stage()) {
                    let (known, differing) = part.compare_with_earlier(&self.bulk, earlier).await?;
                    found.known += known;
                    found.differing += differing;
                }
            }
            founds.push(found);
        }
        Ok(founds)
    }

    async fn merge(&mut self, step: &Step, founds: &[Found]) -> Result<Vec<TableReport>, ImportError> {
        let files = self.fingerprint();
        let Self { bulk, watch, source, actor, tables: before, steps_done, .. } = self;
        let lines: DbResult<Vec<TableReport>> = bulk
            .write(actor, async |tx| {
                let mut lines = Vec::new();
                for (part, found) in step.parts.iter().zip(founds) {
                    let counts = if found.writes_nothing() { (0, 0) } else { part.merge(tx, *found).await? };
                    lines.push(line(step, part.table(), *found, counts));
                }
                for statement in &step.afterwards {
                    tx.execute(&merge::at(statement, tx.now), &[]).await?;
                }
                let changes = json!({ "source": source, "step": step.name, "tables": lines, "files": files });
                audit::record_bulk(tx, Entry::of("imports.merge").changing(changes)).await?;
                let checkpoint = Checkpoint {
                    files: files.clone(),
                    tables: before.iter().chain(&lines).cloned().collect(),
                    steps: steps_done
                        .iter()
                        .map(String::as_str)
                        .chain([step.name])
                        .map(str::to_owned)
                        .collect(),
                };
                watch.checkpoint_in(tx, &json!(checkpoint)).await?;
                Ok(lines)
            })
            .await;
        Ok(lines?)
    }

    fn finished_before(&self, step: &Step) -> Option<Vec<TableReport>> {
        let checkpoint = self.resumed.as_ref()?;
        checkpoint
            .steps
            .iter()
            .any(|name| name == step.name)
            .then(|| checkpoint.tables.iter().filter(|table| table.step == step.name).cloned().collect())
    }

    /// The report at the end.
    pub fn finish(self) -> ImportReport {
        self.report()
    }

    fn report(&self) -> ImportReport {
        let sum = |of: fn(&TableReport) -> u64| self.tables.iter().map(of).sum();
        ImportReport {
            source: self.source.to_owned(),
            is_dry_run: self.options.is_dry_run,
            rows_read: self.reading.files.iter().map(|file| file.rows_read).sum(),
            inserted: sum(|table| table.inserted),
            updated: sum(|table| table.updated),
            unchanged: sum(|table| table.unchanged),
            refused: self.reading.errors.count(),
            files: self.reading.files.clone(),
            tables: self.tables.clone(),
            errors: self.reading.errors.kept().iter().take(ERRORS_KEPT).cloned().collect(),
        }
    }

    fn fingerprint(&self) -> Vec<String> {
        self.reading.files.iter().map(|file| file.sha256.clone()).collect()
    }

    /// Reading is the first half of the work, merging the second.
    async fn tell(&self, phase: Phase, what: &str, done: u64) -> Result<(), ImportError> {
        self.watch.tell(Progress { phase, what, done, total: 2 * self.bytes_total }).await
    }
}

fn line(step: &Step, table: &str, found: Found, (inserted, updated): (u64, u64)) -> TableReport {
    TableReport {
        step: step.name.to_owned(),
        table: table.to_owned(),
        staged: found.staged,
        inserted,
        updated,
        unchanged: found.staged - inserted - updated,
    }
}

/// One import per source at a time. The lock goes with the session.
async fn take_turn(bulk: &Bulk, source: &str) -> Result<(), ImportError> {
    bulk.query(TURN_TIMEOUT, &[]).await?;
    let key = format!("import {source}");
    match bulk.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", &[&key]).await {
        Ok(_) => {}
        Err(platform::DbError::TooSlow) => return Err(ImportError::AlreadyRunning),
        Err(error) => return Err(error.into()),
    }
    bulk.query("SET lock_timeout = 0", &[]).await?;
    Ok(())
}

//! Writing the file: batch by batch, while the next one is read. Whoever asked is looked up again, because a role may have
//! changed while a request waited.

use std::sync::Arc;

use chrono::TimeDelta;
use platform::{
    Conn, Db, StaffActor,
    config::ExportsConfig,
    files::{FilePurpose, FileWriter, Files, NewFile, StoredFile},
    ids::SessionId,
    jobs::{JobError, JobRun},
};
use web::Directory;

use super::{
    faults::ExportError,
    model::{ExportFormat, ExportRow},
    rules,
    sources::{Asked, Batch, ExportColumn, ExportSource, Exporter, seen},
    watermark::Watermark,
    writer::RowWriter,
};
use crate::calendars::{bank_date, business_on};

/// Bytes that are gathered before they are handed to the file.
const HANDED_AT: usize = 1 << 20;

/// What writing a file needs of the house.
#[derive(Clone)]
pub(super) struct Press {
    pub files: Files,
    pub directory: Directory,
    pub config: ExportsConfig,
}

/// A written file, and what is in it.
pub(super) struct Written {
    pub file: StoredFile,
    pub rows: i64,
    pub columns: Vec<ExportColumn>,
    /// By whose powers.
    pub staff: StaffActor,
}

/// Whoever asked, as they are now.
pub(super) async fn exporter_of(press: &Press, db: &Db, row: &ExportRow) -> Result<Exporter, ExportError> {
    let directory = press.directory.snapshot();
    let entry = directory.staff.get(&row.staff_id).filter(|entry| entry.is_active);
    let staff = entry.map(|entry| StaffActor {
        staff_id: row.staff_id,
        staff_no: entry.staff_no.clone(),
        name: entry.name.clone(),
        role: entry.role,
        scope: entry.scope,
        branch_id: entry.branch_id,
        // Nobody is signed in here.
        session_id: SessionId(uuid::Uuid::nil()),
    });
    let staff = staff.ok_or(ExportError::ListForbidden)?;
    let now = db.clock().now();
    let business_on = business_on(&*db.read().await?, now).await?;
    Ok(Exporter { staff, directory, now, business_on })
}

/// What is written, and where to.
struct Printing<'a> {
    run: &'a JobRun,
    row: &'a ExportRow,
    file: FileWriter,
    text: RowWriter,
    /// Where in a row the columns stand that are seen.
    places: Vec<usize>,
    rows: i64,
}

/// Writes the whole list into a file of its own.
pub(super) async fn write(
    run: &JobRun,
    press: &Press,
    source: &Arc<dyn ExportSource>,
    row: &ExportRow,
) -> Result<Written, Stopped> {
    let exporter = exporter_of(press, &run.db, row).await?;
    rules::admit(&exporter, row.list)?;
    let columns = seen(&**source, exporter.sight());
    let mut printing = begin(run, press, (row, &exporter), &columns).await?;
    let asked = Asked { exporter: &exporter, cardholder_id: row.cardholder_id, query: &row.query };
    printing.places = source
        .columns()
        .iter()
        .enumerate()
        .filter(|(_, column)| columns.contains(column))
        .map(|(at, _)| at)
        .collect();
    match print(&mut printing, &**source, asked, press.config.rows_max).await {
        Ok(()) => {
            let Printing { mut file, text, rows, .. } = printing;
            file.write(&text.finish()).await.map_err(ExportError::from)?;
            let file = file.finish().await.map_err(ExportError::from)?;
            Ok(Written { file, rows, columns, staff: exporter.staff })
        }
        Err(stopped) => {
            printing.file.give_up().await.map_err(ExportError::from)?;
            Err(stopped)
        }
    }
}

async fn begin<'a>(
    run: &'a JobRun,
    press: &Press,
    (row, exporter): (&'a ExportRow, &Exporter),
    columns: &[ExportColumn],
) -> Result<Printing<'a>, ExportError> {
    let name = name_of(row, exporter);
    let new = NewFile {
        purpose: FilePurpose::Export,
        name: &name,
        created_by: Some(row.staff_id),
        bytes_max: press.config.bytes_max,
        expires_at: Some(exporter.now + TimeDelta::hours(press.config.expires_hours)),
    };
    let names: Vec<&'static str> = columns.iter().map(|column| column.name).collect();
    let watermark = Watermark::of(row, &exporter.staff.name, exporter.now);
    Ok(Printing {
        run,
        row,
        file: press.files.create(new).await?,
        text: RowWriter::begin(row.format, &names, &watermark),
        places: Vec::new(),
        rows: 0,
    })
}

/// `cardholders-20261102-0b41e9c2.csv`
fn name_of(row: &ExportRow, exporter: &Exporter) -> String {
    let id = row.export_id.0.simple().to_string();
    let ending = match row.format {
        ExportFormat::Csv => "csv",
        ExportFormat::Xlsx => "xlsx",
        ExportFormat::Ndjson => "ndjson",
    };
    format!("{}-{}-{}.{ending}", row.list, bank_date(exporter.now).format("%Y%m%d"), &id[24..])
}

/// Reads and writes at once: while one batch becomes text, the database finds the next.
async fn print(
    printing: &mut Printing<'_>,
    source: &dyn ExportSource,
    asked: Asked<'_>,
    rows_max: i64,
) -> Result<(), Stopped> {
    let conn = printing.run.db.read().await.map_err(ExportError::from)?;
    let mut batch = read(source, &conn, asked, None).await?;
    loop {
        let next = batch.next.take();
        let (written, following) = match next {
            Some(after) => {
                let (written, following) =
                    futures_util::join!(put(printing, &batch), read(source, &conn, asked, Some(after)));
                (written, Some(following?))
            }
            None => (put(printing, &batch).await, None),
        };
        written?;
        refuse_beyond(printing.row, printing.rows, rows_max)?;
        let expected = printing.row.rows_expected.max(printing.rows);
        printing.run.progress(printing.rows, Some(expected)).await?;
        match following {
            Some(following) => batch = following,
            None => return Ok(()),
        }
    }
}

/// A file holds so many rows, and none that nobody approved.
fn refuse_beyond(row: &ExportRow, rows: i64, rows_max: i64) -> Result<(), ExportError> {
    if rows <= row.rows_allowed(rows_max) {
        return Ok(());
    }
    Err(if rows > rows_max { ExportError::TooManyRows { rows_max } } else { ExportError::Outgrown })
}

async fn read(
    source: &dyn ExportSource,
    conn: &Conn,
    asked: Asked<'_>,
    after: Option<String>,
) -> Result<Batch, ExportError> {
    source.batch(conn, asked, after).await.map_err(ExportError::List)
}

async fn put(printing: &mut Printing<'_>, batch: &Batch) -> Result<(), ExportError> {
    for row in &batch.rows {
        let cells = printing.places.iter().filter_map(|at| row.get(*at));
        printing.text.row(cells)?;
    }
    printing.rows += batch.rows.len() as i64;
    let bytes = printing.text.take();
    for part in bytes.chunks(HANDED_AT) {
        printing.file.write(part).await?;
    }
    Ok(())
}

/// Why there is no file: the list's own reason, or the job's.
pub(super) enum Stopped {
    Fault(ExportError),
    Job(JobError),
}

impl From<ExportError> for Stopped {
    fn from(error: ExportError) -> Self {
        Self::Fault(error)
    }
}

impl From<JobError> for Stopped {
    fn from(error: JobError) -> Self {
        Self::Job(error)
    }
}

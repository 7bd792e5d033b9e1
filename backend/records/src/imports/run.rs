//! One run: read, check, compare, merge.

use platform::{
    Actor, StaffActor,
    files::{Files, StoredFile},
};
use trust::imports::{
    Import, ImportError, ImportOptions, ImportReport, Part, Plan, RowError, SourceFile, Step, Watch,
};

use super::{
    jobs::Importer,
    mapping,
    model::{ImportKind, ImportRow},
};
use crate::{
    cardholders::bulk::{self as people, BulkDesk, PEOPLE},
    transactions::bulk::{self as movements, MOVEMENTS},
};

/// As columns named `source` have it. Imports of uploads take turns.
const SOURCE: &str = "import";
/// Refused rows that are given back.
pub(super) const ERRORS_KEPT: usize = 100_000;

/// What a run came to.
pub(super) struct Ran {
    pub report: ImportReport,
    /// Too many rows were refused, and nothing was changed.
    pub is_refused: bool,
    pub refused: Vec<RowError>,
}

/// A file and what is to become of it.
pub(super) struct Order<'a> {
    pub row: &'a ImportRow,
    pub file: &'a StoredFile,
    pub staff: StaffActor,
    pub actor: Actor,
}

pub(super) async fn run(importer: &Importer, order: Order<'_>, watch: Watch) -> Result<Ran, ImportError> {
    let files = Files::new(importer.sources.db.clone(), importer.sources.vault.clone());
    let file = SourceFile::uploaded(&files, order.file);
    let sources = [&file];
    let options = ImportOptions {
        is_dry_run: order.row.is_dry_run.unwrap_or(false),
        errors_max: order.row.errors_max.unwrap_or(0).unsigned_abs(),
    };
    let plan = Plan { actor: order.actor.clone(), errors_kept: ERRORS_KEPT, ..Plan::of(SOURCE, &sources, 1) };
    let mut import = Import::begin(&importer.sources.db, plan, options, watch).await?;
    let kind = order.row.kind;
    match kind {
        ImportKind::Cardholders => stage_people(importer, &mut import, &file, order).await?,
        ImportKind::Transactions => stage_movements(importer, &mut import, &file, order).await?,
    }
    let mut refused = import.refused().to_vec();
    refused.sort_by_key(|error| error.line);
    if let Err(error) = import.accept() {
        let ImportError::Refused(report) = error else { return Err(error) };
        return Ok(Ran { report: *report, is_refused: true, refused });
    }
    match kind {
        ImportKind::Cardholders => import.step(&step("cardholders", Part::New(&PEOPLE))).await?,
        ImportKind::Transactions => {
            if !import.is_dry_run() {
                importer.sources.ensure_years(&import, MOVEMENTS.stage).await?;
            }
            import.step(&step("transactions", Part::Facts(&MOVEMENTS))).await?;
        }
    }
    Ok(Ran { report: import.finish(), is_refused: false, refused })
}

fn step(name: &'static str, part: Part) -> Step {
    Step { name, parts: vec![part], afterwards: Vec::new() }
}

async fn stage_people(
    importer: &Importer,
    import: &mut Import,
    file: &SourceFile,
    order: Order<'_>,
) -> Result<(), ImportError> {
    let (vault, directory) = (importer.sources.vault.clone(), importer.directory.snapshot());
    let desk = BulkDesk::open(&importer.sources.db, vault, directory, order.staff).await?;
    let layout = layout_of(order.row)?;
    import.stage_mapped(PEOPLE.stage, file, layout, move |row| desk.prepare(row)).await?;
    people::refuse_doubles(import, file).await?;
    Ok(people::free_numbers(import.bulk()).await?)
}

async fn stage_movements(
    importer: &Importer,
    import: &mut Import,
    file: &SourceFile,
    order: Order<'_>,
) -> Result<(), ImportError> {
    let now = importer.sources.db.clock().now();
    let staff = &order.staff;
    let reach = importer.directory.snapshot().reach_of(staff.staff_id, staff.scope, staff.branch_id);
    let layout = layout_of(order.row)?;
    import.stage_mapped(MOVEMENTS.stage, file, layout, move |row| movements::prepare(row, now)).await?;
    movements::settle(import, file, &reach).await
}

fn layout_of(row: &ImportRow) -> Result<trust::imports::Layout, ImportError> {
    let format = row.format().ok_or(ImportError::ReaderLost)?;
    Ok(mapping::layout(row.kind, format, &row.mapping()))
}

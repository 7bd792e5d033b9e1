//! `cardea import …`: a real data set from a folder, with progress lines and a table at the end.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use clap::{Args, Subcommand};
use platform::{database::connect_once, jobs::enqueue_now};
use records::sources::{self, ImportBerka, ImportUciCreditDefault, Sources};
use trust::imports::{ImportError, ImportOptions, ImportReport, Phase, Progress, Watch};

use crate::{
    app::Parts,
    bootstrap::{BootError, Database, House},
    commands::say,
};

/// Refused rows that are printed; the report has up to a thousand.
const ERRORS_SHOWN: usize = 20;

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    source: Source,
}

#[derive(Subcommand)]
enum Source {
    /// The Czech bank of the PKDD'99 challenge: nine files
    Berka(Wish),
    /// 30,000 credit-card holders with six monthly statements: one file
    UciCreditDefault(Wish),
}

#[derive(Args)]
struct Wish {
    /// Where the files lie, plain or gzip
    #[arg(long)]
    folder: PathBuf,
    /// Read, check, compare and report; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Rows that may be refused before nothing is imported at all
    #[arg(long, default_value_t = 0)]
    max_errors: u64,
    /// Leave it to the running server's job queue
    #[arg(long)]
    queue: bool,
}

impl Wish {
    fn options(&self) -> ImportOptions {
        ImportOptions { is_dry_run: self.dry_run, errors_max: self.max_errors }
    }
}

/// What imports need of the house.
pub fn sources_of(parts: &Parts) -> Sources {
    Sources { db: parts.db.clone(), vault: parts.vault.clone(), owner_url: parts.owner_url.clone() }
}

pub(crate) async fn import(arguments: Arguments) -> Result<(), BootError> {
    let house = House::open()?;
    let database = Database::open_or_join(&house.config, &house.clock).await?;
    let done = import_into(&house, &database, arguments.source).await;
    database.close().await;
    done
}

async fn import_into(house: &House, database: &Database, source: Source) -> Result<(), BootError> {
    let (Source::Berka(wish) | Source::UciCreditDefault(wish)) = &source;
    let folder = std::path::absolute(&wish.folder)?;
    if !folder.is_dir() {
        return Err(BootError::Usage(format!("{} is not a folder", folder.display())));
    }
    if wish.queue {
        return enqueue(house, database, &source, folder).await;
    }
    let sources = sources_of(&house.parts(&database.urls).await?);
    let options = wish.options();
    let outcome = match &source {
        Source::Berka(_) => sources::berka::import(&sources, &folder, options, console()).await,
        Source::UciCreditDefault(_) => {
            sources::uci_credit_default::import(&sources, &folder, options, console()).await
        }
    };
    match outcome {
        Ok(report) => {
            say(&table_of(&report, &folder));
            Ok(())
        }
        Err(ImportError::Refused(report)) => {
            say(&errors_of(&report));
            Err(ImportError::Refused(report).into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn enqueue(
    house: &House,
    database: &Database,
    source: &Source,
    folder: PathBuf,
) -> Result<(), BootError> {
    let conn = connect_once(&database.urls.app).await?;
    let job_id = match source {
        Source::Berka(wish) => {
            enqueue_now(&conn, &ImportBerka { folder, options: wish.options() }, &house.clock).await?
        }
        Source::UciCreditDefault(wish) => {
            enqueue_now(&conn, &ImportUciCreditDefault { folder, options: wish.options() }, &house.clock)
                .await?
        }
    };
    say(&format!("queued as job {job_id}"));
    Ok(())
}

/// One line per file and step, and one per further tenth of the work.
fn console() -> Watch {
    let last = Mutex::new((String::new(), 0));
    Watch::telling(move |progress: &Progress<'_>| {
        let pct = progress.done.saturating_mul(100) / progress.total.max(1);
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.0 != progress.what || pct / 10 > last.1 / 10 {
            let doing = if progress.phase == Phase::Reading { "reading" } else { "merging" };
            say(&format!("{pct:>3} %  {doing} {}", progress.what));
            *last = (progress.what.to_owned(), pct);
        }
    })
}

fn table_of(report: &ImportReport, folder: &Path) -> String {
    let (verb, skipped) = if report.is_dry_run { ("would be ", "nothing was changed") } else { ("", "") };
    let mut lines = vec![format!("{} from {}", report.source, folder.display())];
    lines.push(format!("  {:<28}{:>10}{:>10}", "file", "rows", "refused"));
    for file in &report.files {
        lines.push(format!("  {:<28}{:>10}{:>10}", file.file, file.rows_read, file.refused));
    }
    lines.push(format!(
        "  {:<28}{:>10}{:>10}{:>10}",
        format!("table ({verb}…)"),
        "inserted",
        "updated",
        "unchanged"
    ));
    for table in &report.tables {
        lines.push(format!(
            "  {:<28}{:>10}{:>10}{:>10}",
            table.table, table.inserted, table.updated, table.unchanged
        ));
    }
    lines.push(format!(
        "  {:<28}{:>10}{:>10}{:>10}",
        "all", report.inserted, report.updated, report.unchanged
    ));
    if report.refused > 0 {
        lines.push(errors_of(report));
    }
    if !skipped.is_empty() {
        lines.push(skipped.to_owned());
    } else if report.is_unchanged() {
        lines.push("everything was there already".to_owned());
    }
    lines.join("\n")
}

fn errors_of(report: &ImportReport) -> String {
    let shown = report.errors.iter().take(ERRORS_SHOWN).map(|error| {
        let column = error.column.as_deref().unwrap_or("-");
        format!("  {}:{}  {column}  {}", error.file, error.line, error.code)
    });
    let more = report.refused.saturating_sub(ERRORS_SHOWN as u64);
    let rest = (more > 0).then(|| format!("  … and {more} more"));
    std::iter::once(format!("refused: {} rows (file:line  column  reason)", report.refused))
        .chain(shown)
        .chain(rest)
        .collect::<Vec<_>>()
        .join("\n")
}

//! Measures the lines of the bench table (`backend/docs/performance.md`), every figure beside its baseline in the same run.
//!
//! Nothing here is a test: a missed threshold is printed and the program still ends well. It fails where something broke.

mod bank;
mod copy;
mod cpu;
mod http;
mod lines;
mod measure;
mod pgbench;
mod prepare;
mod program;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::bank::Bank;
use crate::lines::Line;
use crate::measure::{Finding, Outcome, Pace, Told, say};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The first arguments with which this program is the product, in a process of its own.
const SERVE: &str = "serve";
/// The same without the trail of reads: what a read costs by itself.
const SERVE_UNNOTED: &str = "serve_unnoted";
const IMPORT: &str = "import";

#[derive(Parser)]
#[command(name = "bench", about = "Measures Cardea against its baselines")]
struct Arguments {
    /// 100,000 cardholders and short repetitions: at most ten minutes
    #[arg(long)]
    quick: bool,
    /// Only this line; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Line>,
    /// Another size than that of the chosen length; its bank is kept in a folder of its own
    #[arg(long)]
    cardholders: Option<u32>,
    /// Other transactions of a cardholder a month than the five of both lengths: the disk may be small
    #[arg(long)]
    tx_per_month: Option<u32>,
}

impl Arguments {
    fn pace(&self) -> Pace {
        let pace = if self.quick { Pace::quick() } else { Pace::full() };
        Pace {
            cardholders: self.cardholders.unwrap_or(pace.cardholders),
            tx_per_month: self.tx_per_month.unwrap_or(pace.tx_per_month),
            ..pace
        }
    }
}

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|first| [SERVE, SERVE_UNNOTED, IMPORT].contains(&first.as_str())) {
        return be_cardea();
    }
    match measure_all(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("bench: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// What the same command of `cardea` does, in the same build of the same code.
fn be_cardea() -> ExitCode {
    let _telemetry = platform::telemetry::start();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| {
            let is_unnoted = std::env::args().nth(1).is_some_and(|first| first == SERVE_UNNOTED);
            runtime.block_on(async {
                if is_unnoted {
                    server::serve(server::Reads::Unnoted).await.map_err(|error| error.to_string())
                } else {
                    server::commands::run(std::env::args_os()).await.map_err(|error| error.to_string())
                }
            })
        });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::FAILURE
        }
    }
}

fn measure_all(arguments: &Arguments) -> Outcome<()> {
    let lines: Vec<Line> = Line::value_variants()
        .iter()
        .filter(|line| arguments.only.is_empty() || arguments.only.contains(line))
        .copied()
        .collect();
    let mut bank = Bank::new(arguments.pace())?;
    let mut findings = Vec::new();
    let mut broken = Vec::new();
    for line in lines {
        say(&format!("── {}", line.title()));
        match line.measure(&mut bank) {
            Ok(told) => told.into_iter().for_each(|told| match told {
                Told::Found(finding) => {
                    say(&finding.to_string());
                    findings.push(finding);
                }
                Told::Skipped(reason) => say(&format!("skipped: {reason}")),
            }),
            Err(error) => {
                say(&format!("broke: {error}"));
                broken.push(line.title());
            }
        }
    }
    bank.close();
    say(&format!("\n{}", Finding::table(&findings)));
    if broken.is_empty() { Ok(()) } else { Err(format!("these lines broke: {}", broken.join(", ")).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from([&["bench"], words].concat())
    }

    #[test]
    fn the_length_and_the_lines_are_chosen_by_name() {
        let all = parsed(&[]).unwrap();
        assert!(!all.quick && all.only.is_empty());
        let some =
            parsed(&["--quick", "--only", "get", "--only", "latest50", "--cardholders", "5000"]).unwrap();
        assert!(some.quick && some.only == [Line::Get, Line::Latest50] && some.pace().cardholders == 5_000);
        assert_eq!((all.pace().cardholders, all.pace().tx_per_month), (1_000_000, 5));
        assert!(parsed(&["--only", "everything"]).is_err());
    }

    #[test]
    fn a_line_is_chosen_by_the_title_it_is_told_by() {
        for line in Line::value_variants() {
            assert_eq!(Line::from_str(line.title(), false), Ok(*line));
        }
    }
}

//! `cargo xtask`: everything one does with this repository, one verb each.

mod bench;
mod build_context;
mod chromium;
mod command;
mod counts;
mod dependencies;
mod dockerfile;
mod doctor;
mod end_to_end;
mod failures;
mod frontend;
mod generated;
mod graph;
mod http_check;
mod image_replay;
mod lint;
mod node;
mod package_manager;
mod postgres_programs;
mod python;
mod report;
mod rust_tests;
mod sandbox_server;
mod say;
mod set_up_lock;
mod start;
mod test;
mod version;
mod workspace;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::command::Failure;
use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything one does with this repository, one verb each")]
struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Sets up what is missing, builds, and runs the bank on http://127.0.0.1:8080
    Run {
        /// Passed on to `cardea serve`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Runs every check and every test; ends with `N passed, N failed, N skipped`
    Test(test::Choices),
    /// Writes the generated files: schema.rs, openapi/*.json, schema.gen.ts
    Gen {
        /// Compares instead of writing
        #[arg(long)]
        check: bool,
    },
    /// Checks format and lints, of both languages
    Lint,
    /// Measures speed against the baselines, and prints the table
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Fills the sandbox bank, in any size (passed on to `cardea seed`)
    Seed {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Brings in a real data set (passed on to `cardea import`)
    Import {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Says what is missing or misconfigured on this machine
    Doctor,
    /// Prints the crates and who uses whom, for Graphviz
    Graph,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Some(verb) = arguments.verb else {
        list_verbs();
        return ExitCode::SUCCESS;
    };
    match carry_out(verb) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            say::complaint(&failure);
            ExitCode::FAILURE
        }
    }
}

/// Whether all is well. `run`, `seed` and `import` do not come back: they become the server.
fn carry_out(verb: Verb) -> Result<bool, Failure> {
    let workspace = Workspace::find()?;
    match verb {
        Verb::Run { arguments } => start::run(&workspace, &arguments).map(|()| true),
        Verb::Seed { arguments } => start::seed(&workspace, &arguments).map(|()| true),
        Verb::Import { arguments } => start::import(&workspace, &arguments).map(|()| true),
        Verb::Test(choices) => test::run(&workspace, choices),
        Verb::Gen { check } => generated::run(&workspace, check),
        Verb::Lint => lint::run(&workspace),
        Verb::Bench { arguments } => bench::run(&workspace, &arguments).map(|()| true),
        Verb::Doctor => doctor::run(&workspace),
        Verb::Graph => graph::print(&workspace).map(|()| true),
    }
}

fn list_verbs() {
    for verb in Arguments::command().get_subcommands() {
        let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
        say::line(format!("{:8} {about}", verb.get_name()));
    }
}

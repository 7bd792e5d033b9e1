//! Every check and every test, in one run with one closing line.

use private_postgres::{PrivatePostgres, SUPERUSER, Settings, TemporaryFolder};

use crate::command::Failure;
use crate::dependencies;
use crate::end_to_end;
use crate::frontend::Frontend;
use crate::generated;
use crate::image_replay;
use crate::lint;
use crate::node::Node;
use crate::postgres_programs;
use crate::report::Report;
use crate::rust_tests::{self, Surroundings};
use crate::workspace::Workspace;

#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Choices {
    /// Also replays the build steps of the Dockerfiles in a clean copy (several minutes)
    #[arg(long)]
    images: bool,
}

pub(crate) fn run(workspace: &Workspace, choices: Choices) -> Result<bool, Failure> {
    let mut report = Report::new();
    let scratch = TemporaryFolder::new()?;
    lint::rust(workspace, &mut report);
    dependencies::check(workspace, &mut report);
    with_cluster(workspace, &scratch, &mut report);
    let frontend = front_end(workspace, &scratch, &mut report);
    end_to_end::run(workspace, frontend.as_ref(), scratch.path(), &mut report);
    if choices.images {
        image_replay::run(workspace, &mut report);
    }
    Ok(report.close())
}

/// What needs a PostgreSQL: one cluster for the whole run, without durability, gone afterwards.
fn with_cluster(workspace: &Workspace, scratch: &TemporaryFolder, report: &mut Report) {
    let mut cluster = None;
    report.check("private PostgreSQL", || {
        postgres_programs::ensure()?;
        cluster = Some(PrivatePostgres::start(Settings::thrown_away())?);
        Ok(())
    });
    let cluster_url = cluster.as_ref().map(|cluster| cluster.url("postgres", SUPERUSER));
    let (mut skips, mut failures) = (Vec::new(), Vec::new());
    report.count("Rust tests", || {
        let surroundings = Surroundings { cluster_url: cluster_url.as_deref(), scratch: scratch.path() };
        let outcome = rust_tests::run(workspace, &surroundings)?;
        (skips, failures) = (outcome.skips, outcome.failures);
        Ok(outcome.counts)
    });
    skips.iter().for_each(|skip| report.remark(format!("skipped: {skip}")));
    failures.into_iter().for_each(|failure| report.remark(failure));
    if let Some(url) = cluster_url {
        report.check("schema.rs, openapi fresh", || generated::server_files(workspace, &url, true));
    }
}

/// The front end with its packages, for what comes after.
fn front_end(workspace: &Workspace, scratch: &TemporaryFolder, report: &mut Report) -> Option<Frontend> {
    if !Frontend::is_present(workspace) {
        report.absent("front end", "frontend/package.json");
        return None;
    }
    let mut frontend = None;
    report.check("front-end packages", || {
        let present = Frontend::new(workspace, Node::ensure(workspace)?);
        present.install_packages()?;
        frontend = Some(present);
        Ok(())
    });
    let frontend = frontend?;
    report.check("schema.gen.ts fresh", || generated::typescript(&frontend, true));
    lint::typescript(&frontend, report);
    let mut failures = Vec::new();
    report.count("front-end tests", || {
        let counts;
        (counts, failures) = frontend.unit_tests(scratch.path())?;
        Ok(counts)
    });
    failures.into_iter().for_each(|failure| report.remark(failure));
    report.check("front-end build", || frontend.build_if_stale());
    Some(frontend)
}

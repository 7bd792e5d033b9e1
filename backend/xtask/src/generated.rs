//! Files that are written by programs, committed, and proven fresh: `schema.rs` from the catalogue of a
//! migrated database, `openapi/*.json` from the handlers, `schema.gen.ts` from `openapi/openapi.json`.

use std::fs;
use std::path::Path;

use private_postgres::{PrivatePostgres, SUPERUSER, Settings};

use crate::command::{self, Doing, Failure};
use crate::frontend::Frontend;
use crate::node::Node;
use crate::postgres_programs;
use crate::report::Report;
use crate::workspace::Workspace;

const TYPESCRIPT: &str = "src/api/schema.gen.ts";

pub(crate) fn run(workspace: &Workspace, check: bool) -> Result<bool, Failure> {
    postgres_programs::ensure()?;
    let cluster = PrivatePostgres::start(Settings::thrown_away())?;
    let url = cluster.url("postgres", SUPERUSER);
    let mut report = Report::new();
    report.check("schema.rs, openapi", || server_files(workspace, &url, check));
    if Frontend::is_present(workspace) {
        let frontend = Frontend::new(workspace, Node::ensure(workspace)?);
        report.check("npm ci", || frontend.install_packages());
        report.check("schema.gen.ts", || typescript(&frontend, check));
    } else {
        report.absent("schema.gen.ts", "frontend/package.json");
    }
    Ok(report.close())
}

/// What the server knows of itself. It makes its own database on the cluster.
pub(crate) fn server_files(workspace: &Workspace, cluster_url: &str, check: bool) -> Result<(), Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--package", "server", "--bin", "cardea", "--", "gen"]);
    if check {
        cargo.arg("--check");
    }
    cargo.env("CARDEA_TEST_CLUSTER_URL", cluster_url);
    command::run(if check { "cardea gen --check" } else { "cardea gen" }, &mut cargo)
}

/// The generator writes in place, so a check puts back what was there.
pub(crate) fn typescript(frontend: &Frontend, check: bool) -> Result<(), Failure> {
    let file = frontend.path(TYPESCRIPT);
    if !check {
        return frontend.script("gen:api", &[]);
    }
    let committed = fs::read(&file).doing(format!("read {}", file.display()))?;
    let generated = frontend.script("gen:api", &[]);
    let fresh = fs::read(&file).doing(format!("read {}", file.display()));
    put_back(&file, &committed)?;
    generated?;
    if fresh? == committed {
        return Ok(());
    }
    Err(Failure::new(format!("frontend/{TYPESCRIPT} is stale: run `cargo xtask gen`")))
}

fn put_back(file: &Path, committed: &[u8]) -> Result<(), Failure> {
    if fs::read(file).is_ok_and(|now| now == committed) {
        return Ok(());
    }
    fs::write(file, committed).doing(format!("write {}", file.display()))
}

//! `cardea gen`: the files that are written by the program and committed. `--check` only compares.

use std::path::{Path, PathBuf};

use platform::database;
use private_postgres::{PrivatePostgres, SUPERUSER, Settings};

use crate::{bootstrap::BootError, commands::say};

/// Writes (or compares) `schema.rs` and the OpenAPI documents below `root`.
pub(crate) async fn generate(root: &Path, is_check: bool) -> Result<(), BootError> {
    let files = [
        (root.join("backend/platform/src/schema.rs"), schema().await?),
        (root.join("openapi/openapi.json"), openapi()?),
    ];
    let mut stale = Vec::new();
    for (path, text) in files {
        let is_fresh = std::fs::read_to_string(&path).is_ok_and(|found| found == text);
        match (is_fresh, is_check) {
            (true, _) => {}
            (false, true) => stale.push(path.display().to_string()),
            (false, false) => write(&path, &text)?,
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(BootError::Usage(format!("stale: {}; run `cargo xtask gen`", stale.join(", "))))
    }
}

fn write(path: &PathBuf, text: &str) -> Result<(), BootError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}

fn openapi() -> Result<String, BootError> {
    let text = crate::document().to_pretty_json().map_err(|error| BootError::Usage(error.to_string()))?;
    Ok(text + "\n")
}

/// The schema as the migrations make it, read back from a database of its own.
async fn schema() -> Result<String, BootError> {
    let (cluster, _server) = match std::env::var("CARDEA_TEST_CLUSTER_URL") {
        Ok(url) => (url, None),
        Err(_) => {
            let server = tokio::task::spawn_blocking(|| PrivatePostgres::start(Settings::thrown_away()))
                .await
                .map_err(|error| BootError::Usage(error.to_string()))??;
            (server.url("postgres", SUPERUSER), Some(server))
        }
    };
    let name = format!("cardea_gen_{}", std::process::id());
    database::create_roles_and_database(&cluster, &name).await?;
    let url = database::with_database(&cluster, &name);
    let text = async {
        database::migrate(&url).await?;
        database::schema_text::schema_text(&url).await
    }
    .await;
    database::drop_database(&cluster, &name).await?;
    Ok(text?)
}

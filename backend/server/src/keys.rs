//! `cardea keys …`: shows the keys, rotates them, and works through the rotation itself where no server does.

use std::time::Duration;

use clap::Subcommand;
use platform::{
    Actor,
    jobs::{Registry, Worker},
};
use trust::keys::{self, RotationKind, RotationWish};

use crate::{
    app::Parts,
    bootstrap::{BootError, Database, House},
    commands::say,
};

/// Never waited for: the worker runs what is due and ends.
const POLL: Duration = Duration::from_secs(1);

#[derive(Subcommand)]
pub(crate) enum Wish {
    /// Which keys there are and what each wraps
    Show,
    /// A new master key; every data key is wrapped anew
    Rotate {
        /// A new key for access tokens instead
        #[arg(long)]
        token: bool,
    },
    /// Goes on with a rotation, or follows one that was made in the environment
    Rewrap,
}

pub(crate) async fn keys(wish: Wish) -> Result<(), BootError> {
    let house = House::open()?;
    let database = Database::open_or_join(&house.config, &house.clock).await?;
    let done = keys_of(&house, &database, wish).await;
    database.close().await;
    done
}

async fn keys_of(house: &House, database: &Database, wish: Wish) -> Result<(), BootError> {
    let parts = house.parts_under_any_keys(&database.urls).await?;
    let kind = match wish {
        Wish::Show => return show(&parts).await,
        Wish::Rotate { token: true } => RotationKind::Token,
        Wish::Rotate { token: false } => RotationKind::Master,
        Wish::Rewrap => RotationKind::Rewrap,
    };
    let overlap = parts.tokens.lifetime();
    let keyring = parts.vault.keyring();
    let begun = parts
        .db
        .write(&Actor::system("cardea keys"), async |tx| {
            keys::rotate(tx, keyring, RotationWish { kind }, overlap).await
        })
        .await
        .map_err(|error| BootError::Usage(error.to_string()))?;
    say(&format!("the current key is {}", begun.key_id));
    if begun.job_id.is_some() {
        work(&parts).await?;
        show(&parts).await?;
    }
    Ok(())
}

/// Runs the rotation's job, unless a running server has taken it already.
async fn work(parts: &Parts) -> Result<(), BootError> {
    let mut registry = Registry::default();
    keys::register(&mut registry, &parts.vault);
    let worker = Worker::new(parts.db.clone(), registry, POLL);
    if worker.run_due().await? == 0 {
        say("a running server has taken the job");
    }
    Ok(())
}

async fn show(parts: &Parts) -> Result<(), BootError> {
    let conn = parts.db.read().await?;
    let overview = keys::overview(&conn, parts.vault.keyring(), parts.clock.now()).await?;
    say(&format!("  {:<8}{:<10}{:>12}  made", "master", "status", "data keys"));
    for key in &overview.master_keys {
        let made = key.created_at.map_or_else(|| "-".to_owned(), |at| at.format("%F %R UTC").to_string());
        say(&format!("  {:<8}{:<10}{:>12}  {made}", key.key_id, key.status, key.data_key_count));
    }
    for key in &overview.token_keys {
        let until = key
            .until
            .map_or_else(String::new, |until| format!(", accepted until {}", until.format("%F %R UTC")));
        say(&format!("  {}  signs access tokens{until}", key.key_id));
    }
    Ok(())
}

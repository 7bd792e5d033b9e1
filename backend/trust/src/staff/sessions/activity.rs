//! Whoever works stays signed in: when sessions were at work is kept in memory and written down once a minute, all at once.

use std::time::Duration;

use platform::{Actor, Db, DbError, DbResult, Tx};
use web::Directory;

use super::repo;

const PERIOD: Duration = Duration::from_secs(60);

/// Writes down for as long as the process lives.
pub async fn keep_activity(directory: Directory, db: Db) {
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(error) = write_down(&directory, &db).await {
            tracing::warn!(error = %error, "when sessions were at work can't be written down");
        }
    }
}

async fn write_down(directory: &Directory, db: &Db) -> DbResult<()> {
    let uses = directory.activity().unwritten(db.clock().now());
    if uses.is_empty() {
        return Ok(());
    }
    db.write(&Actor::system("sessions.activity"), async |tx: &mut Tx<'_>| {
        repo::note_uses(tx, &uses).await?;
        tx.mark_unchanged();
        Ok::<_, DbError>(())
    })
    .await?;
    directory.activity().mark_written(&uses);
    Ok(())
}

use chrono::TimeDelta;
use platform::{
    Conn, DbResult, Tx, files,
    jobs::Job,
    vault::{Keyring, Vault},
};
use serde_json::json;

use super::{
    jobs::RewrapDataKeys,
    model::{
        AcceptedTokenKey, KeyError, KeyOverview, KeyRotation, MasterKey, MasterKeyStatus, RotationKind,
        RotationWish,
    },
    repo,
};
use crate::{
    audit::{self, Entry},
    jobs,
    staff::{require_step_up, second_factors_by_master_key},
};

/// Whether these keys open what this database holds: true where it holds nothing, and where only some are missing.
pub async fn are_of_this_database(conn: &Conn, vault: &Vault) -> DbResult<bool> {
    let sealed = repo::outermost(conn).await?;
    Ok(sealed.is_empty() || sealed.iter().any(|(id, wrapped)| vault.unwrap(wrapped, *id).is_ok()))
}

/// Every key with what it wraps, and how far the latest rotation is.
pub async fn overview(
    conn: &Conn,
    keyring: &Keyring,
    now: chrono::DateTime<chrono::Utc>,
) -> DbResult<KeyOverview> {
    let mut counts = repo::counts(conn).await?;
    for (key_id, count) in second_factors_by_master_key(conn).await? {
        *counts.entry(key_id).or_default() += count;
    }
    for (key_id, files) in files::counts_by_master_key(conn).await? {
        *counts.entry(key_id).or_default() += files;
    }
    let mut master_keys: Vec<MasterKey> = Vec::new();
    for key in keyring.master_keys() {
        let data_key_count = counts.remove(&key.key_id).unwrap_or(0);
        let status = match (key.is_current, data_key_count) {
            (true, _) => MasterKeyStatus::Current,
            (false, 0) => MasterKeyStatus::Retired,
            (false, _) => MasterKeyStatus::InUse,
        };
        master_keys.push(MasterKey {
            key_id: key.key_id,
            created_at: key.created_at,
            status,
            data_key_count,
        });
    }
    master_keys.extend(counts.into_iter().map(|(key_id, data_key_count)| MasterKey {
        key_id,
        created_at: None,
        status: MasterKeyStatus::Missing,
        data_key_count,
    }));
    let token_keys = keyring.token_keys(now).into_iter().map(|key| AcceptedTokenKey {
        key_id: key.key_id,
        created_at: key.created_at,
        is_current: key.is_current,
        until: key.until,
    });
    Ok(KeyOverview {
        is_rotatable: keyring.is_rotatable(),
        master_keys,
        token_keys: token_keys.collect(),
        rotation: jobs::latest(conn, RewrapDataKeys::KIND).await?,
    })
}

/// Begins a rotation. The key file is written before the job is: a crash in between leaves a new key that wraps what is new,
/// and the next rotation finds what is old. `overlap` is how long a token signed a moment ago lives.
pub async fn rotate(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    wish: RotationWish,
    overlap: TimeDelta,
) -> Result<KeyRotation, KeyError> {
    require_step_up(tx).await?;
    let is_running = jobs::latest(tx, RewrapDataKeys::KIND).await?.is_some_and(|job| job.is_live());
    if is_running && wish.kind != RotationKind::Token {
        return Err(KeyError::RotationRunning);
    }
    if !keyring.is_rotatable() && wish.kind != RotationKind::Rewrap {
        return Err(KeyError::FromEnvironment { next_key_id: next_key_id(keyring, tx, wish.kind) });
    }
    let before = current_of(keyring, tx, wish.kind);
    let key_id = change(keyring, wish.kind, tx.now, overlap).await?.unwrap_or_else(|| before.clone());
    let job_id = match wish.kind {
        RotationKind::Token => None,
        RotationKind::Master | RotationKind::Rewrap => Some(tx.enqueue(&RewrapDataKeys {}).await?),
    };
    let changes = json!({ "kind": [null, wish.kind], "key_id": [before, key_id] });
    audit::record(tx, Entry::of("keys.rotate").changing(changes)).await?;
    Ok(KeyRotation { key_id, job_id })
}

/// Changes the keys; they are on disk when this returns.
async fn change(
    keyring: &Keyring,
    kind: RotationKind,
    now: chrono::DateTime<chrono::Utc>,
    overlap: TimeDelta,
) -> Result<Option<String>, KeyError> {
    let keyring = keyring.clone();
    let changed = tokio::task::spawn_blocking(move || match kind {
        RotationKind::Master => keyring.add_master_key(now).map(Some),
        RotationKind::Token => keyring.replace_token_key(now, overlap).map(Some),
        RotationKind::Rewrap => Ok(None),
    });
    Ok(changed.await.map_err(|_| KeyError::Interrupted)??)
}

fn current_of(keyring: &Keyring, tx: &Tx<'_>, kind: RotationKind) -> String {
    let keys = match kind {
        RotationKind::Token => keyring.token_keys(tx.now),
        RotationKind::Master | RotationKind::Rewrap => keyring.master_keys(),
    };
    keys.into_iter().find(|key| key.is_current).map(|key| key.key_id).unwrap_or_default()
}

/// A name for the key that somebody has to make by hand: the current one's with the next number.
fn next_key_id(keyring: &Keyring, tx: &Tx<'_>, kind: RotationKind) -> String {
    let current = current_of(keyring, tx, kind);
    let letters = current.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: u64 = current[letters.len()..].parse().unwrap_or(1);
    format!("{letters}{}", number.saturating_add(1))
}

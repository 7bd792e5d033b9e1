//! What a rotation of the master key needs to know and do here.

use std::collections::BTreeMap;

use platform::{
    Conn, DbResult, Tx,
    vault::{Vault, VaultError},
};

use super::{
    model::{SecondFactor, place_of},
    prove, repo,
};

/// How many secrets each master key seals.
pub async fn sealed_under(conn: &Conn) -> DbResult<BTreeMap<String, i64>> {
    repo::counts_by_master_key(conn).await
}

/// Seals every secret under the current master key; says how many were sealed anew, and how many no key here opens.
pub async fn reseal(tx: &mut Tx<'_>, vault: &Vault, current: &str) -> DbResult<(i64, i64)> {
    let (mut resealed, mut unreadable) = (0, 0);
    for kept in repo::lock_outdated(tx, current).await? {
        match resealed_one(vault, &kept) {
            Ok((master_key_id, sealed)) => {
                repo::store_sealed(tx, kept.staff_id, &master_key_id, &sealed).await?;
                resealed += 1;
            }
            Err(_) => unreadable += 1,
        }
    }
    Ok((resealed, unreadable))
}

fn resealed_one(vault: &Vault, kept: &SecondFactor) -> Result<(String, platform::vault::Sealed), VaultError> {
    let secret = prove::opened(vault, kept)?;
    vault.seal_under_master(place_of(kept.staff_id), &secret)
}

//! Showing the second factor. Whoever calls holds the person's row locked, so that tries at once count one by one.

use platform::{
    Tx,
    ids::StaffId,
    totp,
    vault::{Vault, VaultError},
};

use super::{model::place_of, repo};
use crate::staff::sessions::SessionError;

/// What somebody shows: the code of their authenticator, or one on paper.
pub(in crate::staff) enum Proof {
    Code(String),
    RecoveryCode(String),
}

impl Proof {
    /// The code of the authenticator, where both are shown.
    pub(in crate::staff) fn of(code: Option<String>, recovery_code: Option<String>) -> Option<Self> {
        code.map(Self::Code).or(recovery_code.map(Self::RecoveryCode))
    }
}

/// Whether it is right; then it is used up.
pub(in crate::staff) async fn is_proved(
    tx: &mut Tx<'_>,
    vault: &Vault,
    staff_id: StaffId,
    proof: Option<&Proof>,
) -> Result<bool, SessionError> {
    match proof {
        None => Ok(false),
        Some(Proof::RecoveryCode(code)) => {
            Ok(repo::use_recovery_code(tx, staff_id, &totp::recovery_hash(code)).await?)
        }
        Some(Proof::Code(code)) => {
            let Some(step) = accepted_step(tx, vault, staff_id, code).await? else { return Ok(false) };
            repo::use_step(tx, staff_id, step).await?;
            Ok(true)
        }
    }
}

async fn accepted_step(
    tx: &mut Tx<'_>,
    vault: &Vault,
    staff_id: StaffId,
    code: &str,
) -> Result<Option<i64>, SessionError> {
    let Some(kept) = repo::lock(tx, staff_id).await?.filter(|kept| kept.confirmed_at.is_some()) else {
        return Ok(None);
    };
    let secret = opened(vault, &kept)?;
    Ok(totp::accepted_step(&secret, code, tx.now, kept.last_used_step))
}

/// The one place that opens a secret: to compare codes, never to show it.
pub(super) fn opened(
    vault: &Vault,
    kept: &super::model::SecondFactor,
) -> Result<impl std::ops::Deref<Target = String> + use<>, VaultError> {
    vault.open_under_master(&kept.master_key_id, place_of(kept.staff_id), &kept.sealed_secret)
}

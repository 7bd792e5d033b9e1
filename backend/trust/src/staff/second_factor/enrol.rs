//! Setting a second factor up, confirming it, and taking it away.

use chrono::TimeDelta;
use platform::{Conn, DbResult, StaffActor, Tx, config::SessionsConfig, ids::StaffId, totp, vault::Vault};
use web::access;

use super::{
    model::{NewSecondFactor, RecoveryCodes, SecondFactorError, SecondFactorState, place_of},
    prove, repo,
};
use crate::{
    audit::{self, Entry},
    staff::{
        StaffError, require_step_up,
        sessions::{self, EndReason},
    },
};

/// Who the authenticator says the code is for.
const ISSUER: &str = "Cardea";
const RECOVERY_CODES: usize = 10;

pub(super) async fn state(conn: &Conn, staff_id: StaffId) -> DbResult<SecondFactorState> {
    let (second_factor_due_at, second_factor_enrolled_at) = repo::moments(conn, staff_id).await?;
    let recovery_codes_left = repo::recovery_codes_left(conn, staff_id).await?;
    Ok(SecondFactorState { second_factor_due_at, second_factor_enrolled_at, recovery_codes_left })
}

/// Whoever approves in a bank that was at work before this was asked of them gets the same grace as somebody new.
pub async fn demand_second_factors(tx: &mut Tx<'_>, rules: &SessionsConfig) -> DbResult<()> {
    let due_at = tx.now + TimeDelta::days(rules.second_factor_grace_days);
    if repo::demand(tx, access::OWE_SECOND_FACTOR, due_at).await? == 0 {
        tx.mark_unchanged();
        return Ok(());
    }
    audit::record(tx, Entry::of("staff.demand_second_factor")).await?;
    Ok(())
}

/// A new secret, in place of one that was never confirmed.
pub(super) async fn begin(
    tx: &mut Tx<'_>,
    vault: &Vault,
    staff: &StaffActor,
) -> Result<NewSecondFactor, SecondFactorError> {
    require_step_up(tx).await?;
    if repo::lock(tx, staff.staff_id).await?.is_some_and(|kept| kept.confirmed_at.is_some()) {
        return Err(SecondFactorError::Enrolled);
    }
    let secret = totp::new_secret()?;
    let (master_key_id, sealed) = vault.seal_under_master(place_of(staff.staff_id), &secret)?;
    repo::begin(tx, staff.staff_id, &master_key_id, &sealed).await?;
    audit::record(tx, Entry::of("staff.begin_second_factor").on("staff", staff.staff_id.0)).await?;
    let otpauth_uri = totp::otpauth_uri(ISSUER, &staff.staff_no, &secret).to_string();
    Ok(NewSecondFactor { secret: secret.to_string(), otpauth_uri })
}

/// From here on signing in asks for it.
pub(super) async fn confirm(
    tx: &mut Tx<'_>,
    vault: &Vault,
    staff_id: StaffId,
    code: &str,
) -> Result<RecoveryCodes, SecondFactorError> {
    let kept = repo::lock(tx, staff_id).await?.ok_or(SecondFactorError::NotBegun)?;
    if kept.confirmed_at.is_some() {
        return Err(SecondFactorError::Enrolled);
    }
    let secret = prove::opened(vault, &kept)?;
    let step = totp::accepted_step(&secret, code, tx.now, None).ok_or(SecondFactorError::WrongCode)?;
    repo::confirm(tx, staff_id, step).await?;
    let recovery_codes =
        (0..RECOVERY_CODES).map(|_| totp::new_recovery_code()).collect::<Result<Vec<_>, _>>()?;
    let hashes = recovery_codes.iter().map(|code| totp::recovery_hash(code)).collect();
    repo::replace_codes(tx, staff_id, hashes).await?;
    audit::record(tx, Entry::of("staff.confirm_second_factor").on("staff", staff_id.0)).await?;
    Ok(RecoveryCodes { recovery_codes })
}

/// One's own. It stays due when it was due.
pub(super) async fn remove(tx: &mut Tx<'_>, staff: &StaffActor) -> Result<(), SecondFactorError> {
    require_step_up(tx).await?;
    let kept = repo::lock(tx, staff.staff_id).await?;
    kept.filter(|kept| kept.confirmed_at.is_some()).ok_or(SecondFactorError::Missing)?;
    let (due_at, _) = repo::moments(tx, staff.staff_id).await?;
    repo::remove(tx, staff.staff_id, due_at).await?;
    let current = Some(staff.session_id);
    sessions::end_all_of(tx, staff.staff_id, current, EndReason::SecondFactorChanged).await?;
    audit::record(tx, Entry::of("staff.remove_second_factor").on("staff", staff.staff_id.0)).await?;
    Ok(())
}

/// Somebody else's, who has lost it: they are signed out, and where the role needs one, setting up another is the first thing
/// they may do.
pub(in crate::staff) async fn reset(tx: &mut Tx<'_>, staff_id: StaffId) -> Result<(), StaffError> {
    require_step_up(tx).await?;
    let staff = crate::staff::repo::lock(tx, staff_id).await?.ok_or(StaffError::Missing)?;
    let due_at = access::owes_second_factor(staff.role).then_some(tx.now);
    repo::remove(tx, staff_id, due_at).await?;
    sessions::end_all_of(tx, staff_id, None, EndReason::SecondFactorChanged).await?;
    audit::record(tx, Entry::of("staff.reset_second_factor").on("staff", staff_id.0)).await?;
    Ok(())
}

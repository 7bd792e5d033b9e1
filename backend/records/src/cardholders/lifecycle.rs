//! The lifecycle: which step may follow which, each with a reason.

use platform::{Tx, ids::CardholderId};
use serde::Deserialize;
use serde_json::json;
use trust::audit::{self, Entry};
use utoipa::ToSchema;
use validator::Validate;
use web::{IfMatch, Precondition, Reach, free_text};

use super::{
    history,
    model::{CardholderError, CardholderRow, Lifecycle},
    repo,
};

/// A step and why it is taken.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifecycleStep {
    pub lifecycle: Lifecycle,
    #[validate(length(min = 2, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 200, example = "客户申请销户")]
    pub reason: String,
}

/// A deceased cardholder's record is closed to every further step; a closed one may come back.
pub(super) fn may_follow(from: Lifecycle, to: Lifecycle) -> bool {
    use Lifecycle::{Active, Closed, Deceased, Dormant, Prospect};
    matches!(
        (from, to),
        (Prospect, Active | Closed | Deceased)
            | (Active, Dormant | Closed | Deceased)
            | (Dormant, Active | Closed | Deceased)
            | (Closed, Active | Deceased)
    )
}

pub(super) async fn step(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
    IfMatch(version): IfMatch,
    step: LifecycleStep,
) -> Result<CardholderRow, CardholderError> {
    let before = repo::lock(tx, reach, cardholder_id).await?;
    if before.version != version {
        return Err(Precondition::Stale.into());
    }
    if !may_follow(before.lifecycle, step.lifecycle) {
        return Err(CardholderError::LifecycleNotAllowed { from: before.lifecycle, to: step.lifecycle });
    }
    let after = CardholderRow {
        lifecycle: step.lifecycle,
        lifecycle_reason: Some(step.reason.clone()),
        version: before.version + 1,
        updated_at: tx.now,
        ..before.clone()
    };
    repo::update_profile(tx, &after).await?;
    let change =
        history::Change::new("lifecycle", Some(before.lifecycle.as_str()), Some(step.lifecycle.as_str()));
    history::write(tx, cardholder_id, vec![change], Some(&step.reason)).await?;
    let entry = Entry::of("cardholders.lifecycle")
        .on("cardholder", cardholder_id.0)
        .about(cardholder_id)
        .because(step.reason);
    audit::record(tx, entry.changing(json!({ "lifecycle": [before.lifecycle, after.lifecycle] }))).await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_returns_from_the_dead_and_no_step_stands_still() {
        for from in Lifecycle::ALL {
            assert!(!may_follow(Lifecycle::Deceased, *from));
            assert!(!may_follow(*from, *from));
            assert!(!may_follow(*from, Lifecycle::Prospect));
        }
        assert!(may_follow(Lifecycle::Closed, Lifecycle::Active));
    }
}

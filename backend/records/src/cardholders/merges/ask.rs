//! Asking that two records become one: another person decides.

use platform::{
    Tx,
    ids::{BranchId, CardholderId},
};
use serde::{Deserialize, Serialize};
use trust::approvals::{self, ABSORBED, ApprovalOperation, FieldDiff, NewApproval, Order, Settled, Weight};
use web::{IfMatch, Precondition, Reach, Snapshot};

use super::{
    execute,
    model::{MergeError, NewMerge},
    plan::{self, Making, NotJoined, Steps},
    repo,
};
use crate::cardholders::{
    change,
    create::Desk,
    gate::{self, GateError},
    members,
    model::CardholderRow,
    repo as profile,
};

/// What waits: whom the survivor absorbs, upon which state of theirs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeOrder {
    pub absorbed_id: CardholderId,
    pub absorbed_version: i64,
}

/// Two records, locked.
pub(super) struct Pair {
    pub survivor: CardholderRow,
    pub absorbed: CardholderRow,
}

impl Pair {
    fn ids(&self) -> (CardholderId, CardholderId) {
        (self.survivor.cardholder_id, self.absorbed.cardholder_id)
    }

    /// The links that this merge ends and begins.
    pub(super) async fn steps(&self, tx: &mut Tx<'_>) -> Result<Steps, MergeError> {
        let (survivor, absorbed) = self.ids();
        let open = repo::touching(tx, &[survivor, absorbed]).await?;
        let making = Making { merge_id: tx.new_id(), now: tx.now, new_id: &mut || tx.new_id() };
        plan::join(&open, (survivor, absorbed), making).map_err(|fault| match fault {
            NotJoined::Itself => MergeError::invalid("merges.itself"),
            NotJoined::Absorbed(survivor_id) => GateError::Absorbed { survivor_id }.into(),
            NotJoined::TooMany => MergeError::TooMany,
        })
    }
}

/// Both records, if they are within reach and stand for themselves. What is wrong with the other one is said of its field.
pub(super) async fn lock_pair(
    tx: &mut Tx<'_>,
    reach: &Reach,
    survivor_id: CardholderId,
    absorbed_id: CardholderId,
) -> Result<Pair, MergeError> {
    let rows = repo::lock_all(tx, &[survivor_id, absorbed_id]).await?;
    let within = |id| {
        let row = rows.iter().find(|row| row.cardholder_id == id).cloned();
        row.filter(|row| reach.covers(row.cardholder_id, row.branch_id, row.manager_id))
    };
    let survivor = within(survivor_id).ok_or(GateError::Missing)?;
    if let Some(survivor_id) = members::survivor_of(tx, survivor_id).await? {
        return Err(GateError::Absorbed { survivor_id }.into());
    }
    let absorbed = within(absorbed_id).ok_or(MergeError::invalid("cardholders.missing"))?;
    if members::survivor_of(tx, absorbed_id).await?.is_some() {
        return Err(MergeError::invalid("cardholders.absorbed"));
    }
    gate::refuse_erased(tx, survivor_id).await?;
    gate::refuse_erased(tx, absorbed_id).await.map_err(|_| MergeError::invalid("cardholders.erased"))?;
    Ok(Pair { survivor, absorbed })
}

/// Merges two records, or lets that wait where a policy asks for a second pair of eyes.
pub(super) async fn merge(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    survivor_id: CardholderId,
    IfMatch(version): IfMatch,
    new: NewMerge,
) -> Result<Settled<()>, MergeError> {
    let pair = lock_pair(tx, &desk.reach, survivor_id, new.absorbed_id).await?;
    if pair.survivor.version != version {
        return Err(Precondition::Stale.into());
    }
    let steps = pair.steps(tx).await?;
    let policy = approvals::policy_for(tx, ApprovalOperation::Merge, &Weight::default()).await?;
    let Some(policy) = policy else {
        execute::carry_out(tx, &pair, &steps, (Some(&new.evidence_note), None)).await?;
        return Ok(Settled::Done(()));
    };
    // One who came without a key gets it now: what waits is sealed by it.
    profile::data_key(tx, desk.vault, survivor_id).await?;
    let request = request(tx, desk, &pair, new.evidence_note).await?;
    let waiting = approvals::submit(tx, (desk.vault, desk.directory), &policy, request).await?;
    Ok(Settled::Waiting(Box::new(waiting)))
}

async fn request(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    pair: &Pair,
    evidence_note: String,
) -> Result<NewApproval, MergeError> {
    let (survivor_id, absorbed_id) = pair.ids();
    let order = MergeOrder { absorbed_id, absorbed_version: pair.absorbed.version };
    let hangs = repo::holdings(tx, &members::with_absorbed(tx, absorbed_id).await?).await?;
    Ok(NewApproval {
        operation: ApprovalOperation::Merge,
        object: ("cardholder", survivor_id.0),
        cardholder_id: Some(survivor_id),
        branch_id: common_branch(desk.directory, pair),
        base_version: pair.survivor.version,
        payload: approvals::payload_of(&order)?,
        diff: diff_of(pair),
        impact: vec![
            ("records", hangs.records),
            ("accounts", hangs.accounts),
            ("cards", hangs.cards),
            ("transactions", hangs.transactions),
        ],
        evidence_note: Some(evidence_note),
    })
}

/// The place in the branch tree that holds both: whoever decides must be competent for the one and the other.
fn common_branch(directory: &Snapshot, pair: &Pair) -> BranchId {
    let up = |from| {
        let parent = |id: &_| directory.branches.get(id).and_then(|branch| branch.parent_id);
        std::iter::successors(Some(from), parent).take(16).collect::<Vec<_>>()
    };
    let above_other = up(pair.absorbed.branch_id);
    let common = up(pair.survivor.branch_id).into_iter().find(|id| above_other.contains(id));
    common.unwrap_or(pair.survivor.branch_id)
}

/// What the checker compares: who disappears behind whom, and every field that is not the same. Branches and managers
/// would be bare ids here, an income a bare number: they stand on the profiles, and prove nobody's identity.
fn diff_of(pair: &Pair) -> Vec<FieldDiff> {
    let (survivor, absorbed) = (&pair.survivor, &pair.absorbed);
    let customer_no = Some(absorbed.customer_no.clone());
    let stands = Some(survivor.customer_no.clone());
    let mut diff = vec![FieldDiff::new(ABSORBED.0, ABSORBED.1, customer_no, stands)];
    let told_elsewhere = ["branch_id", "manager_id", "yearly_income_minor", "yearly_income_currency"];
    let fields = change::differences(absorbed, survivor);
    diff.extend(
        fields
            .iter()
            .filter(|change| !told_elsewhere.contains(&change.field()))
            .map(|change| change.as_diff()),
    );
    diff
}

/// What was approved, and the two records it is about, locked.
pub(super) async fn locked(
    tx: &mut Tx<'_>,
    order: &Order,
    reach: &Reach,
) -> Result<(Pair, MergeOrder), MergeError> {
    let merge: MergeOrder = order.read().map_err(MergeError::Payload)?;
    let pair = lock_pair(tx, reach, CardholderId(order.object_id), merge.absorbed_id).await?;
    Ok((pair, merge))
}

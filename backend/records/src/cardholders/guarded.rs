//! Who somebody is does not change at one person's word: name and identity number, once they are there, change by approval.

use kernel::PersonName;
use platform::{Tx, ids::CardholderId};
use serde::{Deserialize, Serialize};
use trust::approvals::{self, ApprovalError, ApprovalOperation, ApprovalRow, FieldDiff, NewApproval, Weight};

use super::{
    change::Plan,
    create::Desk,
    door::nullable,
    model::{CardholderError, Gender, IdKind},
    new::CardholderPatch,
    repo,
};

/// Fields that make up an identity: they may change together under one approval, and nothing else with them.
const IDENTITY: [&str; 6] = ["name", "name_pinyin", "gender", "birth_on", "id_kind", "national_id_masked"];

/// What waits: the identity's part of a patch, as it was asked for.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct IdentityChange {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    name: Option<Option<PersonName>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    name_pinyin: Option<Option<String>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    gender: Option<Option<Gender>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    birth_on: Option<Option<chrono::NaiveDate>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    id_kind: Option<Option<IdKind>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    national_id: Option<Option<String>>,
}

impl From<&CardholderPatch> for IdentityChange {
    fn from(patch: &CardholderPatch) -> Self {
        Self {
            name: patch.name.clone(),
            name_pinyin: patch.name_pinyin.clone(),
            gender: patch.gender,
            birth_on: patch.birth_on,
            id_kind: patch.id_kind,
            national_id: patch.national_id.clone(),
        }
    }
}

impl From<IdentityChange> for CardholderPatch {
    fn from(change: IdentityChange) -> Self {
        Self {
            name: change.name,
            name_pinyin: change.name_pinyin,
            gender: change.gender,
            birth_on: change.birth_on,
            id_kind: change.id_kind,
            national_id: change.national_id,
            ..Self::default()
        }
    }
}

/// What of this plan is guarded. Filling in what nobody knew before is not.
fn operation_of(plan: &Plan) -> Option<ApprovalOperation> {
    let is_known = |value: &Option<String>| value.is_some();
    if plan.is_number_changed && is_known(&plan.before.national_id_masked) {
        return Some(ApprovalOperation::ChangeNationalId);
    }
    let is_renamed = is_known(&plan.before.name) && plan.before.name != plan.after.name;
    is_renamed.then_some(ApprovalOperation::ChangeName)
}

/// Lets the change wait, where it is guarded and a policy asks for an approval.
pub(super) async fn ask(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    plan: &Plan,
    patch: &CardholderPatch,
) -> Result<Option<Box<ApprovalRow>>, CardholderError> {
    let Some(operation) = operation_of(plan) else { return Ok(None) };
    let fields: Vec<&str> = plan.changes.iter().map(|change| change.field()).collect();
    let weight = Weight { fields: &fields, ..Weight::default() };
    let Some(policy) = approvals::policy_for(tx, operation, &weight).await? else { return Ok(None) };
    let others: Vec<String> =
        fields.iter().filter(|field| !IDENTITY.contains(field)).map(|field| (*field).to_owned()).collect();
    if !others.is_empty() {
        return Err(ApprovalError::MixedChange { fields: others }.into());
    }
    let cardholder_id = plan.before.cardholder_id;
    // One who came without a key gets it now: what waits is sealed by it.
    repo::data_key(tx, desk.vault, cardholder_id).await?;
    let new = NewApproval {
        operation,
        object: ("cardholder", cardholder_id.0),
        cardholder_id: Some(cardholder_id),
        branch_id: plan.before.branch_id,
        base_version: plan.before.version,
        payload: approvals::payload_of(&IdentityChange::from(patch))?,
        diff: diff_of(plan),
        impact: impact_of(tx, cardholder_id).await?,
        evidence_note: patch.evidence_note.clone(),
    };
    Ok(Some(Box::new(approvals::submit(tx, (desk.vault, desk.directory), &policy, new).await?)))
}

fn diff_of(plan: &Plan) -> Vec<FieldDiff> {
    plan.changes.iter().map(|change| change.as_diff()).collect()
}

/// What bears the name: accounts and cards.
pub(super) async fn impact_of(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
) -> Result<Vec<(&'static str, i64)>, CardholderError> {
    let (accounts, cards) = repo::holdings(tx, cardholder_id).await?;
    Ok(vec![("accounts", accounts), ("cards", cards)])
}

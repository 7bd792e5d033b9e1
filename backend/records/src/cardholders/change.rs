//! Changing a profile: what changed is told field by field, the rest stays.

use platform::{Tx, ids::CardholderId, vault::Blind};
use serde_json::{Map, Value};
use trust::{
    approvals::{Order, Settled},
    audit::{self, Entry},
    calendars::business_on,
};
use web::{IfMatch, Precondition};

use super::{
    create::{Desk, is_manager, pinyin_of, seal_id},
    guarded,
    history::{self, Change},
    identity::{self, Claimed, Identity},
    model::{CardholderError, CardholderRow},
    new::CardholderPatch,
    repo,
};

/// Changes a profile, or lets the change wait where a policy asks for a second pair of eyes.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    cardholder_id: CardholderId,
    IfMatch(version): IfMatch,
    patch: CardholderPatch,
) -> Result<Settled<CardholderRow>, CardholderError> {
    let before = repo::lock(tx, &desk.reach, cardholder_id).await?;
    if before.version != version {
        return Err(Precondition::Stale.into());
    }
    let plan = plan(tx, desk, before, &patch).await?;
    if plan.changes.is_empty() {
        tx.mark_unchanged();
        return Ok(Settled::Done(plan.before));
    }
    match guarded::ask(tx, desk, &plan, &patch).await? {
        Some(waiting) => Ok(Settled::Waiting(waiting)),
        None => Ok(Settled::Done(carry_out(tx, desk, plan, None).await?)),
    }
}

/// A change that was checked and not made yet.
pub(super) struct Plan {
    pub before: CardholderRow,
    pub after: CardholderRow,
    pub changes: Vec<Change>,
    /// Also when the masked texts are alike.
    pub is_number_changed: bool,
    identity: Identity,
}

pub(super) async fn plan(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    before: CardholderRow,
    patch: &CardholderPatch,
) -> Result<Plan, CardholderError> {
    check_place(desk, patch)?;
    let identity = identity_after(tx, &before, patch).await?;
    let mut after = patched(&before, patch, &identity);
    if after.yearly_income_minor.is_some() != after.yearly_income_currency.is_some() {
        return Err(CardholderError::invalid("/yearly_income_currency", "field.missing"));
    }
    let mut is_number_changed = false;
    if patch.national_id.is_some() {
        after.national_id_masked = identity.national_id.as_ref().map(kernel::NationalId::masked);
        let number = identity.national_id.as_ref();
        let blind = number.map(|id| desk.vault.blind(Blind::NationalId, id.expose()));
        is_number_changed = repo::national_id_blind(tx, before.cardholder_id).await? != blind;
    }
    let mut changes = differences(&before, &after);
    // Two numbers may look alike behind their masks.
    let (number, masked) = ("national_id_masked", &before.national_id_masked);
    if is_number_changed && *masked == after.national_id_masked {
        changes.push(Change::new(number, masked.as_deref(), masked.as_deref()));
    }
    Ok(Plan { before, after, changes, is_number_changed, identity })
}

/// Writes what was planned; a reason is kept with the history.
pub(super) async fn carry_out(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    plan: Plan,
    order: Option<&Order>,
) -> Result<CardholderRow, CardholderError> {
    let Plan { before, mut after, changes, is_number_changed, identity } = plan;
    let cardholder_id = before.cardholder_id;
    after.version += 1;
    after.updated_at = tx.now;
    repo::update_profile(tx, &after).await?;
    if is_number_changed {
        let key = repo::data_key(tx, desk.vault, cardholder_id).await?;
        let sealed = seal_id(desk.vault, &key, cardholder_id, &identity)?;
        repo::set_national_id(tx, cardholder_id, sealed.as_ref()).await?;
    }
    if (&before.name, &before.name_pinyin, before.branch_id)
        != (&after.name, &after.name_pinyin, after.branch_id)
    {
        repo::rewrite_grams(tx, Some(&before), &after).await?;
    }
    let told: Map<String, Value> =
        changes.iter().map(|change| (change.field().to_owned(), change.as_pair())).collect();
    let reason = order.and_then(|order| order.evidence_note.as_deref());
    history::write(tx, cardholder_id, changes, reason).await?;
    let entry = Entry::of("cardholders.change").on("cardholder", cardholder_id.0).about(cardholder_id);
    let entry = entry.changing(Value::Object(told));
    let entry = order
        .into_iter()
        .fold(entry, |entry, order| entry.because(format!("approval {}", order.approval_id)));
    audit::record(tx, entry).await?;
    Ok(after)
}

fn check_place(desk: &Desk<'_>, patch: &CardholderPatch) -> Result<(), CardholderError> {
    if patch
        .branch_id
        .is_some_and(|id| !desk.directory.branches.contains_key(&id) || !desk.reach.covers_branch(id))
    {
        return Err(CardholderError::invalid("/branch_id", "branches.missing"));
    }
    if patch.manager_id.flatten().is_some_and(|id| !is_manager(desk.directory, id)) {
        return Err(CardholderError::invalid("/manager_id", "staff.not_a_manager"));
    }
    Ok(())
}

/// Identity, birth date and gender as they will stand together. A kept resident id was checked against the birth date and
/// gender it came with, so those may only change along with it.
async fn identity_after(
    tx: &Tx<'_>,
    before: &CardholderRow,
    patch: &CardholderPatch,
) -> Result<Identity, CardholderError> {
    let claimed = Claimed {
        id_kind: patch.id_kind.unwrap_or(before.id_kind),
        national_id: patch.national_id.as_ref().and_then(|id| id.as_deref()),
        birth_on: patch.birth_on.unwrap_or(if patch.national_id.is_some() { None } else { before.birth_on }),
        gender: patch.gender.unwrap_or(if patch.national_id.is_some() { None } else { before.gender }),
    };
    let keeps_resident_id = patch.national_id.is_none()
        && before.national_id_masked.is_some()
        && before.id_kind == Some(super::model::IdKind::ResidentId);
    if keeps_resident_id {
        for (is_changed, pointer) in [
            (patch.birth_on.is_some_and(|date| date != before.birth_on), "/birth_on"),
            (patch.gender.is_some_and(|gender| gender != before.gender), "/gender"),
            (patch.id_kind.is_some_and(|kind| kind != before.id_kind), "/id_kind"),
        ] {
            if is_changed {
                return Err(CardholderError::invalid(pointer, "national_id.kept"));
            }
        }
    }
    let mut identity = identity::establish(&claimed, business_on(tx, tx.now).await?)?;
    if patch.national_id == Some(None) {
        identity.birth_on = patch.birth_on.unwrap_or(before.birth_on);
        identity.gender = patch.gender.unwrap_or(before.gender);
    }
    Ok(identity)
}

fn patched(before: &CardholderRow, patch: &CardholderPatch, identity: &Identity) -> CardholderRow {
    let name = match &patch.name {
        Some(name) => name.clone().map(Into::into),
        None => before.name.clone(),
    };
    let is_renamed = patch.name.is_some() || patch.name_pinyin.is_some();
    let (name_pinyin, name_initials) = if is_renamed {
        pinyin_of(name.as_deref(), patch.name_pinyin.as_ref().and_then(|p| p.as_deref()))
    } else {
        (before.name_pinyin.clone(), before.name_initials.clone())
    };
    CardholderRow {
        name,
        name_pinyin,
        name_initials,
        gender: identity.gender,
        birth_on: identity.birth_on,
        id_kind: identity.id_kind,
        nationality: patch.nationality.clone().unwrap_or_else(|| before.nationality.clone()),
        occupation: patch.occupation.clone().unwrap_or_else(|| before.occupation.clone()),
        employer: patch.employer.clone().unwrap_or_else(|| before.employer.clone()),
        education: patch.education.unwrap_or(before.education),
        marital_status: patch.marital_status.unwrap_or(before.marital_status),
        yearly_income_minor: patch.yearly_income_minor.unwrap_or(before.yearly_income_minor),
        yearly_income_currency: patch
            .yearly_income_currency
            .clone()
            .unwrap_or_else(|| before.yearly_income_currency.clone()),
        branch_id: patch.branch_id.unwrap_or(before.branch_id),
        manager_id: patch.manager_id.unwrap_or(before.manager_id),
        ..before.clone()
    }
}

/// Every field that differs.
pub(super) fn differences(before: &CardholderRow, after: &CardholderRow) -> Vec<Change> {
    let (b, a) = (before, after);
    [
        Change::between("name", b.name.as_ref(), a.name.as_ref()),
        Change::between("name_pinyin", b.name_pinyin.as_ref(), a.name_pinyin.as_ref()),
        Change::between("gender", b.gender.as_ref(), a.gender.as_ref()),
        Change::between("birth_on", b.birth_on.as_ref(), a.birth_on.as_ref()),
        Change::between("id_kind", b.id_kind.as_ref(), a.id_kind.as_ref()),
        Change::between("national_id_masked", b.national_id_masked.as_ref(), a.national_id_masked.as_ref()),
        Change::between("nationality", b.nationality.as_ref(), a.nationality.as_ref()),
        Change::between("occupation", b.occupation.as_ref(), a.occupation.as_ref()),
        Change::between("employer", b.employer.as_ref(), a.employer.as_ref()),
        Change::between("education", b.education.as_ref(), a.education.as_ref()),
        Change::between("marital_status", b.marital_status.as_ref(), a.marital_status.as_ref()),
        Change::between(
            "yearly_income_minor",
            b.yearly_income_minor.as_ref(),
            a.yearly_income_minor.as_ref(),
        ),
        Change::between(
            "yearly_income_currency",
            b.yearly_income_currency.as_ref(),
            a.yearly_income_currency.as_ref(),
        ),
        Change::between("branch_id", Some(&b.branch_id), Some(&a.branch_id)),
        Change::between("manager_id", b.manager_id.as_ref(), a.manager_id.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

//! What a merge would lead to, and which merges are in force.

use chrono::{DateTime, Utc};
use platform::{
    Conn, DbResult,
    ids::{CardholderId, MergeId},
};
use trust::approvals::{self, ApprovalOperation, Weight};
use web::{Reach, Sight, Snapshot};

use super::{
    model::{AbsorbedRecord, Holdings, Merge, MergeError, MergePreview, REVERSIBLE_DAYS, reversible_until},
    plan::Link,
    repo,
};
use crate::cardholders::{
    change, gate,
    gate::GateError,
    members::Members,
    model::{CardholderError, CardholderRow},
    repo as profile,
};

/// Who prepares a merge.
pub(super) struct Viewer {
    pub reach: Reach,
    pub sight: Sight,
}

pub(super) async fn preview(
    conn: &Conn,
    viewer: &Viewer,
    survivor_id: CardholderId,
    absorbed_id: CardholderId,
) -> Result<MergePreview, MergeError> {
    if survivor_id == absorbed_id {
        return Err(MergeError::invalid("merges.itself"));
    }
    let stays = gate::members(conn, &viewer.reach, survivor_id).await?;
    let goes = gate::members(conn, &viewer.reach, absorbed_id).await.map_err(of_the_other)?;
    let rows = repo::profiles(conn, &[survivor_id, absorbed_id]).await?;
    let row_of = |id| rows.iter().find(|row| row.cardholder_id == id).ok_or(GateError::Missing);
    let (survivor, absorbed) = (row_of(survivor_id)?, row_of(absorbed_id)?);
    let (numbers, policy) = (
        (
            profile::national_id_blind(conn, survivor_id).await?,
            profile::national_id_blind(conn, absorbed_id).await?,
        ),
        approvals::policy_for(conn, ApprovalOperation::Merge, &Weight::default()).await?,
    );
    let is_same = numbers.0.zip(numbers.1).map(|(one, other)| one == other);
    let figures = Figures { conn, sight: viewer.sight };
    Ok(MergePreview {
        survivor_id,
        absorbed_id,
        differing: differing(viewer.sight, absorbed, survivor),
        is_same_national_id: is_same.filter(|_| viewer.sight.sees_field("cardholders", "national_id_masked")),
        survivor: figures.of(&stays).await?,
        absorbed: figures.of(&goes).await?,
        together: figures.of(&stays.joined_by(&goes)).await?,
        needs_approval: policy.is_some(),
        reversible_days: REVERSIBLE_DAYS,
        withheld: figures.withheld(),
    })
}

/// What is wrong with the other record is said of its field.
fn of_the_other(fault: GateError) -> MergeError {
    match fault {
        GateError::Missing => MergeError::invalid("cardholders.missing"),
        GateError::Absorbed { .. } => MergeError::invalid("cardholders.absorbed"),
        GateError::Erased => MergeError::invalid("cardholders.erased"),
        GateError::Db(error) => CardholderError::from(error).into(),
    }
}

/// The fields that differ, as far as the viewer sees them.
fn differing(sight: Sight, absorbed: &CardholderRow, survivor: &CardholderRow) -> Vec<String> {
    let changes = change::differences(absorbed, survivor);
    let seen =
        changes.iter().map(|change| change.field()).filter(|field| sight.sees_field("cardholders", field));
    seen.map(ToOwned::to_owned).collect()
}

struct Figures<'a> {
    conn: &'a Conn,
    sight: Sight,
}

impl Figures<'_> {
    fn sees_balances(&self) -> bool {
        self.sight.sees_field("accounts", "balance_minor")
    }

    fn withheld(&self) -> Vec<&'static str> {
        if self.sees_balances() { Vec::new() } else { vec!["balances"] }
    }

    async fn of(&self, members: &Members) -> DbResult<Holdings> {
        let holdings = repo::holdings(self.conn, members).await?;
        let balances = if self.sees_balances() { holdings.balances } else { Vec::new() };
        Ok(Holdings { balances, ..holdings })
    }
}

/// The merges by which a cardholder stands for others, the latest first. To be undone they must lie within `reach`, all of them.
pub(super) async fn in_force(
    conn: &Conn,
    members: &Members,
    (bank, reach): (&Snapshot, &Reach),
    now: DateTime<Utc>,
) -> DbResult<Vec<Merge>> {
    if !members.are_several() {
        return Ok(Vec::new());
    }
    let links = repo::touching(conn, &[members.survivor()]).await?;
    let rows = repo::profiles(conn, members.all()).await?;
    let mut merges: Vec<Merge> = Vec::new();
    for link in &links {
        let Some(row) = rows.iter().find(|row| row.cardholder_id == link.absorbed_id) else { continue };
        let record = record_of(row, bank);
        let is_within = reach.covers(row.cardholder_id, row.branch_id, row.manager_id);
        match merges.iter_mut().find(|merge| merge.merge_id == link.merge_id) {
            Some(merge) => {
                merge.is_reversible &= is_within;
                merge.records.push(record);
            }
            None => merges.push(merge_of(link, record, (now, is_within))),
        }
    }
    Ok(merges)
}

fn merge_of(link: &Link, record: AbsorbedRecord, (now, is_within): (DateTime<Utc>, bool)) -> Merge {
    let until = reversible_until(link.merged_at);
    let merge_id: MergeId = link.merge_id;
    Merge {
        merge_id,
        merged_at: link.merged_at,
        reversible_until: until,
        is_reversible: is_within && now <= until,
        records: vec![record],
    }
}

fn record_of(row: &CardholderRow, bank: &Snapshot) -> AbsorbedRecord {
    AbsorbedRecord {
        cardholder_id: row.cardholder_id,
        customer_no: row.customer_no.clone(),
        name: row.name.clone(),
        branch_name: bank.branch_name(row.branch_id).map(ToOwned::to_owned),
        opened_on: row.opened_on,
    }
}

//! Opening, changing and closing branches.

use platform::{DbResult, Tx, ids::BranchId};
use serde_json::json;
use web::{IfMatch, Precondition};

use super::{
    model::{Branch, BranchError, BranchKind, BranchPatch, NewBranch},
    repo,
};
use crate::audit::{self, Entry};

/// The head office's code.
const HEAD_OFFICE_CODE: &str = "HQ";

pub(super) async fn open(tx: &mut Tx<'_>, new: NewBranch) -> Result<Branch, BranchError> {
    let parent = repo::find(tx, new.parent_id).await?;
    check_parent(new.kind, parent.as_ref())?;
    let branch = Branch {
        branch_id: tx.new_id(),
        code: new.code,
        name: new.name,
        kind: new.kind,
        parent_id: Some(new.parent_id),
        city: new.city,
        is_open: true,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    repo::insert(tx, &branch).await.map_err(code_taken)?;
    let entry = Entry::of("branches.open").on("branch", branch.branch_id.0);
    audit::record(tx, entry.changing(json!({ "code": [null, branch.code], "name": [null, branch.name] })))
        .await?;
    Ok(branch)
}

/// The root of the tree, once.
pub async fn open_head_office(tx: &mut Tx<'_>, name: String) -> DbResult<Branch> {
    let branch = Branch {
        branch_id: tx.new_id(),
        code: HEAD_OFFICE_CODE.to_owned(),
        name,
        kind: BranchKind::HeadOffice,
        parent_id: None,
        city: None,
        is_open: true,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    repo::insert(tx, &branch).await?;
    let entry = Entry::of("branches.open").on("branch", branch.branch_id.0);
    audit::record(tx, entry.changing(json!({ "code": [null, branch.code], "name": [null, branch.name] })))
        .await?;
    Ok(branch)
}

pub(super) async fn change(
    tx: &mut Tx<'_>,
    branch_id: BranchId,
    IfMatch(version): IfMatch,
    patch: BranchPatch,
) -> Result<Branch, BranchError> {
    let before = repo::lock(tx, branch_id).await?.ok_or(BranchError::Missing)?;
    if before.version != version {
        return Err(Precondition::Stale.into());
    }
    if let Some(parent_id) = patch.parent_id {
        let parent = repo::find(tx, parent_id).await?;
        check_parent(before.kind, parent.as_ref())?;
    }
    if patch.is_open == Some(false) && before.is_open && repo::is_in_use(tx, branch_id).await? {
        return Err(BranchError::StillInUse);
    }
    let after = Branch {
        name: patch.name.unwrap_or_else(|| before.name.clone()),
        city: patch.city.or_else(|| before.city.clone()),
        is_open: patch.is_open.unwrap_or(before.is_open),
        parent_id: patch.parent_id.or(before.parent_id),
        version: before.version + 1,
        updated_at: tx.now,
        ..before.clone()
    };
    repo::update(tx, &after).await?;
    let changes = json!({
        "name": [before.name, after.name], "city": [before.city, after.city],
        "is_open": [before.is_open, after.is_open], "parent_id": [before.parent_id, after.parent_id],
    });
    audit::record(tx, Entry::of("branches.change").on("branch", branch_id.0).changing(changes)).await?;
    Ok(after)
}

/// A city hangs below the head office, a branch below a city: so no cycle can form.
fn check_parent(kind: BranchKind, parent: Option<&Branch>) -> Result<(), BranchError> {
    let wanted = match kind {
        BranchKind::HeadOffice => return Err(BranchError::ParentNotAbove),
        BranchKind::City => BranchKind::HeadOffice,
        BranchKind::Branch => BranchKind::City,
    };
    if parent.is_some_and(|parent| parent.kind == wanted) { Ok(()) } else { Err(BranchError::ParentNotAbove) }
}

fn code_taken(error: platform::DbError) -> BranchError {
    if error.is_constraint("branches_code_key") { BranchError::CodeTaken } else { error.into() }
}

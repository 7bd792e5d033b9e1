//! Saving, changing and deleting one's own views.

use platform::{
    DbError, Tx,
    ids::{StaffId, ViewId},
};
use serde_json::Value;
use web::{IfMatch, Precondition};

use super::{
    model::{NewView, SavedView, VIEWS_MAX, ViewError, ViewPatch},
    repo,
};
use crate::audit::{self, Entry};

pub(super) async fn save(tx: &mut Tx<'_>, staff_id: StaffId, new: NewView) -> Result<SavedView, ViewError> {
    if repo::count(tx, staff_id, new.page).await? >= VIEWS_MAX {
        return Err(ViewError::TooMany);
    }
    let view = SavedView {
        staff_id,
        view_id: tx.new_id(),
        page: new.page,
        name: new.name,
        query: Value::Object(new.query),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    repo::insert(tx, &view).await.map_err(name_taken)?;
    noted(tx, "views.save", view).await
}

pub(super) async fn change(
    tx: &mut Tx<'_>,
    (staff_id, view_id): (StaffId, ViewId),
    if_match: IfMatch,
    patch: ViewPatch,
) -> Result<SavedView, ViewError> {
    let before = held(tx, staff_id, view_id, if_match).await?;
    let name = patch.name.unwrap_or_else(|| before.name.clone());
    let query = patch.query.map_or_else(|| before.query.clone(), Value::Object);
    let view = SavedView { name, query, version: before.version + 1, updated_at: tx.now, ..before };
    repo::update(tx, &view).await.map_err(name_taken)?;
    noted(tx, "views.change", view).await
}

pub(super) async fn delete(
    tx: &mut Tx<'_>,
    (staff_id, view_id): (StaffId, ViewId),
    if_match: IfMatch,
) -> Result<(), ViewError> {
    let view = held(tx, staff_id, view_id, if_match).await?;
    repo::delete(tx, staff_id, view_id).await?;
    noted(tx, "views.delete", view).await?;
    Ok(())
}

async fn held(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    view_id: ViewId,
    IfMatch(version): IfMatch,
) -> Result<SavedView, ViewError> {
    let view = repo::lock(tx, staff_id, view_id).await?.ok_or(ViewError::Missing)?;
    if view.version == version { Ok(view) } else { Err(Precondition::Stale.into()) }
}

async fn noted(tx: &mut Tx<'_>, action: &'static str, view: SavedView) -> Result<SavedView, ViewError> {
    audit::record(tx, Entry::of(action).on("saved_view", view.view_id.0)).await?;
    Ok(view)
}

fn name_taken(error: DbError) -> ViewError {
    if error.is_constraint("saved_views_name_key") { ViewError::NameTaken } else { error.into() }
}

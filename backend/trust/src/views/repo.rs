use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::{StaffId, ViewId},
    schema::saved_views,
};

use super::model::{SavedView, VIEWS_MAX, ViewPage};

pub(super) async fn list(mut conn: &Conn, staff_id: StaffId, page: ViewPage) -> DbResult<Vec<SavedView>> {
    let mine =
        SavedView::query().filter(saved_views::staff_id.eq(staff_id)).filter(saved_views::page.eq(page));
    Ok(mine.order((saved_views::created_at, saved_views::view_id)).limit(VIEWS_MAX).load(&mut conn).await?)
}

pub(super) async fn count(mut conn: &Conn, staff_id: StaffId, page: ViewPage) -> DbResult<i64> {
    let mine =
        saved_views::table.filter(saved_views::staff_id.eq(staff_id)).filter(saved_views::page.eq(page));
    Ok(mine.count().get_result(&mut conn).await?)
}

pub(super) async fn lock(tx: &mut Tx<'_>, staff_id: StaffId, view_id: ViewId) -> DbResult<Option<SavedView>> {
    let query = SavedView::query()
        .filter(saved_views::staff_id.eq(staff_id))
        .filter(saved_views::view_id.eq(view_id));
    Ok(query.for_update().first(&mut tx.conn()).await.optional()?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, view: &SavedView) -> DbResult<()> {
    diesel::insert_into(saved_views::table).values(view.clone()).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx<'_>, view: &SavedView) -> DbResult<()> {
    diesel::update(saved_views::table.find((view.staff_id, view.view_id)))
        .set((
            saved_views::name.eq(&view.name),
            saved_views::query.eq(&view.query),
            saved_views::version.eq(view.version),
            saved_views::updated_at.eq(view.updated_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx<'_>, staff_id: StaffId, view_id: ViewId) -> DbResult<()> {
    diesel::delete(saved_views::table.find((staff_id, view_id))).execute(&mut tx.conn()).await?;
    Ok(())
}

use chrono::{DateTime, Utc};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::schema::import_mappings as m;
use platform::schema::imports as i;
use platform::{
    Conn, DbResult, Tx,
    ids::{FileId, ImportId, JobId, StaffId},
};
use serde_json::{Value, json};

use super::model::{ImportKind, ImportRow, Mapping};

pub(super) async fn insert(tx: &mut Tx<'_>, row: &ImportRow) -> DbResult<()> {
    diesel::insert_into(i::table)
        .values((
            (i::import_id.eq(row.import_id), i::kind.eq(row.kind), i::file_id.eq(row.file_id)),
            (i::file_name.eq(&row.file_name), i::byte_count.eq(row.byte_count)),
            (i::format.eq(&row.format), i::column_names.eq(&row.column_names)),
            (i::created_by.eq(row.created_by), i::created_at.eq(row.created_at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Newest first.
pub(super) async fn list(
    mut conn: &Conn,
    created_by: StaffId,
    limit: PageLimit,
    after: Option<(DateTime<Utc>, ImportId)>,
) -> DbResult<Vec<ImportRow>> {
    let mut query = ImportRow::query().filter(i::created_by.eq(created_by)).into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(i::created_at.le(at)).filter(i::created_at.lt(at).or(i::import_id.lt(id)));
    }
    let ordered = query.order((i::created_at.desc(), i::import_id.desc()));
    Ok(ordered.limit(limit.fetch()).load(&mut conn).await?)
}

pub(super) async fn find(mut conn: &Conn, import_id: ImportId) -> DbResult<Option<ImportRow>> {
    Ok(ImportRow::query().filter(i::import_id.eq(import_id)).first(&mut conn).await.optional()?)
}

pub(super) async fn lock(tx: &mut Tx<'_>, import_id: ImportId) -> DbResult<Option<ImportRow>> {
    let query = ImportRow::query().filter(i::import_id.eq(import_id)).for_update();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

/// What a run is started with.
pub(super) struct Start<'a> {
    pub job_id: JobId,
    pub mapping: &'a Mapping,
    pub is_dry_run: bool,
    pub errors_max: i64,
}

pub(super) async fn start(tx: &mut Tx<'_>, import_id: ImportId, start: &Start<'_>) -> DbResult<()> {
    diesel::update(i::table.find(import_id))
        .set((
            i::job_id.eq(Some(start.job_id)),
            i::mapping.eq(Some(json!(start.mapping))),
            i::is_dry_run.eq(Some(start.is_dry_run)),
            i::errors_max.eq(Some(start.errors_max)),
            i::errors_file_id.eq(None::<FileId>),
            i::started_at.eq(Some(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn set_errors_file(
    tx: &mut Tx<'_>,
    import_id: ImportId,
    file_id: Option<FileId>,
) -> DbResult<()> {
    diesel::update(i::table.find(import_id))
        .set(i::errors_file_id.eq(file_id))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Which column was which field when the same names were imported last.
pub(super) async fn mapping_of(
    mut conn: &Conn,
    kind: ImportKind,
    header_digest: &[u8],
) -> DbResult<Option<Mapping>> {
    let kept = m::table.find((kind, header_digest)).select(m::mapping);
    let kept: Option<Value> = kept.first(&mut conn).await.optional()?;
    Ok(kept.and_then(|mapping| serde_json::from_value(mapping).ok()))
}

pub(super) async fn remember(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    header_digest: &[u8],
    mapping: &Mapping,
    staff_id: StaffId,
) -> DbResult<()> {
    diesel::insert_into(m::table)
        .values((
            (m::kind.eq(kind), m::header_digest.eq(header_digest), m::mapping.eq(json!(mapping))),
            (m::updated_by.eq(staff_id), m::updated_at.eq(tx.now)),
        ))
        .on_conflict((m::kind, m::header_digest))
        .do_update()
        .set((
            m::mapping.eq(excluded(m::mapping)),
            m::updated_by.eq(excluded(m::updated_by)),
            m::updated_at.eq(excluded(m::updated_at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

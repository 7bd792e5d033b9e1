use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Media, NewFile, StoredFile};
use crate::schema::file_chunks as c;
use crate::schema::files as f;
use crate::{Conn, DbResult, Tx, ids::FileId, vault::WrappedKey};

/// Hours after which a file whose writer has not finished is given up.
const WRITING_HOURS_MAX: i64 = 24;

pub(super) async fn insert(
    mut conn: &Conn,
    file_id: FileId,
    new: &NewFile<'_>,
    key: &WrappedKey,
    now: DateTime<Utc>,
) -> DbResult<()> {
    diesel::insert_into(f::table)
        .values((
            (f::file_id.eq(file_id), f::purpose.eq(new.purpose), f::name.eq(new.name)),
            (f::byte_count.eq(0_i64), f::chunk_count.eq(0)),
            (f::master_key_id.eq(&key.master_key_id), f::wrapped_key.eq(&key.bytes)),
            (f::created_by.eq(new.created_by), f::created_at.eq(now), f::expires_at.eq(new.expires_at)),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_chunk(
    mut conn: &Conn,
    file_id: FileId,
    chunk_no: i32,
    content: &[u8],
) -> DbResult<()> {
    diesel::insert_into(c::table)
        .values((c::file_id.eq(file_id), c::chunk_no.eq(chunk_no), c::chunk_bytes.eq(content)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// What is known once everything is written.
pub(super) struct Content {
    pub media: Media,
    pub byte_count: i64,
    pub chunk_count: i32,
    pub sha256: Vec<u8>,
}

pub(super) async fn finish(
    mut conn: &Conn,
    file_id: FileId,
    content: Content,
    now: DateTime<Utc>,
) -> DbResult<Option<StoredFile>> {
    Ok(diesel::update(f::table.find(file_id).filter(f::finished_at.is_null()))
        .set((
            f::media.eq(Some(content.media)),
            f::byte_count.eq(content.byte_count),
            f::chunk_count.eq(content.chunk_count),
            f::sha256.eq(Some(content.sha256)),
            f::finished_at.eq(Some(now)),
        ))
        .returning(StoredFile::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?)
}

pub(super) async fn give_up(mut conn: &Conn, file_id: FileId) -> DbResult<()> {
    diesel::delete(f::table.find(file_id).filter(f::finished_at.is_null())).execute(&mut conn).await?;
    Ok(())
}

pub(super) async fn discard(mut conn: &Conn, file_id: FileId) -> DbResult<()> {
    diesel::delete(f::table.find(file_id)).execute(&mut conn).await?;
    Ok(())
}

/// A finished file that has not expired.
pub async fn find(mut conn: &Conn, file_id: FileId, now: DateTime<Utc>) -> DbResult<Option<StoredFile>> {
    Ok(f::table
        .find(file_id)
        .filter(f::finished_at.is_not_null())
        .filter(f::expires_at.is_null().or(f::expires_at.gt(now)))
        .select(StoredFile::as_select())
        .first(&mut conn)
        .await
        .optional()?)
}

pub(super) async fn key(mut conn: &Conn, file_id: FileId) -> DbResult<Option<WrappedKey>> {
    let row: Option<(String, Vec<u8>)> = f::table
        .find(file_id)
        .select((f::master_key_id, f::wrapped_key))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row.map(|(master_key_id, bytes)| WrappedKey { master_key_id, bytes }))
}

pub(super) async fn chunk(mut conn: &Conn, file_id: FileId, chunk_no: i32) -> DbResult<Option<Vec<u8>>> {
    Ok(c::table.find((file_id, chunk_no)).select(c::chunk_bytes).first(&mut conn).await.optional()?)
}

/// Ends files before their time, content and all; says how many there were.
pub async fn delete(tx: &mut Tx<'_>, file_ids: &[FileId]) -> DbResult<usize> {
    Ok(diesel::delete(f::table.filter(f::file_id.eq_any(file_ids))).execute(&mut tx.conn()).await?)
}

/// Ends up to `limit` files whose time is over, or whose writer was lost; says how many.
pub async fn delete_expired(tx: &mut Tx<'_>, limit: i64) -> DbResult<usize> {
    let mut over: Vec<FileId> = f::table
        .filter(f::expires_at.le(tx.now))
        .order(f::expires_at)
        .limit(limit)
        .select(f::file_id)
        .load(&mut tx.conn())
        .await?;
    let lost: Vec<FileId> = f::table
        .filter(f::finished_at.is_null())
        .filter(f::created_at.le(tx.now - TimeDelta::hours(WRITING_HOURS_MAX)))
        .order(f::created_at)
        .limit(limit)
        .select(f::file_id)
        .load(&mut tx.conn())
        .await?;
    over.extend(lost);
    if over.is_empty() {
        return Ok(0);
    }
    delete(tx, &over).await
}

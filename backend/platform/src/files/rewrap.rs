//! Files' keys under a new master key: what a rotation does beside the cardholders' keys.

use std::collections::BTreeMap;

use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::schema::files as f;
use crate::{
    Conn, DbResult,
    ids::FileId,
    vault::{Vault, WrappedKey},
};

const BATCH_ROWS: i64 = 200;

/// Files under each master key.
pub async fn counts_by_master_key(mut conn: &Conn) -> DbResult<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> =
        f::table.group_by(f::master_key_id).select((f::master_key_id, count_star())).load(&mut conn).await?;
    Ok(rows.into_iter().collect())
}

/// Wraps the keys of files anew, where another master key than the current one wraps them; says how many. One that nothing
/// opens stays as it is.
pub async fn rewrap(mut conn: &Conn, vault: &Vault, current: &str) -> DbResult<usize> {
    let mut after = FileId(Uuid::nil());
    let mut rewrapped = 0;
    loop {
        let rows: Vec<(FileId, String, Vec<u8>)> = f::table
            .filter(f::master_key_id.ne(current).and(f::file_id.gt(after)))
            .order(f::file_id)
            .limit(BATCH_ROWS)
            .select((f::file_id, f::master_key_id, f::wrapped_key))
            .load(&mut conn)
            .await?;
        let Some((last, ..)) = rows.last() else { return Ok(rewrapped) };
        after = *last;
        for (file_id, master_key_id, bytes) in rows {
            let before = WrappedKey { master_key_id, bytes };
            match vault.rewrap_file_key(&before, file_id.0) {
                Ok(wrapped) => rewrapped += store(conn, file_id, &before, &wrapped).await?,
                Err(error) => tracing::error!(%file_id, error = %error, "a file's key can't be wrapped anew"),
            }
        }
    }
}

async fn store(
    mut conn: &Conn,
    file_id: FileId,
    before: &WrappedKey,
    wrapped: &WrappedKey,
) -> DbResult<usize> {
    Ok(diesel::update(f::table.find(file_id).filter(f::master_key_id.eq(&before.master_key_id)))
        .set((f::master_key_id.eq(&wrapped.master_key_id), f::wrapped_key.eq(&wrapped.bytes)))
        .execute(&mut conn)
        .await?)
}

//! Ending uploads that may hold somebody who is being erased: what a file holds is not known without reading it, and a file of people
//! may hold anybody. They live for some weeks anyway; whoever still needs one sends it again.

use diesel::{
    prelude::*,
    sql_types::{Nullable, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    DbResult, Tx, files,
    ids::{FileId, ImportId, JobId},
    schema::imports,
};

use super::upload::NAMELESS;

#[derive(QueryableByName)]
struct Upload {
    #[diesel(sql_type = SqlUuid)]
    import_id: ImportId,
    #[diesel(sql_type = SqlUuid)]
    file_id: FileId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    errors_file_id: Option<FileId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    job_id: Option<JobId>,
}

/// A run under way is told to stop, and finds its file gone. A file may be called by whoever is in it, also by a name of before.
pub async fn end_uploads(tx: &mut Tx<'_>, name: Option<&str>) -> DbResult<()> {
    let sql = "SELECT i.import_id, i.file_id, i.errors_file_id, i.job_id FROM imports i
        WHERE i.kind = 'cardholders' AND EXISTS (SELECT FROM files f WHERE f.file_id IN (i.file_id, i.errors_file_id))
        ORDER BY i.import_id FOR UPDATE OF i";
    let uploads: Vec<Upload> = diesel::sql_query(sql).load(&mut tx.conn()).await?;
    let mut ended = Vec::new();
    for upload in &uploads {
        if let Some(job_id) = upload.job_id {
            tx.cancel_job(job_id).await?;
        }
        ended.push(upload.file_id);
        ended.extend(upload.errors_file_id);
    }
    files::delete(tx, &ended).await?;
    let ids: Vec<ImportId> = uploads.iter().map(|upload| upload.import_id).collect();
    diesel::update(imports::table.filter(imports::import_id.eq_any(ids)))
        .set((imports::errors_file_id.eq(None::<FileId>), imports::file_name.eq(NAMELESS)))
        .execute(&mut tx.conn())
        .await?;
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        // Percent and underline are letters here; a name that holds them is found by more, and nothing is lost by that.
        diesel::update(imports::table.filter(imports::file_name.like(format!("%{name}%"))))
            .set(imports::file_name.eq(NAMELESS))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

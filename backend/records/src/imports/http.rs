use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    post,
    web::{Data, Json, Payload},
};
use kernel::{Page, PageLimit};
use platform::{
    Db,
    config::Config,
    files::{Files, Media},
    ids::ImportId,
    vault::Vault,
};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, Query, ReadProblems, Tagged, Valid,
    access::markers::ImportsWrite, parse_after,
};

use super::{
    model::{Import, ImportBeginning, ImportFilter, ImportRow, ImportWish, ImportsError, UploadQuery},
    repo, start, upload,
};

/// Rows that are shown of a file before it is imported.
const BEGINNING_ROWS: usize = 8;
const FILE_NAME: &str = "x-file-name";

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_imports)
        .service(upload_import)
        .service(get_import)
        .service(get_import_beginning)
        .service(start_import)
        .service(cancel_import)
        .service(get_import_errors);
}

/// One's own imports
///
/// Newest first, with how far each is. The refused rows of each stand with the import itself.
#[utoipa::path(
    tag = "imports",
    params(ImportFilter),
    responses((status = 200, description = "A page of imports", body = Page<Import>), ReadProblems),
    security(("staff" = ["imports:write"]))
)]
#[get("/imports")]
async fn list_imports(
    caller: Caller<ImportsWrite>,
    db: Data<Db>,
    Query(filter): Query<ImportFilter>,
) -> ApiResult<Json<Page<Import>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let conn = db.read().await?;
    let rows = repo::list(&conn, caller.staff.staff_id, limit, after).await?;
    let page = Page::cut(rows, limit, |row: &ImportRow| (row.created_at, row.import_id));
    let items = start::views(&conn, page.items, false).await?;
    Ok(Json(Page { items, next: page.next, count: None }))
}

/// Upload a file
///
/// CSV (UTF-8 or GB18030, also gzip), NDJSON or XLSX, as the body itself. It is looked into and not yet imported; the answer
/// suggests which column is which field.
#[utoipa::path(
    tag = "imports",
    params(UploadQuery, ("X-File-Name" = Option<String>, Header, description = "The file's name, percent-encoded UTF-8")),
    request_body(content = String, content_type = "application/octet-stream", description = "The file", example = "姓名,手机号,网点\n沈嘉怡,13800005678,QJ001\n"),
    responses((status = 201, description = "It can be imported", body = Import), CreateProblems),
    security(("staff" = ["imports:write"]))
)]
#[post("/imports")]
async fn upload_import(
    caller: Caller<ImportsWrite>,
    (db, vault, config): (Data<Db>, Data<Vault>, Data<Config>),
    Query(query): Query<UploadQuery>,
    request: HttpRequest,
    body: Payload,
) -> ApiResult<Tagged<Import>> {
    let files = Files::new(db.as_ref().clone(), vault.as_ref().clone());
    let sent = request.headers().get(FILE_NAME).and_then(|name| name.to_str().ok());
    let row = upload::take(&files, &config.files, &caller, query.kind, (sent, body)).await?;
    let row = db.write(&caller.actor, async |tx| upload::keep(tx, row).await).await?;
    Ok(Tagged::created(start::view_of(&*db.read().await?, row).await?, 1))
}

/// One import
///
/// How its last run is going, or how it ended, with the first thousand rows that were refused.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, description = "The import", body = Import), ReadProblems),
    security(("staff" = ["imports:write"]))
)]
#[get("/imports/{import_id}")]
async fn get_import(
    caller: Caller<ImportsWrite>,
    db: Data<Db>,
    id: IdPath<ImportId>,
) -> ApiResult<Json<Import>> {
    let conn = db.read().await?;
    let row = start::find(&conn, caller.staff.staff_id, *id).await?;
    Ok(Json(start::view_of(&conn, row).await?))
}

/// The first rows of a file
///
/// As they stand in it, to see which column is which field.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, description = "Its first rows", body = ImportBeginning), ReadProblems),
    security(("staff" = ["imports:write"]))
)]
#[get("/imports/{import_id}/beginning")]
async fn get_import_beginning(
    caller: Caller<ImportsWrite>,
    (db, vault): (Data<Db>, Data<Vault>),
    id: IdPath<ImportId>,
) -> ApiResult<Json<ImportBeginning>> {
    let row = start::find(&*db.read().await?, caller.staff.staff_id, *id).await?;
    let files = Files::new(db.as_ref().clone(), vault.as_ref().clone());
    Ok(Json(upload::beginning(&files, &row, BEGINNING_ROWS).await?))
}

/// Import a file
///
/// Under a mapping, which is remembered for the next file with the same names of columns. A dry run changes nothing. Rows that
/// are there already are left alone, so that a file may be sent again.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    request_body = ImportWish,
    responses((status = 202, description = "It is queued", body = Import), CreateProblems),
    security(("staff" = ["imports:write"]))
)]
#[post("/imports/{import_id}/runs")]
async fn start_import(
    caller: Caller<ImportsWrite>,
    db: Data<Db>,
    id: IdPath<ImportId>,
    Valid(wish): Valid<ImportWish>,
) -> ApiResult<Tagged<Import>> {
    let staff_id = caller.staff.staff_id;
    let row = db.write(&caller.actor, async |tx| start::start(tx, staff_id, *id, wish).await).await?;
    Ok(Tagged::accepted(start::view_of(&*db.read().await?, row).await?, 1))
}

/// Cancel an import
///
/// A queued run is cancelled at once; a running one stops before it changes anything, or after what it is just merging.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 202, description = "It will stop", body = Import), CreateProblems),
    security(("staff" = ["imports:write"]))
)]
#[post("/imports/{import_id}/cancel")]
async fn cancel_import(
    caller: Caller<ImportsWrite>,
    db: Data<Db>,
    id: IdPath<ImportId>,
) -> ApiResult<Tagged<Import>> {
    let staff_id = caller.staff.staff_id;
    let row = db.write(&caller.actor, async |tx| start::cancel(tx, staff_id, *id).await).await?;
    Ok(Tagged::accepted(start::view_of(&*db.read().await?, row).await?, 1))
}

/// The refused rows
///
/// A CSV of the rows as they stood in the file, each behind its line, column and code. It can be corrected and sent again:
/// the first three columns are taken no notice of.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv"), ReadProblems),
    security(("staff" = ["imports:write"]))
)]
#[get("/imports/{import_id}/errors")]
async fn get_import_errors(
    caller: Caller<ImportsWrite>,
    (db, vault): (Data<Db>, Data<Vault>),
    id: IdPath<ImportId>,
) -> ApiResult<HttpResponse> {
    let row = start::find(&*db.read().await?, caller.staff.staff_id, *id).await?;
    let file_id = row.errors_file_id.ok_or(ImportsError::NoErrors)?;
    let files = Files::new(db.as_ref().clone(), vault.as_ref().clone());
    let reader = files.reader(file_id).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, Media::Csv.content_type()));
    Ok(answer.insert_header((header::CONTENT_DISPOSITION, "attachment")).streaming(reader.into_stream()))
}

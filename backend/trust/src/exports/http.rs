use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    body::SizedStream,
    dev::Payload,
    get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{Db, DbResult, config::Config, files::Files, ids::ExportId, vault::Vault};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, LimitedProblems, Query, ReadProblems, Requires, Tagged, Valid,
    access::markers::ExportsRun, parse_after,
};

use super::{
    faults::ExportError,
    fetch,
    model::{Export, ExportFilter, NewExport},
    repo,
    request::{self, Counter},
    sources::{ExportSources, Exporter},
};
use crate::calendars::business_on;

pub fn routes(config: &mut ServiceConfig) {
    config.service(request_export).service(list_exports).service(get_export);
    config.service(get_export_file).service(cancel_export);
}

/// What exports need of the house.
struct Counterdesk {
    db: Data<Db>,
    vault: Data<Vault>,
    config: Data<Config>,
    sources: Data<ExportSources>,
}

impl FromRequest for Counterdesk {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut desk = || {
            Ok(Self {
                db: Data::from_request(request, payload).into_inner()?,
                vault: Data::from_request(request, payload).into_inner()?,
                config: Data::from_request(request, payload).into_inner()?,
                sources: Data::from_request(request, payload).into_inner()?,
            })
        };
        ready(desk())
    }
}

/// Ask for a list as a file
///
/// What is written is what the list shows to the caller: the same query, scope and masks. After `POST /auth/step_up`, within a
/// daily quota. Many rows wait for somebody else's approval (`waiting`); the file is written in the background and can be fetched
/// for a day. Whoever opens it sees who asked for it, when, and what for.
#[utoipa::path(
    tag = "exports",
    request_body = NewExport,
    responses((status = 202, description = "It will be written, or waits for an approval", body = Export), LimitedProblems),
    security(("staff" = ["exports:run"]))
)]
#[post("/exports")]
async fn request_export(
    caller: Caller<ExportsRun>,
    desk: Counterdesk,
    Valid(new): Valid<NewExport>,
) -> ApiResult<Tagged<Export>> {
    let source = desk.sources.of(new.list).ok_or(ExportError::ListForbidden)?;
    let (exporter, limits) = (exporter_of(&caller, &desk.db).await?, &desk.config.exports);
    let (vault, daily_max, rows_max) = (&desk.vault, limits.daily_max, limits.rows_max);
    let counter = Counter { source: &*source, exporter: &exporter, vault, daily_max, rows_max };
    let asked = desk.db.write(&caller.actor, async |tx| request::request(tx, &counter, new).await).await?;
    let (export, version) = fetch::find(&desk.db, &caller.staff, asked?).await?;
    Ok(Tagged::accepted(export, version))
}

/// List one's own exports
///
/// Newest first, with how far each is.
#[utoipa::path(
    tag = "exports",
    params(ExportFilter),
    responses((status = 200, description = "A page of exports", body = Page<Export>), ReadProblems),
    security(("staff" = ["exports:run"]))
)]
#[get("/exports")]
async fn list_exports(
    caller: Caller<ExportsRun>,
    db: Data<Db>,
    Query(filter): Query<ExportFilter>,
) -> ApiResult<Json<Page<Export>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let conn = db.read().await?;
    let rows = repo::list(&conn, caller.staff.staff_id, filter.list, (limit, after)).await?;
    let Page { items, next, count } = Page::cut(rows, limit, |row| row.export_id);
    Ok(Json(Page { items: fetch::shown(&conn, items, caller.now).await?, next, count }))
}

/// One of one's own exports
///
/// How far it is, and what became of it.
#[utoipa::path(
    tag = "exports",
    params(("export_id" = ExportId, Path)),
    responses((status = 200, description = "The export", body = Export), ReadProblems),
    security(("staff" = ["exports:run"]))
)]
#[get("/exports/{export_id}")]
async fn get_export(
    caller: Caller<ExportsRun>,
    db: Data<Db>,
    id: IdPath<ExportId>,
) -> ApiResult<Tagged<Export>> {
    let (export, version) = fetch::find(&db, &caller.staff, *id).await?;
    Ok(Tagged::ok(export, version))
}

/// Fetch the file
///
/// As long as it is there, and only for whoever may still have all that it holds (403 `exports.narrowed`); each time leaves an
/// audit row. `Repr-Digest` holds its checksum.
#[utoipa::path(
    tag = "exports",
    params(("export_id" = ExportId, Path)),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"), ReadProblems),
    security(("staff" = ["exports:run"]))
)]
#[get("/exports/{export_id}/file")]
async fn get_export_file(
    caller: Caller<ExportsRun>,
    desk: Counterdesk,
    id: IdPath<ExportId>,
) -> ApiResult<HttpResponse> {
    let exporter = exporter_of(&caller, &desk.db).await?;
    let file_id = desk
        .db
        .write(&caller.actor, async |tx| fetch::hand_out(tx, &desk.sources, &exporter, *id).await)
        .await??;
    let files = Files::new(desk.db.get_ref().clone(), desk.vault.get_ref().clone());
    let reader = files.reader(file_id).await.map_err(ExportError::from)?;
    let (size, headers) = fetch::headers(reader.file());
    let mut response = HttpResponse::Ok();
    headers.into_iter().for_each(|header| {
        response.insert_header(header);
    });
    Ok(response.body(SizedStream::new(size, Box::pin(reader.into_stream()))))
}

/// Give up an export
///
/// One that waits or is being written; a finished one goes by itself.
#[utoipa::path(
    tag = "exports",
    params(("export_id" = ExportId, Path)),
    responses((status = 200, description = "The export", body = Export), CreateProblems),
    security(("staff" = ["exports:run"]))
)]
#[post("/exports/{export_id}/cancel")]
async fn cancel_export(
    caller: Caller<ExportsRun>,
    db: Data<Db>,
    id: IdPath<ExportId>,
) -> ApiResult<Tagged<Export>> {
    db.write(&caller.actor, async |tx| fetch::cancel(tx, caller.staff.staff_id, *id).await).await?;
    let (export, version) = fetch::find(&db, &caller.staff, *id).await?;
    Ok(Tagged::ok(export, version))
}

async fn exporter_of<P: Requires>(caller: &Caller<P>, db: &Db) -> DbResult<Exporter> {
    let business_on = db.quick(async |conn| business_on(conn, caller.now).await).await?;
    let (staff, directory) = (caller.staff.clone(), caller.directory.clone());
    Ok(Exporter { staff, directory, now: caller.now, business_on })
}

use actix_web::{
    get,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{Db, ids::CardholderId};
use trust::audit::{self, AccessLine};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, IdPath, Query, RecordProblems, Snapshot, access::markers::AccessLogRead, parse_after,
};

use super::{
    super::gate,
    model::{AccessLogFilter, AccessLogLine},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_access_log);
}

/// Who looked at a cardholder
///
/// Newest first: every look, search result opened, change and refusal, by whom, from which branch and for which purpose. Asking
/// is a look too.
#[utoipa::path(
    tag = "cardholders",
    params(("cardholder_id" = CardholderId, Path), AccessLogFilter),
    responses((status = 200, description = "A page of looks", body = Page<AccessLogLine>), RecordProblems),
    security(("staff" = ["access_log:read"]))
)]
#[get("/cardholders/{cardholder_id}/access_log")]
async fn list_access_log(
    caller: Caller<AccessLogRead>,
    db: Data<Db>,
    id: IdPath<CardholderId>,
    Query(filter): Query<AccessLogFilter>,
) -> ApiResult<Json<Page<AccessLogLine>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let rows = gate::slow(&db, &caller.reading_reach(), *id, async |conn, members| {
        let read = async |id| audit::access_log(conn, id, limit, after).await;
        members.page(limit, read, |line| (line.occurred_at, line.audit_id)).await
    })
    .await?;
    let page = Page::cut(rows, limit, |line| (line.occurred_at, line.audit_id));
    Ok(Json(page.map(|line| named(line, &caller.directory))))
}

fn named(line: AccessLine, bank: &Snapshot) -> AccessLogLine {
    AccessLogLine {
        staff_name: line.staff_id.and_then(|id| bank.staff_name(id)).map(ToOwned::to_owned),
        branch_name: line.branch_id.and_then(|id| bank.branch_name(id)).map(ToOwned::to_owned),
        line,
    }
}

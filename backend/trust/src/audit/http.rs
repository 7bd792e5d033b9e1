use actix_web::{
    get,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::Db;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, Query, ReadProblems, access::markers::AuditRead, parse_after};

use super::{
    anomalies,
    model::{AuditEntry, AuditFilter},
    seals,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_audit_entries);
    seals::routes(config);
    anomalies::routes(config);
}

/// Read the audit trail
///
/// Newest first. Who did what to whom, when, from where, and what changed. A role, a branch, an address or a whole slice
/// (`cardholders.`) asks for a span of at most 31 days, unless a person, a cardholder, an object or a trace id is named too.
#[utoipa::path(
    tag = "audit",
    params(AuditFilter),
    responses((status = 200, description = "A page of the trail", body = Page<AuditEntry>), ReadProblems),
    security(("staff" = ["audit:read"]))
)]
#[get("/audit_entries")]
async fn list_audit_entries(
    caller: Caller<AuditRead>,
    db: Data<Db>,
    Query(filter): Query<AuditFilter>,
) -> ApiResult<Json<Page<AuditEntry>>> {
    filter.admit()?;
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    Ok(Json(super::list(&*db.read().await?, &filter, caller.sight(), (limit, after)).await?))
}

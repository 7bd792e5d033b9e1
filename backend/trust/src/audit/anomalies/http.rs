use actix_web::{
    get, post,
    web::{Data, Json},
};
use kernel::{Page, PageLimit};
use platform::{Db, ids::AnomalyId};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, IdPath, Query, ReadProblems, Requires, Snapshot, Valid,
    access::{
        self, Permission,
        markers::{AnomaliesRead, AnomaliesReview},
    },
    parse_after,
};

use super::{
    model::{AnomalyFilter, AnomalyLine, AnomalyReview, AuditAnomaly},
    repo,
};
use crate::audit::{AuditError, Entry, record};

pub(in super::super) fn routes(config: &mut ServiceConfig) {
    config.service(list_anomalies).service(review_anomaly);
}

/// List anomalies
///
/// What is out of the ordinary in the trail, newest day first: a branch manager sees their own part of the bank.
#[utoipa::path(
    tag = "audit",
    params(AnomalyFilter),
    responses((status = 200, description = "A page of anomalies", body = Page<AnomalyLine>), ReadProblems),
    security(("staff" = ["anomalies:read"]))
)]
#[get("/audit/anomalies")]
async fn list_anomalies(
    caller: Caller<AnomaliesRead>,
    db: Data<Db>,
    Query(filter): Query<AnomalyFilter>,
) -> ApiResult<Json<Page<AnomalyLine>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let rows = repo::list(&*db.read().await?, &filter, &caller.reach().span, limit, after).await?;
    let page = Page::cut(rows, limit, |row| (row.happened_on, row.anomaly_id));
    Ok(Json(page.map(|row| line(&caller, row))))
}

/// Judge an anomaly
///
/// Once, with a note; nobody judges themselves.
#[utoipa::path(
    tag = "audit",
    params(("anomaly_id" = AnomalyId, Path)),
    request_body = AnomalyReview,
    responses((status = 200, description = "Judged", body = AnomalyLine), CreateProblems),
    security(("staff" = ["anomalies:review"]))
)]
#[post("/audit/anomalies/{anomaly_id}/review")]
async fn review_anomaly(
    caller: Caller<AnomaliesReview>,
    db: Data<Db>,
    id: IdPath<AnomalyId>,
    Valid(review): Valid<AnomalyReview>,
) -> ApiResult<Json<AnomalyLine>> {
    let me = caller.staff.staff_id;
    let row = db.write(&caller.actor, async |tx| judge(tx, *id, me, &review).await).await?;
    Ok(Json(line(&caller, row)))
}

async fn judge(
    tx: &mut platform::Tx<'_>,
    id: AnomalyId,
    reviewer: platform::ids::StaffId,
    review: &AnomalyReview,
) -> Result<AuditAnomaly, AuditError> {
    let row = repo::find_for_update(tx, id).await?.ok_or(AuditError::AnomalyMissing)?;
    if row.verdict.is_some() {
        return Err(AuditError::AnomalyReviewed);
    }
    if row.staff_id == reviewer {
        return Err(AuditError::OwnAnomaly);
    }
    repo::judge(tx, id, reviewer, review).await?;
    let verdict = serde_json::json!({ "verdict": { "after": review.verdict } });
    record(tx, Entry::of("audit.review_anomaly").on("audit_anomaly", id).changing(verdict)).await?;
    repo::find_for_update(tx, id).await?.ok_or(AuditError::AnomalyMissing)
}

fn line<P: Requires>(caller: &Caller<P>, anomaly: AuditAnomaly) -> AnomalyLine {
    let bank: &Snapshot = &caller.directory;
    let me = &caller.staff;
    AnomalyLine {
        staff_no: bank.staff.get(&anomaly.staff_id).map(|member| member.staff_no.clone()),
        staff_name: bank.staff_name(anomaly.staff_id).map(ToOwned::to_owned),
        branch_name: bank.branch_name(anomaly.branch_id).map(ToOwned::to_owned),
        reviewer_name: anomaly.reviewed_by.and_then(|id| bank.staff_name(id)).map(ToOwned::to_owned),
        is_reviewable: anomaly.verdict.is_none()
            && anomaly.staff_id != me.staff_id
            && access::may(me.role, Permission::AnomaliesReview),
        anomaly,
    }
}

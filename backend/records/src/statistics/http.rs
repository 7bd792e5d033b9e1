use actix_web::{
    get,
    web::{Data, Json},
};
use platform::Db;
use trust::calendars::business_on;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, Query, ReadProblems, Remarks, access::markers::StatisticsRead};

use super::{
    model::{Statistics, StatisticsFilter},
    tally::{self, Asking},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_statistics);
}

/// Figures by branch, product or month
///
/// Of the caller's part of the bank: cardholders, balances, money out, activity; each with the number of rows behind it and when
/// it was added up. Whoever sees those rows may filter. Whoever does not is told neither a figure that stands for fewer than five
/// people nor one that it would follow from, and may not filter (403 `statistics.rows_needed`).
#[utoipa::path(
    tag = "statistics",
    params(StatisticsFilter),
    responses((status = 200, description = "The figures", body = Statistics), ReadProblems),
    security(("staff" = ["statistics:read"]))
)]
#[get("/statistics")]
async fn get_statistics(
    caller: Caller<StatisticsRead>,
    db: Data<Db>,
    remarks: Remarks,
    Query(filter): Query<StatisticsFilter>,
) -> ApiResult<Json<Statistics>> {
    filter.admit(caller.staff.role)?;
    remarks.say("measure", filter.measure.as_str());
    remarks.say("by", filter.by.as_str());
    let (conn, now) = (db.read().await?, caller.now);
    let today = business_on(&conn, now).await?;
    let (reach, role, directory) = (caller.reach(), caller.staff.role, &*caller.directory);
    let asking = Asking { reach, role, directory, today, now };
    Ok(Json(tally::figures(&conn, &asking, &filter).await?))
}

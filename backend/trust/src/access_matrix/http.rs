use actix_web::{get, web::Json};
use utoipa_actix_web::service_config::ServiceConfig;
use web::{AnyStaff, ApiResult, Caller, ReadProblems};

use super::model::AccessMatrix;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_access_matrix);
}

/// Who may do and see what
///
/// Every role with its permissions, the classes of fields it sees and its usual scope; and every field with its class.
#[utoipa::path(
    tag = "access",
    responses((status = 200, description = "The matrix in force", body = AccessMatrix), ReadProblems),
    security(("staff" = []))
)]
#[get("/access_matrix")]
async fn get_access_matrix(_caller: Caller<AnyStaff>) -> ApiResult<Json<AccessMatrix>> {
    Ok(Json(AccessMatrix::in_force()))
}

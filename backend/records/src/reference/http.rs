use actix_web::{
    get,
    web::{Data, Json},
};
use platform::Db;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{ApiResult, Caller, ReadProblems, access::markers::AccountsRead};

use super::{
    model::{MerchantCategories, Products},
    repo,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_products).service(list_merchant_categories);
}

/// Products
///
/// Everything the bank offers or once offered, by code, with its names in both languages.
#[utoipa::path(
    tag = "reference",
    responses((status = 200, description = "All products", body = Products), ReadProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/products")]
async fn list_products(_caller: Caller<AccountsRead>, db: Data<Db>) -> ApiResult<Json<Products>> {
    Ok(Json(Products { items: db.quick(repo::products).await? }))
}

/// Merchant categories
///
/// The codes of ISO 18245, each with its group and its names in both languages.
#[utoipa::path(
    tag = "reference",
    responses((status = 200, description = "All merchant categories", body = MerchantCategories), ReadProblems),
    security(("staff" = ["accounts:read"]))
)]
#[get("/merchant_categories")]
async fn list_merchant_categories(
    _caller: Caller<AccountsRead>,
    db: Data<Db>,
) -> ApiResult<Json<MerchantCategories>> {
    Ok(Json(MerchantCategories { items: db.quick(repo::merchant_categories).await? }))
}

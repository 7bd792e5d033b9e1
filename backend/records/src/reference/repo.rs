use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult,
    schema::{merchant_categories, products},
};

use super::model::{MerchantCategory, Product};

/// Products that one answer holds at most.
const PRODUCTS_MAX: i64 = 1_000;
/// There are no more than ten thousand four-digit codes.
const CATEGORIES_MAX: i64 = 10_000;

pub(super) async fn products(mut conn: &Conn) -> DbResult<Vec<Product>> {
    Ok(Product::query().order(products::product_code).limit(PRODUCTS_MAX).load(&mut conn).await?)
}

pub(super) async fn merchant_categories(mut conn: &Conn) -> DbResult<Vec<MerchantCategory>> {
    let all = MerchantCategory::query().order(merchant_categories::mcc).limit(CATEGORIES_MAX);
    Ok(all.load(&mut conn).await?)
}

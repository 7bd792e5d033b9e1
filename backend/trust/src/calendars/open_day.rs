//! Opening a business day.

use chrono::NaiveDate;
use platform::{DbResult, Tx};
use serde_json::json;

use super::repo;
use crate::audit::{self, Entry};

/// Opens a business day; says whether it was not open yet. There is no way back to an earlier one.
pub async fn open_day(tx: &mut Tx<'_>, business_on: NaiveDate) -> DbResult<bool> {
    let before = repo::lock(tx).await?;
    let is_opened = match before {
        Some(open) if open >= business_on => false,
        Some(_) => {
            repo::update(tx, business_on).await?;
            true
        }
        None => repo::insert(tx, business_on).await?,
    };
    if is_opened {
        let entry = Entry::of("calendars.open_day").changing(json!({ "business_on": [before, business_on] }));
        audit::record(tx, entry).await?;
    }
    Ok(is_opened)
}

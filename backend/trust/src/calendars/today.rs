use chrono::NaiveDate;
use web::{Caller, Requires};

use super::bank_date;

/// The business date for answers that are read often: what the directory knew when the request came, at most two seconds old.
/// Whoever writes asks their own transaction.
pub fn today<P: Requires>(caller: &Caller<P>) -> NaiveDate {
    caller.directory.business_on.unwrap_or_else(|| bank_date(caller.now))
}

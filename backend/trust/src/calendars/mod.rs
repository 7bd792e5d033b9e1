//! The bank's days. There are two, and each has its uses:
//!
//! - The **business date** ([`business_on`]) is the day the bank's books are open for, one for everybody. What an answer shows or
//!   a record keeps as the bank's today goes by it: `business_on` itself, `opened_on`, ages, what is due, past due or expired, the
//!   month that figures end with.
//! - The **calendar date** ([`bank_date`]) is the day on the wall in the bank's time zone. What is counted from moments goes by it:
//!   quotas and whatever else guards against somebody, retention, terms that the law sets, the trail, the names of files. A day
//!   whose opening is late must not stretch them.
//!
//! The business date follows the calendar by itself ([`OpenDay`]), one row of the trail for each time it moves, and never goes
//! back: a day that was opened ahead stays open until the calendar has passed it.

mod days;
mod jobs;
mod open_day;
mod repo;
mod today;

pub use days::{bank_date, day_start, until_next_day};
pub use jobs::{OpenDay, catch_up, register};
pub use open_day::open_day;
pub use repo::business_on;
pub use today::today;

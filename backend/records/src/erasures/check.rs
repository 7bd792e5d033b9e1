//! What stands in the way of an erasure: an open account, what the law says must be kept, a hold.

use chrono::{Months, NaiveDate};
use platform::{Conn, DbResult, ids::CardholderId};

use super::{
    model::{Obstacle, ObstacleKind, RETENTION_YEARS},
    repo,
};
use crate::cardholders::members::Members;

/// Everything in the way on this day: of the cardholder, and of every record that was merged into theirs.
pub(super) async fn obstacles(conn: &Conn, members: &Members, today: NaiveDate) -> DbResult<Vec<Obstacle>> {
    let mut found = Vec::new();
    for id in members.all() {
        found.extend(obstacles_of(conn, *id, today).await?);
    }
    Ok(found)
}

/// In the order in which it weighs.
async fn obstacles_of(conn: &Conn, cardholder_id: CardholderId, today: NaiveDate) -> DbResult<Vec<Obstacle>> {
    let nothing =
        Obstacle { obstacle: ObstacleKind::OpenAccount, until_on: None, hold_id: None, reason: None };
    let mut found = Vec::new();
    for hold in repo::holds(conn, cardholder_id).await? {
        let obstacle = ObstacleKind::LegalHold;
        found.push(Obstacle {
            obstacle,
            hold_id: Some(hold.hold_id),
            reason: Some(hold.reason),
            ..nothing.clone()
        });
    }
    if repo::has_open_account(conn, cardholder_id).await? {
        found.push(nothing.clone());
    }
    if let Some(until_on) = kept_until(repo::last_fact_on(conn, cardholder_id).await?, today) {
        found.push(Obstacle {
            obstacle: ObstacleKind::StatutoryRetention,
            until_on: Some(until_on),
            ..nothing
        });
    }
    Ok(found)
}

/// The day until which the law has the last fact kept, if that is still to come.
fn kept_until(last_fact_on: Option<NaiveDate>, today: NaiveDate) -> Option<NaiveDate> {
    let until = last_fact_on?.checked_add_months(Months::new(RETENTION_YEARS * 12))?;
    (until > today).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_law_keeps_is_kept_to_the_day() {
        let on = |text: &str| text.parse::<NaiveDate>().unwrap();
        let until = |last, today| kept_until(Some(on(last)), on(today));
        assert_eq!(until("2016-11-03", "2026-11-02"), Some(on("2026-11-03")));
        assert_eq!(until("2016-11-02", "2026-11-02"), None);
        assert_eq!(until("2016-02-29", "2020-01-01"), Some(on("2026-02-28")));
        assert_eq!(kept_until(None, on("2026-11-02")), None);
    }
}

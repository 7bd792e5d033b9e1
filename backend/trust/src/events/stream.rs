//! One stream, from the first event that its reader has not seen to the end of its token.

use std::time::Duration;

use futures_util::stream::{Stream, unfold};
use platform::{Db, DbResult, StaffActor, events, events::EventRow};
use serde_json::json;
use tokio::time::Instant;
use web::{Directory, Permission, access};

use super::{
    hub::{self, Follower},
    model::StreamEvent,
};

/// A line that says nothing, so that whatever stands in between keeps the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events that are read at a time.
const BATCH_ROWS: i64 = 200;

/// What one stream is made of.
pub(super) struct Reader {
    pub db: Db,
    pub directory: Directory,
    pub staff: StaffActor,
    pub follower: Follower,
    /// The number that was told last.
    pub event_no: i64,
    pub is_waiting: bool,
    /// When its token ends.
    pub ends_at: Instant,
    /// What stands at its beginning.
    pub greeting: Option<String>,
}

/// Where a stream begins: behind the number its reader saw last, or now. A number that is no longer kept is answered by a
/// `reset`, upon which the reader reads everything anew.
pub(super) async fn beginning(db: &Db, last_event_id: Option<i64>) -> DbResult<(i64, Option<String>)> {
    let conn = db.read().await?;
    events::begin(&conn).await?;
    drop(conn);
    let head = hub::latest(db).await?;
    let Some(seen) = last_event_id else { return Ok((head, Some(format!("id: {head}\n: begun\n\n")))) };
    let oldest = events::oldest(&*db.read().await?).await?;
    let is_gone = seen > head || oldest.map_or(seen < head, |oldest| seen + 1 < oldest);
    if is_gone {
        let reset = StreamEvent { id: head, event: "reset".to_owned(), data: json!({}).to_string() };
        return Ok((head, Some(reset.to_string())));
    }
    Ok((seen, None))
}

/// The stream as text. It is read as slowly as whoever asked reads it: nothing is kept for them but the number they are at.
pub(super) fn lines(reader: Reader) -> impl Stream<Item = DbResult<String>> {
    unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        match reader.next().await {
            Ok(Some(text)) => Some((Ok(text), Some(reader))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}

impl Reader {
    async fn next(&mut self) -> DbResult<Option<String>> {
        if let Some(greeting) = self.greeting.take() {
            return Ok(Some(greeting));
        }
        loop {
            if !self.is_admitted() || Instant::now() >= self.ends_at {
                return Ok(None);
            }
            let rows = events::after(&*self.db.read().await?, self.event_no, BATCH_ROWS).await?;
            if let Some(last) = rows.last() {
                self.event_no = last.event_no;
                return Ok(Some(self.told(&rows)));
            }
            if !self.is_waiting {
                return Ok(None);
            }
            tokio::select! {
                () = self.follower.wait() => {}
                () = tokio::time::sleep(HEARTBEAT) => return Ok(Some(": beat\n\n".to_owned())),
                () = tokio::time::sleep_until(self.ends_at) => return Ok(None),
            }
        }
    }

    /// Whether they are still signed in and employed.
    fn is_admitted(&self) -> bool {
        let directory = self.directory.snapshot();
        let is_active = directory.staff.get(&self.staff.staff_id).is_some_and(|entry| entry.is_active);
        is_active && !directory.ended_sessions.contains(&self.staff.session_id)
    }

    /// What concerns this person, and up to where they have now seen.
    fn told(&self, rows: &[EventRow]) -> String {
        let mut text = String::new();
        for row in rows.iter().filter(|row| self.concerns(row)) {
            let data = json!(row.params).to_string();
            text += &StreamEvent { id: row.event_no, event: row.kind.to_string(), data }.to_string();
        }
        // An id alone tells nothing and moves the place to go on from.
        text + &format!("id: {}\n\n", self.event_no)
    }

    /// Role, scope and branch are those of this moment, not of the token.
    fn concerns(&self, row: &EventRow) -> bool {
        if row.staff_id == Some(self.staff.staff_id) {
            return true;
        }
        let directory = self.directory.snapshot();
        let Some(entry) = directory.staff.get(&self.staff.staff_id) else { return false };
        let permission = row.permission.as_deref().and_then(|word| word.parse::<Permission>().ok());
        let reach = directory.reach_of(self.staff.staff_id, entry.scope, entry.branch_id);
        permission.is_some_and(|permission| access::may(entry.role, permission))
            && row
                .branch_id
                .is_none_or(|branch_id| reach.covers_branch(branch_id) || branch_id == entry.branch_id)
    }
}

//! One numberer per process, for as long as somebody follows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use platform::{Db, DbResult, events, ids::StaffId};
use tokio::sync::watch;

use super::model::EventsError;

/// How often it looks for events that other processes have left.
const POLL: Duration = Duration::from_millis(250);
/// Streams that one person may have open in one process: a few windows on a few machines.
const STREAMS_MAX: usize = 8;

/// Where streams learn that there is more. Clones share it.
#[derive(Clone)]
pub struct EventHub(Arc<Inner>);

struct Inner {
    /// The last number that is known to be given.
    head: watch::Sender<i64>,
    streams: Mutex<HashMap<StaffId, usize>>,
}

impl EventHub {
    /// Begins to number; ends when the last clone is gone. To be called where the runtime is.
    pub fn start(db: Db) -> Self {
        let hub = Self(Arc::new(Inner { head: watch::Sender::new(0), streams: Mutex::default() }));
        let inner = Arc::downgrade(&hub.0);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(POLL) => {}
                    () = db.events_wanted().notified() => {}
                }
                let Some(inner) = inner.upgrade() else { break };
                if inner.head.receiver_count() == 0 {
                    continue;
                }
                match latest(&db).await {
                    Ok(head) => {
                        inner.head.send_if_modified(|known| std::mem::replace(known, head) != head);
                    }
                    Err(error) => tracing::warn!(error = %error, "events can't be numbered"),
                }
            }
        });
        hub
    }

    /// A place for one more stream of this person.
    pub(super) fn follow(&self, staff_id: StaffId) -> Result<Follower, EventsError> {
        let mut streams = self.0.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let count = streams.entry(staff_id).or_default();
        if *count >= STREAMS_MAX {
            return Err(EventsError::TooMany);
        }
        *count += 1;
        Ok(Follower { head: self.0.head.subscribe(), hub: self.clone(), staff_id })
    }
}

/// Numbers what is there and says how far that goes.
pub(super) async fn latest(db: &Db) -> DbResult<i64> {
    let conn = db.read().await?;
    events::number(&conn).await?;
    events::head(&conn).await
}

/// One stream's place. It is given back when the stream ends.
pub(super) struct Follower {
    head: watch::Receiver<i64>,
    hub: EventHub,
    staff_id: StaffId,
}

impl Follower {
    /// Waits until more is numbered.
    pub(super) async fn wait(&mut self) {
        // The hub outlives its followers, who hold it.
        let _ = self.head.changed().await;
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut streams = self.hub.0.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = streams.get_mut(&self.staff_id) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.staff_id);
            }
        }
    }
}

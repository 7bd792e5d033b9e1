//! Events: what has happened that open pages should know of. They carry ids and codes, never anything about a person.
//!
//! An event is written with the deed and gets its number afterwards, once it is committed, by one numberer at a time. So numbers
//! appear in their order, and a reader who goes on from the last one it has seen never passes over a late commit. The numberer
//! looks four times a second; a commit that leaves events wakes the one in its own process at once.

mod repo;

pub use repo::{EventRow, after, begin, forget, head, number, of_job, oldest};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::schema::events;
use crate::{
    DbResult, Tx,
    ids::{BranchId, StaffId},
};

crate::vocabulary! {
    /// What an event is about.
    pub enum EventKind {
        /// A job has begun, gone on or ended.
        Job = "job",
        /// Something waits in an inbox, was taken, or waits no more.
        WorkItems = "work_items",
    }
}

/// Something to be told, and to whom: this person, or whoever holds the permission and works with the branch.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub kind: EventKind,
    pub staff_id: Option<StaffId>,
    pub permission: Option<String>,
    pub branch_id: Option<BranchId>,
    /// Ids and codes.
    pub params: Value,
}

impl Tx<'_> {
    /// Tells of what this transaction does, should it commit.
    pub async fn tell(&mut self, event: &NewEvent) -> DbResult<()> {
        diesel::insert_into(events::table)
            .values((
                (events::event_id.eq(self.new_id::<Uuid>()), events::kind.eq(event.kind)),
                (events::staff_id.eq(event.staff_id), events::permission.eq(&event.permission)),
                (events::branch_id.eq(event.branch_id), events::params.eq(&event.params)),
                events::created_at.eq(self.now),
            ))
            .execute(&mut self.conn())
            .await?;
        self.mark_has_events();
        Ok(())
    }
}

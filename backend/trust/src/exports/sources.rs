//! What a list offers so that it can be had as a file. The lists stand in slices of every chapter, so that they register
//! themselves; the server puts all of them together.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::BoxFuture;
use platform::{Conn, StaffActor, ids::CardholderId};
use serde_json::Value;
use web::{FieldClass, Permission, Reach, Sight, Snapshot, access};

use super::{cell::Cell, model::ExportList};
use crate::approvals::Refusal;

/// Whoever a file is for, with what they may do and see at this moment.
pub struct Exporter {
    pub staff: StaffActor,
    pub directory: Arc<Snapshot>,
    pub now: DateTime<Utc>,
    /// The bank's today, as the list itself has it.
    pub business_on: NaiveDate,
}

impl Exporter {
    pub fn reach(&self) -> Reach {
        self.directory.reach_of(self.staff.staff_id, self.staff.scope, self.staff.branch_id)
    }

    pub fn sight(&self) -> Sight {
        Sight::of(self.staff.role)
    }

    pub(super) fn may(&self, permission: Permission) -> bool {
        access::may(self.staff.role, permission)
    }
}

/// A list that somebody wants.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub exporter: &'a Exporter,
    /// Given exactly where the list is of one cardholder.
    pub cardholder_id: Option<CardholderId>,
    pub query: &'a Value,
}

/// A column, and the field whose class decides who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportColumn {
    pub name: &'static str,
    pub table: &'static str,
    pub field: &'static str,
}

impl ExportColumn {
    /// A column that is called as the field is.
    pub const fn of(table: &'static str, field: &'static str) -> Self {
        Self { name: field, table, field }
    }

    /// A column that tells what a field of another name tells.
    pub const fn telling(name: &'static str, table: &'static str, field: &'static str) -> Self {
        Self { name, table, field }
    }

    pub(super) fn class(&self) -> FieldClass {
        access::class_of(self.table, self.field)
    }
}

/// Some rows, each with a cell for every column, and where the next ones begin.
pub struct Batch {
    pub rows: Vec<Vec<Cell>>,
    pub next: Option<String>,
}

/// Reading a list, on one connection.
pub type Exporting<'a, T> = BoxFuture<'a, Result<T, Refusal>>;

pub trait ExportSource: Send + Sync + 'static {
    fn columns(&self) -> &'static [ExportColumn];

    /// How many rows there are, or `rows_max` where there are more. Refuses what the list itself would refuse.
    fn count<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, rows_max: i64) -> Exporting<'a, i64>;

    /// The rows behind `after`, in the list's own order.
    fn batch<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, after: Option<String>) -> Exporting<'a, Batch>;
}

/// Rows of a batch: enough that asking costs little, few enough to be held twice.
pub const BATCH_ROWS: u16 = 4_000;

/// Every list of the house that can be had as a file.
#[derive(Clone, Default)]
pub struct ExportSources(HashMap<ExportList, Arc<dyn ExportSource>>);

impl ExportSources {
    pub fn register(&mut self, list: ExportList, source: Arc<dyn ExportSource>) {
        self.0.insert(list, source);
    }

    pub fn of(&self, list: ExportList) -> Option<Arc<dyn ExportSource>> {
        self.0.get(&list).cloned()
    }
}

/// The columns that somebody sees.
pub(super) fn seen(source: &dyn ExportSource, sight: Sight) -> Vec<ExportColumn> {
    source.columns().iter().copied().filter(|column| sight.sees(column.class())).collect()
}

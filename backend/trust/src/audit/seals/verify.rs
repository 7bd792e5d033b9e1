//! Verifying: each batch anew against its rows, its seal, its neighbour and the anchors. One batch is held at a time.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Page, page::Cursor};
use platform::{Conn, DbResult};
use uuid::Uuid;

use super::{
    Notary,
    anchors::{Anchor, HEAD, newest},
    canon::{Leaf, TrailRow, leaves_of, root_of},
    model::{BatchFault, BatchVerdict, FaultKind, SealKind, SealRow},
    repo,
};

/// Ids that a fault names.
const NAMED_MAX: usize = 20;
/// How long before the previous seal something may have begun that is sealed now: longer than any request runs.
const LATE_MAX: TimeDelta = TimeDelta::minutes(15);
/// The same for what the system does by itself: imports run for hours.
const LATE_MAX_OF_SYSTEM: TimeDelta = TimeDelta::days(2);
/// How far the clocks of two servers may differ.
const EARLY_MAX: TimeDelta = TimeDelta::minutes(5);

type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// A walk along the chain.
pub(super) struct Walk<'a> {
    notary: &'a Notary,
    span: Span,
    before: Option<SealRow>,
    at: i64,
    dropped_until: Option<DateTime<Utc>>,
    anchors: Vec<(String, Anchor, bool)>,
    is_over: bool,
}

impl<'a> Walk<'a> {
    /// From the first batch in `span` that comes after `after`.
    pub(super) async fn begin(notary: &'a Notary, conn: &Conn, span: Span, after: i64) -> DbResult<Self> {
        Ok(Self {
            notary,
            span,
            before: repo::find(conn, after).await?,
            at: after,
            dropped_until: repo::dropped_until(conn).await?,
            anchors: notary.anchors(),
            is_over: false,
        })
    }

    /// The next batch, looked over; `None` at the end.
    pub(super) async fn next(&mut self, conn: &Conn) -> DbResult<Option<BatchVerdict>> {
        if self.is_over {
            return Ok(None);
        }
        let Some(row) = repo::next(conn, self.span, self.at).await? else {
            self.is_over = true;
            return self.cut_off(conn).await;
        };
        if self.at == 0 && self.before.is_none() && row.batch_no > 1 {
            self.before = repo::find(conn, row.batch_no - 1).await?;
        }
        let faults = self.faults_of(conn, &row).await?;
        self.at = row.batch_no;
        let verdict = verdict(&row, faults);
        self.before = Some(row);
        Ok(Some(verdict))
    }

    /// The next `limit` batches, or fewer that have `rows_max` rows.
    pub(super) async fn page(
        &mut self,
        conn: &Conn,
        limit: usize,
        rows_max: i64,
    ) -> DbResult<Page<BatchVerdict>> {
        let (mut items, mut rows) = (Vec::new(), 0);
        while items.len() < limit && rows < rows_max {
            let Some(verdict) = self.next(conn).await? else {
                return Ok(Page { items, next: None, count: None });
            };
            rows += verdict.row_count;
            items.push(verdict);
        }
        Ok(Page { items, next: Some(Cursor::encode(&self.at)), count: None })
    }

    async fn faults_of(&self, conn: &Conn, row: &SealRow) -> DbResult<Vec<BatchFault>> {
        let mut faults = Vec::new();
        let leaves = leaves_of(&row.entries);
        let is_marked =
            root_of(&row.entries) == row.root && self.notary.vault.attest(&row.text()) == row.seal;
        if !is_marked || !self.is_joined(row) || leaves.is_none() {
            faults.push(fault(FaultKind::SealBroken, Vec::new()));
        }
        let seal = hex::encode(&row.seal);
        let mut anchors = self.anchors.iter().filter(|(_, anchor, _)| anchor.batch_no == row.batch_no);
        if anchors.any(|(_, anchor, is_signed)| !is_signed || anchor.seal != seal) {
            faults.push(fault(FaultKind::AnchorMismatch, Vec::new()));
        }
        if row.kind == SealKind::Rows {
            let rows = repo::written(conn, (row.from_written, row.to_written), i64::MAX).await?;
            faults.extend(self.compare(row, &leaves.unwrap_or_default(), &rows));
        }
        Ok(faults)
    }

    /// Whether it goes on where the link before it ended. After a missing link it does not.
    fn is_joined(&self, row: &SealRow) -> bool {
        match &self.before {
            Some(before) => {
                row.batch_no == before.batch_no + 1
                    && row.previous == before.seal
                    && row.from_written == before.to_written
            }
            None => row.batch_no == 1 && row.previous.is_empty() && row.from_written == 0,
        }
    }

    fn compare(&self, batch: &SealRow, leaves: &[Leaf], rows: &[TrailRow]) -> Vec<BatchFault> {
        let sealed: HashMap<Uuid, &Leaf> = leaves.iter().map(|leaf| (leaf.audit_id, leaf)).collect();
        let there: HashMap<Uuid, &TrailRow> = rows.iter().map(|row| (row.audit_id, row)).collect();
        let is_kept =
            |leaf: &&Leaf| self.dropped_until.is_none_or(|until| leaf.at_micros >= until.timestamp_micros());
        let gone = leaves.iter().filter(is_kept).filter(|leaf| !there.contains_key(&leaf.audit_id));
        let gone = gone.map(|leaf| leaf.audit_id).collect();
        let (mut edited, mut moved, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let leaf = row.leaf();
            match sealed.get(&row.audit_id) {
                None => new.push(row.audit_id),
                Some(known) if known.at_micros != leaf.at_micros => moved.push(row.audit_id),
                Some(known) if known.digest != leaf.digest => edited.push(row.audit_id),
                Some(_) if !self.is_timely(batch, row) => new.push(row.audit_id),
                Some(_) => {}
            }
        }
        [
            (FaultKind::Deleted, gone),
            (FaultKind::Inserted, new),
            (FaultKind::Reordered, moved),
            (FaultKind::Edited, edited),
        ]
        .into_iter()
        .filter(|(_, ids): &(_, Vec<Uuid>)| !ids.is_empty())
        .map(|(kind, ids)| fault(kind, ids))
        .collect()
    }

    /// Whether the row can have been written when its batch was: a row slipped into the past is sealed now like any other, but
    /// says that it happened long ago.
    fn is_timely(&self, batch: &SealRow, row: &TrailRow) -> bool {
        let late = if row.actor_kind == "system" { LATE_MAX_OF_SYSTEM } else { LATE_MAX };
        let is_late = self.before.as_ref().is_some_and(|before| row.occurred_at < before.sealed_at - late);
        !is_late && row.occurred_at <= batch.sealed_at + EARLY_MAX
    }

    /// Whether what was anchored lies beyond the end of the chain, or the head is not ours.
    async fn cut_off(&self, conn: &Conn) -> DbResult<Option<BatchVerdict>> {
        if self.span.1.is_some() {
            return Ok(None);
        }
        let end = repo::last(conn).await?.map_or(0, |last| last.batch_no);
        let forged = self.anchors.iter().find(|(name, _, is_signed)| name == HEAD && !is_signed);
        let told = match forged {
            Some((_, anchor, _)) => Some((anchor.clone(), FaultKind::AnchorMismatch)),
            None => newest(self.anchors.clone()).map(|(_, anchor)| (anchor, FaultKind::Truncated)),
        };
        let told = told.filter(|(anchor, kind)| *kind == FaultKind::AnchorMismatch || anchor.batch_no > end);
        Ok(told.map(|(anchor, kind)| BatchVerdict {
            batch_no: anchor.batch_no,
            kind: SealKind::Rows,
            sealed_at: anchor.sealed_at,
            first_at: None,
            last_at: None,
            row_count: anchor.row_count,
            is_whole: false,
            faults: vec![fault(kind, Vec::new())],
        }))
    }
}

fn fault(kind: FaultKind, mut ids: Vec<Uuid>) -> BatchFault {
    let row_count = ids.len();
    ids.sort_unstable();
    ids.truncate(NAMED_MAX);
    BatchFault { kind, audit_ids: ids, row_count }
}

fn verdict(row: &SealRow, faults: Vec<BatchFault>) -> BatchVerdict {
    BatchVerdict {
        batch_no: row.batch_no,
        kind: row.kind,
        sealed_at: row.sealed_at,
        first_at: row.first_at,
        last_at: row.last_at,
        row_count: row.row_count,
        is_whole: faults.is_empty(),
        faults,
    }
}

//! Sealing: rows whose transactions are over, and no other, become the next link.

use platform::{DbResult, Tx, vault::Vault};

use super::{
    Notary,
    canon::{Leaf, TrailRow, entries_of, root_of},
    model::{SealError, SealKind, SealRow},
    repo,
};

/// Rows in one batch, unless one transaction wrote more.
const BATCH_ROWS: usize = 5_000;

impl Notary {
    /// Seals the next batch; the new head of the chain and whether more waits, or `None` where nothing does or another server
    /// is at it.
    pub(super) async fn seal(&self, tx: &mut Tx<'_>) -> Result<Option<(SealRow, bool)>, SealError> {
        // A seal is the trace of a trace: it needs no row of its own.
        tx.mark_unchanged();
        let Some(horizon) = repo::take_turn(tx).await? else { return Ok(None) };
        let last = repo::last(tx).await?;
        self.refuse_cut(tx, last.as_ref()).await?;
        let from = last.as_ref().map_or(0, |last| last.to_written);
        let (rows, to) = next_rows(tx, from, horizon).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut leaves: Vec<Leaf> = rows.iter().map(TrailRow::leaf).collect();
        leaves.sort_unstable_by_key(|leaf| (leaf.at_micros, leaf.audit_id));
        let entries = entries_of(&leaves);
        let row = SealRow {
            kind: SealKind::Rows,
            from_written: from,
            to_written: to,
            first_at: rows.iter().map(|row| row.occurred_at).min(),
            last_at: rows.iter().map(|row| row.occurred_at).max(),
            row_count: rows.len() as i64,
            root: root_of(&entries),
            entries,
            ..blank(tx, last.as_ref())
        };
        let row = marked(&self.vault, row);
        repo::insert(tx, row.clone()).await?;
        Ok(Some((row, to < horizon)))
    }
}

/// The rows of whole transactions from `from` on, and the number up to which they reach.
async fn next_rows(tx: &Tx<'_>, from: i64, horizon: i64) -> DbResult<(Vec<TrailRow>, i64)> {
    let limit = BATCH_ROWS as i64 + 1;
    let mut rows = repo::written(tx, (from, horizon), limit).await?;
    if rows.len() <= BATCH_ROWS {
        return Ok((rows, horizon));
    }
    let cut = rows.last().map_or(horizon, |row| row.written_in);
    rows.retain(|row| row.written_in < cut);
    if rows.is_empty() {
        return Ok((repo::written(tx, (cut, cut + 1), i64::MAX).await?, cut + 1));
    }
    Ok((rows, cut))
}

/// A link without content, after `last`.
pub(super) fn blank(tx: &Tx<'_>, last: Option<&SealRow>) -> SealRow {
    let to_written = last.map_or(0, |last| last.to_written);
    SealRow {
        batch_no: last.map_or(1, |last| last.batch_no + 1),
        kind: SealKind::Rows,
        sealed_at: tx.now,
        from_written: to_written,
        to_written,
        first_at: None,
        last_at: None,
        row_count: 0,
        dropped_until: None,
        entries: Vec::new(),
        root: root_of(&[]),
        previous: last.map(|last| last.seal.clone()).unwrap_or_default(),
        seal: Vec::new(),
    }
}

/// The same, under the house's mark.
pub(super) fn marked(vault: &Vault, mut row: SealRow) -> SealRow {
    row.seal = vault.attest(&row.text());
    row
}

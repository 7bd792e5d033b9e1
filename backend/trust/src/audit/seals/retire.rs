//! Retention: a year leaves the trail whole, after its roots have been written to an anchor and a tombstone has been sealed. One that
//! tells of somebody under a legal hold stays, and so do those after it.

use chrono::{DateTime, Datelike, Utc};
use platform::{
    Actor, Tx,
    database::{drop_partition, partition_years},
};
use serde_json::json;

use super::{
    Notary,
    anchors::Anchor,
    model::{SealError, SealKind, SealRow},
    repo, seal,
};
use crate::audit::{Entry, record};

const TABLE: &str = "audit_entries";

impl Notary {
    /// Takes away the years that are older than `keep` years before this one. Answers them.
    pub async fn retire(&self, owner_url: &str, keep: u16) -> Result<Vec<i32>, SealError> {
        if keep == 0 {
            return Ok(Vec::new());
        }
        let oldest_kept = self.db.clock().now().year() - i32::from(keep);
        let mut gone = Vec::new();
        for year in partition_years(owner_url, TABLE).await? {
            if year >= oldest_kept {
                break;
            }
            let Some(span) = start_of(year).zip(start_of(year + 1)) else { break };
            let actor = Actor::system("retention");
            let is_buried = self.db.write(&actor, async |tx| self.bury(tx, year, span).await).await?;
            if !is_buried {
                break;
            }
            // A crash before this leaves the tombstone without the deed; the next run does it.
            drop_partition(owner_url, TABLE, year).await?;
            gone.push(year);
        }
        Ok(gone)
    }

    /// Whether the year may go now: nobody holds it, all of it is sealed, the anchor is written, the tombstone stands.
    async fn bury(
        &self,
        tx: &mut Tx<'_>,
        year: i32,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<bool, SealError> {
        tx.mark_unchanged();
        if repo::is_held(tx, (from, until)).await? {
            tracing::info!(year, "a legal hold keeps this year of the audit trail");
            return Ok(false);
        }
        if repo::dropped_until(tx).await?.is_some_and(|dropped| dropped >= until) {
            return Ok(true);
        }
        let Some(last) = repo::last(tx).await? else { return Ok(false) };
        if repo::take_turn(tx).await?.is_none() || !repo::is_sealed_before(tx, until, last.to_written).await?
        {
            return Ok(false);
        }
        self.refuse_cut(tx, Some(&last)).await?;
        let stone =
            SealRow { kind: SealKind::Tombstone, dropped_until: Some(until), ..seal::blank(tx, Some(&last)) };
        let stone = seal::marked(&self.vault, stone);
        let roots = repo::roots_before(tx, until).await?;
        let anchor = Anchor {
            dropped_until: Some(until),
            roots: roots.into_iter().map(|(batch_no, root)| (batch_no, hex::encode(root))).collect(),
            ..Anchor::of(&stone)
        };
        self.write_anchor(&format!("retired-{year}.json"), anchor)?;
        repo::insert(tx, stone).await?;
        record(tx, Entry::of("audit.retire").changing(json!({ "year": year }))).await?;
        Ok(true)
    }
}

fn start_of(year: i32) -> Option<DateTime<Utc>> {
    let day = chrono::NaiveDate::from_ymd_opt(year, 1, 1)?;
    Some(day.and_time(chrono::NaiveTime::MIN).and_utc())
}

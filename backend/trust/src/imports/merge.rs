//! How staged rows become the bank's rows: two kinds of merge, both set-based. All names and expressions are constants of the
//! code; nothing of a source file ever reaches a statement's text.

use chrono::{DateTime, Utc};
use platform::{
    DbResult,
    database::{Bulk, BulkTx, IS_NEW},
};
use tokio_postgres::Row;

/// What is merged in one transaction.
pub struct Step {
    /// As reports and checkpoints name it.
    pub name: &'static str,
    pub parts: Vec<Part>,
    /// Statements that follow when anything was written; `{now}` is the transaction's moment.
    pub afterwards: Vec<String>,
}

pub enum Part {
    New(&'static NewRows),
    Facts(&'static Facts),
}

/// Rows that the bank's people may change once they are there: inserted where their key is unknown, else left alone, so that an
/// import never takes back somebody's work. What goes with them is inserted with them and never again.
pub struct NewRows {
    pub stage: &'static str,
    pub key: &'static [&'static str],
    pub rows: Rows,
    pub companions: &'static [Rows],
}

pub struct Rows {
    pub table: &'static str,
    /// Columns of the same name in the staging table.
    pub columns: &'static [&'static str],
    /// Column, and an expression over the staged row `s`; `{now}` is the transaction's moment.
    pub derived: &'static [(&'static str, &'static str)],
    pub only_if: Option<&'static str>,
}

/// Facts that the source alone states: inserted, and corrected when the source has changed them.
pub struct Facts {
    pub stage: &'static str,
    pub table: &'static str,
    pub key: &'static [&'static str],
    /// Columns of the same name in the staging table that are compared and corrected.
    pub stated: &'static [&'static str],
    /// Column, and an expression over the staged row `s`; written at the first time only.
    pub derived: &'static [(&'static str, &'static str)],
    /// Whether a staged row may correct the target's row `t`; `{new}` is the staged one.
    pub corrects_if: Option<&'static str>,
    /// The column that the table is partitioned by: only the years that were staged are looked at.
    pub partitioned_by: Option<&'static str>,
}

/// How staged rows compare with the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub staged: u64,
    /// Rows whose key the target has.
    pub known: u64,
    /// Known rows that would be corrected.
    pub differing: u64,
}

impl Found {
    pub(super) fn writes_nothing(self) -> bool {
        self.known == self.staged && self.differing == 0
    }

    pub(super) fn inserted(self) -> u64 {
        self.staged - self.known
    }
}

impl Part {
    pub(super) fn stage(&self) -> &'static str {
        match self {
            Self::New(rows) => rows.stage,
            Self::Facts(facts) => facts.stage,
        }
    }

    pub(super) fn table(&self) -> &'static str {
        match self {
            Self::New(rows) => rows.rows.table,
            Self::Facts(facts) => facts.table,
        }
    }

    fn key(&self) -> &'static [&'static str] {
        match self {
            Self::New(rows) => rows.key,
            Self::Facts(facts) => facts.key,
        }
    }

    fn partitioned_by(&self) -> Option<&'static str> {
        match self {
            Self::New(_) => None,
            Self::Facts(facts) => facts.partitioned_by,
        }
    }

    /// The condition that a staged row `s` and a row `t` of the target are the same thing.
    fn matches(&self) -> String {
        let pairs: Vec<String> = self.key().iter().map(|column| format!("t.{column} = s.{column}")).collect();
        pairs.join(" AND ")
    }

    /// The condition that a staged row `s` would correct its row `t`.
    fn differs(&self) -> String {
        match self {
            Self::New(_) => "false".to_owned(),
            Self::Facts(facts) => facts.differs_from("s"),
        }
    }

    /// What a dry run adds to [`Self::compare`]: rows that an earlier part of the same import would have brought by then.
    pub(super) async fn compare_with_earlier(&self, bulk: &Bulk, earlier: &str) -> DbResult<(u64, u64)> {
        let sql = format!(
            "SELECT count(*), count(*) FILTER (WHERE {differs}) FROM {stage} s JOIN {earlier} t ON {matches}
             WHERE NOT EXISTS (SELECT FROM {table} x WHERE {known})",
            differs = self.differs(),
            stage = self.stage(),
            table = self.table(),
            matches = self.matches(),
            known = self.matches().replace("t.", "x."),
        );
        Ok(counts_of(&bulk.query(&sql, &[]).await?))
    }

    /// Compares what is staged with the target, without writing.
    pub(super) async fn compare(&self, bulk: &Bulk, staged: u64) -> DbResult<Found> {
        let differs = self.differs();
        let sql = format!(
            "SELECT count(*), count(*) FILTER (WHERE {differs}) FROM {} s JOIN {} t ON {}",
            self.stage(),
            self.table(),
            self.matches()
        );
        let rows = match self.partitioned_by() {
            None => bulk.query(&sql, &[]).await?,
            Some(column) => match span(bulk, self.stage(), column).await? {
                None => Vec::new(),
                Some((from, to)) => {
                    let sql = format!("{sql} WHERE t.{column} BETWEEN $1 AND $2");
                    bulk.query(&sql, &[&from, &to]).await?
                }
            },
        };
        let (known, differing) = counts_of(&rows);
        Ok(Found { staged, known, differing })
    }

    /// Writes; says how many rows of the main table were inserted and updated.
    pub(super) async fn merge(&self, tx: &BulkTx<'_>, found: Found) -> DbResult<(u64, u64)> {
        match self {
            Self::New(rows) => rows.merge(tx, found, &self.matches()).await.map(|inserted| (inserted, 0)),
            Self::Facts(facts) => facts.merge(tx, found).await,
        }
    }
}

impl NewRows {
    async fn merge(&self, tx: &BulkTx<'_>, found: Found, matches: &str) -> DbResult<u64> {
        if found.known > 0 {
            let sql = format!(
                "UPDATE {} s SET {IS_NEW} = false FROM {} t WHERE {matches}",
                self.stage, self.rows.table
            );
            tx.execute(&sql, &[]).await?;
        }
        let inserted = tx.execute(&self.rows.insert(self.stage, self.key, tx.now), &[]).await?;
        for companion in self.companions {
            tx.execute(&companion.insert(self.stage, self.key, tx.now), &[]).await?;
        }
        Ok(inserted)
    }
}

impl Rows {
    fn insert(&self, stage: &str, key: &[&str], now: DateTime<Utc>) -> String {
        let only_if = self.only_if.map(|condition| format!(" AND {condition}")).unwrap_or_default();
        format!(
            "{} WHERE s.{IS_NEW}{only_if} ORDER BY {}",
            insert_select(self.table, stage, self.columns, self.derived, now),
            prefixed("s", key)
        )
    }
}

impl Facts {
    fn differs_from(&self, new: &str) -> String {
        let distinct = format!(
            "ROW({}) IS DISTINCT FROM ROW({})",
            prefixed("t", self.stated),
            prefixed(new, self.stated)
        );
        match self.corrects_if {
            Some(condition) => format!("{distinct} AND ({})", condition.replace("{new}", new)),
            None => distinct,
        }
    }

    async fn merge(&self, tx: &BulkTx<'_>, found: Found) -> DbResult<(u64, u64)> {
        let columns = [self.key, self.stated].concat();
        // In the order of the primary key: index pages fill one after another, which makes this faster than a bare COPY.
        let insert = format!(
            "{} ORDER BY {}",
            insert_select(self.table, self.stage, &columns, self.derived, tx.now),
            prefixed("s", self.key)
        );
        if found.known == 0 {
            // Nothing to meet: the plain statement spares each row the check. If a row did appear meanwhile, the key refuses it.
            return Ok((tx.execute(&insert, &[]).await?, 0));
        }
        let set: Vec<String> = self.stated.iter().map(|c| format!("{c} = excluded.{c}")).collect();
        let sql = format!(
            "{insert} ON CONFLICT ({}) DO UPDATE SET {} WHERE {}",
            self.key.join(", "),
            set.join(", "),
            self.differs_from("excluded")
        );
        let written = tx.execute(&sql, &[]).await?;
        Ok((found.inserted(), written.saturating_sub(found.inserted())))
    }
}

fn insert_select(
    table: &str,
    stage: &str,
    columns: &[&str],
    derived: &[(&str, &str)],
    now: DateTime<Utc>,
) -> String {
    let names: Vec<&str> = columns.iter().copied().chain(derived.iter().map(|(name, _)| *name)).collect();
    let values: Vec<String> = columns
        .iter()
        .map(|column| format!("s.{column}"))
        .chain(derived.iter().map(|(_, expression)| at(expression, now)))
        .collect();
    format!("INSERT INTO {table} AS t ({}) SELECT {} FROM {stage} s", names.join(", "), values.join(", "))
}

fn counts_of(rows: &[Row]) -> (u64, u64) {
    let count = |at| rows.first().map_or(0, |row: &Row| row.get::<_, i64>(at).cast_unsigned());
    (count(0), count(1))
}

/// The expression with its moment filled in.
pub(super) fn at(expression: &str, now: DateTime<Utc>) -> String {
    expression.replace("{now}", &format!("'{}'::timestamptz", now.to_rfc3339()))
}

fn prefixed(prefix: &str, columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| format!("{prefix}.{column}")).collect();
    columns.join(", ")
}

/// The earliest and the latest moment that were staged.
pub(super) async fn span(
    bulk: &Bulk,
    stage: &str,
    column: &str,
) -> DbResult<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    let rows = bulk.query(&format!("SELECT min({column}), max({column}) FROM {stage}"), &[]).await?;
    Ok(rows.first().and_then(|row| Some((row.get::<_, Option<_>>(0)?, row.get::<_, Option<_>>(1)?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOANS: Facts = Facts {
        stage: "stage_loans",
        table: "loans",
        key: &["cardholder_id", "loan_id"],
        stated: &["status"],
        derived: &[("currency", "'CZK'"), ("seen_at", "{now}")],
        corrects_if: Some("t.is_open OR NOT {new}.is_open"),
        partitioned_by: None,
    };

    #[test]
    fn statements_name_their_columns_once() {
        let now = "2026-11-02T01:00:00Z".parse().unwrap();
        assert_eq!(
            insert_select("loans", "stage_loans", &["loan_id", "status"], LOANS.derived, now),
            "INSERT INTO loans AS t (loan_id, status, currency, seen_at) \
             SELECT s.loan_id, s.status, 'CZK', '2026-11-02T01:00:00+00:00'::timestamptz FROM stage_loans s"
        );
        assert_eq!(
            LOANS.differs_from("excluded"),
            "ROW(t.status) IS DISTINCT FROM ROW(excluded.status) AND (t.is_open OR NOT excluded.is_open)"
        );
    }
}

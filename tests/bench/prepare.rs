//! What the lines need beside the bank's own rows, made once for the life of its folder, in a schema apart.

use crate::bank::Bank;
use crate::measure::{Outcome, say};
use crate::pgbench;

/// Rows of the one cardholder whose list is walked to its end.
pub(crate) const DENSE_ROWS: u32 = 200_000;
/// Cardholders with more than one page of transactions, of whom the latest are asked for.
const BUSY_MAX: u32 = 20_000;

pub(crate) fn prepare(bank: &Bank) -> Outcome<()> {
    let is_there = bank.column("SELECT (to_regclass('bench.ready') IS NOT NULL)::text", &[])?;
    if is_there.first().is_some_and(|text| text == "true") {
        return Ok(());
    }
    say("   preparing what the lines ask for");
    bank.execute("DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench")?;
    bank.execute(&busy())?;
    bank.execute(&dense())?;
    pgbench::initialise(bank)?;
    // Readers that meet rows for the first time would otherwise pay for marking them.
    bank.execute("VACUUM (ANALYZE)")?;
    bank.execute("CREATE TABLE bench.ready (is_ready boolean); CHECKPOINT").or_else(|_| {
        // Only a superuser may ask for a checkpoint.
        bank.execute("CREATE TABLE bench.ready (is_ready boolean)")
    })
}

fn busy() -> String {
    format!(
        "CREATE TABLE bench.busy AS
         SELECT row_number() OVER ()::integer AS n, cardholder_id FROM (
             SELECT cardholder_id FROM transactions GROUP BY cardholder_id HAVING count(*) > 50
             ORDER BY md5(cardholder_id::text) LIMIT {BUSY_MAX}) AS busy;
         ALTER TABLE bench.busy ADD PRIMARY KEY (n)"
    )
}

/// The history of one cardholder, thickened evenly over the last half year before the business date.
fn dense() -> String {
    format!(
        "CREATE TABLE bench.dense AS
         SELECT cardholder_id, account_id FROM accounts
         WHERE cardholder_id NOT IN (SELECT cardholder_id FROM bench.busy) ORDER BY cardholder_id LIMIT 1;
         INSERT INTO transactions (cardholder_id, occurred_at, transaction_id, account_id, posted_at, kind, direction,
             amount_minor, currency, status, merchant_name, mcc, mcc_group, channel, country, city, is_rounded, source)
         SELECT cardholder_id, at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
                 || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
             account_id, at, 'purchase', 'debit', 100 + n % 9000, 'CNY', 'posted', '杭州小食', '5812', 'dining', 'pos',
             'CN', '杭州', false, 'bench'
         FROM bench.dense, generate_series(1, {DENSE_ROWS}) AS n,
             LATERAL (SELECT timestamptz '2026-10-31 16:00Z' - n * interval '75 seconds' AS at) AS moment"
    )
}

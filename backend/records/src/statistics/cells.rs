//! What a cell is added up from. One definition serves the job, which takes the whole bank, and a portfolio, which is added up
//! when it is asked for.

use super::model::Measure;

/// Whose rows: everybody's, or those of the manager who is the statement's first parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Everybody,
    Managed,
}

impl Whose {
    /// Conditions on `cardholders c` and on `transactions t`.
    fn conditions(self) -> (&'static str, &'static str) {
        match self {
            Self::Everybody => ("true", "true"),
            Self::Managed => (
                "c.manager_id = $1",
                "t.cardholder_id IN (SELECT c.cardholder_id FROM cardholders c WHERE c.manager_id = $1)",
            ),
        }
    }
}

/// The columns of a cell, in the table's order.
pub(super) const COLUMNS: &str =
    "measure, product_code, branch_id, month_on, currency, cardholder_count, row_count, amount_minor";

/// Whoever was merged into another is counted as the other; what they hold stays where it is.
const CARDHOLDERS: &str = "
    SELECT 'cardholders' AS measure, '' AS product_code, c.branch_id, date_trunc('month', c.opened_on::timestamp)::date AS month_on,
           'XXX' AS currency, count(*) AS cardholder_count, count(*) AS row_count, 0::bigint AS amount_minor
    FROM cardholders c WHERE c.lifecycle NOT IN ('closed', 'deceased') AND {whose}
      AND c.cardholder_id NOT IN (SELECT l.absorbed_id FROM cardholder_links l WHERE l.until_at IS NULL)
    GROUP BY 3, 4
    UNION ALL
    SELECT 'cardholders', a.product_code, c.branch_id, date_trunc('month', c.opened_on::timestamp)::date,
           'XXX', count(DISTINCT c.cardholder_id), count(DISTINCT c.cardholder_id), 0::bigint
    FROM cardholders c JOIN accounts a ON a.cardholder_id = c.cardholder_id AND a.status <> 'closed'
    WHERE c.lifecycle NOT IN ('closed', 'deceased') AND {whose}
    GROUP BY 2, 3, 4";

const BALANCES: &str = "
    SELECT 'balances' AS measure, coalesce(product_code, '') AS product_code, branch_id, month_on, currency,
           count(DISTINCT cardholder_id) AS cardholder_count, count(*) AS row_count, sum(balance_minor)::bigint AS amount_minor
    FROM (SELECT c.cardholder_id, c.branch_id, date_trunc('month', c.opened_on::timestamp)::date AS month_on,
                 a.product_code, a.currency, a.balance_minor
          FROM cardholders c JOIN accounts a ON a.cardholder_id = c.cardholder_id AND a.status <> 'closed'
          WHERE c.lifecycle NOT IN ('closed', 'deceased') AND {whose}) AS held
    GROUP BY GROUPING SETS ((product_code, branch_id, month_on, currency), (branch_id, month_on, currency))";

/// What moved, by account and month of the bank's wall clock, eight hours ahead of UTC. Money out is what a cardholder's own
/// spending counts: neither what was declined or reversed nor the reversal itself.
const MOVED: &str = "
    WITH moved AS MATERIALIZED (
        SELECT t.cardholder_id, t.account_id, date_trunc('month', t.occurred_at AT TIME ZONE INTERVAL '8 hours')::date AS month_on,
               t.currency, count(*) AS moves,
               count(*) FILTER (WHERE t.direction = 'debit' AND t.status IN ('posted', 'pending') AND t.kind <> 'reversal') AS outs,
               sum(t.amount_minor) FILTER (WHERE t.direction = 'debit' AND t.status IN ('posted', 'pending') AND t.kind <> 'reversal') AS out_minor
        FROM transactions t WHERE t.status <> 'declined' AND {moved_by}
        GROUP BY 1, 2, 3, 4),
    placed AS (
        SELECT moved.*, a.product_code, c.branch_id
        FROM moved JOIN accounts a ON a.cardholder_id = moved.cardholder_id AND a.account_id = moved.account_id
        JOIN cardholders c ON c.cardholder_id = moved.cardholder_id)";

const SPEND: &str = "
    SELECT 'spend' AS measure, coalesce(product_code, '') AS product_code, branch_id, month_on, currency,
           count(DISTINCT cardholder_id) AS cardholder_count, sum(outs)::bigint AS row_count, sum(out_minor)::bigint AS amount_minor
    FROM placed WHERE outs > 0
    GROUP BY GROUPING SETS ((product_code, branch_id, month_on, currency), (branch_id, month_on, currency))";

const ACTIVITY: &str = "
    SELECT 'activity' AS measure, coalesce(product_code, '') AS product_code, branch_id, month_on, 'XXX' AS currency,
           count(DISTINCT cardholder_id) AS cardholder_count, sum(moves)::bigint AS row_count, 0::bigint AS amount_minor
    FROM placed
    GROUP BY GROUPING SETS ((product_code, branch_id, month_on), (branch_id, month_on))";

fn filled(text: &str, whose: Whose) -> String {
    let (holders, moved_by) = whose.conditions();
    text.replace("{whose}", holders).replace("{moved_by}", moved_by)
}

/// The cells of one measure.
pub(super) fn of_measure(measure: Measure, whose: Whose) -> String {
    let text = match measure {
        Measure::Cardholders => CARDHOLDERS.to_owned(),
        Measure::Balances => BALANCES.to_owned(),
        Measure::Spend => format!("{MOVED} {SPEND}"),
        Measure::Activity => format!("{MOVED} {ACTIVITY}"),
    };
    filled(&text, whose)
}

/// The statements that fill the emptied table with everybody's cells; the transactions are read once.
pub(super) fn fillings() -> [String; 3] {
    let into = format!("INSERT INTO statistic_cells ({COLUMNS})");
    [
        format!("{into} {CARDHOLDERS}"),
        format!("{into} {BALANCES}"),
        format!("{MOVED} {into} {SPEND} UNION ALL {ACTIVITY}"),
    ]
    .map(|text| filled(&text, Whose::Everybody))
}

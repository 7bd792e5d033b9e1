//! What a cell is added up from. One definition serves the job, which takes the whole bank, and a portfolio, which is added up
//! when it is asked for.

use super::model::Measure;
use crate::transactions::IS_FLOW;

/// Whose rows: everybody's, or those of the manager who is the statement's first parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Everybody,
    Managed,
}

impl Whose {
    /// The condition on `cardholders c` and on who stands for them, `standing s`. A portfolio has whoever its manager looks after,
    /// and with them whom they stand for.
    fn condition(self) -> &'static str {
        match self {
            Self::Everybody => "true",
            Self::Managed => {
                "(c.manager_id = $1 OR c.cardholder_id = ANY (ARRAY(SELECT m.absorbed_id FROM standing m WHERE m.manager_id = $1)))
                 AND (s.absorbed_id IS NULL OR s.manager_id = $1)"
            }
        }
    }

    /// The condition on `transactions t`.
    fn moved_by(self) -> String {
        match self {
            Self::Everybody => "true".to_owned(),
            Self::Managed => format!("t.cardholder_id IN (SELECT p.record_id FROM {PEOPLE})"),
        }
    }
}

/// Who stands for whom, with what is told of the other. They are few and are read once for a statement.
const STANDING: &str = "
    WITH standing AS MATERIALIZED (
        SELECT l.absorbed_id, s.cardholder_id, s.branch_id, s.opened_on, s.lifecycle, s.manager_id
        FROM cardholder_links l JOIN cardholders s ON s.cardholder_id = l.survivor_id WHERE l.until_at IS NULL)";

/// Every record, with the person it counts for: one that was merged into another counts as the other, with all that hangs on it.
const PEOPLE: &str = "
    (SELECT c.cardholder_id AS record_id, coalesce(s.cardholder_id, c.cardholder_id) AS person_id,
            coalesce(s.branch_id, c.branch_id) AS branch_id, coalesce(s.lifecycle, c.lifecycle) AS lifecycle,
            date_trunc('month', coalesce(s.opened_on, c.opened_on)::timestamp)::date AS month_on
     FROM cardholders c LEFT JOIN standing s ON s.absorbed_id = c.cardholder_id WHERE {whose}) AS p";

/// The columns of a cell, in the table's order.
pub(super) const COLUMNS: &str =
    "measure, product_code, branch_id, month_on, currency, cardholder_count, row_count, amount_minor";

const CARDHOLDERS: &str = "
    SELECT 'cardholders' AS measure, '' AS product_code, p.branch_id, p.month_on,
           'XXX' AS currency, count(*) AS cardholder_count, count(*) AS row_count, 0::bigint AS amount_minor
    FROM {people} WHERE p.lifecycle NOT IN ('closed', 'deceased') AND p.record_id = p.person_id
    GROUP BY 3, 4
    UNION ALL
    SELECT 'cardholders', a.product_code, p.branch_id, p.month_on,
           'XXX', count(DISTINCT p.person_id), count(DISTINCT p.person_id), 0::bigint
    FROM {people} JOIN accounts a ON a.cardholder_id = p.record_id AND a.status <> 'closed'
    WHERE p.lifecycle NOT IN ('closed', 'deceased')
    GROUP BY 2, 3, 4";

const BALANCES: &str = "
    SELECT 'balances' AS measure, coalesce(product_code, '') AS product_code, branch_id, month_on, currency,
           count(DISTINCT person_id) AS cardholder_count, count(*) AS row_count, sum(balance_minor)::bigint AS amount_minor
    FROM (SELECT p.person_id, p.branch_id, p.month_on, a.product_code, a.currency, a.balance_minor
          FROM {people} JOIN accounts a ON a.cardholder_id = p.record_id AND a.status <> 'closed'
          WHERE p.lifecycle NOT IN ('closed', 'deceased')) AS held
    GROUP BY GROUPING SETS ((product_code, branch_id, month_on, currency), (branch_id, month_on, currency))";

/// What moved, by account and month of the bank's wall clock, eight hours ahead of UTC. Money out is what a cardholder's own
/// spending counts.
const MOVED: &str = ",
    moved AS MATERIALIZED (
        SELECT t.cardholder_id, t.account_id, date_trunc('month', t.occurred_at AT TIME ZONE INTERVAL '8 hours')::date AS month_on,
               t.currency, count(*) AS moves,
               count(*) FILTER (WHERE t.direction = 'debit' AND {is_flow}) AS outs,
               sum(t.amount_minor) FILTER (WHERE t.direction = 'debit' AND {is_flow}) AS out_minor
        FROM transactions t WHERE t.status <> 'declined' AND {moved_by}
        GROUP BY 1, 2, 3, 4),
    placed AS (
        SELECT moved.month_on, moved.currency, moved.moves, moved.outs, moved.out_minor, a.product_code, p.person_id, p.branch_id
        FROM moved JOIN accounts a ON a.cardholder_id = moved.cardholder_id AND a.account_id = moved.account_id
        JOIN {people} ON p.record_id = moved.cardholder_id)";

const SPEND: &str = "
    SELECT 'spend' AS measure, coalesce(product_code, '') AS product_code, branch_id, month_on, currency,
           count(DISTINCT person_id) AS cardholder_count, sum(outs)::bigint AS row_count, sum(out_minor)::bigint AS amount_minor
    FROM placed WHERE outs > 0
    GROUP BY GROUPING SETS ((product_code, branch_id, month_on, currency), (branch_id, month_on, currency))";

const ACTIVITY: &str = "
    SELECT 'activity' AS measure, coalesce(product_code, '') AS product_code, branch_id, month_on, 'XXX' AS currency,
           count(DISTINCT person_id) AS cardholder_count, sum(moves)::bigint AS row_count, 0::bigint AS amount_minor
    FROM placed
    GROUP BY GROUPING SETS ((product_code, branch_id, month_on), (branch_id, month_on))";

fn filled(text: &str, whose: Whose) -> String {
    let text = text
        .replace("{moved_by}", &whose.moved_by())
        .replace("{people}", PEOPLE)
        .replace("{is_flow}", IS_FLOW);
    text.replace("{whose}", whose.condition())
}

/// The cells of one measure.
pub(super) fn of_measure(measure: Measure, whose: Whose) -> String {
    let text = match measure {
        Measure::Cardholders => format!("{STANDING} {CARDHOLDERS}"),
        Measure::Balances => format!("{STANDING} {BALANCES}"),
        Measure::Spend => format!("{STANDING} {MOVED} {SPEND}"),
        Measure::Activity => format!("{STANDING} {MOVED} {ACTIVITY}"),
    };
    filled(&text, whose)
}

/// The statements that fill the emptied table with everybody's cells; the transactions are read once.
pub(super) fn fillings() -> [String; 3] {
    let into = format!("INSERT INTO statistic_cells ({COLUMNS})");
    [
        format!("{STANDING} {into} {CARDHOLDERS}"),
        format!("{STANDING} {into} {BALANCES}"),
        format!("{STANDING} {MOVED} {into} {SPEND} UNION ALL {ACTIVITY}"),
    ]
    .map(|text| filled(&text, Whose::Everybody))
}

//! Plans at volume: a cardholder with 200,000 transactions among others. What is asserted is the plan of the query that the
//! application sends, never a time.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use it::{App, Place, Someone, is_prepared_once, plan_of};
use kernel::{Cursor, PageLimit};
use platform::ids::{AccountId, CardholderId, TransactionId};
use records::{
    billing::{self, BillingFilter},
    transactions::{self, Position, TransactionFilter, Window},
};
use serde_json::json;
use uuid::Uuid;

const DENSE_ROWS: i64 = 200_000;
const DEEP_ROW: i64 = 190_000;

/// `rows` transactions of each cardholder of `whose`, five minutes apart, in turn on each of their accounts.
fn insert(whose: &str, rows: i64) -> String {
    format!(
        "INSERT INTO transactions (cardholder_id, occurred_at, transaction_id, account_id, posted_at, kind, direction,
                amount_minor, currency, status, mcc_group, channel, is_rounded, source)
         SELECT a.cardholder_id, t.at,
                (lpad(to_hex((extract(epoch FROM t.at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
                    || '8' || substr(md5(a.cardholder_id::text || n), 1, 15))::uuid,
                a.ids[1 + n % cardinality(a.ids)], t.at, 'purchase', 'debit', n % 100000, 'CNY', 'posted', 'groceries', 'pos', false, 'staff'
         FROM (SELECT cardholder_id, array_agg(account_id ORDER BY account_id) AS ids FROM accounts WHERE {whose} GROUP BY 1) AS a
         CROSS JOIN generate_series(1, {rows}) AS n
         CROSS JOIN LATERAL (SELECT '2025-01-01T00:00:00Z'::timestamptz + n * interval '4 minutes' AS at) AS t"
    )
}

/// Two thousand others with an account, forty transactions and a year of statements each.
const OTHERS: &str = "
    INSERT INTO cardholders (cardholder_id, customer_no, branch_id, lifecycle, opened_on, source, version, created_at, updated_at)
    SELECT gen_random_uuid(), 'O' || n, (SELECT branch_id FROM branches WHERE code = 'HZ02'), 'active', '2020-01-01', 'staff', 1, now(), now()
    FROM generate_series(1, 2000) AS n;
    INSERT INTO accounts (cardholder_id, account_id, account_no, kind, product_code, currency, status, opened_on, balance_minor,
        available_minor, branch_id, source, version, created_at, updated_at)
    SELECT cardholder_id, gen_random_uuid(), customer_no, 'savings', 'SAV', 'CNY', 'active', '2020-01-01', 0, 0, branch_id, 'staff', 1, now(), now()
    FROM cardholders WHERE customer_no LIKE 'O%';
    INSERT INTO statements (cardholder_id, statement_id, account_id, closed_on, currency, billed_minor, paid_minor, source)
    SELECT cardholder_id, gen_random_uuid(), account_id, '2025-11-08'::date + month * interval '1 month', 'CNY', 1, 1, 'staff'
    FROM accounts CROSS JOIN generate_series(0, 11) AS month";

struct Volume {
    conn: AsyncPgConnection,
    dense: CardholderId,
    accounts: [AccountId; 2],
    sparse: CardholderId,
}

async fn fill(app: &App) -> Volume {
    let bank = app.holdings().await;
    let dense = bank.cardholder(Place::Qianjiang, json!({})).await;
    let accounts = [bank.account(dense, json!({})).await, bank.account(dense, json!({})).await];
    let conn = app.owner().await;
    conn_execute(&conn, OTHERS).await;
    conn_execute(&conn, &insert(&format!("cardholder_id = '{dense}'"), DENSE_ROWS)).await;
    conn_execute(&conn, &insert(&format!("cardholder_id <> '{dense}'"), 40)).await;
    conn_execute(&conn, "ANALYZE").await;
    let sparse = diesel::sql_query("SELECT cardholder_id AS id FROM cardholders WHERE customer_no = 'O7'");
    let sparse: Id = sparse.get_result(&mut &conn).await.expect("a sparse one");
    Volume { conn, dense: dense.into(), accounts: accounts.map(AccountId), sparse: sparse.id.into() }
}

async fn conn_execute(mut conn: &AsyncPgConnection, sql: &str) {
    conn.batch_execute(sql).await.expect("rows at volume");
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(diesel::QueryableByName)]
struct At {
    #[diesel(sql_type = Timestamptz)]
    occurred_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    transaction_id: Uuid,
}

impl Volume {
    /// The position of a row, counted from the newest.
    async fn position(&self, row: i64) -> Position {
        let sql = format!(
            "SELECT occurred_at, transaction_id FROM transactions WHERE cardholder_id = '{}'
             ORDER BY occurred_at DESC, transaction_id DESC OFFSET {} LIMIT 1",
            self.dense,
            row - 1
        );
        let at: At = diesel::sql_query(sql).get_result(&mut &self.conn).await.expect("a row");
        (at.occurred_at, TransactionId(at.transaction_id))
    }

    async fn page(&self, filter: &TransactionFilter, after: Option<Position>) -> String {
        let query = transactions::page(self.dense, filter, PageLimit::default(), after);
        assert!(is_prepared_once(&query));
        plan_of(&self.conn, query).await
    }
}

/// One shard, an index in the list's own order, no row fetched in vain.
#[track_caller]
fn assert_walks_an_index(plan: &str) {
    for bad in ["Seq Scan", "Sort", "Filter", "Bitmap"] {
        assert!(!plan.contains(bad), "{bad} in\n{plan}");
    }
    assert!(plan.contains("Index Cond: (") && plan.contains("cardholder_id = "), "{plan}");
    assert!(plan.starts_with("Limit (actual rows=51 loops=1)"), "{plan}");
}

#[tokio::test]
async fn the_last_page_of_many_costs_what_the_first_costs() {
    let app = App::start().await;
    let volume = fill(&app).await;
    page_after_page_is_one_range_of_an_index(&volume).await;
    a_look_up_reads_one_partition_and_figures_read_one_cardholder(&volume).await;
    the_deep_page_is_the_right_page(&app, &volume).await;
    app.finish().await;
}

async fn page_after_page_is_one_range_of_an_index(volume: &Volume) {
    let deep = volume.position(DEEP_ROW).await;
    // The planner that knows the values, and the one that keeps one plan for all of them.
    for mode in ["force_custom_plan", "force_generic_plan"] {
        conn_execute(&volume.conn, &format!("SET plan_cache_mode = {mode}")).await;
        let first = volume.page(&TransactionFilter::default(), None).await;
        assert_walks_an_index(&first);
        assert!(first.contains("Index Scan Backward using transactions_2026_pkey"), "{first}");
        // The newest year that has rows answers; the older one is not even looked at.
        assert!(first.contains("transactions_2025 transactions_1 (never executed)"), "{first}");
        let far = volume.page(&TransactionFilter::default(), Some(deep)).await;
        assert_walks_an_index(&far);
        assert!(far.contains("transactions_2025_pkey"), "{far}");
        assert!(far.contains("ROW(occurred_at, transaction_id) < ROW("), "{far}");
        assert!(!far.contains("transactions_2026_pkey") && !far.contains("transactions_2027_pkey"), "{far}");
        let of_one =
            TransactionFilter { account_id: Some(volume.accounts[1]), ..TransactionFilter::default() };
        let far = volume.page(&of_one, Some(deep)).await;
        assert_walks_an_index(&far);
        assert!(
            far.contains("AND (account_id = ") && far.contains("ROW(occurred_at, transaction_id) < ROW("),
            "{far}"
        );
    }
}

async fn a_look_up_reads_one_partition_and_figures_read_one_cardholder(volume: &Volume) {
    let (_, id) = volume.position(DEEP_ROW).await;
    let found =
        plan_of(&volume.conn, transactions::by_id(volume.dense, id).expect("an id with a moment")).await;
    assert!(
        found.contains("Index Scan using transactions_2025_pkey") && found.contains("rows=1 "),
        "{found}"
    );
    assert!(!found.contains("transactions_2026") && !found.contains("Seq Scan"), "{found}");
    let months = Window::of("2025-12-15".parse().expect("a day"), 12);
    let figures = plan_of(&volume.conn, transactions::movements(volume.sparse, &months)).await;
    assert!(!figures.contains("Seq Scan") && !figures.contains("transactions_2026"), "{figures}");
    assert!(figures.contains("cardholder_id = ") && figures.contains("rows=40 "), "{figures}");
    let filter = BillingFilter::default();
    let statements = billing::statements(volume.sparse, &filter, PageLimit::default(), None);
    let plan = plan_of(&volume.conn, statements).await;
    assert!(!plan.contains("Seq Scan") && plan.contains("cardholder_id = "), "{plan}");
}

async fn the_deep_page_is_the_right_page(app: &App, volume: &Volume) {
    let (deep, next) = (volume.position(DEEP_ROW).await, volume.position(DEEP_ROW + 1).await);
    let path = format!("/cardholders/{}/transactions?limit=1&after={}", volume.dense, Cursor::encode(&deep));
    let page = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!(page.text_at("/items/0/transaction_id"), next.1.to_string());
    let last = volume.position(DENSE_ROWS).await;
    let path = format!("/cardholders/{}/transactions?after={}", volume.dense, Cursor::encode(&last));
    let end = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!((end.at("/items"), end.at("/next")), (json!([]), json!(null)));
}

//! The name search at volume: many who share a name among many others. What is asserted is the plan of the statement that the
//! application sends, never a time.

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use it::{App, is_prepared_once, plan_of};
use records::cardholders::{GramPosition, Grams, Whose, grams_page};
use uuid::Uuid;

/// Ten thousand of one name, and fifty thousand of five thousand other names; each found by characters and by letters.
const NAMES: &str = "
    INSERT INTO name_grams (gram, sort_key, cardholder_id, branch_id)
    SELECT gram, sort_key, id, branch_id
    FROM (SELECT n, md5(n::text)::uuid AS id, ('00000000-0000-0000-0000-' || lpad((n % 40)::text, 12, '0'))::uuid AS branch_id,
                 CASE WHEN n <= 10000 THEN '王伟' ELSE '人' || chr(20000 + n % 5000) END AS run,
                 CASE WHEN n <= 10000 THEN 'wang wei' ELSE 'ren ' || md5((n % 5000)::text) END AS sort_key
          FROM generate_series(1, 60000) AS n) AS people
    CROSS JOIN LATERAL (VALUES (run), ('p:' || replace(sort_key, ' ', ''))) AS found (gram);
    ANALYZE name_grams";

async fn execute(mut conn: &AsyncPgConnection, sql: &str) {
    conn.batch_execute(sql).await.expect("names at volume");
}

#[tokio::test]
async fn a_page_of_a_common_name_is_one_range_of_the_key() {
    let app = App::start().await;
    let conn = app.owner().await;
    execute(&conn, NAMES).await;
    let run = || Grams::Run("王伟".to_owned());
    let letters = || Grams::From("p:wa".to_owned());
    let position =
        |gram: &str| Some((gram.to_owned(), "wang wei".to_owned(), Uuid::from_u128(u128::MAX / 2)));
    let branches = || Some((0..3).map(Uuid::from_u128).collect::<Vec<_>>());
    // The planner that knows the values, and the one that keeps one plan for all of them.
    for mode in ["force_custom_plan", "force_generic_plan"] {
        execute(&conn, &format!("SET plan_cache_mode = {mode}")).await;
        assert_walks_the_key(&conn, run(), (None, None)).await;
        assert_walks_the_key(&conn, run(), (None, position("王伟"))).await;
        assert_walks_the_key(&conn, run(), (branches(), None)).await;
        assert_walks_the_key(&conn, letters(), (None, None)).await;
        assert_walks_the_key(&conn, letters(), (branches(), position("p:wangwei"))).await;
    }
    app.finish().await;
}

async fn assert_walks_the_key(
    conn: &AsyncPgConnection,
    grams: Grams,
    (branches, after): (Option<Vec<Uuid>>, Option<GramPosition>),
) {
    let (is_of_some, goes_on) = (branches.is_some(), after.is_some());
    let query =
        grams_page(&grams, branches.map(|branches| Whose { branches, absorbed: Vec::new() }), after, 21);
    assert!(is_prepared_once(&query));
    let plan = plan_of(conn, query).await;
    for bad in ["Seq Scan", "Sort", "Bitmap"] {
        assert!(!plan.contains(bad), "{bad} in\n{plan}");
    }
    assert!(plan.contains("using name_grams_pkey") && plan.contains("Index Cond: ("), "{plan}");
    assert_eq!(plan.contains("ROW(gram, sort_key, cardholder_id) > ROW("), goes_on, "{plan}");
    assert_eq!(plan.contains("Filter: (branch_id = ANY"), is_of_some, "{plan}");
    // Whoever asks for no branches reads no row in vain.
    assert!(is_of_some || plan.starts_with("Limit (actual rows=21 loops=1)"), "{plan}");
}

//! The workbench's queries among 20,000 cardholders, of whom one in sixty belongs to the caller's branch: no table of
//! cardholders is read from end to end.

use diesel_async::SimpleAsyncConnection;
use it::{App, Place, Someone, plan_of};
use platform::ids::{BranchId, StaffId};
use records::workbench::{Asked, Figure, Listing, figure_query, listing_query};
use web::Span;

const MANY: &str = "
    INSERT INTO cardholders (cardholder_id, customer_no, birth_on, branch_id, manager_id, lifecycle, opened_on, source, version, created_at, updated_at)
    SELECT gen_random_uuid(), 'M' || n, '1940-01-01'::date + n % 25000,
           (SELECT branch_id FROM branches WHERE code = CASE WHEN n % 60 = 0 THEN 'HZ01' ELSE 'NB01' END),
           CASE WHEN n % 240 = 0 THEN (SELECT staff_id FROM staff WHERE staff_no = 'R0001') END,
           CASE WHEN n % 50 = 1 THEN 'dormant' WHEN n % 50 = 2 THEN 'prospect' ELSE 'active' END,
           '2026-11-02'::date - n % 5000, 'staff', 1, now(), now()
    FROM generate_series(1, 20000) AS n;
    INSERT INTO accounts (cardholder_id, account_id, account_no, kind, product_code, currency, status, opened_on, balance_minor,
        available_minor, branch_id, source, version, created_at, updated_at)
    SELECT cardholder_id, gen_random_uuid(), customer_no, 'credit_card', 'CC-GOLD', 'CNY', 'active', opened_on, 0, 0, branch_id, 'staff', 1, now(), now()
    FROM cardholders;
    INSERT INTO cards (cardholder_id, card_id, account_id, holder_cardholder_id, product_code, token, status, issued_on, source, version, created_at, updated_at)
    SELECT cardholder_id, gen_random_uuid(), account_id, cardholder_id, 'CC-GOLD', account_no,
           CASE WHEN substr(account_no, 2)::int % 200 = 0 THEN 'frozen' ELSE 'active' END, opened_on, 'staff', 1, now(), now()
    FROM accounts;
    INSERT INTO statements (cardholder_id, statement_id, account_id, closed_on, currency, billed_minor, paid_minor, days_past_due, source)
    SELECT cardholder_id, gen_random_uuid(), account_id, '2026-10-08'::date - age, 'CNY', 100, 0,
           CASE WHEN substr(account_no, 2)::int % 100 = 0 THEN 5 ELSE 0 END, 'staff'
    FROM accounts CROSS JOIN unnest(ARRAY[0, 91]) AS age;
    INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, written_in)
    SELECT '2026-11-02T01:00:00Z'::timestamptz - n * interval '10 minutes', gen_random_uuid(),
           CASE WHEN n % 5 = 0 THEN 'sessions.sign_in' ELSE 'cards.freeze' END, 'refused', 'staff', 0
    FROM generate_series(1, 20000) AS n;
    ANALYZE";

#[tokio::test]
async fn no_figure_and_no_list_reads_all_cardholders() {
    let app = App::start().await;
    app.holdings().await;
    let conn = app.owner().await;
    (&mut &conn).batch_execute(MANY).await.unwrap();
    let staff_id = StaffId(Someone::MANAGER.id());
    let (today, now) = ("2026-11-02".parse().unwrap(), app.clock.now());
    let branch = Span::Branches([BranchId(Place::Qianjiang.id())].into());
    for span in [branch, Span::Managed(staff_id), Span::Bank] {
        let (is_bank, reach) = (span == Span::Bank, span.into());
        let permissions = web::access::permissions_of(platform::Role::BranchManager);
        let asked = Asked { staff_id, reach, permissions, today, now };
        for figure in Figure::ALL {
            let plan = plan_of(&conn, figure_query(&asked, *figure)).await;
            // Everybody, bank-wide, is as many as anybody wants to know: the first ten thousand, from wherever they stand.
            let is_everybody = is_bank && *figure == Figure::BranchCardholders;
            assert_reads_no_big_table(figure.as_str(), &plan, is_everybody);
        }
        for listing in Listing::ALL {
            let plan = plan_of(&conn, listing_query(&asked, *listing)).await;
            assert_reads_no_big_table(listing.as_str(), &plan, false);
        }
    }
    app.finish().await;
}

#[track_caller]
fn assert_reads_no_big_table(what: &str, plan: &str, is_everybody: bool) {
    for table in ["cardholders", "accounts", "cards", "statements", "audit_entries_2026"] {
        let is_read_whole = plan.contains(&format!("Seq Scan on {table}"));
        assert!(!is_read_whole || is_everybody, "{what} reads {table} from end to end:\n{plan}");
    }
}

//! A bank of sixty thousand cardholders, made by a few statements.

use diesel_async::SimpleAsyncConnection;
use it::{App, Place, Someone};
use serde_json::json;
use uuid::Uuid;

const CARDHOLDERS: u32 = 60_000;

/// Tables that have at least ten thousand rows here; nothing may read one from end to end.
pub(super) const BIG: &[&str] = &[
    "cardholders",
    "cardholder_phones",
    "cardholder_changes",
    "national_id_index",
    "phone_index",
    "phone_tail_index",
    "email_index",
    "street_index",
    "customer_no_index",
    "name_grams",
    "accounts",
    "cards",
    "card_tail_index",
    "transactions",
    "statements",
    "audit_entries",
    "jobs",
];

/// What is known of somebody with many transactions, and how they can be found.
pub(super) struct Known {
    pub cardholder: Uuid,
    pub account: Uuid,
    pub card: Uuid,
    /// The newest of their transactions.
    pub transaction: Uuid,
    pub phone: &'static str,
    pub email: &'static str,
    pub passport: &'static str,
    /// The last four of their phone and of their card.
    pub tail: &'static str,
}

/// Branches below the two cities, cardholders spread over all of them, a portfolio of a hundred and twenty for one manager.
fn people() -> String {
    let (hangzhou, ningbo, manager) = (Place::Hangzhou.id(), Place::Ningbo.id(), Someone::OWN_MANAGER.id());
    format!(
        "INSERT INTO branches (branch_id, code, name, kind, parent_id, is_open, version, created_at, updated_at)
        SELECT ('019a4000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'V' || n, '支行' || n, 'branch',
               CASE WHEN n % 3 = 0 THEN '{hangzhou}'::uuid ELSE '{ningbo}'::uuid END, true, 1, now(), now()
        FROM generate_series(1, 60) n;
        CREATE TEMP TABLE homes AS SELECT row_number() OVER (ORDER BY code) - 1 AS at, branch_id FROM branches WHERE kind = 'branch';
        CREATE TEMP TABLE people AS
        SELECT n, ('019a4000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid AS id, family || given AS name, family, given,
               family_latin || ' ' || given_latin AS pinyin, left(family_latin, 1) || left(given_latin, 1) AS initials,
               family_latin, given_latin, (SELECT branch_id FROM homes WHERE at = n % (SELECT count(*) FROM homes)) AS branch_id
        FROM (SELECT n, (ARRAY['王','李','张','刘','陈','杨','赵','黄','周','吴'])[1 + n % 10] AS family,
                     (ARRAY['wang','li','zhang','liu','chen','yang','zhao','huang','zhou','wu'])[1 + n % 10] AS family_latin,
                     chr(20000 + n % 997) AS given, 'g' || chr(97 + n % 26) || chr(97 + n / 26 % 26) AS given_latin
              FROM generate_series(1, {CARDHOLDERS}) n) AS drawn;
        INSERT INTO cardholders (cardholder_id, customer_no, name, name_pinyin, name_initials, gender, birth_on, stated_age_years,
                                 stated_age_on, occupation, branch_id, manager_id, lifecycle, opened_on, source, version, created_at, updated_at)
        SELECT id, 'V' || lpad(n::text, 10, '0'), name, CASE WHEN n % 50 = 7 THEN NULL ELSE pinyin END, initials,
               CASE n % 2 WHEN 0 THEN 'female' ELSE 'male' END,
               CASE WHEN n % 4 > 0 THEN date '1950-01-01' + n % 20000 END,
               CASE WHEN n % 4 = 0 THEN 21 + n % 50 END, CASE WHEN n % 4 = 0 THEN date '2005-10-01' END,
               CASE WHEN n % 1000 = 1 THEN '领航员' WHEN n % 3 = 0 THEN '教师' ELSE '工程师' END, branch_id,
               CASE WHEN n % 500 = 0 THEN '{manager}'::uuid END, CASE WHEN n % 90 = 0 THEN 'dormant' ELSE 'active' END,
               date '2018-01-01' + n % 3000, 'volume', 1, now(), now() FROM people;
        INSERT INTO cardholder_phones (cardholder_id, phone_id, kind, is_primary, number_sealed, number_blind, tail_blind, number_masked, created_at)
        SELECT id, id, 'mobile', true, '\\x00', uuid_send(id), uuid_send(id), '138****0000', now() FROM people;
        INSERT INTO name_grams (gram, sort_key, cardholder_id, branch_id)
        SELECT gram, pinyin, id, branch_id FROM people, unnest(ARRAY[family, given, family || given,
            'p:' || family_latin || given_latin, 'g:' || given_latin, 'i:' || initials]) AS gram;
        INSERT INTO customer_no_index (customer_no, cardholder_id) SELECT 'V' || lpad(n::text, 10, '0'), id FROM people;
        INSERT INTO national_id_index (national_id_blind, cardholder_id) SELECT sha256(uuid_send(id)), id FROM people;
        INSERT INTO phone_index (number_blind, cardholder_id) SELECT sha256(uuid_send(id)), id FROM people;
        INSERT INTO phone_tail_index (tail_blind, cardholder_id) SELECT sha256(int4send(n % 10000)), id FROM people;
        INSERT INTO email_index (address_blind, cardholder_id) SELECT sha256(uuid_send(id)), id FROM people;
        INSERT INTO street_index (street_blind, cardholder_id) SELECT sha256(uuid_send(id)), id FROM people;
        DROP TABLE homes"
    )
}

/// An account and a card each, and for every tenth a year of statements and of transactions.
const HOLDINGS: &str = "
    INSERT INTO accounts (cardholder_id, account_id, account_no, kind, product_code, currency, status, opened_on, balance_minor,
        available_minor, branch_id, source, version, created_at, updated_at)
    SELECT id, id, 'V' || n, CASE WHEN n % 100 = 0 THEN 'loan' WHEN n % 3 = 0 THEN 'credit_card' ELSE 'savings' END, 'SAV', 'CNY',
        'active', '2021-03-01', 0, 0, branch_id, 'volume', 1, now(), now() FROM people;
    INSERT INTO cards (cardholder_id, card_id, account_id, holder_cardholder_id, product_code, network, bin, last_four, token, status,
        issued_on, source, version, created_at, updated_at)
    SELECT id, id, id, id, 'DEBIT', 'unionpay', '622202', lpad((n % 10000)::text, 4, '0'), 'V' || n,
        CASE WHEN n % 200 = 0 THEN 'frozen' ELSE 'active' END, '2023-06-01', 'volume', 1, now(), now() FROM people;
    INSERT INTO card_tail_index (last_four, cardholder_id, card_id) SELECT lpad((n % 10000)::text, 4, '0'), id, id FROM people;
    INSERT INTO statements (cardholder_id, statement_id, account_id, closed_on, currency, billed_minor, paid_minor, days_past_due, source)
    SELECT id, gen_random_uuid(), id, date '2025-11-08' + month * interval '1 month', 'CNY', 100, 0, CASE WHEN n % 500 = 0 THEN 5 ELSE 0 END, 'volume'
    FROM people CROSS JOIN generate_series(0, 11) AS month WHERE n % 10 = 0;
    INSERT INTO cardholder_changes (cardholder_id, changed_at, change_id, field, before_value, after_value)
    SELECT id, timestamptz '2026-01-01' + n * interval '1 minute', gen_random_uuid(), 'occupation', '教师', '工程师' FROM people WHERE n % 5 = 0;
    INSERT INTO audit_entries (occurred_at, audit_id, action, outcome, actor_kind, staff_id, cardholder_id, object_id, trace_id, role, branch_id, ip, written_in)
    SELECT timestamptz '2026-11-02T01:00:00Z' - n * interval '8 minutes', gen_random_uuid(),
        CASE WHEN n % 400 = 0 THEN 'cards.freeze' WHEN n % 5 = 0 THEN 'sessions.sign_in' ELSE 'cardholders.search' END, 'done', 'staff',
        (SELECT staff_id FROM staff WHERE staff_no = CASE WHEN n % 300 = 0 THEN 'T0001' ELSE 'T0002' END), CASE WHEN n % 7 = 0 THEN id END,
        CASE WHEN n % 11 = 0 THEN id END, 'trace-' || n, 'teller', branch_id, '192.0.2.' || n % 250, 0
    FROM people;
    INSERT INTO jobs (job_id, kind, payload, status, priority, run_at, attempts, attempts_max, progress_done, is_cancel_requested, created_at)
    SELECT gen_random_uuid(), CASE WHEN n % 3 = 0 THEN 'imports.run' ELSE 'audit.create_partitions' END, '{}', 'succeeded', 0,
        timestamptz '2026-10-01' - n * interval '1 minute', 1, 5, 0, false, timestamptz '2026-10-01' - n * interval '1 minute'
    FROM people WHERE n <= 20000";

/// Transactions, evenly apart and going back from the day the tests begin: `rows` for each owner among `whose`.
fn transactions(whose: &str, rows: u32, apart: &str) -> String {
    format!(
        "INSERT INTO transactions (cardholder_id, occurred_at, transaction_id, account_id, card_id, posted_at, kind, direction,
            amount_minor, currency, status, mcc_group, channel, is_rounded, source)
        SELECT a.cardholder_id, t.at,
            (lpad(to_hex((extract(epoch FROM t.at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
                || '8' || substr(md5(a.cardholder_id::text || n), 1, 15))::uuid,
            a.account_id, (SELECT k.card_id FROM cards k WHERE k.cardholder_id = a.cardholder_id AND n % 4 = 0), t.at,
            CASE WHEN n % 50 = 0 THEN 'salary' WHEN n % 9 = 0 THEN 'cash_withdrawal' ELSE 'purchase' END,
            CASE WHEN n % 50 = 0 THEN 'credit' ELSE 'debit' END, n % 100000, 'CNY', 'posted',
            CASE WHEN n % 50 > 0 THEN (ARRAY['groceries', 'dining', 'travel'])[1 + n % 3] END,
            CASE WHEN n % 9 = 0 THEN 'atm' ELSE 'pos' END, false, 'volume'
        FROM accounts a CROSS JOIN generate_series(1, {rows}) AS n
        CROSS JOIN LATERAL (SELECT timestamptz '2026-11-01T00:00:00Z' - n * interval '{apart}' AS at) AS t WHERE {whose}"
    )
}

/// Makes the bank, as autovacuum leaves it after a while.
pub(super) async fn fill(app: &App) -> Known {
    let owner = app.owner().await;
    let run = async |sql: &str| (&owner).batch_execute(sql).await.expect("rows at volume");
    // VACUUM marks pages as visible to all only where it finds the commit written, which the tests' server puts off.
    run("SET synchronous_commit = on").await;
    run(&people()).await;
    let mut known = somebody(app).await;
    run(HOLDINGS).await;
    run(&transactions(&format!("a.cardholder_id = '{}'", known.cardholder), 20_000, "40 minutes")).await;
    run(&transactions("a.account_no LIKE 'V%0'", 15, "40 days")).await;
    // Without it a search in one branch sorts every bearer of the name.
    for table in BIG.iter().chain(&["branches"]) {
        run(&format!("VACUUM (ANALYZE) {table}")).await;
    }
    app.parts.directory.refresh(&app.db).await.expect("a directory");
    let path = format!("/cardholders/{}/transactions?limit=1", known.cardholder);
    let newest = app.get(Someone::TELLER, &path).await.expect(200);
    known.transaction = newest.text_at("/items/0/transaction_id").parse().expect("an id");
    known
}

/// Somebody who came in through the front door, so that every look-up finds them.
async fn somebody(app: &App) -> Known {
    let (phone, email, passport, tail) = ("13900004471", "shen.jiayi@example.com", "E20264471", "4471");
    let body = json!({
        "name": "沈嘉怡", "id_kind": "passport", "national_id": passport, "branch_id": Place::Qianjiang.id(),
        "manager_id": Someone::OWN_MANAGER.id(),
        "phones": [{ "kind": "mobile", "number": phone, "is_primary": true }],
        "emails": [{ "kind": "personal", "address": email, "is_primary": true }],
    });
    let reply = app.post(Someone::TELLER, "/cardholders", body).await.expect(201);
    let cardholder = reply.text_at("/cardholder/cardholder_id").parse().expect("an id");
    let holdings = app.holdings().await;
    let account = holdings.account(cardholder, json!({})).await;
    let card = holdings.card(cardholder, account, json!({})).await;
    let row = json!({ "last_four": tail, "cardholder_id": cardholder, "card_id": card });
    holdings.put("card_tail_index", row, json!({})).await;
    Known { cardholder, account, card, transaction: Uuid::nil(), phone, email, passport, tail }
}

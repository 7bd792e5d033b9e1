//! A small bank is filled into a real PostgreSQL: whole, once, and from where it stopped.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::NaiveDate;
use diesel_async::RunQueryDsl;
use platform::Clock;
use platform::database::{
    APP_ROLE, Copier, OWNER_ROLE, TRUTH_ROLE, connect_once, create_roles_and_database, drop_database, grant,
    migrate, with_database,
};
use platform::passwords;
use platform::vault::{Blind, Keyring, Place, Sealed, Vault, WrappedKey};
use private_postgres::{PrivatePostgres, Programs, SUPERUSER, Settings};
use sandbox::{Doors, Plan, Report, SandboxError, State, fill, state};
use tokio::sync::OnceCell;
use tokio_postgres::Client;
use uuid::Uuid;

static DATABASES: AtomicU32 = AtomicU32::new(0);
static CLUSTER: OnceCell<Option<(String, Option<PrivatePostgres>)>> = OnceCell::const_new();

/// The cluster of the test run, or one of our own that ends with this process; none where PostgreSQL is not installed.
async fn cluster() -> Option<(String, Option<PrivatePostgres>)> {
    if let Ok(url) = std::env::var("CARDEA_TEST_CLUSTER_URL") {
        return Some((url, None));
    }
    Programs::find().ok()?;
    let server = tokio::task::spawn_blocking(|| PrivatePostgres::start(Settings::thrown_away())).await;
    let server = server.expect("join").expect("start a PostgreSQL");
    Some((server.url("postgres", SUPERUSER), Some(server)))
}

fn plan(cardholders: u32, months: u32, tx_per_month: u32) -> Plan {
    let today = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
    Plan { seed: 20_261_101, cardholders, months, tx_per_month, today }
}

fn clock() -> Clock {
    Clock::fixed("2026-11-01T01:00:00Z".parse().expect("a moment"))
}

/// A migrated database of its own, dropped at the end.
struct Ground {
    admin_url: String,
    name: String,
    doors: Doors,
    vault: Vault,
}

impl Ground {
    /// Nothing where there is no PostgreSQL, which is told.
    async fn open(test: &str) -> Option<Self> {
        let Some((admin_url, _)) = CLUSTER.get_or_init(cluster).await else {
            skip(test);
            return None;
        };
        let name = format!("sandbox_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
        create_roles_and_database(admin_url, &name).await.expect("create");
        let url = |role| as_role(&with_database(admin_url, &name), role);
        migrate(&url(OWNER_ROLE)).await.expect("migrate");
        grant(&url(OWNER_ROLE), &url(APP_ROLE)).await.expect("grants");
        let doors = Doors { owner_url: url(OWNER_ROLE), truth_url: Some(url(TRUTH_ROLE)) };
        let vault = Vault::new(Keyring::random().expect("keys"));
        Some(Self { admin_url: admin_url.clone(), name, doors, vault })
    }

    async fn fill(&self, plan: &Plan) -> Result<Report, SandboxError> {
        fill(&self.doors, &self.vault, &clock(), plan, &|_| {}).await
    }

    async fn admin(&self) -> Copier {
        Copier::connect(&with_database(&self.admin_url, &self.name)).await.expect("connect")
    }

    async fn close(self) {
        drop_database(&self.admin_url, &self.name).await.expect("drop");
    }
}

fn as_role(url: &str, role: &str) -> String {
    let (_, server) =
        url.strip_prefix("postgres://").and_then(|rest| rest.split_once('@')).expect("a URL with a user");
    format!("postgres://{role}@{server}")
}

fn skip(test: &str) {
    use std::io::Write;
    eprintln!("SKIPPED {test}: no PostgreSQL programs are found here");
    if let Some(log) = std::env::var_os("CARDEA_SKIP_LOG") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(log).expect("the log");
        writeln!(file, "{test}: no PostgreSQL programs are found here").expect("write");
    }
}

async fn count(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.expect(sql).get(0)
}

/// Every row of every table, without what chance or keys make different.
async fn fingerprint(client: &Client) -> Vec<(String, i64, String)> {
    const LEFT_OUT: [&str; 14] = [
        "__diesel_schema_migrations",
        "audit_entries",
        "staff",
        "cardholder_keys",
        "cardholder_phones",
        "cardholder_emails",
        "cardholder_addresses",
        "national_id_index",
        "phone_index",
        "phone_tail_index",
        "email_index",
        "street_index",
        "card_token_index",
        "fills",
    ];
    let sql = "SELECT format('%I.%I', table_schema, table_name), table_name::text FROM information_schema.tables t
        WHERE table_schema IN ('public', 'truth') AND table_type = 'BASE TABLE'
          AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = format('%I.%I', table_schema, table_name)::regclass)
        ORDER BY 1";
    let mut prints = Vec::new();
    for table in client.query(sql, &[]).await.expect("read") {
        let (full, name): (String, String) = (table.get(0), table.get(1));
        let row = match name.as_str() {
            "cardholders" => "(to_jsonb(t) - 'national_id_sealed' - 'national_id_blind')::text",
            "cards" => "(to_jsonb(t) - 'token')::text",
            _ => "t::text",
        };
        let hash = if LEFT_OUT.contains(&name.as_str()) {
            "'-'"
        } else {
            "coalesce(sum(hashtextextended(r, 0)::numeric), 0)::text"
        };
        let sql = format!("SELECT count(*), {hash} FROM (SELECT {row} AS r FROM {full} t) rows");
        let row = client.query_one(&sql, &[]).await.expect("read");
        prints.push((full, row.get(0), row.get(1)));
    }
    prints
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_is_filled_whole_and_a_second_fill_changes_nothing() {
    let Some(ground) = Ground::open("a_bank_is_filled_whole_and_a_second_fill_changes_nothing").await else {
        return;
    };
    let plan = plan(400, 12, 20);
    assert_eq!(state(&ground.doors).await.unwrap(), State::Nothing);
    let report = ground.fill(&plan).await.unwrap();
    assert!(report.was_filled);
    let mut admin = ground.admin().await;
    let client = &*admin.client();
    assert_eq!(count(client, "SELECT count(*) FROM cardholders").await, 400);
    assert_eq!(count(client, "SELECT count(*) FROM transactions").await.cast_unsigned(), report.transactions);
    assert!((70_000..125_000).contains(&report.transactions), "{report:?}");
    looks_whole(client).await;
    let before = fingerprint(client).await;
    let again = ground.fill(&Plan { today: plan.today.succ_opt().unwrap(), ..plan }).await.unwrap();
    assert_eq!(again, Report { was_filled: false, rows: 0, ..report });
    assert_eq!(fingerprint(client).await, before);
    assert_eq!(
        state(&ground.doors).await.unwrap(),
        State::Filled { plan, transactions: report.transactions }
    );
    let other = ground.fill(&Plan { cardholders: 401, ..plan }).await.unwrap_err();
    assert!(matches!(other, SandboxError::OtherPlan(400, ..)), "{other}");
    drop(admin);
    ground.close().await;
}

/// What no constraint checks: each of these must find nothing.
const NOTHING: &[&str] = &[
        // References without a foreign key.
        "SELECT count(*) FROM cards c LEFT JOIN cardholders h ON h.cardholder_id = c.holder_cardholder_id WHERE h IS NULL",
        "SELECT count(*) FROM transactions t LEFT JOIN cards c USING (cardholder_id, card_id)
         WHERE t.card_id IS NOT NULL AND (c IS NULL OR c.account_id <> t.account_id)",
        "SELECT count(*) FROM transactions t LEFT JOIN transactions o
           ON o.cardholder_id = t.cardholder_id AND o.occurred_at = t.reversal_of_at AND o.transaction_id = t.reversal_of_id
         WHERE t.reversal_of_id IS NOT NULL AND o IS NULL",
        "SELECT count(*) FROM repayments r LEFT JOIN statements s USING (cardholder_id, statement_id)
         WHERE r.statement_id IS NOT NULL AND s IS NULL",
        "SELECT count(*) FROM usable_accounts u LEFT JOIN account_parties p
           ON p.cardholder_id = u.owner_cardholder_id AND p.account_id = u.account_id AND p.party_cardholder_id = u.cardholder_id
         WHERE p IS NULL",
        "SELECT count(*) FROM transactions t LEFT JOIN merchant_categories m USING (mcc)
         WHERE t.mcc IS NOT NULL AND m.mcc_group IS DISTINCT FROM t.mcc_group",
        "SELECT count(*) FROM cardholders c LEFT JOIN cardholder_keys k USING (cardholder_id) WHERE k IS NULL",
        // A manager works at the branch.
        "SELECT count(*) FROM cardholders c JOIN staff s ON s.staff_id = c.manager_id
         WHERE s.role <> 'relationship_manager' OR s.branch_id <> c.branch_id",
        // Balances.
        "SELECT count(*) FROM (
           SELECT balance_after_minor - lag(balance_after_minor) OVER account AS moved,
                  CASE direction WHEN 'credit' THEN amount_minor ELSE -amount_minor END AS said
           FROM transactions WHERE balance_after_minor IS NOT NULL
           WINDOW account AS (PARTITION BY cardholder_id, account_id ORDER BY occurred_at, transaction_id)) t
         WHERE moved <> said",
        "SELECT count(*) FROM accounts a JOIN LATERAL (
           SELECT balance_after_minor FROM transactions t
           WHERE t.cardholder_id = a.cardholder_id AND t.account_id = a.account_id AND balance_after_minor IS NOT NULL
           ORDER BY occurred_at DESC, transaction_id DESC LIMIT 1) last ON true
         WHERE last.balance_after_minor <> a.balance_minor",
        // Instalments: no more comes back than was turned into them, and each part has its fee.
        "SELECT count(*) FROM (
           SELECT sum(amount_minor) FILTER (WHERE purpose = '账单分期转出') AS turned,
                  sum(amount_minor) FILTER (WHERE purpose = '账单分期本金') AS charged,
                  count(*) FILTER (WHERE purpose = '账单分期本金') AS parts, count(*) FILTER (WHERE purpose = '分期手续费') AS fees
           FROM transactions GROUP BY cardholder_id, account_id) t
         WHERE charged > turned OR (charged IS NOT NULL AND turned IS NULL) OR parts <> fees",
        "SELECT count(*) FROM truth.fraud_transactions f LEFT JOIN transactions t USING (cardholder_id, occurred_at, transaction_id)
         WHERE t IS NULL",
    ];

/// Tables that a bank of some hundred cardholders has rows in.
const SOMETHING: &[&str] = &[
    "cardholders",
    "cardholder_phones",
    "cardholder_emails",
    "cardholder_addresses",
    "cardholder_changes",
    "name_grams",
    "accounts",
    "account_parties",
    "usable_accounts",
    "cards",
    "loans",
    "standing_orders",
    "statements",
    "repayments",
    "truth.households",
    "truth.employers",
    "truth.employments",
    "truth.life_events",
    "truth.guarantees",
    "truth.defaults",
    "truth.offer_response",
    "truth.fraud_transactions",
];

/// What finds cardholders, accounts and cards, and what it is made of: each holds exactly the other.
const LOOK_UPS: &[(&str, &str)] = &[
    ("customer_no_index", "SELECT customer_no, cardholder_id FROM cardholders"),
    (
        "national_id_index",
        "SELECT national_id_blind, cardholder_id FROM cardholders WHERE national_id_blind IS NOT NULL",
    ),
    ("phone_index", "SELECT number_blind, cardholder_id FROM cardholder_phones"),
    ("phone_tail_index", "SELECT DISTINCT tail_blind, cardholder_id FROM cardholder_phones"),
    ("email_index", "SELECT address_blind, cardholder_id FROM cardholder_emails"),
    (
        "street_index",
        "SELECT DISTINCT street_blind, cardholder_id FROM cardholder_addresses WHERE street_sealed IS NOT NULL",
    ),
    ("account_no_index", "SELECT account_no, cardholder_id, account_id FROM accounts"),
    ("card_token_index", "SELECT token, cardholder_id, card_id FROM cards"),
    ("card_tail_index", "SELECT last_four, cardholder_id, card_id FROM cards"),
];

async fn looks_whole(client: &Client) {
    for sql in NOTHING {
        assert_eq!(count(client, sql).await, 0, "{sql}");
    }
    for (table, sql) in LOOK_UPS {
        let differ = format!(
            "SELECT count(*) FROM ((TABLE {table} EXCEPT ALL ({sql})) UNION ALL (({sql}) EXCEPT ALL TABLE {table})) d"
        );
        assert_eq!(count(client, &differ).await, 0, "{table}");
        assert!(count(client, &format!("SELECT count(*) FROM {table}")).await > 0, "{table}");
    }
    let turned = "SELECT count(*) FROM transactions WHERE purpose = '账单分期转出'";
    assert!(count(client, turned).await > 10, "purchases are turned into instalments");
    for table in SOMETHING {
        assert!(count(client, &format!("SELECT count(*) FROM {table}")).await > 0, "{table}");
    }
    assert!(count(client, "SELECT count(*) FROM branches WHERE kind = 'branch'").await >= 20);
    let filled = "SELECT count(*) FROM audit_entries WHERE action = 'sandbox.fill' AND actor_kind = 'system'";
    assert_eq!(count(client, filled).await, 1);
    assert_eq!(count(client, "SELECT count(*) FROM business_days WHERE business_on = '2026-11-01'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_can_t_read_the_truth_and_the_truth_can_t_touch_the_bank() {
    let Some(ground) = Ground::open("the_application_can_t_read_the_truth").await else { return };
    ground.fill(&plan(120, 2, 5)).await.unwrap();
    let mut app = Copier::connect(&as_role(&ground.doors.owner_url, APP_ROLE)).await.unwrap();
    let tables = [
        "fills",
        "fill_chunks",
        "defaults",
        "fraud_transactions",
        "offer_response",
        "households",
        "guarantees",
        "employers",
    ];
    for table in tables {
        let refused = app.client().query(&format!("SELECT FROM truth.{table}"), &[]).await.unwrap_err();
        assert_eq!(refused.code().unwrap().code(), "42501", "{table}");
    }
    assert_eq!(count(app.client(), "SELECT count(*) FROM cardholders").await, 120);
    let mut truth = Copier::connect(ground.doors.truth_url.as_deref().unwrap()).await.unwrap();
    for change in [
        "INSERT INTO transactions SELECT * FROM transactions",
        "DELETE FROM accounts",
        "INSERT INTO staff SELECT * FROM staff",
    ] {
        let refused = truth.client().batch_execute(change).await.unwrap_err();
        assert_eq!(refused.code().unwrap().code(), "42501", "{change}");
    }
    drop((app, truth));
    ground.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_fields_open_in_their_place_and_are_found_by_their_blind_index() {
    let Some(ground) = Ground::open("sealed_fields_open_in_their_place").await else { return };
    ground.fill(&plan(100, 1, 2)).await.unwrap();
    let mut conn = connect_once(&as_role(&ground.doors.owner_url, OWNER_ROLE)).await.unwrap();
    let sql = "SELECT c.cardholder_id, c.national_id_sealed, c.national_id_blind, k.wrapped_key, k.master_key_id, p.phone_id,
            p.number_sealed, p.number_blind, p.tail_blind, p.number_masked, a.address_id, a.street_sealed, a.street_blind
        FROM cardholders c JOIN cardholder_keys k USING (cardholder_id) JOIN cardholder_phones p USING (cardholder_id)
          JOIN cardholder_addresses a USING (cardholder_id)
        WHERE c.national_id_sealed IS NOT NULL AND p.is_primary AND a.is_primary";
    let rows: Vec<SealedRow> = diesel::sql_query(sql).load(&mut conn).await.unwrap();
    assert!(rows.len() > 90);
    for row in rows {
        let wrapped = WrappedKey { bytes: row.wrapped_key, master_key_id: row.master_key_id };
        let key = ground.vault.unwrap(&wrapped, row.cardholder_id).unwrap();
        let place = Place { table: "cardholders", column: "national_id_sealed", row: row.cardholder_id };
        let id = key.open(place, &row.national_id_sealed).unwrap();
        assert!(kernel::NationalId::parse_other(&id).is_ok());
        assert_eq!(ground.vault.blind(Blind::NationalId, &id), row.national_id_blind);
        let place = Place { table: "cardholder_phones", column: "number_sealed", row: row.phone_id };
        let phone = key.open(place, &row.number_sealed).unwrap();
        assert_eq!(ground.vault.blind(Blind::PhoneNumber, &phone), row.number_blind);
        assert_eq!(ground.vault.blind(Blind::PhoneTail, &phone[phone.len() - 4..]), row.tail_blind);
        assert_eq!(kernel::PhoneNumber::parse(&phone).unwrap().masked(), row.number_masked);
        let place = Place { table: "cardholder_addresses", column: "street_sealed", row: row.address_id };
        let street = key.open(place, &row.street_sealed).unwrap();
        assert_eq!(
            ground.vault.blind(Blind::Street, &kernel::Street::new(&street).folded()),
            row.street_blind
        );
    }
    drop(conn);
    ground.close().await;
}

#[derive(diesel::QueryableByName)]
struct SealedRow {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    cardholder_id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    national_id_sealed: Sealed,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    national_id_blind: Vec<u8>,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    wrapped_key: Vec<u8>,
    #[diesel(sql_type = diesel::sql_types::Text)]
    master_key_id: String,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    phone_id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    number_sealed: Sealed,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    number_blind: Vec<u8>,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    tail_blind: Vec<u8>,
    #[diesel(sql_type = diesel::sql_types::Text)]
    number_masked: String,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    address_id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    street_sealed: Sealed,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    street_blind: Vec<u8>,
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_signs_in_with_the_published_password() {
    let Some(ground) = Ground::open("everybody_signs_in_with_the_published_password").await else { return };
    ground.fill(&plan(100, 1, 2)).await.unwrap();
    let mut admin = ground.admin().await;
    let sql = "SELECT password_hash, role, scope FROM staff WHERE staff_no = $1 AND is_active AND NOT must_change_password";
    for (staff_no, role) in sandbox::SIGN_INS {
        let row = admin.client().query_one(sql, &[&staff_no]).await.unwrap();
        assert!(passwords::verify(sandbox::PASSWORD, Some(row.get(0))), "{staff_no}");
        assert_eq!(row.get::<_, &str>(1), role.as_str());
    }
    drop(admin);
    ground.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fill_that_was_killed_goes_on_and_ends_like_one_that_was_not() {
    let Some(whole) = Ground::open("a_fill_that_was_killed_goes_on").await else { return };
    let plan = plan(500, 24, 20);
    let report = whole.fill(&plan).await.unwrap();
    let killed = Ground::open("a_fill_that_was_killed_goes_on").await.unwrap();
    // Dropped as soon as the first chunk is in, while others are under way.
    let (first, mut has_chunk) = tokio::sync::watch::channel(0);
    let progress = move |at: sandbox::Progress| {
        let _ = first.send(at.cardholders_done);
    };
    let clock = clock();
    let filling = fill(&killed.doors, &killed.vault, &clock, &plan, &progress);
    tokio::select! {
        done = filling => panic!("the fill was too fast: {done:?}"),
        _ = has_chunk.wait_for(|done| *done > 0) => {}
    }
    assert!(matches!(state(&killed.doors).await.unwrap(), State::Begun(of) if of == plan));
    let mut admin = killed.admin().await;
    let half = count(admin.client(), "SELECT count(*) FROM cardholders").await;
    assert!(half < 500, "{half}");
    // Whoever comes next goes on, also on another day.
    let next_day = Plan { today: plan.today.succ_opt().unwrap(), ..plan };
    let rest = tokio::time::timeout(Duration::from_secs(300), killed.fill(&next_day)).await.unwrap().unwrap();
    assert_eq!((rest.transactions, rest.today), (report.transactions, plan.today));
    assert!(rest.rows < report.rows, "nothing was kept of the first attempt");
    let mut expected = whole.admin().await;
    assert_eq!(fingerprint(admin.client()).await, fingerprint(expected.client()).await);
    drop((admin, expected));
    killed.close().await;
    whole.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_fills_that_begin_together_make_one_bank() {
    let Some(ground) = Ground::open("two_fills_that_begin_together_make_one_bank").await else { return };
    let plan = plan(900, 3, 10);
    let (one, two) = tokio::join!(ground.fill(&plan), ground.fill(&plan));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.transactions, two.transactions);
    let mut admin = ground.admin().await;
    assert_eq!(count(admin.client(), "SELECT count(*) FROM cardholders").await, 900);
    assert_eq!(count(admin.client(), "SELECT count(*) FROM audit_entries").await, 1);
    assert_eq!(count(admin.client(), "SELECT count(*) FROM truth.employers").await, 90);
    drop(admin);
    ground.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_bank_gives_one_role_only_the_owner_fills() {
    let Some(ground) = Ground::open("where_the_bank_gives_one_role_only_the_owner_fills").await else {
        return;
    };
    let doors = Doors { truth_url: None, ..ground.doors.clone() };
    let report = fill(&doors, &ground.vault, &clock(), &plan(100, 1, 5), &|_| {}).await.unwrap();
    assert_eq!(report.cardholders, 100);
    let mut app = Copier::connect(&as_role(&ground.doors.owner_url, APP_ROLE)).await.unwrap();
    assert!(app.client().query("SELECT FROM truth.defaults", &[]).await.is_err());
    drop(app);
    ground.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn branches_and_staff_that_are_there_already_are_kept() {
    let Some(ground) = Ground::open("branches_and_staff_that_are_there_already_are_kept").await else {
        return;
    };
    let mut admin = ground.admin().await;
    let sql = "INSERT INTO branches (branch_id, code, name, kind, is_open, version, created_at, updated_at)
            VALUES ('0192f3a0-0000-7000-8000-000000000001', 'HQ', 'Head office', 'head_office', true, 1, now(), now());
        INSERT INTO staff (staff_id, staff_no, name, role, scope, branch_id, is_active, password_hash, must_change_password,
            failed_sign_ins, password_changed_at, version, created_at, updated_at)
            VALUES ('0192f3a0-0000-7000-8000-000000000002', 'A0001', 'Root', 'admin', 'bank',
            '0192f3a0-0000-7000-8000-000000000001', true, 'x', true, 0, now(), 1, now(), now())";
    admin.client().batch_execute(sql).await.unwrap();
    ground.fill(&plan(100, 1, 2)).await.unwrap();
    assert_eq!(count(admin.client(), "SELECT count(*) FROM branches WHERE kind = 'head_office'").await, 1);
    assert_eq!(
        count(
            admin.client(),
            "SELECT count(*) FROM branches WHERE parent_id = '0192f3a0-0000-7000-8000-000000000001'"
        )
        .await,
        6
    );
    assert_eq!(
        count(admin.client(), "SELECT count(*) FROM staff WHERE staff_no = 'A0001' AND name = 'Root'").await,
        1
    );
    drop(admin);
    ground.close().await;
}

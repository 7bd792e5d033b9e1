//! Migrations go up, down and up again to the same schema; partitions and grants are made any number of times.

use std::process::Command;

use diesel_async::SimpleAsyncConnection;
use it::{empty_database, skip};
use platform::database::{self, APP_ROLE, OWNER_ROLE};
use private_postgres::Programs;

use super::catalogue::lines;

const PARTITIONS: &str =
    "SELECT c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid) AS line FROM pg_class c
    WHERE c.relispartition AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace";

/// The lines of the schema as `pg_dump` writes it, or none where the program is not installed. Grants are made outside
/// migrations.
fn dump(url: &str) -> Vec<String> {
    let program = Programs::find().expect("PostgreSQL's programs").program("pg_dump");
    if !program.is_file() {
        skip("house::migrations", "pg_dump is not installed");
        return Vec::new();
    }
    let output =
        Command::new(program).args(["--schema-only", "--no-privileges", url]).output().expect("pg_dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    // Newer versions bracket the dump with a fresh random word.
    text.lines().filter(|line| !line.contains("restrict ")).map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn up_down_and_up_again_is_the_same_schema_and_down_leaves_nothing() {
    let (owner_url, name, admin_url) = empty_database().await;
    let ran = database::migrate(&owner_url).await.expect("up");
    assert!(database::is_current(&owner_url).await.expect("asked"));
    let first = dump(&owner_url);
    // Partitions belong to their tables and go with them.
    database::ensure_partitions(&owner_url, 2025..=2026).await.expect("partitions");
    database::revert_all(&owner_url).await.expect("down");
    let conn = database::connect_once(&owner_url).await.expect("connect");
    let left = "SELECT relname::text AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
        UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typrelid = 0 AND typelem = 0";
    assert_eq!(lines(&conn, left).await, ["__diesel_schema_migrations"]);
    assert!(!database::is_current(&owner_url).await.expect("asked"));
    assert_eq!(database::migrate(&owner_url).await.expect("up again"), ran);
    let second = dump(&owner_url);
    let differing: Vec<_> = first.iter().zip(&second).filter(|(before, after)| before != after).collect();
    assert_eq!(differing, []);
    assert_eq!(first.len(), second.len());
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

#[tokio::test]
async fn two_servers_that_start_at_once_migrate_once() {
    let (owner_url, name, admin_url) = empty_database().await;
    let (one, other) = tokio::join!(database::migrate(&owner_url), database::migrate(&owner_url));
    let (one, other) = (one.expect("migrated"), other.expect("migrated"));
    assert!(one.is_empty() != other.is_empty(), "{one:?} {other:?}");
    let again = database::migrate(&owner_url).await.expect("nothing left to do");
    assert_eq!(again, [""; 0]);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

#[tokio::test]
async fn the_years_ahead_are_partitioned_once_however_often_they_are_asked_for() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("up");
    let years = database::years_ahead("2026-12-31T23:59:59Z".parse().expect("a moment"));
    assert_eq!(years, 2025..=2028);
    for years in [years.clone(), years, 2026..=2026, 2030..=2030] {
        database::ensure_partitions(&owner_url, years).await.expect("partitions");
    }
    let conn = database::connect_once(&owner_url).await.expect("connect");
    let made = lines(&conn, PARTITIONS).await;
    let expected: Vec<String> = ["audit_entries", "transactions"]
        .iter()
        .flat_map(|table| [2025, 2026, 2027, 2028, 2030].map(|year| (table, year)))
        .map(|(table, year)| {
            let bound = |year: i32| format!("('{year}-01-01 00:00:00+00')");
            format!("{table}_{year} FOR VALUES FROM {} TO {}", bound(year), bound(year + 1))
        })
        .collect();
    assert_eq!(made, expected);
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

#[tokio::test]
async fn two_servers_that_start_at_once_partition_without_a_fight() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("up");
    let ensure = || database::ensure_partitions(&owner_url, 2025..=2034);
    let (one, two, three) = tokio::join!(ensure(), ensure(), ensure());
    for made in [one, two, three] {
        made.expect("partitions");
    }
    let conn = database::connect_once(&owner_url).await.expect("connect");
    assert_eq!(lines(&conn, PARTITIONS).await.len(), 20);
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

#[tokio::test]
async fn what_is_append_only_stays_so_in_partitions_made_later() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("up");
    database::ensure_partitions(&owner_url, 2026..=2026).await.expect("partitions");
    let app_url = owner_url.replacen(OWNER_ROLE, APP_ROLE, 1);
    database::grant(&owner_url, &app_url).await.expect("grants");
    database::ensure_partitions(&owner_url, 2031..=2031).await.expect("a later year");
    assert!(database::is_append_only_enforced(&app_url).await.expect("asked"));
    let mut conn = database::connect_once(&app_url).await.expect("connect as the application");
    let may = |what: &str, tables: &str| {
        format!(
            "SELECT c.relname || ' ' || p AS line FROM pg_class c, unnest(ARRAY[{what}]) AS p
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname ~ '{tables}'
               AND has_table_privilege(c.oid, p)"
        )
    };
    let changed = may("'UPDATE', 'DELETE', 'TRUNCATE'", "^(audit_entries|cardholder_changes)");
    assert_eq!(lines(&conn, &changed).await, [""; 0]);
    let added = may("'INSERT'", "^(audit_entries|cardholder_changes)");
    assert_eq!(
        lines(&conn, &added).await,
        ["audit_entries INSERT", "audit_entries_2026 INSERT", "cardholder_changes INSERT"]
    );
    let migrations = may("'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'", "^__diesel");
    assert_eq!(lines(&conn, &migrations).await, [""; 0]);
    for forbidden in [
        "UPDATE audit_entries SET outcome = 'done'",
        "DELETE FROM audit_entries_2031",
        "TRUNCATE audit_entries_2026",
        "DROP TABLE audit_entries_2026",
        "DELETE FROM cardholder_changes",
        "CREATE TABLE mine (a int)",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    ] {
        let refused = conn.batch_execute(forbidden).await.expect_err(forbidden).to_string();
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{forbidden}: {refused}"
        );
    }
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

#[tokio::test]
async fn the_application_s_role_is_the_one_its_address_names() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("up");
    let role = format!("clerk \"of\" {name}");
    let mut admin = database::connect_once(&admin_url).await.expect("connect as administrator");
    let quoted = role.replace('"', "\"\"");
    admin.batch_execute(&format!("CREATE ROLE \"{quoted}\" LOGIN")).await.expect("a role");
    let app_url = owner_url.replacen(OWNER_ROLE, &role.replace(' ', "%20").replace('"', "%22"), 1);
    assert!(!database::is_granted(&app_url).await.expect("asked"));
    database::grant(&owner_url, &app_url).await.expect("grants");
    database::grant(&owner_url, &app_url).await.expect("once more");
    assert!(database::is_granted(&app_url).await.expect("asked"));
    assert!(database::is_append_only_enforced(&app_url).await.expect("asked"));
    // Where the owner is the application there is nothing to give.
    database::grant(&owner_url, &owner_url).await.expect("nothing");
    assert!(!database::is_append_only_enforced(&owner_url).await.expect("asked"));
    database::drop_database(&admin_url, &name).await.expect("drop");
    admin.batch_execute(&format!("DROP ROLE \"{quoted}\"")).await.expect("no role");
}

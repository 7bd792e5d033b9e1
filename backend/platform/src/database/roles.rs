//! Who may do what inside the database. Made outside migrations, any number of times.
//!
//! `cardea_owner` owns the schema and runs migrations; `cardea_app` serves requests and can't change what is append-only;
//! `cardea_truth` owns the sandbox's truth, which the application can't read.

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use super::{DbError, DbResult, connect_once, wire};

pub const OWNER_ROLE: &str = "cardea_owner";
pub const APP_ROLE: &str = "cardea_app";
pub const TRUTH_ROLE: &str = "cardea_truth";

/// By which servers take turns at granting.
const GRANT_LOCK: i64 = 0x0000_6772_616e_7401;
/// Tables to which the application may only add.
const APPEND_ONLY: &[&str] = &["approval_decisions", "audit_entries", "audit_seals", "cardholder_changes"];

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    is_true: bool,
}

/// Creates the roles and the database where they are missing. `admin_url` names a superuser.
pub async fn create_roles_and_database(admin_url: &str, database: &str) -> DbResult<()> {
    let mut conn = connect_once(admin_url).await?;
    for role in [OWNER_ROLE, APP_ROLE, TRUTH_ROLE] {
        let create = format!(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        conn.batch_execute(&create).await?;
    }
    let sql = format!("SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') AS is_true");
    if !ask(&conn, &sql).await? {
        conn.batch_execute(&format!(
            "CREATE DATABASE {database} OWNER {OWNER_ROLE} ENCODING 'UTF8' TEMPLATE template0"
        ))
        .await?;
        conn.batch_execute(&format!("GRANT CREATE ON DATABASE {database} TO {TRUTH_ROLE}")).await?;
    }
    Ok(())
}

/// Drops a database, also one that is in use.
pub async fn drop_database(admin_url: &str, database: &str) -> DbResult<()> {
    let mut conn = connect_once(admin_url).await?;
    Ok(conn.batch_execute(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await?)
}

/// The same server and role, another database.
pub fn with_database(url: &str, database: &str) -> String {
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let server = path.rsplit_once('/').map_or(path, |(server, _)| server);
    query.map_or_else(|| format!("{server}/{database}"), |query| format!("{server}/{database}?{query}"))
}

/// Gives the role of `app_url` what it needs and takes the rest. Partitions that are made later need nothing: they are reached
/// through their table. Does nothing where both addresses name one role.
pub async fn grant(owner_url: &str, app_url: &str) -> DbResult<()> {
    let Some(role) = wire::role_of(app_url) else { return Ok(()) };
    let mut conn = connect_once(owner_url).await?;
    let literal = role.replace('\'', "''");
    if ask(&conn, &format!("SELECT current_user = '{literal}' AS is_true")).await? {
        return Ok(());
    }
    // Two servers that start at once take turns, until this connection closes.
    conn.batch_execute(&format!("SELECT pg_advisory_lock({GRANT_LOCK})")).await?;
    let app = format!("\"{}\"", role.replace('"', "\"\""));
    let mut grants = format!(
        "GRANT USAGE ON SCHEMA public TO {app};
         GRANT TEMPORARY ON DATABASE \"{}\" TO {app};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
         REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM {app};",
        database_of(owner_url)
    );
    for table in APPEND_ONLY {
        grants.push_str(&format!(
            "DO $do$ DECLARE part regclass; BEGIN
                 FOR part IN SELECT relid FROM pg_partition_tree('{table}') UNION SELECT '{table}'::regclass LOOP
                     EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', part, '{literal}');
                 END LOOP;
             END $do$;"
        ));
    }
    conn.batch_execute(&grants).await.map_err(DbError::from)
}

/// Whether the role of `app_url` may do its work: it can add to the trail.
pub async fn is_granted(app_url: &str) -> DbResult<bool> {
    let conn = connect_once(app_url).await?;
    ask(
        &conn,
        "SELECT coalesce(has_table_privilege(to_regclass('audit_entries'), 'INSERT'), false) AS is_true",
    )
    .await
}

/// Whether the role of `app_url` is unable to change an audit row.
pub async fn is_append_only_enforced(app_url: &str) -> DbResult<bool> {
    let conn = connect_once(app_url).await?;
    ask(&conn, "SELECT NOT has_table_privilege(current_user, 'audit_entries', 'UPDATE') AS is_true").await
}

async fn ask(mut conn: &super::Conn, sql: &str) -> DbResult<bool> {
    Ok(diesel::sql_query(sql).get_result::<Answer>(&mut conn).await?.is_true)
}

fn database_of(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or("cardea")
}

//! The schema keeps the rules by which it can be spread over a cluster later (backend/ARCHITECTURE.md, "The database"), and
//! the house's words for columns. Each rule is a question to the catalogue that finds what breaks it; each is also asked of
//! tables invented to break it.

use std::{fs, path::PathBuf};

use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use it::{Spread, TABLES, Table, empty_database};
use platform::{Conn, database};

use super::{catalogue::lines, source};

/// What every question starts from: the declared tables, the tables, keys and foreign keys that are there.
const GROUND: &str = "
    mine AS (
        SELECT c.oid, c.relname::text AS name, c.relkind, d.spread, d.by, d.colocation
        FROM pg_class c LEFT JOIN declared d ON d.name = c.relname
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname <> '__diesel_schema_migrations'),
    columns AS (
        SELECT m.oid, m.name, m.spread, m.by, a.attname::text AS col, a.attnum, a.attnotnull, t.typname::text AS type,
               a.attcollation, a.attidentity, a.attgenerated, a.atthasdef
        FROM mine m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid),
    keys AS (
        SELECT m.name, m.spread, m.by, m.relkind, ic.relname::text AS index, i.indisprimary, i.indisunique OR i.indisexclusion AS is_unique,
               ARRAY(SELECT coalesce(a.attname::text, '(expression)') FROM generate_series(0, i.indnkeyatts - 1) k
                     LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] AND a.attnum > 0 ORDER BY k) AS cols,
               EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')) AS is_constraint,
               i.indrelid, i.indexrelid
        FROM mine m JOIN pg_index i ON i.indrelid = m.oid JOIN pg_class ic ON ic.oid = i.indexrelid),
    fks AS (
        SELECT con.conname::text AS fk, con.confdeltype, con.confupdtype,
               f.name AS from_name, f.spread AS from_spread, f.by AS from_by, f.colocation AS from_colocation,
               t.name AS to_name, t.spread AS to_spread, t.by AS to_by, t.colocation AS to_colocation,
               ARRAY(SELECT a.attname::text FROM unnest(con.conkey) WITH ORDINALITY AS k (n, o)
                     JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.n ORDER BY o) AS cols,
               ARRAY(SELECT a.attname::text FROM unnest(con.confkey) WITH ORDINALITY AS k (n, o)
                     JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.n ORDER BY o) AS to_cols
        FROM pg_constraint con JOIN mine f ON f.oid = con.conrelid JOIN mine t ON t.oid = con.confrelid
        WHERE con.contype = 'f')";

/// A rule, and the question that finds what breaks it.
struct Rule {
    name: &'static str,
    finds: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        name: "every table is declared, every declared table is there",
        finds: "SELECT name || ' is not declared' AS line FROM mine WHERE spread IS NULL
            UNION ALL SELECT name || ' is declared but not there' FROM declared WHERE name NOT IN (SELECT name FROM mine)",
    },
    Rule {
        name: "a table keyed by a cardholder is distributed",
        finds: "SELECT name || ' is keyed by a cardholder but ' || spread AS line FROM keys
            WHERE indisprimary AND 'cardholder_id' = ANY (cols) AND spread <> 'distributed'",
    },
    Rule {
        name: "the distribution column is there, never null, and a cardholder is a uuid",
        finds: "SELECT m.name || ' lacks ' || m.by AS line FROM mine m
            WHERE m.spread = 'distributed' AND NOT EXISTS (SELECT FROM columns c
                WHERE c.oid = m.oid AND c.col = m.by AND c.attnotnull AND c.attgenerated = '' AND (m.by <> 'cardholder_id' OR c.type = 'uuid'))",
    },
    Rule {
        name: "every table has a primary key",
        finds: "SELECT name || ' has no primary key' AS line FROM mine m WHERE NOT EXISTS (SELECT FROM keys k WHERE k.name = m.name AND k.indisprimary)",
    },
    Rule {
        name: "every unique key holds the distribution column, a cardholder's primary key begins with it",
        finds: "SELECT index || ' lacks ' || by AS line FROM keys WHERE spread = 'distributed' AND is_unique AND NOT by = ANY (cols)
            UNION ALL SELECT index || ' does not begin with ' || by FROM keys
            WHERE spread = 'distributed' AND indisprimary AND by = 'cardholder_id' AND cols[1] <> by",
    },
    Rule {
        name: "a partitioned table's key goes on with what it is partitioned by",
        finds: "SELECT k.index || ' does not go on with ' || a.attname AS line
            FROM keys k JOIN pg_partitioned_table p ON p.partrelid = k.indrelid
            JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
            WHERE k.indisprimary AND a.attname <> k.cols[CASE WHEN k.spread = 'distributed' THEN 2 ELSE 1 END]",
    },
    Rule {
        name: "partitions are ranges, one level deep, without a default",
        finds: "SELECT partrelid::regclass || ' is not partitioned by a range without a default' AS line FROM pg_partitioned_table
            WHERE partstrat <> 'r' OR partdefid <> 0 OR partnatts <> 1
            UNION ALL SELECT oid::regclass || ' is a partition of partitions' FROM pg_class WHERE relkind = 'p' AND relispartition",
    },
    Rule {
        name: "foreign keys stay with the cardholder or lead to a reference table",
        finds: "SELECT fk || ' leads from a ' || from_spread || ' to a ' || to_spread || ' table' AS line FROM fks
            WHERE NOT (from_spread = 'distributed' AND to_spread IN ('distributed', 'reference')
                       OR from_spread = 'reference' AND to_spread = 'reference' OR from_spread = 'local' AND to_spread = 'local')
            UNION ALL SELECT fk || ' leaves the cardholder' FROM fks
            WHERE from_spread = 'distributed' AND to_spread = 'distributed'
              AND (from_colocation IS DISTINCT FROM to_colocation OR from_colocation = 'none' OR NOT EXISTS (
                   SELECT FROM generate_subscripts(cols, 1) n WHERE cols[n] = from_by AND to_cols[n] = to_by))",
    },
    Rule {
        name: "deleting and changing what is referred to neither nulls nor rewrites",
        finds: "SELECT fk || ' sets on delete' AS line FROM fks WHERE confdeltype IN ('n', 'd')
            UNION ALL SELECT fk || ' acts on update' FROM fks WHERE confupdtype IN ('c', 'n', 'd')",
    },
    Rule {
        name: "no triggers, rules, row-level security, views, sequences or types of one's own",
        finds: "SELECT 'trigger ' || tgname AS line FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = 'public'
            UNION ALL SELECT 'row-level security on ' || relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace
            UNION ALL SELECT 'policy ' || polname FROM pg_policy
            UNION ALL SELECT relkind::text || ' ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'S', 'f', 'c')
            UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
            UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname <> 'cardea_distribute'
            UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname NOT IN ('plpgsql', 'citus', 'citus_columnar')",
    },
    Rule {
        name: "no value is made by the database: no defaults, identities or generated columns",
        finds: "SELECT name || '.' || col || ' fills itself' AS line FROM columns WHERE atthasdef OR attidentity <> '' OR attgenerated <> ''",
    },
    Rule {
        name: "every constraint and index is named for its table and its kind",
        finds: "SELECT 'constraint ' || con.conname AS line FROM pg_constraint con JOIN mine m ON m.oid = con.conrelid
            WHERE contype IN ('p', 'u', 'x', 'c', 'f') AND con.conname !~ CASE contype WHEN 'p' THEN '^' || m.name || '_pkey$'
                  WHEN 'u' THEN '^' || m.name || '_.+_key$' WHEN 'x' THEN '^' || m.name || '_.+_excl$' WHEN 'c' THEN '^' || m.name || '_.+_check$'
                  ELSE '^' || m.name || '_.+_fkey$' END
            UNION ALL SELECT 'foreign key ' || fk FROM fks WHERE fk <> from_name || '_' || cols[cardinality(cols)] || '_fkey'
            UNION ALL SELECT 'index ' || index FROM keys WHERE NOT is_constraint
              AND index !~ ('^' || name || '_.+_' || CASE WHEN is_unique THEN 'key$' ELSE 'idx$' END)",
    },
    Rule {
        // A shard's name has `_` and its number behind it, and 63 bytes in all.
        name: "names leave room for a shard's number and do not look like one",
        finds: "SELECT conname || ' does not bear a shard number' AS line FROM pg_constraint con JOIN mine m ON m.oid = con.conrelid
            WHERE length(conname) > 54 OR conname ~ '_[0-9]{5,}$'
            UNION ALL SELECT index || ' does not bear a shard number' FROM keys WHERE length(index) > 54 OR index ~ '_[0-9]{5,}$'",
    },
    Rule {
        name: "columns are of the types that the house reads",
        finds: "SELECT name || '.' || col || ' is ' || type AS line FROM columns
            WHERE type NOT IN ('uuid', 'text', 'bool', 'int2', 'int4', 'int8', 'date', 'timestamptz', 'jsonb', 'bytea')
              AND NOT (type = 'float8' AND col IN ('latitude', 'longitude'))",
    },
    Rule {
        name: "money is whole minor units beside its currency",
        finds: "SELECT name || '.' || col || ' is ' || type AS line FROM columns WHERE col LIKE '%\\_minor' AND type <> 'int8'
            UNION ALL SELECT name || '.' || col || ' has no currency' FROM columns c WHERE col LIKE '%\\_minor' AND NOT EXISTS (
                SELECT FROM columns d WHERE d.oid = c.oid AND d.col IN ('currency', replace(c.col, '_minor', '_currency')))
            UNION ALL SELECT name || '.' || col || ' is no currency code' FROM columns
            WHERE (col = 'currency' OR col LIKE '%\\_currency') AND (type <> 'text' OR attcollation <> '\"C\"'::regcollation)",
    },
    Rule {
        name: "a column's name says whether it is a moment, a day or a claim",
        finds: "SELECT name || '.' || col || ' is a moment' AS line FROM columns WHERE type = 'timestamptz' AND col !~ '(_at|_until)$'
            UNION ALL SELECT name || '.' || col || ' is a day' FROM columns WHERE type = 'date' AND col !~ '_on$' AND name || '.' || col <> 'repayments.paid_in_month'
            UNION ALL SELECT name || '.' || col || ' is a claim' FROM columns WHERE type = 'bool' AND col !~ '^(is|has|must|can)_'
            UNION ALL SELECT name || '.' || col || ' is neither' FROM columns
            WHERE col ~ '(_at|_on)$' AND type NOT IN ('timestamptz', 'date') OR col ~ '^(is|has|must|can)_' AND type <> 'bool'",
    },
    Rule {
        name: "text in an index is compared byte by byte, but for words that are only matched",
        finds: "SELECT c.name || '.' || c.col || ' is sorted by a language' AS line
            FROM columns c JOIN keys k ON k.indrelid = c.oid AND c.col = ANY (k.cols)
            WHERE c.type = 'text' AND c.attcollation <> '\"C\"'::regcollation AND c.name || '.' || c.col NOT IN (
                'audit_entries.action', 'audit_entries.trace_id', 'audit_entries.outcome', 'saved_views.page', 'saved_views.name', 'idempotency_keys.route', 'idempotency_keys.key',
                'jobs.kind', 'jobs.unique_key', 'cardholders.lifecycle', 'cardholders.occupation', 'cardholders.name',
                'cardholder_keys.master_key_id', 'accounts.kind', 'outcome_labels.label')",
    },
    Rule {
        name: "who somebody is and how they are reached is sealed, never plain",
        finds: "SELECT name || '.' || col || ' is plain' AS line FROM columns
            WHERE col ~ '(^|_)(national_id|id_number|id_no|phone|mobile|telephone|email|e_mail|street|pan|card_number|cvv|cvc|pin|track)(_|$)'
              AND col !~ '(_sealed|_blind|_masked|_id|_at)$'
            UNION ALL SELECT name || '.' || col || ' is plain' FROM columns
            WHERE name ~ '(phone|email|address|national_id)' AND col IN ('number', 'address', 'tail', 'line', 'value')
            UNION ALL SELECT name || '.' || col || ' is not sealed' FROM columns WHERE col ~ '(_sealed|_blind)$' AND type <> 'bytea'
            UNION ALL SELECT name || '.' || col || ' has no masked text' FROM columns c WHERE col LIKE '%\\_sealed' AND NOT EXISTS (
                SELECT FROM columns d WHERE d.oid = c.oid AND d.col = replace(c.col, '_sealed', '_masked') AND d.type = 'text')",
    },
];

/// What breaks the rule, given the list of tables.
async fn broken(conn: &Conn, rule: &Rule, tables: &[Table]) -> Vec<String> {
    let row = |table: &Table| match table.spread {
        Spread::Distributed { by, colocation } => {
            format!("('{}', 'distributed', '{by}', '{colocation}')", table.name)
        }
        Spread::Reference => format!("('{}', 'reference', NULL, NULL)", table.name),
        Spread::Local => format!("('{}', 'local', NULL, NULL)", table.name),
    };
    let rows: Vec<String> = tables.iter().map(row).collect();
    let sql = format!(
        "WITH declared (name, spread, by, colocation) AS (VALUES {}), {GROUND} {}",
        rows.join(", "),
        rule.finds
    );
    lines(conn, &sql).await
}

#[tokio::test]
async fn the_schema_keeps_every_rule() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("migrate");
    let conn = database::connect_once(&owner_url).await.expect("connect");
    for rule in RULES {
        assert_eq!(broken(&conn, rule, TABLES).await, [""; 0], "{}", rule.name);
    }
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

/// Tables invented to break the rules.
const BAD: &str = r#"
    CREATE TABLE people (cardholder_id uuid NOT NULL, note text, CONSTRAINT people_pkey PRIMARY KEY (cardholder_id));
    CREATE TABLE words (word text NOT NULL, person uuid, CONSTRAINT words_pkey PRIMARY KEY (word),
        CONSTRAINT words_person_fkey FOREIGN KEY (person) REFERENCES people (cardholder_id) ON DELETE SET NULL);
    CREATE TABLE queue (cardholder_id uuid, n bigserial, CONSTRAINT queue_pkey PRIMARY KEY (cardholder_id));
    CREATE TABLE cards (cardholder_id uuid NOT NULL, card_id uuid NOT NULL, holder uuid, phone text, street_sealed text, fee_minor integer,
        frozen boolean, opened timestamptz, closed date, issued_at text, weight real, token text UNIQUE,
        CONSTRAINT cards_pkey PRIMARY KEY (card_id, cardholder_id),
        CONSTRAINT cards_of_12345 CHECK (fee_minor > 0),
        CONSTRAINT cards_holder_fkey FOREIGN KEY (holder) REFERENCES people (cardholder_id) ON UPDATE CASCADE);
    CREATE INDEX cards_by_token ON cards (token);
    CREATE TABLE loose (cardholder_id uuid);
    CREATE TABLE events (cardholder_id uuid NOT NULL, event_id uuid NOT NULL, happened_at timestamptz NOT NULL,
        CONSTRAINT events_pkey PRIMARY KEY (cardholder_id, event_id, happened_at)) PARTITION BY RANGE (happened_at);
    CREATE TABLE events_rest PARTITION OF events DEFAULT;
    CREATE VIEW everybody AS SELECT * FROM people;
    ALTER TABLE people ENABLE ROW LEVEL SECURITY;
"#;

const fn invented(name: &'static str, spread: Spread) -> Table {
    Table { name, spread, owner: "nobody" }
}

const BY_CARDHOLDER: Spread = Spread::Distributed { by: "cardholder_id", colocation: "cardholders" };

const BAD_TABLES: &[Table] = &[
    invented("people", BY_CARDHOLDER),
    invented("words", Spread::Reference),
    invented("queue", Spread::Local),
    invented("cards", BY_CARDHOLDER),
    invented("loose", BY_CARDHOLDER),
    invented("events", BY_CARDHOLDER),
    invented("ghosts", Spread::Local),
];

/// What each rule finds in them, in the order of the rules.
const FOUND: &[&[&str]] = &[
    &["ghosts is declared but not there"],
    &["queue is keyed by a cardholder but local"],
    &["loose lacks cardholder_id"],
    &["loose has no primary key"],
    &["cards_pkey does not begin with cardholder_id", "cards_token_key lacks cardholder_id"],
    &["events_pkey does not go on with happened_at"],
    &["events is not partitioned by a range without a default"],
    &[
        "cards_holder_fkey leaves the cardholder",
        "words_person_fkey leads from a reference to a distributed table",
    ],
    &["cards_holder_fkey acts on update", "words_person_fkey sets on delete"],
    &["S queue_n_seq", "row-level security on people", "v everybody"],
    &["queue.n fills itself"],
    &["constraint cards_of_12345", "index cards_by_token"],
    &["cards_of_12345 does not bear a shard number"],
    &["cards.weight is float4"],
    &["cards.fee_minor has no currency", "cards.fee_minor is int4"],
    &[
        "cards.closed is a day",
        "cards.frozen is a claim",
        "cards.issued_at is neither",
        "cards.opened is a moment",
    ],
    &[
        "cards.token is sorted by a language",
        "cards.token is sorted by a language",
        "words.word is sorted by a language",
    ],
    &["cards.phone is plain", "cards.street_sealed has no masked text", "cards.street_sealed is not sealed"],
];

#[tokio::test]
async fn every_rule_finds_what_breaks_it() {
    let (owner_url, name, admin_url) = empty_database().await;
    let mut conn = database::connect_once(&owner_url).await.expect("connect");
    conn.begin_test_transaction().await.expect("begin");
    conn.batch_execute(BAD).await.expect("invented tables");
    assert_eq!(RULES.len(), FOUND.len());
    for (rule, found) in RULES.iter().zip(FOUND) {
        assert_eq!(broken(&conn, rule, BAD_TABLES).await, *found, "{}", rule.name);
    }
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

/// Path and text of every migration's `up.sql` or `down.sql`.
fn migrations(file: &str) -> Vec<(String, String)> {
    let root = source::root();
    let mut paths: Vec<PathBuf> = source::files_below(&root.join("backend/migrations"));
    paths.retain(|path| path.ends_with(file));
    assert!(paths.len() >= 5, "the migrations were not found");
    paths
        .iter()
        .map(|path| (source::relative(&root, path), fs::read_to_string(path).expect("a migration")))
        .collect()
}

/// Statements without their comments.
fn statements(sql: &str) -> Vec<String> {
    let lines: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let statements = lines.join("\n");
    statements
        .split(';')
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect()
}

/// `cardea_distribute('table', 'column', 'colocation')`, as the list would say it.
fn distributed_by(sql: &str) -> Vec<(String, Spread)> {
    let mut found = Vec::new();
    for statement in statements(sql) {
        let Some(inside) =
            statement.strip_prefix("SELECT cardea_distribute(").and_then(|rest| rest.strip_suffix(')'))
        else {
            continue;
        };
        let words: Vec<&str> = inside.split(',').map(|word| word.trim().trim_matches('\'')).collect();
        let spread = match words.get(1).copied() {
            Some("NULL") => Spread::Reference,
            Some(by) => {
                let by: &'static str = by.to_owned().leak();
                // The first of a group names no other: it is the group.
                let colocation: &'static str = words.get(2).map_or(words[0], |word| word).to_owned().leak();
                Spread::Distributed { by, colocation }
            }
            None => continue,
        };
        found.push((words[0].to_owned(), spread));
    }
    found
}

#[test]
fn migrations_spread_the_tables_as_the_list_says() {
    let calls: Vec<(String, Spread)> =
        migrations("up.sql").iter().flat_map(|(_, sql)| distributed_by(sql)).collect();
    for (name, spread) in &calls {
        assert_eq!(Table::named(name).map(|table| table.spread), Some(*spread), "{name}");
    }
    let spread_out = TABLES.iter().filter(|table| table.spread != Spread::Local);
    let missing: Vec<&str> = spread_out
        .map(|table| table.name)
        .filter(|name| calls.iter().filter(|(called, _)| called == name).count() != 1)
        .collect();
    assert_eq!(missing, [""; 0], "spread not once");
}

/// What a migration does besides changing the schema, or in a way that a cluster refuses.
fn ill_migrated(path: &str, sql: &str) -> Vec<String> {
    const SETTINGS: &[&str] = &[
        "SET LOCAL citus.enable_local_reference_table_foreign_keys TO off",
        "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'",
    ];
    let statements = statements(sql);
    let mut faults = Vec::new();
    if statements.iter().any(|statement| statement.starts_with("SELECT cardea_distribute("))
        && statements[..2] != *SETTINGS
    {
        faults.push(format!("{path} does not begin with the cluster's settings"));
    }
    for statement in &statements {
        let verb = statement.split(' ').next().unwrap_or_default();
        if ["INSERT", "UPDATE", "DELETE", "COPY", "TRUNCATE", "GRANT", "REVOKE"].contains(&verb) {
            faults.push(format!("{path} does more than change the schema: {verb}"));
        }
        if statement.starts_with("ALTER TABLE")
            && statement.contains("ADD CONSTRAINT")
            && has_top_level_comma(statement)
        {
            faults.push(format!("{path} adds a constraint together with something else"));
        }
    }
    faults
}

fn has_top_level_comma(statement: &str) -> bool {
    let mut depth = 0;
    statement.chars().any(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        letter == ',' && depth == 0
    })
}

#[test]
fn migrations_change_the_schema_alone_and_in_steps_that_a_cluster_takes() {
    let faults: Vec<String> = ["up.sql", "down.sql"]
        .iter()
        .flat_map(|file| migrations(file))
        .flat_map(|(path, sql)| ill_migrated(&path, &sql))
        .collect();
    assert_eq!(faults, [""; 0]);
}

#[test]
fn an_ill_migration_is_named() {
    let sql = "CREATE TABLE a (b uuid); -- INSERT INTO a
        SELECT cardea_distribute('a', 'b'); INSERT INTO a VALUES (1);
        ALTER TABLE a ADD CONSTRAINT a_b_check CHECK (b IN (1, 2)), ADD COLUMN c text;
        ALTER TABLE a ADD CONSTRAINT a_c_check CHECK (b IN (1, 2));";
    assert_eq!(ill_migrated("a", sql).len(), 3);
    assert_eq!(
        distributed_by(
            "SELECT cardea_distribute('a', 'b'); SELECT cardea_distribute('c', NULL); SELECT cardea_distribute('d', 'e', 'none');"
        ),
        [
            ("a".to_owned(), Spread::Distributed { by: "b", colocation: "a" }),
            ("c".to_owned(), Spread::Reference),
            ("d".to_owned(), Spread::Distributed { by: "e", colocation: "none" })
        ]
    );
}

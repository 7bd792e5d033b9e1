//! The house keeps its plan (backend/ARCHITECTURE.md): which crate may lean on which, which slice calls a command of which,
//! who writes which table, who opens a transaction. Each rule is a function over source, so that each is also proven on
//! source that breaks it.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

use super::{
    references::{home_of, references},
    source::{self, SourceFile, Token},
    writes,
};

/// Each crate and the crates of the house it may lean on; every line leans on lines above it alone.
const WALLS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("private_postgres", &[]),
    ("platform", &["kernel"]),
    ("web", &["kernel", "platform"]),
    ("trust", &["kernel", "platform", "web"]),
    ("records", &["kernel", "platform", "web", "trust"]),
    ("sandbox", &["kernel", "platform", "private_postgres"]),
    ("server", &["kernel", "platform", "private_postgres", "web", "trust", "records", "sandbox"]),
    ("xtask", &["private_postgres"]),
    ("bench", &["platform", "private_postgres", "sandbox", "server"]),
    (
        "it",
        &["kernel", "platform", "private_postgres", "web", "trust", "records", "sandbox", "server", "xtask"],
    ),
];

/// What `kernel` may lean on outside the house: nothing that reads, writes, waits or draws lots.
const KERNEL_LEANS_ON: &[&str] = &[
    "base64",
    "chrono",
    "pinyin",
    "serde",
    "serde_json",
    "thiserror",
    "unicode-normalization",
    "utoipa",
    "uuid",
];

/// Each slice and the slices whose commands and types it uses. Reading another's table needs no line here.
#[rustfmt::skip]
const CALLS: &[(&str, &[&str])] = &[
    ("trust::access_matrix", &[]),
    ("trust::audit", &[]),
    ("trust::calendars", &["trust::audit"]),
    ("trust::files", &["trust::audit"]),
    ("trust::events", &[]),
    ("trust::imports", &["trust::audit"]),
    ("trust::branches", &["trust::audit", "trust::imports"]),
    ("trust::jobs", &["trust::audit"]),
    ("trust::staff", &["trust::approvals", "trust::audit", "trust::branches", "trust::calendars"]),
    ("trust::keys", &["trust::audit", "trust::jobs", "trust::staff"]),
    ("trust::retention", &["trust::audit", "trust::calendars", "trust::staff"]),
    ("trust::views", &["trust::audit"]),
    ("trust::work_items", &["trust::audit"]),
    ("trust::approvals", &["trust::audit", "trust::work_items"]),
    ("trust::break_glass", &["trust::audit", "trust::work_items"]),
    ("trust::exports", &["trust::approvals", "trust::audit", "trust::calendars", "trust::staff"]),
    ("records::cardholders", &[
        "trust::approvals", "trust::audit", "trust::calendars", "trust::exports", "trust::imports", "trust::staff",
    ]),
    ("records::reference", &[]),
    ("records::accounts", &["trust::audit", "trust::calendars", "records::cardholders", "records::reference"]),
    ("records::transactions", &[
        "trust::approvals", "trust::calendars", "trust::exports", "trust::imports", "records::cardholders", "records::reference",
    ]),
    ("records::billing", &["records::cardholders"]),
    ("records::imports", &[
        "trust::audit", "trust::imports", "trust::jobs", "records::cardholders", "records::sources", "records::transactions",
    ]),
    ("records::consents", &["trust::audit", "records::cardholders"]),
    ("records::subject_requests", &[
        "trust::audit", "trust::calendars", "trust::staff", "trust::work_items", "records::cardholders", "records::consents",
    ]),
    ("records::erasures", &[
        "trust::approvals", "trust::audit", "trust::calendars", "trust::exports", "records::accounts", "records::cardholders",
        "records::imports", "records::subject_requests",
    ]),
    ("records::workbench", &["trust::calendars", "records::cardholders"]),
    ("records::sources", &["trust::branches", "trust::imports"]),
    ("records::statistics", &[
        "trust::approvals", "trust::audit", "trust::calendars", "trust::exports", "records::transactions",
    ]),
];

/// Who writes tables of others, and why. No tables: those it is told at run time.
#[rustfmt::skip]
const ALSO_WRITES: &[(&str, &[&str], &str)] = &[
    ("platform", &[], "partitions and grants go over every table; the names are the platform's own constants"),
    ("trust::imports", &[], "the bulk path merges into the tables that a mapping names; those are listed with the mapping"),
    ("trust::keys", &["cardholder_keys"], "a rotation wraps every data key anew; what is inside stays the same"),
    ("trust::retention", &[], "rows whose time is over go by one list of rules, which names their tables"),
    (
        "records::erasures",
        &[
            "approval_decisions", "approvals", "audit_anomalies", "break_glass_grants", "cardholder_addresses",
            "cardholder_changes", "cardholder_emails", "cardholder_keys", "cardholder_phones", "cardholders", "cards",
            "consents", "contact_preferences", "email_index", "exports", "external_id_index", "name_grams", "national_id_index",
            "phone_index", "phone_tail_index", "standing_orders", "street_index", "subject_packages", "subject_requests",
            "transactions",
        ],
        "an erasure takes one person out of every table at once; one list of them can be held against the schema",
    ),
    (
        "records::sources",
        &[
            "account_no_index", "account_parties", "accounts", "card_token_index", "cardholder_addresses",
            "cardholder_keys", "cardholders", "cards", "customer_no_index", "external_id_index", "products",
            "usable_accounts",
        ],
        "a mapping merges a whole data set, set by set, across the chapter's slices; row by row through their commands it \
         would take hours",
    ),
];

/// Who opens a transaction besides handlers and jobs, and why.
#[rustfmt::skip]
const OPENS_A_TRANSACTION: &[(&str, &str)] = &[
    ("backend/trust/src/staff/sessions/sign_in.rs", "argon2 runs before the transaction, and a refusal is written too"),
    ("backend/trust/src/staff/sessions/refresh.rs", "a token seen twice ends the session although the answer is 401"),
    ("backend/trust/src/staff/sessions/step_up.rs", "argon2 runs before the transaction, and a refusal is written too"),
    ("backend/trust/src/staff/sessions/change_password.rs", "argon2 runs before the transaction"),
    ("backend/trust/src/staff/sessions/activity.rs", "nobody asks for it: what is in memory is written down once a minute"),
    ("backend/trust/src/imports/import.rs", "each step of an import is one transaction, which the import alone can bound"),
    ("backend/trust/src/audit/seals/retire.rs", "a year's tombstone is committed before its partition is dropped by another role"),
    ("backend/server/src/serve.rs", "what a newer version asks of whoever is employed already is told at its start"),
    ("backend/server/src/commands.rs", "the command line stands where a handler stands"),
    ("backend/server/src/keys.rs", "the command line stands where a handler stands"),
];

/// Who says that a transaction changed nothing, and why there is nothing to audit.
const CHANGES_NOTHING: &[(&str, &str)] = &[
    (
        "backend/trust/src/staff/sessions/refresh.rs",
        "no session is known by this token: there is nobody to write about",
    ),
    (
        "backend/trust/src/staff/sessions/activity.rs",
        "that somebody is at work is in the rows of what they do",
    ),
    (
        "backend/trust/src/staff/second_factor/enrol.rs",
        "everybody who must have a second factor was told before",
    ),
    ("backend/records/src/cardholders/change.rs", "a patch that says what is already so"),
    ("backend/trust/src/work_items/desk.rs", "somebody takes what they have already"),
    ("backend/trust/src/break_glass/grant.rs", "a grant that is over is closed once more"),
    ("backend/trust/src/approvals/jobs.rs", "no request's time is over"),
    ("backend/records/src/subject_requests/jobs.rs", "no package's time is over"),
    ("backend/records/src/erasures/jobs.rs", "an erasure that is begun again finds the tombstone"),
    ("backend/trust/src/files/jobs.rs", "no file's time is over"),
    ("backend/trust/src/retention/jobs.rs", "no row's time is over"),
    ("backend/trust/src/calendars/jobs.rs", "the day is open already"),
];

/// Who opens a sealed value; each needs a purpose and an audit row.
const OPENS_SEALED_VALUES: &[(&str, &str)] = &[
    ("backend/records/src/cardholders/contacts/jobs.rs", "streets of before are made findable"),
    (
        "backend/records/src/cardholders/reveal/show.rs",
        "shown to somebody for a purpose, after a step-up, within a quota, with its audit row",
    ),
    (
        "backend/trust/src/approvals/payload.rs",
        "what was approved is executed byte for byte; each approval leaves its row",
    ),
    (
        "backend/trust/src/staff/second_factor/prove.rs",
        "a code is compared with what the secret gives; nobody is shown it",
    ),
    (
        "backend/records/src/subject_requests/package.rs",
        "somebody gets what the bank keeps of them, sealed by their own key until it is handed over after a step-up; making and \
         handing over leave their rows",
    ),
];

fn homes(files: &[SourceFile]) -> BTreeSet<String> {
    files.iter().map(SourceFile::home).collect()
}

fn slices(files: &[SourceFile]) -> BTreeSet<String> {
    homes(files).into_iter().filter(|home| home.contains("::")).collect()
}

/// "Calls a command of", as the source has it.
fn arrows(files: &[SourceFile]) -> BTreeMap<String, BTreeSet<String>> {
    let homes = homes(files);
    let names: BTreeSet<&str> = homes.iter().map(String::as_str).collect();
    let mut found: BTreeMap<String, BTreeSet<String>> =
        slices(files).into_iter().map(|slice| (slice, BTreeSet::new())).collect();
    for file in files {
        let Some(mine) = found.get_mut(&file.home()) else { continue };
        let reached = references(file);
        let reached = reached.iter().filter_map(|(path, _)| home_of(path, &names));
        mine.extend(
            reached.filter(|home| home.contains("::") && *home != file.home()).map(ToOwned::to_owned),
        );
    }
    found
}

/// Arrows that the table lacks, lines that the source does not need, and circles.
fn crossed_arrows(files: &[SourceFile], allowed: &[(&str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    let drawn = arrows(files);
    let table: BTreeMap<&str, BTreeSet<&str>> =
        allowed.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    for (from, to) in &drawn {
        let Some(line) = table.get(from.as_str()) else {
            faults.push(format!("{from} has no line"));
            continue;
        };
        let new = to.iter().filter(|to| !line.contains(to.as_str()));
        faults.extend(new.map(|to| format!("{from} → {to} is not allowed")));
        let gone = line.iter().filter(|allowed| !to.contains(**allowed));
        faults.extend(gone.map(|to| format!("{from} → {to} is allowed but not used")));
    }
    let gone = table.keys().filter(|from| !drawn.contains_key(**from));
    faults.extend(gone.map(|from| format!("{from} has a line but no source")));
    faults.extend(
        table.keys().filter(|from| reaches(&table, from, from)).map(|from| format!("{from} is in a circle")),
    );
    faults
}

fn reaches(table: &BTreeMap<&str, BTreeSet<&str>>, from: &str, goal: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = table.get(from).into_iter().flatten().copied().collect();
    while let Some(next) = open.pop() {
        if next == goal {
            return true;
        }
        if seen.insert(next) {
            open.extend(table.get(next).into_iter().flatten());
        }
    }
    false
}

#[test]
fn slices_call_only_whom_the_table_allows() {
    assert_eq!(crossed_arrows(&source::product(), CALLS), [""; 0]);
}

#[test]
fn a_new_arrow_a_stale_line_and_a_circle_are_named() {
    let files = [
        SourceFile::invented("trust::audit::record", "use crate::staff::Staff;"),
        SourceFile::invented("trust::staff::employ", "fn f() { crate::audit::record(); }"),
        SourceFile::invented("trust::views::repo", ""),
    ];
    let allowed: &[(&str, &[&str])] = &[
        ("trust::audit", &[]),
        ("trust::staff", &["trust::audit", "trust::views"]),
        ("trust::views", &["trust::staff"]),
        ("trust::jobs", &[]),
    ];
    let faults = crossed_arrows(&files, allowed);
    assert_eq!(
        faults,
        [
            "trust::audit → trust::staff is not allowed",
            "trust::staff → trust::views is allowed but not used",
            "trust::views → trust::staff is allowed but not used",
            "trust::jobs has a line but no source",
            "trust::staff is in a circle",
            "trust::views is in a circle",
        ]
    );
}

/// Leanings that [`WALLS`] does not have, and lines that lean upwards.
fn broken_walls(metadata: &Value, walls: &[(&str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    let order: Vec<&str> = walls.iter().map(|(name, _)| *name).collect();
    for (at, (name, below)) in walls.iter().enumerate() {
        let up = below.iter().filter(|below| !order[..at].contains(*below));
        faults.extend(up.map(|below| format!("{name} leans upwards on {below}")));
    }
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = walls.iter().find(|(of, _)| *of == name) else {
            faults.push(format!("{name} has no line"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            let is_ours = dependency.get("path").is_some_and(Value::is_string);
            if is_ours && !allowed.contains(&on) {
                faults.push(format!("{name} leans on {on}"));
            }
            let is_shipped = dependency["kind"].is_null();
            if name == "kernel" && !is_ours && is_shipped && !KERNEL_LEANS_ON.contains(&on) {
                faults.push(format!("kernel leans on {on}, which may do I/O"));
            }
        }
    }
    faults
}

#[test]
fn crates_lean_downwards_only() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(source::root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("the workspace's metadata");
    assert!(metadata["packages"].as_array().is_some_and(|packages| packages.len() >= 9));
    assert_eq!(broken_walls(&metadata, WALLS), [""; 0]);
}

#[test]
fn a_leaning_upwards_is_named() {
    let metadata = serde_json::json!({ "packages": [
        { "name": "kernel", "dependencies": [
            { "name": "platform", "path": "/x", "kind": null }, { "name": "tokio", "kind": null },
            { "name": "proptest", "kind": "dev" } ] },
        { "name": "cellar", "dependencies": [] },
    ] });
    let walls: &[(&str, &[&str])] = &[("kernel", &["web"]), ("platform", &["kernel"])];
    assert_eq!(
        broken_walls(&metadata, walls),
        [
            "kernel leans upwards on web",
            "kernel leans on platform",
            "kernel leans on tokio, which may do I/O",
            "cellar has no line"
        ]
    );
}

#[test]
fn tables_are_written_by_their_owner_alone() {
    let files = source::product();
    let also: Vec<(&str, &[&str])> =
        ALSO_WRITES.iter().map(|(writer, tables, _)| (*writer, *tables)).collect();
    assert_eq!(writes::trespasses(&files, &also), [""; 0]);
    for table in it::TABLES {
        // A slice of a later step may be named as owner before it exists; its chapter may not.
        let chapter = table.owner.split("::").next().unwrap_or_default();
        assert!(WALLS.iter().any(|(name, _)| *name == chapter), "{} belongs to {}", table.name, table.owner);
    }
}

/// Ways to begin a transaction.
const BEGINNINGS: &[&str] = &["begin_transaction", "build_transaction", "transaction", "test_transaction"];

/// Places that begin transactions by themselves, or call `Db::write` where a use case should be given one.
fn stray_transactions(files: &[SourceFile], listed: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut unused: BTreeSet<&str> = listed.iter().map(|(path, _)| *path).collect();
    for file in files.iter().filter(|file| file.crate_name != "platform") {
        let is_door =
            matches!(file.name(), "http.rs" | "jobs.rs") || listed.iter().any(|(path, _)| *path == file.path);
        file.visit_runs(&mut |run| {
            for call in calls(run) {
                if BEGINNINGS.contains(&call.word) {
                    faults.push(file.at(call.line, "only the platform begins transactions"));
                } else if call.word == "write" && call.is_method && call.arguments() > 1 {
                    unused.remove(file.path.as_str());
                    let fault = file.at(call.line, "a use case is given its transaction");
                    faults.extend(Some(fault).filter(|_| !is_door));
                }
            }
        });
        for (text, line) in file.texts() {
            let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(';');
            if ["BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT"].contains(&first) {
                faults.push(file.at(line, "only the platform begins transactions"));
            }
        }
    }
    faults.extend(unused.into_iter().map(|path| format!("{path} is listed but opens none")));
    faults
}

/// A call: `.word(inside)` or `word(inside)`.
struct Call<'a> {
    word: &'a str,
    is_method: bool,
    inside: &'a [Token],
    line: usize,
}

impl Call<'_> {
    fn arguments(&self) -> usize {
        self.inside.split(|token| token.is_sign(',')).filter(|part| !part.is_empty()).count()
    }
}

fn calls(run: &[Token]) -> impl Iterator<Item = Call<'_>> {
    (1..run.len()).filter_map(|at| {
        let inside = run[at].group('(')?.inside.as_slice();
        let is_method = at > 1 && run[at - 2].is_sign('.');
        Some(Call { word: run[at - 1].word()?, is_method, inside, line: run[at].line() })
    })
}

#[test]
fn only_the_platform_begins_transactions_and_only_doors_ask_for_one() {
    assert_eq!(stray_transactions(&source::product(), OPENS_A_TRANSACTION), [""; 0]);
}

#[test]
fn a_stray_transaction_is_named() {
    let files = [SourceFile::invented(
        "records::cards::freeze",
        "async fn f(db: Db) { db.write(&actor, async |tx| g(tx).await); client.transaction().await; file.write(b); }
         const SQL: &str = \"BEGIN; x\";",
    )];
    assert_eq!(stray_transactions(&files, &[("gone.rs", "")]).len(), 4);
}

/// Calls that `is_meant` picks, outside the files below `home`, but for those listed.
fn unlisted_calls(
    files: &[SourceFile],
    is_meant: impl Fn(&Call<'_>) -> bool,
    home: &str,
    listed: &[(&str, &str)],
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut unused: BTreeSet<&str> = listed.iter().map(|(path, _)| *path).collect();
    for file in files.iter().filter(|file| !file.path.starts_with(home)) {
        file.visit_runs(&mut |run| {
            for call in calls(run).filter(|call| is_meant(call)) {
                unused.remove(file.path.as_str());
                if !listed.iter().any(|(path, _)| *path == file.path) {
                    faults.push(file.at(call.line, &format!("calls {}", call.word)));
                }
            }
        });
    }
    faults.extend(unused.into_iter().map(|path| format!("{path} is listed but does not call it")));
    faults
}

#[test]
fn only_the_audit_says_that_a_write_is_audited() {
    let mut files = source::product();
    files.retain(|file| !file.path.starts_with("backend/platform/src/database/"));
    let audited = |call: &Call<'_>| call.word == "mark_audited";
    assert_eq!(unlisted_calls(&files, audited, "backend/trust/src/audit/", &[]), [""; 0]);
    let unchanged = |call: &Call<'_>| call.word == "mark_unchanged";
    assert_eq!(unlisted_calls(&files, unchanged, "backend/trust/src/audit/", CHANGES_NOTHING), [""; 0]);
}

#[test]
fn the_product_notes_every_read() {
    let files = source::product();
    let silent = |call: &Call<'_>| call.word == "nowhere";
    let listed = [("backend/server/src/serve.rs", "the bench asks for it")];
    assert_eq!(unlisted_calls(&files, silent, "backend/trust/src/audit/", &listed), [""; 0]);
    let mut unnoted = Vec::new();
    for file in files.iter().filter(|file| file.path != listed[0].0) {
        file.visit_runs(&mut |run| {
            let said = run.iter().filter(|token| token.word() == Some("Unnoted"));
            unnoted.extend(said.map(|token| file.at(token.line(), "only the bench asks for it")));
        });
    }
    assert_eq!(unnoted, [""; 0]);
}

/// `key.open(place, sealed)`: nothing else that opens takes two arguments by method; and what the master key sealed itself.
fn opens_a_sealed_value(call: &Call<'_>) -> bool {
    call.word == "open" && call.is_method && call.arguments() == 2 || call.word == "open_under_master"
}

#[test]
fn sealed_values_are_opened_where_the_list_says_and_nowhere_else() {
    let files = source::product();
    let faults =
        unlisted_calls(&files, opens_a_sealed_value, "backend/platform/src/vault/", OPENS_SEALED_VALUES);
    assert_eq!(faults, [""; 0]);
}

#[test]
fn an_unlisted_call_and_a_stale_line_are_named() {
    let files = [SourceFile::invented(
        "records::cards::model",
        "fn f() { key.open(place, &sealed); Options::open(path, 1); tx.mark_audited(); }",
    )];
    assert_eq!(
        unlisted_calls(&files, opens_a_sealed_value, "backend/platform/", &[("gone.rs", "")]),
        ["backend/records/src/cards/model.rs:1: calls open", "gone.rs is listed but does not call it"]
    );
    let audited = |call: &Call<'_>| call.word == "mark_audited";
    assert_eq!(unlisted_calls(&files, audited, "backend/trust/", &[]).len(), 1);
}

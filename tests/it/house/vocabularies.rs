//! A closed set of words is one Rust enum and one CHECK list, the same in both; the document says the same words.

use std::collections::{BTreeMap, BTreeSet};

use it::empty_database;
use platform::database;

use super::{
    catalogue::lines,
    source::{self, SourceFile, Token},
};

type Words = BTreeSet<String>;

/// Each column with a list of words, and the enums that stand for it. A column whose slice has not come yet has none.
#[rustfmt::skip]
const COLUMNS: &[(&str, &[&str])] = &[
    ("account_parties.role", &["records::accounts::Access"]),
    ("accounts.kind", &["records::accounts::AccountKind", "records::cardholders::HeldKind"]),
    ("accounts.statement_frequency", &["records::accounts::StatementFrequency"]),
    ("accounts.status", &["records::accounts::AccountStatus"]),
    ("audit_anomalies.kind", &["trust::audit::AnomalyKind"]),
    ("audit_anomalies.verdict", &["trust::audit::AnomalyVerdict"]),
    ("approval_decisions.decision", &["trust::approvals::Decision"]),
    ("approval_policies.authority_scope", &["trust::approvals::AuthorityScope"]),
    ("approval_policies.operation", &["trust::approvals::ApprovalOperation"]),
    ("approvals.operation", &["trust::approvals::ApprovalOperation"]),
    ("approvals.status", &["trust::approvals::ApprovalStatus"]),
    ("audit_entries.actor_kind", &["trust::audit::ActorKind"]),
    ("audit_entries.outcome", &["trust::audit::Outcome"]),
    ("audit_seals.kind", &["trust::audit::SealKind"]),
    ("break_glass_grants.reason", &["trust::break_glass::BreakGlassReason"]),
    ("break_glass_grants.verdict", &["trust::break_glass::Verdict"]),
    ("branches.kind", &["trust::branches::BranchKind"]),
    ("cardholder_addresses.kind", &["records::cardholders::AddressKind"]),
    ("cardholder_emails.kind", &["records::cardholders::EmailKind"]),
    ("cardholder_phones.kind", &["records::cardholders::PhoneKind"]),
    ("cardholders.education", &["records::cardholders::Education"]),
    ("cardholders.gender", &["records::cardholders::Gender"]),
    ("cardholders.id_kind", &["records::cardholders::IdKind"]),
    ("cardholders.lifecycle", &["records::cardholders::Lifecycle"]),
    ("cardholders.marital_status", &["records::cardholders::MaritalStatus"]),
    ("cards.network", &["records::reference::Network"]),
    ("cards.status", &["records::accounts::CardStatus"]),
    ("consent_texts.purpose", &["records::consents::ConsentPurpose"]),
    ("consents.channel", &["records::consents::ContactChannel"]),
    ("consents.decision", &["records::consents::ConsentDecision"]),
    ("consents.evidence", &["records::consents::ConsentEvidence"]),
    ("consents.purpose", &["records::consents::ConsentPurpose"]),
    ("events.kind", &["platform::EventKind"]),
    ("files.media", &["platform::Media"]),
    ("files.purpose", &["platform::FilePurpose"]),
    ("exports.format", &["trust::exports::ExportFormat"]),
    ("exports.list", &["trust::exports::ExportList"]),
    ("exports.purpose", &["trust::exports::ExportPurpose"]),
    ("exports.status", &["trust::exports::ExportStatus"]),
    ("exports.written_role", &["platform::Role"]),
    ("exports.written_scope", &["platform::Scope"]),
    ("import_mappings.kind", &["records::imports::ImportKind"]),
    ("imports.kind", &["records::imports::ImportKind"]),
    ("jobs.status", &["platform::JobState"]),
    ("legal_holds.reason", &["records::erasures::HoldReason"]),
    ("loans.status", &["records::accounts::LoanStatus"]),
    ("products.kind", &["records::reference::ProductKind"]),
    ("staff.role", &["platform::Role"]),
    ("staff.scope", &["platform::Scope"]),
    ("staff_sessions.end_reason", &["trust::staff::EndReason"]),
    ("standing_orders.purpose", &["records::accounts::OrderPurpose"]),
    ("subject_requests.kind", &["records::subject_requests::SubjectRequestKind"]),
    ("subject_requests.received_via", &["records::subject_requests::ReceivedVia"]),
    ("subject_requests.status", &["records::subject_requests::RequestStatus"]),
    ("statistic_cells.measure", &["records::statistics::Measure"]),
    ("transactions.channel", &["records::transactions::Channel"]),
    ("transactions.direction", &["records::transactions::Direction"]),
    ("transactions.kind", &["records::transactions::TransactionKind"]),
    ("transactions.mcc_group", &["records::reference::MccGroup"]),
    ("transactions.status", &["records::transactions::TransactionStatus"]),
    ("usable_accounts.role", &[]),
    ("work_items.kind", &["trust::work_items::WorkKind"]),
];

/// Enums that no column keeps, and why.
const KEPT_NOWHERE: &[(&str, &str)] = &[
    ("records::cardholders::CardholderSort", "orders of a list"),
    ("records::cardholders::FoundBy", "what a hit was found by"),
    ("records::cardholders::MatchedBy", "what a possible duplicate was found by"),
    ("records::cardholders::RevealField", "which sealed value is asked for"),
    (
        "records::cardholders::RevealPurpose",
        "audit_entries.purpose keeps it among the reasons of every slice",
    ),
    ("records::consents::ContactPurpose", "what somebody thinks of contacting them for"),
    ("records::consents::ContactRuling", "what a rule says when it is asked"),
    ("records::erasures::ObstacleKind", "what stands in the way of an erasure"),
    ("records::statistics::Dimension", "what figures are told apart by"),
    ("records::statistics::StatisticsUnit", "what a figure counts"),
    ("records::imports::ImportOutcome", "how a run ended, in its job's result"),
    ("records::workbench::Figure", "figures of the workbench"),
    ("records::workbench::Listing", "lists of the workbench"),
    ("records::workbench::Unit", "what a figure counts"),
    ("trust::audit::FaultKind", "what is found when the trail is verified"),
    ("trust::imports::Encoding", "told from a file's bytes, kept with its format"),
    ("trust::imports::FileFormat", "told from a file's bytes, kept with its format"),
    ("trust::work_items::WorkShare", "parts of the inbox"),
    ("web::FieldClass", "classes of columns, not words in them"),
    ("trust::exports::ExportStage", "told from the export, its job and its approval"),
    ("trust::keys::MasterKeyStatus", "told from where a key is and what it wraps"),
    ("trust::keys::RotationKind", "which rotation is asked for"),
    ("trust::retention::KeptReason", "why a table has no rule; rules are source"),
    ("trust::retention::RetentionEnd", "what a rule does; rules are source"),
    ("trust::retention::RetentionGround", "why a rule is there; rules are source"),
    ("trust::retention::RetentionUnit", "what a rule counts in; rules are source"),
    ("trust::views::ViewPage", "saved_views.page has no CHECK: a page that keeps views needs no migration"),
];

/// Every `vocabulary!` of the source: `slice::Name` and its words.
pub(super) fn vocabularies(files: &[SourceFile]) -> BTreeMap<String, Words> {
    let mut found = BTreeMap::new();
    for file in files {
        file.visit_runs(&mut |run| {
            for at in 0..run.len() {
                let is_macro = run[at].word() == Some("vocabulary")
                    && run.get(at + 1).is_some_and(|token| token.is_sign('!'));
                let Some(body) = run.get(at + 2).and_then(|token| token.group('{')).filter(|_| is_macro)
                else {
                    continue;
                };
                let name = body.inside.windows(2).find(|pair| pair[0].word() == Some("enum"));
                let variants = body.inside.iter().rev().find_map(|token| token.group('{'));
                if let (Some(name), Some(variants)) = (name.and_then(|pair| pair[1].word()), variants) {
                    let words =
                        variants.inside.windows(2).filter(|pair| pair[0].is_sign('=')).filter_map(|pair| {
                            if let Token::Text(word, _) = &pair[1] { Some(word.clone()) } else { None }
                        });
                    found.insert(format!("{}::{name}", file.home()), words.collect());
                }
            }
        });
    }
    // The permissions' own macro declares them with placeholders; their words stand in `web::access`.
    found.retain(|_, words: &mut Words| !words.is_empty());
    found
}

/// `table.column` and the words of its list.
fn check_lists(answers: &[String]) -> BTreeMap<String, Words> {
    answers
        .iter()
        .filter_map(|line| {
            let (column, definition) = line.split_once(' ')?;
            let list = definition.split_once("= ANY (ARRAY[").map(|(_, list)| list)?;
            let words = list.split('\'').skip(1).step_by(2).map(ToOwned::to_owned);
            Some((column.to_owned(), words.collect()))
        })
        .collect()
}

fn differences(
    columns: &[(&str, &[&str])],
    nowhere: &[(&str, &str)],
    lists: &BTreeMap<String, Words>,
    enums: &BTreeMap<String, Words>,
) -> Vec<String> {
    let mut faults = Vec::new();
    for (column, words) in lists {
        let Some((_, names)) = columns.iter().find(|(name, _)| name == column) else {
            faults.push(format!("{column} has a list of words and no line"));
            continue;
        };
        for name in *names {
            match enums.get(*name) {
                None => faults.push(format!("{column}: there is no {name}")),
                Some(found) if found != words => {
                    let odd: Vec<_> = found.symmetric_difference(words).map(String::as_str).collect();
                    faults.push(format!("{column} and {name} differ by {}", odd.join(", ")));
                }
                Some(_) => {}
            }
        }
    }
    let gone = columns.iter().filter(|(column, _)| !lists.contains_key(*column));
    faults.extend(gone.map(|(column, _)| format!("{column} has a line and no list of words")));
    let is_kept = |name: &str| columns.iter().any(|(_, names)| names.contains(&name));
    let is_excused = |name: &str| nowhere.iter().any(|(excused, _)| *excused == name);
    let loose = enums.keys().filter(|name| is_kept(name) == is_excused(name));
    faults.extend(loose.map(|name| format!("{name} must stand for a column, or be excused")));
    let gone = nowhere.iter().filter(|(name, _)| !enums.contains_key(*name));
    faults.extend(gone.map(|(name, _)| format!("{name} is excused and gone")));
    faults
}

#[tokio::test]
async fn words_of_a_column_are_the_words_of_its_enum() {
    let (owner_url, name, admin_url) = empty_database().await;
    database::migrate(&owner_url).await.expect("migrate");
    let conn = database::connect_once(&owner_url).await.expect("connect");
    let sql = "SELECT con.conrelid::regclass || '.' || a.attname || ' ' || pg_get_constraintdef(con.oid) AS line
        FROM pg_constraint con JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
        JOIN pg_class c ON c.oid = con.conrelid
        WHERE con.contype = 'c' AND cardinality(con.conkey) = 1 AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace";
    let lists = check_lists(&lines(&conn, sql).await);
    assert!(lists.len() > 20, "the lists were not found");
    let enums = vocabularies(&source::product());
    assert_eq!(differences(COLUMNS, KEPT_NOWHERE, &lists, &enums), [""; 0]);
    drop(conn);
    database::drop_database(&admin_url, &name).await.expect("drop");
}

#[test]
fn a_word_too_many_and_a_word_too_few_are_named() {
    let lists = check_lists(&[
        "cards.status CHECK ((status = ANY (ARRAY['active'::text, 'frozen'::text])))".to_owned(),
        "cards.network CHECK ((network = ANY (ARRAY['visa'::text])))".to_owned(),
        "cards.bin CHECK ((bin ~ '^[0-9]{6,8}$'::text))".to_owned(),
    ]);
    let file = SourceFile::invented(
        "records::cards::model",
        "platform::vocabulary! { /// Whether it works.
            pub enum CardStatus { Active = \"active\", Lost = \"lost\" } }
         crate::vocabulary! { pub enum Loose { A = \"a\" } }",
    );
    let faults = differences(
        &[("cards.status", &["records::cards::CardStatus"]), ("cards.gone", &[])],
        &[("records::cards::Past", "")],
        &lists,
        &vocabularies(&[file]),
    );
    assert_eq!(
        faults,
        [
            "cards.network has a list of words and no line",
            "cards.status and records::cards::CardStatus differ by frozen, lost",
            "cards.gone has a line and no list of words",
            "records::cards::Loose must stand for a column, or be excused",
            "records::cards::Past is excused and gone",
        ]
    );
}

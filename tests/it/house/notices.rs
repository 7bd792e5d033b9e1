//! What is shipped and written by others stands in `backend/docs/third-party-notices.md`, under licences that allow it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use serde_json::{Value, json};

use super::source;

/// Licences under which the project ships what others wrote.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// What is built and shipped: the images' platform.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// The crates that are linked into `root`, with their licences; the workspace's own are left out.
fn linked(metadata: &Value, root: &str) -> BTreeMap<String, String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|package| (package["id"].to_string(), package)).collect();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (node["id"].to_string(), node)).collect();
    // A procedural macro runs in the compiler and is not in the program.
    let is_macro = |package: &Value| {
        list(&package["targets"]).iter().any(|target| list(&target["kind"]).contains(&json!("proc-macro")))
    };
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<String> =
        packages.iter().filter(|(_, package)| package["name"] == root).map(|(id, _)| id.clone()).collect();
    while let Some(id) = open.pop() {
        let Some(package) = packages.get(&id).filter(|package| !is_macro(package)) else { continue };
        if !seen.insert(id.clone()) {
            continue;
        }
        if !package["source"].is_null() {
            let name = package["name"].as_str().unwrap_or_default().to_owned();
            found.insert(name, package["license"].as_str().unwrap_or_default().to_owned());
        }
        for dependency in list(&nodes[&id]["deps"]) {
            if list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                open.push(dependency["pkg"].to_string());
            }
        }
    }
    found
}

/// The alternatives of each part of a licence expression.
fn parts(licence: &str) -> Vec<Vec<&str>> {
    licence
        .split(" AND ")
        .map(|part| {
            let words = part.split([' ', '/', '(', ')']);
            words.filter(|word| !word.is_empty() && *word != "OR").collect()
        })
        .collect()
}

/// Whether each part offers a licence that the project accepts.
fn is_accepted(licence: &str) -> bool {
    parts(licence).iter().all(|part| part.iter().any(|word| ACCEPTED.contains(word)))
}

/// Crates under an unknown licence, and crates that must be named and are not.
fn unnoticed(linked: &BTreeMap<String, String>, notices: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, licence) in linked {
        let parts = parts(licence);
        if !is_accepted(licence) {
            faults.push(format!("{name} is under {licence:?}"));
        }
        let is_apache = parts.iter().all(|part| part.contains(&"Apache-2.0"));
        if !is_apache && !notices.contains(&format!("`{name}`")) {
            faults.push(format!("{name} ({licence}) is not in the notices"));
        }
    }
    faults
}

fn notices() -> String {
    fs::read_to_string(source::root().join("backend/docs/third-party-notices.md")).expect("the notices")
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--format-version", "1", "--filter-platform", PLATFORM])
        .current_dir(source::root())
        .output()
        .expect("cargo metadata");
    serde_json::from_slice(&output.stdout).expect("the workspace's metadata")
}

#[test]
fn what_is_linked_into_the_server_is_named() {
    let metadata = metadata();
    let linked = linked(&metadata, "server");
    assert!(linked.len() > 150, "the crates were not found");
    assert_eq!(unnoticed(&linked, &notices()), [""; 0]);
}

/// The packages that `npm ci` installs for what is bundled, with their licences; tools and tests are left out.
fn bundled(lock: &Value) -> BTreeMap<String, String> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    packages
        .filter(|(path, package)| {
            !path.is_empty() && package["dev"] != true && package["devOptional"] != true
        })
        .map(|(path, package)| {
            let name = path.rsplit("node_modules/").next().unwrap_or_default();
            (name.to_owned(), package["license"].as_str().unwrap_or_default().to_owned())
        })
        .collect()
}

/// Packages under an unknown licence or without one, and packages that are not named.
fn unnoticed_packages(bundled: &BTreeMap<String, String>, notices: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, licence) in bundled {
        if !is_accepted(licence) {
            faults.push(format!("{name} is under {licence:?}"));
        }
        if !notices.contains(&format!("`{name}`")) {
            faults.push(format!("{name} ({licence}) is not in the notices"));
        }
    }
    faults
}

#[test]
fn what_is_bundled_into_the_web_application_is_named() {
    let file = fs::read_to_string(source::root().join("frontend/package-lock.json")).expect("the lock file");
    let lock: Value = serde_json::from_str(&file).expect("JSON");
    let bundled = bundled(&lock);
    let wanted = lock["packages"][""]["dependencies"].as_object().expect("dependencies");
    assert!(wanted.keys().all(|name| bundled.contains_key(name)), "the packages were not found");
    assert_eq!(unnoticed_packages(&bundled, &notices()), [""; 0]);
}

#[test]
fn what_is_named_is_still_shipped() {
    let metadata = metadata();
    let lock = fs::read_to_string(source::root().join("frontend/package-lock.json")).expect("the lock file");
    let mut shipped: BTreeSet<String> = linked(&metadata, "server").into_keys().collect();
    shipped.extend(bundled(&serde_json::from_str(&lock).expect("JSON")).into_keys());
    let notices = notices();
    // The second column of the tables that name packages by licence.
    let rows =
        notices.lines().filter_map(|line| line.strip_prefix("| ")).filter_map(|row| row.split(" | ").nth(1));
    let named = rows
        .flat_map(|column| column.split(", "))
        .filter_map(|name| name.strip_prefix('`')?.strip_suffix('`'));
    let gone: Vec<&str> =
        named.filter(|name| !name.contains("backend/") && !shipped.contains(*name)).collect();
    assert_eq!(gone, [""; 0], "named in the notices and no longer shipped");
}

#[test]
fn an_unknown_licence_and_a_missing_notice_are_named() {
    let crates = [
        ("a", "MIT/Apache-2.0"),
        ("b", "MIT"),
        ("c", "(MIT OR Apache-2.0) AND Unicode-3.0"),
        ("d", "GPL-3.0"),
        ("e", "MIT"),
    ];
    let linked = crates.map(|(name, licence)| (name.to_owned(), licence.to_owned())).into();
    assert_eq!(
        unnoticed(&linked, "| MIT | `e` |"),
        [
            "b (MIT) is not in the notices",
            "c ((MIT OR Apache-2.0) AND Unicode-3.0) is not in the notices",
            "d is under \"GPL-3.0\"",
            "d (GPL-3.0) is not in the notices"
        ]
    );
}

#[test]
fn a_package_without_a_licence_and_one_that_is_not_named_are_seen() {
    let lock = json!({ "packages": {
        "": { "name": "frontend" },
        "node_modules/kept": { "license": "MIT" },
        "node_modules/kept/node_modules/@scope/inner": { "license": "SEE LICENSE IN x" },
        "node_modules/nameless": {},
        "node_modules/tool": { "license": "GPL-3.0", "dev": true },
    } });
    assert_eq!(
        unnoticed_packages(&bundled(&lock), "| MIT | `kept`, `nameless` |"),
        [
            "@scope/inner is under \"SEE LICENSE IN x\"",
            "@scope/inner (SEE LICENSE IN x) is not in the notices",
            "nameless is under \"\""
        ]
    );
}

//! The crates of the workspace and who uses whom, as a picture for Graphviz.

use serde_json::Value;

use crate::command::Failure;
use crate::say;
use crate::workspace::Workspace;

pub(crate) fn print(workspace: &Workspace) -> Result<(), Failure> {
    say::line(dot(workspace.metadata()));
    Ok(())
}

/// Solid arrows for what is compiled in, dotted ones for what only tests and builds use.
fn dot(metadata: &Value) -> String {
    let items = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let mut lines = vec![
        "digraph crates {".to_owned(),
        "    rankdir = BT".to_owned(),
        "    node [shape = box]".to_owned(),
    ];
    for package in items(metadata, "packages") {
        let name = package["name"].as_str().unwrap_or_default().to_owned();
        lines.push(format!("    {name:?}"));
        for dependency in items(&package, "dependencies") {
            let (Some(used), true) = (dependency["name"].as_str(), dependency["path"].is_string()) else {
                continue;
            };
            let style = if dependency["kind"].is_null() { "" } else { " [style = dotted]" };
            lines.push(format!("    {name:?} -> {used:?}{style}"));
        }
    }
    lines.push("}".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_house_s_own_crates_are_drawn() {
        let metadata = json!({ "packages": [
            { "name": "kernel", "dependencies": [{ "name": "serde", "kind": null }] },
            { "name": "server", "dependencies": [
                { "name": "kernel", "path": "/w/kernel", "kind": null },
                { "name": "sandbox", "path": "/w/sandbox", "kind": "dev" }
            ] }
        ] });
        let picture = dot(&metadata);
        assert!(picture.contains("    \"server\" -> \"kernel\"\n"), "{picture}");
        assert!(picture.contains("    \"server\" -> \"sandbox\" [style = dotted]\n"), "{picture}");
        assert!(!picture.contains("serde"), "{picture}");
    }
}

//! The OpenAPI document is fresh, whole, and says what every operation can answer.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use web::Permission;

use super::{manners, source, vocabularies::vocabularies};

/// Operations whose names need no noun.
const NOUNLESS: &[&str] = &["login", "logout"];
/// Words of an address as they were promised to whoever calls them, hyphen and all.
const AS_PROMISED: &[&str] = &["contact-decision"];
/// What a query must never carry: it would end up in histories and logs.
const PERSONAL: &[&str] =
    &["q", "name", "name_pinyin", "phone", "number", "national_id", "email", "address", "street", "birth_on"];

fn document() -> Value {
    serde_json::to_value(server::document()).expect("the document")
}

/// One operation of a document.
struct Operation<'a> {
    path: &'a str,
    method: &'a str,
    id: &'a str,
    body: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, body) in methods.as_object().into_iter().flatten() {
            found.push(Operation { path, method, id: body["operationId"].as_str().unwrap_or("?"), body });
        }
    }
    found
}

impl Operation<'_> {
    fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let list = self.body["parameters"].as_array().into_iter().flatten();
        list.map(|p| (p["in"].as_str().unwrap_or_default(), p["name"].as_str().unwrap_or_default()))
    }

    fn response(&self, status: &str) -> &Value {
        &self.body["responses"][status]
    }

    /// The statuses that must be documented as problems.
    fn problems(&self) -> Vec<&'static str> {
        let mut expected = vec!["400", "500", "503"];
        if self.body.pointer("/security/0/staff").is_some() {
            expected.extend(["401", "403", "404"]);
        }
        if self.body.get("requestBody").is_some() {
            expected.extend(["413", "415", "422"]);
        }
        if self.parameters().any(|(_, name)| name == "If-Match") {
            expected.extend(["412", "428"]);
        }
        expected
    }
}

fn unanswered(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in operations(document) {
        let id = operation.id;
        for status in operation.problems() {
            let schema = operation.response(status).pointer("/content/application~1problem+json/schema/$ref");
            if schema.and_then(Value::as_str) != Some("#/components/schemas/Problem") {
                faults.push(format!("{id}: {status} is no problem document"));
            }
        }
        let responses: Vec<&String> =
            operation.body["responses"].as_object().map(|all| all.keys().collect()).unwrap_or_default();
        let good: Vec<&&String> = responses.iter().filter(|status| status.starts_with('2')).collect();
        // What may have to wait for an approval says so with 202 beside its own good answer, what always waits with 202 alone.
        let waiting = operation.response("202").pointer("/content/application~1json/schema/$ref");
        let may_wait = waiting.and_then(Value::as_str) == Some("#/components/schemas/SubmittedApproval");
        let is_fit = good.len() == 1 || may_wait && good.len() == 2;
        if !is_fit {
            faults.push(format!("{id}: {} good answers", good.len()));
        }
        for status in good {
            // JSON, or a file to be kept.
            let contents = operation.response(status)["content"].as_object();
            let has_body =
                contents.is_some_and(|kinds| kinds.values().any(|kind| kind["schema"].is_object()));
            if has_body == (*status == "204") {
                faults.push(format!("{id}: {status} and its body do not agree"));
            }
        }
    }
    faults
}

fn ill_named(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let tags: BTreeSet<&str> =
        document["tags"].as_array().into_iter().flatten().filter_map(|tag| tag["name"].as_str()).collect();
    for operation in operations(document) {
        let Operation { path, method, id, body } = &operation;
        if !seen.insert(*id) {
            faults.push(format!("{id} is the name of two operations"));
        }
        let is_named = match *method {
            "get" => id.starts_with("get_") || id.starts_with("list_"),
            "delete" => id.starts_with("delete_"),
            "patch" => id.starts_with("change_"),
            _ => !id.starts_with("get_") && (id.contains('_') || NOUNLESS.contains(id)),
        };
        if !is_named || !is_snake(id) {
            faults.push(format!("{id} is no verb and noun for {method}"));
        }
        let own_tags: Vec<&str> =
            body["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if own_tags.len() != 1 || !own_tags.iter().all(|tag| tags.contains(tag)) {
            faults.push(format!("{id} has the tags {own_tags:?}"));
        }
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}')).collect();
        let said: BTreeSet<&str> =
            operation.parameters().filter(|(place, _)| *place == "path").map(|(_, name)| name).collect();
        if in_path != said {
            faults.push(format!("{id} has {in_path:?} in its path and documents {said:?}"));
        }
        let words = path.split('/').filter(|step| !step.starts_with('{')).chain(said.iter().copied());
        faults.extend(
            words
                .filter(|word| !is_snake(word) && !AS_PROMISED.contains(word))
                .map(|word| format!("{id}: {word} is not snake_case")),
        );
        for (place, name) in operation.parameters().filter(|(place, _)| *place != "header") {
            let is_about_people = own_tags.iter().any(|tag| *tag != "staff" && *tag != "branches");
            if is_about_people && PERSONAL.contains(&name) {
                faults.push(format!("{id} takes {name} in its {place}"));
            }
        }
        let scopes = body.pointer("/security/0/staff").and_then(Value::as_array).into_iter().flatten();
        let unknown = scopes.filter_map(Value::as_str).filter(|scope| scope.parse::<Permission>().is_err());
        faults.extend(unknown.map(|scope| format!("{id} needs {scope}, which nobody has")));
    }
    faults
}

fn is_snake(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Every `$ref` inside, wherever it is.
fn refs(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                found.insert(target.to_owned());
            }
            fields.values().for_each(|field| refs(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| refs(item, found)),
        _ => {}
    }
}

/// References that lead nowhere, and schemas that nothing leads to.
fn loose_ends(document: &Value) -> Vec<String> {
    let mut all = BTreeSet::new();
    refs(document, &mut all);
    let target =
        |reference: &String| reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    let mut faults: Vec<String> = all
        .iter()
        .filter(|reference| target(reference).is_none())
        .map(|reference| format!("{reference} leads nowhere"))
        .collect();
    let mut reached = BTreeSet::new();
    refs(&document["paths"], &mut reached);
    let mut open: Vec<String> = reached.iter().cloned().collect();
    while let Some(reference) = open.pop() {
        let mut next = BTreeSet::new();
        target(&reference).into_iter().for_each(|schema| refs(schema, &mut next));
        open.extend(next.into_iter().filter(|next| reached.insert(next.clone())));
    }
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let unused = schemas.filter(|(name, _)| !reached.contains(&format!("#/components/schemas/{name}")));
    faults.extend(unused.map(|(name, _)| format!("nothing leads to {name}")));
    faults
}

/// The properties of a schema, also of its parts.
fn properties(schema: &Value) -> Vec<(&String, &Value)> {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut found: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
    found.extend(parts.flat_map(properties));
    found
}

fn says(schema: &Value, word: &str) -> bool {
    match schema {
        Value::Object(fields) => fields.iter().any(|(name, value)| name == word || says(value, word)),
        Value::Array(items) => items.iter().any(|item| says(item, word)),
        _ => false,
    }
}

fn has(schema: &Value, kind: &str, format: &str) -> bool {
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|found| found == kind),
        found => found == kind,
    };
    kinds && (format.is_empty() || schema["format"] == format)
}

/// Schemas that do not say what they are, or whose properties are not of the type that their names promise.
fn ill_described(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut bodies = BTreeSet::new();
    operations(document).iter().for_each(|operation| refs(&operation.body["requestBody"], &mut bodies));
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let properties = properties(schema);
        let is_body = bodies.contains(&format!("#/components/schemas/{name}"));
        if !properties.is_empty() && schema["description"].as_str().is_none_or(|text| text.len() < 5) {
            faults.push(format!("{name} does not say what it is"));
        }
        if is_body && schema["additionalProperties"] != Value::Bool(false) {
            faults.push(format!("{name} takes unknown fields"));
        }
        for (property, value) in properties {
            let is_kept = match property.rsplit('_').next().unwrap_or_default() {
                _ if !is_snake(property) => false,
                "at" | "until" if property.contains('_') => has(value, "string", "date-time"),
                "on" if property.contains('_') => has(value, "string", "date"),
                "minor" => has(value, "integer", "int64"),
                _ if property.starts_with("is_") => has(value, "boolean", ""),
                _ => true,
            };
            if !is_kept {
                faults.push(format!("{name}.{property} is not what its name promises"));
            }
            // What somebody has to fill in shows how; a patch is the same fields over again.
            let is_text = has(value, "string", "")
                && !["format", "enum", "pattern"].iter().any(|word| says(value, word));
            if is_body
                && !name.ends_with("Patch")
                && is_text
                && !says(value, "description")
                && !says(value, "example")
            {
                faults.push(format!("{name}.{property} shows nobody how"));
            }
        }
    }
    faults
}

#[test]
fn the_committed_document_is_fresh() {
    let committed =
        fs::read_to_string(source::root().join("openapi/openapi.json")).expect("openapi/openapi.json");
    let fresh = server::document().to_pretty_json().expect("JSON") + "\n";
    assert!(committed == fresh, "openapi/openapi.json is stale: run `cargo xtask gen`");
}

#[test]
fn every_operation_documents_what_it_can_answer() {
    assert_eq!(unanswered(&document()), [""; 0]);
}

#[test]
fn every_operation_is_named_tagged_and_addressed_as_the_house_does() {
    assert_eq!(ill_named(&document()), [""; 0]);
}

#[test]
fn every_reference_leads_to_a_schema_and_every_schema_is_used() {
    assert_eq!(loose_ends(&document()), [""; 0]);
}

#[test]
fn every_schema_says_what_it_is() {
    assert_eq!(ill_described(&document()), [""; 0]);
}

#[test]
fn every_handler_is_an_operation_and_every_operation_a_handler() {
    let files = source::product();
    let handlers: BTreeSet<&str> =
        files.iter().filter(|file| file.crate_name != "server").flat_map(manners::handler_names).collect();
    let document = document();
    let operations: BTreeSet<&str> = operations(&document).iter().map(|operation| operation.id).collect();
    assert_eq!(handlers, operations);
}

#[test]
fn the_document_s_words_are_the_vocabularies() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let mut compared = 0;
    for (name, words) in vocabularies(&source::product()) {
        let short = name.rsplit("::").next().unwrap_or_default();
        let Some(listed) = schemas[short]["enum"].as_array() else { continue };
        let listed: BTreeSet<String> =
            listed.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect();
        assert_eq!(listed, words, "{name}");
        compared += 1;
    }
    assert!(compared > 10, "the vocabularies are not in the document");
    let permissions: Vec<&str> = Permission::ALL.iter().map(|permission| permission.as_str()).collect();
    assert_eq!(schemas["Permission"]["enum"], json!(permissions));
}

#[test]
fn a_document_with_every_fault_is_seen_through() {
    let problem = json!({ "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let bad = json!({
        "tags": [{ "name": "cards" }],
        "paths": {
            "/api/v1/myCards/{card_id}": {
                "get": {
                    "operationId": "cards", "tags": ["cards", "more"], "security": [{ "staff": ["cards:steal"] }],
                    "parameters": [{ "in": "query", "name": "q" }, { "in": "header", "name": "If-Match" }],
                    "requestBody": { "$ref": "#/components/schemas/NewCard" },
                    "responses": { "204": { "content": { "application/json": { "schema": {} } } }, "400": problem, "500": problem },
                },
                "delete": { "operationId": "cards", "tags": ["cards"], "responses": {} },
            },
        },
        "components": { "schemas": {
            "Problem": {},
            "NewCard": { "properties": { "opened_on": { "type": "string" }, "isLost": {}, "limit_minor": { "type": ["integer", "null"], "format": "int64" } } },
            "Loose": { "$ref": "#/components/schemas/Gone" },
        } },
    });
    let count = |faults: Vec<String>| (faults.len(), faults);
    let (found, faults) = count(unanswered(&bad));
    assert_eq!(found, 14, "{faults:#?}");
    let (found, faults) = count(ill_named(&bad));
    assert_eq!(found, 10, "{faults:#?}");
    assert_eq!(loose_ends(&bad), ["#/components/schemas/Gone leads nowhere", "nothing leads to Loose"]);
    let (found, faults) = count(ill_described(&bad));
    assert_eq!(found, 5, "{faults:#?}");
}

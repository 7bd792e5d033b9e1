//! Strangers are refused everywhere: every operation of the document, anonymously and with each role.

use it::{App, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};
use web::{Permission, access};

/// Operations that need no sign-in, on purpose.
const OPEN: &[&str] = &["login", "login_with_second_factor", "refresh_session", "logout"];

struct Operation {
    id: String,
    method: Method,
    path: String,
    /// The permission the document names; `None` where signing in is enough.
    permission: Option<String>,
    has_body: bool,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::to_value(server::document()).expect("the document");
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let scopes = operation.pointer("/security/0/staff").and_then(Value::as_array);
            found.push(Operation {
                id: operation["operationId"].as_str().expect("an operation id").to_owned(),
                method: Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method"),
                path: path.strip_prefix("/api/v1").expect("below /api/v1").to_owned(),
                permission: scopes
                    .and_then(|scopes| scopes.first())
                    .and_then(Value::as_str)
                    .map(ToOwned::to_owned),
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    assert!(found.len() > 20, "the document is nearly empty");
    found
}

async fn call(app: &App, operation: &Operation, token: Option<&str>) -> Reply {
    // An id that nobody has: whoever may call gets a 4xx of the operation's own, never 401 or 403.
    let mut path = String::new();
    for segment in operation.path.split('/').skip(1) {
        path.push('/');
        path.push_str(if segment.starts_with('{') {
            "019a4000-0000-7000-8000-000000000000"
        } else {
            segment
        });
    }
    let body = operation.has_body.then(|| json!({}));
    app.call(operation.method.clone(), &path, token, &[("if-match", "\"1\"")], body).await
}

#[tokio::test]
async fn every_operation_refuses_strangers_and_the_wrong_roles() {
    let app = App::start().await;
    for operation in operations() {
        if OPEN.contains(&operation.id.as_str()) {
            continue;
        }
        assert_eq!(
            call(&app, &operation, None).await.problem(401),
            "staff.sign_in_required",
            "{}",
            operation.id
        );
        let forged = call(&app, &operation, Some("eyJhbGciOiJub25lIn0.e30.")).await;
        assert_eq!(forged.problem(401), "staff.sign_in_required", "{}", operation.id);
        let named = operation
            .permission
            .as_deref()
            .map(|text| text.parse::<Permission>().expect("a known permission"));
        for someone in Someone::of_each_role() {
            let reply = call(&app, &operation, Some(&app.token_of(someone))).await;
            let may = named.is_none_or(|permission| access::may(someone.role, permission));
            let is_refused = reply.status == 403 && reply.at("/code") == "staff.forbidden";
            assert_eq!(is_refused, !may, "{} as {}: {reply:?}", operation.id, someone.role);
            assert!(reply.status.as_u16() < 500, "{} as {}: {reply:?}", operation.id, someone.role);
        }
    }
    app.finish().await;
}

#[test]
fn every_operation_is_described_and_named_for_its_verb() {
    let document: Value = serde_json::to_value(server::document()).expect("the document");
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for operation in methods.as_object().expect("methods").values() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 4), "{id}: no summary");
            assert!(
                operation["description"].as_str().is_some_and(|text| text.len() > 4),
                "{id}: no description"
            );
            assert!(operation.get("security").is_some(), "{path} {id}: security is not stated");
            for (status, response) in operation["responses"].as_object().expect("responses") {
                assert!(
                    response["description"].as_str().is_some_and(|text| !text.is_empty()),
                    "{id} {status}: no description"
                );
            }
        }
    }
}

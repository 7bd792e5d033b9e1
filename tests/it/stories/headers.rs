//! Every answer of the house carries the security headers: each operation, the pages, their assets, Swagger UI, what is not
//! there.

use it::{App, Reply, Someone};
use platform::vault::Keyring;
use reqwest::Method;
use serde_json::Value;

#[track_caller]
fn check(name: &str, reply: &Reply) {
    let header = |name: &str| reply.header(name).unwrap_or_default();
    for (header_name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(header(header_name), expected, "{name}: {header_name}");
    }
    assert!(header("permissions-policy").contains("camera=()"), "{name}");
    assert!(!header("x-trace-id").is_empty(), "{name}");
    assert_eq!(reply.header("access-control-allow-origin"), None, "{name}: other origins read nothing");
    let csp = header("content-security-policy");
    let directive = |name: &str| {
        csp.split(';').map(str::trim).find_map(|part| part.strip_prefix(name)).unwrap_or_default().trim()
    };
    assert_eq!(directive("script-src"), "'self'", "{name}: no inline script, no eval, no other origin");
    assert_eq!(directive("default-src"), "'self'", "{name}");
    for nothing in ["object-src", "base-uri", "frame-ancestors"] {
        assert_eq!(directive(nothing), "'none'", "{name}: {nothing}");
    }
}

#[tokio::test]
async fn every_operation_answers_with_them_and_is_not_kept_by_caches() {
    let app = App::start().await;
    let admin = app.token_of(Someone::ADMIN);
    let document: Value = serde_json::to_value(server::document()).expect("the document");
    let mut count = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let path = path.strip_prefix("/api/v1").expect("below /api/v1");
        let filled: Vec<&str> = path
            .split('/')
            .map(|step| if step.starts_with('{') { "019a4000-0000-7000-8000-000000000000" } else { step })
            .collect();
        for method in methods.as_object().expect("methods").keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            for token in [None, Some(admin.as_str())] {
                let reply = app.call(method.clone(), &filled.join("/"), token, &[], None).await;
                let name = format!("{method} {path} {}", reply.status);
                check(&name, &reply);
                assert_eq!(reply.header("cache-control"), Some("no-store"), "{name}");
                count += 1;
            }
        }
    }
    assert!(count > 100, "the document is nearly empty");
    app.finish().await;
}

#[tokio::test]
async fn pages_assets_swagger_ui_and_errors_answer_with_them() {
    let folder = std::env::temp_dir().join(format!("cardea-headers-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    std::fs::write(folder.join("index.html"), "<!doctype html><title>Cardea</title>").unwrap();
    std::fs::write(folder.join("assets/app.js"), "export {};").unwrap();
    let web_dir = folder.to_string_lossy().into_owned();
    let app =
        App::start_configured(Keyring::random().unwrap(), |config| config.server.web_dir = web_dir).await;
    for (path, status) in [
        ("/", 200),
        ("/cardholders", 200),
        ("/assets/app.js", 200),
        ("/assets/gone.js", 404),
        ("/docs/", 200),
        ("/docs/index.html", 200),
        ("/docs/swagger-ui-bundle.js", 200),
        ("/docs/gone.js", 404),
        ("/openapi/openapi.json", 200),
        ("/healthz", 200),
        ("/api/v1/nothing", 404),
        ("/partner/nothing", 404),
    ] {
        let reply = app.call(Method::GET, &format!("{}{path}", app.url), None, &[], None).await;
        assert_eq!(reply.status.as_u16(), status, "{path}");
        check(path, &reply);
        assert_eq!(reply.header("strict-transport-security"), None, "{path}: not without TLS");
    }
    let unreadable = app.call_raw(Method::POST, "/auth/login", None, "application/json", b"{".to_vec()).await;
    check("a broken body", &unreadable);
    let behind_tls = [("x-forwarded-proto", "https")];
    let reply = app.call(Method::GET, &format!("{}/", app.url), None, &behind_tls, None).await;
    assert_eq!(
        reply.header("strict-transport-security"),
        Some("max-age=63072000; includeSubDomains"),
        "behind TLS"
    );
    let page = app.call(Method::GET, &format!("{}/docs/", app.url), None, &[], None).await;
    let inline = page.text.split("<script").skip(1).filter(|script| !script.contains("src=")).count();
    assert_eq!(inline, 0, "Swagger UI has a script that the policy would stop");
    app.finish().await;
    std::fs::remove_dir_all(folder).unwrap();
}

//! Access tokens that somebody made up, or that are for something else.

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use it::{App, Someone};
use platform::vault::Keyring;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};

const SECRET: [u8; 32] = [7; 32];

/// Keys of which the test knows the one that signs.
fn keyring() -> Keyring {
    let key = |byte: u8| STANDARD.encode([byte; 32]);
    let file = json!({
        "master_key_id": "m1", "master_keys": { "m1": key(1) }, "blind_key": key(2), "card_token_key": key(3),
        "token_key_id": "t1", "token_key": STANDARD.encode(SECRET),
    });
    Keyring::from_environment(&SecretString::from(file.to_string())).expect("keys")
}

fn body(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn signed_with(algorithm: hmac::Algorithm, key: &[u8], header: &Value, claims: &Value) -> String {
    let body = body(header, claims);
    let tag = hmac::sign(&hmac::Key::new(algorithm, key), body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn signed(header: &Value, claims: &Value) -> String {
    signed_with(hmac::HMAC_SHA256, &SECRET, header, claims)
}

fn with(value: &Value, name: &str, other: Value) -> Value {
    let mut changed = value.clone();
    changed[name] = other;
    changed
}

fn without(value: &Value, name: &str) -> Value {
    let mut changed = value.clone();
    changed.as_object_mut().expect("an object").remove(name);
    changed
}

#[tokio::test]
async fn no_forged_expired_misdirected_or_resigned_token_opens_anything() {
    let app = App::start_with(keyring()).await;
    let genuine = app.token_of(Someone::ADMIN);
    let parts: Vec<&str> = genuine.split('.').collect();
    let read =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let (header, claims) = (read(parts[0]), read(parts[1]));
    let ask = async |token: &str| app.call(Method::GET, "/staff", Some(token), &[], None).await;
    ask(&genuine).await.expect(200);
    ask(&signed(&header, &claims)).await.expect(200);
    let now = app.clock.now().timestamp();
    let none = |alg: &str| with(&header, "alg", json!(alg));
    let (rs, rsa_public, rsa_signed) = by_rsa(&with(&header, "alg", json!("RS256")), &claims);
    let teller = app.token_of(Someone::TELLER);
    let raised = body(&header, &with(&claims, "sub", json!(Someone::ADMIN.id())));
    let forged = [
        ("another signature", format!("{}.{}.{}", parts[0], parts[1], "A".repeat(43))),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        (
            "somebody else's claims under one's own signature",
            format!("{raised}.{}", teller.rsplit('.').next().unwrap()),
        ),
        ("alg none", format!("{}.", body(&none("none"), &claims))),
        ("alg None", format!("{}.", body(&none("None"), &claims))),
        ("alg none with a signature", signed(&none("none"), &claims)),
        ("run out", signed(&header, &with(&claims, "exp", json!(now)))),
        ("without an end", signed(&header, &without(&claims, "exp"))),
        ("another audience", signed(&header, &with(&claims, "aud", json!("cardea-partner")))),
        ("no audience", signed(&header, &without(&claims, "aud"))),
        ("another issuer", signed(&header, &with(&claims, "iss", json!("somebody")))),
        ("another type", signed(&with(&header, "typ", json!("JWT")), &claims)),
        ("no type", signed(&without(&header, "typ"), &claims)),
        ("no key's name", signed(&without(&header, "kid"), &claims)),
        ("another key's name", signed(&with(&header, "kid", json!("t2")), &claims)),
        ("a path for a key's name", signed(&with(&header, "kid", json!("../../dev/null")), &claims)),
        ("another key", signed_with(hmac::HMAC_SHA256, &[8; 32], &header, &claims)),
        ("an empty key", signed_with(hmac::HMAC_SHA256, &[], &header, &claims)),
        ("HS384", signed_with(hmac::HMAC_SHA384, &SECRET, &with(&header, "alg", json!("HS384")), &claims)),
        ("HS512", signed_with(hmac::HMAC_SHA512, &SECRET, &with(&header, "alg", json!("HS512")), &claims)),
        ("RS256 by a key of one's own", rsa_signed),
        ("RS256 that is HS256", signed(&rs, &claims)),
        ("HS256 under a public key", signed_with(hmac::HMAC_SHA256, &rsa_public, &header, &claims)),
        ("a stranger", signed(&header, &with(&claims, "sub", json!("019a4000-0000-7000-8000-000000000000")))),
        ("not a token", "x.y.z".to_owned()),
        ("nothing", String::new()),
    ];
    for (name, token) in forged {
        assert_eq!(ask(&token).await.problem(401), "staff.sign_in_required", "{name}");
    }
    // What a token says of a role counts for nothing: the directory is asked.
    let (teller_header, teller_claims) = {
        let parts: Vec<&str> = teller.split('.').collect();
        (read(parts[0]), read(parts[1]))
    };
    let raised = signed(&teller_header, &with(&teller_claims, "role", json!("admin")));
    assert_eq!(ask(&raised).await.problem(403), "staff.forbidden");
    app.finish().await;
}

/// The header, the public key, and the token signed by its private one.
fn by_rsa(header: &Value, claims: &Value) -> (Value, Vec<u8>, String) {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a pair");
    let body = body(header, claims);
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body.as_bytes(), &mut signature).expect("signed");
    let token = format!("{body}.{}", URL_SAFE_NO_PAD.encode(&signature));
    (header.clone(), pair.public_key().as_ref().to_vec(), token)
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let app = App::start().await;
    let sign_in = json!({ "staff_no": "T0001", "password": it::PASSWORD });
    let signed_in = app.call(Method::POST, "/auth/login", None, &[], Some(sign_in)).await.expect(200);
    let cookie = signed_in.header("set-cookie").unwrap();
    let refresh_token = cookie.split(['=', ';']).nth(1).unwrap();
    let reply = app.call(Method::GET, "/me", Some(refresh_token), &[], None).await;
    assert_eq!(reply.problem(401), "staff.sign_in_required");
    app.finish().await;
}

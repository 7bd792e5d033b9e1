//! Whatever comes in at the door, there is an answer and it is no 5xx: a handler that panics answers nothing at all. The dice are
//! thrown the same in every run.

use std::io::Write;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use it::{App, Place, Someone, workbook};
use reqwest::{
    Client, Method,
    header::{HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::cardholders::id_no;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }

    fn one_of<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// Some bytes changed, lost, doubled or cut off.
    fn mutated(&mut self, from: &[u8]) -> Vec<u8> {
        let mut bytes = from.to_vec();
        for _ in 0..=self.below(4) {
            let (at, other) = (self.below(bytes.len()), self.below(bytes.len()));
            match self.below(6) {
                _ if bytes.is_empty() => {}
                0 => bytes.truncate(at),
                1 => bytes[at] = self.next().to_le_bytes()[0],
                2 => bytes.insert(at, b"\0\"\\,;={}[]<>%\xff\x1f"[self.below(15)]),
                3 => drop(bytes.remove(at)),
                4 => bytes[at] ^= 1 << self.below(8),
                _ => bytes = [&bytes[..at], &bytes[at.min(other)..]].concat(),
            }
        }
        bytes
    }
}

/// Texts that parsers have stumbled over somewhere.
#[rustfmt::skip]
const AWKWARD: &[&str] = &[
    "", " ", "\0", "a\0b", "\u{feff}", "\u{202e}", "\u{fffd}", "𠮷🀄e\u{301}", "ﬁ", "İ", "%", "%00",
    "_%\\", "'; --", "\"", "\\", "NaN", "Infinity", "-0", "1e999", "-1", "0", "65536", "2147483648",
    "-2147483649", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "340282366920938463463374607431768211456", "0x10", "１２", "٣", "0000-00-00", "0000-01-01",
    "-0001-01-01", "9999-12-31", "+262142-12-31", "-262143-01-01", "2026-02-30",
    "2026-10-25T02:30:00+14:00", "9999-12-31T23:59:60Z", "+262142-12-31T23:59:59Z",
    "-262143-01-01T00:00:00Z", "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "{}", "[]", "null", "true", "+8613800005678",
    "00000000000000000000", "a@b", "@", "..", "../../etc/passwd",
];

fn text(dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => String::from_utf8_lossy(&dice.bytes(40)).into_owned(),
        1 => dice.one_of(AWKWARD).repeat(1 + dice.below(40)),
        2 => {
            let from = dice.one_of(AWKWARD).as_bytes();
            String::from_utf8_lossy(&dice.mutated(from)).into_owned()
        }
        _ => dice.one_of(AWKWARD).to_owned(),
    }
}

/// Percent-encodes everything, so that it arrives as it is.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

struct Door<'a> {
    app: &'a App,
    client: Client,
    token: String,
}

impl<'a> Door<'a> {
    fn of(app: &'a App, someone: Someone) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { app, client, token: app.token_of(someone) }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.app.url))
    }

    /// Sends it; whoever answers 5xx, or nothing, is named with what they were asked.
    async fn knock(&self, request: reqwest::RequestBuilder, asked: &str) -> u16 {
        let answer = request.send().await.map_err(|error| format!("{asked}: {error}")).expect("an answer");
        let status = answer.status().as_u16();
        assert!(status < 500, "{asked}: {status}");
        status
    }

    async fn get(&self, path: &str) -> u16 {
        self.knock(self.request(Method::GET, path).bearer_auth(&self.token), path).await
    }
}

/// Every list and record that can be read, with the names of its parameters.
fn readings(owner: &str) -> Vec<(String, Vec<String>)> {
    let document: Value = serde_json::to_value(server::document()).expect("the document");
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let Some(operation) = methods.get("get").filter(|_| path != "/api/v1/events") else { continue };
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let of_query = parameters.iter().filter(|parameter| parameter["in"] == "query");
        let names = of_query.filter_map(|parameter| parameter["name"].as_str()).map(str::to_owned);
        let path = path.trim_start_matches("/api/v1").replace("{cardholder_id}", owner);
        found.push((path, names.collect()));
    }
    found
}

/// Somebody with a page and a half of transactions.
async fn somebody(app: &App) -> String {
    let bank = app.holdings().await;
    let owner = bank
        .cardholder(Place::Qianjiang, json!({ "name_pinyin": "shen jia yi", "name_initials": "sjy" }))
        .await;
    bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(owner, json!({})).await;
    for day in 1..=3 {
        bank.transaction(owner, account, &format!("2026-10-0{day}T02:00:00Z"), json!({})).await;
    }
    owner.to_string()
}

#[tokio::test]
async fn no_filter_sort_or_limit_breaks_a_list() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let door = Door::of(&app, Someone::AUDITOR);
    let mut dice = Dice(1);
    for (path, names) in readings(&owner) {
        for name in &names {
            for value in AWKWARD {
                door.get(&format!("{path}?{name}={}", encoded(value))).await;
            }
        }
        for _ in 0..10 {
            let wish = |name: &String| {
                let is_asked = dice.below(2) == 0;
                is_asked.then(|| format!("{name}={}", encoded(&text(&mut dice))))
            };
            let wishes: Vec<String> = names.iter().filter_map(wish).collect();
            door.get(&format!("{path}?{}", wishes.join("&"))).await;
        }
        if path.contains('{') {
            let id = path.find('{').unwrap_or(0)..path.find('}').map_or(0, |at| at + 1);
            for value in AWKWARD {
                let mut path = path.clone();
                path.replace_range(id.clone(), &encoded(value));
                door.get(&path).await;
            }
        }
    }
    app.finish().await;
}

/// Something that a position could be made of.
fn part(dice: &mut Dice) -> Value {
    match dice.below(6) {
        0 => Value::Null,
        1 => json!(dice.next()),
        2 => json!(i64::MIN),
        3 => json!(dice.below(300)),
        _ => json!(text(dice)),
    }
}

#[tokio::test]
async fn no_cursor_breaks_a_list() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let door = Door::of(&app, Someone::AUDITOR);
    let mut dice = Dice(2);
    let mut with_positions = 0;
    for (path, names) in
        readings(&owner).into_iter().filter(|(_, names)| names.iter().any(|name| name == "after"))
    {
        // Positions of the list itself, where there is a second page, each part in turn for something else.
        let list = app.get(Someone::AUDITOR, &format!("{path}?limit=1")).await;
        let next = serde_json::from_str::<Value>(&list.text)
            .ok()
            .and_then(|body| body["next"].as_str().map(str::to_owned));
        with_positions += usize::from(next.is_some());
        // Lists of people seal theirs.
        let opened = next.as_deref().and_then(|next| app.vault.open_cursor(next));
        let is_sealed = opened.is_some();
        let plain = opened.or_else(|| next.clone());
        let valid = plain.and_then(|plain| URL_SAFE_NO_PAD.decode(plain).ok()).unwrap_or_default();
        let valid: Value = serde_json::from_slice(&valid).unwrap_or(json!([]));
        let mut cursors: Vec<String> = AWKWARD.iter().map(|text| text.to_string()).collect();
        for (at, _) in valid.as_array().into_iter().flatten().enumerate() {
            for value in AWKWARD {
                let mut changed = valid.clone();
                changed[at] = json!(value);
                cursors.push(URL_SAFE_NO_PAD.encode(changed.to_string()));
            }
        }
        for _ in 0..20 {
            let parts: Vec<Value> = (0..dice.below(5)).map(|_| part(&mut dice)).collect();
            cursors.push(URL_SAFE_NO_PAD.encode(json!(parts).to_string()));
            let from = next.clone().unwrap_or_default();
            cursors.push(String::from_utf8_lossy(&dice.mutated(from.as_bytes())).into_owned());
            let raw = dice.mutated(valid.to_string().as_bytes());
            cursors.push(URL_SAFE_NO_PAD.encode(raw));
        }
        if is_sealed {
            let sealed = cursors.iter().filter_map(|cursor| app.vault.seal_cursor(cursor).ok());
            cursors = sealed.chain(cursors.iter().cloned()).collect();
        }
        for sort in names.iter().filter(|name| *name == "sort").map(|_| "&sort=name").chain([""]) {
            for cursor in &cursors {
                door.get(&format!("{path}?limit=1&after={}{sort}", encoded(cursor))).await;
            }
        }
    }
    assert!(with_positions >= 4, "only {with_positions} lists had a second page");
    app.finish().await;
}

#[tokio::test]
async fn no_token_opens_anything_or_breaks_the_door() {
    let app = App::start().await;
    let door = Door::of(&app, Someone::TELLER);
    let mut dice = Dice(3);
    for n in 0..400 {
        let token = match n % 4 {
            0 => dice.mutated(door.token.as_bytes()),
            1 => dice.bytes(200),
            2 => {
                let part = |dice: &mut Dice| {
                    URL_SAFE_NO_PAD.encode(
                        json!({ "alg": part(dice), "sub": part(dice), "exp": part(dice) }).to_string(),
                    )
                };
                [part(&mut dice), part(&mut dice), part(&mut dice)].join(".").into_bytes()
            }
            _ => [b"..", dice.bytes(9).as_slice()].concat(),
        };
        let Ok(header) = HeaderValue::from_bytes(&[b"Bearer ", token.as_slice()].concat()) else { continue };
        if token == door.token.as_bytes() {
            continue;
        }
        let asked = format!("token {n}");
        let request = door.request(Method::GET, "/me").header("authorization", header);
        // The last sign of a signature has bits that mean nothing; no other change may be let in.
        let status = door.knock(request, &asked).await;
        let is_same = token.len() == door.token.len()
            && token[..token.len() - 1] == door.token.as_bytes()[..token.len() - 1];
        assert!(status == 401 || is_same, "{asked}: {status}");
    }
    app.finish().await;
}

#[tokio::test]
async fn no_header_breaks_an_operation() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let door = Door::of(&app, Someone::TELLER);
    let mut dice = Dice(4);
    let read = app.get(Someone::TELLER, &format!("/cardholders/{owner}")).await.expect(200);
    for n in 0..300 {
        let value = match n % 3 {
            0 => dice.mutated(read.etag().as_bytes()),
            1 => dice.bytes(60),
            _ => text(&mut dice).into_bytes(),
        };
        let Ok(value) = HeaderValue::from_bytes(&value) else { continue };
        for (method, path, name) in [
            (Method::PATCH, format!("/cardholders/{owner}"), "if-match"),
            (Method::GET, format!("/cardholders/{owner}"), "if-none-match"),
            (Method::GET, "/events".to_owned(), "last-event-id"),
            (Method::GET, "/branches".to_owned(), "accept-language"),
            (Method::GET, "/branches".to_owned(), "x-trace-id"),
            (Method::GET, "/branches".to_owned(), "authorization"),
            (Method::POST, "/cardholders/search".to_owned(), "content-type"),
            (Method::POST, "/auth/refresh".to_owned(), "cookie"),
        ] {
            let name = HeaderName::from_static(name);
            let request = door
                .request(method.clone(), &path)
                .bearer_auth(&door.token)
                .header(name.clone(), value.clone());
            let request = if method == Method::GET { request } else { request.body("{}") };
            door.knock(request, &format!("{name}: {value:?}")).await;
        }
    }
    app.finish().await;
}

/// The status of a request whose line nobody has tidied up.
async fn raw(app: &App, target: &[u8], token: &str) -> u16 {
    let address = app.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head =
        format!(" HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    stream.write_all(&[b"GET ", target, head.as_bytes()].concat()).await.expect("sent");
    let mut answer = Vec::new();
    // A peer that closes early has said what it had to say.
    let _ = stream.read_to_end(&mut answer).await;
    let line = String::from_utf8_lossy(&answer);
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    status.ok_or_else(|| format!("no answer to {:?}", String::from_utf8_lossy(target))).expect("a status")
}

#[tokio::test]
async fn no_percent_sign_breaks_an_address() {
    let app = App::start().await;
    let owner = somebody(&app).await;
    let token = app.token_of(Someone::TELLER);
    let mut dice = Dice(5);
    let broken = [
        "%",
        "%2",
        "%zz",
        "%00",
        "%ff",
        "%c3%28",
        "%ed%a0%80",
        "%u6c88",
        "%25%30",
        "..%2f",
        "%2e%2e/",
        "+",
        "%0d%0a",
        "//",
        ";a=1",
        "%f0%9f",
    ];
    for at in 0..400 {
        let broken: String = (0..=dice.below(3)).map(|_| dice.one_of(&broken)).collect();
        let target = match at % 4 {
            0 => format!("/api/v1/cardholders?occupation={broken}"),
            1 => format!("/api/v1/cardholders/{broken}/accounts"),
            2 => format!("/api/v1/cardholders/{owner}/transactions?after={broken}&{broken}=1"),
            _ => format!("/{broken}"),
        };
        let status = raw(&app, target.as_bytes(), &token).await;
        assert!(status < 500, "{target}: {status}");
    }
    app.finish().await;
}

#[tokio::test]
async fn no_number_or_text_of_a_form_breaks_it() {
    let app = App::start().await;
    let door = Door::of(&app, Someone::TELLER);
    let mut dice = Dice(6);
    let id = id_no("99010619880312442");
    for n in 0..250 {
        let mut one = || match n % 3 {
            0 => String::from_utf8_lossy(&dice.mutated(id.as_bytes())).into_owned(),
            1 => String::from_utf8_lossy(&dice.mutated(b"+86 138-0000-5678")).into_owned(),
            _ => text(&mut dice),
        };
        let (national_id, phone, other) = (one(), one(), one());
        for body in [
            json!({ "q": other }),
            json!({ "q": phone, "after": other, "limit": 1 }),
            json!({ "q": national_id }),
        ] {
            let request =
                door.request(Method::POST, "/cardholders/search").bearer_auth(&door.token).json(&body);
            door.knock(request, &body.to_string()).await;
        }
        let body = json!({
            "name": other, "id_kind": "resident_id", "national_id": national_id, "birth_on": other, "branch_id": Place::Qianjiang.id(),
            "phones": [{ "kind": "mobile", "number": phone }], "emails": [{ "kind": "work", "address": other }],
        });
        let request = door.request(Method::POST, "/cardholders").bearer_auth(&door.token).json(&body);
        door.knock(request, &body.to_string()).await;
        let raw = dice.mutated(body.to_string().as_bytes());
        let asked = String::from_utf8_lossy(&raw).into_owned();
        let request = door.request(Method::POST, "/cardholders").bearer_auth(&door.token);
        door.knock(request.header("content-type", "application/json").body(raw), &asked).await;
    }
    app.finish().await;
}

fn files() -> Vec<Vec<u8>> {
    let csv =
        "source_ref,name,phone,branch,birth_on\nA1,王小明,13800005678,HZ01,1988-03-12\nA2,\"李,雷\",,HZ01,\n";
    let ndjson = "{\"source_ref\":\"A1\",\"name\":\"王小明\",\"branch\":\"HZ01\"}\n{\"name\":\"李雷\",\"branch\":\"HZ01\",\"birth_on\":null}\n";
    let head = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#;
    let row = r#"<row r="2"><c r="A2" t="inlineStr"><is><t>王小明</t></is></c><c r="B2" t="s"><v>2</v></c><c r="C2" s="1"><v>32214</v></c></row>"#;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(csv.as_bytes()).expect("gzip");
    vec![
        csv.into(),
        ndjson.into(),
        workbook(&format!("{head}{row}"), &["name", "branch", "HZ01"]),
        gzip.finish().expect("gzip"),
    ]
}

#[tokio::test]
async fn no_file_breaks_an_import() {
    let app = App::start().await;
    let who = Someone::BRANCH_MANAGER;
    let door = Door::of(&app, who);
    let mut dice = Dice(7);
    let files = files();
    let mut accepted = 0;
    for n in 0..160 {
        let bytes = match n % 8 {
            7 => dice.bytes(400),
            _ => dice.mutated(&files[n % files.len()]),
        };
        let path = "/imports?kind=cardholders";
        let sent = bytes.clone();
        let uploaded =
            app.call_raw(Method::POST, path, Some(&door.token), "application/octet-stream", sent).await;
        assert!(uploaded.status.as_u16() < 500, "{n} {bytes:?}: {uploaded:?}");
        if uploaded.status != 201 {
            continue;
        }
        accepted += 1;
        let path = format!("/imports/{}", uploaded.text_at("/import_id"));
        door.get(&format!("{path}/beginning")).await;
        let wish = json!({ "mapping": uploaded.at("/mapping"), "is_dry_run": n % 3 > 0 });
        let started = app.post(who, &format!("{path}/runs"), wish).await;
        assert!(started.status.as_u16() < 500, "{n} {bytes:?}: {started:?}");
        app.run_jobs().await;
        let done = app.get(who, &path).await.expect(200);
        let code = done.json().pointer("/run/error_code").cloned().unwrap_or_default();
        // `internal` is what a reader that panicked leaves.
        assert!(code.is_null(), "{n} {bytes:?}: {code}");
    }
    assert!(accepted > 40, "most were refused at the door: {accepted}");
    app.finish().await;
}

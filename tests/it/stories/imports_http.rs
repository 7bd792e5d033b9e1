use it::{App, Place, Reply, Someone, contents, workbook};
use reqwest::Method;
use serde_json::{Value, json};

const ME: Someone = Someone::BRANCH_MANAGER;
const PEOPLE: &str = "姓名,身份证号,手机号,邮箱,地址,网点,备注\n\
    沈嘉怡,11010519491231002X,13800005678,shen@example.com,解放东路 18 号,HZ01,x\n\
    周启明,,13900001234,,,HZ01,\n";

pub(super) async fn upload(app: &App, kind: &str, body: impl Into<Vec<u8>>) -> Reply {
    let path = format!("/imports?kind={kind}");
    let token = app.token_of(ME);
    app.call_raw(Method::POST, &path, Some(&token), "application/octet-stream", body.into()).await
}

/// Uploads, runs under the suggested mapping, and answers the import at its end.
pub(super) async fn import(app: &App, kind: &str, body: impl Into<Vec<u8>>, wish: Value) -> Reply {
    let uploaded = upload(app, kind, body).await.expect(201);
    run(app, &uploaded, wish).await
}

async fn run(app: &App, uploaded: &Reply, wish: Value) -> Reply {
    let path = format!("/imports/{}", uploaded.text_at("/import_id"));
    let mut body = json!({ "mapping": uploaded.at("/mapping") });
    body.as_object_mut().expect("a body").extend(wish.as_object().cloned().unwrap_or_default());
    app.post(ME, &format!("{path}/runs"), body).await.expect(202);
    app.run_jobs().await;
    app.get(ME, &path).await.expect(200)
}

/// Outcome, and how many rows were inserted, left alone and refused.
pub(super) fn told(import: &Reply) -> (String, i64, i64, i64) {
    let number = |name: &str| import.at(&format!("/run/report/{name}")).as_i64().expect("a number");
    (import.text_at("/run/outcome"), number("inserted"), number("unchanged"), number("refused"))
}

/// `line column code` of each refused row.
pub(super) fn refused(import: &Reply) -> Vec<String> {
    let line = |error: &Value| {
        format!(
            "{} {} {}",
            error["line"],
            error["column"].as_str().unwrap_or("-"),
            error["code"].as_str().unwrap_or_default()
        )
    };
    import.list_at("/run/report/errors").iter().map(line).collect()
}

pub(super) fn was(outcome: &str, inserted: i64, unchanged: i64, refused: i64) -> (String, i64, i64, i64) {
    (outcome.to_owned(), inserted, unchanged, refused)
}

#[tokio::test]
async fn a_file_is_uploaded_tried_and_imported_and_its_people_are_found() {
    let app = App::start().await;
    let uploaded = upload(&app, "cardholders", PEOPLE).await.expect(201);
    assert_eq!(
        uploaded.at("/mapping"),
        json!({ "name": "姓名", "national_id": "身份证号", "phone": "手机号", "email": "邮箱", "street": "地址", "branch": "网点" })
    );
    assert_eq!(uploaded.at("/run"), Value::Null);
    let path = format!("/imports/{}", uploaded.text_at("/import_id"));
    let beginning = app.get(ME, &format!("{path}/beginning")).await.expect(200);
    assert_eq!(
        beginning.at("/rows/1"),
        json!({ "line": 3, "cells": ["周启明", "", "13900001234", "", "", "HZ01", ""] })
    );

    let before = contents(&app).await;
    let tried = run(&app, &uploaded, json!({ "is_dry_run": true })).await;
    assert_eq!(told(&tried), was("checked", 2, 0, 0));
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholders").await, 0);
    assert_ne!(before, contents(&app).await, "the run itself leaves its trace");

    let done = run(&app, &uploaded, json!({})).await;
    assert_eq!(told(&done), was("imported", 2, 0, 0));
    for query in ["11010519491231002X", "13800005678", "shen@example.com", "沈嘉", "zhouqm", "5678"] {
        let found = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": query })).await.expect(200);
        assert_eq!(found.list_at("/items").len(), usize::from(query != "zhouqm"), "{query}");
    }
    let found = app.post(Someone::TELLER, "/cardholders/search", json!({ "q": "11010519491231002X" })).await;
    let id = found.text_at("/items/0/cardholder_id");
    let profile = app.get(Someone::TELLER, &format!("/cardholders/{id}")).await.expect(200);
    assert_eq!(
        (profile.text_at("/birth_on"), profile.text_at("/gender"), profile.text_at("/source")),
        ("1949-12-31".into(), "female".into(), "import".into())
    );
    let contacts = app.get(Someone::TELLER, &format!("/cardholders/{id}/contacts")).await.expect(200);
    assert_eq!(contacts.text_at("/phones/0/number_masked"), "138****5678");
    assert_eq!(contacts.text_at("/addresses/0/street_masked"), "解放******");
    let history = app.get(Someone::TELLER, &format!("/cardholders/{id}/changes")).await.expect(200);
    assert_eq!(history.column("field"), ["created"]);
    assert_eq!(
        app.count(
            "SELECT count(*) AS n FROM audit_entries WHERE action = 'imports.merge' AND staff_no = 'B0001'"
        )
        .await,
        1
    );
    // What was imported is opened as what was typed.
    let teller = app.stepped_up(Someone::TELLER).await;
    let wish = json!({ "field": "national_id", "purpose": "call_back" });
    let shown =
        app.call(Method::POST, &format!("/cardholders/{id}/reveal"), Some(&teller), &[], Some(wish)).await;
    assert_eq!(shown.expect(200).text_at("/value"), "11010519491231002X");
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_is_sent_again_changes_nothing_in_whatever_format_it_comes() {
    let app = App::start().await;
    let people = "source_ref,name,branch,birth_on\nA1,王小明,HZ01,1988-03-12\nA2,李雷,HZ01,\n";
    let first = import(&app, "cardholders", people, json!({})).await;
    assert_eq!(told(&first), was("imported", 2, 0, 0));
    let before = app.count("SELECT count(*) AS n FROM cardholder_changes").await;
    let gb18030: Vec<u8> =
        [b"source_ref;name;branch;birth_on\nA1;\xcd\xf5\xd0\xa1\xc3\xf7;HZ01;1988/3/12\nA2;\xc0\xee\xc0\xd7;HZ01;\n".as_slice()].concat();
    let ndjson = "{\"source_ref\":\"A1\",\"name\":\"王小明\",\"branch\":\"HZ01\",\"birth_on\":\"19880312\"}\n\n{\"branch\":\"HZ01\",\"source_ref\":\"A2\",\"name\":\"李雷\",\"birth_on\":null}\n";
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>branch</t></is></c><c r="D1" t="s"><v>2</v></c></row>
        <row r="3"><c r="A3" t="inlineStr"><is><t>A1</t></is></c><c r="B3" t="s"><v>3</v></c><c r="C3" t="s"><v>4</v></c><c r="D3" s="1"><v>32214</v></c></row>
        <row r="4"><c r="A4" t="inlineStr"><is><t>A2</t></is></c><c r="B4" t="inlineStr"><is><r><t>李</t></r><r><t>雷</t></r></is></c><c r="C4" t="s"><v>4</v></c></row>"#;
    let xlsx = workbook(rows, &["source_ref", "name", "birth_on", "王小明", "HZ01"]);
    let again = people.as_bytes().to_vec();
    for (format, bytes) in [("csv", again), ("gb18030", gb18030), ("ndjson", ndjson.into()), ("xlsx", xlsx)] {
        let done = import(&app, "cardholders", bytes, json!({})).await;
        assert_eq!(told(&done), was("imported", 0, 2, 0), "{format}");
    }
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholder_changes").await, before);
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholders").await, 2);
    // Without a reference the row itself is what it is known by.
    let nameless = "name,branch\n韩梅梅,HZ01\n";
    assert_eq!(told(&import(&app, "cardholders", nameless, json!({})).await), was("imported", 1, 0, 0));
    assert_eq!(told(&import(&app, "cardholders", nameless, json!({})).await), was("imported", 0, 1, 0));
    app.finish().await;
}

#[tokio::test]
async fn rows_are_refused_by_the_checks_of_the_form_and_with_them_the_file() {
    let app = App::start().await;
    let people = "source_ref,name,身份证号,phone,branch,note\n\
        1,沈嘉怡,110105194912310021,,HZ01,keep\n\
        2,周启明,,12,HZ01,\"two\nlines\"\n\
        3,吴敏,,13900001234,NB01,\n\
        4,好人,,13700001111,HZ01,\n\
        5,卡号 4111 1111 1111 1111,,,HZ01,\n\
        1,又一,,,HZ01,\n";
    let refusal = import(&app, "cardholders", people, json!({})).await;
    assert_eq!(told(&refusal), was("refused", 0, 0, 4));
    assert_eq!(
        refused(&refusal),
        [
            "2 national_id national_id.checksum",
            "3 phone phone.invalid",
            "5 branch branches.missing",
            "7 name text.contains_pan"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn refused_rows_come_back_as_a_file_that_is_corrected_and_sent_again() {
    let app = App::start().await;
    let people = "source_ref,name,phone,branch,note\n\
        1,沈嘉怡,13,HZ01,\"a \"\"quoted\"\" note\"\n\
        2,周启明,13900001234,HZ01,\n";
    let done = import(&app, "cardholders", people, json!({ "errors_max": 1 })).await;
    assert_eq!((told(&done), done.at("/run/has_errors_file")), (was("imported", 1, 0, 1), json!(true)));
    let path = format!("/imports/{}/errors", done.text_at("/import_id"));
    let errors = app.get(ME, &path).await.expect(200);
    assert_eq!(errors.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        errors.text,
        "\u{feff}_line,_column,_code,source_ref,name,phone,branch,note\r\n\
         2,phone,phone.invalid,1,沈嘉怡,13,HZ01,\"a \"\"quoted\"\" note\"\r\n"
    );
    assert_eq!(app.get(Someone::TELLER, &path).await.problem(403), "staff.forbidden");
    let corrected = errors.text.replace(",13,", ",13800005678,");
    let done = import(&app, "cardholders", corrected.clone(), json!({})).await;
    assert_eq!((told(&done), done.at("/run/has_errors_file")), (was("imported", 1, 0, 0), json!(false)));
    assert_eq!(told(&import(&app, "cardholders", corrected, json!({})).await), was("imported", 0, 1, 0));
    assert_eq!(app.count("SELECT count(*) AS n FROM cardholders").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn nothing_in_a_file_of_refused_rows_is_calculated_and_it_comes_back_as_it_was_typed() {
    let app = App::start().await;
    let people = "source_ref,name,phone,occupation,branch\n\
        1,沈嘉怡,+8613800005678,\"=HYPERLINK(\"\"x\"\")\",NOWHERE\n\
        2,周启明,,'-教师,NOWHERE\n\
        3,林静怡,,@SUM(A1),NOWHERE\n";
    let done = import(&app, "cardholders", people, json!({ "errors_max": 3 })).await;
    let errors = |done: &Reply| format!("/imports/{}/errors", done.text_at("/import_id"));
    let first = app.get(ME, &errors(&done)).await.expect(200);
    let cells = |reply: &Reply| {
        let mut reader = csv::Reader::from_reader(reply.text.as_bytes());
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.expect("a row").iter().map(ToOwned::to_owned).collect()).collect();
        rows
    };
    assert_eq!(
        cells(&first).iter().map(|row| [row[5].as_str(), row[6].as_str()]).collect::<Vec<_>>(),
        [["'+8613800005678", "'=HYPERLINK(\"x\")"], ["", "''-教师"], ["", "'@SUM(A1)"]]
    );
    // Refused again, it says the same again.
    let again = import(&app, "cardholders", first.text.clone(), json!({ "errors_max": 3 })).await;
    assert_eq!(cells(&app.get(ME, &errors(&again)).await.expect(200)), cells(&first));
    let corrected = first.text.replace("NOWHERE", "HZ01");
    assert_eq!(told(&import(&app, "cardholders", corrected, json!({})).await), was("imported", 3, 0, 0));
    assert_eq!(
        app.lines("SELECT occupation FROM cardholders ORDER BY source_ref").await,
        ["=HYPERLINK(\"x\")", "'-教师", "@SUM(A1)"]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_reference_that_is_a_card_s_number_is_refused_and_one_that_begins_with_a_day_is_not() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(owner, json!({ "account_no": "600100200300" })).await;
    let index = json!({ "account_no": "600100200300", "cardholder_id": owner, "account_id": account });
    bank.put("account_no_index", index, json!({})).await;
    let rows = "source_ref,account_no,occurred_at,amount,counterparty_account\n\
        4111111111111111,600100200300,2026-10-01,1.00,\n\
        11010519491231002X,600100200300,2026-10-01,2.00,\n\
        2026100112345678,600100200300,2026-10-01,3.00,\n\
        T-4,600100200300,2026-10-01,4.00,4111111111111111\n";
    let done = import(&app, "transactions", rows, json!({ "errors_max": 3 })).await;
    assert_eq!(
        refused(&done),
        [
            "2 source_ref text.contains_pan",
            "3 source_ref text.contains_national_id",
            "5 counterparty_account text.contains_pan"
        ]
    );
    assert_eq!(told(&done), was("imported", 1, 0, 3));
    app.finish().await;
}

#[tokio::test]
async fn whoever_may_be_here_already_is_refused_as_at_the_form() {
    let app = App::start().await;
    let here = json!({
        "branch_id": Place::Qianjiang.id(), "name": "沈嘉怡", "id_kind": "resident_id", "national_id": "11010519491231002X",
        "phones": [{ "kind": "mobile", "number": "13800005678" }],
    });
    app.post(Someone::TELLER, "/cardholders", here).await.expect(201);
    let people = "name,national_id,phone,birth_on,branch,duplicate_override_reason\n\
        别名,11010519491231002X,,,HZ01,\n\
        沈嘉怡,,13800005678,,HZ01,\n\
        沈嘉怡,,,1949-12-31,HZ01,\n\
        沈嘉怡,,,1949-12-31,HZ01,同名同日，已核对\n\
        同伴,,13900001234,,HZ01,\n\
        同伴,,13900001234,1990-01-01,HZ01,\n\
        同伴,,13900001234,,HZ01,\n";
    let done = import(&app, "cardholders", people, json!({ "errors_max": 9 })).await;
    let mut lines = refused(&done);
    lines.sort();
    assert_eq!(
        lines,
        [
            "2 national_id cardholders.possible_duplicate",
            "3 phone cardholders.possible_duplicate",
            "4 birth_on cardholders.possible_duplicate",
            "7 phone cardholders.possible_duplicate",
            "8 - imports.duplicate",
        ]
    );
    assert_eq!(told(&done), was("imported", 2, 0, 5));
    app.finish().await;
}

#[tokio::test]
async fn an_import_is_its_owner_s_alone_and_runs_within_their_reach_of_now() {
    let app = App::start().await;
    let uploaded = upload(&app, "cardholders", "name,branch\n沈嘉怡,HZ01\n").await.expect(201);
    let path = format!("/imports/{}", uploaded.text_at("/import_id"));
    for (method, below) in [(Method::GET, ""), (Method::GET, "/beginning"), (Method::GET, "/errors")] {
        let token = app.token_of(Someone::TELLER);
        let reply = app.call(method, &format!("{path}{below}"), Some(&token), &[], None).await;
        assert_eq!(reply.problem(403), "staff.forbidden");
    }
    // Somebody else with the same permission: an import of another is not there.
    let sql = format!("UPDATE imports SET created_by = '{}'", Someone::ADMIN.id());
    diesel_async::SimpleAsyncConnection::batch_execute(&mut app.owner().await, &sql)
        .await
        .expect("given away");
    for below in ["", "/beginning", "/errors"] {
        assert_eq!(app.get(ME, &format!("{path}{below}")).await.problem(404), "imports.missing");
    }
    let wish = json!({ "mapping": uploaded.at("/mapping") });
    assert_eq!(app.post(ME, &format!("{path}/runs"), wish.clone()).await.problem(404), "imports.missing");
    assert_eq!(app.post(ME, &format!("{path}/cancel"), json!({})).await.problem(404), "imports.missing");
    assert_eq!(app.get(ME, "/imports").await.expect(200).list_at("/items").len(), 0);

    // Between upload and run their branch has become another: the branch of the file is out of reach.
    let sql = format!("UPDATE imports SET created_by = '{}'", ME.id());
    diesel_async::SimpleAsyncConnection::batch_execute(&mut app.owner().await, &sql)
        .await
        .expect("given back");
    app.post(ME, &format!("{path}/runs"), wish).await.expect(202);
    let sql = format!("UPDATE staff SET branch_id = '{}' WHERE staff_no = 'B0001'", Place::Yinzhou.id());
    diesel_async::SimpleAsyncConnection::batch_execute(&mut app.owner().await, &sql).await.expect("moved");
    app.run_jobs().await;
    let done = app.get(ME, &path).await.expect(200);
    assert_eq!(
        (told(&done), refused(&done)),
        (was("refused", 0, 0, 1), vec!["2 branch branches.missing".to_owned()])
    );
    app.finish().await;
}

#[tokio::test]
async fn a_mapping_is_checked_and_remembered() {
    let app = App::start().await;
    let people = "A,B,B\nx,HZ01,\n";
    let uploaded = upload(&app, "cardholders", people).await.expect(201);
    assert_eq!(uploaded.at("/mapping"), json!({}));
    let runs = format!("/imports/{}/runs", uploaded.text_at("/import_id"));
    for (mapping, error) in [
        (json!({}), "/mapping/branch field.missing"),
        (json!({ "branch": "B" }), "/mapping/branch imports.column_twice"),
        (json!({ "branch": "C" }), "/mapping/branch imports.column_missing"),
        (json!({ "branch": "A", "colour": "A" }), "/mapping/colour field.unknown"),
    ] {
        let refused = app.post(ME, &runs, json!({ "mapping": mapping })).await;
        assert_eq!(
            (refused.problem(422), refused.field_errors()),
            ("request.invalid_fields".into(), vec![error.to_owned()])
        );
    }
    let mapping = json!({ "name": "b", "branch": "a" });
    let first = upload(&app, "cardholders", "a,b\nHZ01,沈嘉怡\n").await.expect(201);
    assert_eq!(told(&run(&app, &first, json!({ "mapping": mapping })).await), was("imported", 1, 0, 0));
    let second = upload(&app, "cardholders", "a,b\nHZ01,周启明\n").await.expect(201);
    assert_eq!(second.at("/mapping"), mapping);
    assert_eq!(upload(&app, "cardholders", "b,a\nHZ01,周启明\n").await.expect(201).at("/mapping"), json!({}));
    app.finish().await;
}

#[tokio::test]
async fn one_run_at_a_time_and_a_queued_one_is_cancelled() {
    let app = App::start().await;
    let uploaded = upload(&app, "cardholders", "name,branch\n沈嘉怡,HZ01\n").await.expect(201);
    let path = format!("/imports/{}", uploaded.text_at("/import_id"));
    let wish = json!({ "mapping": uploaded.at("/mapping") });
    assert_eq!(app.post(ME, &format!("{path}/cancel"), json!({})).await.problem(409), "imports.not_running");
    app.post(ME, &format!("{path}/runs"), wish.clone()).await.expect(202);
    assert_eq!(app.post(ME, &format!("{path}/runs"), wish.clone()).await.problem(409), "imports.running");
    app.post(ME, &format!("{path}/cancel"), json!({})).await.expect(202);
    assert_eq!(app.get(ME, &path).await.expect(200).text_at("/run/status"), "cancelled");
    assert_eq!(app.run_jobs().await, 0);
    assert_eq!(told(&run(&app, &uploaded, json!({})).await), was("imported", 1, 0, 0));
    let listed = app.get(ME, "/imports").await.expect(200);
    assert_eq!(listed.at("/items/0/run/report/inserted"), 1);
    app.finish().await;
}

#[tokio::test]
async fn transactions_go_to_the_accounts_within_reach_and_come_once() {
    let app = App::start().await;
    let holdings = app.holdings().await;
    let mine = holdings.cardholder(Place::Qianjiang, json!({})).await;
    let theirs = holdings.cardholder(Place::Yinzhou, json!({})).await;
    let (no, far) = ("955000000001", "955000000002");
    for (owner, number) in [(mine, no), (theirs, far)] {
        let account = holdings.account(owner, json!({ "account_no": number })).await;
        let row = json!({ "account_no": number, "cardholder_id": owner, "account_id": account });
        holdings.put("account_no_index", row, json!({})).await;
    }
    let rows = format!(
        "流水号,账号,交易时间,金额,借贷方向,商户名称,mcc,渠道,币种\n\
         T1,{no},2026-10-01 08:30:00,12.50,借,物美超市,5411,pos,\n\
         T2,{no},2026-10-02,-3.00,,,,,CNY\n\
         T3,{far},2026-10-02,3.00,贷,,,,\n\
         T4,{no},2027-10-02,3.00,贷,,,,\n\
         T5,{no},2026-10-02,3.00,贷,,9999,,\n\
         T6,{no},2026-10-02,3.001,贷,,,,\n\
         T7,{no},2026-10-02,3.00,贷,,,,USD\n\
         T1,{no},2026-10-01 08:30:00,99.00,借,,,,\n\
         T8,nobody's,2026-10-02,3.00,贷,,,,\n"
    );
    let done = import(&app, "transactions", rows.clone(), json!({ "errors_max": 9 })).await;
    assert_eq!(told(&done), was("imported", 2, 0, 7));
    let mut lines = refused(&done);
    lines.sort_by_key(|line| line.split(' ').next().and_then(|n| n.parse::<u32>().ok()));
    assert_eq!(
        lines,
        [
            "4 account_no accounts.missing",
            "5 occurred_at date.range",
            "6 mcc imports.unknown_word",
            "7 amount imports.amount_too_fine",
            "8 currency imports.currency_differs",
            "9 source_ref imports.duplicate",
            "10 account_no accounts.missing",
        ]
    );
    let listed = app.get(Someone::TELLER, &format!("/cardholders/{mine}/transactions")).await.expect(200);
    assert_eq!(listed.column("direction"), ["debit", "debit"]);
    assert_eq!(listed.at("/items/1/occurred_at"), "2026-10-01T00:30:00Z");
    assert_eq!(
        (listed.at("/items/1/amount_minor"), listed.at("/items/1/mcc_group")),
        (json!(1250), json!("groceries"))
    );
    let again = import(&app, "transactions", rows, json!({ "errors_max": 9 })).await;
    assert_eq!(told(&again), was("imported", 0, 2, 7));
    app.finish().await;
}

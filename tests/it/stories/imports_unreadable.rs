//! Uploads that are no rows, or rows that are none: each has its problem or its row's code, and nothing panics.

use std::io::Write;

use it::{App, Reply, Someone, archive, workbook};
use reqwest::Method;
use serde_json::{Value, json};

use super::imports_http::import;

const ME: Someone = Someone::BRANCH_MANAGER;

async fn upload(app: &App, body: impl Into<Vec<u8>>) -> Reply {
    let token = app.token_of(ME);
    let path = "/imports?kind=cardholders";
    app.call_raw(Method::POST, path, Some(&token), "application/octet-stream", body.into()).await
}

/// `line column code` of the rows that a dry run refuses.
async fn refused(app: &App, body: impl Into<Vec<u8>>) -> Vec<String> {
    let uploaded = upload(app, body).await.expect(201);
    let path = format!("/imports/{}", uploaded.text_at("/import_id"));
    let wish = json!({ "mapping": uploaded.at("/mapping"), "is_dry_run": true });
    app.post(ME, &format!("{path}/runs"), wish).await.expect(202);
    app.run_jobs().await;
    let done = app.get(ME, &path).await.expect(200);
    let line = |error: &Value| {
        let column = error["column"].as_str().unwrap_or("-");
        format!("{} {column} {}", error["line"], error["code"].as_str().unwrap_or_default())
    };
    done.list_at("/run/report/errors").iter().map(line).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("gzip");
    encoder.finish().expect("gzip")
}

fn sheet(cells: &str) -> Vec<u8> {
    let head = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>branch</t></is></c></row>"#;
    workbook(&format!("{head}<row r=\"2\">{cells}</row>"), &[])
}

#[tokio::test]
async fn what_is_no_table_is_refused_and_not_kept() {
    let app = App::start().await;
    let cut = sheet("")[..300].to_vec();
    for (what, body, status, code) in [
        ("nothing", Vec::new(), 422, "imports.file_empty"),
        ("a picture", b"\x89PNG\r\n\x1a\n123".to_vec(), 422, "imports.format_unknown"),
        ("utf-16", b"n\0a\0m\0e\0\n\0".to_vec(), 422, "imports.format_unknown"),
        ("a cut workbook", cut, 422, "imports.workbook_unreadable"),
        ("no workbook", archive(&[("letter.txt", "x")]), 422, "imports.workbook_unreadable"),
        ("an empty sheet", workbook("", &[]), 422, "imports.file_empty"),
        ("a broken gzip", b"\x1f\x8b\x08\x00 nothing".to_vec(), 422, "imports.gzip_broken"),
        ("a picture in gzip", gzip("\u{1}\u{2}"), 422, "imports.format_unknown"),
        ("a card's secret", b"name,branch,CVV2\nx,HZ01,123\n".to_vec(), 400, "card.secret_refused"),
        ("its Chinese name", "name,branch,安全码\nx,HZ01,123\n".into(), 400, "card.secret_refused"),
        ("its wide name", "name,branch,卡 ＣＶＶ 码\nx,HZ01,123\n".into(), 400, "card.secret_refused"),
        (
            "a line of data",
            "沈嘉怡,13800005678,HZ01\n周启明,13900001234,HZ01\n".into(),
            422,
            "imports.header_missing",
        ),
        ("an id", "姓名,11010519491231002X,HZ01\n".into(), 422, "imports.header_missing"),
        ("an address", "姓名,网点,解放东路 18 号\n".into(), 422, "imports.header_missing"),
        ("columns without end", ",".repeat(600).into_bytes(), 422, "imports.too_many_columns"),
        ("one endless line", vec![b'x'; 3 << 20], 422, "imports.record_too_long"),
        (
            "entities",
            archive(&[
                ("[Content_Types].xml", ""),
                ("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><sheet name=\"&b;\">&b;</sheet>"),
            ]),
            422,
            "imports.workbook_unreadable",
        ),
    ] {
        let reply = upload(&app, body).await;
        assert_eq!(reply.problem(status), code, "{what}");
    }
    for table in ["files", "imports"] {
        assert_eq!(app.count(&format!("SELECT count(*) AS n FROM {table}")).await, 0, "{table}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_card_s_secret_further_down_is_refused_and_not_given_back() {
    let app = App::start().await;
    let many: String = (0..60).map(|n| format!("{{\"name\":\"姓名{n}\",\"branch\":\"HZ01\"}}\n")).collect();
    let late = format!("{many}{{\"name\":\"后来\",\"branch\":\"HZ01\",\"Card CVV\":\"917\"}}\n");
    assert_eq!(refused(&app, late).await, ["61 - card.secret_refused"]);
    // Where nobody has mapped the column, too.
    let people = "name,branch,备注\n沈嘉怡,HZ01,;4111111111111111=28121011234567890?\n";
    let done = import(&app, "cardholders", people, json!({ "errors_max": 1 })).await;
    assert_eq!(super::imports_http::refused(&done), ["2 - card.secret_refused"]);
    let path = format!("/imports/{}/errors", done.text_at("/import_id"));
    let errors = app.get(Someone::BRANCH_MANAGER, &path).await.expect(200);
    assert!(errors.text.contains("沈嘉怡") && !errors.text.contains("4111"), "{}", errors.text);
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_breaks_off_says_where_and_imports_nothing() {
    let app = App::start().await;
    let rows: String = (0..4_000).map(|n| format!("{n},{n:032x},HZ01\n")).collect();
    let whole = gzip(&format!("source_ref,name,branch\n{rows}"));
    let lines = refused(&app, whole[..whole.len() - 2_000].to_vec()).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].ends_with(" - imports.gzip_truncated"), "{lines:?}");
    app.finish().await;
}

#[tokio::test]
async fn rows_that_are_none_have_their_codes() {
    let app = App::start().await;
    let long = "长".repeat(401);
    let csv = format!(
        "name,branch\na\u{1b}b,HZ01\n{long},HZ01\n,\nx\ny,HZ01,z\nok,HZ01\n\n%B4111111111111111^X^2812,HZ01\n"
    );
    assert_eq!(
        refused(&app, csv).await,
        [
            "2 name imports.control_character",
            "3 name imports.text_too_long",
            "4 - imports.empty_row",
            "5 - imports.column_count",
            "6 - imports.column_count",
            "9 name card.secret_refused"
        ]
    );
    // Beyond the beginning, by which the file was judged.
    let names: String = (0..400).map(|n| format!("name {n},HZ01\n")).collect();
    let late = format!("name,branch\n{names}a\0b,HZ01\n");
    assert_eq!(refused(&app, late).await, ["402 name imports.control_character"]);
    let ndjson = "{\"name\":\"x\",\"branch\":\"HZ01\"}\n[1]\n{\"name\":{\"a\":1},\"branch\":\"HZ01\"}\n{\"name\":\nnull\n{\"name\":\"a\\u0000\",\"branch\":\"HZ01\"}\n";
    assert_eq!(
        refused(&app, ndjson).await,
        [
            "2 - imports.not_an_object",
            "3 name imports.nested_value",
            "4 - imports.not_json",
            "5 - imports.not_an_object",
            "6 name imports.control_character"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn cells_of_a_workbook_that_are_no_statement_have_their_codes() {
    let app = App::start().await;
    let branch = r#"<c r="B2" t="inlineStr"><is><t>HZ01</t></is></c>"#;
    for (cell, found) in [
        (r#"<c r="A2" t="str"><f>A1&amp;"x"</f><v>namex</v></c>"#, vec!["2 name imports.formula_cell"]),
        (r#"<c r="A2" t="e"><v>#REF!</v></c>"#, vec!["2 name imports.error_cell"]),
        (r#"<c r="A2" t="s"><v>99</v></c>"#, vec!["2 name imports.cell_unreadable"]),
        (r#"<c r="A2"><v>330106198803123990</v></c>"#, vec!["2 name imports.number_lost_digits"]),
        (r#"<c r="A2" t="inlineStr"><is><t>a&#1;b</t></is></c>"#, vec!["2 name imports.control_character"]),
        (r#"<c r="A2" t="inlineStr"><is><t>a&lt;b</t></is></c>"#, vec![]),
        (
            r#"<c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="D2"><v>1</v></c>"#,
            vec!["2 - imports.column_count"],
        ),
    ] {
        let lines = refused(&app, sheet(&format!("{cell}{branch}"))).await;
        assert_eq!(lines, found, "{cell}");
    }
    let long = format!(r#"<c r="A2" t="inlineStr"><is><t>{}</t></is></c>{branch}"#, "x".repeat(40_000));
    assert_eq!(refused(&app, sheet(&long)).await, ["2 name imports.text_too_long"]);
    app.finish().await;
}
